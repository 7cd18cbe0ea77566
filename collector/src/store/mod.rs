//! The store: ordered key-value spaces, consistent reads, and one atomic commit.
//!
//! In scope: the contract that every engine keeps ([`Engine`]), and the small values that cross it.
//! Out of scope: what the rows mean (typed tables and every rule about consent stand above), and how an engine keeps
//! its promises (one file per engine: `redb`).
//!
//! Invariant: no type of an engine's own library appears above its file, so engines can be exchanged by `Arc<dyn Engine>`.

use std::ops::ControlFlow;

pub mod body;
pub mod copy;
pub mod jobs;
pub mod keys;
mod range;
pub mod redb;

pub use range::KeyRange;

/// A row's key. Rows of a space are ordered by the bytes of their keys.
pub type Key = Vec<u8>;

/// Longest key, in bytes: the shortest row limit of the engines planned for (1 KiB in Aurora DSQL), halved.
pub const KEY_BYTES_MAX: usize = 512;

/// Largest value, in bytes: the largest thing kept is a form version with all its texts, about a quarter of this.
pub const VALUE_BYTES_MAX: usize = 1024 * 1024;

macro_rules! spaces {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// A named set of rows. The names are part of the file format: a new space is added, none is renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Space {
            $($(#[$doc])* $name,)+
        }

        impl Space {
            /// Every space, in order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name under which an engine keeps the space.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

spaces! {
    /// About the store itself: its schema version, and what must be known before anything else is read.
    Meta = "meta",
    /// Organisations, by name.
    Organisation = "organisation",
    /// Form versions.
    Form = "form",
    /// The exact wording of notices, by hash.
    Notice = "notice",
    /// The words that imported lists name: (organisation, hash) to the text.
    Wording = "wording",
    /// One row per organisation: the head of its log, whose size is the number of its next receipt.
    Head = "head",
    /// Receipts in the order in which they were stored: (organisation, sequence number).
    Body = "body",
    /// Where a receipt is: (organisation, receipt id) to sequence number.
    ById = "by_id",
    /// What stands in the log: (organisation, number of the first) to a run of commitments.
    Leaf = "leaf",
    /// Roots of complete subtrees above the leaves: (organisation, tile level, index).
    Node = "node",
    /// One person's record: (organisation, number of their first receipt).
    Subject = "subject",
    /// Who belongs to an address, and what stands for them: (organisation, keyed digest, number of their first receipt).
    Contact = "contact",
    /// What time will do: (moment, organisation, number of the subject's first receipt).
    Due = "due",
    /// Receipts that are gone because their person was erased: (organisation, number) to the moment.
    Erased = "erased",
    /// Addresses that asked to be erased: (organisation, keyed digest) to the moment.
    Suppressed = "suppressed",
    /// Addresses that objected to all advertising: (organisation, keyed digest) to the moment and the receipt's number.
    Objected = "objected",
    /// Counter slips: (organisation, keyed digest of the code) to the number of the person's first receipt.
    Slip = "slip",
    /// Keys of an organisation's own programs, by their hash.
    ApiKey = "api_key",
    /// How often what happened: (organisation, day, purpose, form, language, kind) to two numbers.
    Tally = "tally",
    /// Who downloaded what: (organisation, number counted down from the highest) to a line of the record.
    Access = "access",
    /// Mailings: (organisation, 0, id) to what it was; (organisation, 1, id, page) to the receipts that it rested on.
    Mailing = "mailing",
    /// What is to be done after a commit: (moment, organisation, kind, what it is about).
    Job = "job",
    /// What did not arrive: (organisation, kind, what it was about) to when and why.
    Undelivered = "undelivered",
    /// Who hears by itself what happened: (organisation, number, 0) to what it is; (organisation, number, 1) to how it is doing.
    Endpoint = "endpoint",
    /// What endpoints are still to be told: (organisation, endpoint, moment, what it is about).
    Delivery = "delivery",
    /// What came of the last deliveries: (organisation, endpoint, place in the ring).
    Delivered = "delivered",
    /// Kiosks: (organisation, kiosk) to what it is and how it is doing.
    Kiosk = "kiosk",
    /// What a kiosk sent: (organisation, kiosk, number) to what became of it.
    KioskEntry = "kiosk_entry",
    /// What a kiosk sent and was refused: (organisation, kiosk, place in a ring).
    KioskRefused = "kiosk_refused",
    /// Links to customers' own phones that were used: (organisation, kiosk, the link's random bytes) to when it was made.
    KioskTicket = "kiosk_ticket",
    /// Slips on which everything was taken back before their answer arrived: (organisation, keyed digest of the code) to the moment.
    SlipWithdrawn = "slip_withdrawn",
    /// What witnesses said of a log: (organisation, the witness's key) to a checkpoint with the log's and its signature.
    Cosignature = "cosignature",
    /// In the store of a witness: the last checkpoint that was cosigned, by the log's name.
    Witnessed = "witnessed",
}

/// What a precondition asks of a row.
///
/// The exact bytes are compared, there is no version column: see `docs/decisions/0201-compare-bytes.md`.
#[derive(Clone, PartialEq, Eq)]
pub enum Expect {
    /// There is no such row.
    Absent,
    /// The row holds exactly these bytes.
    Is(Vec<u8>),
}

impl Expect {
    /// Whether a row that was found meets the expectation.
    #[must_use]
    pub fn is_met_by(&self, found: Option<&[u8]>) -> bool {
        match self {
            Self::Absent => found.is_none(),
            Self::Is(bytes) => found == Some(bytes),
        }
    }
}

/// A row and what it must be for a batch to be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Precondition {
    /// In which space.
    pub space: Space,
    /// Which row.
    pub key: Key,
    /// What it must be.
    pub expect: Expect,
}

/// A row and what it becomes.
#[derive(Clone, PartialEq, Eq)]
pub struct Write {
    /// In which space.
    pub space: Space,
    /// Which row.
    pub key: Key,
    /// The new bytes, or `None` to remove the row.
    pub value: Option<Vec<u8>>,
}

/// Preconditions and writes that stand or fall together.
///
/// It has no `Debug`: rows hold personal data, sealed or not, and must not end up in a log by accident.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// All must hold in the state before the batch.
    pub preconditions: Vec<Precondition>,
    /// Applied in order: of two writes to one row the later one counts.
    pub writes: Vec<Write>,
}

impl Batch {
    /// Asks that a row does not exist yet.
    pub fn expect_absent(&mut self, space: Space, key: impl Into<Key>) -> &mut Self {
        self.expect(space, key, Expect::Absent)
    }

    /// Asks that a row is what the caller read: `None` stands for "was not there".
    pub fn expect_unchanged(
        &mut self,
        space: Space,
        key: impl Into<Key>,
        read: Option<Vec<u8>>,
    ) -> &mut Self {
        self.expect(space, key, read.map_or(Expect::Absent, Expect::Is))
    }

    /// Asks something of a row.
    pub fn expect(&mut self, space: Space, key: impl Into<Key>, expect: Expect) -> &mut Self {
        self.preconditions.push(Precondition { space, key: key.into(), expect });
        self
    }

    /// Writes a row, whether it was there or not.
    pub fn put(&mut self, space: Space, key: impl Into<Key>, value: impl Into<Vec<u8>>) -> &mut Self {
        self.writes.push(Write { space, key: key.into(), value: Some(value.into()) });
        self
    }

    /// Removes a row, whether it was there or not.
    pub fn delete(&mut self, space: Space, key: impl Into<Key>) -> &mut Self {
        self.writes.push(Write { space, key: key.into(), value: None });
        self
    }

    /// Whether every key and value is within [`KEY_BYTES_MAX`] and [`VALUE_BYTES_MAX`].
    ///
    /// # Errors
    ///
    /// [`StoreError::TooLarge`] for the first that is not.
    pub fn check_sizes(&self) -> Result<(), StoreError> {
        let keys = self.preconditions.iter().map(|p| &p.key).chain(self.writes.iter().map(|w| &w.key));
        let values = self.writes.iter().filter_map(|write| write.value.as_ref());
        let fits = keys.into_iter().all(|key| key.len() <= KEY_BYTES_MAX)
            && values.into_iter().all(|value| value.len() <= VALUE_BYTES_MAX);
        if fits { Ok(()) } else { Err(StoreError::TooLarge) }
    }
}

/// Why the store did not do what was asked. The causes name files and limits, never rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A precondition did not hold. Nothing was stored.
    #[error("couldn't commit a batch: precondition {index} did not hold")]
    Conflict {
        /// Place of the first such precondition in the batch.
        index: usize,
    },
    /// A key or value is over its limit: a fault of the caller. Nothing was stored.
    #[error(
        "couldn't commit a batch: a key is over {KEY_BYTES_MAX} bytes or a value over {VALUE_BYTES_MAX} bytes"
    )]
    TooLarge,
    /// The store cannot be reached. After a commit the outcome is unknown.
    #[error("couldn't reach the store: {0}")]
    Unavailable(String),
    /// There is no room. After a commit the outcome is unknown.
    #[error("couldn't write to the store: there is no room left ({0})")]
    Full(String),
    /// The store holds something that it never wrote.
    #[error("couldn't trust the store: {0}")]
    Corrupt(String),
}

