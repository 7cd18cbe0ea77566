//! A copy of one state of a store in another engine.
//!
//! In scope: all rows of all spaces. Out of scope: where the copy goes, and what must be kept apart from it.
//!
//! Invariant: the copy is what one snapshot showed, whatever is committed meanwhile; until it is complete it must not be used.

use super::{Batch, Engine, KeyRange, Snapshot, Space, StoreError};

/// Rows in one commit of the copy.
const ROWS: usize = 4_096;

/// Copies everything that a snapshot shows; `copied` hears how many rows more. Gives how many there were.
///
/// # Errors
///
/// What either side says; then the copy is incomplete.
pub fn copy(from: &dyn Snapshot, into: &dyn Engine, copied: &mut dyn FnMut(u64)) -> Result<u64, StoreError> {
    let mut all = 0;
    for space in Space::ALL {
        let mut range = KeyRange::all();
        loop {
            let rows = from.page(*space, &range, ROWS)?;
            let Some((last, _)) = rows.last() else { break };
            range = range.after(last);
            let count = rows.len() as u64;
            let mut batch = Batch::default();
            for (key, value) in rows {
                batch.put(*space, key, value);
            }
            into.commit(&batch)?;
            all += count;
            copied(count);
        }
    }
    Ok(all)
}
