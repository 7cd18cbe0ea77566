//! What is known of each witness: how far it cosigned each log, and what keeps it from going on.
//!
//! In scope: remembering, and when to ask again. Out of scope: asking (`mod`).
//!
//! Invariant: a witness that fails is asked more and more seldom, up to a limit; and a witness that is well is asked at once
//! when a log has grown, and now and then when it has not, so that its silence is noticed.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, Instant};

/// The longest that a witness which fails is left alone.
const PAUSE_MAX: Duration = Duration::from_secs(600);

/// What keeps a witness from cosigning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No whole answer in time.
    Silent,
    /// An answer that the protocol does not know.
    Status(u16),
    /// A signature that is not its own, or no signature at all.
    FalseSignature,
    /// It was not told to watch this log.
    UnknownLog,
    /// It does not know the key that signs this log.
    KeyUnknown,
    /// It saw so many entries of this log, and here are fewer: an old copy of the store was put back.
    SawMore(u64),
    /// It saw another history of this log.
    SawOther,
}

impl Trouble {
    /// Whether all logs suffer from it, not one only.
    #[must_use]
    pub const fn is_of_witness(self) -> bool {
        matches!(self, Self::Silent | Self::Status(_) | Self::FalseSignature)
    }

    /// Whether it shows that this log is not the one that was published before.
    #[must_use]
    pub const fn contradicts(self) -> bool {
        matches!(self, Self::SawMore(_) | Self::SawOther)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => f.write_str("it gave no whole answer in time"),
            Self::Status(status) => write!(f, "it answered with status {status}"),
            Self::FalseSignature => f.write_str("its answer has no true signature of its own"),
            Self::UnknownLog => f.write_str("it does not watch this log: run `vinkje witness add` there"),
            Self::KeyUnknown => {
                f.write_str("it knows another key of this log: run `vinkje witness add` there")
            }
            Self::SawMore(size) => write!(
                f,
                "it saw {size} entries of this log, and here are fewer: an old copy of the store was put back"
            ),
            Self::SawOther => {
                f.write_str("it saw another history of this log: entries were changed or lost here")
            }
        }
    }
}

/// When to ask again after failures.
#[derive(Debug, Clone, Copy, Default)]
struct Pause {
    failures: u32,
    until: Option<Instant>,
}

impl Pause {
    fn is_over(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| until <= now)
    }

    fn longer(&mut self, every: Duration, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        let pause = every.saturating_mul(1 << self.failures.min(16)).min(PAUSE_MAX);
        self.until = Some(now + pause);
    }
}

/// What a witness said of one log.
#[derive(Debug, Clone, Copy, Default)]
pub struct OfLog {
    /// Entries in the newest checkpoint that it cosigned; 0 before the first.
    pub size: u64,
    /// When it did, by its own clock, in Unix seconds.
    pub time: u64,
    /// What keeps it from going on with this log.
    pub trouble: Option<Trouble>,
    pause: Pause,
}

/// One witness.
#[derive(Debug, Clone, Default)]
pub struct OfWitness {
    /// By number of the organisation.
    pub logs: HashMap<u32, OfLog>,
    /// What keeps it from answering at all.
    pub trouble: Option<Trouble>,
    pause: Pause,
}

/// How often to ask, and when a cosignature is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two rounds.
    pub every: Duration,
    /// After so long without a new cosignature a witness counts as stale.
    pub stale: Duration,
}

impl Pace {
    /// Whether a cosignature of this time is old.
    #[must_use]
    pub fn is_stale(&self, time: u64, now: u64) -> bool {
        now.saturating_sub(time) > self.stale.as_secs()
    }
}

impl OfLog {
    /// What was said before, as the store has it.
    #[must_use]
    pub fn before(size: u64, time: u64) -> Self {
        Self { size, time, ..Self::default() }
    }
}

impl OfWitness {
    /// Whether to ask about a log of this size now.
    #[must_use]
    pub fn is_due(&self, organisation: u32, size: u64, pace: Pace, (now, at): (u64, Instant)) -> bool {
        let log = self.logs.get(&organisation).copied().unwrap_or_default();
        // Half way to stale, so that one failure does not make it so.
        let old = now.saturating_sub(log.time) > pace.stale.as_secs() / 2;
        (log.size != size || old) && self.pause.is_over(at) && log.pause.is_over(at)
    }

    /// Remembers a cosignature; whether there was trouble before.
    pub fn cosigned(&mut self, organisation: u32, size: u64, time: u64) -> bool {
        let log = self.logs.entry(organisation).or_default();
        let mended = self.trouble.is_some() || log.trouble.is_some();
        *log = OfLog::before(size, time);
        (self.trouble, self.pause) = (None, Pause::default());
        mended
    }

    /// Remembers trouble; whether it is news.
    pub fn failed(&mut self, organisation: u32, trouble: Trouble, every: Duration, at: Instant) -> bool {
        let log = self.logs.entry(organisation).or_default();
        let (known, pause) = if trouble.is_of_witness() {
            (&mut self.trouble, &mut self.pause)
        } else {
            (&mut log.trouble, &mut log.pause)
        };
        let news = *known != Some(trouble);
        *known = Some(trouble);
        pause.longer(every, at);
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { every: Duration::from_secs(10), stale: Duration::from_secs(1_000) };

    #[test]
    fn a_witness_is_asked_when_a_log_has_grown_or_its_word_grows_old() {
        let (mut witness, at) = (OfWitness::default(), Instant::now());
        assert!(witness.is_due(1, 5, PACE, (10_000, at)), "never asked");
        witness.cosigned(1, 5, 10_000);
        assert!(!witness.is_due(1, 5, PACE, (10_400, at)));
        assert!(witness.is_due(1, 6, PACE, (10_000, at)), "grown");
        assert!(witness.is_due(1, 5, PACE, (10_501, at)), "half way to stale");
        assert!(witness.is_due(2, 5, PACE, (10_000, at)), "another log");
        assert!(!PACE.is_stale(10_000, 11_000) && PACE.is_stale(10_000, 11_001));
        // A witness whose clock runs ahead is not stale before its time.
        assert!(!PACE.is_stale(12_000, 11_000));
    }

    #[test]
    fn who_fails_is_asked_more_and_more_seldom_and_at_once_again_when_well() {
        let (mut witness, at) = (OfWitness::default(), Instant::now());
        let due = |witness: &OfWitness, organisation, seconds| {
            witness.is_due(organisation, 5, PACE, (10_000, at + Duration::from_secs(seconds)))
        };
        assert!(witness.failed(1, Trouble::Silent, PACE.every, at));
        assert!(!due(&witness, 1, 19) && !due(&witness, 2, 19) && due(&witness, 1, 20));
        assert!(!witness.failed(2, Trouble::Silent, PACE.every, at), "no news");
        assert!(!due(&witness, 1, 39) && due(&witness, 1, 40));
        assert!((0..100).all(|_| !witness.failed(1, Trouble::Silent, PACE.every, at)));
        assert!(!due(&witness, 1, 599) && due(&witness, 1, 600), "ten minutes at most");
        assert!(witness.cosigned(1, 4, 10_000));
        assert!(due(&witness, 1, 0) && witness.trouble.is_none());
        // Trouble with one log leaves the others alone.
        assert!(witness.failed(1, Trouble::SawMore(9), PACE.every, at));
        assert!(!due(&witness, 1, 19) && due(&witness, 2, 0));
        assert!(witness.failed(1, Trouble::SawOther, PACE.every, at));
        assert!(Trouble::SawOther.contradicts() && !Trouble::UnknownLog.contradicts());
    }
}
