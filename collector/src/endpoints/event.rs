//! What receivers of webhooks hear of, by type.
//!
//! In scope: the types, their names, and which follow from a receipt. Out of scope: what a message says (`service::deliveries`).
//!
//! Invariant: who hears that something was agreed to also hears that it ended: no choice of types leaves ends out.

use serde::{Deserialize, Serialize};
use shared::lifecycle::{Consent, Consents};
use shared::receipt::{Decided, Decision, Receipt};

/// A type of event. The number is in stored keys and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
#[serde(into = "u8", try_from = "u8")]
pub enum EventType {
    /// A box was ticked, and waits for the owner of the address.
    Requested = 1,
    /// Consent was given, or confirmed where that was asked.
    Given = 2,
    /// Consent was given again before it ended.
    Renewed = 3,
    /// A box was seen and left empty.
    Refused = 4,
    /// Nobody confirmed in time.
    Lapsed = 5,
    /// Consent was taken back.
    Withdrawn = 6,
    /// The term of a consent ended.
    Expired = 7,
    /// A person is erased.
    Erased = 8,
    /// An imported list named them for this and proves nothing.
    Unproven = 9,
    /// A person objected to all advertising.
    Objected = 10,
    /// Somebody bought something, and did not object to messages about the like of it.
    NotObjected = 11,
    /// A customer objected to such messages.
    CustomerObjected = 12,
    /// The term of what rests on a sale ended.
    CustomerEnded = 13,
}

impl From<EventType> for u8 {
    fn from(event: EventType) -> Self {
        event as Self
    }
}

impl TryFrom<u8> for EventType {
    type Error = &'static str;

    fn try_from(byte: u8) -> Result<Self, Self::Error> {
        Self::ALL.into_iter().find(|event| *event as u8 == byte).ok_or("no type of event")
    }
}

impl EventType {
    /// All types.
    pub const ALL: [Self; 13] = [
        Self::Requested,
        Self::Given,
        Self::Renewed,
        Self::Refused,
        Self::Lapsed,
        Self::Withdrawn,
        Self::Expired,
        Self::Unproven,
        Self::NotObjected,
        Self::CustomerObjected,
        Self::CustomerEnded,
        Self::Objected,
        Self::Erased,
    ];

    /// What is heard if nothing is said: what changes whom one may address.
    pub const USUAL: [Self; 3] = [Self::Given, Self::Renewed, Self::NotObjected];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "consent.requested",
            Self::Given => "consent.given",
            Self::Renewed => "consent.renewed",
            Self::Refused => "consent.refused",
            Self::Lapsed => "consent.lapsed",
            Self::Withdrawn => "consent.withdrawn",
            Self::Expired => "consent.expired",
            Self::Erased => "subject.erased",
            Self::Unproven => "consent.unproven",
            Self::Objected => "subject.objected",
            Self::NotObjected => "customer.not_objected",
            Self::CustomerObjected => "customer.objected",
            Self::CustomerEnded => "customer.ended",
        }
    }

    /// The type of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }

    /// Whether it says that something must stop. Every receiver hears it.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(
            self,
            Self::Withdrawn
                | Self::Expired
                | Self::CustomerObjected
                | Self::CustomerEnded
                | Self::Objected
                | Self::Erased
        )
    }

    fn of(decision: &Decision, before: &Consents) -> Self {
        let stood = before
            .get(&decision.purpose)
            .is_some_and(|consent| Consent::is_given(consent) && consent.version == decision.version);
        match decision.decided {
            Decided::Given if stood => Self::Renewed,
            Decided::Given => Self::Given,
            Decided::NotGiven => Self::Refused,
            Decided::Requested => Self::Requested,
            Decided::Lapsed => Self::Lapsed,
            Decided::Withdrawn => Self::Withdrawn,
            Decided::Expired => Self::Expired,
            Decided::Unproven => Self::Unproven,
            Decided::NotObjected => Self::NotObjected,
            Decided::Objected => Self::CustomerObjected,
            Decided::Ended => Self::CustomerEnded,
        }
    }
}

/// The event of each decision of a receipt, given what stood before it.
#[must_use]
pub fn of_receipt(receipt: &Receipt, before: &Consents) -> Vec<EventType> {
    receipt.decisions.iter().map(|decision| EventType::of(decision, before)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_read_back_and_are_those_of_the_standard() {
        for event in EventType::ALL {
            assert_eq!(EventType::named(event.name()), Some(event));
            assert_eq!(EventType::try_from(u8::from(event)), Ok(event));
            let plain = |c: char| c.is_ascii_lowercase() || c == '.' || c == '_';
            assert!(event.name().chars().all(plain) && event.name().contains('.'));
        }
        assert!(EventType::try_from(0).is_err() && EventType::named("consent").is_none());
    }
}
