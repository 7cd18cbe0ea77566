//! A service over a new store with the demo shop in it, filled by real submits.
//!
//! In scope: what people do, and a look at the rows. Out of scope: HTTP.
//!
//! Invariant: nothing gets into the store but by the service, unless a test says that it changes a row.
#![allow(dead_code)] // Each test uses its own part of it.

use std::path::Path;
use std::sync::Arc;

use collector::assets::Assets;
use collector::catalogue::{Organisation, Registry};
use collector::config::Config;
use collector::cosigning::Witnesses;
use collector::definition;
use collector::endpoints::Endpoints;
use collector::fsck;
use collector::journal::Journal;
use collector::keys::Keys;
use collector::sequencer::{Limits, Sequencer};
use collector::service::bots::Bots;
use collector::service::manage::{Deed, Request, Way};
use collector::service::sales::Sale;
use collector::service::submit::Submission;
use collector::service::{LetterLimit, Service, Wish};
use collector::store::redb::RedbEngine;
use collector::store::{Engine, KeyRange, Space};
use shared::Language;
use shared::api::{ContactText, SubmitRequest, SubmitResponse};
use shared::ids::{FormRef, ProductGroup, PurposeId, ReceiptId};
use shared::offer::Nonce;
use shared::receipt::Ui;
use shared::refusal::Refusal;
use shared::sale::Objection;

pub const BASE: &str = "http://127.0.0.1:8080";
const SHOP: &str = include_str!("../../../www/shop/shop.toml");

/// What customers are sent without consent.
const CUSTOMERS: &str = include_str!("../../../tests/definitions/customers.toml");

/// The smallest files that a service takes.
fn assets(folder: &Path) -> Assets {
    let names = [
        "wasm",
        "glue",
        "element",
        "pinned",
        "page",
        "form_css",
        "page_css",
        "verify_wasm",
        "verify",
        "verify_css",
        "kiosk_wasm",
        "kiosk",
        "kiosk_worker",
        "kiosk_css",
        "icon",
    ];
    let mut manifest = serde_json::json!({"build": "0011223344556677", "integrity": {}});
    for name in names {
        manifest[name] = format!("{name}-00.js").into();
        std::fs::write(folder.join(format!("{name}-00.js")), "\"__VINKJE_BUNDLE__\"").unwrap();
    }
    std::fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    Assets::load(folder).unwrap()
}

fn form() -> FormRef {
    FormRef::parse("kaas/aanmelden").unwrap()
}

/// The address of a person by number.
pub fn address(person: usize) -> String {
    format!("p{person}@voorbeeld.example")
}

pub struct World {
    pub folder: tempfile::TempDir,
    pub service: Service,
}

