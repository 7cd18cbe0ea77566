//! The sequencer above a real store, and above one that fails on purpose.
//!
//! In scope: numbering, what each caller is told, retries, other collectors, overload and closing. Out of scope: the disk (`store_faults`).
//!
//! Invariant: every test judges by what the store holds, not by what the sequencer remembers.

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex};

use collector::log::{Entry, Head, LogKey};
use collector::sequencer::{Draft, Limits, NewReceipt, SequenceError, Sequencer, Stored};
use collector::store::redb::RedbEngine;
use collector::store::{Batch, Engine, Expect, KeyRange, Snapshot, Space, StoreError, keys};
use ed25519_dalek::SigningKey;

/// What happens to one commit, counted from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Lost,
    DoneButReportedLost,
    Full,
    Corrupt,
    /// Another collector stores a receipt first.
    OvertakenBy(u8),
}

/// An engine that fails on purpose, and that can be held up.
struct Faulty {
    /// Goes after the engine that lies in it.
    _folder: tempfile::TempDir,
    inner: RedbEngine,
    faults: Mutex<Vec<Fault>>,
    held: Mutex<bool>,
    released: Condvar,
    batches: Mutex<Vec<usize>>,
}

impl Faulty {
    fn new(faults: &[Fault]) -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let inner = RedbEngine::create(&folder.path().join("store"), 1 << 20).unwrap();
        let faults = Mutex::new(faults.iter().rev().copied().collect());
        Arc::new(Self {
            _folder: folder,
            inner,
            faults,
            held: Mutex::new(false),
            released: Condvar::new(),
            batches: Mutex::default(),
        })
    }

    fn hold(&self, hold: bool) {
        *self.held.lock().unwrap() = hold;
        self.released.notify_all();
    }

    fn receipts(&self) -> Vec<(u32, u64, u8)> {
        let snapshot = self.inner.snapshot().unwrap();
        let rows = snapshot.page(Space::Body, &KeyRange::all(), 10_000).unwrap();
        let bodies = rows.into_iter().map(|(key, body)| (keys::read_body_key(&key).unwrap(), body[0]));
        bodies.map(|((organisation, sequence), body)| (organisation, sequence, body)).collect()
    }
}

impl Engine for Faulty {
    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        drop(self.released.wait_while(self.held.lock().unwrap(), |held| *held).unwrap());
        self.batches.lock().unwrap().push(batch.writes.iter().filter(|w| w.space == Space::Body).count());
        let lost = || StoreError::Unavailable("the wire was cut".into());
        let fault = self.faults.lock().unwrap().pop();
        match fault {
            None => self.inner.commit(batch),
            Some(Fault::Lost) => Err(lost()),
            Some(Fault::Full) => Err(StoreError::Full("no room".into())),
            Some(Fault::Corrupt) => Err(StoreError::Corrupt("a checksum is wrong".into())),
            Some(Fault::DoneButReportedLost) => self.inner.commit(batch).and(Err(lost())),
            Some(Fault::OvertakenBy(id)) => {
                overtake(&self.inner, id);
                self.inner.commit(batch)
            }
        }
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        self.inner.snapshot()
    }
}

/// What another collector does on the same store: one receipt of organisation 1 under the next number.
fn overtake(engine: &dyn Engine, id: u8) {
    let snapshot = engine.snapshot().unwrap();
    let head = snapshot.get(Space::Head, &keys::organisation(1)).unwrap();
    let before = head.as_deref().map(|row| Head::decode(row).unwrap()).unwrap_or_default();
    let sequence = before.frontier.size();
    let mut frontier = before.frontier;
    frontier.append([id; 32], |_| {});
    let mut batch = Batch::default();
    batch
        .expect_unchanged(Space::Head, keys::organisation(1), head)
        .put(Space::Head, keys::organisation(1), log_key().head("c.example/log/1", frontier).encode())
        .put(Space::Body, keys::body(1, sequence), [id])
        .put(Space::ById, keys::by_id(1, &[id; 16]), keys::sequence_value(sequence));
    engine.commit(&batch).unwrap();
}

fn log_key() -> LogKey {
    LogKey::new(SigningKey::from_bytes(&[1; 32]))
}

