//! Messages that did not reach a person: given up by the outbox, or reported back by a mail server (RFC 3464).
//!
//! In scope: the rows, and reading them. Out of scope: reports as they come in (`mail::inbound`), who may ask (`http`).
//!
//! Invariant: there is one row for what did not arrive, however often that is reported, and it holds no address: it names a
//! receipt, which names nobody once its person is erased.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use shared::time::Timestamp;

use crate::mail::inbound::Status;
use crate::records::{decode, encode};
use crate::store::jobs::JobKind;
use crate::store::{Batch, Key, KeyRange, Snapshot, Space, StoreError, keys};

/// Days for which it is kept that something did not arrive: by then a dead address is known everywhere.
pub const UNDELIVERED_DAYS: i64 = 365;

/// What did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A letter of ours.
    Letter(JobKind),
    /// A message that a program of the organisation sent, with one of our stop links in its head.
    Message,
}

impl What {
    const MESSAGE: u8 = 0;

    const fn byte(self) -> u8 {
        match self {
            Self::Letter(kind) => kind as u8,
            Self::Message => Self::MESSAGE,
        }
    }

    fn read(byte: u8) -> Option<Self> {
        if byte == Self::MESSAGE { Some(Self::Message) } else { JobKind::read(byte).map(Self::Letter) }
    }

    /// Its name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Letter(JobKind::Confirm) => "confirm",
            Self::Letter(JobKind::Receipt) => "receipt",
            Self::Letter(JobKind::Stopped) => "stopped",
            Self::Letter(JobKind::OwnLink) => "own_link",
            Self::Message => "message",
        }
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// What.
    pub what: What,
    /// What it was about: a receipt's number, or for the own link the digest of the address.
    pub about: Vec<u8>,
    /// When that was last known.
    pub at: Timestamp,
    /// Why, where a server said so.
    pub status: Option<Status>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    at: i64,
    status: Option<(u8, u16, u16)>,
}

fn key(organisation: u32, what: What, about: &[u8]) -> Key {
    [&organisation.to_be_bytes()[..], &[what.byte()], about].concat()
}

impl Undelivered {
    /// Notes it.
    pub fn note(&self, organisation: u32, rows: &mut Batch) {
        let status = self.status.map(|Status(class, subject, detail)| (class, subject, detail));
        let row = Row { at: self.at.unix_seconds(), status };
        rows.put(Space::Undelivered, key(organisation, self.what, &self.about), encode(&row));
    }

    /// The number of the receipt that it is about.
    #[must_use]
    pub fn sequence(&self) -> Option<u64> {
        self.about.as_slice().try_into().ok().map(u64::from_be_bytes)
    }
}

fn read(key: &[u8], value: &[u8]) -> Result<(u32, Undelivered), StoreError> {
    let bad = || StoreError::Corrupt("what did not arrive is not what was written".into());
    let (organisation, rest) = key.split_first_chunk::<4>().ok_or_else(bad)?;
    let (what, about) = rest.split_first().ok_or_else(bad)?;
    let Row { at, status } = decode(value)?;
    let undelivered = Undelivered {
        what: What::read(*what).ok_or_else(bad)?,
        about: about.to_vec(),
        at: Timestamp::from_unix_seconds(at),
        status: status.map(|(class, subject, detail)| Status(class, subject, detail)),
    };
    Ok((u32::from_be_bytes(*organisation), undelivered))
}

/// Shows the rows of a range to `visit`, each with its key and bytes, until it breaks.
fn each(
    snapshot: &dyn Snapshot,
    range: &KeyRange,
    mut visit: impl FnMut(&[u8], &[u8], Undelivered) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let mut bad = None;
    snapshot.scan(Space::Undelivered, range, &mut |key, value| match read(key, value) {
        Ok((_, undelivered)) => visit(key, value, undelivered),
        Err(error) => {
            bad = Some(error);
            ControlFlow::Break(())
        }
    })?;
    bad.map_or(Ok(()), Err)
}

/// Everything of an organisation since a moment, the newest first.
///
/// # Errors
///
/// What the store says.
pub fn since(
    snapshot: &dyn Snapshot,
    organisation: u32,
    moment: Timestamp,
) -> Result<Vec<Undelivered>, StoreError> {
    let mut all = Vec::new();
    each(snapshot, &KeyRange::prefix(&keys::organisation(organisation)), |_, _, undelivered| {
        all.extend((undelivered.at >= moment).then_some(undelivered));
        ControlFlow::Continue(())
    })?;
    all.sort_by_key(|undelivered| std::cmp::Reverse(undelivered.at));
    Ok(all)
}

/// Rows whose time is over, so many at most, as what removes them.
///
/// # Errors
///
/// What the store says.
pub fn over(snapshot: &dyn Snapshot, now: Timestamp, rows_max: usize) -> Result<Batch, StoreError> {
    let until = now.plus_seconds(-UNDELIVERED_DAYS * 24 * 60 * 60);
    let mut rows = Batch::default();
    each(snapshot, &KeyRange::all(), |key, value, undelivered| {
        if undelivered.at < until {
            rows.expect_unchanged(Space::Undelivered, key.to_vec(), Some(value.to_vec()));
            rows.delete(Space::Undelivered, key.to_vec());
        }
        if rows.writes.len() < rows_max { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_back_and_other_bytes_are_none() {
        let noted = Undelivered {
            what: What::Letter(JobKind::Confirm),
            about: 9u64.to_be_bytes().to_vec(),
            at: Timestamp::from_unix_seconds(1_000),
            status: Some(Status(5, 1, 1)),
        };
        let mut rows = Batch::default();
        noted.note(7, &mut rows);
        let [write] = rows.writes.as_slice() else { panic!("one row") };
        let value = write.value.as_deref().unwrap();
        assert_eq!(read(&write.key, value).unwrap(), (7, noted.clone()));
        assert_eq!(noted.sequence(), Some(9));
        for (key, value) in
            [(&write.key[..4], value), (&write.key[..3], value), (&write.key[..], &value[..value.len() - 1])]
        {
            assert!(matches!(read(key, value), Err(StoreError::Corrupt(_))));
        }
        let other = Undelivered { what: What::Message, about: Vec::new(), ..noted };
        let mut rows = Batch::default();
        other.note(7, &mut rows);
        assert_eq!(read(&rows.writes[0].key, rows.writes[0].value.as_deref().unwrap()).unwrap(), (7, other));
    }
}
