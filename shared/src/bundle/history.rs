//! The collector's signed word which receipts a person has.
//!
//! In scope: the statement, signing it, and reading it. Out of scope: comparing it with a bundle (`check`).
//!
//! Invariant: the statement fixes every receipt and their order. A collector that leaves one out has signed a lie, which
//! anybody shows who holds that receipt with its place in the log, below the size that is named here.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::report::Fault;
use crate::canonical;
use crate::ids::{NoticeHash, OrganisationId, SubjectId};
use crate::jwk::KeySet;
use crate::jws::Jws;
use crate::time::Timestamp;

/// The schema name of the statements that this version writes and reads.
pub const HISTORY_SCHEMA: &str = "vinkje/history/1";

/// The `typ` of a statement.
pub const HISTORY_TYP: &str = "consent-history+jws";

/// The statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// When it was made.
    pub at: Timestamp,
    /// Over the receipts: see [`HistoryDigest`].
    pub digest: NoticeHash,
    /// The collector, by its base URL.
    pub iss: String,
    /// Whose form.
    pub organisation: OrganisationId,
    /// How many receipts.
    pub receipts: u64,
    /// `vinkje/history/1`.
    pub schema: String,
    /// The size of the log at that moment.
    pub size: u64,
    /// Whose history: a pseudonym.
    pub subject: SubjectId,
}

/// SHA-256 over the receipts as compact JWS, oldest first, each followed by a line feed.
#[derive(Default)]
pub struct HistoryDigest(Sha256);

impl HistoryDigest {
    /// Takes the next receipt.
    pub fn add(&mut self, receipt: &str) {
        self.0.update(receipt);
        self.0.update("\n");
    }

    /// The digest, written as hashes of wordings are.
    #[must_use]
    pub fn finish(self) -> NoticeHash {
        NoticeHash::from_bytes(self.0.finalize().into())
    }
}

impl History {
    /// The canonical bytes that are signed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    /// Reads a signed statement.
    pub(super) fn verify(text: &str, keys: &KeySet) -> Result<Self, Fault> {
        let payload = Jws::parse_as(HISTORY_TYP, text).and_then(|jws| jws.verify(keys));
        let history: Self = payload
            .ok()
            .and_then(|payload| canonical::from_bytes(&payload).ok())
            .ok_or(Fault::HistoryInvalid)?;
        if history.schema == HISTORY_SCHEMA { Ok(history) } else { Err(Fault::HistoryInvalid) }
    }
}
