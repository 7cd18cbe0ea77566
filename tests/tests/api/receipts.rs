//! Receipts: one for each act, and who can check it.

use anyhow::{Context, Result, ensure};
use e2e::submit::acknowledged;
use e2e::verifiers;
use e2e::world::World;
use serde_json::json;
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
