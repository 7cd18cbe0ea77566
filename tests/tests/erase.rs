//! A thousand of ten thousand people ask to be erased.
//!
//! In scope: the built collector; every way to read, the file, a backup from before, and the proofs of everybody else. Out of scope:
//! single cases (`people`, and the collector's own tests).
//!
//! Invariant: what is said of the erased could also be false: the same is looked for of those who stay, and found.

use std::collections::HashSet;
use std::path::Path;

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result, ensure};
use e2e::submit::Acknowledged;
use e2e::verifiers;
use e2e::world::World;
use serde_json::json;

const PEOPLE: usize = 10_000;
const ERASED_EVERY: usize = 10;
const AT_ONCE: usize = 64;

fn address(person: usize) -> String {
    format!("p{person}@voorbeeld.example")
}

/// A receipt's id as it stands in the store: 16 bytes that are nowhere else.
fn bytes_of(id: &str) -> Result<Vec<u8>> {
    let hex: Vec<u8> = id.bytes().filter(|byte| *byte != b'-').collect();
    let pair = |pair: &[u8]| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?);
    hex.chunks(2).map(pair).collect()
}

/// How many of these stand in there, in one walk: ten thousand walks would take minutes.
fn found(sought: &[impl AsRef<[u8]>], bytes: &[u8]) -> Result<usize> {
    let seeker = AhoCorasick::new(sought)?;
    let found: HashSet<_> = seeker.find_overlapping_iter(bytes).map(|found| found.pattern()).collect();
    Ok(found.len())
}

/// How many of these receipts a file still names.
fn named_in(file: &Path, people: &[&Acknowledged]) -> Result<usize> {
    let ids = people.iter().map(|person| bytes_of(&person.receipt)).collect::<Result<Vec<_>>>()?;
    found(&ids, &std::fs::read(file)?)
}

/// How many links of these people open.
async fn links_that_open(world: &World, people: &[&Acknowledged]) -> Result<usize> {
    let mut open = 0;
    for person in people {
        for url in [&person.manage_url, &person.receipt_url, &format!("{}.tlog-proof", person.receipt_url)] {
            open += usize::from(world.client.get(url).await?.status == 200);
        }
    }
    Ok(open)
}

async fn entries(world: &World) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for tile in 0..PEOPLE / 256 {
        let url = format!("{}/log/kaas/tile/entries/{tile:03}", world.collector.base());
        let answer = world.client.get(&url).await?;
        ensure!(answer.status == 200, "{url}: {}", answer.status);
        all.extend(answer.body);
    }
    Ok(all)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_of_ten_thousand_are_gone_and_the_others_proofs_hold() -> Result<()> {
    let mut world = World::start().await?;
    let given = world.crowd(PEOPLE, AT_ONCE, address).await?;
    let (gone, stay): (Vec<_>, Vec<_>) =
        given.iter().enumerate().partition(|(person, _)| person % ERASED_EVERY == 0);
    let people = |list: &[(usize, &'_ Acknowledged)]| {
        list.iter().map(|(_, person)| person.receipt.clone()).collect::<Vec<_>>()
    };
    let (gone_ids, stay_ids) = (people(&gone), people(&stay));
    let gone: Vec<&Acknowledged> = gone.into_iter().map(|(_, person)| person).collect();
    let stay: Vec<&Acknowledged> = stay.into_iter().map(|(_, person)| person).collect();
    let data = world.collector.data().display().to_string();
    let backup = world.collector.folder().join("before.redb");
    world.collector.must(&["backup", &backup.display().to_string(), "--data", &data]).await?;
    let before = entries(&world).await?;

    let asked: String = (0..PEOPLE).step_by(ERASED_EVERY).map(|person| address(person) + "\n").collect();
    let said = world.collector.told(&["erase", "kaas", "--data", &data], &asked).await?;
    ensure!(
        said.contains("erased: 1000 records with 1000 receipts"),
        "{}",
        said.lines().last().unwrap_or_default()
    );

    ensure!(links_that_open(&world, &gone).await? == 0, "a link of an erased person opens");
    ensure!(links_that_open(&world, &stay[..100]).await? == 300, "a link of somebody else does not open");
    let export = world.collector.export("kaas").await?;
    ensure!(found(&gone_ids, export.as_bytes())? == 0, "an erased person is exported");
    ensure!(found(&stay_ids, export.as_bytes())? == stay_ids.len(), "somebody else is not exported");
    ensure!(entries(&world).await? == before, "the log is another one");
    let may = world.collector.told(&["may", "kaas", "nieuwsbrief", "--data", &data], &asked).await?;
    ensure!(may.matches("\"state\":\"unknown\"").count() == gone.len(), "somebody erased is known");

    // Everybody else's proof, judged by others; ours looks at all nine thousand below.
    let log = format!("{}/log/kaas", world.collector.base());
    let key = world.fetch(&format!("{log}/key"), "log.key.txt").await?;
    let mut files = Vec::new();
    for person in stay.iter().step_by(300) {
        let proof = format!("{}.tlog-proof", person.receipt_url);
        world.fetch(&proof, &format!("{}.tlog-proof", person.receipt)).await?;
        files.push(
            world.fetch(&format!("{}.jws", person.receipt_url), &format!("{}.jws", person.receipt)).await?,
        );
    }
    let said = verifiers::log(&log, &key, &files).await?;
    ensure!(said == json!({"size": PEOPLE, "refused": {}}), "{said}");

    world.collector.stop().await?;
    let store = world.collector.data().join("vinkje.redb");
    let clean = format!("clean: {} receipts of {} people", stay.len(), stay.len());
    gone_from(&world, &store, (&gone, &stay), &clean).await?;

    // The backup from before has them all; put back, it has not.
    ensure!(named_in(&backup, &gone)? == gone.len(), "the backup never had them, so this shows nothing");
    std::fs::rename(&store, world.collector.folder().join("first.redb"))?;
    let backup = backup.display().to_string();
    let said = world.collector.must(&["restore", &backup, "--nothing-newer", "--data", &data]).await?;
    ensure!(said.contains("erased again: 1000 people"), "{said}");
    gone_from(&world, &store, (&gone, &stay), &clean).await?;
    world.collector.serve().await?;
    ensure!(links_that_open(&world, &gone).await? == 0, "somebody came back with the backup");
    Ok(())
}

/// After compaction the file names nobody who was erased, and everybody else; and all that is left holds together.
async fn gone_from(
    world: &World,
    store: &Path,
    (gone, stay): (&[&Acknowledged], &[&Acknowledged]),
    clean: &str,
) -> Result<()> {
    let data = world.collector.data().display().to_string();
    world.collector.must(&["compact", "--data", &data]).await?;
    ensure!(named_in(store, gone)? == 0, "the file still names somebody who was erased");
    ensure!(named_in(store, stay)? == stay.len(), "the file no longer names everybody else");
    let said = world.collector.must(&["fsck", "--data", &data]).await.context("fsck")?;
    ensure!(said.starts_with(clean), "{said}");
    Ok(())
}
