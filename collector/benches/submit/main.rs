//! Loads the built collector as visitors would, and says how many durable signed receipts it gives a second; then as those
//! who check its evidence would.
//!
//! In scope: the server on core 0, the load on core 1; rates, waiting times and processor time at 1, 16, 64 and 256
//! connections; the same with one commit per request; an empty axum handler; proofs and tiles; `fsck`; bytes on disk per
//! receipt, and those of the log at batches of 64. Out of scope: the store by itself (`store`), the log's cost (`log`), and
//! what a browser waits for (package `e2e`).
//!
//! Invariant: a receipt counts when its 201 has arrived. All figures that are compared come from one run.
//!
//! `--receipts N` sets how many receipts the file is filled with (default 100,000), `--seconds N` how long each round
//! takes (default 5), `--folder DIR` where the data lies (default: the system's temporary folder), `--assets DIR`
//! where the built widget is (default: this checkout's), `--no-rounds` leaves out the rounds before the file is filled.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

mod load;
mod read;
mod server;
mod weigh;
mod wire;

use collector::store::Space;
use load::{Load, Until};
use server::{Server, empty};
use wire::Round;

const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];

/// Of those who read.
const READERS: [usize; 3] = [1, 16, 64];

/// The batch at which the log is weighed.
const LOG_BATCH: usize = 64;

/// Receipts in the log that is weighed at most: past that nothing changes.
const LOG_RECEIPTS_MAX: u64 = 100_000;

struct Settings {
    receipts: u64,
    seconds: u64,
    folder: PathBuf,
    assets: PathBuf,
    rounds: bool,
}

fn main() -> Result<()> {
    if has(empty::ARGUMENT) {
        return empty::serve();
    }
    let settings = Settings {
        receipts: number("--receipts", 100_000)?,
        seconds: number("--seconds", 5)?,
        folder: value_of("--folder").map_or_else(std::env::temp_dir, PathBuf::from),
        assets: value_of("--assets")
            .map_or_else(|| server::root().join("target/vinkje-assets"), PathBuf::from),
        rounds: !has("--no-rounds"),
    };
    pin_to_core_1()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        if settings.rounds {
            submits(&settings).await?;
        }
        fill(&settings).await?;
        weigh_log(&settings).await
    })
}

async fn submits(settings: &Settings) -> Result<()> {
    head("server");
    let (empty, load) = Server::empty().await?;
    rounds("empty axum handler", &empty, &load, settings).await?;
    empty.stop()?;
    for (name, batch) in [("vinkje", None), ("vinkje, one commit each", Some(1))] {
        let folder = tempfile::tempdir_in(&settings.folder)?;
        let (server, load) = Server::collector(folder.path(), &settings.assets, batch).await?;
        rounds(name, &server, &load, settings).await?;
        server.stop()?;
    }
    println!();
    Ok(())
}

async fn rounds(name: &str, server: &Server, load: &Load, settings: &Settings) -> Result<()> {
    for connections in CONNECTIONS {
        // Warm caches and connections before what counts.
        load.run(connections, Until::seconds(1)).await?;
        let round = load.run(connections, Until::seconds(settings.seconds));
        line(name, connections, &counted(server, round).await?);
    }
    Ok(())
}

fn head(what: &str) {
    println!("| {what} | connections | answers/s | p50 ms | p99 ms | p99.9 ms | server CPU µs each |");
    println!("|---|---|---|---|---|---|---|");
}

fn line(name: &str, connections: usize, round: &Round) {
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| round.wait_ms(share));
    let (rate, cpu) = (round.per_second(), round.cpu_us);
    println!("| {name} | {connections} | {rate:.0} | {p50:.2} | {p99:.2} | {p999:.2} | {cpu:.1} |");
}

async fn counted(server: &Server, round: impl Future<Output = Result<Round>>) -> Result<Round> {
    let before = server.cpu()?;
    let mut round = round.await?;
    round.cpu_us = (server.cpu()? - before).as_secs_f64() * 1e6 / round.answers() as f64;
    Ok(round)
}

/// Fills a fresh store, has it read, and measures the file after an orderly stop.
async fn fill(settings: &Settings) -> Result<()> {
    let folder = tempfile::tempdir_in(&settings.folder)?;
    let (server, load) = Server::collector(folder.path(), &settings.assets, None).await?;
    let round = counted(&server, load.run(256, Until::answers(settings.receipts))).await?;
    let memory = server.memory_kib()?;
    println!(
        "{} receipts at {:.0}/s, {:.1} CPU µs each; {} MiB of memory",
        round.answers(),
        round.per_second(),
        round.cpu_us,
        memory / 1024
    );
    println!();
    reads(&server, &load, settings).await?;
    server.stop()?;
    weigh(folder.path(), round.answers())?;
    let looked = server::fsck(folder.path())?;
    let rate = round.answers() as f64 / looked.as_secs_f64();
    println!("fsck: {rate:.0} receipts/s, all in {:.1} s", looked.as_secs_f64());
    Ok(())
}

async fn reads(server: &Server, load: &Load, settings: &Settings) -> Result<()> {
    head("what is read");
    for reading in read::all(load).await? {
        for connections in READERS {
            let round = reading.run(connections, Until::seconds(settings.seconds));
            line(reading.name, connections, &counted(server, round).await?);
        }
    }
    println!();
    Ok(())
}

fn weigh(folder: &Path, receipts: u64) -> Result<()> {
    let bytes = server::store_bytes(folder)?;
    let each = |bytes: u64| bytes as f64 / receipts as f64;
    println!("| space | rows | bytes of each receipt |");
    println!("|---|---|---|");
    for weight in weigh::spaces(&server::data(folder))? {
        println!("| {} | {} | {:.1} |", weight.space.name(), weight.rows, each(weight.bytes));
    }
    println!();
    println!(
        "{:.0} bytes on disk for each of {receipts} receipts, all indices and the log included",
        each(bytes)
    );
    Ok(())
}

/// What the log takes of the store when each commit has 64 receipts.
async fn weigh_log(settings: &Settings) -> Result<()> {
    let folder = tempfile::tempdir_in(&settings.folder)?;
    let (server, load) = Server::collector(folder.path(), &settings.assets, Some(LOG_BATCH)).await?;
    // Four times as many visitors, so that a full batch waits whenever one is stored.
    let until = Until::answers(settings.receipts.min(LOG_RECEIPTS_MAX));
    let receipts = load.run(4 * LOG_BATCH, until).await?.answers();
    server.stop()?;
    let weights = weigh::spaces(&server::data(folder.path()))?;
    let log = || weights.iter().filter(|weight| weigh::LOG.contains(&weight.space));
    let bytes: u64 = log().map(|weight| weight.bytes).sum();
    let runs = log().find(|weight| weight.space == Space::Leaf).map_or(1, |weight| weight.rows);
    let (each, batch) = (bytes as f64 / receipts as f64, receipts as f64 / runs as f64);
    println!("log: {each:.1} bytes in the store for each of {receipts} receipts, {batch:.1} in a commit");
    Ok(())
}

fn has(name: &str) -> bool {
    std::env::args().any(|argument| argument == name)
}

fn value_of(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

fn number(name: &str, default: u64) -> Result<u64> {
    value_of(name).map_or(Ok(default), |n| n.parse().with_context(|| format!("{name} takes a number")))
}

/// Server and load must not share a core, or each would measure the other.
fn pin_to_core_1() -> Result<()> {
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-cp", "1", &own]).output().context("couldn't run taskset")?;
    ensure!(pinned.status.success(), "couldn't pin the load to core 1: this needs a second core");
    Ok(())
}
