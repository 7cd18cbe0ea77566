//! Counts with a bound, in memory, that are looked through now and then for what is over.
//!
//! In scope: room. Out of scope: what is counted (`letter_limit`, `slip_limit`).
//!
//! Invariant: a flood of new names never has all of them looked through for each: that would be the harm that it is meant to do.

use std::collections::HashMap;

/// How often full counts are looked through, in seconds.
const SWEEP_SECONDS: i64 = 60;

/// Counts by name.
pub(super) struct Swept<K, V> {
    pub(super) counts: HashMap<K, V>,
    /// When they were last looked through, in Unix seconds.
    swept: i64,
}

impl<K, V> Default for Swept<K, V> {
    fn default() -> Self {
        Self { counts: HashMap::new(), swept: 0 }
    }
}

impl<K, V> Swept<K, V> {
    /// Whether `more` names fit beside those that are there, `most` in all. What no longer `counts` may go.
    pub(super) fn has_room(
        &mut self,
        more: usize,
        most: usize,
        now: i64,
        counts: impl Fn(&V) -> bool,
    ) -> bool {
        if self.counts.len() + more > most && now - self.swept >= SWEEP_SECONDS {
            self.counts.retain(|_, count| counts(count));
            self.swept = now;
        }
        self.counts.len() + more <= most
    }
}
