//! Compact JSON Web Signatures (RFC 7515 §7.1) with Ed25519 (RFC 8037, RFC 9864).
//!
//! In scope: writing one exact header, and reading strictly: nothing that a signature does not need is let in.
//! Out of scope: what the payload says (`receipt`).
//!
//! Invariant: a payload leaves [`Jws::verify`] only if its signature is good, by a key of the given set.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signature;
pub use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use crate::jwk::KeySet;
use crate::limits::JWS_BYTES_MAX;

/// The `typ` of a consent receipt.
pub const RECEIPT_TYP: &str = "consent-receipt+jws";

/// Why a signed text is refused; each names the step that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Longer than any receipt.
    #[error("couldn't read the receipt: it is longer than {JWS_BYTES_MAX} bytes")]
    TooLong,
    /// Not three parts of unpadded base64url.
    #[error("couldn't read the receipt: it is not a compact JWS")]
    Shape,
    /// The header is not ours: unknown, repeated or missing members.
    #[error("couldn't accept the receipt: its header has members that a receipt does not have")]
    Header,
    /// An algorithm other than `Ed25519` or `EdDSA`.
    #[error("couldn't accept the receipt: it is not signed with Ed25519")]
    Algorithm,
    /// A type other than a consent receipt.
    #[error("couldn't accept the receipt: it is another kind of document")]
    Type,
    /// Signed by a key that is not in the set.
    #[error("couldn't check the receipt: its key is not in the key set")]
    UnknownKey,
    /// The signature does not fit the text.
    #[error("the signature is false: the receipt was changed, or another key signed it")]
    Signature,
    /// The signature is good and the payload is not a receipt in canonical form.
    #[error(transparent)]
    Payload(#[from] crate::canonical::CanonicalError),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// The first part of every receipt by one key: its header, encoded.
#[must_use]
pub fn header(kid: &str) -> String {
    header_of(RECEIPT_TYP, kid)
}

/// The header of a signed document of another kind.
#[must_use]
pub fn header_of(typ: &str, kid: &str) -> String {
    let header = Header { alg: "Ed25519".to_string(), kid: kid.to_string(), typ: typ.to_string() };
    URL_SAFE_NO_PAD.encode(crate::canonical::to_bytes(&header))
}

/// The text that is signed: `header.payload` (RFC 7515 §5.1).
#[must_use]
pub fn signing_input(header: &str, payload: &[u8]) -> String {
    let mut text = String::with_capacity(header.len() + 1 + payload.len().div_ceil(3) * 4 + 87);
    text.push_str(header);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut text);
    text
}

/// Signs a payload; returns the 64 bytes of RFC 8032.
#[must_use]
pub fn sign(header: &str, payload: &[u8], key: &SigningKey) -> [u8; 64] {
    signed(header, payload, key).1
}

/// Signs a payload; gives the whole text and the 64 bytes of RFC 8032 in it.
#[must_use]
pub fn signed(header: &str, payload: &[u8], key: &SigningKey) -> (String, [u8; 64]) {
    use ed25519_dalek::Signer;
    let text = signing_input(header, payload);
    let signature = key.sign(text.as_bytes()).to_bytes();
    (with_signature(text, &signature), signature)
}

/// Puts the three parts together again from what is stored.
#[must_use]
pub fn compact(header: &str, payload: &[u8], signature: &[u8; 64]) -> String {
    with_signature(signing_input(header, payload), signature)
}

fn with_signature(mut text: String, signature: &[u8; 64]) -> String {
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    text
}

/// A compact JWS that has been read but not yet believed.
pub struct Jws<'a> {
    signed: &'a [u8],
    kid: String,
    payload: Vec<u8>,
    signature: Signature,
}

impl<'a> Jws<'a> {
    /// Reads the three parts and the header of a receipt.
    ///
    /// # Errors
    ///
    /// Any [`JwsError`] but those about keys, signature and payload.
    pub fn parse(text: &'a str) -> Result<Self, JwsError> {
        Self::parse_as(RECEIPT_TYP, text)
    }

    /// The same of a document of another kind.
    ///
    /// # Errors
    ///
    /// As [`Jws::parse`].
    pub fn parse_as(typ: &str, text: &'a str) -> Result<Self, JwsError> {
        if text.len() > JWS_BYTES_MAX {
            return Err(JwsError::TooLong);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Shape)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Shape)?;
        let header = read_header(typ, &decode(header)?)?;
        let signature = Signature::from_slice(&decode(signature)?).map_err(|_| JwsError::Shape)?;
        Ok(Self { signed: signed.as_bytes(), kid: header.kid, payload: decode(payload)?, signature })
    }

    /// Checks the signature strictly (RFC 8032 §5.1.7, no small-order keys) and gives the payload.
    ///
    /// # Errors
    ///
    /// [`JwsError::UnknownKey`] or [`JwsError::Signature`].
    pub fn verify(self, keys: &KeySet) -> Result<Vec<u8>, JwsError> {
        let key = keys.get(&self.kid).ok_or(JwsError::UnknownKey)?;
        let good = key.verifying_key().verify_strict(self.signed, &self.signature);
        good.map(|()| self.payload).map_err(|_| JwsError::Signature)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, JwsError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Shape)
}

fn read_header(typ: &str, json: &[u8]) -> Result<Header, JwsError> {
    let header: Header = serde_json::from_slice(json).map_err(|_| JwsError::Header)?;
    if !matches!(header.alg.as_str(), "Ed25519" | "EdDSA") {
        return Err(JwsError::Algorithm);
    }
    if header.typ == typ { Ok(header) } else { Err(JwsError::Type) }
}
