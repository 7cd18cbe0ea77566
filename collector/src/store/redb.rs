//! The embedded engine: one redb file.
//!
//! In scope: creating, opening, committing and reading; redb's errors end here.
//! Out of scope: when to commit (`sequencer`).
//!
//! Invariant: every commit is synced in two phases with its allocator state (`set_quick_repair`), so a killed process
//! opens in milliseconds and a torn commit cannot be mistaken for a good one. `create` never opens, `open` never
//! creates, and neither repairs.

use std::cell::OnceCell;
use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use redb::{
    Builder, Database, Durability, ReadTransaction, ReadableDatabase, ReadableTable, StorageBackend,
    TableDefinition, TableError, WriteTransaction,
};

mod error;

pub use error::OpenError;
use error::{guarded, no_page_of_ours};

use super::{Batch, Engine, Expect, KeyRange, Snapshot, Space, StoreError, Visit, Write};

/// The file format: raised when rows change in a way that older collectors would misread.
pub const SCHEMA_VERSION: u32 = 6;

/// Memory for pages, in bytes. redb's own default is 1 GiB.
pub const CACHE_BYTES_DEFAULT: usize = 64 * 1024 * 1024;

const SCHEMA_KEY: &[u8] = b"schema_version";

type Source = Box<dyn Fn() -> Result<Database, OpenError> + Send + Sync>;

/// An open redb file.
///
/// After an error of the disk redb refuses everything until it is opened anew, so the next call does that. It is as
/// safe as a restart after a crash, and no repair: what would need one is refused as damaged.
pub struct RedbEngine {
    /// `None` only when opening anew failed.
    database: RwLock<Option<Database>>,
    source: Source,
    failed: AtomicBool,
}

const fn table(space: Space) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
    TableDefinition::new(space.name())
}

impl RedbEngine {
    /// Makes a new store in a file that must not exist, for its owner only.
    ///
    /// A crash in here leaves a file that [`RedbEngine::open`] refuses as unfinished.
    ///
    /// # Errors
    ///
    /// [`OpenError::Exists`], or what the system refused.
    pub fn create(path: &Path, cache_bytes: usize) -> Result<Self, OpenError> {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(OpenError::Exists),
            other => other?,
        };
        let engine = Self::new(builder(cache_bytes).create(path)?, source(path, cache_bytes));
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
        let source = source(path, cache_bytes);
        Self::new(source()?, source).checked()
    }

    /// Makes a new store on storage of one's own: how the tests cut the wire.
    ///
    /// # Errors
    ///
    /// As [`RedbEngine::create`].
    pub fn create_on(backend: impl StorageBackend + Clone, cache_bytes: usize) -> Result<Self, OpenError> {
        let source = source_on(backend, cache_bytes);
        let engine = Self::new(source()?, source);
        engine.write_schema()?;
        Ok(engine)
    }

    /// Opens a store on storage of one's own.
    ///
    /// # Errors
    ///
    /// As [`RedbEngine::open`].
    pub fn open_on(backend: impl StorageBackend + Clone, cache_bytes: usize) -> Result<Self, OpenError> {
        if backend.len()? == 0 {
            return Err(OpenError::Missing);
        }
        let source = source_on(backend, cache_bytes);
        Self::new(source()?, source).checked()
    }

    fn new(database: Database, source: Source) -> Self {
        Self { database: RwLock::new(Some(database)), source, failed: AtomicBool::new(false) }
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

    /// Does something with the database, opened anew if the disk failed before.
    fn with<T>(&self, act: impl FnOnce(&Database) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.failed.load(Ordering::Acquire) {
            self.reopen()?;
        }
        let guard: RwLockReadGuard<'_, _> = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = guard.as_ref().ok_or_else(|| StoreError::Unavailable("it is closed".into()))?;
        let outcome = guarded(no_page_of_ours(), || act(database));
        if matches!(outcome, Err(StoreError::Unavailable(_) | StoreError::Full(_))) {
            self.failed.store(true, Ordering::Release);
        }
        outcome
    }

    fn reopen(&self) -> Result<(), StoreError> {
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        if self.failed.load(Ordering::Acquire) {
            // The old one must be gone before the file can be opened again.
            drop(database.take());
            *database = Some((self.source)().map_err(OpenError::into_store_error)?);
            self.failed.store(false, Ordering::Release);
            tracing::warn!("the disk had failed; the store is open again");
        }
        Ok(())
    }
}

fn source(path: &Path, cache_bytes: usize) -> Source {
    let path = path.to_owned();
    Box::new(move || guarded(OpenError::Damaged, || Ok(builder(cache_bytes).open(&path)?)))
}

fn source_on(backend: impl StorageBackend + Clone, cache_bytes: usize) -> Source {
    Box::new(move || {
        guarded(OpenError::Damaged, || Ok(builder(cache_bytes).create_with_backend(backend.clone())?))
    })
}

fn begin(database: &Database) -> Result<WriteTransaction, StoreError> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    transaction.set_quick_repair(true);
    Ok(transaction)
}

/// A builder that gives up instead of repairing.
fn builder(cache_bytes: usize) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(cache_bytes).set_repair_callback(|session| session.abort());
    builder
}

/// A new file is there after a power loss only when its folder was synced too.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

impl Engine for RedbEngine {
    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        batch.check_sizes()?;
        self.with(|database| commit(database, batch))
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        self.with(|database| Ok(Box::new(RedbSnapshot::new(database.begin_read()?)) as Box<dyn Snapshot>))
    }
}

fn commit(database: &Database, batch: &Batch) -> Result<(), StoreError> {
    let transaction = begin(database)?;
    // An error drops the transaction, which undoes it.
    check(&transaction, batch)?;
    apply(&transaction, &batch.writes)?;
    Ok(transaction.commit()?)
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

struct RedbSnapshot {
    transaction: ReadTransaction,
    /// Tables by space, each opened once: that costs as much as reading a row.
    opened: [OnceCell<Option<Rows>>; Space::ALL.len()],
}

impl RedbSnapshot {
    fn new(transaction: ReadTransaction) -> Self {
        Self { transaction, opened: [const { OnceCell::new() }; Space::ALL.len()] }
    }

    /// A space that was never written has no table yet.
    fn rows(&self, space: Space) -> Result<Option<&Rows>, StoreError> {
        let opened = &self.opened[space as usize];
        if let Some(rows) = opened.get() {
            return Ok(rows.as_ref());
        }
        let rows = match self.transaction.open_table(table(space)) {
            Ok(rows) => Some(rows),
            Err(TableError::TableDoesNotExist(_)) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(opened.get_or_init(|| rows).as_ref())
    }
}

impl Snapshot for RedbSnapshot {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        guarded(no_page_of_ours(), || {
            let Some(rows) = self.rows(space)? else { return Ok(None) };
            Ok(rows.get(key)?.map(|row| row.value().to_vec()))
        })
    }

    fn scan(&self, space: Space, range: &KeyRange, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        guarded(no_page_of_ours(), || {
            let Some(rows) = self.rows(space)?.filter(|_| !range.is_empty()) else { return Ok(()) };
            let until = range.until().map_or(Bound::Unbounded, Bound::Excluded);
            for row in rows.range::<&[u8]>((Bound::Included(range.from()), until))? {
                let (key, value) = row?;
                if visit(key.value(), value.value()).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }
}
