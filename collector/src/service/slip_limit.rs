//! How many slip codes may be tried that no slip has.
//!
//! In scope: counting, in memory, by the hour. Out of scope: looking a code up (`slips`), telling a mistyped code (`shared::slip`).
//!
//! Invariant: only codes that no slip has count, and whoever is over the limit hears nothing about any code, right or wrong. What
//! is kept is a number for a network's name of the day, and is gone with the process.

use std::sync::{Mutex, PoisonError};

use shared::limits::{
    SLIP_COUNTED_MAX, SLIP_WRONG_BY_STAFF, SLIP_WRONG_PER_NETWORK, SLIP_WRONG_PER_ORGANISATION,
};
use shared::time::Timestamp;

use super::swept::Swept;

const HOUR_SECONDS: i64 = 60 * 60;

/// Who tries codes of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tries {
    /// A network, by its name of the day.
    Network(u64),
    /// Everybody on the web, for this organisation.
    Web(u32),
    /// The organisation's own staff and programs.
    Staff(u32),
}

impl Tries {
    const fn most(self) -> u32 {
        match self {
            Self::Network(_) => SLIP_WRONG_PER_NETWORK,
            Self::Web(_) => SLIP_WRONG_PER_ORGANISATION,
            Self::Staff(_) => SLIP_WRONG_BY_STAFF,
        }
    }
}

/// Counts wrong codes.
#[derive(Default)]
pub struct SlipLimit(Mutex<Swept<Tries, (i64, u32)>>);

impl SlipLimit {
    /// Whether one more code may be tried; it counts as wrong until [`SlipLimit::was_right`] takes that back.
    pub fn admits(&self, tries: &[Tries], now: Timestamp) -> bool {
        let hour = now.unix_seconds().div_euclid(HOUR_SECONDS);
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A flood from so many networks: nobody is heard, rather than nobody counted.
        let counts = |(of, wrong): &(i64, u32)| *of == hour && *wrong > 0;
        let room = counted.has_room(tries.len(), SLIP_COUNTED_MAX, now.unix_seconds(), counts);
        let wrong = |who: &Tries| {
            counted.counts.get(who).filter(|(of, _)| *of == hour).map_or(0, |(_, wrong)| *wrong)
        };
        if !room || tries.iter().any(|who| wrong(who) >= who.most()) {
            return false;
        }
        for who in tries {
            let count = counted.counts.entry(*who).or_insert((hour, 0));
            *count = if count.0 == hour { (hour, count.1 + 1) } else { (hour, 1) };
        }
        true
    }

    /// The code that was tried is that of a slip.
    pub fn was_right(&self, tries: &[Tries]) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for who in tries {
            if let Some((_, wrong)) = counted.counts.get_mut(who) {
                *wrong = wrong.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    #[test]
    fn a_network_may_err_so_often_in_an_hour_and_right_codes_do_not_count() {
        let limit = SlipLimit::default();
        let tries = [Tries::Web(1), Tries::Network(7)];
        for _ in 0..3 * SLIP_WRONG_PER_NETWORK {
            assert!(limit.admits(&tries, at(0)));
            limit.was_right(&tries);
        }
        assert!((0..SLIP_WRONG_PER_NETWORK).all(|_| limit.admits(&tries, at(1))));
        assert!(!limit.admits(&tries, at(2)), "this network");
        assert!(limit.admits(&[Tries::Web(1), Tries::Network(8)], at(2)), "another one");
        assert!(limit.admits(&tries, at(HOUR_SECONDS)), "the next hour");
    }

    #[test]
    fn all_networks_together_have_a_limit_and_staff_has_its_own() {
        let limit = SlipLimit::default();
        for network in 0..u64::from(SLIP_WRONG_PER_ORGANISATION) {
            assert!(limit.admits(&[Tries::Web(1), Tries::Network(network)], at(0)));
        }
        assert!(!limit.admits(&[Tries::Web(1), Tries::Network(u64::MAX)], at(0)));
        assert!(limit.admits(&[Tries::Web(2), Tries::Network(u64::MAX)], at(0)), "another organisation");
        assert!((0..SLIP_WRONG_BY_STAFF).all(|_| limit.admits(&[Tries::Staff(1)], at(0))));
        assert!(!limit.admits(&[Tries::Staff(1)], at(0)));
    }

    #[test]
    fn what_is_counted_has_a_bound() {
        let limit = SlipLimit::default();
        let most = u64::try_from(SLIP_COUNTED_MAX).unwrap();
        assert!((0..most).all(|network| limit.admits(&[Tries::Network(network)], at(0))));
        assert!(!limit.admits(&[Tries::Network(most)], at(0)));
        assert!(limit.admits(&[Tries::Network(most)], at(HOUR_SECONDS)), "the hour before is forgotten");
    }
}
