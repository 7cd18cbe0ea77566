//! Turning waiting drafts into one batch.
//!
//! In scope: numbering, the receipt's own rows, and preconditions that touch rows written earlier in the same batch.
//! Out of scope: I/O. What is in the store comes in through [`View`].
//!
//! Invariant: in the order of arrival each draft is either in the batch with all its rows, or refused and leaves no
//! trace; so the outcome is that of committing them one after another.

use std::collections::HashMap;

use shared::log::entry;
use shared::log::tree::Frontier;

use super::{Draft, NewReceipt, SequenceError, Stored};
use crate::log::read::RUN_MAX;
use crate::log::{Head, LogKey};
use crate::store::{Batch, Expect, Key, Precondition, Space, StoreError, Write, keys};
use crate::tally::Count;

/// The head of each organisation's log, as last read or written; its size is the next number. `None`: no row yet.
pub(super) type Heads = HashMap<u32, Option<Head>>;

/// Counters as last read or written. `None`: no row yet.
pub(super) type Counts = HashMap<Key, Option<Count>>;

/// What is known of the rows that drafts share with one another.
#[derive(Default)]
pub(super) struct Known {
    /// Of exactly the organisations that they touch.
    pub(super) heads: Heads,
    /// Of exactly the counters that they move.
    pub(super) counts: Counts,
}

/// What a plan may know about the store.
pub(super) trait View {
    /// Whether a precondition holds in the store, as far as is known; what is not known is taken to hold, and the
    /// engine has the last word.
    fn holds(&self, precondition: &Precondition) -> Result<bool, StoreError>;
}

/// Takes every precondition to hold: right almost always, and costs no read.
pub(super) struct Hopeful;

impl View for Hopeful {
    fn holds(&self, _: &Precondition) -> Result<bool, StoreError> {
        Ok(true)
    }
}

impl View for dyn crate::store::Snapshot + '_ {
    fn holds(&self, precondition: &Precondition) -> Result<bool, StoreError> {
        let found = self.get(precondition.space, &precondition.key)?;
        Ok(precondition.expect.is_met_by(found.as_deref()))
    }
}

/// One batch, and what to tell each draft once it is durable.
pub(super) struct Plan {
    pub(super) batch: Batch,
    pub(super) answers: Vec<Result<Stored, SequenceError>>,
    /// What is known after the batch.
    pub(super) after: Known,
}

/// Makes a plan for drafts, given what they share.
pub(super) fn plan<'a, V: View + ?Sized>(
    drafts: impl Iterator<Item = &'a Draft>,
    before: &Known,
    view: &V,
    key: &LogKey,
) -> Result<Plan, StoreError> {
    let (overlay, batch) = (HashMap::new(), Batch::default());
    let mut planner =
        Planner { view, overlay, batch, before, logs: HashMap::new(), counts: before.counts.clone() };
    let answers = drafts.map(|draft| planner.add(draft)).collect::<Result<_, _>>()?;
    let heads = planner.write_logs(key);
    planner.write_counts();
    Ok(Plan { batch: planner.batch, answers, after: Known { heads, counts: planner.counts } })
}

/// What a batch adds to one log.
struct Growth {
    origin: String,
    frontier: Frontier,
    /// Commitments of the new entries, end to end.
    run: Vec<u8>,
}

struct Planner<'a, V: View + ?Sized> {
    view: &'a V,
    /// Rows written by this batch, by space: where in `batch.writes` the latest write to each stands.
    overlay: HashMap<Space, HashMap<Key, usize>>,
    batch: Batch,
    before: &'a Known,
    logs: HashMap<u32, Growth>,
    counts: Counts,
}

