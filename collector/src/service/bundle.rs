//! Filling evidence bundles: from one receipt, or from a person's whole history.
//!
//! In scope: what goes in. Out of scope: the format and judging it (`shared::bundle`), who may ask (`http`, `cli`).
//!
//! Invariant: everything in a bundle is read from one state of the store, so its proofs belong to its checkpoint; contact
//! data is never in it.

use shared::bundle::{
    BUNDLE_SCHEMA, Base64, Bundle, Entry, HISTORY_SCHEMA, HISTORY_TYP, Head as LinesHead, History,
    HistoryDigest, Kind, LINES_SCHEMA, Line, Since,
};
use shared::canonical;
use shared::ids::{NoticeHash, ReceiptId, SubjectId};
use shared::jws;
use shared::limits::BUNDLE_RECEIPTS_MAX;
use shared::log::NoteKey;
use shared::refusal::Refusal;

use super::{Service, unavailable};
use crate::catalogue::Organisation;
use crate::keys::Keys;
use crate::links;
use crate::log::Head;
use crate::log::cosigned::Cosigned;
use crate::log::read::Log;
use crate::records::{self, StoredReceipt, Subject};
use crate::store::{Engine, Snapshot, Space, keys as store_keys};
use crate::wordings;

/// What filling needs.
pub struct Bundler<'a> {
    /// The state of the store.
    pub snapshot: &'a dyn Snapshot,
    /// Whose receipts.
    pub organisation: &'a Organisation,
    /// The keys.
    pub keys: &'a Keys,
    /// The collector's address.
    pub base_url: &'a str,
    /// The witnesses whose cosignatures are shown.
    pub witnesses: Vec<NoteKey>,
}

/// A bundle with the name of its file.
pub struct Filled {
    /// What a browser should call it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Bundler<'_> {
    /// The bundle of one receipt. With a size, also the proof that the log of that size is the beginning of today's.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] when it is not there or the log was never so large, or [`Refusal::StoreUnavailable`].
    pub fn receipt(&self, id: &ReceiptId, since: Option<u64>) -> Result<Filled, Refusal> {
        let found = records::read_receipt(self.snapshot, self.organisation.number, id);
        let stored = found.map_err(unavailable)?.ok_or(Refusal::LinkUnknown)?;
        self.filled(Kind::Receipt, &[stored], since)
    }

    /// The bundle of all that a person did.
    ///
    /// # Errors
    ///
    /// As [`Bundler::receipt`], or [`Refusal::BodyTooLarge`] for a history past the limit of a bundle.
    pub fn subject(&self, id: &SubjectId, since: Option<u64>) -> Result<Filled, Refusal> {
        let found = Subject::read(self.snapshot, self.organisation.number, id);
        let subject = found.map_err(unavailable)?.ok_or(Refusal::LinkUnknown)?;
        if subject.receipts.len() > BUNDLE_RECEIPTS_MAX {
            return Err(Refusal::BodyTooLarge);
        }
        self.filled(Kind::Subject, &subject.receipts, since)
    }

    fn filled(&self, kind: Kind, stored: &[StoredReceipt], since: Option<u64>) -> Result<Filled, Refusal> {
        let log = Log::new(self.snapshot, self.organisation.number);
        let head = log.head().map_err(unavailable)?.unwrap_or_else(Head::default);
        let origin = self.keys.log.origin(self.base_url, &self.organisation.catalogue.organisation);
        let (number, witnesses) = (self.organisation.number, self.witnesses.iter());
        let cosigned = Cosigned::read(self.snapshot, (number, &origin), (&head, &self.keys.log), witnesses);
        let cosigned = cosigned.map_err(unavailable)?;
        // The checkpoint that most witnesses saw, of those that have all of it; today's if none has.
        let needed = stored.iter().map(|stored| stored.sequence + 1).chain(since).max().unwrap_or_default();
        let (size, checkpoint) = cosigned.best(needed).unwrap_or((head.frontier.size(), cosigned.newest()));
        let entries: Vec<Entry> =
            stored.iter().map(|stored| self.entry(&log, size, stored)).collect::<Result<_, _>>()?;
        let history = (kind == Kind::Subject).then(|| self.history(stored, &entries, size)).flatten();
        let bundle = Bundle {
            checkpoint: checkpoint.to_string(),
            history,
            keys: self.keys.key_set().jwks(),
            kind,
            log_key: self.keys.log.named(&origin).to_string(),
            notices: self.notices(stored)?,
            receipts: entries,
            schema: BUNDLE_SCHEMA.into(),
            since: since.map(|old| since_of(&log, old, size)).transpose()?,
            wordings: self.wordings(stored)?,
        };
        let first = stored.first().map(|stored| stored.receipt.receipt.to_string()).unwrap_or_default();
        Ok(Filled { name: Bundle::file_name(kind, &first), bytes: bundle.to_bytes() })
    }

