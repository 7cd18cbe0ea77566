//! Entries as texts that are ready to be signed.
//!
//! In scope: from what was touched to a sealed envelope. Out of scope: the signature, which the browser makes with a key that it does not
//! show; storing.
//!
//! Invariant: what leaves here is sealed.

use shared::ids::KioskId;
use shared::jwk::PublicKey;
use shared::kiosk::{
    Deed, ENTRY_TYP, Entry, Envelope, KioskRefusal, KioskSetting, PHONE_TYP, PhoneClaims, SYNC_TYP,
    SyncClaims, seal, unsigned,
};
use shared::time::Timestamp;

/// A number for an entry, the clock, and 32 random bytes.
#[derive(Clone, Copy)]
pub struct Stamp {
    /// The how-manieth entry.
    pub number: u64,
    /// What the clock says.
    pub at: Timestamp,
    /// Random bytes, used once.
    pub seed: [u8; 32],
}

/// Who signs.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The public half of the screen's key.
    pub key: PublicKey,
}

impl Signer {
    /// An entry, sealed, as the text that is signed.
    ///
    /// # Errors
    ///
    /// [`KioskRefusal::EntryUnreadable`] when the collector's key is none.
    pub fn entry(
        &self,
        setting: &KioskSetting,
        stamp: &Stamp,
        deed: Deed,
        staff: Option<String>,
    ) -> Result<String, KioskRefusal> {
        let entry = Entry { at: stamp.at, deed, staff };
        let sealed = seal(&setting.seal, &setting.kiosk, stamp.number, &entry, stamp.seed)?;
        let envelope = Envelope { kiosk: setting.kiosk, number: stamp.number, sealed };
        Ok(unsigned(ENTRY_TYP, &self.key, &envelope))
    }

    /// What the kiosk says of itself, as the text that is signed.
    #[must_use]
    pub fn claims(&self, kiosk: KioskId, at: Timestamp, held: u32) -> String {
        unsigned(SYNC_TYP, &self.key, &SyncClaims { at, held, kiosk })
    }

    /// What the kiosk says when it asks for a link to a customer's phone, as the text that is signed.
    #[must_use]
    pub fn phone(&self, kiosk: KioskId, at: Timestamp, staff: Option<String>) -> String {
        unsigned(PHONE_TYP, &self.key, &PhoneClaims { at, kiosk, staff })
    }
}
