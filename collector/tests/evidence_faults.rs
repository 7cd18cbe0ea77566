//! The disk is cut at every operation under the whole service, the store is opened again, and `fsck` looks at all of it.
//!
//! In scope: people who give, take back and are erased while the disk fails, and what they find afterwards. Out of scope: the store's
//! and the log's own promises (`store_faults`, `store_log`).
//!
//! Invariant: whatever is cut where, `fsck` finds nothing, what was answered is there, and every checkpoint that could be read is
//! extended by today's.

use std::path::Path;
use std::sync::Arc;

use collector::keys::Keys;
use collector::log::read::Log;
use collector::service::Service;
use collector::service::manage::Deed;
use collector::service::people::Who;
use collector::store::redb::{CACHE_BYTES_DEFAULT, RedbEngine};
use shared::api::{SubmitRequest, SubmitResponse};
use shared::ids::ReceiptId;
use shared::log::{Checkpoint, tree};
use shared::refusal::Refusal;

mod disk;
mod shop;

use disk::{Disk, Fault, Survivors};
use shop::{World, address, token};

const PEOPLE: usize = 2;
/// Who takes back what they gave, and who is erased.
const TAKES_BACK: usize = 0;
const ERASED: usize = 1;

async fn over(disk: Disk, keys: &Path) -> Option<World> {
    let engine = RedbEngine::open_on(disk, CACHE_BYTES_DEFAULT).ok()?;
    Some(World::over(Arc::new(engine), Keys::load(keys).unwrap(), tempfile::tempdir().unwrap()).await)
}

/// What people were told, and every checkpoint that anybody could read meanwhile.
#[derive(Default)]
struct Told {
    sent: Vec<SubmitRequest>,
    given: Vec<Option<SubmitResponse>>,
    taken_back: Option<ReceiptId>,
    erased: bool,
    seen: Vec<Checkpoint>,
}

impl Told {
    /// People come until the last has left; whatever fails, the next one comes all the same.
    async fn by(world: &World) -> Self {
        let mut told = Self::default();
        for person in 0..PEOPLE {
            let request = world.request(&address(person), &["nieuwsbrief"]);
            told.given.push(world.send(&request).await.ok());
            told.sent.push(request);
            told.seen.extend(published(world));
        }
        if let Some(answer) = &told.given[TAKES_BACK] {
            told.taken_back = world.press(answer, Deed::WithdrawAll).await.ok();
            told.seen.extend(published(world));
        }
        told.erased = erase(world).await.is_ok_and(|gone| gone == 1);
        told
    }

    /// What was answered holds, also after a new process and a retry of everything.
    async fn holds_in(&self, world: &World, context: &str) {
        self.check(world, context);
        for (person, request) in self.sent.iter().enumerate() {
            // Whoever was erased is a stranger: sending again would make a new receipt.
            if person != ERASED {
                let again =
                    world.send(request).await.unwrap_or_else(|refusal| panic!("{context}: {refusal}"));
                assert!(
                    self.given[person].as_ref().is_none_or(|first| first.receipt == again.receipt),
                    "{context}"
                );
            }
        }
        self.check(world, context);
    }

    fn check(&self, world: &World, context: &str) {
        assert_eq!(world.check().findings, [], "{context}");
        for (person, answer) in self.given.iter().enumerate() {
            let Some(answer) = answer else { continue };
            let found =
                world.service.receipt(token(&answer.receipt_url)).map(|(_, stored)| stored.receipt.receipt);
            match found {
                Ok(receipt) => {
                    assert!(receipt == answer.receipt && !(person == ERASED && self.erased), "{context}")
                }
                // An erasing that failed may be done all the same.
                Err(refusal) => assert_eq!((person, refusal), (ERASED, Refusal::LinkUnknown), "{context}"),
            }
        }
        if let (Some(answer), Some(taken_back)) = (&self.given[TAKES_BACK], self.taken_back) {
            let managed = world.service.managed(token(&answer.manage_url)).unwrap();
            assert!(
                managed.subject.receipts.iter().any(|stored| stored.receipt.receipt == taken_back),
                "{context}"
            );
        }
        extends(world, &self.seen, context);
    }
}

async fn erase(world: &World) -> Result<u64, Refusal> {
    let who = Who::parse(&address(ERASED)).unwrap();
    let gone = world.service.eraser().erase(&world.organisation(), &who, Service::now()).await?;
    Ok(gone.people)
}

fn published(world: &World) -> Option<Checkpoint> {
    let note = world.service.checkpoint(&world.organisation().catalogue.organisation).ok()?;
    Some(Checkpoint::parse(note.text()).unwrap())
}

/// Today's log goes on from each of these.
fn extends(world: &World, seen: &[Checkpoint], context: &str) {
    let Some(now) = published(world) else { return assert!(seen.is_empty(), "{context}") };
    let snapshot = world.service.engine.snapshot().unwrap();
    let log = Log::new(snapshot.as_ref(), world.organisation().number);
    for old in seen {
        let path = log.consistency(old.size, now.size).unwrap();
        assert!(
            tree::extends((old.size, &old.root), (now.size, &now.root), &path),
            "{context}: forked at {}",
            old.size
        );
    }
}

async fn cut_everywhere(fault: Fault) {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    Keys::create(&keys).unwrap();
    // With the shop in it; from here the disk fails.
    let whole = Disk::default();
    drop(RedbEngine::create_on(whole.clone(), CACHE_BYTES_DEFAULT).unwrap());
    drop(over(whole.clone(), &keys).await.unwrap());
    for operation in 0.. {
        let disk = whole.after_power_loss(Survivors::All);
        let world = over(disk.clone(), &keys).await.unwrap();
        disk.fail_after(operation, fault);
        let told = Told::by(&world).await;
        if !disk.was_hit() {
            assert!(operation > 60, "the run is too short to prove anything: {operation} operations");
            return;
        }
        told.check(&world, &format!("{fault:?} at operation {operation}, the same process"));
        // The power goes, or only the process; `store_log` tears commits in the middle too.
        for survivors in [Survivors::None, Survivors::All] {
            let context = format!("{fault:?} at operation {operation}, {survivors:?} of the unsynced writes");
            let reopened = over(disk.after_power_loss(survivors), &keys).await;
            told.holds_in(&reopened.unwrap_or_else(|| panic!("{context}: it does not open")), &context).await;
        }
    }
}

#[tokio::test]
async fn after_a_lost_operation_fsck_is_clean_and_what_was_answered_holds() {
    cut_everywhere(Fault::Lost).await;
}

#[tokio::test]
async fn after_an_operation_that_is_done_but_reported_lost_fsck_is_clean_and_what_was_answered_holds() {
    cut_everywhere(Fault::DoneButReportedLost).await;
}

#[tokio::test]
async fn after_a_full_disk_fsck_is_clean_and_what_was_answered_holds() {
    cut_everywhere(Fault::Full).await;
}
