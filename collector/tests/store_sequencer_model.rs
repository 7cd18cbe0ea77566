//! The sequencer against its own model: itself, taking one draft at a time.
//!
//! In scope: that gathering drafts into commits changes no answer and no row. Out of scope: faults (`store_sequencer`).
//!
//! Invariant: however the writer thread happens to cut the batches, the outcome is that of one after another.

use std::sync::Arc;

use collector::log::{Entry, LogKey};
use collector::sequencer::{Draft, Ends, Limits, NewReceipt, Numbered, SequenceError, Sequencer, Stored};
use collector::store::redb::RedbEngine;
use collector::store::{Batch, Engine, KeyRange, Space};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

/// A draft of a small world, so that drafts meet: two organisations, four ids, three rows, two values.
#[derive(Debug, Clone)]
struct Small {
    receipt: Option<(u32, u8)>,
    asks: Vec<(u8, Option<u8>)>,
    writes: Vec<(u8, Option<u8>)>,
    counted: Vec<u8>,
    uncounted: Vec<u8>,
}

fn small() -> impl Strategy<Value = Small> {
    let value = || proptest::option::of(0..2_u8);
    let receipt = proptest::option::weighted(0.8, (1..3_u32, 0..4_u8));
    let asks = proptest::collection::vec((0..3_u8, value()), 0..2);
    let writes = proptest::collection::vec((0..3_u8, value()), 0..3);
    let counters = || proptest::collection::vec(0..3_u8, 0..3);
    (receipt, asks, writes, counters(), counters()).prop_map(|(receipt, asks, writes, counted, uncounted)| {
        Small { receipt, asks, writes, counted, uncounted }
    })
}

fn draft(small: &Small) -> Draft {
    let receipt = small.receipt.map(|(organisation, id)| {
        let entry = Entry { origin: format!("c.example/log/{organisation}"), commitment: [id; 32] };
        let (space, ends) = (Space::Contact, [Ends::Key, Ends::Value, Ends::Both][usize::from(id % 3)]);
        let row = Numbered { space, prefix: vec![0, 0, 0, 1], value: vec![id], ends };
        let counted = counters(&small.counted);
        NewReceipt { organisation, id: [id; 16], body: vec![id], entry, numbered: vec![row], counted }
    });
    let mut rows = Batch::default();
    for (key, value) in &small.asks {
        rows.expect_unchanged(Space::Subject, [*key], value.map(|value| vec![value]));
    }
    for (key, value) in &small.writes {
        match value {
            Some(value) => rows.put(Space::Subject, [*key], [*value]),
            None => rows.delete(Space::Subject, [*key]),
        };
    }
    Draft { receipt, uncounted: counters(&small.uncounted), rows }
}

fn counters(named: &[u8]) -> Vec<Vec<u8>> {
    named.iter().map(|name| vec![*name]).collect()
}

struct World {
    _folder: tempfile::TempDir,
    engine: Arc<dyn Engine>,
    sequencer: Sequencer,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine: Arc<dyn Engine> =
            Arc::new(RedbEngine::create(&folder.path().join("store"), 1 << 20).unwrap());
        let key = LogKey::new(SigningKey::from_bytes(&[1; 32]));
        let sequencer = Sequencer::start(Arc::clone(&engine), Limits::default(), key).unwrap();
        Self { _folder: folder, engine, sequencer }
    }

    /// All rows of the spaces that drafts touch.
    fn rows(&self) -> Vec<Vec<(Vec<u8>, Vec<u8>)>> {
        let snapshot = self.engine.snapshot().unwrap();
        let spaces = [Space::Head, Space::Body, Space::ById, Space::Subject, Space::Contact, Space::Node];
        let spaces = [&spaces[..], &[Space::Tally]].concat();
        spaces.into_iter().map(|space| snapshot.page(space, &KeyRange::all(), 1_000).unwrap()).collect()
    }
}

type Answers = Vec<Result<Stored, SequenceError>>;

async fn one_by_one(world: &World, drafts: &[Small]) -> Answers {
    let mut answers = Vec::new();
    for small in drafts {
        answers.push(world.sequencer.store(draft(small)).await);
    }
    answers
}

/// Puts all drafts in the queue before it waits for any: tasks of this runtime start in the order of spawning.
async fn all_at_once(world: &World, drafts: &[Small]) -> Answers {
    let waiting: Vec<_> = drafts
        .iter()
        .map(|small| {
            let (sequencer, draft) = (world.sequencer.clone(), draft(small));
            tokio::spawn(async move { sequencer.store(draft).await })
        })
        .collect();
    let mut answers = Vec::new();
    for draft in waiting {
        answers.push(draft.await.unwrap());
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_batch_does_what_its_drafts_would_do_one_by_one(drafts in proptest::collection::vec(small(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (gathered, single) = (World::new(), World::new());
        let expected = runtime.block_on(one_by_one(&single, &drafts));
        prop_assert_eq!(runtime.block_on(all_at_once(&gathered, &drafts)), expected);
        prop_assert_eq!(gathered.rows(), single.rows());
    }
}
