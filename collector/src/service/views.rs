//! From notices and receipts to what pages show.
//!
//! In scope: filling the widget's models. Out of scope: drawing them (`widget`).
//!
//! Invariant: every word about a purpose comes from the notice that was or is shown.

use qrcodegen::{QrCode, QrCodeEcc};
use shared::Language;
use shared::ids::PurposeId;
use shared::lifecycle::ConsentState;
use shared::notice::{Controller, Notice, NoticePurpose};
use shared::receipt::{Act, Decided as ReceiptDecided, Receipt};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use widget::model::{
    ActView, BoxView, ChoiceView, ControllerView, Decided, DetailView, FormView, HistoryView, LanguageLink,
    ManageNote, ManageView, NoticeView, PurposeView, ReceiptView, SectionView, Standing, StandingView, Typed,
    WordingView,
};
use widget::ssr::{BundleLinks, PageAssets};

use super::manage::{Managed, last_shown};
use super::{Service, Shown, fresh_nonce};
use crate::assets::Assets;
use crate::records::StoredReceipt;

impl Service {
    /// Where pages find their styles and script.
    #[must_use]
    pub fn page_assets(&self) -> PageAssets {
        let manifest = &self.assets.manifest;
        PageAssets {
            form_css: Assets::path(&manifest.form_css),
            page_css: Assets::path(&manifest.page_css),
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
        let view = FormView {
            form: shown.form.to_string(),
            offer: self.offer(shown)?,
            language: notice.language,
            title: notice.title.clone(),
            intro: notice.intro.clone(),
            purposes: notice.purposes.iter().map(purpose_view).collect(),
            controller: controller_line(&notice.controller),
            withdrawal: notice.withdrawal.clone(),
            languages: language_links(&action, &languages),
            problem: None,
            typed: Typed::default(),
            action,
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
        let notice = &known.notice;
        let url = self.receipt_url(organisation.number, &receipt.receipt);
        let manage_url = self.manage_url(organisation.number, &receipt.subject);
        let choice = |decision: &shared::receipt::Decision| ChoiceView {
            title: title(notice, &decision.purpose),
            decided: decided(decision.decided),
            until: decision.until.map(|until| day(until, language)),
        };
        Ok(ReceiptView {
            language,
            languages: language_links(&url, &organisation.catalogue.languages),
            act: match receipt.act {
                Act::Choices => ActView::Choices,
                Act::Withdrawal => ActView::Withdrawal,
                Act::Expiry => ActView::Expiry,
            },
            choices: receipt.decisions.iter().map(choice).collect(),
            at: moment(receipt.at, language),
            at_machine: receipt.at.to_string(),
            controller: controller_view(&notice.controller),
            number: receipt.receipt.to_string(),
            issuer: receipt.iss.clone(),
            notice_hash: receipt.notice.to_string(),
            wording: wording(notice, receipt),
            qr_svg: qr_svg(&manage_url),
            manage_url,
            jws_url: format!("{url}.jws"),
            proof_url: format!("{url}.tlog-proof"),
            log_url: format!("{}/log/{}?lang={}", self.base_url, receipt.organisation, language.tag()),
            json_url: format!("{url}.json"),
            jsonld_url: format!("{url}.jsonld"),
            kantara_url: format!("{url}.kantara.json"),
            bundle_url: format!("{url}.bundle"),
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
            Ok(notice) => Shown { organisation: managed.organisation.clone(), notice: notice.clone(), form },
            Err(_) => last_shown(managed)?,
        };
        let notice = &shown.notice.notice;
        let url = self.manage_url(managed.organisation.number, &managed.id);
        let standing = |purpose: &NoticePurpose| self.standing(managed, &shown, purpose, language);
        let mut purposes: Vec<StandingView> = notice.purposes.iter().map(standing).collect();
        purposes.extend(left_behind(managed, notice, language));
        Ok(ManageView {
            language,
            languages: language_links(&url, &managed.organisation.catalogue.languages),
            controller: controller_view(&managed.organisation.catalogue.controller),
            // What is done here is answered in the language that is read here.
            action: format!("{url}?lang={}", language.tag()),
            nonce: fresh_nonce()?.to_string(),
            offer: self.offer(&shown)?,
            purposes,
            withdrawal: notice.withdrawal.clone(),
            history: self.history(managed, language),
            bundle_url: format!("{url}.bundle"),
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
            Some(ConsentState::Refused) => (Standing::Refused, None),
            Some(ConsentState::Withdrawn) => (Standing::Withdrawn, None),
            Some(ConsentState::Expired) => (Standing::Expired, None),
            None => (Standing::Open, None),
        };
        StandingView {
            purpose: purpose_view(purpose),
            standing,
            since: consent.map(|consent| day(Timestamp::from_unix_seconds(consent.since), language)),
            until: until.map(|until| day(Timestamp::from_unix_seconds(until), language)),
            can_give: self.cannot_give(managed, shown, &purpose.purpose.id).is_none(),
        }
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
        use ReceiptDecided::{Expired, Given, NotGiven, Withdrawn};
        let all = [Given, NotGiven, Withdrawn, Expired];
        let lines = all.into_iter().map(|of| (of, titles(of))).filter(|(_, titles)| !titles.is_empty());
        lines
            .map(|(of, titles)| HistoryView {
                at: moment(receipt.at, language),
                decided: decided(of),
                titles,
                receipt_url: Some(self.receipt_url(managed.organisation.number, &receipt.receipt)),
            })
            .collect()
    }
}

/// Consents that stand for purposes which today's form no longer asks: they can still be taken back.
fn left_behind(managed: &Managed, today: &Notice, language: Language) -> Vec<StandingView> {
    let consents = managed.subject.consents();
    let gone =
        consents.0.iter().filter(|consent| consent.is_given() && today.purpose(&consent.purpose).is_none());
    let view = |consent: &shared::lifecycle::Consent| {
        let of = managed.subject.receipts.iter().rev();
        let known = of.filter_map(|stored| managed.organisation.notice(&stored.receipt.notice));
        let shown = known.filter_map(|known| known.notice.purpose(&consent.purpose)).next()?;
        Some(StandingView {
            purpose: purpose_view(shown),
            standing: Standing::Given,
            since: Some(day(Timestamp::from_unix_seconds(consent.since), language)),
            until: None,
            can_give: false,
        })
    };
    gone.filter_map(view).collect()
}

fn purpose_view(shown: &NoticePurpose) -> PurposeView {
    let detail = |detail: &shared::notice::Detail| DetailView {
        label: detail.label.clone(),
        value: detail.value.clone(),
    };
    PurposeView {
        id: shown.purpose.id.to_string(),
        title: shown.title.clone(),
        text: shown.text.clone(),
        details: shown.details.iter().map(detail).collect(),
        needs: shown.purpose.terms.needs.clone(),
    }
}

fn sections(notice: &Notice) -> Vec<SectionView> {
    let section = |section: &shared::notice::Section| SectionView {
        heading: section.heading.clone(),
        paragraphs: section.paragraphs.clone(),
    };
    notice.sections.iter().map(section).collect()
}

fn wording(notice: &Notice, receipt: &Receipt) -> WordingView {
    let shown = |shown: &NoticePurpose| {
        let decision = receipt.decisions.iter().find(|decision| decision.purpose == shown.purpose.id);
        let decision = decision.filter(|_| receipt.act == Act::Choices);
        let ticked = decision.map(|decision| decision.decided == ReceiptDecided::Given);
        BoxView { purpose: purpose_view(shown), ticked }
    };
    WordingView {
        title: notice.title.clone(),
        intro: notice.intro.clone(),
        boxes: notice.purposes.iter().map(shown).collect(),
        withdrawal: notice.withdrawal.clone(),
        sections: sections(notice),
        language: notice.language,
    }
}

fn controller_line(controller: &Controller) -> String {
    format!("{}, {}, {}", controller.name, controller.address, controller.email)
}

pub(super) fn controller_view(controller: &Controller) -> ControllerView {
    let optional = [&controller.phone, &controller.register].into_iter().flatten().cloned();
    let lines = [controller.address.clone(), controller.email.clone()].into_iter().chain(optional).collect();
    ControllerView { name: controller.name.clone(), lines }
}

pub(super) fn language_links(url: &str, languages: &[Language]) -> Vec<LanguageLink> {
    let link = |language: &Language| LanguageLink {
        code: language.tag().into(),
        label: language.own_name().into(),
        url: format!("{url}?lang={}", language.tag()),
    };
    languages.iter().map(link).collect()
}

fn title(notice: &Notice, purpose: &PurposeId) -> String {
    notice.purpose(purpose).map_or_else(|| purpose.to_string(), |shown| shown.title.clone())
}

fn decided(decided: ReceiptDecided) -> Decided {
    match decided {
        ReceiptDecided::Given => Decided::Given,
        ReceiptDecided::NotGiven => Decided::NotGiven,
        ReceiptDecided::Withdrawn => Decided::Withdrawn,
        ReceiptDecided::Expired => Decided::Expired,
    }
}

const MONTHS_NL: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day as people write it: 23 november 2026.
fn day(at: Timestamp, language: Language) -> String {
    let (year, month, day) = at.date();
    let months = match language {
        Language::Nl => MONTHS_NL,
        Language::En => MONTHS_EN,
    };
    format!("{day} {} {year}", months[usize::from(month - 1) % 12])
}

/// A day with its time, in UTC: the collector does not know where the person is.
pub(super) fn moment(at: Timestamp, language: Language) -> String {
    let text = at.to_string();
    format!("{}, {} UTC", day(at, language), &text[11..16])
}

/// A text as a QR code: one path, dark on light, with the quiet zone of four modules.
pub(super) fn qr_svg(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let size = code.size();
    let dark =
        (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    let path: String = dark.map(|(x, y)| format!("M{},{}h1v1h-1z", x + 4, y + 4)).collect();
    let side = size + 8;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_as_people_write_them() {
        let at = Timestamp::parse("2026-11-03T09:05:00Z").unwrap();
        assert_eq!(day(at, Language::Nl), "3 november 2026");
        assert_eq!(moment(at, Language::En), "3 November 2026, 09:05 UTC");
    }
}
