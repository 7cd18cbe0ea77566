//! What receipts weigh: the file, and what each space takes of it, counted in the store itself.
//!
//! Invariant: the collector has stopped, so the file is complete; it is only read.

use std::path::Path;

use anyhow::{Context, Result};
use collector::store::Space;
use redb::{ReadOnlyDatabase, ReadableDatabase, ReadableTableMetadata, TableDefinition, TableError};

/// What the evidence log consists of.
pub(crate) const LOG: [Space; 3] = [Space::Head, Space::Leaf, Space::Node];

/// A space's part of a file.
pub(crate) struct Weight {
    pub(crate) space: Space,
    pub(crate) rows: u64,
    /// Keys, values, what finds them in a page, and room that pages have left.
    pub(crate) bytes: u64,
}

/// All spaces that have rows.
pub(crate) fn spaces(data: &Path) -> Result<Vec<Weight>> {
    let database = ReadOnlyDatabase::open(data.join("vinkje.redb")).context("couldn't open the store")?;
    let reading = database.begin_read()?;
    let mut weights = Vec::new();
    for space in Space::ALL {
        let table = TableDefinition::<&[u8], &[u8]>::new(space.name());
        let table = match reading.open_table(table) {
            Err(TableError::TableDoesNotExist(_)) => continue,
            table => table?,
        };
        let stats = table.stats()?;
        let bytes = stats.stored_bytes() + stats.metadata_bytes() + stats.fragmented_bytes();
        weights.push(Weight { space: *space, rows: table.len()?, bytes });
    }
    Ok(weights)
}
