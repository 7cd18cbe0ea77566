//! The counter: what a kiosk writes down, seals and signs, and what it is answered.
//!
//! In scope: entries and their envelopes (`entry`), sealing (`seal`), what travels between kiosk and collector (`api`),
//! why an entry is refused (`refusal`). Out of scope: screens and storage (`kiosk`), receipts (collector `service::kiosk`).
//!
//! Invariant: what a person did leaves the screen sealed to the collector's key only, so nothing on the device opens it; and
//! numbered under the kiosk's signature, so none can be added, dropped or moved unseen.

mod api;
mod entry;
mod refusal;
mod seal;

pub use api::{
    Answered, EntryOutcome, KioskSetting, Pairing, PairingAnswer, PhoneAnswer, PhoneClaims, PhoneRequest,
    PhoneState, Pin, SyncAnswer, SyncClaims, SyncRequest,
};
pub use entry::{Answer, Deed, ENTRY_TYP, Entry, Envelope, PHONE_TYP, SYNC_TYP, read_signed, unsigned};
pub use refusal::KioskRefusal;
pub use seal::{SealKey, Sealed, SealedWith, seal};
