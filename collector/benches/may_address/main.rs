//! Asks whether a hundred thousand addresses may be addressed, in a store of a million people: answers a second on one core.
//!
//! In scope: `may-address` over HTTP with the server on core 0 and the asker on core 1; the same answers without HTTP; and, for
//! comparison in the same run, redb's bare look-ups of the same rows and answers folded from receipts. Out of scope: submits (`submit`).
//!
//! Invariant: every person got into the store by a real submit, and every figure counts answers that say yes.
//!
//! `--people N` sets how many people there are (default 1,000,000), `--addresses N` how many are asked about (default 100,000),
//! `--folder DIR` where the data lies (default: the system's temporary folder), `--assets DIR` where the built widget is (default:
//! this checkout's).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use collector::service::as_of::{Answerer, Asked, State};
use collector::store::{KeyRange, Space};
use collector::{records, seal};
use shared::contact::EmailAddress;
use shared::ids::PurposeId;

mod fill;
mod http;

use fill::Filled;

/// Addresses in one question: the most that there may be.
const AT_ONCE: usize = shared::limits::API_PEOPLE_MAX;

/// Answers that are folded from receipts, which takes long.
const FROM_RECEIPTS: usize = 10_000;

fn main() -> Result<()> {
    let people = number("--people", 1_000_000)?;
    let asked = number("--addresses", 100_000)?.min(people);
    let folder = value_of("--folder").map_or_else(std::env::temp_dir, PathBuf::from);
    let assets = value_of("--assets").map_or_else(|| root().join("target/vinkje-assets"), PathBuf::from);
    pin_to_core_1()?;
    let folder = tempfile::tempdir_in(folder)?;
    let data = folder.path().join("data");
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let began = Instant::now();
    let filled = fill::fill(&data, &assets, port, people)?;
    println!("{people} people in {:.0} s", began.elapsed().as_secs_f64());
    let addresses: Vec<String> = addresses(people, asked).collect();
    println!();
    println!("| what is measured | answers/s on one core | µs each |");
    println!("|---|---|---|");
    redb_alone(&filled, &addresses)?;
    quick(&filled, &addresses)?;
    from_receipts(&filled, &addresses[..asked.min(FROM_RECEIPTS)])?;
    let key = filled.close()?;
    http::measure(&data, &assets, port, &key, &addresses)
}

/// As many addresses, each of another person, in no order.
fn addresses(people: usize, asked: usize) -> impl Iterator<Item = String> {
    // A step that shares no divisor with the number of people meets each of them once.
    let divisor = |mut a: usize, mut b: usize| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let step = (people * 5 / 8..).find(|step| divisor(*step, people) == 1).unwrap_or(1);
    (0..asked).map(move |index| fill::address(index * step % people))
}

/// What redb itself takes to find the rows of these addresses, their digests known and in order.
fn redb_alone(filled: &Filled, addresses: &[String]) -> Result<()> {
    let index = seal::AddressIndex::new(filled.organisation.number, &filled.keys.index);
    let digest = |text: &String| Ok(index.digest(&EmailAddress::parse(text)?));
    let digests: Vec<[u8; 16]> = addresses.iter().map(digest).collect::<Result<_>>()?;
    let measure = || {
        let mut found = 0;
        for question in digests.chunks(AT_ONCE) {
            let mut question = question.to_vec();
            question.sort_unstable();
            let snapshot = filled.engine.snapshot()?;
            for digest in question {
                let prefix = records::contact_prefix(filled.organisation.number, &digest);
                let visit = &mut |_: &[u8], _: &[u8]| {
                    found += 1;
                    std::ops::ControlFlow::Continue(())
                };
                snapshot.scan(Space::Contact, &KeyRange::prefix(&prefix), visit)?;
            }
        }
        Ok(found)
    };
    row("redb's look-ups alone", addresses.len(), measure)
}

fn quick(filled: &Filled, addresses: &[String]) -> Result<()> {
    let measure = || {
        let mut found = 0;
        for question in addresses.chunks(AT_ONCE) {
            let people = question.iter().map(String::as_str);
            let answers =
                filled.answering(|answerer, asked| answerer.may_address(asked, people, fill::now()))?;
            let yes = |answer: &&_| {
                matches!(answer, collector::service::may_address::Short::Stands(State::Given, _))
            };
            found += answers.iter().filter(yes).count();
        }
        Ok(found)
    };
    row("answers, without HTTP", addresses.len(), measure)
}

fn from_receipts(filled: &Filled, addresses: &[String]) -> Result<()> {
    let measure = || {
        let people = (1..).zip(addresses.iter().map(String::as_str));
        let answers = filled.answering(|answerer, asked| answerer.answer_all(asked, people, fill::now()))?;
        Ok(answers.iter().filter(|answer| answer.answer == Some(true)).count())
    };
    row("folded from receipts, without HTTP", addresses.len(), measure)
}

impl Filled {
    /// Answers from one state of the store, as a question over HTTP does.
    fn answering<T>(
        &self,
        answer: impl FnOnce(&Answerer<'_>, &Asked) -> Result<T, shared::refusal::Refusal>,
    ) -> Result<T> {
        let snapshot = self.engine.snapshot()?;
        let asked = Asked { purpose: PurposeId::parse(fill::PURPOSE)?, at: None, version: None };
        let (organisation, keys) = (self.organisation.as_ref(), Arc::as_ref(&self.keys));
        let answerer = Answerer { snapshot: snapshot.as_ref(), organisation, keys, base_url: &self.base_url };
        Ok(answer(&answerer, &asked)?)
    }
}

/// The best of three, after one that warms the caches.
fn row(what: &str, expected: usize, mut measure: impl FnMut() -> Result<usize>) -> Result<()> {
    let mut best = f64::MAX;
    for _ in 0..4 {
        let began = Instant::now();
        let found = measure()?;
        best = best.min(began.elapsed().as_secs_f64());
        ensure!(found == expected, "{what}: {found} of {expected} are answered with yes");
    }
    print_row(what, expected, best);
    Ok(())
}

fn print_row(what: &str, answers: usize, seconds: f64) {
    let answers = answers as f64;
    println!("| {what} | {:.0} | {:.2} |", answers / seconds, seconds * 1e6 / answers);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

fn value_of(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

fn number(name: &str, default: usize) -> Result<usize> {
    value_of(name).map_or(Ok(default), |n| n.parse().with_context(|| format!("{name} takes a number")))
}

/// Server and asker must not share a core; what is measured without HTTP has this one for itself.
fn pin_to_core_1() -> Result<()> {
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-cp", "1", &own]).output().context("couldn't run taskset")?;
    ensure!(pinned.status.success(), "couldn't pin the asker to core 1: this needs a second core");
    Ok(())
}
