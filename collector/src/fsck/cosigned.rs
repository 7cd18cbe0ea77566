//! What witnesses signed, held against the log and against their keys.
//!
//! Invariant: a row names its witness's key, so that a witness which is no longer asked is checked all the same.

use shared::log::{Checkpoint, Note, NoteKey, tree};

use super::{Check, What};
use crate::log::Head;
use crate::log::read::Log;
use crate::store::{Space, StoreError, keys};

/// Rows that are looked at: witnesses of now and of before.
const ROWS_MAX: usize = 1_000;

impl Check<'_> {
    /// Every cosigned checkpoint of this log: both signatures, and whether today's log goes on from it.
    pub(super) fn cosignatures(&mut self) -> Result<(), StoreError> {
        let number = self.organisation.number;
        let rows = self.snapshot.page(Space::Cosignature, &keys::of_organisation(number), ROWS_MAX)?;
        let log = Log::new(self.snapshot, number);
        let head = log.head()?.unwrap_or_else(Head::default).frontier;
        for (key, row) in rows {
            let Some(seen) = self.cosigned(&key[4..], &row) else {
                self.found(None, What::CosignatureFalse);
                continue;
            };
            // A log that was started anew has another name; what was said of the one before is history.
            if seen.origin != self.origin {
                continue;
            }
            let path = log.consistency(seen.size, head.size()).unwrap_or_default();
            if !tree::extends((seen.size, &seen.root), (head.size(), &head.root()), &path) {
                self.found(None, What::CosignatureFalse);
            }
        }
        Ok(())
    }

    /// The checkpoint of a row, if both its signatures are true.
    fn cosigned(&self, witness: &[u8], row: &[u8]) -> Option<Checkpoint> {
        let witness = NoteKey::parse(std::str::from_utf8(witness).ok()?).ok()?;
        let note = Note::parse(std::str::from_utf8(row).ok()?).ok()?;
        let seen = Checkpoint::parse(note.text()).ok()?;
        note.signed_by(&self.signing.log.named(&seen.origin)).ok()?;
        note.signed_by(&witness).ok().map(|_| seen)
    }
}
