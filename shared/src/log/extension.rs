//! The proof that a log has only grown since a checkpoint that somebody kept.
//!
//! In scope: its text, which is the body of C2SP tlog-witness `add-checkpoint`, and checking it. Out of scope: asking for one
//! (collector `/log/{organisation}/extension/{size}`).
//!
//! Invariant: [`Extension::check`] succeeds only if the log's key signed both heads and every entry of the old tree stands
//! unchanged, at its place, in the new one.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use super::checkpoint::{Checkpoint, CheckpointError, hash_lines, plain_number, read_hash, signed};
use super::note::{Note, NoteError, NoteKey};
use super::tree::{self, Hash};
use crate::limits::LOG_PROOF_BYTES_MAX;

/// Proof lines at most (tlog-witness).
const PATH_MAX: usize = 63;

/// Why an extension is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionError {
    /// Longer than one can be.
    #[error("couldn't read the extension: it is longer than {LOG_PROOF_BYTES_MAX} bytes")]
    TooLong,
    /// Not a size, hashes, a blank line and a checkpoint.
    #[error("couldn't read the extension: it is not `old SIZE`, hashes, a blank line and a checkpoint")]
    Shape,
    /// The signatures of one of the checkpoints.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text of one of the checkpoints.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A checkpoint of another log than the key's.
    #[error("a checkpoint is about another log")]
    Origin,
    /// Made for a tree of another size than the one that was kept.
    #[error("the extension begins at another size than the checkpoint that was kept")]
    Size,
    /// The log was rewritten, or the proof was changed.
    #[error(
        "the log of today does NOT contain the log that was kept: it was rewritten, or the proof was changed"
    )]
    Rewritten,
}

/// An extension as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The size that it begins at.
    pub old: u64,
    /// The consistency proof.
    pub path: Vec<Hash>,
    /// The newer checkpoint, signed.
    pub checkpoint: Note,
}

impl Extension {
    /// Reads one. Nothing is believed yet.
    ///
    /// # Errors
    ///
    /// [`ExtensionError::TooLong`], [`ExtensionError::Shape`] or [`ExtensionError::Note`].
    pub fn parse(text: &str) -> Result<Self, ExtensionError> {
        if text.len() > LOG_PROOF_BYTES_MAX {
            return Err(ExtensionError::TooLong);
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ExtensionError::Shape)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old = old.and_then(plain_number).ok_or(ExtensionError::Shape)?;
        let path: Vec<Hash> = lines.map(read_hash).collect::<Option<_>>().ok_or(ExtensionError::Shape)?;
        if path.len() > PATH_MAX {
            return Err(ExtensionError::Shape);
        }
        Ok(Self { old, path, checkpoint: Note::parse(checkpoint)? })
    }

    /// Checks it against a checkpoint that was kept; gives the newer one.
    ///
    /// # Errors
    ///
    /// An [`ExtensionError`] for what does not hold.
    pub fn check(&self, kept: &Note, log: &NoteKey) -> Result<Checkpoint, ExtensionError> {
        let head = |note| signed(note, log, ExtensionError::Origin);
        let (before, now) = (head(kept)?, head(&self.checkpoint)?);
        if before.size != self.old {
            return Err(ExtensionError::Size);
        }
        if tree::extends((before.size, &before.root), (now.size, &now.root), &self.path) {
            Ok(now)
        } else {
            Err(ExtensionError::Rewritten)
        }
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("old {}\n{}\n", self.old, hash_lines(&self.path)))?;
        f.write_str(&self.checkpoint.to_string())
    }
}
