//! A collector that gets another address: the logs are named after it, so nothing is shown under a name that was not signed.
//!
//! In scope: the built commands, and proofs from before and after. Out of scope: the links that people have; whoever keeps the old
//! address leads them on.

use std::path::Path;

use anyhow::{Result, ensure};
use e2e::world::World;

const NEW: &str = "https://keuze.example";

/// A file of the collector as its proxy asks for it, under the new address.
async fn fetch(world: &World, path: &str, name: &str) -> Result<std::path::PathBuf> {
    let url = format!("{}{path}", world.collector.base());
    let answer = world.client.send("GET", &url, &[("host", "keuze.example")], "").await?;
    ensure!(answer.status == 200, "{path}: {}", answer.status);
    let file = world.collector.folder().join(name);
    std::fs::write(&file, &answer.body)?;
    Ok(file)
}

async fn proves(world: &World, jws: &Path, keys: &Path, proof: &Path, key: &Path) -> Result<String> {
    let files = [jws, keys, proof, key].map(|file| file.display().to_string());
    let [jws, keys, proof, key] = files.each_ref().map(String::as_str);
    world.collector.must(&["verify", jws, "--keys", keys, "--proof", proof, "--log-key", key]).await
}

#[tokio::test]
async fn a_collector_that_moved_shows_no_log_until_it_is_signed_under_its_new_name() -> Result<()> {
    let mut world = World::start().await?;
    let old = world.collector.base();
    let given = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let (jws, keys) = (world.fetch(&format!("{}.jws", given.receipt_url), "jws").await?, world.keys().await?);
    let before = world.fetch(&format!("{}.tlog-proof", given.receipt_url), "before").await?;
    let old_key = world.fetch(&format!("{old}/log/kaas/key"), "old.key").await?;
    world.collector.stop().await?;
    let data = world.collector.data().display().to_string();
    let refused = world.collector.run(&["move", "--data", &data]).await?;
    ensure!(!refused.status.success(), "it moved to where it is");

    world
        .collector
        .settings(|text| text.replace(&format!("base_url = \"{old}\""), &format!("base_url = \"{NEW}\"")))?;
    for command in ["fsck", "serve", "compact"] {
        let output = world.collector.run(&[command, "--data", &data]).await?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(!output.status.success(), "{command} went on under an address that nothing was signed for");
        ensure!(
            said.contains("vinkje move") && said.contains(&old) && said.contains(NEW),
            "{command}: {said}"
        );
    }
    let said = world.collector.must(&["move", "--data", &data]).await?;
    ensure!(said.contains("its log goes on as keuze.example/log/kaas"), "{said}");
    ensure!(world.collector.must(&["fsck", "--data", &data]).await?.starts_with("clean: 1 receipts"));

    world.collector.serve().await?;
    let path = given.receipt_url.strip_prefix(&old).unwrap_or_default().to_owned();
    let after = fetch(&world, &format!("{path}.tlog-proof"), "after").await?;
    let new_key = fetch(&world, "/log/kaas/key", "new.key").await?;
    let said = proves(&world, &jws, &keys, &after, &new_key).await?;
    ensure!(said.contains("in the log keuze.example/log/kaas as entry 0 of 1"), "{said}");
    // What people kept goes on to hold, by the key that they kept with it.
    ensure!(proves(&world, &jws, &keys, &before, &old_key).await?.contains("as entry 0 of 1"));
    ensure!(proves(&world, &jws, &keys, &after, &old_key).await.is_err(), "one name passes for the other");
    Ok(())
}
