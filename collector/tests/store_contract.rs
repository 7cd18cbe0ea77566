//! The engine contract, run against each engine.
//!
//! In scope: every MUST of `store::Engine` that can be seen from outside without a fault.
//! Out of scope: faults (`store_faults`) and the sequencer (`store_sequencer`).
//!
//! Invariant: the suite knows engines only by `dyn Engine`; an engine joins it by one line in `contract!`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use collector::store::redb::{CACHE_BYTES_DEFAULT, OpenError, RedbEngine};
use collector::store::{Batch, Engine, Expect, KEY_BYTES_MAX, KeyRange, Space, StoreError, VALUE_BYTES_MAX};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// An engine on a fresh file, which goes with the folder.
fn redb_file() -> (tempfile::TempDir, Box<dyn Engine>) {
    let folder = tempfile::tempdir().unwrap();
    let engine = RedbEngine::create(&folder.path().join("store"), CACHE_BYTES_DEFAULT).unwrap();
    (folder, Box::new(engine))
}

/// An engine with hardly any cache, so that pages are read back all the time.
fn redb_starved() -> (tempfile::TempDir, Box<dyn Engine>) {
    let folder = tempfile::tempdir().unwrap();
    let engine = RedbEngine::create(&folder.path().join("store"), 4096).unwrap();
    (folder, Box::new(engine))
}

/// Runs every function of the suite against every engine.
macro_rules! contract {
    ([$($engine:ident)+] $functions:tt) => { $(contract! { @each $engine $functions })+ };
    (@each $engine:ident [$($name:ident)+]) => {
        mod $engine {
            $(
                #[test]
                fn $name() {
                    let (_folder, engine) = super::$engine();
                    super::$name(&*engine);
                }
            )+
        }
    };
}

contract! {
    [redb_file redb_starved]
    [
        a_row_is_there_after_its_commit_and_gone_after_its_removal
        an_empty_value_is_a_value
        of_two_writes_to_one_row_the_later_counts
        a_precondition_that_fails_stores_nothing_and_is_named
        preconditions_look_at_the_state_before_the_batch
        a_snapshot_does_not_change
        a_scan_follows_the_bytes_of_keys_and_stops_when_told
        rows_over_their_limits_are_refused_and_rows_at_their_limits_are_kept
        of_many_who_claim_a_row_at_once_one_gets_it
        it_does_what_a_sorted_map_does
    ]
}

fn put(space: Space, key: &[u8], value: &[u8]) -> Batch {
    let mut batch = Batch::default();
    batch.put(space, key, value);
    batch
}

fn get(engine: &dyn Engine, space: Space, key: &[u8]) -> Option<Vec<u8>> {
    engine.snapshot().unwrap().get(space, key).unwrap()
}

fn keys(engine: &dyn Engine, range: &KeyRange, rows_max: usize) -> Vec<Vec<u8>> {
    let rows = engine.snapshot().unwrap().page(Space::Body, range, rows_max).unwrap();
    rows.into_iter().map(|(key, _)| key).collect()
}

fn a_row_is_there_after_its_commit_and_gone_after_its_removal(engine: &dyn Engine) {
    assert_eq!(get(engine, Space::Form, b"a"), None);
    engine.commit(&put(Space::Form, b"a", b"one")).unwrap();
    assert_eq!(get(engine, Space::Form, b"a").as_deref(), Some(&b"one"[..]));
    assert_eq!(get(engine, Space::Notice, b"a"), None, "spaces are apart");
    engine.commit(Batch::default().delete(Space::Form, *b"a").delete(Space::Form, *b"never")).unwrap();
    assert_eq!(get(engine, Space::Form, b"a"), None);
}

fn an_empty_value_is_a_value(engine: &dyn Engine) {
    engine.commit(&put(Space::Job, b"", b"")).unwrap();
    assert_eq!(get(engine, Space::Job, b""), Some(Vec::new()));
    let conflict = engine.commit(Batch::default().expect_absent(Space::Job, *b""));
    assert_eq!(conflict, Err(StoreError::Conflict { index: 0 }));
}

fn of_two_writes_to_one_row_the_later_counts(engine: &dyn Engine) {
    let mut batch = put(Space::Job, b"k", b"1");
    batch.put(Space::Head, *b"x", *b"y").put(Space::Job, *b"k", *b"2");
    batch.put(Space::Job, *b"gone", *b"1").delete(Space::Job, *b"gone");
    engine.commit(&batch).unwrap();
    assert_eq!(get(engine, Space::Job, b"k").as_deref(), Some(&b"2"[..]));
    assert_eq!(get(engine, Space::Job, b"gone"), None);
}

