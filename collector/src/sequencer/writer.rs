//! The writer thread: drain, plan, commit, answer.
//!
//! In scope: the steps of one commit, and what to do when the store says no.
//! Out of scope: how a batch is made of drafts (`plan`).
//!
//! Invariant: nothing is answered before step 4 below, and every draft gets exactly one answer.
//!
//! # The steps of a commit, and what a crash leaves
//!
//! 1. **Drain**: take what waits, at most one batch. A crash here leaves nothing; no caller was answered.
//! 2. **Plan and sign**: number the receipts, append them to the log of their organisation, make the rows, and sign one
//!    checkpoint per touched log over its new head. Memory only: a crash leaves nothing. Signing before the commit is
//!    safe: a checkpoint is part of the head's row and shown only from there, so what is not committed is never seen,
//!    and there are never two checkpoints that do not extend one another.
//! 3. **Commit**: one durable batch. A crash before its sync leaves nothing; a crash after it leaves all of the batch,
//!    without an answer: callers retry with the same receipt id and get [`SequenceError::Duplicate`], which says "stored".
//!    The same holds when the store only says that it failed: heads are read from it again before the next batch.
//! 4. **Answer and publish**: the new checkpoint is readable as soon as step 3 is done. A crash part-way leaves some callers without an answer, as in step 3.
//!
//! Recovery needs no code of its own: the next start reads the heads from the store, as step 2 does on first use.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::{Notify, mpsc};

use super::plan::{Hopeful, Known, Plan, View, plan};
use super::{Answer, Bells, Draft, Message, SequenceError, Waiting, counters, organisations};
use crate::log::{Head, LogKey};
use crate::store::{Engine, Snapshot, Space, StoreError, keys};
use crate::tally;

/// How often a batch is planned anew because another collector changed the store in between.
const ATTEMPTS_MAX: usize = 8;

/// Counters kept in memory: those of today of every form and language of some hundred organisations.
const COUNTS_KNOWN_MAX: usize = 16 * 1024;

pub(super) struct Writer {
    engine: Arc<dyn Engine>,
    batch_drafts_max: usize,
    log: LogKey,
    known: Known,
    signals: Signals,
}

/// What others learn of a commit without asking the store.
pub(super) struct Signals {
    /// When the last commit failed; `None` after one that did not.
    pub(super) failed: Arc<Mutex<Option<Instant>>>,
    /// Rings after a commit that asks for jobs.
    pub(super) bell: Arc<Notify>,
    /// The same for what endpoints are to be told.
    pub(super) bells: Arc<Bells>,
}

