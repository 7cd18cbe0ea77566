//! What stands in the log for a receipt: a salted commitment.
//!
//! In scope: the commitment and the entry's bytes. Out of scope: where salts are kept (collector).
//!
//! Invariant: without its salt an entry says nothing about its receipt, not even to somebody who guesses every receipt
//! (EDPB 02/2025: no personal data in a chain, also not hashed).

use alloc::string::String;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::tree::{Hash, leaf_hash};

/// 32 random bytes, kept with the receipt and erased with it.
pub type Salt = [u8; 32];

/// What ties an entry to its receipt: HMAC-SHA-256 under the salt.
pub type Commitment = [u8; 32];

/// Keeps commitments apart from any other use of HMAC.
const DOMAIN: &[u8] = b"consent-evt/1\0";

/// Commits to a receipt, as its compact JWS.
///
/// # Panics
///
/// Never: HMAC takes keys of any length.
#[must_use]
pub fn commit(salt: &Salt, receipt: &str) -> Commitment {
    let mut mac = Hmac::<Sha256>::new_from_slice(salt).expect("HMAC takes keys of any length");
    mac.update(DOMAIN);
    mac.update(receipt.as_bytes());
    mac.finalize().into_bytes().into()
}

/// The entry as it stands in the log.
#[must_use]
pub fn entry(commitment: &Commitment) -> String {
    let mut entry = String::with_capacity(ENTRY_BYTES);
    entry.push_str("{\"v\":1,\"k\":\"evt\",\"c\":\"");
    URL_SAFE_NO_PAD.encode_string(commitment, &mut entry);
    entry.push_str("\"}");
    entry
}

/// Every entry has this length.
pub const ENTRY_BYTES: usize = 67;

/// The hash of the leaf with this commitment.
#[must_use]
pub fn leaf(commitment: &Commitment) -> Hash {
    leaf_hash(entry(commitment).as_bytes())
}
