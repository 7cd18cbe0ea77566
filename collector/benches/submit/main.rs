//! Loads the built collector as visitors would, and says how many durable signed receipts it gives a second.
//!
//! In scope: the server on core 0, the load on core 1; rates, waiting times and processor time at 1, 16, 64 and 256
//! connections; the same with one commit per request; an empty axum handler; bytes on disk per receipt.
//! Out of scope: the store by itself (`store`), and what a browser waits for (package `e2e`).
//!
//! Invariant: a receipt counts when its 201 has arrived. All figures that are compared come from one run.
//!
//! `--receipts N` sets how many receipts the file is filled with (default 100,000), `--seconds N` how long each round
//! takes (default 5), `--folder DIR` where the data lies (default: the system's temporary folder), `--assets DIR`
//! where the built widget is (default: this checkout's).

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

mod load;
mod server;

use load::{Load, Round, Until};
use server::{Server, empty};

const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];

struct Settings {
    receipts: u64,
    seconds: u64,
    folder: PathBuf,
    assets: PathBuf,
}

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == empty::ARGUMENT) {
        return empty::serve();
    }
    let settings = Settings {
        receipts: number("--receipts", 100_000)?,
        seconds: number("--seconds", 5)?,
        folder: value_of("--folder").map_or_else(std::env::temp_dir, PathBuf::from),
        assets: value_of("--assets")
            .map_or_else(|| server::root().join("target/vinkje-assets"), PathBuf::from),
    };
    pin_to_core_1()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(&settings))
}

async fn measure(settings: &Settings) -> Result<()> {
    println!("| server | connections | answers/s | p50 ms | p99 ms | p99.9 ms | server CPU µs each |");
    println!("|---|---|---|---|---|---|---|");
    let (empty, load) = Server::empty().await?;
    rounds("empty axum handler", &empty, &load, settings).await?;
    empty.stop()?;
    for (name, batch) in [("vinkje", None), ("vinkje, one commit each", Some(1))] {
        let folder = tempfile::tempdir_in(&settings.folder)?;
        let (server, load) = Server::collector(folder.path(), &settings.assets, batch).await?;
        rounds(name, &server, &load, settings).await?;
        server.stop()?;
    }
    fill(settings).await
}

async fn rounds(name: &str, server: &Server, load: &Load, settings: &Settings) -> Result<()> {
    for connections in CONNECTIONS {
        // Warm caches and connections before what counts.
        load.run(connections, Until::seconds(1)).await?;
        let round = counted(server, load, connections, Until::seconds(settings.seconds)).await?;
        let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| round.wait_ms(share));
        let (rate, cpu) = (round.per_second(), round.cpu_us);
        println!("| {name} | {connections} | {rate:.0} | {p50:.2} | {p99:.2} | {p999:.2} | {cpu:.1} |");
    }
    Ok(())
}

async fn counted(server: &Server, load: &Load, connections: usize, until: Until) -> Result<Round> {
    let before = server.cpu()?;
    let mut round = load.run(connections, until).await?;
    round.cpu_us = (server.cpu()? - before).as_secs_f64() * 1e6 / round.answers() as f64;
    Ok(round)
}

/// Fills a fresh store and measures the file after an orderly stop.
async fn fill(settings: &Settings) -> Result<()> {
    let folder = tempfile::tempdir_in(&settings.folder)?;
    let (server, load) = Server::collector(folder.path(), &settings.assets, None).await?;
    let round = counted(&server, &load, 256, Until::answers(settings.receipts)).await?;
    let memory = server.memory_kib()?;
    server.stop()?;
    let bytes = server::bytes_in(folder.path())?;
    let each = bytes as f64 / round.answers() as f64;
    println!();
    println!(
        "{} receipts at {:.0}/s: {each:.0} bytes on disk each, all indices included; {} MiB of memory",
        round.answers(),
        round.per_second(),
        memory / 1024
    );
    Ok(())
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
