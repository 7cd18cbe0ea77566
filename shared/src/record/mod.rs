//! Standard records: a receipt in the words of ISO/IEC TS 27560 (DPV 2.3, JSON-LD) and of Kantara Consent Receipt 1.1.
//!
//! In scope: which record each purpose on a receipt has, and in which state. Out of scope: the evidence itself. The signed
//! receipt is the evidence; these files are views of it, made anew from receipts and the wording that was shown.
//!
//! Invariant: the state in a record is the state that `lifecycle` folds, and a record has no contact data: a person is a
//! pseudonym.

mod dpv;
mod kantara;
pub mod place;
pub mod terms;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::canonical;
use crate::ids::{NoticeHash, PurposeId, ReceiptId};
use crate::import::Imported;
use crate::lifecycle::{ConsentEvent, Consents, EventKind};
use crate::notice::{Notice, NoticePurpose};
use crate::receipt::Receipt;
use crate::time::Timestamp;

/// A receipt with the wording that it answers.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// What the person did.
    pub receipt: &'a Receipt,
    /// What they were shown.
    pub notice: &'a Notice,
}

/// Why there is no standard record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The notice is not the one that the receipt names by its hash.
    #[error("couldn't make a record: the wording is not the one of the receipt")]
    OtherNotice,
    /// A purpose on a receipt was on no notice up to then.
    #[error("couldn't make a record: a purpose was on no notice")]
    PurposeNotShown,
}

/// Where a consent stands in a record (DPV 2.3, `dpv:ConsentStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The box was ticked where no consent stood.
    Given,
    /// The box was ticked where consent stood.
    Renewed,
    /// The box was seen and left empty.
    Refused,
    /// The box was ticked, and waits for the owner of the address.
    Requested,
    /// Nobody confirmed it in time.
    Lapsed,
    /// The consent was taken back.
    Withdrawn,
    /// The term of the consent ended.
    Expired,
    /// An imported list named them without proof.
    Unproven,
    /// No consent: they bought something and did not object (`dpv:LegitimateInterestNotObjected`).
    NotObjected,
    /// They objected to what rests on a sale (`dpv:LegitimateInterestObjected`).
    Objected,
    /// The term of what rests on a sale ended.
    Ended,
}

impl Status {
    /// Whether it is about a sale, and not about consent.
    #[must_use]
    pub const fn is_of_a_sale(self) -> bool {
        matches!(self, Self::NotObjected | Self::Objected | Self::Ended)
    }
}

/// One purpose of a receipt, as its record has it.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// What made it what it is: this receipt, or an earlier one where this one changed nothing.
    pub made: Answered<'a>,
    /// Where it stands.
    pub status: Status,
    /// From when it no longer counts, where it stands for a time.
    pub until: Option<Timestamp>,
    /// The receipt whose wording showed the purpose: mostly the same one.
    pub asked: Answered<'a>,
    /// The purpose as it was shown there.
    pub purpose: &'a NoticePurpose,
    /// The receipt with which this consent began.
    pub began: ReceiptId,
    /// The receipt whose record this one replaces.
    pub replaces: Option<ReceiptId>,
    /// The list on which it began, if it did.
    pub imported: Option<&'a Imported>,
}

/// A receipt with all that its records are made from.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    now: Answered<'a>,
    lines: Vec<Line<'a>>,
}

impl<'a> Record<'a> {
    /// Puts a receipt together with what the same person did before, oldest first.
    ///
    /// # Errors
    ///
    /// A [`RecordError`] when a wording is missing or is another one.
    pub fn new(earlier: &[Answered<'a>], now: Answered<'a>) -> Result<Self, RecordError> {
        let mut all = earlier.to_vec();
        all.push(now);
        each_is_answered(&all)?;
        let stands = walk(&all)?;
        let line = |id: &PurposeId| stands.iter().find(|line| line.purpose.purpose.id == *id).copied();
        let lines = now.receipt.decisions.iter().filter_map(|decision| line(&decision.purpose)).collect();
        Ok(Self { now, lines })
    }

    /// The purposes of the receipt, in its order.
    #[must_use]
    pub fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    /// A `dpv:ConsentReceipt` with one `dpv:ConsentRecord` per purpose that was asked: JSON-LD in canonical form (RFC 8785). What
    /// rests on a sale is a `dpv:Process` beside them: it is no consent.
    #[must_use]
    pub fn json_ld(&self) -> Vec<u8> {
        canonical::to_bytes(&dpv::receipt(self))
    }

    /// A Kantara Consent Receipt 1.1, in canonical form. It has no word for refusal, withdrawal or expiry, so it lists the
    /// purposes that were agreed to and no others.
    #[must_use]
    pub fn kantara(&self) -> Vec<u8> {
        canonical::to_bytes(&kantara::receipt(self))
    }
}

/// Holds each wording against the hash in its receipt; hashing is slow, so each only once.
fn each_is_answered(all: &[Answered<'_>]) -> Result<(), RecordError> {
    let mut known: Vec<&Answered<'_>> = Vec::new();
    for answered in all {
        let same = |one: &&Answered<'_>| {
            core::ptr::eq(one.notice, answered.notice) && one.receipt.notice == answered.receipt.notice
        };
        if known.iter().any(same) {
            continue;
        }
        if answered.notice.canonical().1 != answered.receipt.notice {
            return Err(RecordError::OtherNotice);
        }
        known.push(answered);
    }
    Ok(())
}

/// Where each purpose stands after all receipts, and what made it so.
fn walk<'a>(all: &[Answered<'a>]) -> Result<Vec<Line<'a>>, RecordError> {
    let mut state = Consents::default();
    let mut lines: Vec<Line<'a>> = Vec::new();
    for (index, answered) in all.iter().enumerate() {
        for event in answered.receipt.events(&state) {
            let known = lines.iter().position(|line| line.purpose.purpose.id == event.purpose);
            let line = line(&all[..=index], *answered, &event, known.map(|known| &lines[known]))?;
            match known {
                Some(known) => lines[known] = line,
                None => lines.push(line),
            }
        }
        state = answered.receipt.fold(state);
    }
    Ok(lines)
}

