//! What time does to a person's record: consent ends, contact data is forgotten, proof is erased.
//!
//! In scope: what is due next, and when. Out of scope: reading clocks, and doing it (collector).
//!
//! Invariant: nothing is due while a consent stands but its own end, and every record is erased some day.

use crate::lifecycle::{Consent, Consents};
use crate::time::Timestamp;

/// What is to be done with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// A consent has come to the end of its term (EDPB 05/2020 ¶111), or one that waits was not confirmed in time.
    Expire,
    /// No consent stands any more, so contact data has no purpose left (Art. 17(1)(b)).
    ForgetContact,
    /// The term of the proof is over (Art. 5(1)(e)).
    Erase,
}

/// Days within which the owner of an address confirms what was requested; then the address is forgotten.
pub const CONFIRM_DAYS: i64 = 7;

/// Days within which the owner of an address can undo what was taken back: it may have been done by somebody to whom a mail
/// was forwarded.
pub const UNDO_DAYS: i64 = 30;

/// How long things may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Days within which contact data is erased after the last consent has ended, as the notice promised.
    pub erasure_days: u16,
    /// Calendar months for which proof is kept after the last consent has ended.
    pub proof_months: u16,
}

/// What is due next for a record, and from when.
#[must_use]
pub fn next(consents: &Consents, has_contact: bool, terms: Terms) -> (Duty, Timestamp) {
    let first_end = consents.0.iter().filter_map(Consent::ends).min();
    if let Some(until) = first_end {
        return (Duty::Expire, Timestamp::from_unix_seconds(until));
    }
    let ended = consents.0.iter().map(|consent| consent.since).max().unwrap_or_default();
    let ended = Timestamp::from_unix_seconds(ended);
    if has_contact {
        (Duty::ForgetContact, ended.plus_seconds(i64::from(terms.erasure_days) * DAY_SECONDS))
    } else {
        (Duty::Erase, ended.plus_months(terms.proof_months))
    }
}

const DAY_SECONDS: i64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use proptest::prelude::*;

    use super::*;
    use crate::ids::{PurposeId, PurposeVersion};
    use crate::lifecycle::{Command, ConsentState, apply, decide};

    const TERMS: Terms = Terms { erasure_days: 30, proof_months: 60 };

    fn consents(states: &[(ConsentState, i64)]) -> Consents {
        let consent = |(index, (state, since)): (usize, &(ConsentState, i64))| Consent {
            purpose: PurposeId::parse(&alloc::format!("p{index}")).unwrap(),
            version: PurposeVersion::try_from(1).unwrap(),
            state: *state,
            since: *since,
        };
        Consents(states.iter().enumerate().map(consent).collect())
    }

    #[track_caller]
    fn check(states: &[(ConsentState, i64)], has_contact: bool, expected: (Duty, &str)) {
        let (duty, at) = next(&consents(states), has_contact, TERMS);
        assert_eq!((duty, alloc::string::ToString::to_string(&at)), (expected.0, expected.1.into()));
    }

    #[test]
    fn one_thing_is_due_after_another() {
        use ConsentState::{Expired, Given, Refused, Withdrawn};
        let day = 86_400;
        check(
            &[(Given { until: 9 * day }, 0), (Given { until: 5 * day }, 0)],
            true,
            (Duty::Expire, "1970-01-06T00:00:00Z"),
        );
        check(
            &[(Expired, 5 * day), (Given { until: 9 * day }, 0)],
            true,
            (Duty::Expire, "1970-01-10T00:00:00Z"),
        );
        check(
            &[(Expired, 5 * day), (Withdrawn, 6 * day)],
            true,
            (Duty::ForgetContact, "1970-02-06T00:00:00Z"),
        );
        check(&[(Expired, 5 * day), (Withdrawn, 6 * day)], false, (Duty::Erase, "1975-01-07T00:00:00Z"));
        check(&[(Refused, 0)], false, (Duty::Erase, "1975-01-01T00:00:00Z"));
    }

    proptest! {
        /// Doing what is due when it is due ends every record, and no consent is cut short.
        #[test]
        fn every_record_ends(ends in proptest::collection::vec(proptest::option::of(1i64..1_000_000), 1..6)) {
            let state = |until: &Option<i64>| (until.map_or(ConsentState::Refused, |until| ConsentState::Given { until }), 0);
            let mut now = consents(&ends.iter().map(state).collect::<Vec<_>>());
            let mut has_contact = true;
            for _ in 0..=ends.len() + 1 {
                let (duty, at) = next(&now, has_contact, TERMS);
                match duty {
                    Duty::Expire => {
                        let events = decide(&now, &Command::Expire(at.unix_seconds()), &|_| 0).unwrap();
                        prop_assert!(!events.is_empty());
                        for event in &events {
                            prop_assert!(now.get(&event.purpose).and_then(Consent::ends).unwrap() <= at.unix_seconds());
                            now = apply(now, event, at);
                        }
                    }
                    Duty::ForgetContact => {
                        prop_assert!(!now.any_open());
                        has_contact = false;
                    }
                    Duty::Erase => {
                        prop_assert!(!now.any_open() && !has_contact);
                        return Ok(());
                    }
                }
            }
            prop_assert!(false, "it never ends");
        }
    }
}
