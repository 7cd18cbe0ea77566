//! The counter without a tablet: slips with a code, papers that staff enters, and forms to print.
//!
//! In scope: the built collector, its commands and API, and Chromium. Out of scope: every rule about a code or a paper (the
//! collector's own tests).
//!
//! Invariant: no code is ever in a log or an argument.

mod paper;
mod printed;
mod slip;

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use e2e::world::World;
use shared::time::Timestamp;

/// What a person wrote on paper.
const CONTACT: &str = "name: E. Voorbeeld\naddress: Dorpsstraat 1\naddress: 1234 AB Dorp\n";

/// What staff got for a paper.
struct Slip {
    receipt_url: String,
    code: String,
    slip_url: String,
}

impl Slip {
    /// Where the code leads that stands in the QR code.
    fn scanned(&self) -> Result<&str> {
        self.slip_url.strip_suffix("/slip").context("a slip's address has another end")
    }
}

/// The day before today.
fn yesterday() -> Result<String> {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    Ok(Timestamp::from_unix_seconds(now - 24 * 60 * 60).to_string()[..10].to_owned())
}

fn data(world: &World) -> String {
    world.collector.data().display().to_string()
}

fn scan(world: &World, name: &str) -> Result<PathBuf> {
    let path = world.collector.folder().join(name);
    std::fs::write(&path, format!("the scan {name}"))?;
    Ok(path)
}

/// Enters a paper on which `post` was ticked.
async fn enter(world: &World, name: &str) -> Result<Slip> {
    let (data, scan, signed) = (data(world), scan(world, name)?.display().to_string(), yesterday()?);
    let fixed = ["paper", "register", "kaas", "--form", "aanmelden", "--lang", "nl", "--ticked", "post"];
    let own = ["--signed", &signed, "--scan", &scan, "--by", "balie 2", "--data", &data];
    let said = world.collector.told(&[&fixed[..], &own].concat(), CONTACT).await?;
    let [_, receipt_url, code, slip_url] = said.lines().collect::<Vec<_>>()[..] else {
        anyhow::bail!("not four lines: {said}");
    };
    ensure!(!said.contains("Voorbeeld"), "it names somebody: {said}");
    let last = |line: &str, words: usize| line.split_whitespace().skip(words).collect::<Vec<_>>().join(" ");
    Ok(Slip { receipt_url: last(receipt_url, 0), code: last(code, 2), slip_url: last(slip_url, 2) })
}

/// What it said never has a code in it, and its store holds.
async fn clean(world: &mut World, slips: &[&Slip]) -> Result<()> {
    world.collector.stop().await?;
    let said = world.collector.said()?;
    for slip in slips {
        let digits = slip.code.replace(' ', "");
        ensure!(!said.contains(&digits) && !said.contains(&slip.code), "a code is in the log");
    }
    let checked = world.collector.must(&["fsck", "--data", &data(world)]).await?;
    ensure!(checked.starts_with("clean:"), "{checked}");
    Ok(())
}
