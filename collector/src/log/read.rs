//! A log read back from one state of the store.
//!
//! In scope: its head, entries, tiles and proofs. Out of scope: media types and caching (`http`).
//!
//! Invariant: everything is read from one snapshot, so a proof always belongs to the head that is shown with it. Hashes
//! of leaves are not stored: they follow from the entries.

use std::ops::ControlFlow;

use shared::log::entry::{self, Commitment};
use shared::log::tile::{Holds, Tile};
use shared::log::tree::{self, Hash};

use super::Head;
use crate::store::{KeyRange, Snapshot, Space, StoreError, keys};

/// Commitments in one row at most. A commit writes one row for each so many of its entries.
pub const RUN_MAX: u64 = 256;

/// Tree levels in one level of tiles.
const TILE_LEVELS: u8 = 8;

/// One organisation's log.
pub struct Log<'a> {
    snapshot: &'a dyn Snapshot,
    organisation: u32,
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.into())
}

impl<'a> Log<'a> {
    /// The log of an organisation in this state.
    #[must_use]
    pub fn new(snapshot: &'a dyn Snapshot, organisation: u32) -> Self {
        Self { snapshot, organisation }
    }

    /// Its head; `None` before the first entry.
    ///
    /// # Errors
    ///
    /// What the store says, or [`StoreError::Corrupt`].
    pub fn head(&self) -> Result<Option<Head>, StoreError> {
        let row = self.snapshot.get(Space::Head, &keys::organisation(self.organisation))?;
        row.as_deref().map(Head::decode).transpose()
    }

    /// The commitments of `count` entries from `from`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] when one is missing.
    pub fn commitments(&self, from: u64, count: u64) -> Result<Vec<Commitment>, StoreError> {
        let mut found = Vec::with_capacity(count as usize);
        // The row that holds the first one begins less than a run before it.
        let first = keys::body(self.organisation, from.saturating_sub(RUN_MAX - 1));
        let range = KeyRange::between(first, keys::body(self.organisation, from + count));
        let mut broken = false;
        self.snapshot.scan(Space::Leaf, &range, &mut |key, row| {
            let (Ok((_, start)), (run, [])) = (keys::read_body_key(key), row.as_chunks::<32>()) else {
                broken = true;
                return ControlFlow::Break(());
            };
            let wanted = (start..).zip(run).filter(|(index, _)| (from..from + count).contains(index));
            found.extend(wanted.map(|(_, commitment)| *commitment));
            ControlFlow::Continue(())
        })?;
        if broken || found.len() as u64 != count {
            Err(corrupt("entries of a log are missing"))
        } else {
            Ok(found)
        }
    }

    /// Roots of complete subtrees of tree level 8 × `level`, from `from`.
    fn hashes(&self, level: u8, from: u64, count: u64) -> Result<Vec<Hash>, StoreError> {
        if level == 0 {
            return Ok(self.commitments(from, count)?.iter().map(entry::leaf).collect());
        }
        let key = |index| keys::node(self.organisation, level, index);
        let rows = self.snapshot.page(
            Space::Node,
            &KeyRange::between(key(from), key(from + count)),
            count as usize,
        )?;
        let hashes: Option<Vec<Hash>> =
            rows.iter().map(|(_, hash)| hash.as_slice().try_into().ok()).collect();
        hashes
            .filter(|hashes| hashes.len() as u64 == count)
            .ok_or_else(|| corrupt("nodes of a log are missing"))
    }

    /// The root of a complete subtree.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] when it is not stored and does not follow from what is.
    pub fn node(&self, level: u8, index: u64) -> Result<Hash, StoreError> {
        let (tile, above) = (level / TILE_LEVELS, level % TILE_LEVELS);
        let mut hashes = self.hashes(tile, index << above, 1 << above)?;
        while hashes.len() > 1 {
            hashes = hashes.chunks(2).map(|pair| tree::node_hash(&pair[0], &pair[1])).collect();
        }
        hashes.pop().ok_or_else(|| corrupt("nodes of a log are missing"))
    }

    /// The bytes of a tile that exists.
    ///
    /// # Errors
    ///
    /// As [`Log::node`].
    pub fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, StoreError> {
        let size = self.head()?.map_or(0, |head| head.frontier.size());
        let Some(first) = tile.first().filter(|_| tile.exists_at(size)) else { return Ok(None) };
        let count = u64::from(tile.width);
        Ok(Some(match tile.holds {
            Holds::Hashes(level) => self.hashes(level, first, count)?.concat(),
            Holds::Entries => self.commitments(first, count)?.iter().flat_map(bundled).collect(),
        }))
    }

    /// The proof that the tree of the new size begins with that of the old one.
    ///
    /// # Errors
    ///
    /// As [`Log::node`].
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        tree::consistency_proof(old, new, |level, index| self.node(level, index))
    }

    /// The path from an entry to the root of a tree of this size.
    ///
    /// # Errors
    ///
    /// As [`Log::node`].
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        tree::inclusion_proof(index, size, |level, index| self.node(level, index))
    }
}

/// An entry as it stands in a bundle: after its length.
fn bundled(commitment: &Commitment) -> Vec<u8> {
    let entry = entry::entry(commitment);
    [&(entry.len() as u16).to_be_bytes()[..], entry.as_bytes()].concat()
}
