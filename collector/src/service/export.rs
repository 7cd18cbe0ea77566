//! All events of an organisation, as JSON Lines.
//!
//! In scope: reading receipts in order and writing a line per event. Out of scope: contact data; it is not exported
//! here.
//!
//! Invariant: lines come in the order in which receipts were stored, and each names the receipt that proves it.

use serde::Serialize;
use shared::ids::{FormId, FormVersion, NoticeHash, PurposeId, PurposeVersion, ReceiptId, SubjectId};
use shared::language::Language;
use shared::receipt::{Decided, Decision};
use shared::time::Timestamp;

use crate::records::{self, StoredReceipt};
use crate::store::{Engine, Space, StoreError, keys};

/// Receipts read under one snapshot: short reads, so that the store can reuse space meanwhile.
const PAGE_ROWS: usize = 512;

#[derive(Serialize)]
struct Line<'a> {
    sequence: u64,
    at: Timestamp,
    event: Decided,
    purpose: &'a PurposeId,
    version: PurposeVersion,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    subject: SubjectId,
    receipt: ReceiptId,
    form: &'a FormId,
    form_version: FormVersion,
    language: Language,
    notice: NoticeHash,
}

/// Writes every event of an organisation. Returns how many.
///
/// # Errors
///
/// What the store says, or what the output says.
pub fn write(engine: &dyn Engine, organisation: u32, out: &mut impl std::io::Write) -> anyhow::Result<u64> {
    let mut range = keys::of_organisation(organisation);
    let mut events = 0;
    loop {
        let snapshot = engine.snapshot()?;
        let rows = snapshot.page(Space::Body, &range, PAGE_ROWS)?;
        let Some((last, _)) = rows.last() else { return Ok(events) };
        range = range.after(last);
        for (key, row) in &rows {
            let (_, sequence) = keys::read_body_key(key)?;
            let stored = records::unpack(snapshot.as_ref(), organisation, sequence, row)?;
            for decision in &stored.receipt.decisions {
                serde_json::to_writer(&mut *out, &line(&stored, decision))?;
                out.write_all(b"\n")?;
                events += 1;
            }
        }
    }
}

fn line<'a>(stored: &'a StoredReceipt, decision: &'a Decision) -> Line<'a> {
    let receipt = &stored.receipt;
    Line {
        sequence: stored.sequence,
        at: receipt.at,
        event: decision.decided,
        purpose: &decision.purpose,
        version: decision.version,
        until: decision.until,
        subject: receipt.subject,
        receipt: receipt.receipt,
        form: &receipt.form,
        form_version: receipt.form_version,
        language: receipt.language,
        notice: receipt.notice,
    }
}

/// Number of an organisation by name.
///
/// # Errors
///
/// [`StoreError`] as the store says.
pub fn number_of(engine: &dyn Engine, name: &shared::ids::OrganisationId) -> Result<Option<u32>, StoreError> {
    let all = crate::catalogue::Organisations::read(engine.snapshot()?.as_ref())?;
    Ok(all.named(name).map(|organisation| organisation.number))
}
