//! The disk is cut on purpose, at every operation of a run, and the store is opened again.
//!
//! In scope: what redb's file holds after lost writes, lost syncs, syncs that were done and reported lost, and a full
//! disk. Out of scope: what callers of the sequencer are told (`store_sequencer`).
//!
//! Invariant: whatever is cut where, every commit that was answered `Ok` is there after reopening, the one that was
//! not answered is there entirely or not at all, and nothing needs a repair.

use collector::store::redb::{CACHE_BYTES_DEFAULT, RedbEngine};
use collector::store::{Batch, Engine, KeyRange, Space, StoreError};

mod disk;

use disk::{Disk, Fault, Survivors};

const COMMITS: u32 = 12;

/// Commit number `n`: two rows in two spaces, which must come and go together.
fn commit(engine: &dyn Engine, n: u32) -> Result<(), StoreError> {
    let key = n.to_be_bytes();
    let mut batch = Batch::default();
    batch.expect_absent(Space::Body, key);
    batch.put(Space::Body, key, vec![n as u8; 600]).put(Space::Job, key, key);
    engine.commit(&batch)
}

/// Commits until something fails. Gives how many were answered `Ok`, and the failure.
fn run(disk: &Disk) -> (u32, Option<StoreError>) {
    let Ok(engine) = RedbEngine::create_on(disk.clone(), CACHE_BYTES_DEFAULT) else {
        return (0, None);
    };
    for n in 0..COMMITS {
        if let Err(error) = commit(&engine, n) {
            return (n, Some(error));
        }
    }
    (COMMITS, None)
}

