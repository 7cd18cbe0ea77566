//! From notices and receipts to what pages show.
//!
//! In scope: filling the widget's models where links, offers or the store come in. Out of scope: what a receipt says
//! (`widget::fill`), drawing (`widget`).
//!
//! Invariant: every word about a purpose comes from the notice that was or is shown.

use shared::Language;
use shared::lifecycle::ConsentState;
use shared::notice::{CustomerUse, Notice, NoticePurpose};
use shared::receipt::{Act, Decided as ReceiptDecided, Receipt};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use widget::fill::{self, day, decided, form_view, moment, purpose_view, sections, title};
use widget::model::{
    Decided, FormView, HistoryView, ImportedView, LanguageLink, ManageNote, ManageView, NoticeView,
    ReceiptBody, ReceiptView, Standing, StandingView,
};
use widget::ssr::{BundleLinks, PageAssets};
use widget::text::RightsText;

use super::code::qr_svg;
use super::manage::{Managed, last_shown};
use super::{Service, Shown, fresh_nonce};
use crate::assets::Assets;
use crate::records::StoredReceipt;
use crate::wordings;

impl Service {
    /// Where pages find their styles and script.
    #[must_use]
    pub fn page_assets(&self) -> PageAssets {
        let manifest = &self.assets.manifest;
        PageAssets {
            styles: vec![Assets::path(&manifest.page_css), Assets::path(&manifest.form_css)],
            script: Some(Assets::path(&manifest.page)),
            icon: Some(Assets::path(&manifest.icon)),
        }
    }

    /// Where a form finds its WASM.
    #[must_use]
    pub fn bundle_links(&self, shown: &Shown) -> BundleLinks {
        let absolute = |name: &str| format!("{}{}", self.base_url, Assets::path(name));
        BundleLinks {
            glue: absolute(&self.assets.manifest.glue),
            wasm: absolute(&self.assets.manifest.wasm),
            build: self.assets.manifest.build.clone(),
            notice: shown.notice.hash.to_string(),
        }
    }

    /// A form with a fresh offer.
    ///
    /// # Errors
    ///
    /// As [`Service::offer`].
    pub fn form_view(&self, shown: &Shown) -> Result<(FormView, NoticeView), Refusal> {
        let notice = &shown.notice.notice;
        let action = format!("{}/f/{}", self.base_url, shown.form);
        let languages = shown.organisation.catalogue.languages.clone();
        let here = match &shown.ticket {
            Some(ticket) => self.ticket_url(&shown.form.organisation, ticket),
            None => action.clone(),
        };
        let view = FormView {
            form: shown.form.to_string(),
            offer: self.offer(shown)?,
            languages: language_links(&here, &languages),
            action,
            ..form_view(notice)
        };
        Ok((view, NoticeView { sections: sections(notice) }))
    }

    /// The page of a receipt.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] when its wording is gone.
    pub fn receipt_view(
        &self,
        organisation: &crate::catalogue::Organisation,
        stored: &StoredReceipt,
        language: Language,
    ) -> Result<ReceiptView, Refusal> {
        let receipt = &stored.receipt;
        let known = organisation.notice(&receipt.notice).ok_or(Refusal::LinkUnknown)?;
        let url = self.receipt_url(organisation.number, &receipt.receipt);
        let manage_url = self.manage_url(organisation.number, &receipt.subject);
        Ok(ReceiptView {
            language,
            languages: language_links(&url, &organisation.catalogue.languages),
            body: self.with_words(
                organisation.number,
                receipt,
                fill::receipt_body(receipt, Some(&known.notice), language),
            ),
            qr_svg: qr_svg(&manage_url),
            manage_url,
            jws_url: format!("{url}.jws"),
            proof_url: format!("{url}.tlog-proof"),
            log_url: format!("{}/log/{}?lang={}", self.base_url, receipt.organisation, language.tag()),
            json_url: format!("{url}.json"),
            jsonld_url: format!("{url}.jsonld"),
            kantara_url: format!("{url}.kantara.json"),
            bundle_url: format!("{url}.bundle"),
            verify_url: self.verify_url(language),
        })
    }

