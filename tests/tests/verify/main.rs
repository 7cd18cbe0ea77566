//! The page that judges evidence, as a person meets it: in any browser, without trust and without a network.
//!
//! In scope: what the tests of the folder share. Out of scope: that it judges as the command does (`bundle/page`).
//!
//! Invariant: files are real ones of a running collector, given through the field, the mouse or the camera.

mod access;
mod give;
mod hostile;
mod paper;
mod scan;
mod shut;

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use e2e::judge::Judge;
use e2e::page::Page;
use e2e::submit::Acknowledged;
use e2e::world::{ORGANISATION, World};

/// The person in these tests.
pub const EMAIL: &str = "eva@voorbeeld.example";

/// A collector, and the evidence of somebody who agreed and took it back.
pub struct Case {
    /// Collector, site and client.
    pub world: World,
    /// The answer.
    pub given: Acknowledged,
    /// The evidence of the first receipt.
    pub receipt: PathBuf,
    /// All evidence of the person.
    pub history: PathBuf,
}

impl Case {
    /// Makes it.
    pub async fn start() -> Result<Self> {
        let world = World::start().await?;
        let given = world.form().give("nieuwsbrief", EMAIL).await?;
        world.client.post_form(&given.manage_url, &[("do", "withdraw_all")]).await?;
        let receipt = world.fetch(&format!("{}.bundle", given.receipt_url), "receipt.vinkje.json").await?;
        let history = world.fetch(&format!("{}.bundle", given.manage_url), "history.vinkje.json").await?;
        Ok(Self { world, given, receipt, history })
    }

    /// The page's address.
    pub fn address(&self, language: &str) -> String {
        format!("{}/verify?lang={language}", self.world.collector.base())
    }

    /// The page, ready to judge.
    pub async fn judge(&self, language: &str) -> Result<Judge> {
        Judge::open(&self.address(language)).await
    }

    /// The keys that somebody has who knows the sender: of the receipts, of the log.
    pub async fn keys(&self) -> Result<[PathBuf; 2]> {
        let log_key = format!("{}/log/{ORGANISATION}/key", self.world.collector.base());
        Ok([self.world.keys().await?, self.world.fetch(&log_key, "key").await?])
    }

    /// A file of the test.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<PathBuf> {
        let file = self.world.collector.folder().join(name);
        std::fs::write(&file, bytes)?;
        Ok(file)
    }

    /// The evidence of the receipt with something in it changed.
    pub fn changed(&self, name: &str, from: &str, to: &str) -> Result<PathBuf> {
        let text = std::fs::read_to_string(&self.receipt)?;
        ensure!(text.contains(from), "there is no {from} in the evidence");
        self.file(name, text.replacen(from, to, 1))
    }
}

/// No exception nobody caught, no error in the console, nothing stopped by a policy.
pub async fn clean(page: &Page) -> Result<()> {
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "the policy stopped {violations:?}");
    let faults = page.faults();
    ensure!(faults.is_empty(), "the page has faults: {faults:?}");
    Ok(())
}

/// A path as the address of a file.
pub fn file_address(file: &Path) -> String {
    format!("file://{}", file.display())
}