/// Opens what is left, looks for what is lost or torn, and goes on as a caller who retries would.
fn reopened(disk: Disk, acknowledged: u32) -> Result<(), String> {
    let engine = match RedbEngine::open_on(disk, CACHE_BYTES_DEFAULT) {
        Ok(engine) => engine,
        // A cut inside `create` leaves something that is refused as unfinished.
        Err(_) if acknowledged == 0 => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let snapshot = engine.snapshot().unwrap();
    for n in 0..COMMITS {
        let key = n.to_be_bytes();
        let has = |space| snapshot.get(space, &key).unwrap().is_some();
        match (has(Space::Body), has(Space::Job)) {
            (true, true) if n > acknowledged => return Err(format!("commit {n} was never made")),
            (false, false) if n < acknowledged => return Err(format!("commit {n} was answered and is lost")),
            (body, job) if body != job => return Err(format!("commit {n} is torn")),
            _ => {}
        }
    }
    (acknowledged..COMMITS).try_for_each(|n| match commit(&engine, n) {
        Ok(()) => Ok(()),
        Err(StoreError::Conflict { index: 0 }) if n == acknowledged => Ok(()),
        Err(error) => Err(format!("retry of commit {n}: {error}")),
    })
}

#[track_caller]
fn check_reopened(disk: Disk, acknowledged: u32, context: &str) {
    assert_eq!(reopened(disk, acknowledged), Ok(()), "{context}");
}

/// Commits everything on one engine that stays, trying each commit again until it is settled. Gives how often it failed.
fn run_on(engine: &dyn Engine) -> usize {
    let mut failures = 0;
    for n in 0..COMMITS {
        let mut in_doubt = false;
        loop {
            match commit(engine, n) {
                Ok(()) => break,
                Err(StoreError::Conflict { index: 0 }) if in_doubt => break,
                Err(StoreError::Unavailable(_) | StoreError::Full(_)) => in_doubt = true,
                Err(error) => panic!("commit {n}: {error}"),
            }
            failures += 1;
            assert!(failures < 10, "the engine does not recover");
        }
    }
    failures
}

#[test]
fn an_engine_goes_on_by_itself_when_the_disk_works_again() {
    for fault in [Fault::Lost, Fault::DoneButReportedLost, Fault::Full] {
        for operation in 0.. {
            let disk = Disk::default();
            let engine = RedbEngine::create_on(disk.clone(), CACHE_BYTES_DEFAULT).unwrap();
            disk.fail_after(operation, fault);
            let failures = run_on(&engine);
            if !disk.was_hit() {
                break;
            }
            assert!(failures <= 2, "{fault:?} at operation {operation}: {failures} failures");
            let context = format!("{fault:?} at operation {operation}");
            check_reopened(disk.after_power_loss(Survivors::None), COMMITS, &context);
        }
    }
}

/// Cuts the run at every operation it has, one run each.
fn cut_everywhere(fault: Fault, check_error: fn(&StoreError)) {
    for operation in 0.. {
        let disk = Disk::failing_at(operation, fault);
        let (acknowledged, error) = run(&disk);
        if !disk.was_hit() {
            assert!(operation > 100, "the run is too short to prove anything: {operation} operations");
            return;
        }
        if let Some(error) = &error {
            check_error(error);
        }
        for survivors in [Survivors::None, Survivors::All, Survivors::Even, Survivors::Odd] {
            let context = format!("{fault:?} at operation {operation}, {survivors:?} of the unsynced writes");
            check_reopened(disk.after_power_loss(survivors), acknowledged, &context);
        }
    }
}

fn is_unavailable(error: &StoreError) {
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
}

fn is_full(error: &StoreError) {
    assert!(matches!(error, StoreError::Full(_) | StoreError::Unavailable(_)), "{error}");
}

#[test]
fn an_operation_that_is_lost_loses_no_answered_commit() {
    cut_everywhere(Fault::Lost, is_unavailable);
}

#[test]
fn an_operation_that_is_done_but_reported_lost_loses_no_answered_commit() {
    cut_everywhere(Fault::DoneButReportedLost, is_unavailable);
}

#[test]
fn a_full_disk_is_named_and_loses_no_answered_commit() {
    cut_everywhere(Fault::Full, is_full);
    let disk = Disk::default();
    let engine = RedbEngine::create_on(disk.clone(), CACHE_BYTES_DEFAULT).unwrap();
    disk.fail_after(0, Fault::Full);
    assert!(matches!(commit(&engine, 0), Err(StoreError::Full(_))));
    assert!(disk.was_hit());
}

#[test]
fn power_that_goes_between_two_commits_loses_neither() {
    let disk = Disk::default();
    let engine = RedbEngine::create_on(disk.clone(), CACHE_BYTES_DEFAULT).unwrap();
    for n in 0..COMMITS {
        commit(&engine, n).unwrap();
        check_reopened(disk.after_power_loss(Survivors::None), n + 1, "between commits");
    }
}

/// Reads everything and commits once more, as far as it gets.
fn read_all(engine: &dyn Engine) -> Result<(), StoreError> {
    let snapshot = engine.snapshot()?;
    for space in Space::ALL {
        for (key, _) in snapshot.page(*space, &KeyRange::all(), 1_000)? {
            snapshot.get(*space, &key)?;
        }
    }
    commit(engine, COMMITS)
}

/// redb panics where a page does not hold what it wrote. To a caller a damaged store is an answer like any other.
#[test]
fn a_damaged_file_is_named_wherever_the_damage_is() {
    let disk = Disk::default();
    let engine = RedbEngine::create_on(disk.clone(), CACHE_BYTES_DEFAULT).unwrap();
    (0..COMMITS).for_each(|n| commit(&engine, n).unwrap());
    drop(engine);
    let length = disk.0.lock().unwrap().seen.len();
    let (mut before, mut meanwhile) = (0, 0);
    for at in (0..length).step_by(512) {
        let damage = |disk: &Disk| disk.0.lock().unwrap().seen[at..length.min(at + 64)].fill(0xa5);
        let damaged = disk.after_power_loss(Survivors::All);
        damage(&damaged);
        match RedbEngine::open_on(damaged, CACHE_BYTES_DEFAULT) {
            // What stands in a row is for `fsck` to judge.
            Ok(engine) => drop(read_all(&engine)),
            Err(error) => before += usize::from(error.to_string().contains("the file is damaged")),
        }
        let damaged = disk.after_power_loss(Survivors::All);
        let engine = RedbEngine::open_on(damaged.clone(), 0).unwrap();
        damage(&damaged);
        meanwhile += usize::from(matches!(read_all(&engine), Err(StoreError::Corrupt(_))));
    }
    assert!(before > 0 && meanwhile > 0, "{before} seen when it is opened, {meanwhile} later");
}

/// The negative control: the check above does see a loss.
#[test]
fn a_disk_that_lies_about_its_syncs_is_found_out() {
    let disk = Disk::default();
    let engine = RedbEngine::create_on(disk.clone(), CACHE_BYTES_DEFAULT).unwrap();
    commit(&engine, 0).unwrap();
    disk.0.lock().unwrap().lies_about_syncs = true;
    commit(&engine, 1).unwrap();
    let found = reopened(disk.after_power_loss(Survivors::None), 2);
    assert_eq!(found, Err("commit 1 was answered and is lost".into()));
}