fn receipt_of(organisation: u32, id: u8) -> Draft {
    let entry = Entry { origin: format!("c.example/log/{organisation}"), commitment: [id; 32] };
    let (numbered, counted) = (Vec::new(), vec![b"all".to_vec()]);
    let receipt = NewReceipt { organisation, id: [id; 16], body: vec![id], entry, numbered, counted };
    Draft { receipt: Some(receipt), ..Draft::default() }
}

fn receipt(id: u8) -> Draft {
    receipt_of(1, id)
}

const fn numbered(sequence: u64) -> Result<Stored, SequenceError> {
    Ok(Stored { sequence: Some(sequence) })
}

fn start(engine: &Arc<Faulty>) -> Sequencer {
    Sequencer::start(Arc::clone(engine) as Arc<dyn Engine>, Limits::default(), log_key()).unwrap()
}

/// Hands in drafts so that they are all waiting when the first commit begins, and gives their answers in order.
async fn together(
    engine: &Faulty,
    sequencer: &Sequencer,
    drafts: Vec<Draft>,
) -> Vec<Result<Stored, SequenceError>> {
    engine.hold(true);
    // One commit that is held up, so that the others gather behind it.
    let mut first = Box::pin(sequencer.store(Draft::default()));
    assert!(poll_once(&mut first).is_none());
    let mut waiting: Vec<_> = drafts.into_iter().map(|draft| Box::pin(sequencer.store(draft))).collect();
    for draft in &mut waiting {
        assert!(poll_once(draft).is_none(), "answered before its commit");
    }
    engine.hold(false);
    assert_eq!(first.await, Ok(Stored { sequence: None }));
    let mut answers = Vec::new();
    for draft in waiting {
        answers.push(draft.await);
    }
    answers
}

/// Polls a future once: drafts enter the queue at the first poll.
fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::Pin::new(future).poll(&mut context) {
        std::task::Poll::Ready(output) => Some(output),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test]
async fn receipts_are_numbered_per_organisation_without_gaps() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    let drafts = vec![receipt_of(1, 10), receipt_of(2, 20), receipt_of(1, 11), receipt_of(2, 21)];
    let answers = together(&engine, &sequencer, drafts).await;
    assert_eq!(answers, [numbered(0), numbered(0), numbered(1), numbered(1)]);
    assert_eq!(sequencer.store(receipt_of(1, 12)).await, numbered(2));
    let stored = [(1, 0, 10), (1, 1, 11), (1, 2, 12), (2, 0, 20), (2, 1, 21)];
    assert_eq!(engine.receipts(), stored);
}

#[tokio::test]
async fn numbering_goes_on_after_a_restart() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    assert_eq!(sequencer.store(receipt(1)).await, numbered(0));
    sequencer.close().await;
    assert_eq!(sequencer.store(receipt(2)).await, Err(SequenceError::Closed));
    let again = start(&engine);
    assert_eq!(again.store(receipt(1)).await, Err(SequenceError::Duplicate));
    assert_eq!(again.store(receipt(2)).await, numbered(1));
}

#[tokio::test]
async fn what_waits_lands_in_one_commit() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    let answers = together(&engine, &sequencer, (0..200).map(receipt).collect()).await;
    assert_eq!(answers, (0..200).map(numbered).collect::<Vec<_>>());
    // The draft that was held up, with whatever joined it, and the rest in one.
    assert!(engine.batches.lock().unwrap().len() <= 2);
}

#[tokio::test]
async fn one_commit_per_request_when_asked_so() {
    let engine = Faulty::new(&[]);
    let limits = Limits { batch_drafts_max: 1, ..Limits::default() };
    let sequencer = Sequencer::start(Arc::clone(&engine) as Arc<dyn Engine>, limits, log_key()).unwrap();
    together(&engine, &sequencer, (0..20).map(receipt).collect()).await;
    assert_eq!(*engine.batches.lock().unwrap(), [vec![0], vec![1; 20]].concat());
}

#[tokio::test]
async fn a_receipt_is_stored_once_however_often_it_comes() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    let answers = together(&engine, &sequencer, vec![receipt(1), receipt(1), receipt(2), receipt(1)]).await;
    let duplicate = Err(SequenceError::Duplicate);
    assert_eq!(answers, [numbered(0), duplicate, numbered(1), duplicate]);
    assert_eq!(sequencer.store(receipt(2)).await, duplicate);
    assert_eq!(engine.receipts(), [(1, 0, 1), (1, 1, 2)]);
}

