//! Measures what the evidence log costs: the same receipts, signed, sealed and stored, with the log and without it.
//!
//! In scope: everything that a submit does behind HTTP, on one core. Out of scope: HTTP (`submit`); a collector without a
//! log, which there is not: the switch is in here.
//!
//! Invariant: with and without differ in the log only. Without it a receipt is handed in as the plain rows that it is made
//! of, under a number that the bench counts: no salt, no commitment, no hashing, no head and no signature over one.
//!
//! `--turns N` sets how often each side has its turn (default 5), `--seconds N` how long a turn takes (default 4),
//! `--folder DIR` where the data lies (default: the system's temporary folder).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use collector::definition;
use collector::example::example_receipt;
use collector::keys::{Secret, random};
use collector::log::{Entry, LogKey, origin};
use collector::records::{self, SubjectRow};
use collector::seal::{FoundBy, Sealed, email_digest};
use collector::sequencer::{Draft, Ends, Limits, NewReceipt, Numbered, Sequencer};
use collector::store::redb::{CACHE_BYTES_DEFAULT, RedbEngine};
use collector::store::{Batch, Engine, Space, keys};
use collector::tally;
use ed25519_dalek::SigningKey;
use shared::Language;
use shared::contact::{Contact, EmailAddress};
use shared::ids::{FormId, ReceiptId, SubjectId};
use shared::log::entry;
use shared::receipt::{Decided, Receipt};
use shared::time::Timestamp;

/// As in the collector's own program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SHOP: &str = include_str!("../../www/shop/shop.toml");
const BASE: &str = "https://c.example";
const ORGANISATION: u32 = 1;
/// What stands for somebody who was asked four things.
const STANDING_BYTES: usize = 50;
const TASKS: usize = 256;

/// What all receipts of the run have in common.
struct Shop {
    example: Vec<u8>,
    /// A receipt of somebody who ticked the first box.
    receipt: Receipt,
    header: String,
    signing: SigningKey,
    index: Secret,
    master: Secret,
    origin: String,
}

impl Shop {
    fn new() -> Result<Self> {
        let definition = definition::parse(SHOP).ok().context("the shop cannot be read")?;
        let compiled = definition::compile(&definition, None).ok().context("the shop is refused")?;
        let form = FormId::parse("aanmelden")?;
        let form = compiled.catalogue.forms.get(&form).context("the shop has no such form")?;
        let notice = form.notices.get(&Language::Nl).context("the form is not in Dutch")?;
        let example = example_receipt(notice, notice.canonical().1, BASE, None);
        let mut receipt: Receipt = shared::canonical::from_bytes(&example)?;
        // The example has each purpose twice: given, then not given.
        let purposes = notice.purposes.len();
        receipt.decisions.drain(1..=purposes);
        ensure!(receipt.decisions.iter().filter(|one| one.decided == Decided::Given).count() == 1);
        let log = origin(BASE, receipt.organisation.as_str(), 1);
        let key = |byte| SigningKey::from_bytes(&[byte; 32]);
        Ok(Self {
            example,
            receipt,
            header: shared::jws::header("bench"),
            signing: key(1),
            index: random()?,
            master: random()?,
            origin: log,
        })
    }

    /// A new person's receipt and rows; `log` says whether it has what the log needs.
    fn receipt(&self, person: u64, log: bool) -> Result<NewReceipt> {
        let bits = random()?;
        let unix_ms = u64::try_from(std::time::UNIX_EPOCH.elapsed()?.as_millis())?;
        let id = ReceiptId::from_time_and_bits(unix_ms, bits[..10].try_into()?);
        let subject = SubjectId::from_bytes(*id.as_bytes());
        let mut receipt = self.receipt.clone();
        receipt.at = Timestamp::from_unix_seconds(i64::try_from(unix_ms / 1000)?);
        (receipt.receipt, receipt.subject) = (id, subject);
        let canonical = receipt.to_bytes();
        let (jws, signature) = shared::jws::signed(&self.header, &canonical, &self.signing);
        let salt = if log { *random()? } else { [0; 32] };
        let commitment = if log { entry::commit(&salt, &jws) } else { [0; 32] };
        Ok(NewReceipt {
            organisation: ORGANISATION,
            id: *id.as_bytes(),
            body: records::pack(0, 0, &self.example, &canonical, &signature, &salt)?,
            entry: Entry { origin: self.origin.clone(), commitment },
            numbered: self.person(person, &subject, receipt.at)?,
            counted: tally::counters(ORGANISATION, &receipt),
        })
    }

    fn person(&self, person: u64, subject: &SubjectId, at: Timestamp) -> Result<Vec<Numbered>> {
        let email =
            EmailAddress::parse(&format!("bezoeker-{person}@example.org")).ok().context("an address")?;
        let digest = email_digest(&email, ORGANISATION, &self.index);
        let contact = Contact { email: Some(email), ..Contact::default() };
        let contact = Some(Sealed::seal(&contact, subject, &self.master)?);
        let due = at.plus_months(24);
        let found_by = Some(FoundBy::Email(digest));
        let row = SubjectRow { contact, found_by, due: due.unix_seconds(), slip: None, later: Vec::new() };
        let (prefix, value) = (records::contact_prefix(ORGANISATION, &digest), vec![0; STANDING_BYTES]);
        Ok(vec![
            Numbered::key(Space::Subject, keys::organisation(ORGANISATION).to_vec(), records::encode(&row)),
            Numbered::key(Space::Due, keys::due_prefix(due, ORGANISATION), Vec::new()),
            Numbered { space: Space::Contact, prefix, value, ends: Ends::Both },
        ])
    }
}

