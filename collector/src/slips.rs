//! Counter slips: the row that leads from the code on one to its person.
//!
//! In scope: the digest of a code, its row, and finding it. Out of scope: the code itself (`shared::slip`), who may ask
//! (`service::slips`).
//!
//! Invariant: a code is stored nowhere, only its digest under a key outside the database and of one organisation; of two people in an
//! organisation none has the code of another, because whoever writes a row asks with [`expect_free`] that there is none.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::slip::SlipCode;

use crate::keys::Secret;
use crate::sequencer::{Ends, Numbered};
use crate::store::{Batch, Key, Snapshot, Space, StoreError, keys};

const LABEL: &[u8] = b"vinkje/slip-digest/1\0";

/// The digest under which a code of an organisation is found.
///
/// # Panics
///
/// Never: the key has a length that the hash takes.
#[must_use]
pub fn digest(code: &SlipCode, organisation: u32, key: &Secret) -> [u8; 16] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()).expect("any length");
    mac.update(LABEL);
    mac.update(&organisation.to_be_bytes());
    mac.update(code.digits().as_bytes());
    mac.finalize().into_bytes()[..16].try_into().expect("16 of 32 bytes")
}

/// The key of a slip's row.
#[must_use]
pub fn key(organisation: u32, digest: &[u8; 16]) -> Key {
    keys::by_id(organisation, digest)
}

/// The row of a slip, beside its person's first receipt.
#[must_use]
pub fn row(organisation: u32, digest: &[u8; 16]) -> Numbered {
    Numbered { space: Space::Slip, prefix: key(organisation, digest), value: Vec::new(), ends: Ends::Value }
}

/// Asks that nobody of the organisation has this code yet.
pub fn expect_free(rows: &mut Batch, organisation: u32, digest: &[u8; 16]) {
    rows.expect_absent(Space::Slip, key(organisation, digest));
}

/// The number of the first receipt of the person whose slip has this code.
///
/// # Errors
///
/// What the store says.
pub fn find(
    snapshot: &dyn Snapshot,
    organisation: u32,
    digest: &[u8; 16],
) -> Result<Option<u64>, StoreError> {
    snapshot.get(Space::Slip, &key(organisation, digest))?.as_deref().map(keys::read_sequence).transpose()
}
