//! Existing lists: taken over with their proof, by the built collector.
//!
//! In scope: what becomes of every kind of row, a dry run, files that are none, a kill half-way, and that an imported person has
//! every right of others. Out of scope: how dates and fates follow from each other (`shared`).
//!
//! Invariant: no test says of standard output or a log that it has an address in it.

mod again;
mod hostile;
mod http;
mod person;
mod rows;

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use e2e::world::World;
use serde_json::Value;
use shared::time::Timestamp;

/// The words that were shown on paper.
const WORDS: &str = "Ja, mail mij één keer per maand het kaasnieuws.\nIk kan altijd stoppen.\n";

const SOURCE: &str = "Kaasmarkt Voorbeeldstad, papieren lijst";

/// A world with a list and its words in it.
struct Lists {
    world: World,
    words: PathBuf,
}

impl Lists {
    async fn start() -> Result<Self> {
        let world = World::start().await?;
        let words = world.collector.folder().join("words.txt");
        std::fs::write(&words, WORDS)?;
        Ok(Self { world, words })
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<String> {
        let path = self.world.collector.folder().join(name);
        std::fs::write(&path, bytes)?;
        Ok(path.display().to_string())
    }

    fn data(&self) -> String {
        self.world.collector.data().display().to_string()
    }

    /// `vinkje import` with these arguments behind the usual ones. What it says names nobody.
    async fn import(&self, list: &str, more: &[&str]) -> Result<String> {
        let (data, words) = (self.data(), self.words.display().to_string());
        let usual = ["import", "kaas", list, "--purpose", "nieuwsbrief", "--source", SOURCE, "--data", &data];
        let words = if more.contains(&"--wording") { vec![] } else { vec!["--wording", &words] };
        let said = self.world.collector.must(&[&usual[..], &words, more].concat()).await?;
        ensure!(!said.contains('@'), "it names somebody: {said}");
        Ok(said)
    }

    /// Why it refuses a whole list.
    async fn refused(&self, list: &str, more: &[&str]) -> Result<String> {
        match self.import(list, more).await {
            Ok(said) => anyhow::bail!("it was taken over: {said}"),
            Err(error) => Ok(error.to_string()),
        }
    }

    /// Where somebody stands for the newsletter, and whether they may be addressed.
    async fn stands(&self, email: &str) -> Result<(String, bool)> {
        let said =
            self.world.collector.told(&["may", "kaas", "nieuwsbrief", "--data", &self.data()], email).await?;
        let answer: Value = serde_json::from_str(said.trim())?;
        let state = answer["state"].as_str().context("no state")?.to_owned();
        Ok((state, answer["answer"].as_bool().context("no answer")?))
    }

    /// The codes of a report, in order.
    fn report(&self, name: &str) -> Result<Vec<String>> {
        let text = std::fs::read_to_string(self.world.collector.folder().join(name))?;
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        rows.records().map(|row| Ok(row?.get(2).context("no third cell")?.to_owned())).collect()
    }

    async fn clean(&mut self) -> Result<String> {
        self.world.collector.stop().await?;
        let said = self.world.collector.must(&["fsck", "--data", &self.data()]).await?;
        ensure!(said.starts_with("clean"), "{said}");
        ensure!(!self.world.collector.said()?.contains('@'), "the log names somebody");
        Ok(said)
    }
}

/// The day so many days ago.
fn days_ago(days: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let at = Timestamp::from_unix_seconds(now as i64 - days * 86_400).to_string();
    at.split('T').next().unwrap_or_default().to_owned()
}
