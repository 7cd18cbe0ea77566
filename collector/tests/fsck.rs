//! `fsck` above a store that real submits filled, and above the same store with one thing changed.
//!
//! In scope: every kind of finding, each by the change that should bring it. Out of scope: the command's output.
//!
//! Invariant: a change is made behind the collector's back, straight in the store.

mod shop;

use collector::fsck::{Finding, What};
use collector::log::cosigned;
use collector::log::read::Log;
use collector::store::{Batch, Space, keys};
use ed25519_dalek::SigningKey;
use shared::jwk::PublicKey;
use shared::log::NoteKey;
use shared::log::note::Kind;
use shop::World;

/// More than a tile, so that there is a node.
const PEOPLE: usize = 270;

/// Changes a row, looks, and puts the row back.
#[track_caller]
fn changed(
    world: &World,
    (space, at): (Space, usize),
    change: impl FnOnce(&mut Vec<u8>),
    expected: &[(Option<u64>, What)],
) {
    let (key, row) = world.row(space, at);
    let mut other = row.clone();
    change(&mut other);
    let mut batch = Batch::default();
    if other.is_empty() {
        batch.delete(space, key.clone())
    } else {
        batch.put(space, key.clone(), other)
    };
    world.service.engine.commit(&batch).unwrap();
    let finding = |(number, what): &(Option<u64>, What)| Finding {
        organisation: "kaas".into(),
        number: *number,
        what: *what,
    };
    assert_eq!(world.check().findings, expected.iter().map(finding).collect::<Vec<_>>());
    let mut back = Batch::default();
    back.put(space, key, row);
    world.service.engine.commit(&back).unwrap();
}

#[tokio::test]
async fn what_was_changed_is_named_and_nothing_else() {
    let world = World::with(PEOPLE).await;
    let clean = world.check();
    assert_eq!(
        (clean.receipts, clean.people, &clean.findings[..]),
        (PEOPLE as u64 + 1, PEOPLE as u64, &[][..])
    );
    let at = |number| Some(number);

    let last = |row: &mut Vec<u8>| *row.last_mut().unwrap() ^= 1;
    let gone = |row: &mut Vec<u8>| row.clear();
    // A receipt: 4 bytes of notice, one of key, 32 of salt, one of version, then the signature.
    changed(&world, (Space::Body, 7), |row| row[40] ^= 1, &[(at(7), What::SignatureFalse)]);
    changed(&world, (Space::Body, 7), |row| row[4] = 9, &[(at(7), What::SignatureFalse)]);
    changed(&world, (Space::Body, 8), |row| row[10] ^= 1, &[(at(8), What::NotInLog)]);
    changed(
        &world,
        (Space::Body, 8),
        |row| row.truncate(60),
        &[(at(8), What::ReceiptUnreadable), (at(8), What::PersonFalse), (None, What::IndexFalse)],
    );
    changed(
        &world,
        (Space::Body, 9),
        gone,
        &[(at(9), What::ReceiptMissing), (at(9), What::PersonFalse), (None, What::IndexFalse)],
    );
    changed(&world, (Space::ById, 5), last, &[(at(by_id(&world, 5)), What::NotById)]);
    changed(&world, (Space::Node, 0), last, &[(at(255), What::NodeFalse)]);
    changed(&world, (Space::Node, 0), gone, &[(at(255), What::NodeFalse)]);
    changed(&world, (Space::Head, 0), last, &[(None, What::HeadFalse)]);
    changed(&world, (Space::Head, 0), |row| row[9] ^= 1, &[(None, What::HeadSignatureFalse)]);
    changed(
        &world,
        (Space::Subject, 2),
        |row| row.truncate(3),
        &[(at(2), What::PersonFalse), (None, What::IndexFalse)],
    );
    changed(&world, (Space::Subject, 2), |row| row[5] ^= 1, &[(at(2), What::ContactClosed)]);
    let (key, _) = world.row(Space::Contact, 4);
    let whose = u64::from_be_bytes(key[20..].try_into().unwrap());
    changed(&world, (Space::Contact, 4), gone, &[(at(whose), What::IndexFalse)]);
    // What stands: the number of the receipt is at its end, its id begins at the second byte.
    changed(&world, (Space::Contact, 4), last, &[(at(whose), What::StandingFalse)]);
    changed(&world, (Space::Contact, 4), |row| row[1] ^= 1, &[(at(whose), What::StandingFalse)]);
    changed(&world, (Space::Tally, 0), |row| row[7] ^= 1, &[(None, What::TallyFalse)]);
    changed(&world, (Space::Tally, 2), gone, &[(None, What::TallyFalse)]);
    let (key, _) = world.row(Space::Due, 11);
    let (_, _, first) = keys::read_due(&key).unwrap();
    changed(&world, (Space::Due, 11), gone_even_if_empty(), &[(at(first), What::DueFalse)]);
    assert_eq!(world.check(), clean, "everything was put back");
}

