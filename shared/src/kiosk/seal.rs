//! Sealing entries to the collector: HPKE (RFC 9180), base mode, X25519 with HKDF-SHA256 and ChaCha20-Poly1305.
//!
//! In scope: both ends. Out of scope: where the private key lies (collector `keys`).
//!
//! Invariant: what is sealed opens with the private key only, and only as the number of the kiosk that it was sealed for.

use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use serde::{Deserialize, Serialize};

use super::{Entry, KioskRefusal};
use crate::canonical;
use crate::ids::KioskId;

const INFO: &[u8] = b"vinkje/kiosk-entry/1";
const KEY_BYTES: usize = 32;

type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// A sealed entry: base64url of the encapsulated key (32 bytes) and the ciphertext.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

/// The public half of the collector's key: 32 bytes of X25519, base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedWith(String);

/// The collector's private key.
pub struct SealKey(PrivateKey);

impl SealKey {
    /// Takes 32 bytes from a random source.
    ///
    /// # Panics
    ///
    /// Never: any 32 bytes are a key of X25519 (RFC 7748 §5).
    #[must_use]
    pub fn new(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(PrivateKey::from_bytes(bytes).expect("any 32 bytes are a key"))
    }

    /// What kiosks are told.
    #[must_use]
    pub fn public(&self) -> SealedWith {
        SealedWith(URL_SAFE_NO_PAD.encode(X25519HkdfSha256::sk_to_pk(&self.0).to_bytes()))
    }

    /// Opens an entry.
    ///
    /// # Errors
    ///
    /// [`KioskRefusal::EntryUnreadable`] when it was sealed for another key, kiosk or number, or is no entry.
    pub fn open(&self, kiosk: &KioskId, number: u64, sealed: &Sealed) -> Result<Entry, KioskRefusal> {
        let unreadable = KioskRefusal::EntryUnreadable;
        let bytes = URL_SAFE_NO_PAD.decode(&sealed.0).map_err(|_| unreadable)?;
        let (encapsulated, ciphertext) = bytes.split_first_chunk::<KEY_BYTES>().ok_or(unreadable)?;
        let encapsulated = Encapsulated::from_bytes(encapsulated).map_err(|_| unreadable)?;
        let plain = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.0,
            &encapsulated,
            INFO,
            ciphertext,
            &bound(kiosk, number),
        );
        canonical::from_bytes(&plain.map_err(|_| unreadable)?).map_err(|_| unreadable)
    }
}

/// Seals an entry. `seed`: 32 random bytes, used once.
///
/// # Errors
///
/// [`KioskRefusal::EntryUnreadable`] when the key is none.
pub fn seal(
    with: &SealedWith,
    kiosk: &KioskId,
    number: u64,
    entry: &Entry,
    seed: [u8; KEY_BYTES],
) -> Result<Sealed, KioskRefusal> {
    let unreadable = KioskRefusal::EntryUnreadable;
    let key = URL_SAFE_NO_PAD.decode(&with.0).map_err(|_| unreadable)?;
    let key = PublicKey::from_bytes(&key).map_err(|_| unreadable)?;
    let (encapsulated, ciphertext) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &key,
            INFO,
            &canonical::to_bytes(entry),
            &bound(kiosk, number),
            &mut ChaCha20Rng::from_seed(seed),
        )
        .map_err(|_| unreadable)?;
    let bytes: Vec<u8> = encapsulated.to_bytes().iter().copied().chain(ciphertext).collect();
    Ok(Sealed(URL_SAFE_NO_PAD.encode(bytes)))
}

/// What an entry is bound to: which kiosk, which number.
fn bound(kiosk: &KioskId, number: u64) -> Vec<u8> {
    [&kiosk.as_bytes()[..], &number.to_be_bytes()].concat()
}
