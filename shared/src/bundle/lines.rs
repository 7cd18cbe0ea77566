//! The bundle of a whole organisation: a line for each entry of its log, so that it can be of any length.
//!
//! In scope: the lines, and checking them one after another. Out of scope: reading files (collector).
//!
//! Invariant: memory does not grow with the number of receipts. [`Lines::finish`] succeeds only if the lines are exactly the log
//! of the signed head: none left out, none added, none moved.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::check::{Trust, checkpoint, is_log_of};
use super::format::{Base64, spelled};
use super::report::{Fault, Verdict};
use super::wording::{fits, read};
use crate::ids::NoticeHash;
use crate::jwk::{Jwk, KeySet};
use crate::limits::{BUNDLE_LINE_BYTES_MAX, BUNDLE_LINE_NOTICES_MAX, JWKS_KEYS_MAX};
use crate::log::{Checkpoint, Frontier, NoteKey, entry};
use crate::notice::Notice;
use crate::receipt::verify;

/// The schema name of the lines that this version writes and reads.
pub const LINES_SCHEMA: &str = "vinkje/bundle-lines/1";

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The signed head of the log.
    pub checkpoint: String,
    /// The receipt keys of the collector.
    pub keys: Vec<Jwk>,
    /// The log's key.
    pub log_key: String,
    /// `vinkje/bundle-lines/1`.
    pub schema: String,
}

/// Any other line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// A wording, before the first receipt that names it.
    Notice {
        /// Its exact bytes.
        notice: String,
    },
    /// The next entry of the log.
    Receipt {
        /// The receipt: a compact JWS.
        receipt: String,
        /// The salt of its commitment.
        salt: Base64,
    },
    /// The next entry of the log; its receipt was erased.
    Erased {
        /// The commitment, which says nothing without its salt.
        erased: Base64,
    },
}

/// What was found when all lines held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The head of the log.
    pub head: Checkpoint,
    /// Receipts.
    pub receipts: u64,
    /// Entries whose receipts were erased.
    pub erased: u64,
    /// Wordings.
    pub notices: usize,
    /// Whether the keys were known from elsewhere.
    pub verdict: Verdict,
    /// Names of the receipt keys that were used.
    pub keys: Vec<String>,
    /// The log's key that was used.
    pub log_key: String,
}

/// Checks lines one after another.
pub struct Lines {
    keys: KeySet,
    log_key: NoteKey,
    known: bool,
    head: Checkpoint,
    frontier: Frontier,
    notices: BTreeMap<NoticeHash, (Notice, bool)>,
    receipts: u64,
    erased: u64,
}
impl Lines {
    /// Takes the first line.
    ///
    /// # Errors
    ///
    /// The [`Fault`] of its shape, its keys or its checkpoint.
    pub fn begin(line: &[u8], trust: &Trust) -> Result<Self, Fault> {
        let head: Head = spelled(line, BUNDLE_LINE_BYTES_MAX)?;
        if head.schema != LINES_SCHEMA || head.keys.len() > JWKS_KEYS_MAX {
            return Err(Fault::NotABundle);
        }
        let (keys, log_key) = trust.choose(&head.keys, &head.log_key)?;
        let (_, head) = checkpoint(&head.checkpoint, &log_key)?;
        Ok(Self {
            keys,
            log_key,
            known: trust.names_all(),
            head,
            frontier: Frontier::default(),
            notices: BTreeMap::new(),
            receipts: 0,
            erased: 0,
        })
    }

    /// Takes the next line.
    ///
    /// # Errors
    ///
    /// The [`Fault`] of what it says.
    pub fn line(&mut self, line: &[u8]) -> Result<(), Fault> {
        match spelled(line, BUNDLE_LINE_BYTES_MAX)? {
            Line::Notice { notice } => self.notice(&notice),
            Line::Erased { erased } => {
                self.erased += 1;
                self.frontier.append(entry::leaf(&erased.0), |_| {});
                Ok(())
            }
            Line::Receipt { receipt, salt } => {
                let verified = verify(&receipt, &self.keys).map_err(Fault::Receipt)?.into_receipt();
                let known = self.notices.get_mut(&verified.notice).ok_or(Fault::WordingMissing)?;
                known.1 = true;
                fits(&verified, &known.0)?;
                if !is_log_of(&verified, &self.head.origin) {
                    return Err(Fault::OtherLog);
                }
                self.receipts += 1;
                self.frontier.append(entry::leaf(&entry::commit(&salt.0, &receipt)), |_| {});
                Ok(())
            }
        }
    }

    fn notice(&mut self, text: &str) -> Result<(), Fault> {
        if self.notices.len() >= BUNDLE_LINE_NOTICES_MAX {
            return Err(Fault::TooLong);
        }
        let before = self.notices.insert(NoticeHash::of(text.as_bytes()), (read(text)?, false));
        if before.is_some() { Err(Fault::WordingUnused) } else { Ok(()) }
    }

    /// After the last line.
    ///
    /// # Errors
    ///
    /// [`Fault::LogDiffers`] when the lines are not exactly the log, or [`Fault::WordingUnused`].
    pub fn finish(self) -> Result<Summary, Fault> {
        if self.frontier.size() != self.head.size || self.frontier.root() != self.head.root {
            return Err(Fault::LogDiffers);
        }
        if self.notices.values().any(|(_, named)| !named) {
            return Err(Fault::WordingUnused);
        }
        Ok(Summary {
            receipts: self.receipts,
            erased: self.erased,
            notices: self.notices.len(),
            verdict: if self.known { Verdict::Holds } else { Verdict::HoldsByItsOwnKeys },
            keys: self.keys.ids().map(str::to_string).collect(),
            log_key: self.log_key.to_string(),
            head: self.head,
        })
    }
}
