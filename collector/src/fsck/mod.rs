//! `vinkje fsck`: computes everything anew that the store claims, and names what does not hold.
//!
//! In scope: receipts, their signatures and indices, the log over them, people and the index of addresses. Out of scope:
//! mending anything; what redb itself checks when it opens a file.
//!
//! Invariant: findings name organisations and numbers only, never a person; nothing is written.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use shared::jwk::KeySet;
use shared::log::entry::{self, Commitment};
use shared::log::tree::Complete;
use shared::log::{Frontier, NoteKey};

use crate::catalogue::{Organisation, Organisations};
use crate::keys::Keys;
use crate::log::Head;
use crate::log::read::Log;
use crate::records::{self, StoredReceipt};
use crate::store::{Engine, Key, KeyRange, Snapshot, Space, StoreError, keys};
use crate::tally::{self, Count};
use crate::wordings;

mod cosigned;
mod endpoints;
mod finding;
mod handed_out;
mod kiosks;
mod people;

pub use finding::{Finding, What};

/// Findings kept at most; a store that is broken through and through is said to be so in fewer lines.
pub const FINDINGS_MAX: usize = 100;

/// What was looked at and what was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Receipts.
    pub receipts: u64,
    /// People.
    pub people: u64,
    /// Everything that does not hold, up to [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
}

/// Receipts that the heads of the logs speak of.
///
/// # Errors
///
/// What the store says.
pub fn receipts_in(engine: &dyn Engine) -> Result<u64, StoreError> {
    let mut receipts = 0;
    engine.snapshot()?.scan(Space::Head, &KeyRange::all(), &mut |_, row| {
        receipts += Head::decode(row).map_or(0, |head| head.frontier.size());
        ControlFlow::Continue(())
    })?;
    Ok(receipts)
}

/// Looks at everything. `looked` hears of each receipt.
///
/// # Errors
///
/// What the store says when it cannot be read at all.
pub fn check(
    engine: &dyn Engine,
    signing: &Keys,
    base_url: &str,
    looked: &mut dyn FnMut(),
) -> Result<Report, StoreError> {
    let snapshot = engine.snapshot()?;
    let mut report = Report::default();
    let known = Organisations::read(snapshot.as_ref())?;
    let due = people::due(snapshot.as_ref())?;
    for organisation in known.all() {
        let origin = signing.log.origin(base_url, &organisation.catalogue.organisation);
        let mut check = Check {
            snapshot: snapshot.as_ref(),
            signing,
            receipt_keys: signing.key_set(),
            log_key: signing.log.named(&origin),
            origin,
            organisation,
            report: &mut report,
            addressed: 0,
            slips: 0,
            counted: HashMap::new(),
            all_read: true,
            erased: BTreeSet::new(),
        };
        check.read_erased()?;
        let size = check.receipts(looked)?;
        check.leftovers(size)?;
        check.cosignatures()?;
        check.tally()?;
        check.handed_out(size)?;
        check.endpoints(size)?;
        check.kiosks()?;
        check.people(due.get(&organisation.number).copied().unwrap_or_default())?;
    }
    Ok(report)
}

struct Check<'a> {
    snapshot: &'a dyn Snapshot,
    signing: &'a Keys,
    receipt_keys: KeySet,
    log_key: NoteKey,
    origin: String,
    organisation: &'a Organisation,
    report: &'a mut Report,
    /// Rows of the index of addresses that were found from their people.
    addressed: u64,
    /// Slips that people have.
    slips: u64,
    /// What the counters should hold, by their keys.
    counted: HashMap<Key, u64>,
    /// Whether each receipt that should be there was read: without one of them no counter can be judged.
    all_read: bool,
    /// Numbers of receipts whose people were erased.
    erased: BTreeSet<u64>,
}

