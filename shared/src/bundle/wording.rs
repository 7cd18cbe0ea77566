//! Whether the wordings in a bundle are the ones that were shown.
//!
//! In scope: hashes, and what a receipt and its wording must have in common. Out of scope: the rest of a bundle (`check`).
//!
//! Invariant: it holds only if every receipt's wording is here to the byte, and nothing else is.

use alloc::vec::Vec;

use super::check::Failed;
use super::format::Bundle;
use super::report::Fault;
use crate::canonical;
use crate::ids::NoticeHash;
use crate::import;
use crate::notice::{NOTICE_SCHEMA, Notice};
use crate::receipt::{Act, CollectionMethod, Decision, Receipt};
use crate::registered;
use crate::sale;

pub(super) fn check(bundle: &Bundle, receipts: &[Receipt]) -> Result<Vec<Notice>, Failed> {
    let hashes: Vec<NoticeHash> =
        bundle.notices.iter().map(|notice| NoticeHash::of(notice.as_bytes())).collect();
    let mut first_named: Vec<NoticeHash> = Vec::new();
    for (at, receipt) in (1..).zip(receipts) {
        if !hashes.contains(&receipt.notice) {
            return Err((Fault::WordingMissing, Some(at)));
        }
        if !first_named.contains(&receipt.notice) {
            first_named.push(receipt.notice);
        }
    }
    // In the order of first use and each once, so that a bundle has one spelling.
    if hashes != first_named {
        return Err((Fault::WordingUnused, None));
    }
    listed(bundle, receipts)?;
    let notices = bundle.notices.iter().map(|notice| read(notice).map_err(|fault| (fault, None)));
    let notices: Vec<Notice> = notices.collect::<Result<_, _>>()?;
    for (at, receipt) in (1..).zip(receipts) {
        let place = hashes.iter().position(|hash| *hash == receipt.notice).unwrap_or_default();
        fits(receipt, &notices[place]).map_err(|fault| (fault, Some(at)))?;
    }
    Ok(notices)
}

/// The words that imported lists name are here, each once and in the order of first use.
fn listed(bundle: &Bundle, receipts: &[Receipt]) -> Result<(), Failed> {
    let hashes: Vec<NoticeHash> =
        bundle.wordings.iter().map(|words| NoticeHash::of(words.as_bytes())).collect();
    let mut first_named: Vec<NoticeHash> = Vec::new();
    for (at, receipt) in (1..).zip(receipts) {
        let Some(words) = receipt.imported.as_ref().and_then(|imported| imported.wording) else { continue };
        if !hashes.contains(&words) {
            return Err((Fault::WordingMissing, Some(at)));
        }
        if !first_named.contains(&words) {
            first_named.push(words);
        }
    }
    if hashes == first_named { Ok(()) } else { Err((Fault::WordingUnused, None)) }
}

/// Reads a wording from its exact bytes.
pub(super) fn read(notice: &str) -> Result<Notice, Fault> {
    let notice: Option<Notice> = canonical::from_bytes(notice.as_bytes()).ok();
    notice.filter(|notice| notice.schema == NOTICE_SCHEMA).ok_or(Fault::WordingInvalid)
}

pub(super) fn fits(receipt: &Receipt, notice: &Notice) -> Result<(), Fault> {
    let same = receipt.organisation == notice.organisation
        && receipt.form == notice.form
        && receipt.form_version == notice.form_version
        && receipt.controller == notice.controller.name;
    // Taking back is done on a page in the reader's language, about words that were shown before.
    let says_boxes = matches!(receipt.act, Act::Choices | Act::Import | Act::Sale);
    let language = !says_boxes || receipt.language == notice.language;
    if !same || !language {
        return Err(Fault::WordingOther);
    }
    if !import::is_told(receipt) {
        return Err(Fault::ImportFalse);
    }
    if !registered::is_told(receipt) {
        return Err(Fault::RegisteredFalse);
    }
    if !sale::is_told(receipt) {
        return Err(Fault::SaleFalse);
    }
    if says_boxes && !has_its_boxes(receipt, notice) { Err(Fault::BoxesDiffer) } else { Ok(()) }
}

/// A form is answered with every box that it shows, in its order; on an own page, with those that were ticked.
fn has_its_boxes(receipt: &Receipt, notice: &Notice) -> bool {
    let is_box = |decision: &Decision, shown: &crate::notice::NoticePurpose| {
        decision.purpose == shown.purpose.id && decision.version == shown.purpose.version
    };
    match receipt.method {
        CollectionMethod::Web
        | CollectionMethod::Kiosk
        | CollectionMethod::Paper
        | CollectionMethod::Voice => {
            receipt.decisions.len() == notice.purposes.len()
                && receipt.decisions.iter().zip(&notice.purposes).all(|(one, shown)| is_box(one, shown))
        }
        CollectionMethod::ManagePage
        | CollectionMethod::Mail
        | CollectionMethod::Term
        | CollectionMethod::Import
        | CollectionMethod::Staff => {
            let on_it = |decision: &Decision| notice.purposes.iter().any(|shown| is_box(decision, shown));
            !receipt.decisions.is_empty() && receipt.decisions.iter().all(on_it)
        }
        // What was sold is what the purpose is about, and the purpose is one that customers are told of.
        CollectionMethod::Sale => {
            let group = receipt.sold.as_ref().map(|sold| &sold.product_group);
            receipt.decisions.iter().all(|decision| {
                let told = notice.customer_use(&decision.purpose).map(|told| &told.shown);
                told.is_some_and(|shown| {
                    is_box(decision, shown) && shown.purpose.terms.product_group.as_ref() == group
                })
            })
        }
    }
}
