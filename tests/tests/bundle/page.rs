//! The page `/verify` beside the command: each file gets the same sentences, step by step, in a browser.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use e2e::judge::{Judge, Shown};
use e2e::world::{ORGANISATION, World};

use crate::{Known, real};

/// What the command says: the sentence above all, and every line of a step.
async fn ours(world: &World, language: &str, trust: &[String], file: &Path) -> Result<(String, Vec<String>)> {
    let file = file.display().to_string();
    let mut all = vec!["verify", "bundle", &file, "--lang", language];
    all.extend(trust.iter().map(String::as_str));
    let output = world.collector.run(&all).await?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let sentence = said.lines().next().unwrap_or_default().to_owned();
    let step = |line: &&str| ["ok  ", "--  ", "NO  "].iter().any(|mark| line.starts_with(mark));
    Ok((sentence, said.lines().filter(step).map(str::to_owned).collect()))
}

fn same(name: &str, shown: &Shown, said: &(String, Vec<String>)) -> Result<()> {
    ensure!(shown.sentence == said.0, "{name}: the page says {:?}, the command {:?}", shown.sentence, said.0);
    ensure!(shown.steps == said.1, "{name}: the page says {:#?}, the command {:#?}", shown.steps, said.1);
    Ok(())
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join(name);
    std::fs::write(&file, bytes)?;
    Ok(file)
}

async fn open(world: &World, language: &str) -> Result<Judge> {
    Judge::open(&format!("{}/verify?lang={language}", world.collector.base())).await
}

#[tokio::test]
async fn the_page_says_of_every_changed_bundle_what_the_command_says() -> Result<()> {
    let world = World::start().await?;
    let (given, kept) = real(&world).await?;
    let known = Known::of(&world).await?;
    let folder = world.collector.folder().join("page");
    let pages = [("nl", open(&world, "nl").await?), ("en", open(&world, "en").await?)];
    for (_, page) in &pages {
        page.choose(&[&known.keys, &known.log_key]).await?;
    }
    let mut files = Vec::new();
    for (number, case) in given.cases().iter().enumerate() {
        files.push((case.name, case.code, write(&folder, &format!("{number:02}.vinkje.json"), &case.bytes)?));
    }
    let trust = known.arguments(None);
    for (at, (name, code, file)) in files.iter().enumerate() {
        let (language, page) = &pages[at % 2];
        let shown = page.judged(&[file]).await?;
        ensure!(
            shown.verdict == "fails" && shown.codes.first().is_some_and(|said| said == code),
            "{name}: {shown:?}"
        );
        same(name, &shown, &ours(&world, language, &trust, file).await?)?;
    }
    let trust = known.arguments(Some(("--checkpoint", &kept)));
    for (number, case) in given.forks()?.iter().enumerate() {
        let file = write(&folder, &format!("fork-{number}.vinkje.json"), &case.bytes)?;
        let (language, page) = &pages[number % 2];
        let shown = page.judged(&[&kept, &file]).await?;
        ensure!(shown.codes == [case.code], "{}: {shown:?}", case.name);
        same(case.name, &shown, &ours(&world, language, &trust, &file).await?)?;
    }
    println!("{} changed bundles and 2 forks: the page says what the command says", files.len());
    ensure!(files.len() >= 40, "{}", files.len());
    Ok(())
}

#[tokio::test]
async fn real_evidence_holds_on_the_page_as_far_as_the_command_says() -> Result<()> {
    let world = World::start().await?;
    let (given, kept) = real(&world).await?;
    let known = Known::of(&world).await?;
    let folder = world.collector.folder().join("page");
    let data = world.collector.data().display().to_string();
    let one = world.form().give("nieuwsbrief", "piet@voorbeeld.example").await?;
    let receipt = world.client.get(&format!("{}.bundle", one.receipt_url)).await?.body;
    let all = world.collector.must(&["bundle", ORGANISATION, "--data", &data]).await?;
    let files = [
        write(&folder, "receipt.vinkje.json", &receipt)?,
        write(&folder, "history.vinkje.json", &given.real.to_bytes())?,
        write(&folder, "kaas.vinkje.jsonl", all.as_bytes())?,
    ];
    for language in ["nl", "en"] {
        let page = open(&world, language).await?;
        for file in &files {
            let shown = page.judged(&[file]).await?;
            ensure!(shown.verdict == "open", "{file:?} by its own keys: {shown:?}");
            same("own keys", &shown, &ours(&world, language, &[], file).await?)?;
        }
        // What is given beside it counts for what was given before.
        page.choose(&[&known.keys, &known.log_key, &kept]).await?;
        let trust = known.arguments(Some(("--checkpoint", &kept)));
        for file in files.iter().rev() {
            let shown = page.judged(&[file]).await?;
            ensure!(shown.verdict == "holds", "{file:?}: {shown:?}");
            same("known keys", &shown, &ours(&world, language, &trust, file).await?)?;
        }
        let kept = if language == "nl" { "sinds toen alleen gegroeid" } else { "only grown since then" };
        for file in &files[1..] {
            let shown = page.judged(&[file]).await?;
            ensure!(shown.steps.iter().any(|step| step.contains(kept)), "{file:?}: {shown:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_page_names_the_line_that_fails_in_the_evidence_of_an_organisation() -> Result<()> {
    let world = World::start().await?;
    real(&world).await?;
    let known = Known::of(&world).await?;
    let data = world.collector.data().display().to_string();
    let all = world.collector.must(&["bundle", ORGANISATION, "--data", &data]).await?;
    let page = open(&world, "en").await?;
    page.choose(&[&known.keys, &known.log_key]).await?;
    let last = all.trim_end().rfind('\n').unwrap_or_default() + 1;
    let cases = [
        ("a changed word", all.replacen("nieuws", "reclame", 1), "Line 3", "wording_missing"),
        ("the last entry left out", all[..last].to_owned(), "Line ", "log_differs"),
        ("a space", all.replacen("{\"receipt\":", "{\"receipt\": ", 1), "Line 3", "not_canonical"),
        ("an endless line", format!("{all}{}", "a".repeat(600 * 1024)), "Line ", "too_long"),
    ];
    let folder = world.collector.folder().join("lines");
    for (number, (name, text, line, code)) in cases.iter().enumerate() {
        let file = write(&folder, &format!("{number}.vinkje.jsonl"), text.as_bytes())?;
        let shown = page.judged(&[&file]).await?;
        ensure!(shown.codes == [*code], "{name}: {shown:?}");
        let (_, said) = ours(&world, "en", &known.arguments(None), &file).await?;
        // `NO  sentence (line 3) [code]` and `NO  Line 3: sentence [code]`.
        let number = said[0].split_once("(line ").and_then(|(_, rest)| rest.split_once(')'));
        let number = number.map(|(number, _)| format!("NO  Line {number}: ")).unwrap_or_default();
        let starts =
            shown.steps[0].starts_with(&number) && shown.steps[0].starts_with(&format!("NO  {line}"));
        ensure!(starts, "{name}: {shown:?}, the command: {said:?}");
    }
    Ok(())
}
