//! Public keys as JWK Set (RFC 7517, RFC 8037), named by thumbprint (RFC 7638).
//!
//! In scope: the one key type that Vinkje signs with. Out of scope: private keys (collector `keys`).
//!
//! Invariant: a key's id is always the thumbprint of the key itself; a set that says otherwise is refused.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::limits::JWKS_KEYS_MAX;

/// Why a JWK Set cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Not a JWK Set.
    #[error("couldn't read the key set: it is not a JWK Set")]
    Shape,
    /// More keys than a collector can have.
    #[error("couldn't read the key set: more than {JWKS_KEYS_MAX} keys")]
    TooMany,
    /// A key whose id is not its thumbprint, or whose point is not on the curve.
    #[error("couldn't use a key: its id is not its thumbprint, or it is not an Ed25519 key")]
    Key,
}

/// An Ed25519 public key that has been checked to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// Takes 32 bytes of RFC 8032 §5.1.5.
    ///
    /// # Errors
    ///
    /// [`JwkError::Key`] when they are no point on the curve, or one of the weak ones.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, JwkError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| JwkError::Key)?;
        if key.is_weak() { Err(JwkError::Key) } else { Ok(Self(key)) }
    }

    /// The key as the signature library wants it.
    #[must_use]
    pub const fn verifying_key(&self) -> &ed25519_dalek::VerifyingKey {
        &self.0
    }

    /// The RFC 7638 thumbprint with SHA-256 over the members of RFC 8037 §2, base64url: the key's id.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        use sha2::Digest;
        let members = alloc::format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(members.as_bytes()))
    }

    fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_bytes())
    }
}

/// One key as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `OKP`, RFC 8037.
    pub kty: String,
    /// `Ed25519`.
    pub crv: String,
    /// The public key, base64url.
    pub x: String,
    /// The thumbprint.
    pub kid: String,
    /// `Ed25519`, RFC 9864.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
}

impl Jwk {
    /// The JSON form of a receipt key.
    #[must_use]
    pub fn from_key(key: &PublicKey) -> Self {
        Self {
            kty: "OKP".to_string(),
            crv: "Ed25519".to_string(),
            x: key.x(),
            kid: key.thumbprint(),
            alg: Some("Ed25519".to_string()),
            usage: Some("sig".to_string()),
        }
    }

    fn key(&self) -> Result<PublicKey, JwkError> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.x).map_err(|_| JwkError::Key)?;
        let key = PublicKey::from_bytes(bytes.as_slice().try_into().map_err(|_| JwkError::Key)?)?;
        let alg_fits = self.alg.as_deref().is_none_or(|alg| matches!(alg, "Ed25519" | "EdDSA"));
        let fits = self.kty == "OKP" && self.crv == "Ed25519" && alg_fits && self.kid == key.thumbprint();
        if fits { Ok(key) } else { Err(JwkError::Key) }
    }
}

/// The set of receipt keys of a collector, old ones included, so that old receipts go on verifying.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet(Vec<(String, PublicKey)>);

#[derive(Serialize, Deserialize)]
struct Document<K> {
    keys: Vec<K>,
}

impl KeySet {
    /// A set of the given keys.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = PublicKey>) -> Self {
        Self(keys.into_iter().map(|key| (key.thumbprint(), key)).collect())
    }

    /// A set of keys as they stand in a document of ours.
    ///
    /// # Errors
    ///
    /// [`JwkError::TooMany`] or [`JwkError::Key`].
    pub fn of(keys: &[Jwk]) -> Result<Self, JwkError> {
        if keys.len() > JWKS_KEYS_MAX {
            return Err(JwkError::TooMany);
        }
        keys.iter().map(Jwk::key).collect::<Result<Vec<_>, _>>().map(Self::new)
    }

    /// The keys as a document of ours has them.
    #[must_use]
    pub fn jwks(&self) -> Vec<Jwk> {
        self.0.iter().map(|(_, key)| Jwk::from_key(key)).collect()
    }

    /// The names of the keys: their thumbprints, by which people compare them.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_str())
    }

    /// Reads a JWK Set. Keys of other types than `OKP` are passed over (RFC 7517 §5).
    ///
    /// # Errors
    ///
    /// Any [`JwkError`].
    pub fn parse(json: &[u8]) -> Result<Self, JwkError> {
        let document: Document<serde_json::Value> =
            serde_json::from_slice(json).map_err(|_| JwkError::Shape)?;
        if document.keys.len() > JWKS_KEYS_MAX {
            return Err(JwkError::TooMany);
        }
        let ours = document.keys.into_iter().filter(|key| key["kty"] == "OKP");
        let keys = ours.map(|key| serde_json::from_value::<Jwk>(key).map_err(|_| JwkError::Shape)?.key());
        keys.collect::<Result<Vec<_>, _>>().map(Self::new)
    }

    /// The set as JSON, for `/.well-known/jwks.json`.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        crate::canonical::to_bytes(&Document { keys: self.jwks() })
    }

    /// The key with an id.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&PublicKey> {
        self.0.iter().find(|(id, _)| id == kid).map(|(_, key)| key)
    }
}