fn with_state(id: u8, read: Option<&[u8]>, write: &[u8]) -> Draft {
    let mut draft = receipt(id);
    draft.rows.expect_absent(Space::Job, *b"never").expect_unchanged(
        Space::Subject,
        *b"s",
        read.map(<[u8]>::to_vec),
    );
    draft.rows.put(Space::Subject, *b"s", write);
    draft
}

#[tokio::test]
async fn of_two_who_decided_on_the_same_state_the_second_decides_anew() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    let drafts = vec![
        with_state(1, None, b"one"),
        with_state(2, None, b"two"),
        with_state(3, Some(b"one"), b"three"),
        receipt(4),
    ];
    let answers = together(&engine, &sequencer, drafts).await;
    let conflict = Err(SequenceError::Conflict { index: 1 });
    assert_eq!(answers, [numbered(0), conflict, numbered(1), numbered(2)]);
    assert_eq!(engine.receipts(), [(1, 0, 1), (1, 1, 3), (1, 2, 4)]);
    let stale = sequencer.store(with_state(5, Some(b"one"), b"five")).await;
    assert_eq!(stale, conflict);
    let row = engine.snapshot().unwrap().get(Space::Subject, b"s").unwrap();
    assert_eq!(row.as_deref(), Some(&b"three"[..]));
}

#[tokio::test]
async fn a_refused_draft_leaves_the_others_alone() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    assert_eq!(sequencer.store(receipt(1)).await, numbered(0));
    let drafts = vec![receipt(2), receipt(1), with_state(3, Some(b"wrong"), b"x"), receipt(4)];
    let answers = together(&engine, &sequencer, drafts).await;
    let refused = [Err(SequenceError::Duplicate), Err(SequenceError::Conflict { index: 1 })];
    assert_eq!(answers, [numbered(1), refused[0], refused[1], numbered(2)]);
    assert_eq!(engine.receipts(), [(1, 0, 1), (1, 1, 2), (1, 2, 4)]);
}

#[tokio::test]
async fn a_draft_without_receipt_goes_the_same_way() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    let mut draft = Draft::default();
    draft.rows.expect(Space::Form, *b"f", Expect::Absent).put(Space::Form, *b"f", *b"1");
    assert_eq!(sequencer.store(draft.clone()).await, Ok(Stored { sequence: None }));
    assert_eq!(sequencer.store(draft).await, Err(SequenceError::Conflict { index: 0 }));
}

/// Runs two receipts through one fault, retries both, and looks at what is stored.
async fn check_fault(fault: Fault, told: SequenceError, retried: [Result<Stored, SequenceError>; 2]) {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    assert_eq!(sequencer.store(receipt(9)).await, numbered(0));
    *engine.faults.lock().unwrap() = vec![fault];
    assert!(sequencer.is_well());
    assert_eq!(sequencer.store(receipt(1)).await, Err(told));
    assert!(!sequencer.is_well(), "{fault:?}");
    let again = [sequencer.store(receipt(1)).await, sequencer.store(receipt(2)).await];
    assert_eq!(again, retried, "{fault:?}");
    assert!(sequencer.is_well(), "after {fault:?} all is well again");
    assert_eq!(engine.receipts(), [(1, 0, 9), (1, 1, 1), (1, 2, 2)], "{fault:?}");
}

#[tokio::test]
async fn a_commit_of_unknown_outcome_is_settled_by_a_retry() {
    let doubt = SequenceError::InDoubt;
    check_fault(Fault::Lost, doubt, [numbered(1), numbered(2)]).await;
    check_fault(Fault::Full, SequenceError::Full, [numbered(1), numbered(2)]).await;
    let stored = Err(SequenceError::Duplicate);
    check_fault(Fault::DoneButReportedLost, doubt, [stored, numbered(2)]).await;
}

#[tokio::test]
async fn a_damaged_store_closes_the_door() {
    let engine = Faulty::new(&[Fault::Corrupt]);
    let sequencer = start(&engine);
    assert!(sequencer.is_open());
    assert_eq!(sequencer.store(receipt(1)).await, Err(SequenceError::Corrupt));
    // Whoever serves hears of it, and stops.
    sequencer.ended().await;
    assert!(!sequencer.is_open());
    sequencer.close().await;
    assert_eq!(sequencer.store(receipt(2)).await, Err(SequenceError::Closed));
    assert_eq!(engine.receipts(), []);
}

