//! Jobs: what is to be done after a commit, as rows of the same commit.
//!
//! In scope: their keys and rows. Out of scope: doing them (`outbox`), and what each is about (`service`).
//!
//! Invariant: a job is there exactly when the commit that asks for it is, so nothing is sent for what was not stored, and
//! nothing that was stored is forgotten. It is removed only after it was done: whoever does it may do it twice, when the
//! process dies in between, and never not at all.

use serde::{Deserialize, Serialize};
use shared::time::Timestamp;

use super::{Batch, Key, KeyRange, Space, StoreError};

/// What is to be done. The number is in stored keys and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum JobKind {
    /// Asks the owner of an address, by mail, to confirm what was requested in a receipt.
    Confirm = 1,
    /// Mails a receipt to the person.
    Receipt = 2,
    /// Mails that something was taken back.
    Stopped = 3,
    /// Mails the link of their own page to who asked for it.
    OwnLink = 4,
}

impl JobKind {
    const ALL: [Self; 4] = [Self::Confirm, Self::Receipt, Self::Stopped, Self::OwnLink];

    /// The kind with this number.
    #[must_use]
    pub fn read(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// A job, by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Not to be done before.
    pub due: Timestamp,
    /// For which organisation.
    pub organisation: u32,
    /// What.
    pub kind: JobKind,
    /// About what: a receipt's number for those that belong to one.
    pub about: Vec<u8>,
    /// How often it was tried.
    pub attempts: u16,
    /// By how many seconds it was put off since it was asked for.
    delayed: u32,
    /// The row as stored: the precondition of removing it.
    stored: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct JobRow {
    attempts: u16,
    delayed: u32,
}

/// Bytes of a key before what it is about: moment, organisation, kind.
const PREFIX_BYTES: usize = 13;

/// What begins the key of a job; the moment comes first, because whoever looks for work asks for all organisations at once.
#[must_use]
pub fn prefix(due: Timestamp, organisation: u32, kind: JobKind) -> Vec<u8> {
    [&due.unix_seconds().to_be_bytes()[..], &organisation.to_be_bytes(), &[kind as u8]].concat()
}

/// The row of a job that was never tried.
///
/// # Panics
///
/// Never: the row always encodes.
#[must_use]
pub fn fresh() -> Vec<u8> {
    row(&JobRow { attempts: 0, delayed: 0 })
}

fn row(row: &JobRow) -> Vec<u8> {
    postcard::to_allocvec(row).expect("two numbers always encode")
}

/// All jobs that are due at a moment.
#[must_use]
pub fn due_by(now: Timestamp) -> KeyRange {
    KeyRange::between([], now.plus_seconds(1).unix_seconds().to_be_bytes())
}

impl Job {
    /// Reads a row.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] when it is none of ours.
    pub fn read(key: &[u8], value: &[u8]) -> Result<Self, StoreError> {
        let bad = || StoreError::Corrupt("a job is not what was written".into());
        let (due, rest) = key.split_first_chunk::<8>().ok_or_else(bad)?;
        let (organisation, rest) = rest.split_first_chunk::<4>().ok_or_else(bad)?;
        let (kind, about) = rest.split_first().ok_or_else(bad)?;
        let JobRow { attempts, delayed } = postcard::from_bytes(value).map_err(|_| bad())?;
        Ok(Self {
            due: Timestamp::from_unix_seconds(i64::from_be_bytes(*due)),
            organisation: u32::from_be_bytes(*organisation),
            kind: JobKind::read(*kind).ok_or_else(bad)?,
            about: about.to_vec(),
            attempts,
            delayed,
            stored: value.to_vec(),
        })
    }

    /// The number of the receipt that it is about.
    #[must_use]
    pub fn sequence(&self) -> Option<u64> {
        self.about.as_slice().try_into().ok().map(u64::from_be_bytes)
    }

    /// When it was asked for: the same for each try.
    #[must_use]
    pub fn first_due(&self) -> Timestamp {
        self.due.plus_seconds(-i64::from(self.delayed))
    }

    fn key(&self) -> Key {
        let mut key = prefix(self.due, self.organisation, self.kind);
        debug_assert_eq!(key.len(), PREFIX_BYTES);
        key.extend(&self.about);
        key
    }

    /// Removes it, if nobody did before.
    pub fn remove(&self, rows: &mut Batch) {
        rows.expect_unchanged(Space::Job, self.key(), Some(self.stored.clone()));
        rows.delete(Space::Job, self.key());
    }

    /// Puts it off after a try.
    pub fn put_off(&self, rows: &mut Batch, until: Timestamp) {
        Self { attempts: self.attempts.saturating_add(1), ..self.clone() }.wait(rows, until);
    }

    /// Puts it off untried.
    pub fn wait(&self, rows: &mut Batch, until: Timestamp) {
        self.remove(rows);
        let later = Self { due: until, ..self.clone() };
        let more = until.unix_seconds().saturating_sub(self.due.unix_seconds());
        let delayed = self.delayed.saturating_add(u32::try_from(more).unwrap_or_default());
        let after = JobRow { attempts: self.attempts, delayed };
        rows.put(Space::Job, later.key(), row(&after));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_read_back_and_its_key_sorts_by_the_moment() {
        let at = |seconds| Timestamp::from_unix_seconds(seconds);
        let key = [prefix(at(1_000), 7, JobKind::Receipt), 9u64.to_be_bytes().to_vec()].concat();
        let job = Job::read(&key, &fresh()).unwrap();
        assert_eq!((job.due, job.organisation, job.kind), (at(1_000), 7, JobKind::Receipt));
        assert_eq!((job.sequence(), job.attempts), (Some(9), 0));
        let is_due = |now| due_by(at(now)).until().is_some_and(|until| key.as_slice() < until);
        assert!(is_due(1_000) && !is_due(999));
        let mut rows = Batch::default();
        job.put_off(&mut rows, at(2_000));
        let [delete, put] = rows.writes.as_slice() else { panic!("two writes") };
        assert!(delete.value.is_none() && delete.key == key);
        let later = Job::read(&put.key, put.value.as_ref().unwrap()).unwrap();
        assert_eq!((later.due, later.attempts, later.sequence()), (at(2_000), 1, Some(9)));
        assert_eq!(later.first_due(), at(1_000));
    }

    #[test]
    fn bytes_of_something_else_are_no_job() {
        for key in [&[][..], &[0; 12], &[0; 13], &[99; 21]] {
            assert!(matches!(Job::read(key, &fresh()), Err(StoreError::Corrupt(_))), "{key:?}");
        }
        let key = prefix(Timestamp::from_unix_seconds(1), 1, JobKind::Confirm);
        assert!(matches!(Job::read(&key, &[]), Err(StoreError::Corrupt(_))));
    }
}
