//! No more advertising at all: an objection beats every purpose and every later list, until its owner agrees anew (Art. 21).
//!
//! In scope: the built collector, from the own page and from behind a stop link, and what others judge of the receipts. Out of scope:
//! every order of acts (the collector's own tests).

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::post::wait_for_link;
use e2e::submit::{acknowledged, answers, nonce};
use e2e::verifiers;
use e2e::world::{World, vinkje};
use serde_json::Value;

const EVA: &str = "eva@voorbeeld.example";

async fn state(world: &World, purpose: &str) -> Result<String> {
    let data = world.collector.data().display().to_string();
    let said = world.collector.told(&["may", "kaas", purpose, "--data", &data], EVA).await?;
    let answer: Value = serde_json::from_str(said.trim())?;
    ensure!((answer["state"] == "given") == (answer["answer"] == true), "{answer}");
    Ok(answer["state"].as_str().context("no state")?.to_owned())
}

async fn import(world: &World, purpose: &str) -> Result<String> {
    let list = world.collector.folder().join("list.csv");
    let words = world.collector.folder().join("words.txt");
    std::fs::write(&list, format!("email\n{EVA}\n"))?;
    std::fs::write(&words, "Ja graag.")?;
    let (list, words) = (list.display().to_string(), words.display().to_string());
    let day = ["--obtained", "2026-01-01", "--wording", &words];
    let usual = ["import", "kaas", &list, "--purpose", purpose, "--source", "beurs"];
    vinkje(world, &[&usual[..], &day].concat()).await
}

#[tokio::test]
async fn an_objection_beats_every_purpose_and_every_list_until_a_fresh_yes_for_one() -> Result<()> {
    let mut world = World::start().await?;
    let first = world.form().give("nieuwsbrief", EVA).await?;
    let second = world.form().give("keuze", EVA).await?;
    let page = Page::open().await?;
    page.go(&first.manage_url).await?;
    page.click(".object button").await?;
    page.until("what was done", "text().includes('Gedaan: geen reclame meer.')").await?;
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    for purpose in ["nieuwsbrief", "keuze", "post"] {
        ensure!(state(&world, purpose).await? == "objected", "{purpose}: {}", state(&world, purpose).await?);
    }
    let list = vinkje(&world, &["list", "kaas", "keuze"]).await?;
    ensure!(list == "{\"end\":true,\"people\":0}\n", "{list}");
    for purpose in ["nieuwsbrief", "keuze"] {
        ensure!(import(&world, purpose).await?.contains("1  objected"), "a list outweighs an objection");
    }
    let other = world.client.get(&second.manage_url).await?.text();
    ensure!(other.contains("U wilt geen reclame meer."), "it counts for one of her links only");
    let before = world.events().await?.len();
    world.client.post_form(&first.manage_url, &[("do", "object")]).await?;
    ensure!(world.events().await?.len() == before, "pressing once more made another event");

    // The form asks nobody to confirm, and asks her; then it counts for what she ticked and nothing else.
    let body = answers(&world.form().offer("nl").await?, &nonce()?, &["nieuwsbrief"], EVA);
    acknowledged(&world.form().post(&body).await?)?;
    ensure!(state(&world, "nieuwsbrief").await? == "objected", "a tick of anybody outweighs an objection");
    let letter = wait_for_link(&world.collector.mail(), "/c/").await?;
    let answer = world.client.post_form(&letter.link("/c/")?, &[("do", "yes")]).await?;
    ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    ensure!(state(&world, "nieuwsbrief").await? == "given" && state(&world, "keuze").await? == "objected");
    ensure!(import(&world, "nieuwsbrief").await?.contains("1  already_given"));
    ensure!(import(&world, "keuze").await?.contains("1  objected"));
    let list = vinkje(&world, &["list", "kaas", "nieuwsbrief"]).await?;
    ensure!(list.contains("\"people\":1"), "{list}");
    judged(&world, &first.manage_url).await?;
    world.collector.stop().await?;
    let checked = vinkje(&world, &["fsck"]).await?;
    ensure!(checked.starts_with("clean"), "{checked}");
    ensure!(!world.collector.said()?.contains('@'), "the log names somebody");
    Ok(())
}