#[tokio::test]
async fn another_collector_on_the_same_store_never_forks_the_numbers() {
    let engine = Faulty::new(&[Fault::OvertakenBy(50), Fault::OvertakenBy(51)]);
    let sequencer = start(&engine);
    assert_eq!(sequencer.store(receipt(1)).await, numbered(2));
    assert_eq!(engine.receipts(), [(1, 0, 50), (1, 1, 51), (1, 2, 1)]);
    *engine.faults.lock().unwrap() = vec![Fault::OvertakenBy(2)];
    assert_eq!(sequencer.store(receipt(2)).await, Err(SequenceError::Duplicate));
    assert_eq!(engine.receipts().len(), 4);
}

#[tokio::test]
async fn who_is_overtaken_without_end_is_told_to_come_back() {
    let faults: Vec<_> = (100..120).map(Fault::OvertakenBy).collect();
    let engine = Faulty::new(&faults);
    let sequencer = start(&engine);
    assert_eq!(sequencer.store(receipt(1)).await, Err(SequenceError::Overloaded));
    assert!(engine.receipts().iter().all(|(_, _, body)| *body != 1));
}

#[tokio::test]
async fn two_sequencers_on_one_store_share_the_numbers() {
    let engine = Faulty::new(&[]);
    let (left, right) = (start(&engine), start(&engine));
    let mut answers = HashSet::new();
    for id in 0..40 {
        let (a, b) = tokio::join!(left.store(receipt(id)), right.store(receipt(100 + id)));
        for answer in [a, b] {
            assert!(answers.insert(answer.unwrap().sequence.unwrap()), "one number twice");
        }
    }
    let sequences: Vec<u64> = engine.receipts().iter().map(|(_, sequence, _)| *sequence).collect();
    assert_eq!(sequences, (0..80).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_full_queue_refuses_at_once_and_takes_drafts_again_later() {
    let engine = Faulty::new(&[]);
    let limits = Limits { batch_drafts_max: 1, queue_drafts_max: 2 };
    let sequencer = Sequencer::start(Arc::clone(&engine) as Arc<dyn Engine>, limits, log_key()).unwrap();
    engine.hold(true);
    let mut waiting: Vec<_> = (0..10).map(|id| Box::pin(sequencer.store(receipt(id)))).collect();
    let refused = waiting.iter_mut().filter_map(poll_once).collect::<Vec<_>>();
    // One is in the writer's hands at most, and two wait.
    assert!((7..=8).contains(&refused.len()), "{refused:?}");
    assert!(refused.iter().all(|answer| *answer == Err(SequenceError::Overloaded)));
    engine.hold(false);
    sequencer.close().await;
    assert_eq!(engine.receipts().len(), 10 - refused.len());
}

#[tokio::test]
async fn closing_finishes_what_waits() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    engine.hold(true);
    let mut waiting: Vec<_> = (0..50).map(|id| Box::pin(sequencer.store(receipt(id)))).collect();
    assert!(waiting.iter_mut().all(|draft| poll_once(draft).is_none()));
    let mut closing = Box::pin(sequencer.close());
    assert!(poll_once(&mut closing).is_none());
    engine.hold(false);
    closing.await;
    for (sequence, draft) in (0..).zip(waiting) {
        assert_eq!(draft.await, numbered(sequence));
    }
    assert_eq!(engine.receipts().len(), 50);
}

#[tokio::test]
async fn a_row_that_is_too_large_is_refused_before_it_joins_a_batch() {
    let engine = Faulty::new(&[]);
    let sequencer = start(&engine);
    let mut draft = receipt(1);
    draft.rows.put(Space::Job, *b"k", vec![0; collector::store::VALUE_BYTES_MAX + 1]);
    assert_eq!(sequencer.store(draft).await, Err(SequenceError::TooLarge));
    let mut draft = receipt(1);
    draft.receipt.as_mut().unwrap().body = vec![0; collector::store::VALUE_BYTES_MAX + 1];
    assert_eq!(sequencer.store(draft).await, Err(SequenceError::TooLarge));
    assert_eq!(engine.receipts(), []);
}
