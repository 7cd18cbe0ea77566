//! What stands for a person, kept where their address is looked up, so that "may we?" is one small row and no receipt.
//!
//! A row in `Contact` is written for every new person anyway, in a page that is touched anyway; so what their receipts add up
//! to lies in that very row. It is changed in the commit that stores the next receipt (decision 0801).
//!
//! In scope: the bytes of that row, and making it from receipts. Out of scope: weighing several people of one address
//! (`shared::address`), who may ask (`http`).
//!
//! Invariant: a row is what the person's receipts add up to, and nothing else; `fsck` makes each anew and compares bytes.

use serde::{Deserialize, Serialize};
use shared::Language;
use shared::address::{Claim, Standing, Stands};
use shared::ids::{PurposeVersion, ReceiptId};
use shared::lifecycle::ConsentState;
use shared::receipt::Receipt;

use crate::catalogue::Organisation;
use crate::records::{StoredReceipt, Subject, decode, encode};
use crate::sequencer::{Ends, NewReceipt, Numbered};
use crate::store::{Space, StoreError};

/// The receipt that brought a consent to where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Its number; the newest one of a draft does not have one yet.
    pub number: Option<u64>,
    /// Its id.
    pub receipt: ReceiptId,
    /// In which language the person acted.
    pub language: Language,
    /// When, in Unix seconds.
    pub at: i64,
}

impl Proof {
    fn of(receipt: &Receipt, number: Option<u64>) -> Self {
        let (language, at) = (receipt.language, receipt.at.unix_seconds());
        Self { number, receipt: receipt.receipt, language, at }
    }
}

/// What the receipts of a subject add up to, oldest first.
#[must_use]
pub fn of_receipts<'a>(receipts: impl IntoIterator<Item = &'a StoredReceipt>) -> Standing<Proof> {
    let one = |standing: Standing<Proof>, stored: &StoredReceipt| {
        with(standing, &stored.receipt, Some(stored.sequence))
    };
    receipts.into_iter().fold(Standing::default(), one)
}

/// The same after one more receipt, whose number may not be known yet.
#[must_use]
pub fn with(standing: Standing<Proof>, receipt: &Receipt, number: Option<u64>) -> Standing<Proof> {
    standing.after(&receipt.decisions, receipt.at, &Proof::of(receipt, number))
}

/// What a new person's first receipt adds up to, as the row that goes into the store with it. `prefix` begins its key.
///
/// # Errors
///
/// [`StoreError::Corrupt`] for a purpose that the organisation never had.
pub fn first(
    record: &Receipt,
    organisation: &Organisation,
    prefix: Vec<u8>,
    receipt: &mut NewReceipt,
) -> Result<(), StoreError> {
    let value = write(&with(Standing::default(), record, None), organisation)?;
    receipt.numbered.push(Numbered { space: Space::Contact, prefix, value, ends: Ends::Both });
    Ok(())
}

/// What a person's receipts add up to with one more, as the row that goes into the store with that one. Nothing, for who
/// has no such row.
///
/// # Errors
///
/// As [`first`], or as [`Subject::place`].
pub fn change(
    subject: &Subject,
    record: &Receipt,
    organisation: &Organisation,
    receipt: &mut NewReceipt,
) -> Result<(), StoreError> {
    let (number, first) = subject.place()?;
    if let Some(key) = subject.row.contact_key(number, first) {
        let value = write(&with(of_receipts(&subject.receipts), record, None), organisation)?;
        receipt.numbered.push(Numbered { space: Space::Contact, prefix: key, value, ends: Ends::Value });
    }
    Ok(())
}

/// What a row says about one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Where the consent stands.
    pub claim: Claim,
    /// Since when, in Unix seconds.
    pub since: i64,
    /// What brought it there.
    pub proof: Proof,
}

/// The row's bytes, up to the number of the subject's newest receipt, which stands behind them in 8 bytes: only the
/// sequencer knows it.
#[derive(Serialize, Deserialize)]
struct Row {
    /// The receipts that consents point to, in the order of their numbers; the newest one's is behind the row.
    proofs: Vec<Kept>,
    consents: Vec<Entry>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    receipt: [u8; 16],
    language: Language,
    at: i64,
    /// None for the newest.
    number: Option<u64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Entry {
    /// The purpose's number within its organisation.
    purpose: u16,
    version: PurposeVersion,
    // Stored by the place of its variant: a new state goes to the end of that list, or the file format changes.
    state: ConsentState,
    /// Seconds from the receipt to the moment since when it stands so: nothing, as long as every act counts at once.
    since: i64,
    agreed: bool,
    /// Which of the proofs.
    by: u16,
}

/// The whole row, as it must be in the store, made anew from a subject's receipts; none for a subject without any.
///
/// # Errors
///
/// As [`first`].
pub fn anew(subject: &Subject, organisation: &Organisation) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((newest, earlier)) = subject.receipts.split_last() else { return Ok(None) };
    let row = write(&with(of_receipts(earlier), &newest.receipt, None), organisation)?;
    Ok(Some([row, newest.sequence.to_be_bytes().to_vec()].concat()))
}

/// The row of what stands, without the number of the newest receipt behind it.
fn write(standing: &Standing<Proof>, organisation: &Organisation) -> Result<Vec<u8>, StoreError> {
    let mut proofs: Vec<Proof> = standing.0.iter().map(|stands| stands.by).collect();
    // What has no number yet comes last.
    proofs.sort_by_key(|proof| proof.number.unwrap_or(u64::MAX));
    proofs.dedup();
    let entry = |stands: &Stands<Proof>| {
        let unknown = || StoreError::Corrupt("a receipt names a purpose that never was".into());
        let by = proofs.iter().position(|proof| *proof == stands.by).unwrap_or_default();
        Ok::<_, StoreError>(Entry {
            purpose: organisation.number_of(&stands.consent.purpose).ok_or_else(unknown)?,
            version: stands.consent.version,
            state: stands.consent.state,
            since: stands.consent.since - stands.by.at,
            agreed: stands.agreed,
            by: u16::try_from(by).unwrap_or(u16::MAX),
        })
    };
    let consents = standing.0.iter().map(entry).collect::<Result<_, _>>()?;
    let kept = |proof: &Proof| Kept {
        receipt: *proof.receipt.as_bytes(),
        language: proof.language,
        at: proof.at,
        number: proof.number,
    };
    Ok(encode(&Row { proofs: proofs.iter().map(kept).collect(), consents }))
}

/// What a row says about one purpose, by the purpose's number; none when it was never asked.
///
/// # Errors
///
/// [`StoreError::Corrupt`] for a row that is none of ours.
pub fn find(row: &[u8], purpose: u16) -> Result<Option<Found>, StoreError> {
    let corrupt = || StoreError::Corrupt("what stands for a person is not what was written".into());
    let (row, last) = row.split_last_chunk::<8>().ok_or_else(corrupt)?;
    let row: Row = decode(row)?;
    let Some(entry) = row.consents.iter().find(|entry| entry.purpose == purpose) else { return Ok(None) };
    let kept = row.proofs.get(usize::from(entry.by)).ok_or_else(corrupt)?;
    let number = kept.number.unwrap_or(u64::from_be_bytes(*last));
    let proof = Proof {
        number: Some(number),
        receipt: ReceiptId::from_bytes(kept.receipt),
        language: kept.language,
        at: kept.at,
    };
    let claim = Claim { state: entry.state, version: entry.version, agreed: entry.agreed };
    Ok(Some(Found { claim, since: kept.at + entry.since, proof }))
}