    fn entry(&self, log: &Log<'_>, size: u64, stored: &StoredReceipt) -> Result<Entry, Refusal> {
        let path = log.inclusion(stored.sequence, size).map_err(unavailable)?;
        Ok(Entry {
            index: stored.sequence,
            path: Bundle::path(path),
            receipt: stored.jws(self.keys).ok_or(Refusal::StoreUnavailable)?,
            salt: Base64(stored.salt),
        })
    }

    /// The exact wordings, each once, in the order of first use.
    fn notices(&self, stored: &[StoredReceipt]) -> Result<Vec<String>, Refusal> {
        let mut hashes = Vec::new();
        for stored in stored {
            if !hashes.contains(&stored.receipt.notice) {
                hashes.push(stored.receipt.notice);
            }
        }
        let text = |hash| {
            let known = self.organisation.notice(hash).ok_or(Refusal::LinkUnknown)?;
            String::from_utf8(known.canonical.clone()).map_err(|_| Refusal::StoreUnavailable)
        };
        hashes.iter().map(text).collect()
    }

    /// The words that imported lists name, each once, in the order of first use.
    fn wordings(&self, stored: &[StoredReceipt]) -> Result<Vec<String>, Refusal> {
        let named = stored.iter().filter_map(|stored| stored.receipt.imported.as_ref()?.wording);
        let mut hashes: Vec<NoticeHash> = Vec::new();
        for hash in named {
            if !hashes.contains(&hash) {
                hashes.push(hash);
            }
        }
        let text = |hash: &NoticeHash| {
            let found = wordings::read(self.snapshot, self.organisation.number, hash);
            found.map_err(unavailable)?.ok_or(Refusal::StoreUnavailable)
        };
        hashes.iter().map(text).collect()
    }

    /// The collector's word that these are all.
    fn history(&self, stored: &[StoredReceipt], entries: &[Entry], size: u64) -> Option<String> {
        let mut digest = HistoryDigest::default();
        entries.iter().for_each(|entry| digest.add(&entry.receipt));
        let said = History {
            at: Service::now(),
            digest: digest.finish(),
            iss: self.base_url.into(),
            organisation: self.organisation.catalogue.organisation.clone(),
            receipts: entries.len() as u64,
            schema: HISTORY_SCHEMA.into(),
            size,
            subject: stored.first()?.receipt.subject,
        };
        let (_, key) = self.keys.signing();
        let public = shared::jwk::PublicKey::from_bytes(key.signing.verifying_key().as_bytes()).ok()?;
        let header = jws::header_of(HISTORY_TYP, &public.thumbprint());
        Some(jws::signed(&header, &said.to_bytes(), &key.signing).0)
    }
}

/// Receipts read under one snapshot: short reads, so that the store can reuse space meanwhile.
const PAGE_ROWS: u64 = 512;

