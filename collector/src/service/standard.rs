//! A receipt as a standard record.
//!
//! In scope: putting a receipt together with its wording and with what the same person did before. Out of scope: the formats
//! (`shared::record`).
//!
//! Invariant: what is given out is made from stored receipts and notices alone; contact data is not even read.

use shared::receipt::Receipt;
use shared::record::{Answered, Record};
use shared::refusal::Refusal;

use super::{Service, unavailable};
use crate::catalogue::Organisation;
use crate::records::{StoredReceipt, Subject};
use crate::store::Snapshot;

/// The formats of a standard record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// ISO/IEC TS 27560 in the DPV profile, as JSON-LD.
    JsonLd,
    /// Kantara Consent Receipt 1.1, as JSON.
    Kantara,
}

impl Service {
    /// The receipt behind a link as a standard record.
    ///
    /// # Errors
    ///
    /// As [`Service::receipt`].
    pub fn standard_record(&self, token: &str, format: Format) -> Result<(String, Vec<u8>), Refusal> {
        let (organisation, stored) = self.receipt(token)?;
        let bytes = record(self.snapshot()?.as_ref(), &organisation, &stored, format)?;
        Ok((stored.receipt.receipt.to_string(), bytes))
    }
}

/// A stored receipt as a standard record.
///
/// # Errors
///
/// [`Refusal::StoreUnavailable`], or [`Refusal::LinkUnknown`] when its wording is gone.
pub fn record(
    snapshot: &dyn Snapshot,
    organisation: &Organisation,
    stored: &StoredReceipt,
    format: Format,
) -> Result<Vec<u8>, Refusal> {
    let subject =
        Subject::read(snapshot, organisation.number, &stored.receipt.subject).map_err(unavailable)?;
    let all = subject.map_or_else(Vec::new, |subject| subject.receipts);
    written(organisation, before(&all, stored), &stored.receipt, format)
}

/// What a person did before a receipt.
fn before<'a>(all: &'a [StoredReceipt], stored: &StoredReceipt) -> &'a [StoredReceipt] {
    let earlier = all.iter().take_while(|one| one.receipt.receipt != stored.receipt.receipt);
    &all[..earlier.count()]
}

fn written(
    organisation: &Organisation,
    earlier: &[StoredReceipt],
    receipt: &Receipt,
    format: Format,
) -> Result<Vec<u8>, Refusal> {
    let answered = |receipt| answered(organisation, receipt);
    let earlier: Result<Vec<_>, Refusal> = earlier.iter().map(|stored| answered(&stored.receipt)).collect();
    let record = Record::new(&earlier?, answered(receipt)?).map_err(|error| {
        tracing::error!(%error, receipt = %receipt.receipt, "a receipt has no standard record");
        Refusal::StoreUnavailable
    })?;
    Ok(match format {
        Format::JsonLd => record.json_ld(),
        Format::Kantara => record.kantara(),
    })
}

fn answered<'a>(organisation: &'a Organisation, receipt: &'a Receipt) -> Result<Answered<'a>, Refusal> {
    let known = organisation.notice(&receipt.notice).ok_or(Refusal::LinkUnknown)?;
    Ok(Answered { receipt, notice: &known.notice })
}
