//! What becomes of rows.

use anyhow::{Result, ensure};
use e2e::post::wait_for_link;
use e2e::submit::{acknowledged, answers, nonce};
use shared::ids::NoticeHash;

use super::{Lists, WORDS, days_ago};

/// What each row of [`every_kind`] becomes.
const FATES: [&str; 14] = [
    "imported",
    "repeated",
    "already_given",
    "stopped",
    "suppressed",
    "too_old",
    "date_ahead",
    "unproven",
    "date_invalid",
    "email_invalid",
    "email_missing",
    "reference_invalid",
    "cells_differ",
    "line_break",
];

const COLUMNS: [&str; 2] = ["--columns", "email=e-mail,date=Datum,reference=nummer"];

/// A row of every kind, with semicolons between its cells, about people of whom some are known.
async fn every_kind(lists: &Lists) -> Result<String> {
    let form = lists.world.form();
    form.give("nieuwsbrief", "given@voorbeeld.example").await?;
    let stopped = form.give("nieuwsbrief", "stopped@voorbeeld.example").await?;
    lists.world.withdraw_all(&stopped.manage_url).await?;
    form.give("nieuwsbrief", "gone@voorbeeld.example").await?;
    let erase = ["erase", "kaas", "--data", &lists.data()];
    let gone = lists.world.collector.told(&erase, "gone@voorbeeld.example").await?;
    ensure!(gone.contains("erased: 1 records"), "{gone}");
    let (recent, old, ahead) = (days_ago(100), days_ago(4_000), days_ago(-10));
    let list = format!(
        "Datum;E-mail;Nummer;Rest\n\
         {recent};new@voorbeeld.example;formulier-17;x\n\
         {recent}; NEW@voorbeeld.example ;formulier-18;x\n\
         {recent};given@voorbeeld.example;;x\n\
         {recent};stopped@voorbeeld.example;;x\n\
         {recent};gone@voorbeeld.example;;x\n\
         {old};old@voorbeeld.example;;x\n\
         {ahead};ahead@voorbeeld.example;;x\n\
         ;nodate@voorbeeld.example;;x\n\
         03-05-2026;bad@voorbeeld.example;;x\n\
         {recent};nobody;;x\n\
         {recent};;;x\n\
         {recent};ref@voorbeeld.example;192.0.2.7;x\n\
         {recent};few@voorbeeld.example\n\
         {recent};\"line\nbreak@voorbeeld.example\";;x\n"
    );
    lists.file("list.csv", list)
}

#[tokio::test]
async fn a_dry_run_says_the_fate_of_every_row_and_writes_nothing() -> Result<()> {
    let mut lists = Lists::start().await?;
    let file = every_kind(&lists).await?;
    let export = lists.world.collector.export("kaas").await?;
    let head = format!("{}/log/kaas/checkpoint", lists.world.collector.base());
    let before = lists.world.client.get(&head).await?.body;
    let report = lists.world.collector.folder().join("dry.csv").display().to_string();
    let said = lists.import(&file, &[&COLUMNS[..], &["--dry-run", "--report", &report]].concat()).await?;
    for (row, fate) in (2..).zip(FATES) {
        ensure!(said.contains(&format!("row {row}: {fate}\n")), "row {row} is not {fate}: {said}");
    }
    ensure!(said.contains("14  rows of list sha256-") && said.contains("nothing was written"), "{said}");
    ensure!(lists.report("dry.csv")? == FATES, "{:?}", lists.report("dry.csv")?);
    ensure!(lists.world.collector.export("kaas").await? == export, "a dry run made an event");
    ensure!(lists.world.client.get(&head).await?.body == before, "a dry run changed the log");
    ensure!(lists.stands("new@voorbeeld.example").await? == ("unknown".into(), false));

    // The same where no collector serves.
    lists.world.collector.stop().await?;
    let still = lists.import(&file, &[&COLUMNS[..], &["--dry-run"]].concat()).await?;
    ensure!(still == said, "serving or not, the answer is the same: {still}");
    ensure!(lists.world.collector.export("kaas").await? == export, "a dry run made an event");
    lists.world.collector.serve().await?;
    let words = NoticeHash::of(WORDS.as_bytes());
    let words = format!("{}/f/kaas/aanmelden/wording/{words}", lists.world.collector.base());
    ensure!(lists.world.client.get(&words).await?.status == 404, "a dry run kept the words");
    ensure!(lists.world.client.get(&head).await?.body == before, "a dry run changed the log");
    let clean = lists.clean().await?;
    ensure!(clean.starts_with("clean: 3 receipts of 2 people"), "{clean}");
    Ok(())
}

