//! A checkpoint: which log, how large, with which root (C2SP tlog-checkpoint).
//!
//! In scope: the text that is signed. Out of scope: signatures (`note`).
//!
//! Invariant: a checkpoint has one spelling, so two signatures over the same head are over the same bytes. Extension lines
//! are not written and not read: no consumer of ours would know what they promise.

use alloc::format;
use alloc::string::{String, ToString};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::fmt;

use super::note::{Note, NoteError, NoteKey};
use super::tree::Hash;

/// Why a checkpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not three lines, each ended.
    #[error("couldn't read the checkpoint: it is not three lines of text")]
    Shape,
    /// No name of a log.
    #[error("couldn't read the checkpoint: it names no log")]
    Origin,
    /// Not a decimal number without leading zeros.
    #[error("couldn't read the checkpoint: its size is not a plain number")]
    Size,
    /// Not 32 bytes in base64.
    #[error("couldn't read the checkpoint: its root is not 32 bytes in base64")]
    Root,
}

/// The head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: its address without `https://`.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// Reads the text of a note.
    ///
    /// # Errors
    ///
    /// A [`CheckpointError`] for the first line that is not right.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Shape)?.split('\n');
        let mut line = || lines.next().ok_or(CheckpointError::Shape);
        let (origin, size, root) = (line()?, line()?, line()?);
        if lines.next().is_some() {
            return Err(CheckpointError::Shape);
        }
        if origin.is_empty() {
            return Err(CheckpointError::Origin);
        }
        let number = plain_number(size).ok_or(CheckpointError::Size)?;
        let root = read_hash(root).ok_or(CheckpointError::Root)?;
        Ok(Self { origin: origin.to_string(), size: number, root })
    }
}

/// The head of a log that signed it, and nobody else's; `other` is the error for a note about another log than the key's.
///
/// # Errors
///
/// `other`, or what is wrong with the signature or the text.
pub fn signed<E: From<NoteError> + From<CheckpointError>>(
    note: &Note,
    log: &NoteKey,
    other: E,
) -> Result<Checkpoint, E> {
    note.signed_by(log)?;
    let head = Checkpoint::parse(note.text())?;
    if head.origin == log.name() { Ok(head) } else { Err(other) }
}

/// A hash as C2SP writes it: standard base64, padded.
pub(super) fn read_hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// Hashes one a line, as C2SP proofs write them.
pub(super) fn hash_lines(hashes: &[Hash]) -> String {
    hashes.iter().map(|hash| STANDARD.encode(hash) + "\n").collect()
}

/// A decimal number without sign or leading zeros.
pub(super) fn plain_number(text: &str) -> Option<u64> {
    let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
    plain.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = STANDARD.encode(self.root);
        f.write_str(&format!("{}\n{}\n{root}\n", self.origin, self.size))
    }
}