    /// The page where consent can be taken back.
    ///
    /// # Errors
    ///
    /// As [`Service::offer`], or [`Refusal::LinkUnknown`] when the form is gone.
    pub fn manage_view(
        &self,
        managed: &Managed,
        language: Language,
        note: Option<ManageNote>,
    ) -> Result<ManageView, Refusal> {
        let form = managed.form().ok_or(Refusal::LinkUnknown)?;
        // A form that is gone leaves its people with what they last saw: taking back always works.
        let shown = match managed.organisation.current(&form.form, language) {
            Ok(notice) => Shown {
                organisation: managed.organisation.clone(),
                notice: notice.clone(),
                form,
                ticket: None,
            },
            Err(_) => last_shown(managed)?,
        };
        let notice = &shown.notice.notice;
        let url = self.manage_url(managed.organisation.number, &managed.id);
        let standing = |purpose: &NoticePurpose| self.standing(managed, &shown, purpose, language);
        let mut purposes: Vec<StandingView> = notice.purposes.iter().map(standing).collect();
        purposes.extend(
            notice.customers.iter().filter_map(|told| self.customer(managed, &shown, told, language)),
        );
        purposes.extend(left_behind(managed, notice, language));
        Ok(ManageView {
            language,
            languages: language_links(&url, &managed.organisation.catalogue.languages),
            controller: fill::controller_view(&managed.organisation.catalogue.controller),
            // What is done here is answered in the language that is read here.
            action: format!("{url}?lang={}", language.tag()),
            nonce: fresh_nonce()?.to_string(),
            offer: self.offer(&shown)?,
            purposes,
            withdrawal: notice.withdrawal.clone(),
            history: self.history(managed, language),
            customer: managed.subject.receipts.iter().any(|stored| stored.receipt.act == Act::Sale),
            imported: self.imported(managed, language),
            registered: managed
                .subject
                .receipts
                .first()
                .and_then(|first| fill::registered_view(&first.receipt, language)),
            objecting: self.objecting(managed)?,
            bundle_url: Some(format!("{url}.bundle")),
            verify_url: self.verify_url(language),
            can_mail_link: false,
            note,
        })
    }

    fn standing(
        &self,
        managed: &Managed,
        shown: &Shown,
        purpose: &NoticePurpose,
        language: Language,
    ) -> StandingView {
        let consents = managed.subject.consents();
        let consent = consents.get(&purpose.purpose.id);
        let now = Self::now().unix_seconds();
        let (standing, until) = match consent.map(|consent| consent.state) {
            Some(ConsentState::Given { until }) if until <= now => (Standing::Expired, Some(until)),
            Some(ConsentState::Given { until }) => (Standing::Given, Some(until)),
            Some(ConsentState::Requested { until }) if until <= now => (Standing::Lapsed, None),
            Some(ConsentState::Requested { until }) => (Standing::Requested, Some(until)),
            Some(ConsentState::Lapsed) => (Standing::Lapsed, None),
            Some(ConsentState::Refused) => (Standing::Refused, None),
            Some(ConsentState::Withdrawn) => (Standing::Withdrawn, None),
            Some(ConsentState::Expired) => (Standing::Expired, None),
            Some(ConsentState::Unproven) => (Standing::Unproven, None),
            Some(ConsentState::SoftOptIn { until }) if until <= now => (Standing::Expired, Some(until)),
            Some(ConsentState::SoftOptIn { until }) => (Standing::Customer, Some(until)),
            None => (Standing::Open, None),
        };
        StandingView {
            purpose: purpose_view(purpose),
            standing,
            since: consent.map(|consent| day(Timestamp::from_unix_seconds(consent.since), language)),
            until: until.map(|until| day(Timestamp::from_unix_seconds(until), language)),
            why: None,
            can_give: self.cannot_give(managed, shown, &purpose.purpose.id).is_none(),
        }
    }

    /// What a customer is sent, and why; nothing for who is none. It is no box, so it cannot be given again.
    fn customer(
        &self,
        managed: &Managed,
        shown: &Shown,
        told: &CustomerUse,
        language: Language,
    ) -> Option<StandingView> {
        managed.subject.consents().get(&told.shown.purpose.id)?;
        let view = self.standing(managed, shown, &told.shown, language);
        let why = (view.standing == Standing::Customer).then(|| why(told, language));
        Some(StandingView { why, can_give: false, ..view })
    }

    /// Where the data of a person on an imported list comes from (Art. 14).
    fn imported(&self, managed: &Managed, language: Language) -> Option<ImportedView> {
        let receipt = &managed.subject.receipts.first()?.receipt;
        let mut view = fill::imported_view(receipt, language)?;
        view.words = self.words(managed.organisation.number, receipt);
        Some(view)
    }

