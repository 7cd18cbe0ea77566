//! The embedded engine: one redb file.
//!
//! In scope: creating, opening, committing and reading; redb's errors end here.
//! Out of scope: when to commit (`sequencer`).
//!
//! Invariant: every commit is synced in two phases with its allocator state (`set_quick_repair`), so a killed process
//! opens in milliseconds and a torn commit cannot be mistaken for a good one. `create` never opens, `open` never
//! creates, and neither repairs.

use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::path::Path;

use redb::{
    Builder, CommitError, Database, DatabaseError, Durability, ReadTransaction, ReadableDatabase,
    ReadableTable, StorageBackend, StorageError, TableDefinition, TableError, TransactionError,
    WriteTransaction,
};

use super::{Batch, Engine, Expect, KeyRange, Snapshot, Space, StoreError, Visit, Write};

/// The file format: raised when rows change in a way that older collectors would misread.
pub const SCHEMA_VERSION: u32 = 1;

/// Memory for pages, in bytes. redb's own default is 1 GiB.
pub const CACHE_BYTES_DEFAULT: usize = 64 * 1024 * 1024;

const SCHEMA_KEY: &[u8] = b"schema_version";

/// Why a store file cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nothing there to open.
    #[error("couldn't open the store: there is none yet. Next: run `vinkje init`")]
    Missing,
    /// Something there already.
    #[error(
        "couldn't create the store: there is one already. Next: run `vinkje serve`, or choose another data folder"
    )]
    Exists,
    /// Another process has it.
    #[error("couldn't open the store: another process has it open. Next: stop the other `vinkje`")]
    InUse,
    /// Not a store of ours, or its creation was cut short.
    #[error(
        "couldn't open the store: this is not a finished store of vinkje. Next: move the file away and run `vinkje init`"
    )]
    NotAStore,
    /// Written by another version of the program.
    #[error(
        "couldn't open the store: it has schema version {found}, this program reads {SCHEMA_VERSION}. Next: use the vinkje that fits"
    )]
    Schema {
        /// What the file says.
        found: u32,
    },
    /// The file was damaged from outside.
    #[error(
        "couldn't open the store: the file is damaged. Next: put back a backup; vinkje repairs nothing silently"
    )]
    Damaged,
    /// The system refused.
    #[error("couldn't open the store: {0}")]
    Io(#[from] io::Error),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An open redb file.
pub struct RedbEngine {
    database: Database,
}

const fn table(space: Space) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
    TableDefinition::new(space.name())
}

impl RedbEngine {
    /// Makes a new store in a file that must not exist.
    ///
    /// A crash in here leaves a file that [`RedbEngine::open`] refuses as unfinished.
    ///
    /// # Errors
    ///
    /// [`OpenError::Exists`], or what the system refused.
    pub fn create(path: &Path, cache_bytes: usize) -> Result<Self, OpenError> {
        match OpenOptions::new().write(true).create_new(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(OpenError::Exists),
            other => other?,
        };
        let engine = Self { database: builder(cache_bytes).create(path)? };
        engine.write_schema()?;
        sync_folder_of(path)?;
        Ok(engine)
    }

    /// Opens a store that [`RedbEngine::create`] made.
    ///
    /// # Errors
    ///
    /// An [`OpenError`] that says what to do next.
    pub fn open(path: &Path, cache_bytes: usize) -> Result<Self, OpenError> {
        match path.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(OpenError::Missing),
            other => other?,
        };
        Self { database: builder(cache_bytes).open(path)? }.checked()
    }

    /// Makes a new store on storage of one's own: how the tests cut the wire.
    ///
    /// # Errors
    ///
    /// As [`RedbEngine::create`].
    pub fn create_on(backend: impl StorageBackend, cache_bytes: usize) -> Result<Self, OpenError> {
        let engine = Self { database: builder(cache_bytes).create_with_backend(backend)? };
        engine.write_schema()?;
        Ok(engine)
    }

    /// Opens a store on storage of one's own.
    ///
    /// # Errors
    ///
    /// As [`RedbEngine::open`].
    pub fn open_on(backend: impl StorageBackend, cache_bytes: usize) -> Result<Self, OpenError> {
        if backend.len()? == 0 {
            return Err(OpenError::Missing);
        }
        Self { database: builder(cache_bytes).create_with_backend(backend)? }.checked()
    }

    fn write_schema(&self) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.expect_absent(Space::Meta, SCHEMA_KEY).put(
            Space::Meta,
            SCHEMA_KEY,
            SCHEMA_VERSION.to_be_bytes(),
        );
        self.commit(&batch)
    }

    fn checked(self) -> Result<Self, OpenError> {
        let row = self.snapshot()?.get(Space::Meta, SCHEMA_KEY)?.ok_or(OpenError::NotAStore)?;
        let found = u32::from_be_bytes(row.try_into().map_err(|_| OpenError::NotAStore)?);
        if found == SCHEMA_VERSION { Ok(self) } else { Err(OpenError::Schema { found }) }
    }

    fn begin(&self) -> Result<WriteTransaction, StoreError> {
        let mut transaction = self.database.begin_write()?;
        transaction
            .set_durability(Durability::Immediate)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        transaction.set_quick_repair(true);
        Ok(transaction)
    }
}

