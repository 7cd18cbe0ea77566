//! From receipts and notices to views: the same words in the collector and in the verifier.
//!
//! In scope: what a receipt says, the exact wording, dates as people write them. Out of scope: links (collector), what was
//! found when somebody checked it (`shared::bundle`).
//!
//! Invariant: every sentence about a purpose comes from the notice that was or is shown.

use shared::Language;
use shared::ids::PurposeId;
use shared::notice::{Controller, Detail, Notice, NoticePurpose, Section};
use shared::receipt::{Act, CollectionMethod, Decided as ReceiptDecided, Decision, Receipt};
use shared::time::Timestamp;

use crate::model::{
    ActView, AtKioskView, BoxView, ChoiceView, ControllerView, Decided, DetailView, FormView, ImportedView,
    PurposeView, ReceiptBody, RegisteredView, RegisteredWay, SectionView, SoldView, Typed, Was, WordingView,
};

/// What a receipt says, in the words of its notice. Without the notice, purposes have their names only.
#[must_use]
pub fn receipt_body(receipt: &Receipt, notice: Option<&Notice>, language: Language) -> ReceiptBody {
    ReceiptBody {
        act: match receipt.act {
            Act::Choices => ActView::Choices,
            Act::Confirmation => ActView::Confirmation,
            Act::Withdrawal => ActView::Withdrawal,
            Act::Expiry => ActView::Expiry,
            Act::Import => ActView::Import,
            Act::Objection => ActView::Objection,
            Act::Sale => ActView::Sale,
        },
        choices: receipt
            .decisions
            .iter()
            .map(|one| choice_view(notice, receipt.act, one, language))
            .collect(),
        imported: imported_view(receipt, language),
        registered: registered_view(receipt, language),
        kiosk: receipt
            .kiosk
            .as_ref()
            .map(|kiosk| AtKioskView { clock: moment(kiosk.at, language), staff: kiosk.staff.clone() }),
        sold: sold_view(receipt, notice, language),
        at: moment(receipt.at, language),
        at_machine: receipt.at.to_string(),
        controller: notice.map_or_else(
            || ControllerView { name: receipt.controller.clone(), lines: Vec::new() },
            |notice| controller_view(&notice.controller),
        ),
        number: receipt.receipt.to_string(),
        issuer: receipt.iss.clone(),
        notice_hash: receipt.notice.to_string(),
        wording: notice.map(|notice| wording(notice, receipt)),
    }
}

/// Where a receipt of an imported list comes from. Its words are elsewhere.
#[must_use]
pub fn imported_view(receipt: &Receipt, language: Language) -> Option<ImportedView> {
    let imported = receipt.imported.as_ref()?;
    Some(ImportedView {
        source: imported.source.clone(),
        taken: day(receipt.at, language),
        claimed: imported.claimed_at.map(|at| day(at, language)),
        reference: imported.reference.clone(),
        file: imported.file.to_string(),
        words_hash: imported.wording.map(|words| words.to_string()),
        words: None,
    })
}

/// What staff wrote down for the person of a receipt.
#[must_use]
pub fn registered_view(receipt: &Receipt, language: Language) -> Option<RegisteredView> {
    let registered = receipt.registered.as_ref()?;
    Some(RegisteredView {
        way: match receipt.method {
            CollectionMethod::Paper => RegisteredWay::Paper,
            CollectionMethod::Voice => RegisteredWay::Voice,
            _ => RegisteredWay::Staff,
        },
        by: registered.by.clone(),
        claimed: registered.claimed_at.map(|at| day(at, language)),
        scan: registered.scan.map(|scan| scan.to_string()),
    })
}

/// What was bought, on the receipt of a sale.
fn sold_view(receipt: &Receipt, notice: Option<&Notice>, language: Language) -> Option<SoldView> {
    let sold = receipt.sold.as_ref()?;
    let purpose = receipt.decisions.first().map(|decision| &decision.purpose);
    let told = notice.zip(purpose).and_then(|(notice, purpose)| notice.customer_use(purpose));
    Some(SoldView {
        products: told.map(|told| told.products.clone()),
        sold: day(sold.sold_at, language),
        sale: sold.sale.clone(),
    })
}

/// A decision as pages and letters show it.
#[must_use]
pub fn choice_view(notice: Option<&Notice>, act: Act, decision: &Decision, language: Language) -> ChoiceView {
    ChoiceView {
        title: notice.map_or_else(|| decision.purpose.to_string(), |notice| title(notice, &decision.purpose)),
        decided: decided(act, decision.decided),
        until: decision.until.map(|until| day(until, language)),
    }
}

/// One box.
#[must_use]
pub fn purpose_view(shown: &NoticePurpose) -> PurposeView {
    let detail = |detail: &Detail| DetailView { label: detail.label.clone(), value: detail.value.clone() };
    PurposeView {
        id: shown.purpose.id.to_string(),
        title: shown.title.clone(),
        text: shown.text.clone(),
        details: shown.details.iter().map(detail).collect(),
        needs: shown.purpose.terms.needs.clone(),
    }
}

