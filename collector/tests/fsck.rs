//! `fsck` above a store that real submits filled, and above the same store with one thing changed.
//!
//! In scope: every kind of finding, each by the change that should bring it. Out of scope: the command's output.
//!
//! Invariant: a change is made behind the collector's back, straight in the store.

use std::path::Path;
use std::sync::Arc;

use collector::assets::Assets;
use collector::catalogue::Registry;
use collector::definition;
use collector::fsck::{self, Finding, What};
use collector::keys::Keys;
use collector::sequencer::{Limits, Sequencer};
use collector::service::Service;
use collector::service::manage::{Deed, Request};
use collector::service::submit::Submission;
use collector::store::redb::RedbEngine;
use collector::store::{Batch, Engine, KeyRange, Space, keys};
use shared::Language;
use shared::api::{ContactText, SubmitRequest};
use shared::ids::{FormRef, PurposeId};
use shared::receipt::Ui;

const BASE: &str = "http://127.0.0.1:8080";
const SHOP: &str = include_str!("../../www/shop/shop.toml");
/// More than a tile, so that there is a node.
const PEOPLE: usize = 270;

/// The smallest files that a service takes.
fn assets(folder: &Path) -> Assets {
    let names = ["wasm", "glue", "element", "pinned", "page", "form_css", "page_css", "icon"];
    let mut manifest = serde_json::json!({"build": "0011223344556677", "integrity": {}});
    for name in names {
        manifest[name] = format!("{name}-00.js").into();
        std::fs::write(folder.join(format!("{name}-00.js")), "\"__VINKJE_BUNDLE__\"").unwrap();
    }
    std::fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    Assets::load(folder).unwrap()
}

struct World {
    _folder: tempfile::TempDir,
    service: Service,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        Keys::create(&path.join("keys")).unwrap();
        let keys = Keys::load(&path.join("keys")).unwrap();
        let engine: Arc<dyn Engine> = Arc::new(RedbEngine::create(&path.join("store"), 1 << 24).unwrap());
        let sequencer = Sequencer::start(engine.clone(), Limits::default(), keys.log.clone()).unwrap();
        let registry = Registry::open(engine.clone(), BASE).unwrap();
        let compiled = definition::compile(&definition::parse(SHOP).unwrap(), None).unwrap();
        registry.apply(compiled.catalogue, &sequencer).await.unwrap();
        let assets = assets(path);
        let service = Service { engine, sequencer, registry, keys, assets, base_url: BASE.into() };
        let world = Self { _folder: folder, service };
        for person in 0..PEOPLE {
            world.give(person).await;
        }
        world
    }

    async fn give(&self, person: usize) {
        let form = FormRef::parse("kaas/aanmelden").unwrap();
        let wish = collector::service::Wish { asked: Some(Language::Nl), accept: "" };
        let offer = self.service.offer(&self.service.shown(&form, &wish).unwrap()).unwrap();
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&person.to_be_bytes());
        let ticked = vec![PurposeId::parse("nieuwsbrief").unwrap()];
        let email = Some(format!("p{person}@voorbeeld.example"));
        let contact = ContactText { email, ..ContactText::default() };
        let nonce = shared::offer::Nonce(nonce).to_string();
        let request = SubmitRequest { offer, nonce, ticked, contact, ui: Ui::Wasm };
        let submission = Submission { form: &form, request: &request, origin: None };
        let taken = self.service.submit(&submission).await.unwrap();
        if person == 3 {
            let token = taken.response.manage_url.rsplit('/').next().unwrap();
            let language = Language::Nl;
            let stop = Request { token, deed: Deed::WithdrawAll, nonce: None, offer: "", language };
            self.service.act(&stop).await.unwrap();
        }
    }

    fn check(&self) -> fsck::Report {
        fsck::check(self.service.engine.as_ref(), &self.service.keys, BASE, &mut || {}).unwrap()
    }

    fn row(&self, space: Space, at: usize) -> (Vec<u8>, Vec<u8>) {
        let snapshot = self.service.engine.snapshot().unwrap();
        snapshot.page(space, &KeyRange::all(), at + 1).unwrap().swap_remove(at)
    }

    /// Changes a row, looks, and puts the row back.
    #[track_caller]
    fn changed(
        &self,
        (space, at): (Space, usize),
        change: impl FnOnce(&mut Vec<u8>),
        expected: &[(Option<u64>, What)],
    ) {
        let (key, row) = self.row(space, at);
        let mut other = row.clone();
        change(&mut other);
        let mut batch = Batch::default();
        if other.is_empty() {
            batch.delete(space, key.clone())
        } else {
            batch.put(space, key.clone(), other)
        };
        self.service.engine.commit(&batch).unwrap();
        let finding = |(number, what): &(Option<u64>, What)| Finding {
            organisation: "kaas".into(),
            number: *number,
            what: *what,
        };
        assert_eq!(self.check().findings, expected.iter().map(finding).collect::<Vec<_>>());
        let mut back = Batch::default();
        back.put(space, key, row);
        self.service.engine.commit(&back).unwrap();
    }
}

#[tokio::test]
async fn what_was_changed_is_named_and_nothing_else() {
    let world = World::new().await;
    let clean = world.check();
    assert_eq!(
        (clean.receipts, clean.people, &clean.findings[..]),
        (PEOPLE as u64 + 1, PEOPLE as u64, &[][..])
    );
    let at = |number| Some(number);

    let last = |row: &mut Vec<u8>| *row.last_mut().unwrap() ^= 1;
    let gone = |row: &mut Vec<u8>| row.clear();
    // A receipt: 4 bytes of notice, one of key, 32 of salt, one of version, then the signature.
    world.changed((Space::Body, 7), |row| row[40] ^= 1, &[(at(7), What::SignatureFalse)]);
    world.changed((Space::Body, 7), |row| row[4] = 9, &[(at(7), What::SignatureFalse)]);
    world.changed((Space::Body, 8), |row| row[10] ^= 1, &[(at(8), What::NotInLog)]);
    world.changed(
        (Space::Body, 8),
        |row| row.truncate(60),
        &[(at(8), What::ReceiptUnreadable), (at(8), What::PersonFalse), (None, What::IndexFalse)],
    );
    world.changed(
        (Space::Body, 9),
        gone,
        &[(at(9), What::ReceiptMissing), (at(9), What::PersonFalse), (None, What::IndexFalse)],
    );
    world.changed((Space::ById, 5), last, &[(at(by_id(&world, 5)), What::NotById)]);
    world.changed((Space::Node, 0), last, &[(at(255), What::NodeFalse)]);
    world.changed((Space::Node, 0), gone, &[(at(255), What::NodeFalse)]);
    world.changed((Space::Head, 0), last, &[(None, What::HeadFalse)]);
    world.changed((Space::Head, 0), |row| row[9] ^= 1, &[(None, What::HeadSignatureFalse)]);
    world.changed(
        (Space::Subject, 2),
        |row| row.truncate(3),
        &[(at(2), What::PersonFalse), (None, What::IndexFalse)],
    );
    world.changed(
        (Space::Subject, 2),
        |row| row[5] ^= 1,
        &[(at(2), What::ContactClosed), (None, What::IndexFalse)],
    );
    let (key, _) = world.row(Space::Contact, 4);
    let whose = u64::from_be_bytes(key[20..].try_into().unwrap());
    world.changed((Space::Contact, 4), gone_even_if_empty(), &[(at(whose), What::IndexFalse)]);
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
    let world = World::new().await;
    world.changed(
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
