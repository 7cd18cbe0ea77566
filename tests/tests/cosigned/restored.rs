//! A backup is put back: what a witness saw decides whether the log may go on, and a log that is started anew is watched anew.

use anyhow::{Context, Result, ensure};

use super::{checkpoint, give, health, log_of, watched};

#[tokio::test]
async fn what_a_witness_saw_stops_a_backup_that_lacks_something() -> Result<()> {
    let (mut world, one, two) = watched().await?;
    let folder = world.collector.folder().to_path_buf();
    let (data, backup) = (world.collector.data(), folder.join("backup.redb").display().to_string());
    let data_text = data.display().to_string();
    give(&world, "eva").await?;
    checkpoint(&world, 1, 3).await?;
    world.collector.must(&["backup", &backup, "--data", &data_text]).await?;
    give(&world, "jan").await?;
    checkpoint(&world, 2, 3).await?;

    world.collector.stop().await?;
    std::fs::remove_file(data.join("vinkje.redb"))?;
    let seen =
        world.client.get(&format!("{}/seen/{}", one.base(), log_of(&world).replace("http://", ""))).await?;
    ensure!(seen.status == 200, "{} {}", seen.status, seen.text());
    let kept = folder.join("seen.txt").display().to_string();
    std::fs::write(&kept, seen.text())?;
    let restore = ["restore", &backup, "--data", &data_text, "--checkpoint", &kept];
    let refused = world.collector.run(&[&restore[..], &["--nothing-newer"]].concat()).await?;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    ensure!(
        !refused.status.success() && said.contains("shows 1 receipts that this backup does not have"),
        "{said}"
    );

    world.collector.must(&[&restore[..], &["--new-log"]].concat()).await?;
    world.collector.serve().await?;
    // Neither is what was said of the old log shown for the new one, nor does a witness sign a log that it does not watch.
    checkpoint(&world, 1, 1).await?;
    ensure!(world.client.get(&format!("{}/witnessed", log_of(&world))).await?.status == 404);
    ensure!(health(&world).await?["witnesses"][0]["contradicted"] == 0, "a new log is no contradiction");
    let key = world.client.get(&format!("{}/key", log_of(&world))).await?.text();
    for witness in [&one, &two] {
        witness.must(&["add", key.trim_end()]).await?;
    }
    let note = checkpoint(&world, 1, 3).await?;
    let name = note.lines().next().context("no name")?;
    ensure!(name.ends_with("/log/kaas/2"), "{name}");
    world.collector.stop().await?;
    world.collector.must(&["fsck", "--data", &data_text]).await?;
    Ok(())
}
