//! Checking a bundle.
//!
//! In scope: every step, in order, and what rests on what. Out of scope: wordings (`wording`), sentences (`words`).
//!
//! Invariant: a step holds only if all of it was looked at. A step that rests on one that fails is not checked, and says so.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::format::{Bundle, Kind, hashes};
use super::history::{History, HistoryDigest};
use super::report::{Checked, Fault, Open, Outcome, Report, Step};
use super::wording;
use crate::jwk::{Jwk, KeySet};
use crate::lifecycle::{Consent, Consents};
use crate::log::checkpoint::signed;
use crate::log::extension::ExtensionError;
use crate::log::note::NoteError;
use crate::log::{Checkpoint, Note, NoteKey, entry, tree};
use crate::receipt::{Act, Decided, Receipt, Verified, verify};

/// What the reader knows from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The collector's receipt keys.
    pub keys: Option<KeySet>,
    /// The log's key.
    pub log_key: Option<NoteKey>,
    /// A checkpoint that was kept.
    pub kept: Option<Note>,
    /// Witnesses whose word counts.
    pub witnesses: Vec<NoteKey>,
}

impl Trust {
    /// Whether the reader has both keys from elsewhere.
    pub(super) const fn names_all(&self) -> bool {
        self.keys.is_some() && self.log_key.is_some()
    }

    /// The keys to judge by. Those in the file must be whole even when others are used.
    pub(super) fn choose(&self, keys: &[Jwk], log_key: &str) -> Result<(KeySet, NoteKey), Fault> {
        let own = KeySet::of(keys).map_err(|_| Fault::KeySet)?;
        let own_log = NoteKey::parse(log_key).map_err(|_| Fault::LogKey)?;
        Ok((self.keys.clone().unwrap_or(own), self.log_key.clone().unwrap_or(own_log)))
    }
}

/// What does not hold, and at which receipt, from 1, if it is about one.
pub(super) type Failed = (Fault, Option<usize>);

/// Checks a bundle against what the reader knows.
#[must_use]
pub fn check(bytes: &[u8], trust: &Trust) -> Report {
    let mut report = Report::default();
    let bundle = match Bundle::parse(bytes) {
        Ok(bundle) => bundle,
        Err(fault) => return broken(report, Step::File, fault),
    };
    report.say(Step::File, Outcome::Holds);
    let (keys, log_key) = match trust.choose(&bundle.keys, &bundle.log_key) {
        Ok(keys) => keys,
        Err(fault) => return broken(report, Step::Keys, fault),
    };
    report
        .say(Step::Keys, if trust.names_all() { Outcome::Holds } else { Outcome::NotChecked(Open::OwnKeys) });
    report.keys = keys.ids().map(str::to_string).collect();
    report.log_key = log_key.to_string();
    let receipts = report.tell(Step::Receipts, receipts(&bundle, &keys));
    let notices = report.rest(Step::Wording, receipts.as_ref(), |receipts| wording::check(&bundle, receipts));
    let head = report
        .tell(Step::Checkpoint, checkpoint(&bundle.checkpoint, &log_key).map_err(|fault| (fault, None)));
    let both = receipts.as_ref().zip(head.as_ref());
    report.rest(Step::Place, both, |(receipts, (_, head))| places(&bundle, receipts, head));
    match bundle.kind {
        Kind::Receipt => report.say(Step::History, Outcome::NotChecked(Open::OneReceipt)),
        Kind::Subject => {
            report.rest(Step::History, both, |(receipts, (_, head))| history(&bundle, receipts, head, &keys));
        }
    }
    let kept = head.as_ref().map(|(_, head)| kept(&bundle, head, &log_key, trust.kept.as_ref()));
    report.say(Step::Kept, kept.unwrap_or(Outcome::NotChecked(Open::Earlier)));
    match &head {
        Some((note, _)) => report.seen(note, &trust.witnesses),
        None => report.say(Step::Witnesses, Outcome::NotChecked(Open::Earlier)),
    }
    report.head = head.map(|(_, head)| head);
    report.receipts = receipts.unwrap_or_default();
    report.wordings = notices.as_ref().map(|_| bundle.wordings).unwrap_or_default();
    report.notices = notices.unwrap_or_default();
    report
}