impl Check<'_> {
    fn found(&mut self, number: impl Into<Option<u64>>, what: What) {
        if self.report.findings.len() < FINDINGS_MAX {
            let organisation = self.organisation.catalogue.organisation.to_string();
            self.report.findings.push(Finding { organisation, number: number.into(), what });
        }
    }

    fn read_erased(&mut self) -> Result<(), StoreError> {
        let (range, erased) = (keys::of_organisation(self.organisation.number), &mut self.erased);
        self.snapshot.scan(Space::Erased, &range, &mut |key, _| {
            erased.extend(keys::read_body_key(key).map(|(_, sequence)| sequence));
            ControlFlow::Continue(())
        })
    }

    /// Every receipt in order, the log grown over them, and the head at the end. Gives how many there should be.
    fn receipts(&mut self, looked: &mut dyn FnMut()) -> Result<u64, StoreError> {
        let number = self.organisation.number;
        let (mut frontier, mut next) = (Frontier::default(), 0);
        let mut range = keys::of_organisation(number);
        loop {
            let rows = self.snapshot.page(Space::Body, &range, PAGE_ROWS)?;
            let Some((last, _)) = rows.last() else { break };
            range = range.after(last);
            let (_, until) = keys::read_body_key(last)?;
            let from = next;
            let entries =
                Log::new(self.snapshot, number).commitments(from, until - from + 1).unwrap_or_default();
            for (key, row) in &rows {
                let (_, sequence) = keys::read_body_key(key)?;
                let entry = |sequence: u64| entries.get((sequence - from) as usize).copied();
                for missing in next..sequence {
                    if !self.erased.contains(&missing) {
                        self.all_read = false;
                        self.found(missing, What::ReceiptMissing);
                    }
                    self.grow(&mut frontier, entry(missing))?;
                }
                if self.erased.contains(&sequence) {
                    self.found(sequence, What::NotErased);
                }
                let own = self.receipt(sequence, row)?;
                if own.is_some() && own != entry(sequence) {
                    self.found(sequence, What::NotInLog);
                }
                self.grow(&mut frontier, entry(sequence).or(own))?;
                next = sequence + 1;
                self.report.receipts += 1;
                looked();
            }
        }
        next = self.erased_at_the_end(&mut frontier, next)?;
        self.head(&frontier)?;
        Ok(next)
    }

    /// The last receipts may all be of erased people; their entries are in the log all the same.
    fn erased_at_the_end(&mut self, frontier: &mut Frontier, next: u64) -> Result<u64, StoreError> {
        let last: Vec<u64> = self.erased.range(next..).copied().collect();
        for sequence in &last {
            let entry = Log::new(self.snapshot, self.organisation.number).commitments(*sequence, 1);
            self.grow(frontier, entry.ok().and_then(|entries| entries.first().copied()))?;
        }
        Ok(last.last().map_or(next, |last| last + 1))
    }

    /// One receipt; gives the commitment that follows from it.
    fn receipt(&mut self, sequence: u64, row: &[u8]) -> Result<Option<Commitment>, StoreError> {
        let number = self.organisation.number;
        let Ok(stored) = records::unpack(self.snapshot, number, sequence, row) else {
            self.all_read = false;
            self.found(sequence, What::ReceiptUnreadable);
            return Ok(None);
        };
        for key in tally::counters(number, &stored.receipt) {
            *self.counted.entry(key).or_default() += 1;
        }
        let by_id = keys::by_id(number, stored.receipt.receipt.as_bytes());
        if self.snapshot.get(Space::ById, &by_id)?.as_deref() != Some(&sequence.to_be_bytes()) {
            self.found(sequence, What::NotById);
        }
        if let Some(hash) = stored.receipt.imported.as_ref().and_then(|imported| imported.wording) {
            match wordings::read(self.snapshot, number, &hash) {
                Ok(Some(_)) => {}
                Ok(None) | Err(StoreError::Corrupt(_)) => self.found(sequence, What::WordingFalse),
                Err(error) => return Err(error),
            }
        }
        let Some(jws) = self.jws(&stored) else {
            self.found(sequence, What::SignatureFalse);
            return Ok(None);
        };
        Ok(Some(entry::commit(&stored.salt, &jws)))
    }

    fn jws(&self, stored: &StoredReceipt) -> Option<String> {
        let jws = stored.jws(self.signing)?;
        shared::receipt::verify(&jws, &self.receipt_keys).is_ok().then_some(jws)
    }

    fn grow(&mut self, frontier: &mut Frontier, commitment: Option<Commitment>) -> Result<(), StoreError> {
        let Some(commitment) = commitment else { return Ok(()) };
        let mut complete: Vec<Complete> = Vec::new();
        frontier.append(entry::leaf(&commitment), |node| complete.push(node));
        for node in complete.iter().filter(|node| node.level.is_multiple_of(8)) {
            let key = keys::node(self.organisation.number, node.level / 8, node.index);
            if self.snapshot.get(Space::Node, &key)?.as_deref() != Some(&node.hash) {
                self.found(frontier.size() - 1, What::NodeFalse);
            }
        }
        Ok(())
    }

    fn head(&mut self, frontier: &Frontier) -> Result<(), StoreError> {
        let head = match Log::new(self.snapshot, self.organisation.number).head() {
            Ok(head) => head.unwrap_or_default(),
            Err(StoreError::Corrupt(_)) => Head::default(),
            Err(error) => return Err(error),
        };
        if head.frontier != *frontier {
            self.found(None, What::HeadFalse);
        } else if head.frontier.size() > 0
            && self.signing.log.note(&self.origin, &head).signed_by(&self.log_key).is_err()
        {
            self.found(None, What::HeadSignatureFalse);
        }
        Ok(())
    }

    /// The counters are what the receipts add up to, beside what is gone.
    fn tally(&mut self) -> Result<(), StoreError> {
        let (range, counted) = (keys::of_organisation(self.organisation.number), &mut self.counted);
        let mut holds = true;
        self.snapshot.scan(Space::Tally, &range, &mut |key, row| {
            let stored = counted.remove(key).unwrap_or_default();
            holds &=
                Count::decode(row).is_ok_and(|count| count.gone <= count.all && count.stored() == stored);
            ControlFlow::Continue(())
        })?;
        if self.all_read && !(holds && self.counted.is_empty()) {
            self.found(None, What::TallyFalse);
        }
        Ok(())
    }

    /// Indices and nodes have no row too many.
    fn leftovers(&mut self, size: u64) -> Result<(), StoreError> {
        let range = keys::of_organisation(self.organisation.number);
        let nodes: u64 = (1..8).map(|level: u32| size >> (8 * level)).sum();
        let by_id = count(self.snapshot, Space::ById, &range)?;
        let found = count(self.snapshot, Space::Node, &range)?;
        if by_id > size.saturating_sub(self.erased.len() as u64) || found > nodes {
            self.found(None, What::LeftOver);
        }
        Ok(())
    }
}

const PAGE_ROWS: usize = 512;

fn count(snapshot: &dyn Snapshot, space: Space, range: &KeyRange) -> Result<u64, StoreError> {
    let mut rows = 0;
    snapshot.scan(space, range, &mut |_, _| {
        rows += 1;
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}
