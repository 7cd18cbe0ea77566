//! The evidence log of a running collector, as somebody sees it who does not trust us.
//!
//! In scope: checkpoints, tiles and proofs over HTTP, before and after a kill, judged by code that shares nothing with ours.
//! Out of scope: the tree's own rules (`shared`), a cut disk (`collector/tests/store_log.rs`).
//!
//! Invariant: every checkpoint that was ever fetched must still hold at the end.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use e2e::collector::copy_folder;
use e2e::submit::Acknowledged;
use e2e::verifiers;
use e2e::world::{ORGANISATION, World};
use serde_json::json;

/// More than one full tile, so that a tile of level 1 exists.
const RECEIPTS: usize = 320;
const PEOPLE: usize = 16;

fn log_of(world: &World) -> String {
    format!("{}/log/{ORGANISATION}", world.collector.base())
}

/// People who submit side by side.
async fn crowd(world: &World, people: usize, name: &str) -> Result<Vec<Acknowledged>> {
    world.crowd(people, PEOPLE, |person| format!("{name}-{person}@voorbeeld.example")).await
}

/// A receipt with its proof beside it; gives the receipt's file.
async fn proven(world: &World, given: &Acknowledged) -> Result<PathBuf> {
    let proof = format!("{}.tlog-proof", given.receipt_url);
    world.fetch(&proof, &format!("{}.tlog-proof", given.receipt)).await?;
    world.fetch(&format!("{}.jws", given.receipt_url), &format!("{}.jws", given.receipt)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_can_check_the_log_and_nobody_can_rewrite_it() -> Result<()> {
    let mut world = World::start().await?;
    let log = log_of(&world);
    ensure!(world.client.get(&format!("{log}/checkpoint")).await?.status == 404, "a head before any entry");
    let key = world.fetch(&format!("{log}/key"), "log.key.txt").await?;

    let mut given = crowd(&world, RECEIPTS / 2, "voor").await?;
    let mut files = vec![world.fetch(&format!("{log}/checkpoint"), "first.checkpoint").await?];
    files.push(proven(&world, &given[3]).await?);
    world.collector.kill().await?;
    world.collector.serve().await?;
    given.extend(crowd(&world, RECEIPTS / 2, "na").await?);
    let taken_back = [("do", "withdraw"), ("purpose", "nieuwsbrief")];
    let answer = world.client.post_form(&given[0].manage_url, &taken_back).await?;
    ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    files.push(world.fetch(&format!("{log}/checkpoint"), "second.checkpoint").await?);
    for one in given.iter().step_by(9) {
        files.push(proven(&world, one).await?);
    }
    let said = verifiers::log(&log_of(&world), &key, &files).await?;
    ensure!(said == json!({"size": RECEIPTS + 1, "refused": {}}), "{said}");
    refuses(&world, &key, &files, &given).await
}

/// The negative controls: the verifier does see what is wrong.
async fn refuses(world: &World, key: &Path, files: &[PathBuf], given: &[Acknowledged]) -> Result<()> {
    let folder = world.collector.folder();
    let first = std::fs::read_to_string(&files[0])?;
    let (second, proof) = (std::fs::read_to_string(&files[2])?, files[1].with_extension("tlog-proof"));
    let root = |note: &str| note.lines().nth(2).map(str::to_owned).context("no root");
    let forged = first.replace(&root(&first)?, &root(&second)?);
    let other = folder.join(format!("{}.jws", given[9].receipt));
    let proof = std::fs::read_to_string(proof)?;
    // The crowd decides which place this receipt has, the first one too.
    let elsewhere = if proof.lines().nth(2) == Some("index 0") { "index 1" } else { "index 0" };
    let cases = [
        ("forged.checkpoint", forged, "signature"),
        ("other.tlog-proof", proof.clone(), "not in the log"),
        ("index.tlog-proof", change_line(&proof, 2, elsewhere), "not in the log"),
        ("salt.tlog-proof", change_line(&proof, 1, &format!("extra {}=", "A".repeat(43))), "not in the log"),
        ("path.tlog-proof", without_line(&proof, 3), "path"),
    ];
    for (name, text, reason) in cases {
        let file = folder.join(name);
        std::fs::write(&file, text)?;
        let checked = if name.ends_with(".checkpoint") {
            file
        } else {
            let receipt = if name == "other.tlog-proof" { &other } else { &files[1] };
            let beside = file.with_extension("jws");
            std::fs::copy(receipt, &beside)?;
            beside
        };
        let shown = checked.file_name().and_then(|name| name.to_str()).context("a plain name")?.to_owned();
        let said = verifiers::log(&log_of(world), key, &[checked]).await?;
        ensure!(said["refused"][&shown] == reason, "{name}: {said}");
    }
    Ok(())
}

fn change_line(text: &str, at: usize, line: &str) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    lines[at] = line;
    lines.join("\n")
}

fn without_line(text: &str, at: usize) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    lines.remove(at);
    lines.join("\n")
}

