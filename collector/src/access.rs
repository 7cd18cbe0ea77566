//! The access record: who downloaded people's contact data, when, for which purpose, and how many (OWASP ASVS 5.0 §16.2).
//!
//! In scope: its lines, adding one, reading all. Out of scope: downloading (`service::lists`), printing (`cli::access`).
//!
//! Invariant: lines are only ever added, numbered without gaps, and each holds the hash of the one before, so `fsck` sees when one
//! was changed or taken out, the newest apart. No line names a person whose data was downloaded.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::ids::{MailingId, PurposeId};
use shared::time::Timestamp;

use crate::records::{decode, encode};
use crate::sequencer::{Draft, SequenceError, Sequencer};
use crate::store::{Engine, Key, KeyRange, Snapshot, Space, StoreError, keys};

/// How often a line is numbered anew because another came first.
const ATTEMPTS_MAX: usize = 16;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in Unix seconds.
    pub at: i64,
    /// Who: the name of a key, or the command line.
    pub who: String,
    /// What they did.
    pub deed: Deed,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Began to download the list of a purpose, for a mailing if it says so.
    Began {
        /// Which purpose.
        purpose: PurposeId,
        /// Which mailing.
        mailing: Option<[u8; 16]>,
    },
    /// The download of that line ended.
    Ended {
        /// The number of the line that began it.
        began: u64,
        /// How many people it had by then.
        people: u64,
        /// Whether that was all.
        complete: bool,
    },
    /// Looked up what is behind one receipt.
    LookedUp,
    /// Stopped everything for a person, by the code on their slip.
    Stopped {
        /// Who of the staff, as the organisation calls them.
        by: String,
    },
}

impl Deed {
    /// The mailing that a download was for.
    #[must_use]
    pub fn mailing(&self) -> Option<MailingId> {
        match self {
            Self::Began { mailing, .. } => mailing.map(MailingId::from_bytes),
            Self::Ended { .. } | Self::LookedUp | Self::Stopped { .. } => None,
        }
    }
}

/// A line as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    /// SHA-256 of the row before; zeros for the first.
    before: [u8; 32],
    entry: Entry,
}

/// Newest first, so that the last line is found at once.
fn key(organisation: u32, number: u64) -> Key {
    keys::body(organisation, u64::MAX - number)
}

/// Adds a line, and returns its number when it is durable.
///
/// # Errors
///
/// What the sequencer says; then the line may be there or not.
pub async fn add(
    engine: &dyn Engine,
    sequencer: &Sequencer,
    organisation: u32,
    entry: Entry,
) -> Result<u64, SequenceError> {
    for _ in 0..ATTEMPTS_MAX {
        let (number, draft) = next(engine, organisation, &entry).map_err(|error| {
            tracing::error!(%error, "the access record cannot be read");
            SequenceError::InDoubt
        })?;
        match sequencer.store(draft).await {
            Ok(_) => return Ok(number),
            Err(SequenceError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Err(SequenceError::Overloaded)
}

fn next(engine: &dyn Engine, organisation: u32, entry: &Entry) -> Result<(u64, Draft), StoreError> {
    let last = engine.snapshot()?.page(Space::Access, &keys::of_organisation(organisation), 1)?;
    let (number, before) = match last.first() {
        Some((key, row)) => (number_of(key)? + 1, Sha256::digest(row).into()),
        None => (0, [0; 32]),
    };
    let mut draft = Draft::default();
    let row = encode(&Row { before, entry: entry.clone() });
    let key = key(organisation, number);
    draft.rows.expect_absent(Space::Access, key.clone()).put(Space::Access, key, row);
    Ok((number, draft))
}

fn number_of(key: &[u8]) -> Result<u64, StoreError> {
    keys::read_body_key(key).map(|(_, down)| u64::MAX - down)
}

/// Shows the lines of an organisation with their numbers, the newest first.
///
/// # Errors
///
/// What the store says.
pub fn read(
    snapshot: &dyn Snapshot,
    organisation: u32,
    mut show: impl FnMut(u64, Entry) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let mut range = keys::of_organisation(organisation);
    loop {
        let rows = snapshot.page(Space::Access, &range, PAGE_ROWS)?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        range = KeyRange::after(&range, last);
        for (key, row) in &rows {
            let Row { entry, .. } = decode(row)?;
            if show(number_of(key)?, entry).is_break() {
                return Ok(());
            }
        }
    }
}

const PAGE_ROWS: usize = 256;

/// Whether the lines follow one another without a gap, each with the hash of the one before.
///
/// # Errors
///
/// What the store says.
pub fn holds(snapshot: &dyn Snapshot, organisation: u32) -> Result<bool, StoreError> {
    // What the line that was looked at last says of the one before it: number and hash.
    let mut expected: Option<(Option<u64>, [u8; 32])> = None;
    let mut holds = true;
    snapshot.scan(Space::Access, &keys::of_organisation(organisation), &mut |key, row| {
        let (Ok(number), Ok(Row { before, .. })) = (number_of(key), decode::<Row>(row)) else {
            holds = false;
            return ControlFlow::Break(());
        };
        let hash: [u8; 32] = Sha256::digest(row).into();
        holds &= expected.is_none_or(|expected| expected == (Some(number), hash));
        expected = Some((number.checked_sub(1), before));
        ControlFlow::Continue(())
    })?;
    Ok(holds && expected.is_none_or(|expected| expected == (None, [0; 32])))
}

/// The moment of a line.
#[must_use]
pub fn at(entry: &Entry) -> Timestamp {
    Timestamp::from_unix_seconds(entry.at)
}
