//! What may happen to a consent: commands in, events or a refusal out.
//!
//! In scope: the states of one subject's consents and the edges between them (states of DPV 2.3; see GLOSSARY).
//! Out of scope: storing events, proving them (`receipt`), reading clocks.
//!
//! Invariant: `decide` and `apply` are pure and total. A consent begins only by a box that the person ticked, or, where nothing
//! was known of them, by an imported list that proves it. Leaving a box empty never ends one: ending is `Withdraw`, an act of its
//! own. What rests on a sale is a state of its own, which no act turns into consent.

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
    /// The box was ticked, and waits until the owner of the address confirms it (`dpv:ConsentRequested`): nothing may be
    /// done with it yet.
    Requested {
        /// The moment from which it can no longer be confirmed, in Unix seconds.
        until: UnixSeconds,
    },
    /// Nobody confirmed it in time (`dpv:ConsentRequestDeferred`).
    Lapsed,
    /// The person ticked the box (`dpv:ConsentGiven`, or `dpv:RenewedConsentGiven` after a second time).
    Given {
        /// The moment from which it no longer counts, in Unix seconds.
        until: UnixSeconds,
    },
    /// The person took it back (`dpv:ConsentWithdrawn`).
    Withdrawn,
    /// Its term ended (`dpv:ConsentExpired`).
    Expired,
    /// It stood on an imported list that proves nothing (`dpv:ConsentUnknown`): nothing may be done with it.
    Unproven,
    /// No consent: they bought something, and did not object to messages about the like of it (Tw 11.7(3)).
    SoftOptIn {
        /// The moment from which it no longer counts, in Unix seconds.
        until: UnixSeconds,
    },
}

impl ConsentState {
    /// Whether it stands at a moment: given or resting on a sale, and before its end.
    #[must_use]
    pub fn may_process(self, at: Timestamp) -> bool {
        matches!(self, Self::Given { until } | Self::SoftOptIn { until } if at.unix_seconds() < until)
    }

    /// From when it no longer counts, if it stands, or can no longer be confirmed, if it waits; in Unix seconds.
    #[must_use]
    pub const fn ends(self) -> Option<UnixSeconds> {
        match self {
            Self::Given { until } | Self::Requested { until } | Self::SoftOptIn { until } => Some(until),
            Self::Refused | Self::Lapsed | Self::Withdrawn | Self::Expired | Self::Unproven => None,
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
    /// Sent a form with these choices, which ask for an address whose owner has not spoken yet: what is done by e-mail
    /// counts only when it is confirmed, until this moment in Unix seconds.
    Request(Choices, UnixSeconds),
    /// Confirmed, as the owner of the address, what was requested: these choices, as they were ticked.
    Confirm(Choices),
    /// Gave again, as the owner of the address, what was taken back at this moment in Unix seconds or later: these choices.
    Undo(Choices, UnixSeconds),
    /// Took back the consent to one purpose.
    Withdraw(PurposeId),
    /// Took back everything.
    WithdrawAll,
    /// Objected to all advertising (Art. 21(2)): takes back whatever stands, and counts also where nothing does.
    Object,
    /// Nothing: the clock reached this moment, in Unix seconds.
    Expire(UnixSeconds),
    /// Nothing here: an imported list names them for a purpose in a version, with the end of the consent in Unix seconds where
    /// the list proves one.
    Import(PurposeId, PurposeVersion, Option<UnixSeconds>),
    /// Bought something: messages about the like of it may be sent until this moment in Unix seconds; none where they objected at the
    /// sale.
    Buy(PurposeId, PurposeVersion, Option<UnixSeconds>),
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
    /// A box was ticked that waits for the owner of the address.
    Requested {
        /// The moment from which it can no longer be confirmed, in Unix seconds.
        until: UnixSeconds,
    },
    /// Nobody confirmed in time.
    Lapsed,
    /// A consent was taken back.
    Withdrawn,
    /// The term of a consent ended.
    Expired,
    /// An imported list named them and proves nothing.
    Unproven,
    /// They bought something and did not object.
    NotObjected {
        /// The moment from which it no longer counts, in Unix seconds.
        until: UnixSeconds,
    },
    /// They objected to what rests on a sale: at the sale, or later.
    Objected,
    /// The term of what rests on a sale ended.
    Ended,
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
    pub fn any_open(&self) -> bool {
        self.0.iter().any(Consent::is_open)
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
        matches!(self.state, ConsentState::Given { .. })
    }

    /// Whether it stands without consent, because of a sale.
    #[must_use]
    pub fn is_soft_opt_in(&self) -> bool {
        matches!(self.state, ConsentState::SoftOptIn { .. })
    }

    /// Whether it waits for the owner of the address.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        matches!(self.state, ConsentState::Requested { .. })
    }

    /// Whether the owner of the address can make it stand: it waits for them, or was taken back.
    #[must_use]
    pub fn may_be_confirmed(&self) -> bool {
        self.is_requested() || self.state == ConsentState::Withdrawn
    }

    /// Whether it stands or may come to stand, so that there is something to take back.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ends().is_some()
    }

