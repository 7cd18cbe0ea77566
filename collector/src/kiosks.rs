//! Kiosks: what is stored of each, of what it sent, and of what it was refused.
//!
//! In scope: rows, keys, pairing codes and PINs. Out of scope: taking entries (`service::kiosk`), making one (`service::kiosk::enrol`).
//!
//! Invariant: a pairing code and a PIN are stored as hashes only. What became of a number never changes once it is used up.

use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::ids::{FormId, KioskId};
use shared::kiosk::{KioskRefusal, Pin};
use shared::language::Language;
use shared::limits::{KIOSK_REFUSED_MAX, TICKET_ANSWER_SECONDS_MAX};
use shared::ticket::Ticket;
use shared::time::Timestamp;

use crate::keys::{KeyError, random};
use crate::records::{decode, encode};
use crate::store::{Batch, Key, KeyRange, Snapshot, Space, StoreError, keys};

/// Rounds of PBKDF2 for a PIN. A million PINs are tried in any number of rounds by who has the hash; they find a screen with no data on it.
const PIN_ROUNDS: u32 = 100_000;

/// Letters and digits of a pairing code that nobody takes for one another, 32 of them: 5 bits each.
const CODE_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Characters of a pairing code: 60 bits, for an hour.
const CODE_CHARS: usize = 12;

/// What a kiosk is, and how it is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskRow {
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Which form it shows.
    pub form: FormId,
    /// In which languages, in the order in which it offers them.
    pub languages: Vec<Language>,
    /// Who may hand the screen over.
    pub staff: Vec<String>,
    /// What opens the staff's screen.
    pub pin: PinRow,
    /// After how many seconds without a touch it asks whether somebody is still there.
    pub idle_seconds: u16,
    /// Whether it counts.
    pub state: State,
    /// When it was made, in Unix seconds.
    pub made: i64,
    /// When it last sent, in Unix seconds.
    pub seen: Option<i64>,
    /// By how many seconds its clock was behind then.
    pub behind: i64,
    /// How many entries it held then.
    pub held: u32,
    /// The number that its next entry must have.
    pub next: u64,
    /// How many entries were refused so far.
    pub refused: u64,
}

/// Whether a kiosk counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It waits for a screen that knows its code.
    Waiting {
        /// SHA-256 of the code.
        code: [u8; 32],
        /// Until when, in Unix seconds.
        until: i64,
    },
    /// A screen has it.
    Paired(
        /// The screen's public key.
        [u8; 32],
    ),
    /// Its owner took it back.
    Revoked {
        /// The screen's public key, if it had one.
        key: Option<[u8; 32]>,
        /// When, in Unix seconds.
        at: i64,
    },
    /// Two screens used it.
    Cloned {
        /// Their public key.
        key: [u8; 32],
        /// When that was seen, in Unix seconds.
        at: i64,
    },
}

impl State {
    /// The key with which it signs.
    #[must_use]
    pub const fn key(&self) -> Option<&[u8; 32]> {
        match self {
            Self::Waiting { .. } => None,
            Self::Paired(key) | Self::Cloned { key, .. } => Some(key),
            Self::Revoked { key, .. } => key.as_ref(),
        }
    }

    /// Why nothing is taken from it.
    ///
    /// # Errors
    ///
    /// A [`KioskRefusal`].
    pub const fn counts(&self) -> Result<(), KioskRefusal> {
        match self {
            Self::Paired(_) => Ok(()),
            Self::Waiting { .. } => Err(KioskRefusal::KioskUnknown),
            Self::Revoked { .. } => Err(KioskRefusal::KioskRevoked),
            Self::Cloned { .. } => Err(KioskRefusal::KioskCloned),
        }
    }
}

/// A PIN as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinRow {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl PinRow {
    /// Of a PIN.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`].
    pub fn new(pin: &str) -> Result<Self, KeyError> {
        let salt: [u8; 16] = *random()?.first_chunk().expect("16 of 32 bytes");
        let hash = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(pin.as_bytes(), &salt, PIN_ROUNDS);
        Ok(Self { salt, hash })
    }

    /// As the screen gets it.
    #[must_use]
    pub fn told(&self) -> Pin {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        Pin { rounds: PIN_ROUNDS, salt: text(&self.salt), hash: text(&self.hash) }
    }
}

/// A pairing code. Its `Debug` does not show it.
pub struct PairingCode(String);

impl PairingCode {
    /// Makes one.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`].
    pub fn make() -> Result<Self, KeyError> {
        let letter = |byte: &u8| char::from(CODE_LETTERS[usize::from(byte % 32)]);
        Ok(Self(random()?.iter().take(CODE_CHARS).map(letter).collect()))
    }

    /// Reads what somebody typed: small letters, spaces and hyphens do not matter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let typed = text.chars().take(4 * CODE_CHARS).filter(|c| !matches!(c, ' ' | '-'));
        let code: String = typed.map(|c| c.to_ascii_uppercase()).collect();
        let ours = code.len() == CODE_CHARS && code.bytes().all(|letter| CODE_LETTERS.contains(&letter));
        ours.then_some(Self(code))
    }

    /// In groups of four.
    #[must_use]
    pub fn grouped(&self) -> String {
        let groups = self.0.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
        groups.collect::<Vec<_>>().join("-")
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl std::fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PairingCode(..)")
    }
}

/// A kiosk as it was read, with the bytes that a change rests on.
#[derive(Debug, Clone)]
pub struct Known {
    /// Of which organisation.
    pub organisation: u32,
    /// Which.
    pub id: KioskId,
    /// The row.
    pub row: KioskRow,
    stored: Vec<u8>,
}