/// Writes the bundle of a whole organisation, a line for each entry of its log. A receipt that is erased while it is written is
/// there either with its receipt or as erased; its entry stays, so the lines are the log of the first line all the same.
///
/// # Errors
///
/// What the store says, or what the output says.
pub fn write_all(
    engine: &dyn Engine,
    organisation: &Organisation,
    keys: &Keys,
    base_url: &str,
    out: &mut impl std::io::Write,
) -> anyhow::Result<()> {
    let number = organisation.number;
    let head = Log::new(engine.snapshot()?.as_ref(), number).head()?.unwrap_or_else(Head::default);
    let origin = keys.log.origin(base_url, &organisation.catalogue.organisation);
    let mut write = |line: Vec<u8>| out.write_all(&line).and_then(|()| out.write_all(b"\n"));
    write(canonical::to_bytes(&LinesHead {
        checkpoint: keys.log.note(&origin, &head).to_string(),
        keys: keys.key_set().jwks(),
        log_key: keys.log.named(&origin).to_string(),
        schema: LINES_SCHEMA.into(),
    }))?;
    let (size, mut written) = (head.frontier.size(), std::collections::HashSet::new());
    for from in (0..size).step_by(PAGE_ROWS as usize) {
        let snapshot = engine.snapshot()?;
        let count = PAGE_ROWS.min(size - from);
        let commitments = Log::new(snapshot.as_ref(), number).commitments(from, count)?;
        for (sequence, commitment) in (from..).zip(commitments) {
            let Some(row) = snapshot.get(Space::Body, &store_keys::body(number, sequence))? else {
                write(canonical::to_bytes(&Line::Erased { erased: Base64(commitment) }))?;
                continue;
            };
            let stored = records::unpack(snapshot.as_ref(), number, sequence, &row)?;
            if written.insert(stored.receipt.notice) {
                let known = organisation.notice(&stored.receipt.notice);
                let notice = known.ok_or_else(|| anyhow::anyhow!("a receipt's wording is gone"))?;
                let notice = String::from_utf8(notice.canonical.clone())?;
                write(canonical::to_bytes(&Line::Notice { notice }))?;
            }
            let words = stored.receipt.imported.as_ref().and_then(|imported| imported.wording);
            if let Some(hash) = words.filter(|hash| written.insert(*hash)) {
                let found = wordings::read(snapshot.as_ref(), number, &hash)?;
                let wording = found.ok_or_else(|| anyhow::anyhow!("the words of a list are gone"))?;
                write(canonical::to_bytes(&Line::Wording { wording }))?;
            }
            let receipt = stored.jws(keys).ok_or_else(|| anyhow::anyhow!("a receipt's key is gone"))?;
            write(canonical::to_bytes(&Line::Receipt { receipt, salt: Base64(stored.salt) }))?;
        }
    }
    Ok(())
}

fn since_of(log: &Log<'_>, old: u64, size: u64) -> Result<Since, Refusal> {
    if old > size {
        return Err(Refusal::LinkUnknown);
    }
    let path = log.consistency(old, size).map_err(unavailable)?;
    Ok(Since { path: Bundle::path(path), size: old })
}

impl Service {
    /// The bundle behind a receipt's link.
    ///
    /// # Errors
    ///
    /// As [`Bundler::receipt`].
    pub fn receipt_bundle(&self, token: &str, since: Option<u64>) -> Result<Filled, Refusal> {
        let (number, id) = links::read_receipt_token(token, &self.keys.link)?;
        self.bundler(number, |bundler| bundler.receipt(&id, since))
    }

    /// The bundle behind a person's own link.
    ///
    /// # Errors
    ///
    /// As [`Bundler::subject`].
    pub fn subject_bundle(&self, token: &str, since: Option<u64>) -> Result<Filled, Refusal> {
        let (number, id) = links::read_manage_token(token, Self::now(), &self.keys.link)?;
        self.bundler(number, |bundler| bundler.subject(&id, since))
    }

    fn bundler(
        &self,
        number: u32,
        fill: impl FnOnce(&Bundler<'_>) -> Result<Filled, Refusal>,
    ) -> Result<Filled, Refusal> {
        let organisation = self.registry.now().numbered(number).cloned().ok_or(Refusal::LinkUnknown)?;
        self.bundler_of(&organisation, fill)
    }

    /// Fills a bundle from one state of the store.
    ///
    /// # Errors
    ///
    /// As `fill`, or [`Refusal::StoreUnavailable`].
    pub fn bundler_of<T>(
        &self,
        organisation: &Organisation,
        fill: impl FnOnce(&Bundler<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let snapshot = self.snapshot()?;
        let (keys, base_url) = (&self.keys, self.base_url.as_str());
        let witnesses = self.witnesses.keys().cloned().collect();
        fill(&Bundler { snapshot: snapshot.as_ref(), organisation, keys, base_url, witnesses })
    }
}
