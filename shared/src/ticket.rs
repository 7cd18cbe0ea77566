//! A ticket: a link by which a customer answers on their own phone what a kiosk asks.
//!
//! In scope: what it says, its text, how long it lasts. Out of scope: that it is used once (collector `service::kiosk::phone`).
//!
//! Invariant: it names nobody. Who handed the screen over stands in it as a place in the kiosk's list, for it is part of a link.

use alloc::string::String;
use alloc::vec::Vec;

use crate::ids::KioskId;
use crate::limits::{OFFER_SKEW_SECONDS_MAX, TICKET_ANSWER_SECONDS_MAX, TICKET_OPEN_SECONDS_MAX};
use crate::offer::OfferKey;
use crate::time::Timestamp;

const LABEL: &[u8] = b"kiosk-ticket/1\0";
const TICKET_LAYOUT: u8 = 1;
const TICKET_BYTES: usize = 1 + 16 + 8 + 8 + 1 + 16;
/// The place in the list that stands for nobody.
const NOBODY: u8 = u8::MAX;

/// What a kiosk sent somebody away with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Which kiosk.
    pub kiosk: KioskId,
    /// When, by the collector's clock.
    pub issued: Timestamp,
    /// By how many seconds the kiosk's clock was behind it then.
    pub behind_seconds: i64,
    /// Who handed the screen over: the place in the kiosk's list of staff.
    pub staff: Option<u8>,
    /// Random bytes: no two tickets are the same.
    pub salt: [u8; 16],
}

impl Ticket {
    /// As part of a link: 88 characters.
    #[must_use]
    pub fn seal(&self, key: &OfferKey) -> String {
        key.seal(LABEL, self.to_bytes())
    }

    /// Reads what `seal` wrote under this key; none for anything else.
    #[must_use]
    pub fn open(token: &str, key: &OfferKey) -> Option<Self> {
        Self::from_bytes(&key.open(LABEL, token)?)
    }

    /// Whether somebody can still begin with it.
    #[must_use]
    pub fn may_be_opened(&self, now: Timestamp) -> bool {
        self.lasts(TICKET_OPEN_SECONDS_MAX, now)
    }

    /// Whether an answer can still come.
    #[must_use]
    pub fn may_be_answered(&self, now: Timestamp) -> bool {
        self.lasts(TICKET_ANSWER_SECONDS_MAX, now)
    }

    fn lasts(&self, seconds_max: i64, now: Timestamp) -> bool {
        let age = now.unix_seconds() - self.issued.unix_seconds();
        (-OFFER_SKEW_SECONDS_MAX..=seconds_max).contains(&age)
    }

    /// What the kiosk's clock said.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.issued.plus_seconds(-self.behind_seconds)
    }

    /// Layout: 1 layout, 16 kiosk, 8 issued, 8 behind, 1 staff, 16 salt. All numbers big-endian.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(TICKET_BYTES);
        bytes.push(TICKET_LAYOUT);
        bytes.extend_from_slice(self.kiosk.as_bytes());
        bytes.extend_from_slice(&self.issued.unix_seconds().to_be_bytes());
        bytes.extend_from_slice(&self.behind_seconds.to_be_bytes());
        bytes.push(self.staff.unwrap_or(NOBODY));
        bytes.extend_from_slice(&self.salt);
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (layout, bytes) = bytes.split_first_chunk::<1>()?;
        let (kiosk, bytes) = bytes.split_first_chunk::<16>()?;
        let (issued, bytes) = bytes.split_first_chunk::<8>()?;
        let (behind, bytes) = bytes.split_first_chunk::<8>()?;
        let (staff, bytes) = bytes.split_first_chunk::<1>()?;
        let salt: [u8; 16] = bytes.try_into().ok()?;
        (layout[0] == TICKET_LAYOUT).then(|| Self {
            kiosk: KioskId::from_bytes(*kiosk),
            issued: Timestamp::from_unix_seconds(i64::from_be_bytes(*issued)),
            behind_seconds: i64::from_be_bytes(*behind),
            staff: Some(staff[0]).filter(|place| *place != NOBODY),
            salt,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        Ticket {
            kiosk: KioskId::from_bytes([5; 16]),
            issued: Timestamp::from_unix_seconds(1_000_000),
            behind_seconds: 90,
            staff: None,
            salt: [2; 16],
        }
    }

    #[test]
    fn a_ticket_reads_back_under_its_own_key_only() {
        let key = OfferKey::new([3; 32]);
        let token = ticket().seal(&key);
        assert_eq!(token.len(), 88);
        assert_eq!(Ticket::open(&token, &key), Some(ticket()));
        assert_eq!(Ticket::open(&token, &OfferKey::new([4; 32])), None);
        assert_eq!(Ticket::open(&token[1..], &key), None);
        assert_eq!(ticket().at(), Timestamp::from_unix_seconds(1_000_000 - 90));
    }

    #[test]
    fn beginning_ends_before_finishing() {
        let at = |seconds| Timestamp::from_unix_seconds(1_000_000 + seconds);
        assert!(ticket().may_be_opened(at(TICKET_OPEN_SECONDS_MAX)));
        assert!(!ticket().may_be_opened(at(TICKET_OPEN_SECONDS_MAX + 1)));
        assert!(ticket().may_be_answered(at(TICKET_ANSWER_SECONDS_MAX)));
        assert!(!ticket().may_be_answered(at(TICKET_ANSWER_SECONDS_MAX + 1)));
        assert!(!ticket().may_be_opened(at(-OFFER_SKEW_SECONDS_MAX - 1)));
    }

    #[test]
    fn an_offer_is_no_ticket_and_a_ticket_no_offer() {
        let key = OfferKey::new([3; 32]);
        assert!(crate::offer::Offer::open(&ticket().seal(&key), &key).is_err());
        assert_eq!(Ticket::open(&key.seal(b"offer/1\0", ticket().to_bytes()), &key), None);
    }
}
