//! What keeps programs that fill in forms from harming people: no puzzle, no third party, nothing stored.
//!
//! In scope: answers that no person gives so quickly, and how many letters that ask to confirm go out for one organisation in an
//! hour. Out of scope: how many letters one address gets (`letter_limit`), how much one network may send (`http::guard`), the field that
//! people do not see (`submit`).
//!
//! Invariant: a person who is mistaken for a program loses nothing: their answer waits for their own confirmation, or their letter
//! comes later.

use std::num::NonZeroU32;

use governor::clock::DefaultClock;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use shared::offer::Offer;
use shared::time::Timestamp;

/// The defences, from the settings.
pub struct Bots {
    quick_seconds: i64,
    letters: Option<RateLimiter<u32, DashMapStateStore<u32>, DefaultClock>>,
}

impl Bots {
    /// `quick_seconds`: answers that come no later than this after their form was made come from a program. `letters_per_hour`: for
    /// each organisation. Zero switches either off.
    #[must_use]
    pub fn new(quick_seconds: u32, letters_per_hour: u32) -> Self {
        let letters = NonZeroU32::new(letters_per_hour).map(|most| RateLimiter::keyed(Quota::per_hour(most)));
        Self { quick_seconds: quick_seconds.into(), letters }
    }

    /// No defence.
    #[must_use]
    pub fn none() -> Self {
        Self::new(0, 0)
    }

    /// Whether an answer came sooner than a person reads.
    #[must_use]
    pub const fn too_quick(&self, offer: &Offer, now: Timestamp) -> bool {
        now.unix_seconds() - offer.issued.unix_seconds() < self.quick_seconds
    }

    /// Whether one more letter that asks to confirm may go out for an organisation now.
    #[must_use]
    pub fn allows_letter(&self, organisation: u32) -> bool {
        self.letters.as_ref().is_none_or(|letters| letters.check_key(&organisation).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_has_its_own_letters_and_zero_is_no_limit() {
        let bots = Bots::new(0, 2);
        assert!(bots.allows_letter(1) && bots.allows_letter(1) && !bots.allows_letter(1));
        assert!(bots.allows_letter(2));
        assert!((0..1_000).all(|_| Bots::none().allows_letter(1)));
    }
}
