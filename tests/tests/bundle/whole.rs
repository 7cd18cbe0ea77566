//! The bundle of a whole organisation: a line for each entry of its log.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::verifiers;
use e2e::world::{ORGANISATION, World};
use serde_json::Value;
use shared::bundle::{Line, Lines, Trust};

use crate::forge::Owner;
use crate::{Known, ours};

/// What can be done to the lines, and for which reason they must then be refused.
fn cases(text: &str) -> Vec<(&'static str, String, &'static str)> {
    let lines: Vec<&str> = text.lines().collect();
    let receipts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("{\"receipt")).collect();
    let erased = lines.iter().position(|line| line.starts_with("{\"erased")).unwrap_or_default();
    let without = |gone: usize| {
        let rest = lines.iter().enumerate().filter(|(at, _)| *at != gone);
        rest.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    let swapped = |one: usize, other: usize| {
        let mut lines = lines.clone();
        lines.swap(one, other);
        lines.join("\n") + "\n"
    };
    let (one, last) = (receipts[0], receipts[receipts.len() - 1]);
    vec![
        ("a receipt left out", without(one), "log_differs"),
        ("the last receipt left out", without(last), "log_differs"),
        ("an erased entry left out", without(erased), "log_differs"),
        ("a receipt twice", format!("{text}{}\n", lines[last]), "log_differs"),
        ("receipts in another order", swapped(one, last), "log_differs"),
        ("the wording left out", without(1), "wording_missing"),
        ("a changed word", text.replacen("nieuws", "reclame", 1), "wording_missing"),
        ("a wording twice", text.replacen(lines[1], &format!("{0}\n{0}", lines[1]), 1), "wording_unused"),
        ("an empty line", format!("{text}\n"), "not_json"),
        ("a space", text.replacen("{\"receipt\":", "{\"receipt\": ", 1), "not_canonical"),
        ("another line", format!("{text}{{\"hello\":1}}\n"), "not_a_bundle"),
        ("no first line", without(0), "not_a_bundle"),
    ]
}

#[tokio::test]
async fn a_whole_organisation_is_its_log_line_by_line_and_nothing_can_be_left_out() -> Result<()> {
    let mut world = World::start().await?;
    let data = world.collector.data().display().to_string();
    let first = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let gone = world.form().give("nieuwsbrief", "jan@voorbeeld.example").await?;
    world.client.post_form(&first.manage_url, &[("do", "withdraw_all")]).await?;
    world.form().give("nieuwsbrief", "els@voorbeeld.example").await?;
    world
        .collector
        .told(&["erase", ORGANISATION, "--data", &data], &format!("{}\n", gone.manage_url))
        .await?;
    let command = ["bundle", ORGANISATION, "--data", &data];
    let text = world.collector.must(&command).await?;
    ensure!(!text.contains("eva@") && !text.contains("jan@"), "contact data in a bundle");
    ensure!(!text.contains(&gone.receipt), "an erased receipt in a bundle");
    let known = Known::of(&world).await?;
    let folder = world.collector.folder();
    let good = folder.join("good.vinkje.jsonl");
    std::fs::write(&good, &text)?;
    let (trust, mut files) = (known.arguments(None), vec![good]);
    ensure!(ours(&world, &trust, &files[0]).await?.is_none(), "we refuse a real bundle");
    let cases = cases(&text);
    for (number, (name, changed, _)) in cases.iter().enumerate() {
        ensure!(*changed != text, "{name} changes nothing");
        files.push(folder.join(format!("{number:02}.vinkje.jsonl")));
        std::fs::write(&files[number + 1], changed)?;
    }
    let theirs = verifiers::bundles(&trust, &files).await?;
    ensure!(theirs[0].iter().all(|said| said["accepted"] == 4), "a real bundle is refused: {:?}", theirs[0]);
    for (((name, _, code), file), [python, node]) in cases.iter().zip(&files[1..]).zip(&theirs[1..]) {
        let ours = ours(&world, &trust, file).await?.map_or(Value::Null, Value::from);
        let all = [&ours, &python["refused"], &node["refused"]];
        ensure!(all.iter().all(|said| **said == *code), "{name}: expected {code}, all say {all:?}");
    }
    println!("{} changed bundles of an organisation refused by three", cases.len());
    world.collector.stop().await?;
    ensure!(
        world.collector.must(&command).await? == text,
        "the command says something else when nobody serves"
    );
    summary(&text)
}

/// The same judge without the command.
fn summary(text: &str) -> Result<()> {
    let mut lines = text.lines();
    let begin = Lines::begin(lines.next().context("no line")?.as_bytes(), &Trust::default());
    let mut judge = begin.map_err(|fault| anyhow::anyhow!("{}", fault.code()))?;
    for line in lines {
        serde_json::from_str::<Line>(line)?;
        judge.line(line.as_bytes()).map_err(|fault| anyhow::anyhow!("{}", fault.code()))?;
    }
    let summary = judge.finish().map_err(|fault| anyhow::anyhow!("{}", fault.code()))?;
    ensure!((summary.receipts, summary.erased, summary.notices) == (3, 1, 1), "{summary:?}");
    Ok(())
}

#[tokio::test]
async fn a_head_that_was_kept_counts_for_a_whole_organisation_too() -> Result<()> {
    let world = World::start().await?;
    for person in ["eva", "jan"] {
        world.form().give("nieuwsbrief", &format!("{person}@voorbeeld.example")).await?;
    }
    let head = format!("{}/log/{ORGANISATION}/checkpoint", world.collector.base());
    let kept = world.fetch(&head, "kept.txt").await?;
    world.form().give("nieuwsbrief", "els@voorbeeld.example").await?;
    let data = world.collector.data().display().to_string();
    let file = world.collector.folder().join("kaas.vinkje.jsonl");
    std::fs::write(&file, world.collector.must(&["bundle", ORGANISATION, "--data", &data]).await?)?;
    // With all keys in hand, the owner signs another past of the same size.
    let text = std::fs::read_to_string(&kept)?;
    let origin = text.lines().next().context("no name")?;
    let other = format!("{origin}\n2\n{}\n", STANDARD.encode([7; 32]));
    let past = world.collector.folder().join("past.txt");
    std::fs::write(&past, Owner::read(&world.collector.data())?.head(origin, &other))?;
    let known = Known::of(&world).await?;
    for (kept, code) in [(&kept, Value::Null), (&past, "forked".into())] {
        let own = known.arguments(Some(("--checkpoint", kept)));
        let ours = ours(&world, &own, &file).await?.map_or(Value::Null, Value::from);
        let theirs =
            verifiers::bundles(&known.arguments(Some(("--kept", kept))), std::slice::from_ref(&file)).await?;
        let all = [&ours, &theirs[0][0]["refused"], &theirs[0][1]["refused"]];
        ensure!(all.iter().all(|said| **said == code), "expected {code}, all say {all:?}");
    }
    Ok(())
}
