//! From what was given and found to what is shown.
//!
//! Invariant: sentences about evidence are those of `shared::bundle`, the same that `vinkje verify bundle` prints.

use std::collections::HashMap;

use shared::Language;
use shared::bundle::{Checked, FailedLine, Fault, Outcome, Report, Summary, Verdict};
use shared::ids::NoticeHash;
use shared::notice::Notice;
use shared::receipt::Receipt;
use widget::fill::receipt_body;
use widget::model::{CheckedView, Found, FoundView, GivenView, ReceiptBody, StepView};
use widget::text::VerifyText;

use crate::given::Given;
use crate::session::{Item, Judged};

/// Receipts that are shown before somebody asks for all: drawing thousands with their wordings takes seconds.
pub const RECEIPTS_SHOWN: usize = 20;

/// What is shown. `all`: every receipt; `site`: the origin of the page, where it has one.
#[must_use]
pub fn checked(items: &[Item], judged: &Judged, language: Language, all: bool, site: &str) -> CheckedView {
    let given = items.iter().map(|item| given_view(item, language, site)).collect();
    let (found, receipts, receipt_count) = match judged {
        Judged::Nothing => (None, Vec::new(), 0),
        Judged::Whole(report) => {
            let says = matches!(report.verdict(), Verdict::Holds | Verdict::HoldsByItsOwnKeys);
            let receipts = if says { report.receipts.as_slice() } else { &[] };
            let shown = if all { receipts.len() } else { receipts.len().min(RECEIPTS_SHOWN) };
            let bodies = bodies(&receipts[..shown], report, language);
            (Some(of_report(report, None, language)), bodies, receipts.len())
        }
        Judged::Lines(Ok(summary)) => (Some(of_summary(summary, language)), Vec::new(), 0),
        Judged::Lines(Err(failed)) => (Some(of_line(failed, language)), Vec::new(), 0),
    };
    CheckedView { language, given, found, receipts, receipt_count }
}

fn given_view(item: &Item, language: Language, site: &str) -> GivenView {
    let kind = match &item.given {
        Given::Bundle(_) | Given::TooLong => VerifyText::IsBundle,
        Given::Lines => VerifyText::IsLines,
        Given::Receipt(_) => VerifyText::IsReceipt,
        Given::Keys(_) => VerifyText::IsKeys,
        Given::LogKey(_) => VerifyText::IsLogKey,
        Given::Kept(_) => VerifyText::IsKept,
        Given::Witness(_) => VerifyText::IsWitness,
        Given::Link(_) => VerifyText::IsLink,
        Given::Unknown(_) | Given::OtherCode => VerifyText::IsUnknown,
    };
    // A link out of a picture may lead anywhere; only one to this very website is a link here too.
    let link = match &item.given {
        Given::Link(link) if leads_to(link, site) => Some(link.clone()),
        _ => None,
    };
    let is_link = matches!(item.given, Given::Link(_));
    GivenView { name: item.name.clone(), kind: kind.in_language(language), link, is_link }
}

fn leads_to(link: &str, site: &str) -> bool {
    let path = link.strip_prefix(site).filter(|_| site.starts_with("http"));
    path.is_some_and(|path| path.starts_with("/r/") || path.starts_with("/m/"))
}

fn bodies(receipts: &[Receipt], report: &Report, language: Language) -> Vec<ReceiptBody> {
    let by_hash: HashMap<NoticeHash, &Notice> =
        report.notices.iter().map(|notice| (notice.canonical().1, notice)).collect();
    let words = |hash| report.wordings.iter().find(|words| NoticeHash::of(words.as_bytes()) == hash).cloned();
    let body = |receipt: &Receipt| {
        let mut body = receipt_body(receipt, by_hash.get(&receipt.notice).copied(), language);
        if let (Some(view), Some(imported)) = (&mut body.imported, &receipt.imported) {
            view.words = imported.wording.and_then(words);
        }
        body
    };
    receipts.iter().map(body).collect()
}

fn of_report(report: &Report, more: Option<String>, language: Language) -> FoundView {
    let verdict = report.verdict();
    // The first step that fails is the answer to the first question that follows.
    let why = report.steps.iter().find(|checked| matches!(checked.outcome, Outcome::Fails(..)));
    let more = more.or_else(|| why.map(|checked| checked.sentence(report, language)));
    FoundView {
        found: match verdict {
            Verdict::Holds => Found::Holds,
            Verdict::HoldsByItsOwnKeys | Verdict::Open => Found::Open,
            Verdict::Fails => Found::Fails,
        },
        sentence: verdict.sentence(language),
        more,
        steps: report.steps.iter().map(|checked| step(checked, report, language)).collect(),
        keys: report.keys.clone(),
        log_key: report.log_key.clone(),
        compare: compare(report),
    }
}

fn step(checked: &Checked, report: &Report, language: Language) -> StepView {
    let (found, code) = match checked.outcome {
        Outcome::Holds => (Found::Holds, None),
        Outcome::NotChecked(_) => (Found::Open, None),
        Outcome::Fails(fault, _) => (Found::Fails, Some(fault.code())),
    };
    StepView {
        step: checked.step.code(),
        title: checked.step.title(language).into(),
        found,
        sentence: checked.sentence(report, language),
        code,
    }
}

/// The addresses at which the sender shows its keys, as the evidence itself names them.
fn compare(report: &Report) -> Vec<String> {
    if report.verdict() != Verdict::HoldsByItsOwnKeys {
        return Vec::new();
    }
    let log = report.head.as_ref().and_then(|head| {
        let (host, rest) = head.origin.split_once("/log/")?;
        Some((host, rest.split('/').next()?))
    });
    let Some((host, name)) = log else { return Vec::new() };
    vec![format!("{host}/.well-known/jwks.json"), format!("{host}/log/{name}/key")]
}

fn of_summary(summary: &Summary, language: Language) -> FoundView {
    let more = (summary.report.verdict() != Verdict::Fails).then(|| summary.sentence(language));
    of_report(&summary.report, more, language)
}

fn of_line((fault, line): &FailedLine, language: Language) -> FoundView {
    let fault: Fault = *fault;
    FoundView {
        found: Found::Fails,
        sentence: Verdict::Fails.sentence(language),
        more: Some(fault.sentence(language).into()),
        steps: vec![StepView {
            step: "line",
            title: format!("{} {line}", VerifyText::Line.in_language(language)),
            found: Found::Fails,
            sentence: fault.sentence(language).into(),
            code: Some(fault.code()),
        }],
        keys: Vec::new(),
        log_key: String::new(),
        compare: Vec::new(),
    }
}
