//! Why the collector refuses a kiosk or one of its entries.
//!
//! In scope: codes and sentences for staff and owners. Out of scope: refusals by the rules of consent, which an entry meets
//! like any answer (`crate::refusal`).
//!
//! Invariant: a code never changes its meaning.

use crate::language::Language;

/// A refusal at the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum KioskRefusal {
    /// The pairing code is none that waits, or its hour is over.
    PairingUnknown,
    /// There is no such kiosk, or its key did not sign.
    KioskUnknown,
    /// The kiosk was revoked.
    KioskRevoked,
    /// Two devices use the same kiosk.
    KioskCloned,
    /// Not a signed entry: cut off, or of another kind.
    EntryMalformed,
    /// Not signed by this kiosk.
    EntryForged,
    /// Signed by this kiosk, and in the name of another.
    EntryForeign,
    /// Its number comes later than the next one.
    EntryOutOfOrder,
    /// Its number was used for something else.
    EntryNumberUsed,
    /// It cannot be opened.
    EntryUnreadable,
    /// The code of its slip is on another slip.
    SlipUsed,
}

impl KioskRefusal {
    /// The stable code, snake case, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PairingUnknown => "pairing_unknown",
            Self::KioskUnknown => "kiosk_unknown",
            Self::KioskRevoked => "kiosk_revoked",
            Self::KioskCloned => "kiosk_cloned",
            Self::EntryMalformed => "entry_malformed",
            Self::EntryForged => "entry_forged",
            Self::EntryForeign => "entry_foreign",
            Self::EntryOutOfOrder => "entry_out_of_order",
            Self::EntryNumberUsed => "entry_number_used",
            Self::EntryUnreadable => "entry_unreadable",
            Self::SlipUsed => "slip_used",
        }
    }

    /// A plain sentence that says what is wrong and what to do.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.dutch(),
            Language::En | Language::Ar => self.english(),
        }
    }

    const fn dutch(self) -> &'static str {
        match self {
            Self::PairingUnknown => {
                "Deze koppelcode kennen wij niet, of hij is ouder dan een uur. Maak een nieuwe met “vinkje kiosk add”."
            }
            Self::KioskUnknown => "Deze kiosk kennen wij niet. Koppel het scherm opnieuw.",
            Self::KioskRevoked => "Deze kiosk is ingetrokken. Vraag de eigenaar om een nieuwe koppelcode.",
            Self::KioskCloned => {
                "Twee schermen gebruiken dezelfde kiosk. Hij is stilgelegd; vraag de eigenaar om een nieuwe koppelcode."
            }
            Self::EntryMalformed => "Deze invoer is afgebroken of van een andere soort.",
            Self::EntryForged => "Deze invoer is niet door deze kiosk ondertekend.",
            Self::EntryForeign => "Deze invoer staat op naam van een andere kiosk.",
            Self::EntryOutOfOrder => "Er ontbreekt een eerdere invoer van deze kiosk.",
            Self::EntryNumberUsed => "Dit nummer is al voor iets anders gebruikt.",
            Self::EntryUnreadable => "Deze invoer kan niet worden geopend.",
            Self::SlipUsed => "De code van deze bon staat al op een andere bon.",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::PairingUnknown => {
                "We do not know this pairing code, or it is older than an hour. Make a new one with “vinkje kiosk add”."
            }
            Self::KioskUnknown => "We do not know this kiosk. Pair the screen again.",
            Self::KioskRevoked => "This kiosk was revoked. Ask the owner for a new pairing code.",
            Self::KioskCloned => {
                "Two screens use the same kiosk. It was stopped; ask the owner for a new pairing code."
            }
            Self::EntryMalformed => "This entry is cut off, or of another kind.",
            Self::EntryForged => "This entry was not signed by this kiosk.",
            Self::EntryForeign => "This entry is in the name of another kiosk.",
            Self::EntryOutOfOrder => "An earlier entry of this kiosk is missing.",
            Self::EntryNumberUsed => "This number was used for something else.",
            Self::EntryUnreadable => "This entry cannot be opened.",
            Self::SlipUsed => "The code of this slip is on another slip already.",
        }
    }
}