impl Known {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn read(
        snapshot: &dyn Snapshot,
        organisation: u32,
        id: &KioskId,
    ) -> Result<Option<Self>, StoreError> {
        let stored = snapshot.get(Space::Kiosk, &keys::by_id(organisation, id.as_bytes()))?;
        stored.map(|stored| Self::decode(organisation, *id, stored)).transpose()
    }

    fn decode(organisation: u32, id: KioskId, stored: Vec<u8>) -> Result<Self, StoreError> {
        Ok(Self { organisation, id, row: decode(&stored)?, stored })
    }

    /// All of an organisation, by name.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn all(snapshot: &dyn Snapshot, organisation: u32) -> Result<Vec<Self>, StoreError> {
        let mut rows = Vec::new();
        snapshot.scan(Space::Kiosk, &keys::of_organisation(organisation), &mut |key, row| {
            rows.push((key.last_chunk::<16>().copied().unwrap_or_default(), row.to_vec()));
            ControlFlow::Continue(())
        })?;
        let read = |(id, row)| Self::decode(organisation, KioskId::from_bytes(id), row);
        let mut all: Vec<Self> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        all.sort_by(|one, other| one.row.name.cmp(&other.row.name));
        Ok(all)
    }

    /// The same with another row; nothing may be changed on it any more.
    #[must_use]
    pub fn with(self, row: KioskRow) -> Self {
        Self { row, ..self }
    }

    /// Writes another row in place of this one, if it is still what was read.
    pub fn change(&self, rows: &mut Batch, after: &KioskRow) {
        let key = keys::by_id(self.organisation, self.id.as_bytes());
        rows.expect_unchanged(Space::Kiosk, key.clone(), Some(self.stored.clone()));
        rows.put(Space::Kiosk, key, encode(after));
    }
}

/// Stores a new kiosk.
pub fn add(rows: &mut Batch, organisation: u32, id: &KioskId, row: &KioskRow) {
    let key = keys::by_id(organisation, id.as_bytes());
    rows.expect_absent(Space::Kiosk, key.clone()).put(Space::Kiosk, key, encode(row));
}

/// What became of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRow {
    /// SHA-256 of the signed text.
    pub hash: [u8; 32],
    /// What.
    pub fate: Fate,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// A receipt was made of it.
    Receipt,
    /// Something was taken back, or will be when it arrives.
    Withdrawal,
    /// The kiosk had lost it.
    Lost,
    /// It was refused: the code.
    Refused(String),
}

/// Where it stands what became of a number.
#[must_use]
pub fn entry_key(organisation: u32, kiosk: &KioskId, number: u64) -> Key {
    [&keys::by_id(organisation, kiosk.as_bytes())[..], &number.to_be_bytes()].concat()
}

/// Where it stands that a ticket was used.
#[must_use]
pub fn ticket_key(organisation: u32, ticket: &Ticket) -> Key {
    [&keys::by_id(organisation, ticket.kiosk.as_bytes())[..], &ticket.salt].concat()
}

/// The keys of tickets that were used, and can be answered no more in any case.
///
/// # Errors
///
/// What the store says.
pub fn tickets_over(
    snapshot: &dyn Snapshot,
    organisation: u32,
    now: Timestamp,
) -> Result<Vec<Key>, StoreError> {
    let mut over = Vec::new();
    let before = now.plus_seconds(-TICKET_ANSWER_SECONDS_MAX).unix_seconds();
    snapshot.scan(Space::KioskTicket, &keys::of_organisation(organisation), &mut |key, row| {
        if row.try_into().is_ok_and(|issued| i64::from_be_bytes(issued) < before) {
            over.push(key.to_vec());
        }
        ControlFlow::Continue(())
    })?;
    Ok(over)
}

/// A refused entry, as its owner can see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// When it came, in Unix seconds.
    pub at: i64,
    /// The number that it gave itself, if it could be read.
    pub number: Option<u64>,
    /// Why.
    pub code: String,
    /// The signed text as it came; nobody's data can be read in it without the collector's key.
    pub entry: String,
}

/// Notes a refusal, in place of the oldest where there are too many.
pub fn refuse(rows: &mut Batch, known: &Known, after: &mut KioskRow, refused: &RefusedRow) {
    let place = after.refused % KIOSK_REFUSED_MAX;
    after.refused += 1;
    rows.put(Space::KioskRefused, entry_key(known.organisation, &known.id, place), encode(refused));
}

/// What was refused, the oldest first.
///
/// # Errors
///
/// What the store says.
pub fn refused(snapshot: &dyn Snapshot, known: &Known) -> Result<Vec<RefusedRow>, StoreError> {
    let range = KeyRange::prefix(&keys::by_id(known.organisation, known.id.as_bytes()));
    let mut rows: Vec<RefusedRow> = Vec::new();
    let mut broken = None;
    snapshot.scan(Space::KioskRefused, &range, &mut |_, row| match decode(row) {
        Ok(row) => {
            rows.push(row);
            ControlFlow::Continue(())
        }
        Err(error) => {
            broken = Some(error);
            ControlFlow::Break(())
        }
    })?;
    rows.sort_by_key(|row| row.at);
    broken.map_or(Ok(rows), Err)
}

/// The keys of what was refused before a moment.
///
/// # Errors
///
/// What the store says.
pub fn refused_before(
    snapshot: &dyn Snapshot,
    organisation: u32,
    before: Timestamp,
) -> Result<Vec<Key>, StoreError> {
    let mut old = Vec::new();
    snapshot.scan(Space::KioskRefused, &keys::of_organisation(organisation), &mut |key, row| {
        if decode::<RefusedRow>(row).is_ok_and(|row| row.at < before.unix_seconds()) {
            old.push(key.to_vec());
        }
        ControlFlow::Continue(())
    })?;
    Ok(old)
}