/// A form's words from its notice; where it is sent, its offer and other languages are still to be filled in.
#[must_use]
pub fn form_view(notice: &Notice) -> FormView {
    FormView {
        form: format!("{}/{}", notice.organisation, notice.form),
        action: String::new(),
        offer: String::new(),
        language: notice.language,
        title: notice.title.clone(),
        intro: notice.intro.clone(),
        purposes: notice.purposes.iter().map(purpose_view).collect(),
        controller: controller_line(&notice.controller),
        withdrawal: notice.withdrawal.clone(),
        languages: Vec::new(),
        problem: None,
        shared_screen: false,
        typed: Typed::default(),
    }
}

/// Who asks, on one line (Art. 13(1)(a)).
fn controller_line(controller: &Controller) -> String {
    format!("{}, {}, {}", controller.name, controller.address, controller.email)
}

/// The privacy text.
#[must_use]
pub fn sections(notice: &Notice) -> Vec<SectionView> {
    let section = |section: &Section| SectionView {
        heading: section.heading.clone(),
        paragraphs: section.paragraphs.clone(),
    };
    notice.sections.iter().map(section).collect()
}

fn wording(notice: &Notice, receipt: &Receipt) -> WordingView {
    let shown = |shown: &NoticePurpose| {
        let decision = receipt.decisions.iter().find(|decision| decision.purpose == shown.purpose.id);
        let decision = decision.filter(|_| receipt.act == Act::Choices);
        let is_tick = |decided| matches!(decided, ReceiptDecided::Given | ReceiptDecided::Requested);
        let ticked = decision.map(|decision| is_tick(decision.decided));
        BoxView { purpose: purpose_view(shown), ticked }
    };
    WordingView {
        title: notice.title.clone(),
        intro: notice.intro.clone(),
        boxes: notice.purposes.iter().map(shown).collect(),
        withdrawal: notice.withdrawal.clone(),
        sections: sections(notice),
        language: notice.language,
        was: match (receipt.act, receipt.method) {
            (Act::Import | Act::Sale, _) => Was::Later,
            (_, CollectionMethod::Voice) => Was::Read,
            _ => Was::Seen,
        },
    }
}

/// Who asked.
#[must_use]
pub fn controller_view(controller: &Controller) -> ControllerView {
    let optional = [&controller.phone, &controller.register].into_iter().flatten().cloned();
    let lines = [controller.address.clone(), controller.email.clone()].into_iter().chain(optional).collect();
    ControllerView { name: controller.name.clone(), lines }
}

/// The label of a purpose's box, or its name where the notice has no such box.
#[must_use]
pub fn title(notice: &Notice, purpose: &PurposeId) -> String {
    notice.words_of(purpose).map_or_else(|| purpose.to_string(), |shown| shown.title.clone())
}

/// What was decided.
#[must_use]
pub const fn decided(act: Act, decided: ReceiptDecided) -> Decided {
    match decided {
        ReceiptDecided::Given if matches!(act, Act::Import) => Decided::Imported,
        ReceiptDecided::Given => Decided::Given,
        ReceiptDecided::NotGiven => Decided::NotGiven,
        ReceiptDecided::Requested => Decided::Requested,
        ReceiptDecided::Lapsed => Decided::Lapsed,
        ReceiptDecided::Withdrawn | ReceiptDecided::Objected => Decided::Withdrawn,
        ReceiptDecided::Expired | ReceiptDecided::Ended => Decided::Expired,
        ReceiptDecided::NotObjected => Decided::Customer,
        ReceiptDecided::Unproven => Decided::Unproven,
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

const MONTHS_AR: [&str; 12] = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];

/// A day as people write it: 23 november 2026.
#[must_use]
pub fn day(at: Timestamp, language: Language) -> String {
    let (year, month, day) = at.date();
    let months = match language {
        Language::Nl => MONTHS_NL,
        Language::En => MONTHS_EN,
        Language::Ar => MONTHS_AR,
    };
    format!("{day} {} {year}", months[usize::from(month - 1) % 12])
}

/// A day with its time, without a zone: 23 november 2026, 14:02.
#[must_use]
pub fn clock(at: Timestamp, language: Language) -> String {
    let comma = if language == Language::Ar { "،" } else { "," };
    format!("{}{comma} {}", day(at, language), &at.to_string()[11..16])
}

/// A day with its time, in UTC: nobody here knows where the person is.
#[must_use]
pub fn moment(at: Timestamp, language: Language) -> String {
    format!("{} UTC", clock(at, language))
}

/// A number as people write it: 12.345 in Dutch, 12,345 in English, and in Arabic with the same digits, as in the Maghreb and
/// on every Dutch screen.
#[must_use]
pub fn number(number: u64, language: Language) -> String {
    let mark = match language {
        Language::Nl => '.',
        Language::En | Language::Ar => ',',
    };
    let digits = number.to_string();
    let grouped = digits.chars().enumerate().flat_map(|(at, digit)| {
        let starts_a_group = at > 0 && (digits.len() - at).is_multiple_of(3);
        starts_a_group.then_some(mark).into_iter().chain([digit])
    });
    grouped.collect()
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

    #[test]
    fn numbers_read_as_people_write_them() {
        for (plain, shown) in [(0, "0"), (999, "999"), (1_000, "1.000"), (1_234_567, "1.234.567")] {
            assert_eq!(number(plain, Language::Nl), shown);
        }
        assert_eq!(number(12_345, Language::En), "12,345");
    }
}