/// All that she did is believed by our own command and by two that share no code with it, and her record is one that others read.
async fn judged(world: &World, manage_url: &str) -> Result<()> {
    let bundle = world.fetch(&format!("{manage_url}.bundle"), "history.vinkje.json").await?;
    let keys = world.keys().await?.display().to_string();
    let log = format!("{}/log/kaas/key", world.collector.base());
    let log = world.fetch(&log, "log.key.txt").await?.display().to_string();
    let trust = ["--keys".to_owned(), keys, "--log-key".to_owned(), log];
    let said = verifiers::bundles(&trust, std::slice::from_ref(&bundle)).await?;
    for said in said.iter().flatten() {
        ensure!(said["accepted"] == 2, "{said}");
    }
    let file = bundle.display().to_string();
    let verify = [&["verify", "bundle", &file][..], &trust.each_ref().map(String::as_str)].concat();
    world.collector.must(&verify).await?;
    let mut files = Vec::new();
    for (number, record) in world.collector.export_records("kaas", "jsonld").await?.lines().enumerate() {
        files.push(world.collector.folder().join(format!("{number}.jsonld")));
        std::fs::write(&files[number], record)?;
    }
    let said = verifiers::records(&files).await?;
    let accepted = said.as_array().into_iter().flatten().filter(|one| one["accepted"].is_object()).count();
    ensure!(accepted == files.len() && accepted > 3, "{said}");
    Ok(())
}

#[tokio::test]
async fn a_stop_link_objects_by_a_press_and_never_by_a_look() -> Result<()> {
    let mut world = World::start().await?;
    world.form().give("nieuwsbrief", EVA).await?;
    let list = vinkje(&world, &["list", "kaas", "nieuwsbrief"]).await?;
    let line: Value = serde_json::from_str(list.lines().next().context("no line")?)?;
    let stop = line["unsubscribe_url"].as_str().context("no stop link")?;
    for method in ["GET", "HEAD"] {
        ensure!(world.client.send(method, stop, &[], String::new()).await?.status == 200);
    }
    ensure!(state(&world, "nieuwsbrief").await? == "given", "looking at a page objected");
    let page = world.client.get(stop).await?.text();
    ensure!(page.contains("Geen reclame meer") && page.contains("value=\"object\""), "{page}");
    let answer = world.client.post_form(stop, &[("do", "object")]).await?;
    ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    ensure!(state(&world, "nieuwsbrief").await? == "objected" && state(&world, "keuze").await? == "objected");
    // Done behind her back, by somebody to whom the mail was forwarded? Its letter undoes it for what stood.
    let letter = wait_for_link(&world.collector.mail(), "/b/").await?;
    let undone = world.client.post_form(&letter.link("/b/")?, &[("do", "yes")]).await?;
    ensure!(undone.status == 303, "{} {}", undone.status, undone.text());
    ensure!(state(&world, "nieuwsbrief").await? == "given" && state(&world, "keuze").await? == "objected");
    // Erasing her forgets the rest, and what she said against advertising stays.
    let data = world.collector.data().display().to_string();
    world.collector.told(&["erase", "kaas", "--data", &data], EVA).await?;
    ensure!(state(&world, "nieuwsbrief").await? == "objected");
    ensure!(import(&world, "nieuwsbrief").await?.contains("1  suppressed"));
    world.collector.stop().await?;
    let checked = vinkje(&world, &["fsck"]).await?;
    ensure!(checked.starts_with("clean"), "{checked}");
    Ok(())
}

#[tokio::test]
async fn who_typed_somebody_elses_address_objects_for_nobody() -> Result<()> {
    let confirms = e2e::collector::Setup { confirms: true, ..Default::default() };
    let world = World::start_with(confirms).await?;
    let typed = world.form().give("nieuwsbrief", EVA).await?;
    let page = world.client.get(&typed.manage_url).await?.text();
    ensure!(!page.contains("value=\"object\""), "the page offers it");
    let answer = world.client.post_form(&typed.manage_url, &[("do", "object")]).await?;
    ensure!(answer.status == 409 || answer.status == 422, "{} {}", answer.status, answer.text());
    ensure!(
        state(&world, "nieuwsbrief").await? == "requested" && state(&world, "keuze").await? == "not_given"
    );
    Ok(())
}
