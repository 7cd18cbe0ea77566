//! What may happen to a consent: commands in, events or a refusal out.
//!
//! In scope: the states of one subject's consents and the edges between them (states of DPV 2.3; see GLOSSARY).
//! Out of scope: storing events, proving them (`receipt`), reading clocks.
//!
//! Invariant: `decide` and `apply` are pure and total. A consent begins only by a box that the person ticked,
//! and leaving a box empty never ends one: ending is `Withdraw`, an act of its own.

use alloc::vec::Vec;

use crate::choice::{Answer, Choice, Choices};
use crate::ids::{PurposeId, PurposeVersion};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Where one consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ConsentState {
    /// The person saw the box, sent the form, and left it empty (`dpv:ConsentRefused`).
    Refused,
    /// The person ticked the box (`dpv:ConsentGiven`, or `dpv:RenewedConsentGiven` after a second time).
    Given {
        /// The moment from which it no longer counts, in Unix seconds.
        until: UnixSeconds,
    },
    /// The person took it back (`dpv:ConsentWithdrawn`).
    Withdrawn,
    /// Its term ended (`dpv:ConsentExpired`).
    Expired,
}

impl ConsentState {
    /// Whether it stands at a moment: given, and before its end.
    #[must_use]
    pub fn may_process(self, at: Timestamp) -> bool {
        matches!(self, Self::Given { until } if at.unix_seconds() < until)
    }

    /// From when it no longer counts, in Unix seconds, if it stands.
    #[must_use]
    pub const fn ends(self) -> Option<UnixSeconds> {
        match self {
            Self::Given { until } => Some(until),
            Self::Refused | Self::Withdrawn | Self::Expired => None,
        }
    }
}

/// Unix seconds, as a plain number so that stored states stay small.
pub type UnixSeconds = i64;

/// One consent of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Consent {
    /// What it is for.
    pub purpose: PurposeId,
    /// The version that the state is about.
    pub version: PurposeVersion,
    /// Where it stands.
    pub state: ConsentState,
    /// Since when, in Unix seconds.
    pub since: UnixSeconds,
}

/// All consents of one subject, one per purpose, in the order in which they were first asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Consents(pub Vec<Consent>);

/// What the person did, or let pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Sent a form with these choices.
    Record(Choices),
    /// Took back the consent to one purpose.
    Withdraw(PurposeId),
    /// Took back everything.
    WithdrawAll,
    /// Nothing: the clock reached this moment, in Unix seconds.
    Expire(UnixSeconds),
}

/// What happened to one consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentEvent {
    /// What it is for.
    pub purpose: PurposeId,
    /// Which version of it.
    pub version: PurposeVersion,
    /// What happened.
    pub kind: EventKind,
}

/// The kinds of consent event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum EventKind {
    /// A box was ticked where no consent stood.
    Given {
        /// The moment from which the consent no longer counts, in Unix seconds.
        until: UnixSeconds,
    },
    /// A box was ticked where consent already stood: it counts for a new term.
    Renewed {
        /// The moment from which the consent no longer counts, in Unix seconds.
        until: UnixSeconds,
    },
    /// A box was seen and left empty, where nothing stood.
    Refused,
    /// A consent was taken back.
    Withdrawn,
    /// The term of a consent ended.
    Expired,
}

impl Consents {
    /// The consent to one purpose, if it was ever asked.
    #[must_use]
    pub fn get(&self, purpose: &PurposeId) -> Option<&Consent> {
        self.0.iter().find(|consent| consent.purpose == *purpose)
    }

    /// Whether the data may be used for this version of a purpose at a moment.
    ///
    /// Only a consent that stands, for the very version, before its end. Anything else is no.
    #[must_use]
    pub fn may_process(&self, purpose: &PurposeId, version: PurposeVersion, at: Timestamp) -> bool {
        self.get(purpose).is_some_and(|consent| consent.may_process(version, at))
    }