/// Durable home of everything the collector keeps.
///
/// - `commit` MUST be atomic: all writes of a batch land, or none does.
/// - `commit` MUST check all preconditions against one state, and no other commit may come between that state and
///   the writes. It MUST answer [`StoreError::Conflict`] with the first precondition that does not hold, and then
///   MUST NOT have stored anything.
/// - When `commit` returns `Ok`, the writes MUST survive a crash and a power loss. Callers MUST NOT answer anybody before.
/// - After [`StoreError::Unavailable`] or [`StoreError::Full`] the outcome is unknown, and stays atomic. Callers retry
///   with a precondition that tells (for receipts: that their id is absent).
/// - After [`StoreError::Corrupt`] the process MUST stop; nothing is repaired silently.
/// - Rows of a space MUST be ordered by the bytes of their keys. An empty value is a value.
/// - A snapshot MUST show exactly the commits that returned before it was taken, and none that began after it.
///   An engine MUST allow many snapshots beside one commit. Snapshots are short-lived: an engine may have to keep
///   old pages for as long as one lives, and a server may end one that lives longer than a minute.
/// - Methods block on I/O. In async code call `commit` through the sequencer only; short reads may run in place.
///
/// There is no `put` outside a batch and no callback inside a transaction: a batch can travel to another machine.
/// There is no `close`: dropping the engine closes it in order.
pub trait Engine: Send + Sync {
    /// Stores a batch, durably, or nothing of it.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`]; see the contract for what each says about the outcome.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// The state as it is now, for reading.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError>;
}

/// What a scan shows rows to: key and value. It breaks off when it has seen enough.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// One state of the store. It MUST NOT change while it is held.
pub trait Snapshot: Send {
    /// The value of a row.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Shows the rows of a range to `visit` in the order of their keys, until it breaks.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`]; rows may have been shown before.
    fn scan(&self, space: Space, range: &KeyRange, visit: &mut Visit<'_>) -> Result<(), StoreError>;
}

impl dyn Snapshot + '_ {
    /// At most `rows_max` rows of a range, copied. For more, go on with [`KeyRange::after`] the last key.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::scan`].
    pub fn page(
        &self,
        space: Space,
        range: &KeyRange,
        rows_max: usize,
    ) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        let mut rows = Vec::new();
        if rows_max == 0 {
            return Ok(rows);
        }
        self.scan(space, range, &mut |key, value| {
            rows.push((key.to_vec(), value.to_vec()));
            if rows.len() < rows_max { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(rows)
    }
}