impl Writer {
    pub(super) fn new(
        engine: Arc<dyn Engine>,
        batch_drafts_max: usize,
        log: LogKey,
        signals: Signals,
    ) -> Self {
        Self { engine, batch_drafts_max, log, known: Known::default(), signals }
    }

    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Message>) {
        let mut messages = Vec::with_capacity(self.batch_drafts_max);
        while queue.blocking_recv_many(&mut messages, self.batch_drafts_max) > 0 {
            let mut waiting = Vec::with_capacity(messages.len());
            for message in messages.drain(..) {
                match message {
                    Message::Draft(draft) => waiting.push(*draft),
                    // What is in the queue by now is still received; nothing more gets in.
                    Message::Close => queue.close(),
                }
            }
            let (drafts, answers): (Vec<_>, Vec<_>) =
                waiting.into_iter().map(|Waiting { draft, answer }| (draft, answer)).unzip();
            let outcomes = self.commit(&drafts);
            if outcomes.contains(&Err(SequenceError::Corrupt)) {
                queue.close();
            }
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                // A caller that hung up does not need its answer.
                let _ = answer.send(outcome);
            }
        }
    }

    /// Stores drafts as if one after another, in one commit. Gives one answer per draft, in order.
    fn commit(&mut self, drafts: &[Draft]) -> Vec<Answer> {
        if drafts.is_empty() {
            return Vec::new();
        }
        let done = self.attempts(drafts);
        let failed = done.is_err().then(Instant::now);
        *self.signals.failed.lock().unwrap_or_else(PoisonError::into_inner) = failed;
        match done {
            Ok(answers) => answers,
            Err(error) => {
                self.known = Known::default();
                vec![Err(self.report(error)); drafts.len()]
            }
        }
    }

    fn attempts(&mut self, drafts: &[Draft]) -> Result<Vec<Answer>, StoreError> {
        match self.attempt(drafts, &Hopeful, Trust::Nothing) {
            Err(StoreError::Conflict { .. }) => {}
            other => return other,
        }
        // Somebody's precondition does not hold: look at each of them in one fresh state.
        for _ in 1..ATTEMPTS_MAX {
            self.known = Known::default();
            let snapshot = self.engine.snapshot()?;
            match self.attempt(drafts, &*snapshot, Trust::All) {
                Err(StoreError::Conflict { .. }) => {}
                other => return other,
            }
        }
        Ok(vec![Err(SequenceError::Overloaded); drafts.len()])
    }

    fn attempt<V: View + ?Sized>(
        &mut self,
        drafts: &[Draft],
        view: &V,
        refusals: Trust,
    ) -> Result<Vec<Answer>, StoreError> {
        let before = self.known_of(drafts)?;
        let Plan { batch, answers, after } = plan(drafts.iter(), &before, view, &self.log)?;
        let conflict = |answer: &Answer| matches!(answer, Err(SequenceError::Conflict { .. }));
        if refusals == Trust::Nothing && answers.iter().any(conflict) {
            return Err(StoreError::Conflict { index: 0 });
        }
        if answers.iter().any(Result::is_ok) {
            self.engine.commit(&batch)?;
            self.known.heads.extend(after.heads);
            self.known.counts.extend(after.counts);
            if batch.writes.iter().any(|write| write.space == Space::Job && write.value.is_some()) {
                self.signals.bell.notify_one();
            }
            self.signals.bells.ring(&batch);
        }
        Ok(answers)
    }

    /// Heads and counters that drafts touch; read from the store where they are not known yet.
    fn known_of(&mut self, drafts: &[Draft]) -> Result<Known, StoreError> {
        if self.known.counts.len() > COUNTS_KNOWN_MAX {
            self.known.counts.clear();
        }
        let mut reader = Reader { engine: self.engine.as_ref(), snapshot: None };
        let mut of_drafts = Known::default();
        for organisation in organisations(drafts.iter()) {
            let head = match self.known.heads.get(&organisation) {
                Some(head) => head.clone(),
                None => {
                    let row = reader.now()?.get(Space::Head, &keys::organisation(organisation))?;
                    row.as_deref().map(Head::decode).transpose()?
                }
            };
            of_drafts.heads.insert(organisation, head);
        }
        for key in drafts.iter().flat_map(counters) {
            if of_drafts.counts.contains_key(key) {
                continue;
            }
            let count = match self.known.counts.get(key) {
                Some(count) => *count,
                None => tally::read(reader.now()?, key)?,
            };
            of_drafts.counts.insert(key.clone(), count);
        }
        Ok(of_drafts)
    }

    /// Logs a failure once, here, and gives what callers are told. The causes name no rows.
    fn report(&self, error: StoreError) -> SequenceError {
        tracing::error!(%error, "a commit failed");
        match error {
            StoreError::Unavailable(_) | StoreError::Conflict { .. } => SequenceError::InDoubt,
            StoreError::TooLarge => SequenceError::TooLarge,
            StoreError::Full(_) => SequenceError::Full,
            StoreError::Corrupt(_) => SequenceError::Corrupt,
        }
    }
}

/// One state of the store, taken when something has to be read.
struct Reader<'a> {
    engine: &'a dyn Engine,
    snapshot: Option<Box<dyn Snapshot>>,
}

impl Reader<'_> {
    fn now(&mut self) -> Result<&dyn Snapshot, StoreError> {
        if self.snapshot.is_none() {
            self.snapshot = Some(self.engine.snapshot()?);
        }
        self.snapshot.as_deref().ok_or_else(|| StoreError::Unavailable("it gives no snapshot".into()))
    }
}

/// Whether a conflict that a plan names is final. A hopeful plan did not look whether the receipt is stored already,
/// which would come first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    Nothing,
    All,
}
