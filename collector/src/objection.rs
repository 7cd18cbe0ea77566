//! Objections to all advertising (Art. 21(2)-(3)), where the address is looked up.
//!
//! The receipt of an objection takes back what stood for its own person. The row here says the rest: nothing of this organisation may
//! be sent to the address on any basis, for no purpose of today or tomorrow, until its owner agrees to one anew (decision 0810).
//!
//! In scope: the row, and what outweighs it. Out of scope: weighing consents (`shared::address`), the act (`service::manage`).
//!
//! Invariant: only a consent whose receipt has a higher number than the objection outweighs it, and only for its own purpose.

use shared::ids::ReceiptId;
use shared::lifecycle::ConsentState;
use shared::receipt::{Act, Receipt};
use shared::time::Timestamp;

use crate::records::{StoredReceipt, SubjectRow, contact_prefix};
use crate::sequencer::{Ends, NewReceipt, Numbered};
use crate::standing::Found;
use crate::store::{Snapshot, Space, StoreError, keys};

/// The newest objection under an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objection {
    /// When.
    pub at: Timestamp,
    /// The number of its receipt.
    pub number: u64,
}

impl Objection {
    /// Whether it decides beside what stands for a purpose: the state and the number of the receipt that made it so.
    #[must_use]
    pub fn decides(&self, stands: Option<(ConsentState, Option<u64>)>) -> bool {
        !matches!(stands, Some((ConsentState::Given { .. }, Some(number))) if number > self.number)
    }

    /// The same for what an address' row says.
    #[must_use]
    pub fn decides_over(&self, found: Option<&Found>) -> bool {
        self.decides(found.map(|found| (found.claim.state, found.proof.number)))
    }
}

/// Puts the row of an objection beside its receipt. Nothing, for who is not found by anything.
pub fn note(record: &Receipt, row: &SubjectRow, organisation: u32, receipt: &mut NewReceipt) {
    if let (Act::Objection, Some(found_by)) = (record.act, &row.found_by) {
        let prefix = contact_prefix(organisation, found_by.digest());
        let value = keys::moment_value(record.at);
        receipt.numbered.push(Numbered { space: Space::Objected, prefix, value, ends: Ends::Value });
    }
}

/// The newest objection among some receipts that was made by a moment, and its receipt.
#[must_use]
pub fn among<'a>(
    receipts: impl IntoIterator<Item = &'a StoredReceipt>,
    at: Timestamp,
) -> Option<(Objection, ReceiptId)> {
    let objections =
        receipts.into_iter().filter(|stored| stored.receipt.act == Act::Objection && stored.receipt.at <= at);
    let newest = objections.max_by_key(|stored| stored.sequence)?;
    let objection = Objection { at: newest.receipt.at, number: newest.sequence };
    Some((objection, newest.receipt.receipt))
}

/// Reads a row.
///
/// # Errors
///
/// [`StoreError::Corrupt`] for anything but a moment and a number.
pub fn read(row: &[u8]) -> Result<Objection, StoreError> {
    let corrupt = || StoreError::Corrupt("an objection is not what was written".into());
    let (at, number) = row.split_first_chunk::<8>().ok_or_else(corrupt)?;
    let at = Timestamp::from_unix_seconds(i64::from_be_bytes(*at));
    Ok(Objection { at, number: keys::read_sequence(number).map_err(|_| corrupt())? })
}

/// The objection under a digest, if there is one.
///
/// # Errors
///
/// As [`read`], or what the store says.
pub fn of(
    snapshot: &dyn Snapshot,
    organisation: u32,
    digest: &[u8; 16],
) -> Result<Option<Objection>, StoreError> {
    let row = snapshot.get(Space::Objected, &contact_prefix(organisation, digest))?;
    row.as_deref().map(read).transpose()
}

/// Whether anybody of an organisation objected: mostly nobody did, and then nobody need be looked up.
///
/// # Errors
///
/// What the store says.
pub fn any(snapshot: &dyn Snapshot, organisation: u32) -> Result<bool, StoreError> {
    Ok(!snapshot.page(Space::Objected, &keys::of_organisation(organisation), 1)?.is_empty())
}
