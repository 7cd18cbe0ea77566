//! An imported person has every right and every proof of others.

use anyhow::{Context, Result, ensure};
use e2e::verifiers;
use serde_json::Value;

use super::{Lists, SOURCE, WORDS, days_ago};

const EVA: &str = "eva@voorbeeld.example";

/// The line of the only person on the list.
async fn listed(lists: &Lists) -> Result<Value> {
    let list = ["list", "kaas", "nieuwsbrief", "--data", &lists.data()];
    let said = lists.world.collector.must(&list).await?;
    Ok(serde_json::from_str(said.lines().next().context("no line")?)?)
}

#[tokio::test]
async fn their_own_page_says_where_they_come_from_and_stops_it() -> Result<()> {
    let mut lists = Lists::start().await?;
    let list =
        lists.file("list.csv", format!("email,date,reference\n{EVA},{},formulier-17\n", days_ago(9)))?;
    ensure!(lists.import(&list, &[]).await?.contains("1  imported"));
    let line = listed(&lists).await?;
    ensure!(line["email"] == EVA, "{line}");
    let manage = line["manage_url"].as_str().context("no link")?.to_owned();
    let page = lists.world.client.get(&manage).await?.text();
    for words in [SOURCE, "formulier-17", "Ik kan altijd stoppen.", "Waar uw gegevens vandaan komen"] {
        ensure!(page.contains(words), "the own page does not say {words}: {page}");
    }
    lists.world.withdraw_all(&manage).await?;
    ensure!(lists.stands(EVA).await? == ("withdrawn".into(), false));
    ensure!(lists.import(&list, &[]).await?.contains("1  stopped"), "a list outweighs a person");
    let page = lists.world.client.get(&manage).await?.text();
    ensure!(page.contains(SOURCE), "where the data comes from is forgotten with the consent");
    let data = lists.data();
    let erased = lists.world.collector.told(&["erase", "kaas", "--data", &data], EVA).await?;
    ensure!(erased.contains("erased: 1 records with 2 receipts"), "{erased}");
    ensure!(lists.world.client.get(&manage).await?.status == 404);
    lists.clean().await?;
    Ok(())
}

#[tokio::test]
async fn every_file_about_them_is_believed_by_others() -> Result<()> {
    let mut lists = Lists::start().await?;
    let rows = format!("email,date\n{EVA},{}\npiet@voorbeeld.example,\n", days_ago(9));
    let list = lists.file("list.csv", rows)?;
    let said = lists.import(&list, &[]).await?;
    ensure!(said.contains("1  imported") && said.contains("1  unproven"), "{said}");
    let manage = listed(&lists).await?["manage_url"].as_str().context("no link")?.to_owned();
    lists.world.withdraw_all(&manage).await?;
    let world = &lists.world;
    let whole = world.fetch(&format!("{manage}.bundle"), "history.vinkje.json").await?;
    let bundle: Value = serde_json::from_slice(&std::fs::read(&whole)?)?;
    ensure!(
        bundle["wordings"][0] == WORDS && bundle["wordings"].as_array().map(Vec::len) == Some(1),
        "{bundle}"
    );
    let lines = world.collector.folder().join("all.jsonl");
    let data = lists.data();
    let all = world.collector.must(&["bundle", "kaas", "--data", &data]).await?;
    std::fs::write(&lines, all)?;
    let keys = world.keys().await?.display().to_string();
    let log = format!("{}/log/kaas/key", world.collector.base());
    let log = world.fetch(&log, "log.key.txt").await?.display().to_string();
    let trust = ["--keys".to_owned(), keys, "--log-key".to_owned(), log];
    let judged = verifiers::bundles(&trust, &[whole.clone(), lines.clone()]).await?;
    for [python, node] in &judged {
        ensure!(python == node && python["accepted"].is_u64(), "{python} {node}");
    }
    for file in [&whole, &lines] {
        let file = file.display().to_string();
        let verify = [&["verify", "bundle", &file][..], &trust.each_ref().map(String::as_str)].concat();
        world.collector.must(&verify).await?;
    }
    // Other words than those that were signed are seen by everybody.
    let forged = world.collector.folder().join("forged.vinkje.json");
    let text = std::fs::read_to_string(&whole)?;
    std::fs::write(&forged, text.replace("Ik kan altijd stoppen", "Ik kan nooit stoppen"))?;
    let judged = verifiers::bundles(&trust, std::slice::from_ref(&forged)).await?;
    for said in judged.iter().flatten() {
        ensure!(said["refused"] == "wording_missing", "{said}");
    }
    let records = world.collector.export_records("kaas", "jsonld").await?;
    let mut files = Vec::new();
    for (number, record) in records.lines().enumerate() {
        files.push(world.collector.folder().join(format!("{number}.jsonld")));
        std::fs::write(&files[number], record)?;
    }
    let judged = verifiers::records(&files).await?;
    let mut states: Vec<&str> = judged
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|said| said["accepted"]["records"][0]["state"].as_str())
        .collect();
    // The rows of a list stand in the log in no order.
    states.sort_unstable();
    ensure!(states == ["ConsentGiven", "ConsentUnknown", "ConsentWithdrawn"], "{judged}");
    lists.clean().await?;
    Ok(())
}

#[tokio::test]
async fn the_words_that_were_shown_are_kept_at_an_address_of_their_own() -> Result<()> {
    let mut lists = Lists::start().await?;
    let list = lists.file("list.csv", format!("email,date\n{EVA},{}\n", days_ago(9)))?;
    lists.import(&list, &[]).await?;
    let records = lists.world.collector.export_records("kaas", "jsonld").await?;
    let record: Value = serde_json::from_str(records.lines().next().context("no record")?)?;
    let words = &record["dpv:hasRecordOfActivity"][0]["dpv:hasNotice"][0]["@id"];
    let words = words.as_str().context("no address")?.to_owned();
    let answer = lists.world.client.get(&words).await?;
    ensure!(answer.status == 200 && answer.text() == WORDS, "{words}: {} {}", answer.status, answer.text());
    let other = words.replace(&words[words.len() - 4..], "0000");
    ensure!(lists.world.client.get(&other).await?.status == 404);
    lists.clean().await?;
    Ok(())
}
