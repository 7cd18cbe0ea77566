//! The bundle of a whole organisation: a line for each entry of its log, so that it can be of any length.
//!
//! In scope: the lines, and checking them one after another as they come. Out of scope: reading files (collector, verifier).
//!
//! Invariant: memory does not grow with the number of receipts. [`Lines::finish`] succeeds only if the lines are exactly the log
//! of the signed head: none left out, none added, none moved.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::check::{Trust, checkpoint, is_log_of, kept_head};
use super::format::{Base64, spelled};
use super::report::{Fault, Open, Outcome, Report, Step};
use super::wording::{fits, read};
use crate::ids::NoticeHash;
use crate::jwk::{Jwk, KeySet};
use crate::limits::{
    BUNDLE_LINE_BYTES_MAX, BUNDLE_LINE_NOTICES_MAX, IMPORT_WORDING_BYTES_MAX, JWKS_KEYS_MAX,
};
use crate::log::tree::Hash;
use crate::log::{Checkpoint, Frontier, Note, NoteKey, entry};
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
    /// Words that an imported list names, before the first receipt that names them.
    Wording {
        /// Their exact bytes.
        wording: String,
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

/// What was found when all lines are the log.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The head of the log.
    pub head: Checkpoint,
    /// Receipts.
    pub receipts: u64,
    /// Entries whose receipts were erased.
    pub erased: u64,
    /// Wordings.
    pub notices: usize,
    /// The steps that rest on what the reader knows: keys, kept checkpoint, witnesses.
    pub report: Report,
}

/// Checks lines one after another.
pub struct Lines {
    keys: KeySet,
    log_key: NoteKey,
    trust: Trust,
    note: Note,
    head: Checkpoint,
    kept: Result<Checkpoint, Outcome>,
    frontier: Frontier,
    /// The root of the log when it had the size that was kept.
    root_then: Option<Hash>,
    notices: BTreeMap<NoticeHash, (Notice, bool)>,
    /// Words of imported lists, and whether a receipt names them.
    wordings: BTreeMap<NoticeHash, bool>,
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
        let (note, head) = checkpoint(&head.checkpoint, &log_key)?;
        let mut lines = Self {
            kept: kept_head(trust.kept.as_ref(), &log_key),
            keys,
            log_key,
            trust: trust.clone(),
            note,
            head,
            frontier: Frontier::default(),
            root_then: None,
            notices: BTreeMap::new(),
            wordings: BTreeMap::new(),
            receipts: 0,
            erased: 0,
        };
        lines.remember();
        Ok(lines)
    }

    fn append(&mut self, leaf: Hash) {
        self.frontier.append(leaf, |_| {});
        self.remember();
    }

    fn remember(&mut self) {
        if self.kept.as_ref().is_ok_and(|kept| kept.size == self.frontier.size()) {
            self.root_then = Some(self.frontier.root());
        }
    }

    /// Takes the next line.
    ///
    /// # Errors
    ///
    /// The [`Fault`] of what it says.
    pub fn line(&mut self, line: &[u8]) -> Result<(), Fault> {
        match spelled(line, BUNDLE_LINE_BYTES_MAX)? {
            Line::Notice { notice } => self.notice(&notice),
            Line::Wording { wording } => self.wording(&wording),
            Line::Erased { erased } => {
                self.erased += 1;
                self.append(entry::leaf(&erased.0));
                Ok(())
            }
            Line::Receipt { receipt, salt } => {
                let verified = verify(&receipt, &self.keys).map_err(Fault::Receipt)?.into_receipt();
                let known = self.notices.get_mut(&verified.notice).ok_or(Fault::WordingMissing)?;
                known.1 = true;
                fits(&verified, &known.0)?;
                if let Some(words) = verified.imported.as_ref().and_then(|imported| imported.wording) {
                    *self.wordings.get_mut(&words).ok_or(Fault::WordingMissing)? = true;
                }
                if !is_log_of(&verified, &self.head.origin) {
                    return Err(Fault::OtherLog);
                }
                self.receipts += 1;
                self.append(entry::leaf(&entry::commit(&salt.0, &receipt)));
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

    fn wording(&mut self, words: &str) -> Result<(), Fault> {
        if self.wordings.len() >= BUNDLE_LINE_NOTICES_MAX || words.len() > IMPORT_WORDING_BYTES_MAX {
            return Err(Fault::TooLong);
        }
        let before = self.wordings.insert(NoticeHash::of(words.as_bytes()), false);
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
        if self.notices.values().any(|(_, named)| !named) || self.wordings.values().any(|named| !named) {
            return Err(Fault::WordingUnused);
        }
        let mut report = Report::default();
        let own = Outcome::NotChecked(Open::OwnKeys);
        report.say(Step::Keys, if self.trust.names_all() { Outcome::Holds } else { own });
        report.say(Step::Kept, self.since_then());
        report.seen(&self.note, &self.trust.witnesses);
        report.keys = self.keys.ids().map(str::to_string).collect();
        report.log_key = self.log_key.to_string();
        report.head = Some(self.head.clone());
        Ok(Summary {
            receipts: self.receipts,
            erased: self.erased,
            notices: self.notices.len(),
            head: self.head,
            report,
        })
    }

    /// Whether the log has only grown since the checkpoint that was kept. All entries are here, so no proof is needed.
    fn since_then(&self) -> Outcome {
        match (&self.kept, self.root_then) {
            (Err(outcome), _) => *outcome,
            (Ok(_), None) => Outcome::NotChecked(Open::OtherSize),
            (Ok(kept), Some(root)) if kept.root == root => Outcome::Holds,
            (Ok(_), Some(_)) => Outcome::Fails(Fault::Forked, None),
        }
    }
}

/// Takes such a file in pieces, as they come.
pub struct Feed {
    trust: Trust,
    judge: Option<Lines>,
    line: Vec<u8>,
    at: u64,
}

/// What fails, and in which line, from 1; 0 for a file without lines.
pub type FailedLine = (Fault, u64);

impl Feed {
    /// Before the first piece.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self { trust, judge: None, line: Vec::new(), at: 0 }
    }

    /// Takes the next piece.
    ///
    /// # Errors
    ///
    /// The [`Fault`] of the first line that fails. Nothing after it counts.
    pub fn take(&mut self, mut piece: &[u8]) -> Result<(), FailedLine> {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            self.keep(&piece[..end])?;
            self.judge()?;
            piece = &piece[end + 1..];
        }
        self.keep(piece)
    }

    /// After the last piece.
    ///
    /// # Errors
    ///
    /// As [`Feed::take`] and [`Lines::finish`].
    pub fn finish(mut self) -> Result<Summary, FailedLine> {
        if !self.line.is_empty() {
            self.judge()?;
        }
        let at = self.at;
        self.judge.map_or(Err(Fault::NotJson), Lines::finish).map_err(|fault| (fault, at))
    }

    /// Keeps the part of a line: a line that is too long is not waited for.
    fn keep(&mut self, part: &[u8]) -> Result<(), FailedLine> {
        if self.line.len() + part.len() > BUNDLE_LINE_BYTES_MAX {
            return Err((Fault::TooLong, self.at + 1));
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn judge(&mut self) -> Result<(), FailedLine> {
        self.at += 1;
        let line = core::mem::take(&mut self.line);
        let taken = match &mut self.judge {
            Some(judge) => judge.line(&line),
            None => Lines::begin(&line, &self.trust).map(|begun| self.judge = Some(begun)),
        };
        taken.map_err(|fault| (fault, self.at))
    }
}
