//! The bundle as a document: one canonical JSON text.
//!
//! In scope: members, bounds, reading and writing. Out of scope: whether what it says is true (`check`).
//!
//! Invariant: one bundle has one spelling. What is read back is byte for byte what would be written.

use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::report::Fault;
use crate::canonical;
use crate::jwk::Jwk;
use crate::limits::{
    BUNDLE_BYTES_MAX, BUNDLE_NOTICES_MAX, BUNDLE_RECEIPTS_MAX, IMPORT_WORDING_BYTES_MAX, JWKS_KEYS_MAX,
};
use crate::log::tree::LEVELS_MAX;

/// The schema name of the bundles that this version writes and reads.
pub const BUNDLE_SCHEMA: &str = "vinkje/bundle/1";

/// The media type of a bundle.
pub const MEDIA_TYPE: &str = "application/vnd.vinkje.bundle+json";

/// Sizes that every reader of JSON can hold (RFC 8785 §3.1, I-JSON).
const INTEGER_MAX: u64 = 1 << 53;

/// What a bundle is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One receipt.
    Receipt,
    /// All receipts of one person, and the collector's word that these are all.
    Subject,
}

/// 32 bytes in base64, as C2SP writes hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base64(pub [u8; 32]);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| D::Error::custom("expected 32 bytes in base64"))
    }
}

/// A receipt with the proof of its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place in the log, from 0.
    pub index: u64,
    /// Hashes from its leaf to the root of the checkpoint.
    pub path: Vec<Base64>,
    /// The receipt: a compact JWS.
    pub receipt: String,
    /// The salt of its commitment.
    pub salt: Base64,
}

/// The proof that the log of the bundle begins with a smaller one that somebody kept the checkpoint of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// The consistency proof.
    pub path: Vec<Base64>,
    /// The size of the smaller log.
    pub size: u64,
}

/// One file of evidence. Its members stand in the order of RFC 8785.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The signed head of the log, with the signatures of witnesses, as C2SP writes it.
    pub checkpoint: String,
    /// For a person: the collector's signed word which receipts there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<String>,
    /// The receipt keys of the collector.
    pub keys: Vec<Jwk>,
    /// What it is about.
    pub kind: Kind,
    /// The log's key: a C2SP verifier key.
    pub log_key: String,
    /// The exact bytes of each wording that a receipt here names, in the order in which they are first named.
    pub notices: Vec<String>,
    /// The receipts, oldest first.
    pub receipts: Vec<Entry>,
    /// `vinkje/bundle/1`.
    pub schema: String,
    /// For somebody who kept a checkpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// The exact bytes of the words that lists here name, in the order in which they are first named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wordings: Vec<String>,
}

/// Reads a document that has one spelling: canonical JSON with no member too many. A key may have members that are passed
/// over elsewhere; here it may not.
///
/// # Errors
///
/// [`Fault::TooLong`], [`Fault::NotJson`], [`Fault::NotCanonical`] or [`Fault::NotABundle`].
pub(super) fn spelled<T: Serialize + DeserializeOwned>(bytes: &[u8], bytes_max: usize) -> Result<T, Fault> {
    if bytes.len() > bytes_max {
        return Err(Fault::TooLong);
    }
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| Fault::NotJson)?;
    if canonical::to_bytes(&value) != bytes {
        return Err(Fault::NotCanonical);
    }
    // What has members too many comes back without them.
    let read: T = serde_json::from_value(value).map_err(|_| Fault::NotABundle)?;
    if canonical::to_bytes(&read) == bytes { Ok(read) } else { Err(Fault::NotABundle) }
}

impl Bundle {
    /// Reads a bundle. Nothing in it is believed yet.
    ///
    /// # Errors
    ///
    /// [`Fault::TooLong`], [`Fault::NotJson`], [`Fault::NotCanonical`] or [`Fault::NotABundle`], the first that is met.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let bundle: Self = spelled(bytes, BUNDLE_BYTES_MAX)?;
        if bundle.has_shape() { Ok(bundle) } else { Err(Fault::NotABundle) }
    }

    /// The one spelling of the bundle.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    fn has_shape(&self) -> bool {
        let receipts = match self.kind {
            Kind::Receipt => self.receipts.len() == 1 && self.history.is_none(),
            Kind::Subject => (1..=BUNDLE_RECEIPTS_MAX).contains(&self.receipts.len()),
        };
        let paths = self.receipts.iter().map(|entry| &entry.path).chain(self.since.iter().map(|s| &s.path));
        let sizes = self.receipts.iter().map(|entry| entry.index).chain(self.since.iter().map(|s| s.size));
        self.schema == BUNDLE_SCHEMA
            && receipts
            && self.keys.len() <= JWKS_KEYS_MAX
            && (1..=BUNDLE_NOTICES_MAX).contains(&self.notices.len())
            && self.wordings.len() <= BUNDLE_NOTICES_MAX
            && self.wordings.iter().all(|words| words.len() <= IMPORT_WORDING_BYTES_MAX)
            && paths.into_iter().all(|path| path.len() <= LEVELS_MAX)
            && sizes.into_iter().all(|size| size < INTEGER_MAX)
    }

    /// Hashes as they stand in a path.
    #[must_use]
    pub fn path(hashes: Vec<[u8; 32]>) -> Vec<Base64> {
        hashes.into_iter().map(Base64).collect()
    }

    /// The name of the file, without folder, for a receipt's or a person's number.
    #[must_use]
    pub fn file_name(kind: Kind, number: &str) -> String {
        let word = match kind {
            Kind::Receipt => "receipt",
            Kind::Subject => "history",
        };
        [word, "-", number, ".vinkje.json"].concat()
    }
}

pub(super) fn hashes(path: &[Base64]) -> Vec<[u8; 32]> {
    path.iter().map(|hash| hash.0).collect()
}
