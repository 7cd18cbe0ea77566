//! Turning waiting drafts into one batch.
//!
//! In scope: numbering, the receipt's own rows, and preconditions that touch rows written earlier in the same batch.
//! Out of scope: I/O. What is in the store comes in through [`View`].
//!
//! Invariant: in the order of arrival each draft is either in the batch with all its rows, or refused and leaves no
//! trace; so the outcome is that of committing them one after another.

use std::collections::HashMap;

use super::{Draft, NewReceipt, SequenceError, Stored};
use crate::store::{Batch, Expect, Key, Precondition, Space, StoreError, Write, keys};

/// The next sequence number of each organisation, as last read or written. `None`: no row yet.
pub(super) type Heads = HashMap<u32, Option<u64>>;

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
    /// Heads after the batch.
    pub(super) heads: Heads,
}

/// Makes a plan for drafts, given the heads of exactly the organisations that they touch.
pub(super) fn plan<'a, V: View + ?Sized>(
    drafts: impl Iterator<Item = &'a Draft>,
    heads: &Heads,
    view: &V,
) -> Result<Plan, StoreError> {
    let mut planner =
        Planner { view, overlay: HashMap::new(), batch: Batch::default(), heads: heads.clone() };
    let answers = drafts.map(|draft| planner.add(draft)).collect::<Result<_, _>>()?;
    planner.write_heads(heads);
    Ok(Plan { batch: planner.batch, answers, heads: planner.heads })
}

struct Planner<'a, V: View + ?Sized> {
    view: &'a V,
    /// Rows written by this batch, by space: where in `batch.writes` the latest write to each stands.
    overlay: HashMap<Space, HashMap<Key, usize>>,
    batch: Batch,
    heads: Heads,
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
        Ok(Ok(Stored { sequence }))
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
        let head = self.heads.entry(receipt.organisation).or_default();
        let sequence = head.unwrap_or(0);
        *head = Some(sequence + 1);
        let id = keys::by_id(receipt.organisation, &receipt.id);
        self.write(put(Space::Body, keys::body(receipt.organisation, sequence), receipt.body.clone()));
        self.write(put(Space::ById, id, keys::sequence_value(sequence)));
        sequence
    }

    /// One head row for each organisation whose number moved, guarded by what it was before.
    fn write_heads(&mut self, before: &Heads) {
        for (organisation, after) in &self.heads {
            let old = before.get(organisation).copied().flatten();
            if let Some(next) = after.filter(|_| *after != old) {
                let key = keys::organisation(*organisation);
                self.batch.expect_unchanged(Space::Head, key, old.map(keys::sequence_value));
                self.batch.put(Space::Head, key, keys::sequence_value(next));
            }
        }
    }
}

fn id_is_new(receipt: &NewReceipt) -> Precondition {
    let key = keys::by_id(receipt.organisation, &receipt.id);
    Precondition { space: Space::ById, key, expect: Expect::Absent }
}

fn put(space: Space, key: Vec<u8>, value: Vec<u8>) -> Write {
    Write { space, key, value: Some(value) }
}
