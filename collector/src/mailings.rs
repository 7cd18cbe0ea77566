//! Mailing manifests: which receipts a mailing rested on when its list was handed out.
//!
//! A manifest names receipts by their numbers. A receipt belongs to one person and thereby to one address, so the number says for
//! each address on which proof it was addressed; it takes about two bytes, and when a person is erased nothing leads from
//! the number to them any more (decision 0803).
//!
//! In scope: the rows. Out of scope: handing lists out (`service::lists`), asking later (`service::mailings`).
//!
//! Invariant: the numbers of a page are durable before the page is handed out; a mailing is complete only when it says so.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use shared::ids::{MailingId, PurposeId, PurposeVersion};

use crate::records::{decode, encode};
use crate::store::{Key, KeyRange, Snapshot, Space, StoreError, keys};

/// What a mailing was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailing {
    /// For which purpose.
    pub purpose: PurposeId,
    /// In which version.
    pub version: PurposeVersion,
    /// By which key.
    pub who: String,
    /// From when, in Unix seconds.
    pub began: i64,
    /// Until when, in Unix seconds; none as long as it was not handed out to its end.
    pub ended: Option<i64>,
    /// How many people it had, once it ended.
    pub people: u64,
}

impl Mailing {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }
}

fn key(organisation: u32, part: u8, id: &[u8]) -> Key {
    [&keys::organisation(organisation)[..], &[part], id].concat()
}

/// Where a mailing is.
#[must_use]
pub fn mailing_key(organisation: u32, id: &MailingId) -> Key {
    key(organisation, 0, id.as_bytes())
}

/// Where a page of one is.
#[must_use]
pub fn page_key(organisation: u32, id: &MailingId, page: u32) -> Key {
    [key(organisation, 1, id.as_bytes()), page.to_be_bytes().to_vec()].concat()
}

/// Where all pages of one are.
#[must_use]
pub fn pages(organisation: u32, id: &MailingId) -> KeyRange {
    KeyRange::prefix(&key(organisation, 1, id.as_bytes()))
}

/// The bytes of a page: its numbers, each as its distance from the one before.
#[must_use]
pub fn page(mut numbers: Vec<u64>) -> Vec<u8> {
    numbers.sort_unstable();
    let mut before = 0;
    let steps: Vec<u64> =
        numbers.into_iter().map(|number| number - std::mem::replace(&mut before, number)).collect();
    encode(&steps)
}

/// The numbers of a page, lowest first.
///
/// # Errors
///
/// [`StoreError::Corrupt`] for bytes that are none of ours.
pub fn numbers(row: &[u8]) -> Result<Vec<u64>, StoreError> {
    let steps: Vec<u64> = decode(row)?;
    let mut number = 0_u64;
    let add = |step: u64| {
        number = number.checked_add(step)?;
        Some(number)
    };
    let numbers: Option<Vec<u64>> = steps.into_iter().map(add).collect();
    numbers.ok_or_else(|| StoreError::Corrupt("a page of a mailing is not what was written".into()))
}

/// A mailing by its id, with its bytes.
///
/// # Errors
///
/// What the store says.
pub fn read(
    snapshot: &dyn Snapshot,
    organisation: u32,
    id: &MailingId,
) -> Result<Option<(Mailing, Vec<u8>)>, StoreError> {
    let row = snapshot.get(Space::Mailing, &mailing_key(organisation, id))?;
    row.map(|row| Ok((decode(&row)?, row))).transpose()
}

/// Shows all mailings of an organisation, the oldest first.
///
/// # Errors
///
/// What the store says.
pub fn all(
    snapshot: &dyn Snapshot,
    organisation: u32,
    mut show: impl FnMut(MailingId, Mailing) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let range = KeyRange::prefix(&key(organisation, 0, &[]));
    let mut broken = None;
    snapshot.scan(Space::Mailing, &range, &mut |key, row| {
        let id = key.last_chunk::<16>().map(|id| MailingId::from_bytes(*id));
        match (id, decode(row)) {
            (Some(id), Ok(mailing)) => show(id, mailing),
            _ => {
                broken = Some(StoreError::Corrupt("a mailing is not what was written".into()));
                ControlFlow::Break(())
            }
        }
    })?;
    broken.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_page_reads_back(numbers in proptest::collection::vec(0_u64..5_000_000, 0..200)) {
            let mut sorted = numbers.clone();
            sorted.sort_unstable();
            prop_assert_eq!(super::numbers(&page(numbers)), Ok(sorted));
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = (numbers(&bytes), decode::<Mailing>(&bytes).is_ok());
        }
    }

    #[test]
    fn a_page_costs_about_two_bytes_for_each_of_a_million_people() {
        // Every two-thousandth, as on a page of some hundred out of a million in random order.
        let numbers: Vec<u64> = (0..500).map(|index| index * 2_000 + index % 7).collect();
        assert!(page(numbers).len() <= 2 * 500 + 4);
    }
}