/// A builder that gives up instead of repairing.
fn builder(cache_bytes: usize) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(cache_bytes).set_repair_callback(|session| session.abort());
    builder
}

/// A new file is there after a power loss only when its folder was synced too.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

impl Engine for RedbEngine {
    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        batch.check_sizes()?;
        let transaction = self.begin()?;
        if let Err(error) = check(&transaction, batch).and_then(|()| apply(&transaction, &batch.writes)) {
            // Dropping aborts too; done in the open so that its own failure is not lost behind the first one.
            transaction.abort()?;
            return Err(error);
        }
        Ok(transaction.commit()?)
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        Ok(Box::new(RedbSnapshot(self.database.begin_read()?)))
    }
}

/// Checks the preconditions space by space, so that a table is opened once, and reports the first in the batch's order.
fn check(transaction: &WriteTransaction, batch: &Batch) -> Result<(), StoreError> {
    let mut first_unmet: Option<usize> = None;
    for space in Space::ALL {
        let mut of_space =
            batch.preconditions.iter().enumerate().filter(|(_, p)| p.space == *space).peekable();
        if of_space.peek().is_none() {
            continue;
        }
        let rows = transaction.open_table(table(*space))?;
        for (index, precondition) in of_space {
            let found = rows.get(precondition.key.as_slice())?;
            if !meets(&precondition.expect, found.as_ref()) {
                first_unmet = Some(first_unmet.map_or(index, |first| first.min(index)));
                break;
            }
        }
    }
    first_unmet.map_or(Ok(()), |index| Err(StoreError::Conflict { index }))
}

fn meets(expect: &Expect, found: Option<&redb::AccessGuard<'_, &'static [u8]>>) -> bool {
    expect.is_met_by(found.map(redb::AccessGuard::value))
}

/// Writes in the order of spaces and keys: neighbours share pages, which is worth a factor at large batches.
fn apply(transaction: &WriteTransaction, writes: &[Write]) -> Result<(), StoreError> {
    let mut ordered: Vec<&Write> = writes.iter().collect();
    // Stable, so that of two writes to one row the later one still comes last.
    ordered.sort_by(|a, b| (a.space, &a.key).cmp(&(b.space, &b.key)));
    for of_space in ordered.chunk_by(|a, b| a.space == b.space) {
        let mut rows = transaction.open_table(table(of_space[0].space))?;
        for write in of_space {
            match &write.value {
                Some(value) => drop(rows.insert(write.key.as_slice(), value.as_slice())?),
                None => drop(rows.remove(write.key.as_slice())?),
            }
        }
    }
    Ok(())
}

type Rows = redb::ReadOnlyTable<&'static [u8], &'static [u8]>;

struct RedbSnapshot(ReadTransaction);

impl RedbSnapshot {
    /// A space that was never written has no table yet.
    fn rows(&self, space: Space) -> Result<Option<Rows>, StoreError> {
        match self.0.open_table(table(space)) {
            Ok(rows) => Ok(Some(rows)),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl Snapshot for RedbSnapshot {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(rows) = self.rows(space)? else { return Ok(None) };
        Ok(rows.get(key)?.map(|row| row.value().to_vec()))
    }

    fn scan(&self, space: Space, range: &KeyRange, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let Some(rows) = self.rows(space)?.filter(|_| !range.is_empty()) else { return Ok(()) };
        let until = range.until().map_or(Bound::Unbounded, Bound::Excluded);
        for row in rows.range::<&[u8]>((Bound::Included(range.from()), until))? {
            let (key, value) = row?;
            if visit(key.value(), value.value()).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl From<StorageError> for StoreError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Corrupted(cause) => Self::Corrupt(cause),
            StorageError::Io(cause) if is_full(&cause) => Self::Full(cause.kind().to_string()),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

impl From<TransactionError> for StoreError {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::Storage(error) => error.into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<TableError> for StoreError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Storage(error) => error.into(),
            other => Self::Corrupt(other.to_string()),
        }
    }
}

impl From<CommitError> for StoreError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Storage(error) => error.into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<DatabaseError> for OpenError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen => Self::InUse,
            DatabaseError::RepairAborted | DatabaseError::Storage(StorageError::Corrupted(_)) => {
                Self::Damaged
            }
            DatabaseError::UpgradeRequired(_) => Self::NotAStore,
            DatabaseError::Storage(StorageError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                Self::NotAStore
            }
            DatabaseError::Storage(StorageError::Io(error)) => Self::Io(error),
            DatabaseError::Storage(error) => Self::Store(error.into()),
            other => Self::Store(StoreError::Unavailable(other.to_string())),
        }
    }
}