/// Checks a receipt that comes without the rest of its evidence: a compact JWS. Only keys from elsewhere can judge it.
#[must_use]
pub fn check_alone(text: &str, trust: &Trust) -> Report {
    let mut report = Report::default();
    report.say(Step::File, Outcome::Holds);
    let Some(keys) = &trust.keys else {
        report.say(Step::Keys, Outcome::NotChecked(Open::NoKeys));
        return left(report, Open::NoKeys);
    };
    report.say(Step::Keys, Outcome::Holds);
    report.keys = keys.ids().map(str::to_string).collect();
    let receipt = verify(text.trim_end(), keys).map_err(|error| (Fault::Receipt(error), None));
    let held = report.tell(Step::Receipts, receipt);
    let open = if held.is_some() { Open::Alone } else { Open::Earlier };
    report.receipts = held.map(Verified::into_receipt).into_iter().collect();
    left(report, open)
}

/// All further steps were not checked.
fn left(mut report: Report, open: Open) -> Report {
    let done = report.steps.len();
    Step::ALL[done..].iter().for_each(|step| report.say(*step, Outcome::NotChecked(open)));
    report
}

impl Report {
    pub(super) fn say(&mut self, step: Step, outcome: Outcome) {
        self.steps.push(Checked { step, outcome });
    }

    fn tell<T>(&mut self, step: Step, result: Result<T, Failed>) -> Option<T> {
        match result {
            Ok(value) => {
                self.say(step, Outcome::Holds);
                Some(value)
            }
            Err((fault, at)) => {
                self.say(step, Outcome::Fails(fault, at));
                None
            }
        }
    }

    /// What the named witnesses say of a head.
    pub(super) fn seen(&mut self, head: &Note, named: &[NoteKey]) {
        let (outcome, count) = witnesses(head, named);
        self.say(Step::Witnesses, outcome);
        self.witnesses = count;
    }

    /// A step that rests on others.
    fn rest<A, T>(
        &mut self,
        step: Step,
        on: Option<A>,
        check: impl FnOnce(A) -> Result<T, Failed>,
    ) -> Option<T> {
        match on {
            Some(on) => self.tell(step, check(on)),
            None => {
                self.say(step, Outcome::NotChecked(Open::Earlier));
                None
            }
        }
    }
}

/// Nothing can be checked without this step.
fn broken(mut report: Report, step: Step, fault: Fault) -> Report {
    report.say(step, Outcome::Fails(fault, None));
    left(report, Open::Earlier)
}

fn receipts(bundle: &Bundle, keys: &KeySet) -> Result<Vec<Receipt>, Failed> {
    let receipt = |(at, entry): (usize, &super::Entry)| {
        let verified = verify(&entry.receipt, keys).map_err(|error| (Fault::Receipt(error), Some(at)))?;
        Ok(verified.into_receipt())
    };
    (1..).zip(&bundle.receipts).map(receipt).collect()
}

pub(super) fn checkpoint(text: &str, key: &NoteKey) -> Result<(Note, Checkpoint), Fault> {
    let note = Note::parse(text).map_err(|_| Fault::CheckpointShape)?;
    let head = Checkpoint::parse(note.text()).map_err(|_| Fault::CheckpointShape)?;
    // One spelling, here too: what is not read back as it stands was made by another writer.
    if note.to_string() != text || head.to_string() != note.text() {
        return Err(Fault::CheckpointShape);
    }
    note.signed_by(key).map_err(|error| match error {
        NoteError::NotSigned => Fault::CheckpointUnsigned,
        _ => Fault::CheckpointSignature,
    })?;
    if head.origin == key.name() { Ok((note, head)) } else { Err(Fault::OtherLog) }
}

/// Whether a log of this name is one in which a receipt must stand. Logs that were started anew have a number at the end.
pub(super) fn is_log_of(receipt: &Receipt, name: &str) -> bool {
    let address = receipt.iss.split_once("://").map_or(receipt.iss.as_str(), |(_, address)| address);
    let first = [address, "/log/", receipt.organisation.as_str()].concat();
    let rest = name.strip_prefix(&first).and_then(|rest| rest.strip_prefix('/'));
    name == first
        || rest.is_some_and(|number| {
            number.parse::<u32>().is_ok_and(|again| again > 1 && again.to_string() == number)
        })
}

fn places(bundle: &Bundle, receipts: &[Receipt], head: &Checkpoint) -> Result<(), Failed> {
    for (at, (entry, receipt)) in (1..).zip(bundle.receipts.iter().zip(receipts)) {
        if !is_log_of(receipt, &head.origin) {
            return Err((Fault::OtherLog, Some(at)));
        }
        let leaf = entry::leaf(&entry::commit(&entry.salt.0, &entry.receipt));
        if !tree::includes(&leaf, entry.index, head.size, &hashes(&entry.path), &head.root) {
            return Err((Fault::NotInLog, Some(at)));
        }
    }
    Ok(())
}