fn a_precondition_that_fails_stores_nothing_and_is_named(engine: &dyn Engine) {
    engine.commit(&put(Space::Subject, b"s", b"old")).unwrap();
    let mut batch = put(Space::Job, b"j", b"1");
    batch
        .expect_absent(Space::Job, *b"j")
        .expect(Space::Subject, *b"s", Expect::Is(b"other".to_vec()))
        .expect_absent(Space::Subject, *b"s")
        .expect(Space::Contact, *b"c", Expect::Is(Vec::new()));
    assert_eq!(engine.commit(&batch), Err(StoreError::Conflict { index: 1 }));
    assert_eq!(get(engine, Space::Job, b"j"), None);
    batch.preconditions.truncate(1);
    batch.expect_unchanged(Space::Subject, *b"s", Some(b"old".to_vec()));
    assert_eq!(engine.commit(&batch), Ok(()));
}

fn preconditions_look_at_the_state_before_the_batch(engine: &dyn Engine) {
    let mut batch = put(Space::Head, b"h", b"1");
    batch.expect_absent(Space::Head, *b"h").expect_absent(Space::Head, *b"h");
    assert_eq!(engine.commit(&batch), Ok(()));
    assert_eq!(engine.commit(&batch), Err(StoreError::Conflict { index: 0 }));
}

