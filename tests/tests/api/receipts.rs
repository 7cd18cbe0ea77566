//! Receipts: one for each act, and who can check it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use e2e::submit::acknowledged;
use e2e::verifiers;
use e2e::world::World;
use serde_json::{Value, json};
use shared::Language;
use shared::refusal::Refusal;

use crate::{EMAIL, changed, check_problem, forged, whole};

#[tokio::test]
async fn a_retry_gets_the_same_receipt_and_other_answers_get_none() -> Result<()> {
    let world = World::start().await?;
    let first = whole(&world.form().offer("nl").await?)?;
    let answer = world.form().post(&first).await?;
    ensure!(answer.status == 201, "{}", answer.text());
    let events = world.events().await?;
    let retry = world.form().post(&first).await?;
    ensure!(retry.status == 200, "{}", retry.text());
    ensure!(acknowledged(&retry)? == acknowledged(&answer)?);
    let others = [
        changed(&first, |body| body["ticked"] = json!(["nieuwsbrief", "keuze"])),
        changed(&first, |body| body["ticked"] = json!([])),
        changed(&first, |body| body["contact"]["email"] = json!("piet@voorbeeld.example")),
    ];
    for other in others {
        let answer = world.form().post(&serde_json::from_slice(&other)?).await?;
        check_problem(&answer, 409, Refusal::AlreadyAnswered, Language::Nl)?;
    }
    ensure!(world.events().await? == events, "a retry was stored");
    Ok(())
}

#[tokio::test]
async fn a_receipt_verifies_with_our_command_and_with_a_library_that_we_did_not_write() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let keys = world.keys().await?;
    let receipt = world.fetch(&format!("{}.jws", given.receipt_url), "receipt.jws").await?;
    let (good, said) = verifiers::vinkje(&world.collector, &keys, &receipt).await?;
    ensure!(good, "vinkje verify refuses: {said}");
    let payload = verifiers::jose(&keys, &[&receipt]).await?.remove(0);
    ensure!(payload["receipt"] == given.receipt, "{payload}");
    ensure!(payload["decisions"][0]["decided"] == "given", "{payload}");
    ensure!(payload["decisions"][1]["decided"] == "not_given", "{payload}");
    let readable = world.client.get(&format!("{}.json", given.receipt_url)).await?;
    ensure!(readable.json()? == payload, "the readable file says something else");
    let notice = payload["notice"].as_str().context("no notice")?;
    let notice = world.client.get(&format!("{}/notice/{notice}", world.form().url())).await?;
    ensure!(notice.status == 200 && notice.text().contains("nieuwsbrief"), "the wording is not there");
    Ok(())
}

#[tokio::test]
async fn a_receipt_that_was_changed_does_not_verify() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let keys = world.keys().await?;
    let jws = world.client.get(&format!("{}.jws", given.receipt_url)).await?.text();
    let parts: Vec<&str> = jws.split('.').collect();
    let other = world.form().give("keuze", EMAIL).await?;
    let other = world.client.get(&format!("{}.jws", other.receipt_url)).await?.text();
    let other: Vec<&str> = other.split('.').collect();
    let changed = [
        forged(&jws),
        format!("{}.{}.{}", parts[0], other[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        String::new(),
    ];
    for text in changed {
        let file = world.collector.folder().join("changed.jws");
        std::fs::write(&file, &text)?;
        let (good, said) = verifiers::vinkje(&world.collector, &keys, &file).await?;
        ensure!(!good, "a changed receipt verifies: {said}");
        ensure!(verifiers::jose(&keys, &[&file]).await.is_err(), "jose takes a changed receipt");
    }
    Ok(())
}

#[tokio::test]
async fn receipts_of_a_running_collector_verify_in_python() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let taken_back = world.client.post_form(&given.manage_url, &[("do", "withdraw_all")]).await?;
    ensure!(taken_back.status == 303, "{}", taken_back.text());
    let page = world.client.get(&given.manage_url).await?.text();
    let links: BTreeSet<&str> = page.split('"').filter(|link| link.contains("/r/")).collect();
    ensure!(links.len() == 2, "expected a receipt for giving and one for taking back: {links:?}");
    let mut files = Vec::new();
    for link in &links {
        files.push(world.fetch(&format!("{link}.jws"), &format!("{}.jws", files.len())).await?);
    }
    let said = verifiers::python(&world.keys().await?, &files).await?;
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let jose = verifiers::jose(&world.keys().await?, &paths).await?;
    for (place, payload) in jose.iter().enumerate() {
        ensure!(said[place]["accepted"] == *payload, "{said}");
    }
    let acts: BTreeSet<_> = jose.iter().map(|payload| payload["act"].to_string()).collect();
    ensure!(acts.len() == 2, "both receipts are of one act: {acts:?}");
    // Another collector's keys do not do.
    let other = World::start().await?;
    let said = verifiers::python(&other.keys().await?, &files).await?;
    ensure!(said[0]["refused"] == "unknown_key" && said[1]["refused"] == "unknown_key", "{said}");
    Ok(())
}

#[tokio::test]
async fn python_judges_every_vector_as_we_do_and_for_the_same_reason() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let keys = folder.path().join("keys.json");
    let vectors: Value = serde_json::from_str(include_str!("../../../shared/vectors/receipts.json"))?;
    std::fs::write(&keys, vectors["keys"].to_string())?;
    let cases = vectors["cases"].as_array().context("no cases")?;
    let mut files = Vec::new();
    for case in cases {
        files.push(folder.path().join(files.len().to_string()));
        std::fs::write(files.last().context("no file")?, case["jws"].as_str().context("no text")?)?;
    }
    let said = verifiers::python(&keys, &files).await?;
    for (place, case) in cases.iter().enumerate() {
        let judged = said[place]["refused"].as_str().unwrap_or("accepted");
        ensure!(case["expected"] == judged, "{}: {judged} instead of {}", case["name"], case["expected"]);
    }
    let sets: Value = serde_json::from_str(include_str!("../../../shared/vectors/key_sets.json"))?;
    for case in sets.as_array().context("no sets")? {
        std::fs::write(&keys, case["set"].to_string())?;
        let accepted = verifiers::python(&keys, &[]).await? == json!([]);
        ensure!(case["accepted"] == accepted, "{}: accepted is {accepted}", case["name"]);
    }
    Ok(())
}
