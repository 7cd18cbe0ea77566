//! The log of an organisation, with the disk cut at every operation, and under a collector that is started again.
//!
//! In scope: that heads, entries, nodes and receipts belong together whatever is cut, that proofs read back from the store
//! verify, and that no two checkpoints that were ever readable contradict one another. Out of scope: the tree itself
//! (`shared/tests/log.rs`).
//!
//! Invariant: every check recomputes the tree from its entries; nothing that is judged is taken from what it is judged by.

use std::sync::Arc;

use collector::log::read::Log;
use collector::log::{Entry, LogKey};
use collector::sequencer::{Draft, Limits, NewReceipt, SequenceError, Sequencer};
use collector::store::redb::{CACHE_BYTES_DEFAULT, RedbEngine};
use collector::store::{Batch, Engine, KeyRange, Space, keys};
use ed25519_dalek::SigningKey;
use shared::log::tile::{Holds, Tile};
use shared::log::tree::{self, Frontier, Hash};
use shared::log::{Checkpoint, entry};

mod disk;

use disk::{Disk, Fault, Survivors};

const ORIGIN: &str = "c.example/log/kaas";
const RECEIPTS: u64 = 8;

fn key() -> LogKey {
    LogKey::new(SigningKey::from_bytes(&[1; 32]))
}

fn commitment(number: u64) -> [u8; 32] {
    let mut commitment = [7; 32];
    commitment[..8].copy_from_slice(&number.to_be_bytes());
    commitment
}

fn draft(number: u64) -> Draft {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    let entry = Entry { origin: ORIGIN.into(), commitment: commitment(number) };
    let (body, numbered, counted) = (vec![number as u8], Vec::new(), Vec::new());
    let receipt = NewReceipt { organisation: 1, id, body, entry, numbered, counted };
    Draft { receipt: Some(receipt), ..Draft::default() }
}

fn start(engine: &Arc<dyn Engine>) -> Sequencer {
    Sequencer::start(Arc::clone(engine), Limits::default(), key()).unwrap()
}

/// What anybody can read: the signed checkpoint, checked with the log's public key.
fn published(engine: &dyn Engine) -> Option<Checkpoint> {
    let snapshot = engine.snapshot().unwrap();
    let head = Log::new(snapshot.as_ref(), 1).head().unwrap()?;
    let note = key().note(ORIGIN, &head);
    assert_eq!(note.signed_by(&key().named(ORIGIN)), Ok(0), "the stored signature is false");
    Some(Checkpoint::parse(note.text()).unwrap())
}

/// The root after each entry, from the entries alone.
fn roots(engine: &dyn Engine) -> Vec<Hash> {
    let snapshot = engine.snapshot().unwrap();
    let bodies = snapshot.page(Space::Body, &KeyRange::all(), 100_000).unwrap();
    let commitments = Log::new(snapshot.as_ref(), 1).commitments(0, bodies.len() as u64).unwrap();
    let mut frontier = Frontier::default();
    let mut roots = vec![frontier.root()];
    for commitment in &commitments {
        frontier.append(entry::leaf(commitment), |_| {});
        roots.push(frontier.root());
    }
    assert!(
        Log::new(snapshot.as_ref(), 1).commitments(0, bodies.len() as u64 + 1).is_err(),
        "one entry too many"
    );
    roots
}

/// The head is that of the entries, there is an entry for each receipt, and all that was published before still holds.
fn check(engine: &dyn Engine, seen: &[Checkpoint], context: &str) {
    let roots = roots(engine);
    let head = published(engine);
    assert_eq!(head.as_ref().map_or(0, |head| head.size) as usize, roots.len() - 1, "{context}");
    for checkpoint in seen.iter().chain(&head) {
        let root = roots.get(checkpoint.size as usize);
        assert_eq!(
            root,
            Some(&checkpoint.root),
            "{context}: a checkpoint of size {} was forked",
            checkpoint.size
        );
    }
}

/// Stores receipts one by one until something fails; notes every checkpoint that could be read meanwhile.
async fn run(disk: &Disk) -> (u64, Vec<Checkpoint>) {
    let Ok(engine) = RedbEngine::create_on(disk.clone(), CACHE_BYTES_DEFAULT) else { return (0, Vec::new()) };
    let engine: Arc<dyn Engine> = Arc::new(engine);
    let sequencer = start(&engine);
    let mut seen = Vec::new();
    for number in 0..RECEIPTS {
        if sequencer.store(draft(number)).await.is_err() {
            // What the failed commit left behind may be visible, and what is visible may have been read.
            if let Ok(snapshot) = engine.snapshot()
                && let Ok(Some(head)) = Log::new(snapshot.as_ref(), 1).head()
            {
                seen.push(head.checkpoint(ORIGIN));
            }
            return (number, seen);
        }
        seen.extend(published(engine.as_ref()));
    }
    (RECEIPTS, seen)
}

