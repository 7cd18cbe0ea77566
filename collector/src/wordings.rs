//! The words that imported lists name, kept under their hash (decision 0809).
//!
//! In scope: the row's key, and reading it. Out of scope: who writes it (`service::import`), today's wording (`catalogue`).
//!
//! Invariant: what is read is what its hash says, or an error.

use shared::ids::NoticeHash;

use crate::store::{Snapshot, Space, StoreError};

/// Key of the words that an imported list names.
#[must_use]
pub fn key(organisation: u32, hash: &NoticeHash) -> Vec<u8> {
    [&organisation.to_be_bytes()[..], hash.as_bytes()].concat()
}

/// The words that an imported list names.
///
/// # Errors
///
/// [`StoreError::Corrupt`] when they are not what was written, or what the store says.
pub fn read(
    snapshot: &dyn Snapshot,
    organisation: u32,
    hash: &NoticeHash,
) -> Result<Option<String>, StoreError> {
    let Some(words) = snapshot.get(Space::Wording, &key(organisation, hash))? else {
        return Ok(None);
    };
    let words = String::from_utf8(words).ok().filter(|words| NoticeHash::of(words.as_bytes()) == *hash);
    words.map(Some).ok_or_else(|| StoreError::Corrupt("the words of a list are not what was written".into()))
}