/// What `vinkje verify` says of files, and whether it is content.
async fn verify(world: &World, arguments: &[(&str, &Path)]) -> Result<(bool, String)> {
    let mut all = vec!["verify".to_owned()];
    for (flag, file) in arguments {
        all.extend(
            [*flag, &file.display().to_string()].into_iter().filter(|part| !part.is_empty()).map(Into::into),
        );
    }
    let output = world.collector.run(&all.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Ok((output.status.success(), said))
}

#[tokio::test]
async fn our_own_command_checks_the_place_in_the_log_without_network() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let other = world.form().give("nieuwsbrief", "jan@voorbeeld.example").await?;
    let keys = world.keys().await?;
    let log_key = world.fetch(&format!("{}/key", log_of(&world)), "log.key.txt").await?;
    let (receipt, others) = (proven(&world, &given).await?, proven(&world, &other).await?);
    let (proof, anothers) = (receipt.with_extension("tlog-proof"), others.with_extension("tlog-proof"));
    let with =
        |proof| [("", receipt.as_path()), ("--keys", &keys), ("--log-key", &log_key), ("--proof", proof)];
    let (good, said) = verify(&world, &with(&proof)).await?;
    ensure!(good && said.contains("as entry 0 of 2"), "{said}");
    let (good, said) = verify(&world, &with(&anothers)).await?;
    ensure!(!good && said.contains("NOT VALID: the receipt is not at this place in the log"), "{said}");
    Ok(())
}

/// The owner has every key, puts an old copy of the store back, and lets history go another way from there.
#[tokio::test]
async fn an_owner_who_rewrites_history_is_found_out_by_a_checkpoint_that_somebody_kept() -> Result<()> {
    let mut world = World::start().await?;
    let log_key = world.fetch(&format!("{}/key", log_of(&world)), "log.key.txt").await?;
    world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    world.collector.stop().await?;
    let (data, old) = (world.collector.data(), world.collector.folder().join("old"));
    copy_folder(&data, &old)?;
    world.collector.serve().await?;
    let refused = world.form().give("nieuwsbrief", "jan@voorbeeld.example").await?;
    world.client.post_form(&refused.manage_url, &[("do", "withdraw_all")]).await?;
    let kept = world.fetch(&format!("{}/checkpoint", log_of(&world)), "kept.checkpoint").await?;
    world.form().give("nieuwsbrief", "els@voorbeeld.example").await?;
    let extension = format!("{}/extension/3", log_of(&world));
    let honest = world.fetch(&extension, "honest.txt").await?;
    let with =
        |extension| [("--checkpoint", kept.as_path()), ("--log-key", &log_key), ("--extension", extension)];
    let (good, said) = verify(&world, &with(&honest)).await?;
    ensure!(good && said.contains("has only grown since, from 3 to 4 entries"), "{said}");

    world.collector.stop().await?;
    std::fs::remove_dir_all(&data)?;
    copy_folder(&old, &data)?;
    world.collector.serve().await?;
    for person in ["kees", "mia", "bo"] {
        world.form().give("nieuwsbrief", &format!("{person}@voorbeeld.example")).await?;
    }
    let rewritten = world.fetch(&extension, "rewritten.txt").await?;
    let (good, said) = verify(&world, &with(&rewritten)).await?;
    ensure!(!good && said.contains("does NOT contain the log that was kept"), "{said}");
    let said = verifiers::log(&log_of(&world), &log_key, std::slice::from_ref(&kept)).await?;
    ensure!(said["refused"]["kept.checkpoint"] == "forked", "{said}");
    Ok(())
}

#[tokio::test]
async fn what_is_not_in_the_log_is_not_found() -> Result<()> {
    let world = World::start().await?;
    world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let log = log_of(&world);
    for place in [
        "tile/0/000",
        "tile/0/000.p/2",
        "tile/0/0.p/1",
        "tile/9/000",
        "tile/entries/001.p/1",
        "tile/../checkpoint",
        "other",
    ] {
        let answer = world.client.get(&format!("{log}/{place}")).await?;
        ensure!(answer.status == 404, "{place}: {}", answer.status);
    }
    let answer = world.client.get(&format!("{log}/tile/0/000.p/1")).await?;
    ensure!(answer.status == 200 && answer.body.len() == 32, "{}", answer.status);
    ensure!(
        answer.header("access-control-allow-origin") == "*"
            && answer.header("cross-origin-resource-policy") == "cross-origin"
    );
    let elsewhere = format!("{}/log/onbekend/checkpoint", world.collector.base());
    ensure!(world.client.get(&elsewhere).await?.status == 404);
    Ok(())
}
