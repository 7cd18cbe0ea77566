//! What staff do for people on the command line: answer what held on a date, and erase.
//!
//! In scope: the built commands, with and without a serving collector. Out of scope: every state and term (the collector's own
//! tests).

use anyhow::{Context, Result, ensure};
use e2e::world::World;
use serde_json::Value;

const EVA: &str = "eva@voorbeeld.example";
const PIET: &str = "piet@voorbeeld.example";

async fn may(world: &World, more: &[&str], people: &str) -> Result<Vec<Value>> {
    let data = world.collector.data().display().to_string();
    let arguments = [&["may", "kaas", "nieuwsbrief", "--data", &data], more].concat();
    let said = world.collector.told(&arguments, people).await?;
    ensure!(!said.contains('@'), "an answer names somebody: {said}");
    said.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

async fn erase(world: &World, people: &str) -> Result<String> {
    let data = world.collector.data().display().to_string();
    let said = world.collector.told(&["erase", "kaas", "--data", &data], people).await?;
    ensure!(!said.contains('@'), "an answer names somebody: {said}");
    Ok(said)
}

#[tokio::test]
async fn staff_learn_what_held_and_why() -> Result<()> {
    let mut world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EVA).await?;
    let people = format!("{EVA}\n\nnot an address\n{PIET}\n{}\n", given.manage_url);
    let serving = may(&world, &[], &people).await?;
    world.collector.stop().await?;
    let alone = may(&world, &[], &people).await?;
    for answers in [&serving, &alone] {
        let lines: Vec<_> = answers.iter().map(|answer| answer["line"].as_u64()).collect();
        ensure!(lines == [Some(1), Some(3), Some(4), Some(5)], "{answers:?}");
        ensure!(answers[0]["answer"] == true && answers[0]["state"] == "given", "{answers:?}");
        ensure!(answers[0]["because"]["receipt"] == *given.receipt, "{answers:?}");
        ensure!(answers[0]["because"]["receipt_url"] == *given.receipt_url, "{answers:?}");
        ensure!(answers[1]["error"].is_string() && answers[1].get("answer").is_none(), "{answers:?}");
        ensure!(answers[2]["answer"] == false && answers[2]["state"] == "unknown", "{answers:?}");
        ensure!(answers[3]["state"] == "given", "{answers:?}");
    }
    let before = may(&world, &["--at", "2020-01-01"], EVA).await?;
    ensure!(before[0]["state"] == "unknown", "{before:?}");
    let later = may(&world, &["--at", "2037-01-01T12:00:00Z"], EVA).await?;
    ensure!(later[0]["state"] == "expired" && later[0]["answer"] == false, "{later:?}");
    let other = may(&world, &["--version", "9"], EVA).await?;
    ensure!(other[0]["state"] == "given_to_other_version" && other[0]["answer"] == false, "{other:?}");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_with_the_next_step() -> Result<()> {
    let world = World::start().await?;
    let data = world.collector.data().display().to_string();
    for (arguments, words) in [
        (vec!["may", "kaas", "alles", "--data", &data], "nieuwsbrief"),
        (vec!["may", "worst", "nieuwsbrief", "--data", &data], "no such organisation"),
        (vec!["erase", "worst", "--data", &data], "no such organisation"),
        (vec!["may", "kaas", "nieuwsbrief", "--at", "gisteren", "--data", &data], "2026-05-03"),
    ] {
        let error = world.collector.told(&arguments, EVA).await.err().context("it was done")?;
        ensure!(format!("{error:#}").contains(words), "{arguments:?}: {error:#}");
    }
    let nobody = world.collector.told(&["erase", "kaas", "--data", &data], "\n").await;
    ensure!(nobody.is_err(), "nobody was erased, and that is called done");
    Ok(())
}

#[tokio::test]
async fn a_person_who_asks_is_erased_while_the_collector_serves() -> Result<()> {
    let mut world = World::start().await?;
    let eva = world.form().give("nieuwsbrief", EVA).await?;
    let piet = world.form().give("nieuwsbrief", PIET).await?;
    let proof = world.fetch(&format!("{}.tlog-proof", piet.receipt_url), "piet.tlog-proof").await?;
    let said = erase(&world, &format!("{EVA}\n{EVA}\n")).await?;
    ensure!(said.contains("line 1: 1 records, 1 receipts\nline 2: 0 records, 0 receipts\n"), "{said}");
    for url in [&eva.manage_url, &eva.receipt_url, &format!("{}.jws", eva.receipt_url)] {
        let answer = world.client.get(url).await?;
        ensure!(answer.status == 404, "{url}: {}", answer.status);
    }
    ensure!(world.events().await?.iter().all(|event| !event.contains(&eva.receipt)), "still exported");
    // Everybody else's proof holds, against the checkpoint from before and that of now.
    let (jws, keys) =
        (world.fetch(&format!("{}.jws", piet.receipt_url), "piet.jws").await?, world.keys().await?);
    let key = world.fetch(&format!("{}/log/kaas/key", world.collector.base()), "log.vkey").await?;
    let again = world.fetch(&format!("{}.tlog-proof", piet.receipt_url), "again.tlog-proof").await?;
    for proof in [&proof, &again] {
        let files = [&jws, &keys, proof, &key].map(|file| file.display().to_string());
        let [jws, keys, proof, key] = files.each_ref().map(String::as_str);
        let verify = ["verify", jws, "--keys", keys, "--proof", proof, "--log-key", key];
        ensure!(world.collector.must(&verify).await?.contains("in the log"), "the proof no longer holds");
    }
    world.collector.stop().await?;
    let data = world.collector.data().display().to_string();
    let compacted = world.collector.must(&["compact", "--data", &data]).await?;
    ensure!(compacted.starts_with("compacted: "), "{compacted}");
    let checked = world.collector.must(&["fsck", "--data", &data]).await?;
    ensure!(checked.starts_with("clean: 1 receipts of 1 people"), "{checked}");
    world.collector.serve().await?;
    ensure!(world.client.get(&piet.manage_url).await?.status == 200);
    Ok(())
}