/// The number that a row of the index leads to.
fn by_id(world: &World, at: usize) -> u64 {
    keys::read_sequence(&world.row(Space::ById, at).1).unwrap()
}

/// Rows of the index of addresses are empty anyhow.
fn gone_even_if_empty() -> impl FnOnce(&mut Vec<u8>) {
    |row| assert!(row.is_empty())
}

#[tokio::test]
async fn an_entry_that_was_changed_breaks_the_log_and_names_the_receipt() {
    let world = World::with(PEOPLE).await;
    changed(
        &world,
        (Space::Leaf, 6),
        |row| row[0] ^= 1,
        &[
            (Some(first_of_run(&world, 6)), What::NotInLog),
            (Some(255), What::NodeFalse),
            (None, What::HeadFalse),
        ],
    );
}

fn first_of_run(world: &World, at: usize) -> u64 {
    keys::read_body_key(&world.row(Space::Leaf, at).0).unwrap().1
}

#[tokio::test]
async fn what_witnesses_signed_is_held_against_the_log() {
    let world = World::with(5).await;
    let (service, organisation) = (&world.service, world.organisation());
    let signing = SigningKey::from_bytes(&[3; 32]);
    let public = PublicKey::from_bytes(signing.verifying_key().as_bytes()).unwrap();
    let witness = NoteKey::new("witness.example", Kind::Witness, public).unwrap();
    let origin = service.log_origin(&organisation.catalogue.organisation);
    let head = Log::new(service.engine.snapshot().unwrap().as_ref(), organisation.number).head().unwrap();
    let note = service.keys.log.note(&origin, &head.unwrap());
    let line = witness.cosign(note.text(), 1_800_000_000, &signing);
    let row = cosigned::row(organisation.number, &witness, note.clone(), line);
    service.engine.commit(&row).unwrap();
    world.give(5).await;
    assert_eq!(world.check().findings, []);
    let found = [(None, What::CosignatureFalse)];
    changed(&world, (Space::Cosignature, 0), |row| row.truncate(90), &found);
    changed(&world, (Space::Cosignature, 0), |row| *row.iter_mut().rev().nth(20).unwrap() ^= 1, &found);
    // The same witness, honestly, under a checkpoint that the log signed and never was.
    let mut other = head_of_another_history(&world, &origin);
    let line = witness.cosign(other.text(), 1_800_000_000, &signing);
    other.signatures.push(line);
    changed(&world, (Space::Cosignature, 0), |row| *row = other.to_string().into_bytes(), &found);
}

fn head_of_another_history(world: &World, origin: &str) -> shared::log::Note {
    let mut frontier = shared::log::Frontier::default();
    (0..4).for_each(|leaf| frontier.append([leaf; 32], |_| {}));
    let log = &world.service.keys.log;
    log.note(origin, &log.head(origin, frontier))
}