    /// From when a consent that stands no longer counts, or one that waits can no longer be confirmed, in Unix seconds.
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
/// [`Refusal::NothingToWithdraw`] when the consent to withdraw does not stand, [`Refusal::NothingToConfirm`] when none of
/// the choices waits.
pub fn decide(state: &Consents, command: &Command, until: Until<'_>) -> Result<Vec<ConsentEvent>, Refusal> {
    match command {
        Command::Record(choices) => {
            Ok(choices.answers().iter().filter_map(|answer| recorded(state, answer, until)).collect())
        }
        Command::Request(choices, deadline) => Ok(choices
            .answers()
            .iter()
            .filter_map(|answer| requested(state, answer, *deadline, until))
            .collect()),
        Command::Confirm(choices) => confirmed(state, choices, until, Consent::is_requested),
        Command::Undo(choices, from) => confirmed(state, choices, until, |consent| {
            consent.state == ConsentState::Withdrawn && consent.since >= *from
        }),
        Command::Withdraw(purpose) => withdrawn(state, |consent| consent.purpose == *purpose),
        Command::WithdrawAll => withdrawn(state, |_| true),
        Command::Object => Ok(withdrawn(state, |_| true).unwrap_or_default()),
        Command::Expire(now) => {
            let over = state.0.iter().filter(|consent| consent.ends().is_some_and(|until| until <= *now));
            Ok(over.map(|consent| event(consent, end_of(consent.state))).collect())
        }
        // A list says nothing about who is known.
        Command::Import(purpose, ..) if state.get(purpose).is_some() => Ok(Vec::new()),
        Command::Import(purpose, version, until) => {
            let kind = until.map_or(EventKind::Unproven, |until| EventKind::Given { until });
            Ok(alloc::vec![ConsentEvent { purpose: purpose.clone(), version: *version, kind }])
        }
        // Nor does an organisation that says it sold something.
        Command::Buy(purpose, ..) if state.get(purpose).is_some() => Ok(Vec::new()),
        Command::Buy(purpose, version, until) => {
            let kind = until.map_or(EventKind::Objected, |until| EventKind::NotObjected { until });
            Ok(alloc::vec![ConsentEvent { purpose: purpose.clone(), version: *version, kind }])
        }
    }
}

const fn end_of(state: ConsentState) -> EventKind {
    match state {
        ConsentState::Given { .. } => EventKind::Expired,
        ConsentState::SoftOptIn { .. } => EventKind::Ended,
        _ => EventKind::Lapsed,
    }
}

/// As [`recorded`], but a tick for what is done by e-mail waits. One where consent stands already changes nothing: the
/// owner of the address has agreed, and whoever ticks now may be somebody else.
fn requested(
    state: &Consents,
    answer: &Answer,
    deadline: UnixSeconds,
    until: Until<'_>,
) -> Option<ConsentEvent> {
    if !(answer.by_email && answer.choice == Choice::Given) {
        return recorded(state, answer, until);
    }
    let stands = state.get(&answer.purpose).is_some_and(|c| c.is_given() && c.version == answer.version);
    let kind = EventKind::Requested { until: deadline };
    (!stands).then(|| ConsentEvent { purpose: answer.purpose.clone(), version: answer.version, kind })
}

fn confirmed(
    state: &Consents,
    choices: &Choices,
    until: Until<'_>,
    may: impl Fn(&Consent) -> bool,
) -> Result<Vec<ConsentEvent>, Refusal> {
    let waits = |answer: &&Answer| {
        let consent = state.get(&answer.purpose);
        answer.choice == Choice::Given && consent.is_some_and(|c| may(c) && c.version == answer.version)
    };
    let given = |answer: &Answer| ConsentEvent {
        purpose: answer.purpose.clone(),
        version: answer.version,
        kind: EventKind::Given { until: until(answer.validity_months) },
    };
    let events: Vec<_> = choices.answers().iter().filter(waits).map(given).collect();
    if events.is_empty() { Err(Refusal::NothingToConfirm) } else { Ok(events) }
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
    let open = state.0.iter().filter(|consent| consent.is_open() && chosen(consent));
    let stop = |consent: &Consent| {
        event(consent, if consent.is_soft_opt_in() { EventKind::Objected } else { EventKind::Withdrawn })
    };
    let events: Vec<_> = open.map(stop).collect();
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
            EventKind::Requested { until } => ConsentState::Requested { until },
            EventKind::Refused => ConsentState::Refused,
            EventKind::Lapsed => ConsentState::Lapsed,
            EventKind::Withdrawn | EventKind::Objected => ConsentState::Withdrawn,
            EventKind::Expired | EventKind::Ended => ConsentState::Expired,
            EventKind::Unproven => ConsentState::Unproven,
            EventKind::NotObjected { until } => ConsentState::SoftOptIn { until },
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