/// One of the two that are compared: a store of its own, and how receipts get into it.
struct Side {
    log: bool,
    path: PathBuf,
    sequencer: Sequencer,
    shop: Arc<Shop>,
    /// Makes every address another one; without the log also the number of the next receipt.
    people: Arc<AtomicU64>,
}

impl Side {
    fn new(log: bool, folder: &Path, shop: &Arc<Shop>) -> Result<Self> {
        let path = folder.join(if log { "with" } else { "without" });
        let engine: Arc<dyn Engine> = Arc::new(RedbEngine::create(&path, CACHE_BYTES_DEFAULT)?);
        let key = LogKey::new(SigningKey::from_bytes(&[2; 32]));
        let sequencer = Sequencer::start(engine, Limits::default(), key)?;
        Ok(Self { log, path, sequencer, shop: Arc::clone(shop), people: Arc::default() })
    }

    async fn store(&self) -> Result<()> {
        let person = self.people.fetch_add(1, Ordering::Relaxed);
        let receipt = self.shop.receipt(person, self.log)?;
        let draft = if self.log {
            Draft { receipt: Some(receipt), ..Draft::default() }
        } else {
            // Counters cost the same, whichever of their two numbers moves.
            let uncounted = receipt.counted.clone();
            Draft { receipt: None, uncounted, rows: rows(receipt, person) }
        };
        self.sequencer.store(draft).await?;
        Ok(())
    }

    /// Receipts a second and processor time of each, over one turn.
    async fn turn(self: &Arc<Self>, time: Duration) -> Result<(f64, f64)> {
        let (began, cpu_before, before) = (Instant::now(), cpu()?, self.people.load(Ordering::Relaxed));
        let running: Vec<_> = (0..TASKS)
            .map(|_| {
                let side = Arc::clone(self);
                tokio::spawn(async move {
                    while began.elapsed() < time {
                        side.store().await?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        for task in running {
            task.await??;
        }
        let receipts = (self.people.load(Ordering::Relaxed) - before) as f64;
        let cpu_us = (cpu()? - cpu_before).as_secs_f64() * 1e6 / receipts;
        Ok((receipts / began.elapsed().as_secs_f64(), cpu_us))
    }
}

/// The rows that the sequencer makes of a receipt, less those of the log.
fn rows(receipt: NewReceipt, number: u64) -> Batch {
    let mut rows = Batch::default();
    let id = keys::by_id(ORGANISATION, &receipt.id);
    rows.expect_absent(Space::ById, id.clone());
    rows.put(Space::Body, keys::body(ORGANISATION, number), receipt.body);
    rows.put(Space::ById, id, keys::sequence_value(number));
    for row in receipt.numbered {
        rows.writes.push(row.row(number));
    }
    rows
}

/// Processor time of this process so far, from `/proc/self/stat` (clock ticks of 10 ms).
fn cpu() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 10))
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

async fn compare(folder: &Path, turns: u64, time: Duration) -> Result<()> {
    let shop = Arc::new(Shop::new()?);
    let with = Arc::new(Side::new(true, folder, &shop)?);
    let without = Arc::new(Side::new(false, folder, &shop)?);
    // Warm code and caches before what counts.
    for side in [&with, &without] {
        side.turn(time / 4).await?;
    }
    println!("| turn | receipts/s with the log | without | of it | CPU µs with | without |");
    println!("|---|---|---|---|---|---|");
    let (mut rates, mut costs) = (Vec::new(), Vec::new());
    for turn in 1..=turns {
        // Who begins changes, so that neither always comes after the other.
        let (on, off) = if turn % 2 == 1 {
            let on = with.turn(time).await?;
            (on, without.turn(time).await?)
        } else {
            let off = without.turn(time).await?;
            (with.turn(time).await?, off)
        };
        let share = on.0 / off.0;
        println!(
            "| {turn} | {:.0} | {:.0} | {:.1} % | {:.1} | {:.1} |",
            on.0,
            off.0,
            share * 100.0,
            on.1,
            off.1
        );
        rates.push(share);
        costs.push(off.1 / on.1);
    }
    let (rate, cost) = (median(rates) * 100.0, median(costs) * 100.0);
    println!();
    println!(
        "with the log: {rate:.1} % of the receipts/s without it, {cost:.1} % by processor time (medians)"
    );
    for side in [with, without] {
        side.sequencer.close().await;
        std::fs::remove_file(&side.path)?;
    }
    Ok(())
}

fn value_of(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

fn number(name: &str, default: u64) -> Result<u64> {
    value_of(name).map_or(Ok(default), |n| n.parse().with_context(|| format!("{name} takes a number")))
}

/// One core for all of it, as a server on one core has.
fn pin_to_core_0() -> Result<()> {
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-cp", "0", &own]).output().context("couldn't run taskset")?;
    ensure!(pinned.status.success(), "couldn't pin the bench to core 0");
    Ok(())
}

fn main() -> Result<()> {
    pin_to_core_0()?;
    let folder = value_of("--folder").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder)?;
    let time = Duration::from_secs(number("--seconds", 4)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(compare(folder.path(), number("--turns", 5)?, time))
}
