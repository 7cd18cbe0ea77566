//! Taking back behind a link from a mail: by a mail program with one click (RFC 8058), or by a person on a page.
//!
//! In scope: the act, and what the page shows. Out of scope: reading bodies (`http`).
//!
//! Invariant: from here one can only stop. A link that came with a mail may have been forwarded, so it neither gives consent
//! nor shows a receipt; whoever wants more gets their own link by mail.

use shared::Language;
use shared::ids::PurposeId;
use shared::receipt::{CollectionMethod, Ui};
use shared::refusal::Refusal;
use widget::model::{ManageNote, ManageView};

use super::Service;
use super::manage::{Deed, Managed, Request, Way, Whose};
use super::views::language_links;
use crate::links::{self, Stop};

impl Service {
    /// What a stop link is about.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`].
    pub fn to_stop(&self, token: &str) -> Result<Stop, Refusal> {
        links::read_stop_token(token, &self.keys.link)
    }

    /// Takes back one purpose, or everything. What does not stand is no error: then nothing is left to take back.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] for somebody who is erased, or as [`Service::act`].
    pub async fn stop(
        &self,
        stop: &Stop,
        purpose: Option<&PurposeId>,
        language: Option<Language>,
    ) -> Result<(), Refusal> {
        let deed = purpose.map_or(Deed::WithdrawAll, |purpose| Deed::Withdraw(purpose.clone()));
        let request = self.by_mail(stop, deed, language)?;
        match self.act(&request).await {
            Ok(_) | Err(Refusal::NothingToWithdraw) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }

    /// Objects to all advertising.
    ///
    /// # Errors
    ///
    /// As [`Service::act`].
    pub async fn object(&self, stop: &Stop, language: Option<Language>) -> Result<(), Refusal> {
        let request = self.by_mail(stop, Deed::Object, language)?;
        self.act(&request).await.map(drop)
    }

    fn by_mail(
        &self,
        stop: &Stop,
        deed: Deed,
        language: Option<Language>,
    ) -> Result<Request<'static>, Refusal> {
        let managed = self.managed_by(stop.organisation, &stop.subject)?;
        let last = managed.subject.receipts.last().map(|stored| stored.receipt.language);
        Ok(Request {
            whose: Whose { organisation: stop.organisation, subject: stop.subject },
            deed,
            nonce: None,
            offer: "",
            language: language.or(last).unwrap_or(Language::Nl),
            way: Way::by(CollectionMethod::Mail, Ui::Html),
        })
    }

    /// The page behind a stop link: what stands, each with its button; what the mail was about comes first.
    ///
    /// # Errors
    ///
    /// As [`Service::manage_view`].
    pub fn stop_view(
        &self,
        managed: &Managed,
        stop: &Stop,
        language: Language,
        note: Option<ManageNote>,
    ) -> Result<ManageView, Refusal> {
        let mut view = self.manage_view(managed, language, note)?;
        let url = self.stop_url(stop.organisation, &stop.subject, stop.purpose.as_ref());
        view.languages = language_links(&url, &managed.organisation.catalogue.languages);
        view.action = format!("{url}?lang={}", language.tag());
        let asked = stop.purpose.as_ref().map(PurposeId::as_str);
        view.purposes.sort_by_key(|purpose| Some(purpose.purpose.id.as_str()) != asked);
        view.purposes.iter_mut().for_each(|purpose| purpose.can_give = false);
        view.history.iter_mut().for_each(|line| line.receipt_url = None);
        view.bundle_url = None;
        view.can_mail_link =
            managed.subject.row.contact.is_some() && managed.subject.row.email_digest().is_some();
        Ok(view)
    }
}
