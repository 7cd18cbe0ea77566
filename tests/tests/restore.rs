//! Putting a backup back: no second history of a log that was shown, and nobody who was erased.
//!
//! In scope: the built commands and what a verifier with a kept checkpoint sees afterwards. Out of scope: making the copy
//! (`backup`).

use std::path::PathBuf;

use anyhow::{Result, ensure};
use e2e::submit::Acknowledged;
use e2e::world::World;

const EVA: &str = "eva@voorbeeld.example";

/// A world whose store is moved away, with a backup from its past and checkpoints from before and after it.
struct Lost {
    world: World,
    backup: PathBuf,
    before: PathBuf,
    after: PathBuf,
    eva: Acknowledged,
    piet: Acknowledged,
    later: Acknowledged,
}

impl Lost {
    async fn new() -> Result<Self> {
        let mut world = World::start().await?;
        let eva = world.form().give("nieuwsbrief", EVA).await?;
        let piet = world.form().give("nieuwsbrief", "piet@voorbeeld.example").await?;
        let checkpoint = format!("{}/log/kaas/checkpoint", world.collector.base());
        let before = world.fetch(&checkpoint, "before").await?;
        let backup = world.collector.folder().join("backup.redb");
        let data = world.collector.data().display().to_string();
        world.collector.must(&["backup", &backup.display().to_string(), "--data", &data]).await?;
        let later = world.form().give("nieuwsbrief", "later@voorbeeld.example").await?;
        let after = world.fetch(&checkpoint, "after").await?;
        world.collector.told(&["erase", "kaas", "--data", &data], EVA).await?;
        world.collector.stop().await?;
        let store = world.collector.data().join("vinkje.redb");
        std::fs::rename(&store, world.collector.folder().join("lost.redb"))?;
        Ok(Self { world, backup, before, after, eva, piet, later })
    }

    async fn restore(&self, more: &[&str]) -> Result<(bool, String)> {
        let (backup, data) =
            (self.backup.display().to_string(), self.world.collector.data().display().to_string());
        let arguments = [&["restore", backup.as_str(), "--data", &data], more].concat();
        let output = self.world.collector.run(&arguments).await?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
    }

    async fn fsck(&self) -> Result<String> {
        let data = self.world.collector.data().display().to_string();
        self.world.collector.must(&["fsck", "--data", &data]).await
    }

    /// Whether today's log extends a checkpoint that was kept, by the key that was kept with it.
    async fn extends(&self, kept: &PathBuf, key: &PathBuf) -> Result<bool> {
        let size = std::fs::read_to_string(kept)?.lines().nth(1).unwrap_or_default().to_owned();
        let url = format!("{}/log/kaas/extension/{size}", self.world.collector.base());
        if self.world.client.get(&url).await?.status == 404 {
            return Ok(false);
        }
        let extension = self.world.fetch(&url, "extension").await?;
        let [kept, extension, key] = [kept, &extension, key].map(|file| file.display().to_string());
        let arguments = ["verify", "--checkpoint", &kept, "--extension", &extension, "--log-key", &key];
        Ok(self.world.collector.run(&arguments).await?.status.success())
    }
}