#[tokio::test]
async fn what_a_dry_run_says_is_what_is_done() -> Result<()> {
    let mut lists = Lists::start().await?;
    let file = every_kind(&lists).await?;
    let report = lists.world.collector.folder().join("real.csv").display().to_string();
    let arguments = [&COLUMNS[..], &["--report", &report]].concat();
    let real = lists.import(&file, &arguments).await?;
    ensure!(
        !real.contains("row 2") && real.contains("1  imported") && real.contains("1  unproven"),
        "{real}"
    );
    ensure!(lists.report("real.csv")? == FATES, "{:?}", lists.report("real.csv")?);
    ensure!(lists.refused(&file, &arguments).await?.contains("the report"), "a report was written over");
    for (person, state, answer) in [
        ("new", "given", true),
        ("given", "given", true),
        ("stopped", "withdrawn", false),
        ("gone", "unknown", false),
        ("old", "unknown", false),
        ("ahead", "unknown", false),
        ("nodate", "unproven", false),
        ("ref", "unknown", false),
    ] {
        let stands = lists.stands(&format!("{person}@voorbeeld.example")).await?;
        ensure!(stands == (state.into(), answer), "{person}: {stands:?}");
    }
    let clean = lists.clean().await?;
    ensure!(clean.starts_with("clean: 5 receipts of 4 people"), "{clean}");
    Ok(())
}

#[tokio::test]
async fn without_date_or_without_words_nothing_is_proven() -> Result<()> {
    let mut lists = Lists::start().await?;
    let none = lists.file("none.csv", "email\na@voorbeeld.example\n")?;
    ensure!(lists.import(&none, &[]).await?.contains("1  unproven"));
    let dated = lists.file("dated.csv", format!("email,date\nb@voorbeeld.example,{}\n", days_ago(9)))?;
    let data = lists.data();
    let bare = ["import", "kaas", &dated, "--purpose", "nieuwsbrief", "--source", "beurs", "--data", &data];
    ensure!(lists.world.collector.must(&bare).await?.contains("1  unproven"));
    let list = lists.world.collector.must(&["list", "kaas", "nieuwsbrief", "--data", &data]).await?;
    ensure!(list == "{\"end\":true,\"people\":0}\n", "{list}");
    // What proves something comes after all, and counts from the day that everybody signed.
    let both = lists.file("both.csv", "email\na@voorbeeld.example\nb@voorbeeld.example\n")?;
    ensure!(lists.import(&both, &["--obtained", &days_ago(9)]).await?.contains("2  imported"));
    ensure!(lists.import(&none, &[]).await?.contains("1  already_given"));
    let list = lists.world.collector.must(&["list", "kaas", "nieuwsbrief", "--data", &data]).await?;
    ensure!(list.contains("\"people\":2"), "{list}");
    lists.clean().await?;
    Ok(())
}

#[tokio::test]
async fn who_was_erased_comes_back_by_their_own_confirmation_only() -> Result<()> {
    let mut lists = Lists::start().await?;
    let eva = "eva@voorbeeld.example";
    lists.world.form().give("nieuwsbrief", eva).await?;
    let data = lists.data();
    lists.world.collector.told(&["erase", "kaas", "--data", &data], eva).await?;
    let list = lists.file("list.csv", format!("email,date\n{eva},{}\n", days_ago(1)))?;
    ensure!(lists.import(&list, &[]).await?.contains("1  suppressed"));
    // A form that asks nobody to confirm asks her all the same; until she does, no list brings her back either.
    let body = answers(&lists.world.form().offer("nl").await?, &nonce()?, &["nieuwsbrief"], eva);
    acknowledged(&lists.world.form().post(&body).await?)?;
    ensure!(lists.stands(eva).await? == ("requested".into(), false));
    ensure!(lists.import(&list, &[]).await?.contains("1  suppressed"));
    // Nor does a program with a key: what it can ask for changes nothing about her.
    ensure!(lists.stands(eva).await? == ("requested".into(), false));
    let letter = wait_for_link(&lists.world.collector.mail(), "/c/").await?;
    let answer = lists.world.client.post_form(&letter.link("/c/")?, &[("do", "yes")]).await?;
    ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    ensure!(lists.stands(eva).await? == ("given".into(), true));
    ensure!(lists.import(&list, &[]).await?.contains("1  already_given"));
    lists.clean().await?;
    Ok(())
}
