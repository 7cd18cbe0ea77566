//! What travels between a kiosk and the collector.
//!
//! In scope: shapes. Out of scope: routes and status codes (collector `http::kiosk`).
//!
//! Invariant: unknown members of a request are refused; a kiosk is told nothing about a person.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::seal::SealedWith;
use crate::ids::{FormId, KioskId, OrganisationId};
use crate::notice::Notice;
use crate::time::Timestamp;

/// Asks to become the kiosk that a pairing code stands for.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairing {
    /// The code, as typed.
    pub code: String,
    /// The public key that the screen made for itself: 32 bytes of Ed25519, base64url.
    pub key: String,
}

/// The answer to a pairing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingAnswer {
    /// What the screen is from now on.
    pub setting: KioskSetting,
}

/// Everything that a kiosk needs to work without network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskSetting {
    /// Which kiosk.
    pub kiosk: KioskId,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Which form it shows.
    pub form: FormId,
    /// The form's wording in each language of the kiosk, in the order in which it offers them.
    pub notices: Vec<Notice>,
    /// Who may hand the screen over.
    pub staff: Vec<String>,
    /// What opens the staff's screen.
    pub pin: Pin,
    /// After how many seconds without a touch it asks whether somebody is still there.
    pub idle_seconds: u16,
    /// What entries are sealed with.
    pub seal: SealedWith,
    /// The address of the collector, without a slash at the end.
    pub base_url: String,
}

/// A staff PIN, as PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2). It keeps customers on their screen; who has the device itself can try
/// every PIN, and finds nothing behind it that is worth it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Rounds.
    pub rounds: u32,
    /// 16 bytes, base64url.
    pub salt: String,
    /// 32 bytes, base64url.
    pub hash: String,
}

/// What a kiosk says of itself when it sends, under its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncClaims {
    /// What its clock says.
    pub at: Timestamp,
    /// How many entries it holds.
    pub held: u32,
    /// Which kiosk.
    pub kiosk: KioskId,
}

/// Sends entries; none is a question whether anything changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncRequest {
    /// [`SyncClaims`], signed.
    pub claims: String,
    /// [`super::Envelope`]s, signed, in the order of their numbers; at most [`crate::limits::KIOSK_BATCH_MAX`].
    pub entries: Vec<String>,
}

/// What became of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncAnswer {
    /// One for each entry, in their order.
    pub answers: Vec<Answered>,
    /// The number that the next entry must have: the kiosk may forget what is below it.
    pub next: u64,
    /// What the collector's clock says.
    pub at: Timestamp,
    /// What the kiosk is from now on.
    pub setting: KioskSetting,
}

/// What became of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What.
    pub outcome: EntryOutcome,
    /// Why it was refused: a code of [`super::KioskRefusal`] or [`crate::refusal::Refusal`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What became of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryOutcome {
    /// It is stored, now or by an earlier request.
    Stored,
    /// It is refused; its number is used up, and the owner can see it.
    Refused,
    /// It cannot be taken as it is, and its number is still open.
    NotTaken,
}

/// What a kiosk says when a customer would rather answer on their own phone, under its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneClaims {
    /// What its clock says.
    pub at: Timestamp,
    /// Which kiosk.
    pub kiosk: KioskId,
    /// Who handed the screen over, by the name they have at work; none where nobody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
}

/// Asks for a link to a customer's own phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneRequest {
    /// [`PhoneClaims`], signed.
    pub claims: String,
}

/// A link to a customer's own phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneAnswer {
    /// The form, for the phone; `/state` behind it says [`PhoneState`].
    pub url: String,
    /// For how many seconds it can be opened.
    pub seconds: u32,
}

/// What became of a link, as the kiosk hears it: nothing of what was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum PhoneState {
    /// Nobody has answered.
    Waiting,
    /// Somebody has.
    Done,
    /// Nobody can any more.
    Over,
}