impl World {
    /// With nobody in it.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        Keys::create(&path.join("keys")).unwrap();
        let keys = Keys::load(&path.join("keys")).unwrap();
        let engine = RedbEngine::create(&path.join("store"), 1 << 24).unwrap();
        Self::over(Arc::new(engine), keys, folder).await
    }

    /// With nobody in it, and a form that asks the owner of an address to confirm, as the demo's does.
    pub async fn confirming() -> Self {
        let world = Self::empty().await;
        let before = world.organisation();
        let compiled =
            definition::compile(&definition::parse(SHOP).unwrap(), Some(&before.catalogue)).unwrap();
        world.service.registry.apply(compiled.catalogue, &world.service.sequencer).await.unwrap();
        world
    }

    /// With nobody in it, and a form that tells customers what they are sent.
    pub async fn with_customers() -> Self {
        let world = Self::empty().await;
        let starts = format!("{CUSTOMERS}[[form]]\ndouble_opt_in = false\ncustomers = [\"klanten\"]\n");
        let file = SHOP.replacen("[[form]]\n", &starts, 1);
        let before = world.organisation();
        let compiled =
            definition::compile(&definition::parse(&file).unwrap(), Some(&before.catalogue)).unwrap();
        world.service.registry.apply(compiled.catalogue, &world.service.sequencer).await.unwrap();
        world
    }

    /// Over a store, empty or with the demo shop in it already. Answers count at once, as most tests are about something else.
    pub async fn over(engine: Arc<dyn Engine>, keys: Keys, folder: tempfile::TempDir) -> Self {
        let shop = SHOP.replace("[[form]]\n", "[[form]]\ndouble_opt_in = false\n");
        let sequencer = Sequencer::start(engine.clone(), Limits::default(), keys.log.clone()).unwrap();
        let registry = Registry::open(engine.clone(), BASE).unwrap();
        let compiled = definition::compile(&definition::parse(&shop).unwrap(), None).unwrap();
        registry.apply(compiled.catalogue, &sequencer).await.unwrap();
        let assets = assets(folder.path());
        let journal = Journal::new(folder.path());
        let witnesses = Witnesses::new(Vec::new(), Config::new(BASE).unwrap().witness_pace());
        let keys = Arc::new(keys);
        let endpoints = Arc::new(Endpoints::open(engine.clone(), keys.clone()).unwrap());
        let service = Service {
            engine,
            sequencer,
            registry,
            keys,
            endpoints,
            journal,
            assets,
            witnesses,
            letter_limit: LetterLimit::new().unwrap(),
            slip_limit: Default::default(),
            bots: Bots::none(),
            stop_mail: Arc::default(),
            base_url: BASE.into(),
        };
        Self { folder, service }
    }

    /// With so many people, of whom the one with number 3 took everything back.
    pub async fn with(people: usize) -> Self {
        let world = Self::empty().await;
        for person in 0..people {
            let answer = world.give(person).await;
            if person == 3 {
                world.act(&answer, Deed::WithdrawAll).await;
            }
        }
        world
    }

    /// A person who wants the newsletter.
    pub async fn give(&self, person: usize) -> SubmitResponse {
        self.answer(&address(person), &["nieuwsbrief"]).await
    }

    /// A new answer to the form.
    pub async fn answer(&self, email: &str, ticked: &[&str]) -> SubmitResponse {
        self.send(&self.request(email, ticked)).await.unwrap()
    }

    /// An answer that is not sent yet.
    pub fn request(&self, email: &str, ticked: &[&str]) -> SubmitRequest {
        let wish = Wish { asked: Some(Language::Nl), accept: "" };
        let offer = self.service.offer(&self.service.shown(&form(), &wish).unwrap()).unwrap();
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).unwrap();
        let ticked = ticked.iter().map(|name| PurposeId::parse(name).unwrap()).collect();
        let contact = ContactText { email: Some(email.into()), ..ContactText::default() };
        let nonce = Nonce(nonce).to_string();
        SubmitRequest {
            offer,
            nonce,
            ticked,
            contact,
            ui: Ui::Wasm,
            instead_of: Vec::new(),
            website: String::new(),
        }
    }

    /// Sends an answer, the first time or again.
    pub async fn send(&self, request: &SubmitRequest) -> Result<SubmitResponse, Refusal> {
        let submission = Submission { form: &form(), request, origin: None };
        self.service.submit(&submission).await.map(|taken| taken.response)
    }

    /// A press on somebody's own page.
    pub async fn act(&self, answer: &SubmitResponse, deed: Deed) {
        self.press(answer, deed).await.unwrap();
    }

    /// The same where it may fail.
    pub async fn press(&self, answer: &SubmitResponse, deed: Deed) -> Result<ReceiptId, Refusal> {
        let whose = self.service.whose(token(&answer.manage_url))?;
        let request =
            Request { whose, deed, nonce: None, offer: "", language: Language::Nl, way: Way::OWN_PAGE };
        self.service.act(&request).await
    }

    pub fn organisation(&self) -> Arc<Organisation> {
        self.service.registry.now().numbered(1).unwrap().clone()
    }

    pub fn check(&self) -> fsck::Report {
        fsck::check(self.service.engine.as_ref(), &self.service.keys, BASE, &mut || {}).unwrap()
    }

    pub fn row(&self, space: Space, at: usize) -> (Vec<u8>, Vec<u8>) {
        self.rows(space).swap_remove(at)
    }

    pub fn rows(&self, space: Space) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.service.engine.snapshot().unwrap().page(space, &KeyRange::all(), usize::MAX).unwrap()
    }
}

/// A sale of today to a person by number.
pub fn sale(person: usize, number: usize, objection: Objection) -> Sale {
    Sale {
        email: address(person),
        sale: format!("order-{number}"),
        product_group: ProductGroup::parse("kaas").unwrap(),
        purpose: PurposeId::parse("klanten").unwrap(),
        language: None,
        sold_at: Service::now().to_string(),
        objection,
    }
}

/// The token at the end of a link.
pub fn token(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}