    fn with_words(&self, organisation: u32, receipt: &Receipt, mut body: ReceiptBody) -> ReceiptBody {
        if let Some(imported) = &mut body.imported {
            imported.words = self.words(organisation, receipt);
        }
        body
    }

    fn words(&self, organisation: u32, receipt: &Receipt) -> Option<String> {
        let hash = receipt.imported.as_ref()?.wording?;
        wordings::read(self.snapshot().ok()?.as_ref(), organisation, &hash).ok()?
    }

    fn history(&self, managed: &Managed, language: Language) -> Vec<HistoryView> {
        managed
            .subject
            .receipts
            .iter()
            .rev()
            .flat_map(|stored| self.history_of(managed, stored, language))
            .collect()
    }

    fn history_of(&self, managed: &Managed, stored: &StoredReceipt, language: Language) -> Vec<HistoryView> {
        let receipt = &stored.receipt;
        let known = managed.organisation.notice(&receipt.notice);
        let titles = |of: ReceiptDecided| -> Vec<String> {
            let with = receipt.decisions.iter().filter(|decision| decision.decided == of);
            with.map(|decision| {
                known.map_or_else(
                    || decision.purpose.to_string(),
                    |known| title(&known.notice, &decision.purpose),
                )
            })
            .collect()
        };
        use ReceiptDecided::{
            Ended, Expired, Given, Lapsed, NotGiven, NotObjected, Objected, Requested, Unproven, Withdrawn,
        };
        let all =
            [Given, Requested, NotGiven, Lapsed, Withdrawn, Expired, Unproven, NotObjected, Objected, Ended];
        let objected = (receipt.act == Act::Objection).then(|| HistoryView {
            at: moment(receipt.at, language),
            decided: Decided::Objected,
            titles: Vec::new(),
            registered: fill::registered_view(receipt, language),
            receipt_url: Some(self.receipt_url(managed.organisation.number, &receipt.receipt)),
        });
        let lines = all.into_iter().map(|of| (of, titles(of))).filter(|(_, titles)| !titles.is_empty());
        lines
            .map(|(of, titles)| HistoryView {
                at: moment(receipt.at, language),
                decided: decided(receipt.act, of),
                titles,
                registered: fill::registered_view(receipt, language),
                receipt_url: Some(self.receipt_url(managed.organisation.number, &receipt.receipt)),
            })
            .chain(objected)
            .collect()
    }
}

/// Consents that stand for purposes which today's form no longer asks: they can still be taken back.
fn left_behind(managed: &Managed, today: &Notice, language: Language) -> Vec<StandingView> {
    let consents = managed.subject.consents();
    let gone =
        consents.0.iter().filter(|consent| consent.is_open() && today.words_of(&consent.purpose).is_none());
    let view = |consent: &shared::lifecycle::Consent| {
        let of = managed.subject.receipts.iter().rev();
        let known = of.filter_map(|stored| managed.organisation.notice(&stored.receipt.notice));
        let (known, shown) =
            known.filter_map(|known| Some((known, known.notice.words_of(&consent.purpose)?))).next()?;
        let told = known.notice.customer_use(&consent.purpose).filter(|_| consent.is_soft_opt_in());
        Some(StandingView {
            purpose: purpose_view(shown),
            standing: match consent.state {
                ConsentState::SoftOptIn { .. } => Standing::Customer,
                ConsentState::Given { .. } => Standing::Given,
                _ => Standing::Requested,
            },
            why: told.map(|told| why(told, language)),
            since: Some(day(Timestamp::from_unix_seconds(consent.since), language)),
            until: None,
            can_give: false,
        })
    };
    gone.filter_map(view).collect()
}

/// Why a customer may be sent messages, in plain words.
fn why(told: &CustomerUse, language: Language) -> String {
    RightsText::WhyCustomer.in_language(language).replace("{}", &told.products)
}

pub(super) fn language_links(url: &str, languages: &[Language]) -> Vec<LanguageLink> {
    let link = |language: &Language| LanguageLink {
        code: language.tag().into(),
        label: language.own_name().into(),
        url: format!("{url}?lang={}", language.tag()),
    };
    languages.iter().map(link).collect()
}
