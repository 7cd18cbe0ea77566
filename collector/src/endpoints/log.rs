//! The delivery log: what came of the last tries, for each endpoint.
//!
//! In scope: the rows in `Delivered`. Out of scope: trying (`outbox::deliveries`), printing (`cli`).
//!
//! Invariant: it is a ring of a fixed number of rows for each endpoint, and no row names a person.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use shared::time::Timestamp;

use super::row::EndpointId;
use super::waiting::{About, Waiting};
use crate::records::{decode, encode};
use crate::store::{Batch, KeyRange, Snapshot, Space, StoreError};

/// Tries that are kept for each endpoint.
pub const TRIES_KEPT: u64 = 256;

/// A try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// Its number: they are counted for each endpoint, from 0.
    pub number: u64,
    /// When, in Unix seconds.
    pub at: i64,
    /// The message's id, the same for each try.
    pub id: String,
    /// What it was about, as [`About::bytes`].
    about: Vec<u8>,
    /// When the message was asked for, in Unix seconds.
    pub asked: i64,
    /// The how-manieth try of this message it was, from 1.
    pub tried: u16,
    /// What came of it.
    pub result: TryResult,
    /// How long it took, in milliseconds.
    pub milliseconds: u32,
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TryResult {
    /// It answered with this status.
    Status(u16),
    /// It may not be called: it leads inside, or would not be encrypted.
    Forbidden,
    /// Nobody answers there, or their certificate is not good.
    NoConnection,
    /// The time for it was over.
    TooSlow,
    /// The answer was too long, or broke off.
    Broken,
    /// The tool took the request and says no to this person.
    Refused,
}

impl TryResult {
    /// Whether it was taken.
    #[must_use]
    pub fn is_taken(self) -> bool {
        matches!(self, Self::Status(status) if (200..300).contains(&status))
    }
}

impl std::fmt::Display for TryResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Forbidden => f.write_str("not called: not an address of the public internet"),
            Self::NoConnection => f.write_str("no connection"),
            Self::TooSlow => f.write_str("too slow"),
            Self::Broken => f.write_str("no whole answer"),
            Self::Refused => f.write_str("refused for this person"),
        }
    }
}

impl Try {
    /// A try of a delivery.
    #[must_use]
    pub fn of(waiting: &Waiting, number: u64, at: Timestamp, id: String, came: (TryResult, u32)) -> Self {
        let (result, milliseconds) = came;
        Self {
            number,
            at: at.unix_seconds(),
            id,
            about: waiting.about.bytes(),
            asked: waiting.asked.unix_seconds(),
            tried: waiting.tries.saturating_add(1),
            result,
            milliseconds,
        }
    }

    /// What it was about.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`].
    pub fn about(&self) -> Result<About, StoreError> {
        About::read(&self.about)
    }

    /// Writes it, over the one that is a whole round older.
    pub fn put(&self, endpoint: EndpointId, rows: &mut Batch) {
        let place = u16::try_from(self.number % TRIES_KEPT).unwrap_or_default();
        let key = [&endpoint.prefix()[..], &place.to_be_bytes()].concat();
        rows.put(Space::Delivered, key, encode(self));
    }
}

/// The tries of an endpoint that are kept, the newest first.
///
/// # Errors
///
/// What the store says.
pub fn read(snapshot: &dyn Snapshot, endpoint: EndpointId) -> Result<Vec<Try>, StoreError> {
    let (mut tries, mut broken) = (Vec::new(), None);
    snapshot.scan(Space::Delivered, &KeyRange::prefix(&endpoint.prefix()), &mut |_, row| {
        match decode::<Try>(row) {
            Ok(one) => tries.push(one),
            Err(error) => broken = Some(error),
        }
        if broken.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    tries.sort_unstable_by_key(|one| std::cmp::Reverse(one.number));
    broken.map_or(Ok(tries), Err)
}
