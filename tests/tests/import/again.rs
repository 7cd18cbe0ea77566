//! The same list more than once, and a kill half-way.

use anyhow::{Context, Result, ensure};
use e2e::until::{PATIENCE_SECONDS, until};
use tokio::process::Command;

use super::{Lists, SOURCE, days_ago};

const PEOPLE: usize = 8_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_killed_half_way_and_taken_over_again_has_everybody_once() -> Result<()> {
    let mut lists = Lists::start().await?;
    let day = days_ago(30);
    let rows: String = (0..PEOPLE).map(|person| format!("p{person}@voorbeeld.example,{day}\n")).collect();
    let list = lists.file("list.csv", format!("email,date\n{rows}"))?;
    let (data, words) = (lists.data(), lists.words.display().to_string());
    let mut importing = Command::new(e2e::settings::collector_binary()?)
        .args(["import", "kaas", &list, "--purpose", "nieuwsbrief", "--source", SOURCE])
        .args(["--wording", &words, "--data", &data])
        .kill_on_drop(true)
        .spawn()?;
    let head = format!("{}/log/kaas/checkpoint", lists.world.collector.base());
    let size = async || {
        let text = lists.world.client.get(&head).await?.text();
        let size = text.lines().nth(1).and_then(|line| line.parse::<usize>().ok());
        Ok(size.filter(|size| *size > 500))
    };
    until("some of the list to be stored", PATIENCE_SECONDS, size).await?;
    lists.world.collector.kill().await?;
    let ended = importing.wait().await?;
    ensure!(!ended.success(), "it says that all is done, and the collector was killed");
    lists.world.collector.serve().await?;
    let before = lists.world.events().await?.len();
    ensure!(before < PEOPLE, "the kill came too late to show anything");

    let said = lists.import(&list, &[]).await?;
    ensure!(said.contains(&format!("{}  imported", PEOPLE - before)), "{before} before: {said}");
    ensure!(said.contains(&format!("{before}  already_given")), "{before} before: {said}");
    let once = lists.world.events().await?;
    ensure!(once.len() == PEOPLE, "{}", once.len());
    ensure!(lists.import(&list, &[]).await?.contains(&format!("{PEOPLE}  already_given")));
    ensure!(lists.world.events().await? == once, "taking it over once more made another event");
    let clean = lists.clean().await?;
    ensure!(clean.starts_with(&format!("clean: {PEOPLE} receipts of {PEOPLE} people")), "{clean}");
    Ok(())
}

#[tokio::test]
async fn a_list_is_taken_over_by_a_collector_that_stands_still_as_well() -> Result<()> {
    let mut lists = Lists::start().await?;
    lists.world.collector.stop().await?;
    let day = days_ago(30);
    let rows: String = (0..600).map(|person| format!("p{person}@voorbeeld.example,{day}\n")).collect();
    let list = lists.file("list.csv", format!("email,date\n{rows}"))?;
    ensure!(lists.import(&list, &[]).await?.contains("600  imported"));
    lists.world.collector.serve().await?;
    ensure!(lists.import(&list, &[]).await?.contains("600  already_given"));
    let event: serde_json::Value =
        serde_json::from_str(lists.world.events().await?.first().context("no event")?)?;
    ensure!(
        event["event"] == "given" && event["at"].as_str().is_some_and(|at| !at.starts_with(&day)),
        "{event}"
    );
    lists.clean().await?;
    Ok(())
}
