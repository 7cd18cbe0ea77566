//! Finding a person by the code on their counter slip.
//!
//! In scope: who may try how often, and whose code it is. Out of scope: the page it leads to (`manage`), the row (`crate::slips`).
//!
//! Invariant: a code is looked up only after it was counted as a try, and no log or error ever repeats one.

use shared::Language;
use shared::ids::{ReceiptId, SubjectId};
use shared::receipt::{CollectionMethod, Ui};
use shared::refusal::Refusal;
use shared::registered::{Registered, StaffLabel};
use shared::slip::SlipCode;

use widget::code::qr_view;
use widget::fill::{choice_view, controller_view, moment};
use widget::model::{SlipAskView, SlipView};

use super::manage::{Deed, Request, Way, Whose};
use super::slip_limit::Tries;
use super::views::language_links;
use super::{Service, refused, unavailable};
use crate::access::{self, Entry};
use crate::catalogue::Organisation;
use crate::records;
use crate::slips;

/// Who types a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// Somebody on the web, by the name of their network, where it is known.
    Web(Option<u64>),
    /// The organisation's own staff or program.
    Staff,
}

impl Service {
    /// The person whose slip has this code.
    ///
    /// # Errors
    ///
    /// [`Refusal::SlipUnknown`], [`Refusal::SlipTooMany`] when too many codes were tried, or [`Refusal::StoreUnavailable`].
    pub fn by_slip(
        &self,
        organisation: &Organisation,
        code: &SlipCode,
        typing: Typing,
    ) -> Result<SubjectId, Refusal> {
        let number = organisation.number;
        let tries = match typing {
            Typing::Web(network) => {
                network.map(Tries::Network).into_iter().chain([Tries::Web(number)]).collect()
            }
            Typing::Staff => vec![Tries::Staff(number)],
        };
        if !self.slip_limit.admits(&tries, Self::now()) {
            return Err(Refusal::SlipTooMany);
        }
        let snapshot = self.snapshot()?;
        let digest = slips::digest(code, number, &self.keys.index);
        let first = slips::find(snapshot.as_ref(), number, &digest).map_err(unavailable)?;
        let first = first.ok_or(Refusal::SlipUnknown)?;
        self.slip_limit.was_right(&tries);
        let found = records::find_numbered(snapshot.as_ref(), number, first).map_err(unavailable)?;
        found.map(|stored| stored.receipt.subject).ok_or(Refusal::StoreUnavailable)
    }

    /// Stops everything for the person whose slip has this code, because they asked staff. Recorded, whatever comes of it.
    ///
    /// # Errors
    ///
    /// As [`Service::by_slip`], [`Refusal::NothingToWithdraw`], or what the sequencer refuses.
    pub async fn stop_by_slip(
        &self,
        organisation: &Organisation,
        code: &SlipCode,
        by: &StaffLabel,
        who: &str,
    ) -> Result<ReceiptId, Refusal> {
        let subject = self.by_slip(organisation, code, Typing::Staff)?;
        let by = by.as_str().to_owned();
        let entry = Entry {
            at: Self::now().unix_seconds(),
            who: who.into(),
            deed: access::Deed::Stopped { by: by.clone() },
        };
        let number = organisation.number;
        access::add(self.engine.as_ref(), &self.sequencer, number, entry).await.map_err(refused)?;
        let managed = self.managed_by(number, &subject)?;
        let last = managed.subject.receipts.last().map(|stored| stored.receipt.language);
        let registered = Registered { by, claimed_at: None, scan: None };
        let request = Request {
            whose: Whose { organisation: number, subject },
            deed: Deed::WithdrawAll,
            nonce: None,
            offer: "",
            language: last.unwrap_or(Language::Nl),
            way: Way { registered: Some(&registered), ..Way::by(CollectionMethod::Staff, Ui::None) },
        };
        self.act(&request).await
    }

    /// Where the code of a slip is typed in.
    #[must_use]
    pub fn slip_url(&self, organisation: &Organisation) -> String {
        format!("{}/s/{}", self.base_url, organisation.catalogue.organisation)
    }

    /// The page that asks for a code.
    #[must_use]
    pub fn slip_ask_view(
        &self,
        organisation: &Organisation,
        language: Language,
        problem: Option<Refusal>,
    ) -> SlipAskView {
        let (url, tag) = (self.slip_url(organisation), language.tag());
        let name = &organisation.catalogue.organisation;
        SlipAskView {
            language,
            languages: language_links(&url, &organisation.catalogue.languages),
            controller: controller_view(&organisation.catalogue.controller),
            action: format!("{url}?lang={tag}"),
            lost_url: format!("{}/link/{name}?lang={tag}", self.base_url),
            problem: problem.map(|refusal| refusal.sentence(language).into()),
        }
    }

    /// The slip itself, to print once more: what was said at the counter, and the code.
    ///
    /// # Errors
    ///
    /// As [`Service::by_slip`].
    pub fn slip_view(
        &self,
        organisation: &Organisation,
        code: &SlipCode,
        typing: Typing,
        language: Language,
    ) -> Result<SlipView, Refusal> {
        let subject = self.by_slip(organisation, code, typing)?;
        let managed = self.managed_by(organisation.number, &subject)?;
        let receipt = &managed.subject.receipts.first().ok_or(Refusal::StoreUnavailable)?.receipt;
        let known = organisation.notice(&receipt.notice);
        let notice = known.map(|known| &known.notice);
        let choice = |decision| choice_view(notice, receipt.act, decision, language);
        let url = self.slip_url(organisation);
        let with_code = format!("{url}/{}", code.digits());
        Ok(SlipView {
            language,
            languages: language_links(&format!("{with_code}/slip"), &organisation.catalogue.languages),
            controller: controller_view(&organisation.catalogue.controller),
            place: None,
            at: moment(receipt.at, language),
            at_machine: receipt.at.to_string(),
            choices: receipt.decisions.iter().map(choice).collect(),
            code: code.groups().collect(),
            qr: qr_view(&with_code).ok_or(Refusal::StoreUnavailable)?,
            url,
            sent: true,
        })
    }

    /// Where a code leads: the page of its person.
    ///
    /// # Errors
    ///
    /// As [`Service::by_slip`].
    pub fn slip_leads_to(
        &self,
        organisation: &Organisation,
        code: &SlipCode,
        typing: Typing,
    ) -> Result<String, Refusal> {
        let subject = self.by_slip(organisation, code, typing)?;
        Ok(self.manage_url(organisation.number, &subject))
    }
}