fn a_snapshot_does_not_change(engine: &dyn Engine) {
    engine.commit(&put(Space::Head, b"h", b"1")).unwrap();
    let before = engine.snapshot().unwrap();
    engine.commit(&put(Space::Head, b"h", b"2")).unwrap();
    assert_eq!(before.get(Space::Head, b"h").unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(get(engine, Space::Head, b"h").as_deref(), Some(&b"2"[..]));
}

fn a_scan_follows_the_bytes_of_keys_and_stops_when_told(engine: &dyn Engine) {
    let mut batch = Batch::default();
    for key in [&b"\xff"[..], b"a", b"b\0", b"b", b"b\xff", b"c", b"\xff\xff", b""] {
        batch.put(Space::Body, key, *b"");
    }
    engine.commit(&batch).unwrap();
    let all: [&[u8]; 8] = [b"", b"a", b"b", b"b\0", b"b\xff", b"c", b"\xff", b"\xff\xff"];
    assert_eq!(keys(engine, &KeyRange::all(), 99), all);
    assert_eq!(keys(engine, &KeyRange::prefix(b"b"), 99), all[2..5]);
    assert_eq!(keys(engine, &KeyRange::prefix(b"\xff"), 99), all[6..]);
    assert_eq!(keys(engine, &KeyRange::between(*b"b", *b"c"), 2), all[2..4]);
    assert_eq!(keys(engine, &KeyRange::prefix(b"b").after(b"b\0"), 99), all[4..5]);
    assert!(keys(engine, &KeyRange::between(*b"c", *b"b"), 99).is_empty());
    assert!(keys(engine, &KeyRange::all(), 0).is_empty());
    let mut seen = 0;
    let snapshot = engine.snapshot().unwrap();
    snapshot
        .scan(Space::Body, &KeyRange::all(), &mut |_, _| {
            seen += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(seen, 1);
}

fn rows_over_their_limits_are_refused_and_rows_at_their_limits_are_kept(engine: &dyn Engine) {
    let (key, value) = (vec![7; KEY_BYTES_MAX], vec![8; VALUE_BYTES_MAX]);
    let (long_key, long_value) = ([&key[..], &[0]].concat(), [&value[..], &[0]].concat());
    for batch in [put(Space::Job, &long_key, b""), put(Space::Job, b"k", &long_value)] {
        assert_eq!(engine.commit(&batch), Err(StoreError::TooLarge));
    }
    let asks = engine.commit(Batch::default().expect_absent(Space::Job, long_key));
    assert_eq!(asks, Err(StoreError::TooLarge));
    engine.commit(&put(Space::Job, &key, &value)).unwrap();
    assert_eq!(get(engine, Space::Job, &key), Some(value));
}

fn of_many_who_claim_a_row_at_once_one_gets_it(engine: &dyn Engine) {
    let mut batch = put(Space::Head, b"claim", b"mine");
    batch.expect_absent(Space::Head, *b"claim");
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let claims: Vec<_> = (0..8).map(|_| scope.spawn(|| engine.commit(&batch))).collect();
        claims.into_iter().map(|claim| claim.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|o| **o == Err(StoreError::Conflict { index: 0 })).count(), 7);
}

#[derive(Debug, Clone)]
enum Step {
    Commit { asks: Vec<(usize, u8, Option<Vec<u8>>)>, writes: Vec<(usize, u8, Option<Vec<u8>>)> },
    Scan { space: usize, from: u8, until: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    let value = || proptest::option::of(proptest::collection::vec(0..3_u8, 0..3));
    let rows = |n| proptest::collection::vec((0..3_usize, 0..6_u8, value()), 0..n);
    prop_oneof![
        4 => (rows(2), rows(6)).prop_map(|(asks, writes)| Step::Commit { asks, writes }),
        1 => (0..3_usize, 0..7_u8, 0..7_u8).prop_map(|(space, from, until)| Step::Scan { space, from, until }),
    ]
}

const SPACES: [Space; 3] = [Space::Head, Space::Body, Space::Job];

type Model = BTreeMap<(Space, u8), Vec<u8>>;

fn take_step(engine: &dyn Engine, model: &mut Model, step: Step) {
    match step {
        Step::Commit { asks, writes } => {
            let mut batch = Batch::default();
            let unmet =
                asks.iter().position(|(s, key, value)| model.get(&(SPACES[*s], *key)) != value.as_ref());
            for (s, key, value) in asks {
                batch.expect_unchanged(SPACES[s], [key], value);
            }
            for (s, key, value) in writes {
                match &value {
                    Some(value) => batch.put(SPACES[s], [key], value.clone()),
                    None => batch.delete(SPACES[s], [key]),
                };
                match value.filter(|_| unmet.is_none()) {
                    Some(value) => drop(model.insert((SPACES[s], key), value)),
                    None if unmet.is_none() => drop(model.remove(&(SPACES[s], key))),
                    None => {}
                }
            }
            let expected = unmet.map_or(Ok(()), |index| Err(StoreError::Conflict { index }));
            assert_eq!(engine.commit(&batch), expected);
        }
        Step::Scan { space, from, until } => {
            let space = SPACES[space];
            let rows =
                engine.snapshot().unwrap().page(space, &KeyRange::between([from], [until]), 99).unwrap();
            let expected = model.iter().filter(|((s, key), _)| *s == space && (from..until).contains(key));
            let expected: Vec<_> = expected.map(|((_, key), value)| (vec![*key], value.clone())).collect();
            assert_eq!(rows, expected);
        }
    }
}

fn it_does_what_a_sorted_map_does(engine: &dyn Engine) {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(48));
    let steps = proptest::collection::vec(step(), 0..24);
    let run = runner.run(&steps, |steps| {
        let mut model = empty(engine);
        steps.into_iter().for_each(|step| take_step(engine, &mut model, step));
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
}

/// Clears the rows of the case before, and gives the model that fits.
fn empty(engine: &dyn Engine) -> Model {
    let mut batch = Batch::default();
    for space in SPACES {
        for key in 0..7_u8 {
            batch.delete(space, [key]);
        }
    }
    engine.commit(&batch).unwrap();
    Model::new()
}

#[test]
fn rows_outlive_the_process_that_wrote_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let engine = RedbEngine::create(&path, CACHE_BYTES_DEFAULT).unwrap();
    engine.commit(&put(Space::Head, b"h", b"1")).unwrap();
    drop(engine);
    let engine = RedbEngine::open(&path, CACHE_BYTES_DEFAULT).unwrap();
    assert_eq!(get(&engine, Space::Head, b"h").as_deref(), Some(&b"1"[..]));
}

#[test]
fn opening_creates_nothing_and_creating_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    assert!(matches!(RedbEngine::open(&path, CACHE_BYTES_DEFAULT), Err(OpenError::Missing)));
    assert!(!path.exists());
    let engine = RedbEngine::create(&path, CACHE_BYTES_DEFAULT).unwrap();
    assert!(matches!(RedbEngine::create(&path, CACHE_BYTES_DEFAULT), Err(OpenError::Exists)));
    assert!(matches!(RedbEngine::open(&path, CACHE_BYTES_DEFAULT), Err(OpenError::InUse)));
    drop(engine);
    assert!(RedbEngine::open(&path, CACHE_BYTES_DEFAULT).is_ok());
}

#[track_caller]
fn check_not_a_store(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    std::fs::write(&path, bytes).unwrap();
    let opened = RedbEngine::open(&path, CACHE_BYTES_DEFAULT);
    assert!(matches!(opened, Err(OpenError::NotAStore)), "{:?}", opened.err());
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the file is left as it was");
}

#[test]
fn a_file_that_is_not_a_store_is_refused() {
    check_not_a_store(b"");
    check_not_a_store(&[b'x'; 10_000]);
}

#[test]
fn a_store_of_another_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let engine = RedbEngine::create(&path, CACHE_BYTES_DEFAULT).unwrap();
    engine.commit(&put(Space::Meta, b"schema_version", &7_u32.to_be_bytes())).unwrap();
    drop(engine);
    let opened = RedbEngine::open(&path, CACHE_BYTES_DEFAULT);
    assert!(matches!(opened, Err(OpenError::Schema { found: 7 })));
}
