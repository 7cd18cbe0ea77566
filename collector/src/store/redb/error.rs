//! What redb says went wrong, in the words of the contract.
//!
//! In scope: which of redb's errors is which of ours. Out of scope: what to do about them.
//!
//! Invariant: every error of redb ends here, and what is not known to be harmless counts as an unknown outcome.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use redb::{CommitError, DatabaseError, SetDurabilityError, StorageError, TableError, TransactionError};

use super::SCHEMA_VERSION;
use crate::store::StoreError;

/// Why a store file cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nothing there to open.
    #[error(
        "couldn't open the store: there is none. Next: put back a backup with `vinkje restore`, or run `vinkje init` for a new data folder"
    )]
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
        "couldn't open the store: this file is no finished store of vinkje. Next: put back a backup with `vinkje restore`, or run `vinkje init` for a new data folder"
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
        "couldn't open the store: the file is damaged. Next: keep it, and put back a backup with `vinkje restore`; vinkje repairs nothing silently"
    )]
    Damaged,
    /// The system refused.
    #[error("couldn't open the store: {0}")]
    Io(io::Error),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Runs what touches redb's pages. redb takes for granted that a page holds what it wrote, and panics where a damaged
/// file holds something else.
///
/// # Errors
///
/// As `act`, or `damaged` where it panicked.
pub(super) fn guarded<T, E>(damaged: E, act: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    // What a panic left half-done in redb is never used: a damaged store is given up.
    catch_unwind(AssertUnwindSafe(act)).unwrap_or(Err(damaged))
}

/// What a panic of redb says about the store.
pub(super) fn no_page_of_ours() -> StoreError {
    StoreError::Corrupt("a page does not hold what was written".into())
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

impl From<SetDurabilityError> for StoreError {
    fn from(error: SetDurabilityError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl OpenError {
    /// What it means to a store that was open before.
    pub(super) fn into_store_error(self) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Damaged | Self::NotAStore | Self::Schema { .. } => StoreError::Corrupt(self.to_string()),
            other => StoreError::Unavailable(other.to_string()),
        }
    }
}