fn history(bundle: &Bundle, receipts: &[Receipt], head: &Checkpoint, keys: &KeySet) -> Result<(), Failed> {
    let whole = |fault| (fault, None);
    let said = bundle.history.as_deref().ok_or(whole(Fault::HistoryMissing))?;
    let said = History::verify(said, keys).map_err(whole)?;
    // A person has the number of their first receipt.
    let first = receipts.first().is_some_and(|first| first.receipt.as_bytes() == said.subject.as_bytes());
    let own =
        |receipt: &Receipt| receipt.subject == said.subject && receipt.organisation == said.organisation;
    if let Some(at) = receipts.iter().position(|receipt| !own(receipt)) {
        return Err((Fault::HistoryOtherPerson, Some(at + 1)));
    }
    let mut digest = HistoryDigest::default();
    bundle.receipts.iter().for_each(|entry| digest.add(&entry.receipt));
    let same = first && said.receipts == receipts.len() as u64 && said.digest == digest.finish();
    if !same || said.size != head.size {
        return Err(whole(Fault::HistoryDiffers));
    }
    if !bundle.receipts.is_sorted_by(|one, next| one.index < next.index) {
        return Err(whole(Fault::HistoryOrder));
    }
    possible(receipts)
}

/// Whether every end ends something that stood.
fn possible(receipts: &[Receipt]) -> Result<(), Failed> {
    let mut stands = Consents::default();
    for (at, receipt) in (1..).zip(receipts) {
        for decision in &receipt.decisions {
            let stood = stands.get(&decision.purpose);
            let is_over =
                |consent: &Consent| consent.ends().is_some_and(|end| end <= receipt.at.unix_seconds());
            let possible = match decision.decided {
                Decided::Given if receipt.act == Act::Confirmation => {
                    stood.is_some_and(Consent::may_be_confirmed)
                }
                // A list tells of people of whom nothing was known.
                Decided::Given | Decided::Unproven if receipt.act == Act::Import => stood.is_none(),
                Decided::Unproven => false,
                // So does a sale; whoever objected later, objected to something.
                Decided::NotObjected => receipt.act == Act::Sale && stood.is_none(),
                Decided::Objected if receipt.act == Act::Sale => stood.is_none(),
                Decided::Objected => stood.is_some_and(Consent::is_soft_opt_in),
                Decided::Ended => stood.is_some_and(|consent| consent.is_soft_opt_in() && is_over(consent)),
                Decided::Given | Decided::NotGiven | Decided::Requested => true,
                Decided::Withdrawn => {
                    stood.is_some_and(|consent| consent.is_open() && !consent.is_soft_opt_in())
                }
                Decided::Expired => stood.is_some_and(|consent| consent.is_given() && is_over(consent)),
                Decided::Lapsed => stood.is_some_and(|consent| consent.is_requested() && is_over(consent)),
            };
            if !possible {
                return Err((Fault::HistoryImpossible, Some(at)));
            }
        }
        stands = receipt.fold(stands);
    }
    Ok(())
}

/// The head that the reader kept, or why there is nothing to compare with.
pub(super) fn kept_head(kept: Option<&Note>, key: &NoteKey) -> Result<Checkpoint, Outcome> {
    let kept = kept.ok_or(Outcome::NotChecked(Open::NothingKept))?;
    signed(kept, key, ExtensionError::Origin).map_err(|_| Outcome::Fails(Fault::KeptInvalid, None))
}

fn kept(bundle: &Bundle, head: &Checkpoint, key: &NoteKey, kept: Option<&Note>) -> Outcome {
    let old = match kept_head(kept, key) {
        Ok(old) => old,
        Err(outcome) => return outcome,
    };
    let path = match &bundle.since {
        _ if old.size == head.size => Vec::new(),
        Some(since) if since.size == old.size => hashes(&since.path),
        _ => return Outcome::NotChecked(Open::OtherSize),
    };
    if tree::extends((old.size, &old.root), (head.size, &head.root), &path) {
        Outcome::Holds
    } else {
        Outcome::Fails(Fault::Forked, None)
    }
}

/// What the named witnesses say, and how many of them.
fn witnesses(note: &Note, named: &[NoteKey]) -> (Outcome, usize) {
    if named.is_empty() {
        return (Outcome::NotChecked(Open::NoWitnesses), 0);
    }
    let mut signed = 0;
    for witness in named {
        match note.signed_by(witness) {
            Ok(_) => signed += 1,
            Err(NoteError::NotSigned) => {}
            Err(_) => return (Outcome::Fails(Fault::WitnessFalse, None), 0),
        }
    }
    (if signed > 0 { Outcome::Holds } else { Outcome::NotChecked(Open::NoCosignature) }, signed)
}