fn line<'a>(
    seen: &[Answered<'a>],
    made: Answered<'a>,
    event: &ConsentEvent,
    before: Option<&Line<'a>>,
) -> Result<Line<'a>, RecordError> {
    let (asked, purpose) = shown(seen, event).ok_or(RecordError::PurposeNotShown)?;
    let (status, until) = match event.kind {
        EventKind::Given { until } => (Status::Given, end(until)),
        EventKind::Renewed { until } => (Status::Renewed, end(until)),
        EventKind::Refused => (Status::Refused, None),
        EventKind::Requested { until } => (Status::Requested, end(until)),
        EventKind::Lapsed => (Status::Lapsed, None),
        EventKind::Withdrawn => (Status::Withdrawn, None),
        EventKind::Expired => (Status::Expired, None),
        EventKind::Unproven => (Status::Unproven, None),
        EventKind::NotObjected { until } => (Status::NotObjected, end(until)),
        EventKind::Objected => (Status::Objected, None),
        EventKind::Ended => (Status::Ended, None),
    };
    // Asking, giving or refusing where nothing stood begins a record; what else happens makes a new version of one, and
    // so does the confirmation of what was requested.
    let continued = before.filter(|before| match status {
        Status::Given => before.status == Status::Requested,
        Status::Refused | Status::Requested | Status::Unproven | Status::NotObjected => false,
        Status::Objected | Status::Ended => before.status == Status::NotObjected,
        Status::Renewed | Status::Lapsed | Status::Withdrawn | Status::Expired => true,
    });
    let began = continued.map_or(made.receipt.receipt, |line| line.began);
    let replaces = continued.map(|line| line.made.receipt.receipt);
    let imported = made.receipt.imported.as_ref().or(continued.and_then(|line| line.imported));
    Ok(Line { made, status, until, asked, purpose, began, replaces, imported })
}

/// A receipt without an end gives an event that never ends.
fn end(until: i64) -> Option<Timestamp> {
    (until < i64::MAX).then(|| Timestamp::from_unix_seconds(until))
}

/// The newest wording in which the person saw this version of a purpose: their own page also stops what today's form
/// no longer asks.
fn shown<'a>(seen: &[Answered<'a>], event: &ConsentEvent) -> Option<(Answered<'a>, &'a NoticePurpose)> {
    let newest = |exact: bool| {
        let on = |answered: &Answered<'a>| {
            let shown = answered.notice.words_of(&event.purpose)?;
            (!exact || shown.purpose.version == event.version).then_some((*answered, shown))
        };
        seen.iter().rev().find_map(on)
    };
    newest(true).or_else(|| newest(false))
}

/// Where anybody finds how to take consent back. The person's own link is a key, so it is in no file that is shown to others.
fn withdraw_at(receipt: &Receipt) -> String {
    format!("{}/m", receipt.iss)
}

/// The exact wording, at the address where the collector serves it for ever.
fn notice_url(asked: &Answered<'_>) -> String {
    let Notice { organisation, form, .. } = asked.notice;
    format!("{}/f/{organisation}/{form}/notice/{}", asked.receipt.iss, asked.receipt.notice)
}

/// The words that an imported list names, at the address where the collector serves them for ever.
fn wording_url(asked: &Answered<'_>, words: NoticeHash) -> String {
    let Notice { organisation, form, .. } = asked.notice;
    format!("{}/f/{organisation}/{form}/wording/{words}", asked.receipt.iss)
}
