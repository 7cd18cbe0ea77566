//! The proof that goes with a receipt (C2SP tlog-proof): which entry, the path to the root, and the signed checkpoint.
//!
//! In scope: writing, reading and checking it. Out of scope: getting one (collector `/r/{token}.tlog-proof`).
//!
//! Invariant: [`LogProof::check`] succeeds only if the receipt's commitment under the salt is in a tree whose head the
//! log's key signed. `extra` carries the salt; it is not authenticated and need not be: a false salt fails.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::fmt;

use super::checkpoint::{Checkpoint, CheckpointError, hash_lines, plain_number, read_hash, signed};
use super::entry::{self, Salt};
use super::note::{Note, NoteError, NoteKey};
use super::tree::{self, Hash, LEVELS_MAX};
use crate::limits::LOG_PROOF_BYTES_MAX;

/// The first line.
const HEAD: &str = "c2sp.org/tlog-proof@v1";

/// Why a proof is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Longer than a proof can be.
    #[error("couldn't read the proof: it is longer than {LOG_PROOF_BYTES_MAX} bytes")]
    TooLong,
    /// Not the lines of a proof.
    #[error("couldn't read the proof: it is not a tlog-proof")]
    Shape,
    /// No salt, or not 32 bytes.
    #[error("couldn't read the proof: it has no salt of 32 bytes")]
    Salt,
    /// The checkpoint's signatures.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The checkpoint's text.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A checkpoint of another log than the key's.
    #[error("the proof is about another log")]
    Origin,
    /// The path does not lead from this receipt to the signed root.
    #[error("the receipt is not at this place in the log, or the proof was changed")]
    Path,
}

/// A proof as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// The salt of the receipt's commitment.
    pub salt: Salt,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// Hashes from the leaf to the root.
    pub path: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

impl LogProof {
    /// Reads a proof. Nothing is believed yet.
    ///
    /// # Errors
    ///
    /// A [`ProofError`] about its shape, its salt, or its checkpoint's shape.
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        if text.len() > LOG_PROOF_BYTES_MAX {
            return Err(ProofError::TooLong);
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ProofError::Shape)?;
        let mut lines = head.split('\n');
        let mut line = || lines.next().ok_or(ProofError::Shape);
        if line()? != HEAD {
            return Err(ProofError::Shape);
        }
        let salt = line()?.strip_prefix("extra ").ok_or(ProofError::Salt)?;
        let salt = read_hash(salt).ok_or(ProofError::Salt)?;
        let index = line()?.strip_prefix("index ").and_then(plain_number).ok_or(ProofError::Shape)?;
        let path: Vec<Hash> = lines.map(read_hash).collect::<Option<_>>().ok_or(ProofError::Shape)?;
        if path.len() > LEVELS_MAX {
            return Err(ProofError::Shape);
        }
        Ok(Self { salt, index, path, checkpoint: Note::parse(checkpoint)? })
    }

    /// Checks that a receipt (compact JWS) is in the log of this key, and gives the checkpoint that says so.
    ///
    /// # Errors
    ///
    /// A [`ProofError`] for what does not hold.
    pub fn check(&self, receipt: &str, log: &NoteKey) -> Result<Checkpoint, ProofError> {
        let head = signed(&self.checkpoint, log, ProofError::Origin)?;
        let leaf = entry::leaf(&entry::commit(&self.salt, receipt));
        if tree::includes(&leaf, self.index, head.size, &self.path, &head.root) {
            Ok(head)
        } else {
            Err(ProofError::Path)
        }
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (salt, path) = (STANDARD.encode(self.salt), hash_lines(&self.path));
        let head = format!("{HEAD}\nextra {salt}\nindex {}\n{path}\n", self.index);
        f.write_str(&head)?;
        f.write_str(&self.checkpoint.to_string())
    }
}