#[tokio::test]
async fn a_log_that_would_show_a_second_history_is_started_under_another_name() -> Result<()> {
    let mut lost = Lost::new().await?;
    let after = lost.after.display().to_string();
    let (done, said) = lost.restore(&[]).await?;
    ensure!(!done && said.contains("--nothing-newer") && said.contains("--new-log"), "{said}");
    let (done, said) = lost.restore(&["--nothing-newer", "--checkpoint", &after]).await?;
    ensure!(!done && said.contains("1 receipts that this backup does not have"), "{said}");
    ensure!(!lost.world.collector.data().join("vinkje.redb").exists(), "half a store was left");

    let (done, said) = lost.restore(&["--new-log", "--checkpoint", &after]).await?;
    ensure!(done && said.contains("erased again: 1 people") && said.contains("ending in /2"), "{said}");
    let (done, said) = lost.restore(&["--new-log"]).await?;
    ensure!(!done && said.contains("is there already"), "{said}");
    ensure!(lost.fsck().await?.starts_with("clean: 1 receipts of 1 people"), "{}", lost.fsck().await?);

    lost.world.collector.serve().await?;
    let world = &lost.world;
    for (link, status) in
        [(&lost.eva.manage_url, 404), (&lost.piet.manage_url, 200), (&lost.later.manage_url, 404)]
    {
        ensure!(world.client.get(link).await?.status == status, "{link}");
    }
    world.form().give("nieuwsbrief", "nieuw@voorbeeld.example").await?;
    let key = world.fetch(&format!("{}/log/kaas/key", world.collector.base()), "key").await?;
    let (jws, keys) =
        (world.fetch(&format!("{}.jws", lost.piet.receipt_url), "jws").await?, world.keys().await?);
    let proof = world.fetch(&format!("{}.tlog-proof", lost.piet.receipt_url), "proof").await?;
    let files = [&jws, &keys, &proof, &key].map(|file| file.display().to_string());
    let [jws, keys, proof, key_text] = files.each_ref().map(String::as_str);
    let said = world
        .collector
        .must(&["verify", jws, "--keys", keys, "--proof", proof, "--log-key", key_text])
        .await?;
    ensure!(said.contains("/log/kaas/2 as entry 1 of 3"), "{said}");
    // Whoever kept a checkpoint of the first log sees that this is another one, not a forgery of theirs.
    ensure!(!lost.extends(&lost.before, &key).await?);
    Ok(())
}

#[tokio::test]
async fn a_backup_that_lacks_nothing_goes_on_with_the_same_log() -> Result<()> {
    let mut lost = Lost::new().await?;
    lost.backup = lost.world.collector.folder().join("lost.redb");
    let [before, after] = [&lost.before, &lost.after].map(|file| file.display().to_string());
    let arguments = ["--nothing-newer", "--checkpoint", &before, "--checkpoint", &after];
    let (done, said) = lost.restore(&arguments).await?;
    ensure!(done && said.contains("erased again: 0 people"), "{said}");
    lost.world.collector.serve().await?;
    lost.world.form().give("nieuwsbrief", "nieuw@voorbeeld.example").await?;
    let key = lost.world.fetch(&format!("{}/log/kaas/key", lost.world.collector.base()), "key").await?;
    ensure!(lost.extends(&lost.before, &key).await? && lost.extends(&lost.after, &key).await?);
    ensure!(lost.world.client.get(&lost.later.manage_url).await?.status == 200);
    Ok(())
}

#[tokio::test]
async fn a_second_history_and_a_strange_checkpoint_are_refused() -> Result<()> {
    let mut lost = Lost::new().await?;
    // The owner says what is not so, and goes on: from here the two histories part.
    let (done, said) = lost.restore(&["--nothing-newer"]).await?;
    ensure!(done, "{said}");
    lost.world.collector.serve().await?;
    for person in ["a", "b", "c"] {
        lost.world.form().give("nieuwsbrief", &format!("{person}@voorbeeld.example")).await?;
    }
    let key = lost.world.fetch(&format!("{}/log/kaas/key", lost.world.collector.base()), "key").await?;
    ensure!(lost.extends(&lost.before, &key).await?, "both have the past");
    ensure!(!lost.extends(&lost.after, &key).await?, "a kept checkpoint shows the fork");
    lost.world.collector.stop().await?;
    lost.backup = lost.world.collector.folder().join("second.redb");
    std::fs::rename(lost.world.collector.data().join("vinkje.redb"), &lost.backup)?;
    let after = lost.after.display().to_string();
    let (done, said) = lost.restore(&["--new-log", "--checkpoint", &after]).await?;
    ensure!(!done && said.contains("another history of kaas"), "{said}");
    let strange = lost.world.collector.folder().join("strange");
    std::fs::write(&strange, std::fs::read_to_string(&lost.after)?.replacen("\n3\n", "\n2\n", 1))?;
    for file in [strange.display().to_string(), lost.backup.display().to_string()] {
        let (done, said) = lost.restore(&["--new-log", "--checkpoint", &file]).await?;
        ensure!(!done && said.contains("couldn't"), "{said}");
    }
    Ok(())
}
