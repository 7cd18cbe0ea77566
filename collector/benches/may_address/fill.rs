//! A store full of people, each by a submit of their own.
//!
//! Invariant: what is in the store is what the collector would have put there; only HTTP is left out.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use collector::assets::Assets;
use collector::catalogue::{Organisation, Registry};
use collector::config::Config;
use collector::cosigning::Witnesses;
use collector::endpoints::Endpoints;
use collector::journal::Journal;
use collector::keys::Keys;
use collector::sequencer::{Limits, Sequencer};
use collector::service::bots::Bots;
use collector::service::submit::Submission;
use collector::service::{LetterLimit, Service, Wish};
use collector::store::redb::{CACHE_BYTES_DEFAULT, RedbEngine};
use collector::store::{Batch, Engine, KeyRange, Space};
use shared::Language;
use shared::api::{ContactText, SubmitRequest};
use shared::ids::{FormRef, OrganisationId, PurposeId};
use shared::receipt::Ui;
use shared::time::Timestamp;
use tokio::task::LocalSet;

/// What everybody agrees to.
pub(crate) const PURPOSE: &str = "nieuwsbrief";

/// Submits at the same time: as many as fit in one commit.
const AT_ONCE: usize = 256;

/// A store that is full.
pub(crate) struct Filled {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) organisation: Arc<Organisation>,
    pub(crate) base_url: String,
    key: String,
}

impl Filled {
    /// Lets go of the store, so that a server can open it. Gives the key that may ask.
    pub(crate) fn close(self) -> Result<String> {
        ensure!(Arc::strong_count(&self.engine) == 1, "somebody still holds the store");
        Ok(self.key)
    }
}

/// The address of a person by number.
pub(crate) fn address(person: usize) -> String {
    format!("bezoeker-{person}@voorbeeld.example")
}

/// The clock.
pub(crate) fn now() -> Timestamp {
    Service::now()
}

/// Makes a data folder with so many people in it.
pub(crate) fn fill(data: &Path, assets: &Path, port: u16, people: usize) -> Result<Filled> {
    let base_url = format!("http://127.0.0.1:{port}");
    vinkje(data, &["init", "--base-url", &base_url])?;
    // Nobody here reads the mail that would ask them, so what they say counts at once.
    let demo = std::fs::read_to_string(super::root().join("www/shop/shop.toml"))?;
    let shop = data.join("shop.toml");
    std::fs::write(&shop, demo.replace("[[form]]\n", "[[form]]\ndouble_opt_in = false\n"))?;
    vinkje(data, &["apply", &shop.display().to_string()])?;
    let key = vinkje(data, &["key", "add", "kaas", "--name", "bench"])?.trim().to_owned();
    let keys = Arc::new(Keys::load(&data.join("keys"))?);
    let engine: Arc<dyn Engine> = Arc::new(RedbEngine::open(&data.join("vinkje.redb"), CACHE_BYTES_DEFAULT)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sequencer = Sequencer::start(engine.clone(), Limits::default(), keys.log.clone())?;
    let service = Service {
        engine: engine.clone(),
        sequencer: sequencer.clone(),
        registry: Registry::open(engine.clone(), &base_url)?,
        keys: keys.clone(),
        journal: Journal::new(data),
        assets: Assets::load(assets)?,
        witnesses: Witnesses::new(Vec::new(), Config::new(&base_url)?.witness_pace()),
        endpoints: Endpoints::open(engine.clone(), keys.clone())?.into(),
        letter_limit: LetterLimit::new()?,
        slip_limit: Default::default(),
        bots: Bots::none(),
        stop_mail: Arc::default(),
        base_url: base_url.clone(),
    };
    let named = service.registry.now().named(&OrganisationId::parse("kaas")?).cloned();
    let organisation = named.context("there is no such organisation")?;
    runtime.block_on(LocalSet::new().run_until(submits(Arc::new(service), people)))?;
    runtime.block_on(sequencer.close());
    letters_are_sent(engine.as_ref())?;
    Ok(Filled { engine, keys, organisation, base_url, key })
}

/// Takes the receipts' letters as sent: what is measured is asking, and not how a million letters are written beside it.
fn letters_are_sent(engine: &dyn Engine) -> Result<()> {
    loop {
        let jobs = engine.snapshot()?.page(Space::Job, &KeyRange::all(), 10_000)?;
        if jobs.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::default();
        for (key, _) in jobs {
            batch.delete(Space::Job, key);
        }
        engine.commit(&batch)?;
    }
}

async fn submits(service: Arc<Service>, people: usize) -> Result<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let running: Vec<_> = (0..AT_ONCE.min(people))
        .map(|_| {
            let (service, next) = (service.clone(), next.clone());
            tokio::task::spawn_local(async move {
                loop {
                    let person = next.fetch_add(1, Ordering::Relaxed);
                    if person >= people {
                        return anyhow::Ok(());
                    }
                    submit(&service, person).await?;
                }
            })
        })
        .collect();
    for task in running {
        task.await??;
    }
    Ok(())
}

async fn submit(service: &Service, person: usize) -> Result<()> {
    let form = FormRef::parse("kaas/aanmelden")?;
    let wish = Wish { asked: Some(Language::Nl), accept: "" };
    let said = |refusal: shared::refusal::Refusal| anyhow!("{}", refusal.code());
    let offer = service.shown(&form, &wish).and_then(|shown| service.offer(&shown)).map_err(said)?;
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|error| anyhow!("no randomness: {error}"))?;
    let request = SubmitRequest {
        offer,
        nonce: URL_SAFE_NO_PAD.encode(nonce),
        ticked: vec![PurposeId::parse(PURPOSE)?],
        contact: ContactText { email: Some(address(person)), ..ContactText::default() },
        ui: Ui::Wasm,
        instead_of: Vec::new(),
        website: String::new(),
    };
    service.submit(&Submission { form: &form, request: &request, origin: None }).await.map_err(said)?;
    Ok(())
}

fn vinkje(data: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vinkje"));
    let output = command.args(arguments).arg("--data").arg(data).output().context("couldn't run vinkje")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "vinkje {arguments:?} failed: {said}");
    Ok(String::from_utf8(output.stdout)?)
}