    /// Whether any consent can still be taken back.
    #[must_use]
    pub fn any_given(&self) -> bool {
        self.0.iter().any(Consent::is_given)
    }
}

impl Consent {
    /// Whether the data may be used for this version of its purpose at a moment.
    #[must_use]
    pub fn may_process(&self, version: PurposeVersion, at: Timestamp) -> bool {
        self.state.may_process(at) && self.version == version
    }

    /// Whether it stands: also between the end of its term and the event that says so, when it can still be taken back.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.ends().is_some()
    }

    /// From when a consent that stands no longer counts, in Unix seconds.
    #[must_use]
    pub fn ends(&self) -> Option<UnixSeconds> {
        self.state.ends()
    }
}

/// The end of a consent given at a moment, in Unix seconds; the caller knows the calendar.
pub type Until<'a> = &'a dyn Fn(u16) -> UnixSeconds;

/// Turns what the person did into events, in the order of the notice.
///
/// `until` answers when a consent that is given now and counts for so many calendar months ends.
/// Recording choices that change nothing gives no events and is no error: the receipt still shows the choices.
///
/// # Errors
///
/// [`Refusal::NothingToWithdraw`] when the consent to withdraw does not stand.
pub fn decide(state: &Consents, command: &Command, until: Until<'_>) -> Result<Vec<ConsentEvent>, Refusal> {
    match command {
        Command::Record(choices) => {
            Ok(choices.answers().iter().filter_map(|answer| recorded(state, answer, until)).collect())
        }
        Command::Withdraw(purpose) => withdrawn(state, |consent| consent.purpose == *purpose),
        Command::WithdrawAll => withdrawn(state, |_| true),
        Command::Expire(now) => {
            let over = state.0.iter().filter(|consent| consent.ends().is_some_and(|until| until <= *now));
            Ok(over.map(|consent| event(consent, EventKind::Expired)).collect())
        }
    }
}

fn recorded(state: &Consents, answer: &Answer, until: Until<'_>) -> Option<ConsentEvent> {
    let before = state.get(&answer.purpose);
    let kind = match answer.choice {
        Choice::Given if before.is_some_and(|c| c.is_given() && c.version == answer.version) => {
            EventKind::Renewed { until: until(answer.validity_months) }
        }
        Choice::Given => EventKind::Given { until: until(answer.validity_months) },
        Choice::NotGiven if before.is_none() => EventKind::Refused,
        Choice::NotGiven => return None,
    };
    Some(ConsentEvent { purpose: answer.purpose.clone(), version: answer.version, kind })
}

fn withdrawn(state: &Consents, chosen: impl Fn(&Consent) -> bool) -> Result<Vec<ConsentEvent>, Refusal> {
    let given = state.0.iter().filter(|consent| consent.is_given() && chosen(consent));
    let events: Vec<_> = given.map(|consent| event(consent, EventKind::Withdrawn)).collect();
    if events.is_empty() { Err(Refusal::NothingToWithdraw) } else { Ok(events) }
}

fn event(consent: &Consent, kind: EventKind) -> ConsentEvent {
    ConsentEvent { purpose: consent.purpose.clone(), version: consent.version, kind }
}

/// The state after an event. Total: an event of the past is never refused.
#[must_use]
pub fn apply(mut state: Consents, event: &ConsentEvent, at: Timestamp) -> Consents {
    let after = Consent {
        purpose: event.purpose.clone(),
        version: event.version,
        state: match event.kind {
            EventKind::Given { until } | EventKind::Renewed { until } => ConsentState::Given { until },
            EventKind::Refused => ConsentState::Refused,
            EventKind::Withdrawn => ConsentState::Withdrawn,
            EventKind::Expired => ConsentState::Expired,
        },
        since: at.unix_seconds(),
    };
    match state.0.iter_mut().find(|consent| consent.purpose == event.purpose) {
        Some(consent) => *consent = after,
        None => state.0.push(after),
    }
    state
}

#[cfg(test)]
#[path = "lifecycle_tests.rs"]
mod tests;