async fn cut_everywhere(fault: Fault) {
    for operation in 0.. {
        let disk = Disk::failing_at(operation, fault);
        let (acknowledged, seen) = run(&disk).await;
        if !disk.was_hit() {
            assert!(operation > 60, "the run is too short to prove anything: {operation} operations");
            return;
        }
        for survivors in [Survivors::None, Survivors::All, Survivors::Even, Survivors::Odd] {
            let context = format!("{fault:?} at operation {operation}, {survivors:?} of the unsynced writes");
            let Ok(engine) = RedbEngine::open_on(disk.after_power_loss(survivors), CACHE_BYTES_DEFAULT)
            else {
                assert_eq!(acknowledged, 0, "{context}");
                continue;
            };
            let engine: Arc<dyn Engine> = Arc::new(engine);
            check(engine.as_ref(), &seen, &context);
            assert!(
                roots(engine.as_ref()).len() as u64 > acknowledged,
                "{context}: an answered receipt is lost"
            );
            // A new process goes on where the old one was cut, and clients retry.
            let sequencer = start(&engine);
            for number in 0..RECEIPTS {
                let answer = sequencer.store(draft(number)).await;
                assert!(matches!(answer, Ok(_) | Err(SequenceError::Duplicate)), "{context}: {answer:?}");
            }
            check(engine.as_ref(), &seen, &context);
            assert_eq!(roots(engine.as_ref()).len() as u64, RECEIPTS + 1, "{context}");
        }
    }
}

#[tokio::test]
async fn no_lost_operation_forks_the_log() {
    cut_everywhere(Fault::Lost).await;
}

#[tokio::test]
async fn no_operation_that_is_done_but_reported_lost_forks_the_log() {
    cut_everywhere(Fault::DoneButReportedLost).await;
}

#[tokio::test]
async fn no_full_disk_forks_the_log() {
    cut_everywhere(Fault::Full).await;
}

/// A log of many batches, more than one tile of level 1 wide nodes.
async fn long_log(entries: u64) -> (tempfile::TempDir, Arc<dyn Engine>) {
    let folder = tempfile::tempdir().unwrap();
    let engine: Arc<dyn Engine> =
        Arc::new(RedbEngine::create(&folder.path().join("store"), CACHE_BYTES_DEFAULT).unwrap());
    let sequencer = start(&engine);
    let waiting: Vec<_> = (0..entries)
        .map(|number| {
            let sequencer = sequencer.clone();
            tokio::spawn(async move { sequencer.store(draft(number)).await })
        })
        .collect();
    for answer in waiting {
        answer.await.unwrap().unwrap();
    }
    (folder, engine)
}

#[tokio::test]
async fn every_proof_from_the_store_verifies() {
    let (_folder, engine) = long_log(1_300).await;
    check(engine.as_ref(), &[], "a long log");
    let snapshot = engine.snapshot().unwrap();
    let log = Log::new(snapshot.as_ref(), 1);
    let (size, roots) = (1_300, roots(engine.as_ref()));
    let leaves: Vec<Hash> = log.commitments(0, size).unwrap().iter().map(entry::leaf).collect();
    for index in [0, 1, 255, 256, 257, 511, 512, 1_023, 1_024, 1_279, 1_280, 1_298, 1_299] {
        let path = log.inclusion(index, size).unwrap();
        assert!(
            tree::includes(&leaves[index as usize], index, size, &path, &roots[size as usize]),
            "{index}"
        );
        let proof = log.consistency(index, size).unwrap();
        assert!(
            tree::extends((index, &roots[index as usize]), (size, &roots[size as usize]), &proof),
            "from {index}"
        );
    }
    // An older tree is proven as well as today's.
    let path = log.inclusion(700, 900).unwrap();
    assert!(tree::includes(&leaves[700], 700, 900, &path, &roots[900]));
}

#[tokio::test]
async fn tiles_are_those_of_the_entries() {
    let (_folder, engine) = long_log(600).await;
    let snapshot = engine.snapshot().unwrap();
    let log = Log::new(snapshot.as_ref(), 1);
    let tile = |path: &str| log.tile(&Tile::parse(path).unwrap()).unwrap();
    let leaves: Vec<Hash> = log.commitments(0, 600).unwrap().iter().map(entry::leaf).collect();
    assert_eq!(tile("0/000"), Some(leaves[..256].concat()));
    assert_eq!(tile("0/002.p/88"), Some(leaves[512..].concat()));
    assert_eq!(tile("0/002.p/80"), Some(leaves[512..592].concat()), "an older, narrower tile stays");
    assert_eq!(tile("1/000.p/2").map(|bytes| bytes.len()), Some(64));
    let entries = tile("entries/001").unwrap();
    assert_eq!(entries.len(), 256 * (2 + entry::ENTRY_BYTES));
    assert_eq!(tree::leaf_hash(&entries[2..2 + entry::ENTRY_BYTES]), leaves[256]);
    for absent in ["0/002", "0/002.p/89", "0/003.p/1", "1/000", "1/000.p/3", "2/000.p/1", "entries/002"] {
        assert_eq!(tile(absent), None, "{absent}");
    }
    assert_eq!(log.tile(&Tile { holds: Holds::Entries, index: u64::MAX, width: 256 }), Ok(None));
}

/// The negative control: the checks above do see a row that is gone.
#[tokio::test]
async fn a_log_with_a_hole_is_found_out() {
    let (_folder, engine) = long_log(300).await;
    let first = {
        let snapshot = engine.snapshot().unwrap();
        snapshot.page(Space::Leaf, &keys::of_organisation(1), 1).unwrap().remove(0).0
    };
    let mut batch = Batch::default();
    batch.delete(Space::Leaf, first);
    engine.commit(&batch).unwrap();
    let snapshot = engine.snapshot().unwrap();
    assert!(Log::new(snapshot.as_ref(), 1).commitments(0, 300).is_err());
    assert!(Log::new(snapshot.as_ref(), 1).inclusion(3, 300).is_err());
}