impl<V: View + ?Sized> Planner<'_, V> {
    fn add(&mut self, draft: &Draft) -> Result<Result<Stored, SequenceError>, StoreError> {
        let own = draft.receipt.as_ref().map(id_is_new);
        if let Some(precondition) = &own
            && !self.holds(precondition)?
        {
            return Ok(Err(SequenceError::Duplicate));
        }
        for (index, precondition) in draft.rows.preconditions.iter().enumerate() {
            if !self.holds(precondition)? {
                return Ok(Err(SequenceError::Conflict { index }));
            }
        }
        own.into_iter().chain(draft.rows.preconditions.iter().cloned()).for_each(|p| self.require(p));
        let sequence = draft.receipt.as_ref().map(|receipt| self.number(receipt));
        draft.rows.writes.iter().cloned().for_each(|write| self.write(write));
        self.count(draft);
        Ok(Ok(Stored { sequence }))
    }

    fn count(&mut self, draft: &Draft) {
        let counted = draft.receipt.iter().flat_map(|receipt| &receipt.counted);
        for (key, all, gone) in
            counted.map(|key| (key, 1, 0)).chain(draft.uncounted.iter().map(|key| (key, 0, 1)))
        {
            let count = self.counts.entry(key.clone()).or_default().get_or_insert_default();
            count.all += all;
            count.gone += gone;
        }
    }

    /// Each counter that moved, guarded by what it was before.
    fn write_counts(&mut self) {
        for (key, count) in &self.counts {
            let before = self.before.counts.get(key).copied().flatten();
            if let Some(count) = count.filter(|count| Some(*count) != before) {
                self.batch.expect_unchanged(Space::Tally, key.clone(), before.map(Count::encode)).put(
                    Space::Tally,
                    key.clone(),
                    count.encode(),
                );
            }
        }
    }

    fn holds(&self, precondition: &Precondition) -> Result<bool, StoreError> {
        match self.written(precondition) {
            Some(write) => Ok(precondition.expect.is_met_by(write.value.as_deref())),
            None => self.view.holds(precondition),
        }
    }

    fn written(&self, precondition: &Precondition) -> Option<&Write> {
        let index = self.overlay.get(&precondition.space)?.get(&precondition.key)?;
        self.batch.writes.get(*index)
    }

    /// Hands a precondition to the engine, unless it is about a row that this batch itself wrote.
    fn require(&mut self, precondition: Precondition) {
        if self.written(&precondition).is_none() {
            self.batch.preconditions.push(precondition);
        }
    }

    fn write(&mut self, write: Write) {
        self.overlay.entry(write.space).or_default().insert(write.key.clone(), self.batch.writes.len());
        self.batch.writes.push(write);
    }

    fn number(&mut self, receipt: &NewReceipt) -> u64 {
        let sequence = self.append(receipt);
        let organisation = receipt.organisation;
        let id = keys::by_id(organisation, &receipt.id);
        self.write(put(Space::Body, keys::body(organisation, sequence), receipt.body.clone()));
        self.write(put(Space::ById, id, keys::sequence_value(sequence)));
        receipt.numbered.iter().for_each(|row| self.write(row.row(sequence)));
        sequence
    }

    /// Appends a receipt to its organisation's log. Its place there is its number.
    fn append(&mut self, receipt: &NewReceipt) -> u64 {
        let organisation = receipt.organisation;
        let before = self.before.heads.get(&organisation).and_then(Option::as_ref);
        let log = self.logs.entry(organisation).or_insert_with(|| Growth {
            origin: receipt.entry.origin.clone(),
            frontier: before.map(|head| head.frontier.clone()).unwrap_or_default(),
            run: Vec::new(),
        });
        let sequence = log.frontier.size();
        log.run.extend(receipt.entry.commitment);
        let writes = &mut self.batch.writes;
        log.frontier.append(entry::leaf(&receipt.entry.commitment), |node| {
            if node.level % 8 == 0 {
                let key = keys::node(organisation, node.level / 8, node.index);
                writes.push(put(Space::Node, key, node.hash.to_vec()));
            }
        });
        sequence
    }

    /// The new entries and one signed head for each log that grew, guarded by what the head was before.
    fn write_logs(&mut self, key: &LogKey) -> Heads {
        let mut heads = self.before.heads.clone();
        for (organisation, Growth { origin, frontier, run }) in self.logs.drain() {
            let first = frontier.size() - (run.len() / COMMITMENT_BYTES) as u64;
            for (row, run) in (0..).zip(run.chunks(RUN_MAX as usize * COMMITMENT_BYTES)) {
                let place = keys::body(organisation, first + row * RUN_MAX);
                self.batch.put(Space::Leaf, place, run);
            }
            let place = keys::organisation(organisation);
            let old = self.before.heads.get(&organisation).and_then(Option::as_ref).map(Head::encode);
            let head = key.head(&origin, frontier);
            self.batch.expect_unchanged(Space::Head, place, old).put(Space::Head, place, head.encode());
            heads.insert(organisation, Some(head));
        }
        heads
    }
}

const COMMITMENT_BYTES: usize = size_of::<entry::Commitment>();

fn id_is_new(receipt: &NewReceipt) -> Precondition {
    let key = keys::by_id(receipt.organisation, &receipt.id);
    Precondition { space: Space::ById, key, expect: Expect::Absent }
}

fn put(space: Space, key: Vec<u8>, value: Vec<u8>) -> Write {
    Write { space, key, value: Some(value) }
}
