//! The clock of this machine, read in one place.
//!
//! In scope: the time of day. Out of scope: measuring how long something took (`std::time::Instant`).

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01T00:00:00Z; 0 for a clock that stands before that.
#[must_use]
pub fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
