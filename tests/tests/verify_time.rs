//! What judging evidence takes in a browser, beside our command on the same files in the same run.
//!
//! In scope: the time of the judgement itself, and from giving a file until its answer is drawn. Out of scope: loading the page;
//! sizes (`cargo xtask budget`).
//!
//! Invariant: the least of several runs counts, since whatever else the machine does only adds to a run.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use e2e::judge::Judge;
use e2e::submit::hidden;
use e2e::world::{ORGANISATION, World};

/// Milliseconds in which a browser judges the evidence of one receipt, once the page is there.
const JUDGED_MAX: f64 = 50.0;
/// Runs of each.
const RUNS: usize = 15;

/// The last of the page's own times, and from giving to drawn.
const TIMES: &str = "(()=>{const last=name=>performance.getEntriesByName(name).at(-1);\
    return[last('vinkje-judge').duration,last('vinkje-drawn').startTime-last('vinkje-given').startTime]})()";

/// A name for people, and the milliseconds of browser (judging, until drawn) and command.
struct Row {
    what: &'static str,
    judged: f64,
    drawn: f64,
    command: f64,
}

async fn measure(world: &World, judge: &Judge, what: &'static str, file: &Path) -> Result<Row> {
    let name = file.display().to_string();
    let mut row = Row { what, judged: f64::INFINITY, drawn: f64::INFINITY, command: f64::INFINITY };
    for _ in 0..RUNS {
        let shown = judge.judged(&[file]).await?;
        ensure!(shown.verdict == "open", "{what}: {shown:?}");
        let times = judge.page.eval(TIMES).await?;
        let time = |at: usize| times[at].as_f64().context("no time");
        (row.judged, row.drawn) = (row.judged.min(time(0)?), row.drawn.min(time(1)?));
        row.command = row.command.min(command(world, &["verify", "bundle", &name]).await?);
    }
    Ok(row)
}

async fn command(world: &World, arguments: &[&str]) -> Result<f64> {
    let started = Instant::now();
    world.collector.must(arguments).await?;
    Ok(started.elapsed().as_secs_f64() * 1000.0)
}

#[tokio::test]
async fn a_browser_judges_a_receipt_before_anybody_notices() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    for _ in 0..49 {
        world.client.post_form(&given.manage_url, &[("do", "withdraw_all")]).await?;
        let page = world.client.get(&given.manage_url).await?.text();
        let again = [("do", "give"), ("purpose", "nieuwsbrief"), ("offer", hidden(&page, "offer")?)];
        world.client.post_form(&given.manage_url, &again).await?;
    }
    world.crowd(900, 16, |person| format!("p{person}@voorbeeld.example")).await?;
    let receipt = world.fetch(&format!("{}.bundle", given.receipt_url), "receipt.vinkje.json").await?;
    let history = world.fetch(&format!("{}.bundle", given.manage_url), "history.vinkje.json").await?;
    let data = world.collector.data().display().to_string();
    let all = world.collector.folder().join("kaas.vinkje.jsonl");
    std::fs::write(&all, world.collector.must(&["bundle", ORGANISATION, "--data", &data]).await?)?;
    let judge = Judge::open(&format!("{}/verify?lang=en", world.collector.base())).await?;
    let mut rows = Vec::new();
    for (what, file) in
        [("one receipt", &receipt), ("a person, 99 receipts", &history), ("all, 999 receipts", &all)]
    {
        rows.push(measure(&world, &judge, what, file).await?);
    }
    let mut start = f64::INFINITY;
    for _ in 0..RUNS {
        start = start.min(command(&world, &["--version"]).await?);
    }
    println!(
        "{:<24} {:>14} {:>14} {:>14}",
        "ms, least of 15", "browser judges", "until drawn", "our command"
    );
    for Row { what, judged, drawn, command } in &rows {
        println!("{what:<24} {judged:>14.1} {drawn:>14.1} {command:>14.1}");
    }
    println!("our command does nothing {start:>44.1}");
    let judged = rows[0].judged;
    ensure!(judged <= JUDGED_MAX, "judging one receipt took {judged:.1} ms, more than {JUDGED_MAX}");
    Ok(())
}
