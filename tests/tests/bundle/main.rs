//! Evidence bundles of a running collector, judged by our own command, by two verifiers that share no code with it, and by the
//! page in a browser.
//!
//! In scope: that real bundles are believed, and that each of a table of changed ones is refused by all three for the same
//! reason. Out of scope: each proof's own rules (`shared`), the log over HTTP (`log`).
//!
//! Invariant: an owner with every key in hand is among those who change.

mod forge;
mod page;
mod table;
mod whole;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use e2e::submit::{Acknowledged, acknowledged, answers, hidden, nonce};
use e2e::verifiers;
use e2e::world::{ORGANISATION, World};
use serde_json::Value;
use shared::bundle::{Bundle, Kind};

use crate::forge::{Owner, payload};
use crate::table::{Case, Given};

/// What a reader has from elsewhere.
struct Known {
    keys: PathBuf,
    log_key: PathBuf,
}

impl Known {
    async fn of(world: &World) -> Result<Self> {
        let log_key = format!("{}/log/{ORGANISATION}/key", world.collector.base());
        Ok(Self { keys: world.keys().await?, log_key: world.fetch(&log_key, "log.key.txt").await? })
    }

    fn arguments(&self, kept: Option<(&str, &Path)>) -> Vec<String> {
        let mut all = vec![("--keys", self.keys.as_path()), ("--log-key", &self.log_key)];
        all.extend(kept);
        all.into_iter().flat_map(|(flag, file)| [flag.to_owned(), file.display().to_string()]).collect()
    }
}

/// The code of the first step that fails, as `vinkje verify bundle` prints it; nothing when it is content.
async fn ours(world: &World, arguments: &[String], file: &Path) -> Result<Option<String>> {
    let file = file.display().to_string();
    let mut all = vec!["verify", "bundle", &file];
    all.extend(arguments.iter().map(String::as_str));
    let output = world.collector.run(&all).await?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let code = said.lines().find(|line| line.starts_with("NO  ")).and_then(|line| line.rsplit_once('['));
    let code = code.map(|(_, code)| code.trim_end_matches(']').to_owned());
    ensure!(output.status.success() == code.is_none(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    Ok(code)
}

async fn history(world: &World, given: &Acknowledged, since: &str) -> Result<Bundle> {
    let answer = world.client.get(&format!("{}.bundle{since}", given.manage_url)).await?;
    ensure!(answer.status == 200, "{} {}", answer.status, answer.text());
    ensure!(answer.header("content-type") == shared::bundle::MEDIA_TYPE);
    ensure!(answer.header("cache-control") == "no-store");
    Bundle::parse(&answer.body).map_err(|fault| anyhow::anyhow!("not a bundle: {}", fault.code()))
}

/// A person who agreed, took it back, and agreed again, among others; and the head of the log that somebody kept before.
async fn real(world: &World) -> Result<(Given, PathBuf)> {
    let other = world.form().give("nieuwsbrief", "jan@voorbeeld.example").await?;
    let given = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let head = format!("{}/log/{ORGANISATION}/checkpoint", world.collector.base());
    let kept = world.fetch(&head, "kept.txt").await?;
    world.client.post_form(&given.manage_url, &[("do", "withdraw_all")]).await?;
    for person in ["els", "kees", "mia"] {
        world.form().give("nieuwsbrief", &format!("{person}@voorbeeld.example")).await?;
    }
    let page = world.client.get(&given.manage_url).await?.text();
    let again = [("do", "give"), ("purpose", "nieuwsbrief"), ("offer", hidden(&page, "offer")?)];
    let answer = world.client.post_form(&given.manage_url, &again).await?;
    ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    let body =
        answers(&world.form().offer("en").await?, &nonce()?, &["nieuwsbrief"], "joe@voorbeeld.example");
    let english = acknowledged(&world.form().post(&body).await?)?;
    let real = history(world, &given, "?since=2").await?;
    let english = history(world, &english, "").await?.notices.remove(0);
    let other = history(world, &other, "").await?;
    Ok((Given { real, other, english, owner: Owner::read(&world.collector.data())? }, kept))
}

/// Writes the cases and lets all three judge each.
async fn judge(world: &World, cases: &[Case], known: &Known, kept: Option<&Path>) -> Result<usize> {
    let folder = world.collector.folder().join(if kept.is_some() { "forks" } else { "cases" });
    std::fs::create_dir_all(&folder)?;
    let mut files = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        files.push(folder.join(format!("{number:02}.vinkje.json")));
        std::fs::write(&files[number], &case.bytes)?;
    }
    let theirs = verifiers::bundles(&known.arguments(kept.map(|kept| ("--kept", kept))), &files).await?;
    let own = known.arguments(kept.map(|kept| ("--checkpoint", kept)));
    let mut wrong = Vec::new();
    for ((case, file), [python, node]) in cases.iter().zip(&files).zip(theirs) {
        let ours = ours(world, &own, file).await?.map_or(Value::Null, Value::from);
        let all = [ours, python["refused"].clone(), node["refused"].clone()];
        if all.iter().any(|said| said != case.code) {
            wrong.push(format!("{}: expected {}, we, Python, JavaScript say {all:?}", case.name, case.code));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(cases.len())
}

#[tokio::test]
async fn real_bundles_hold_and_changed_ones_are_refused_by_three_for_the_same_reason() -> Result<()> {
    let world = World::start().await?;
    let (given, kept) = real(&world).await?;
    let known = Known::of(&world).await?;
    ensure!(given.real.receipts.len() == 3 && given.real.kind == Kind::Subject);
    let good = world.collector.folder().join("good.vinkje.json");
    std::fs::write(&good, given.real.to_bytes())?;
    for kept in [None, Some(kept.as_path())] {
        let trust = known.arguments(kept.map(|kept| ("--kept", kept)));
        let theirs = verifiers::bundles(&trust, std::slice::from_ref(&good)).await?;
        ensure!(theirs.iter().flatten().all(|said| said["accepted"] == 3), "a real bundle is refused");
        let own = known.arguments(kept.map(|kept| ("--checkpoint", kept)));
        ensure!(ours(&world, &own, &good).await?.is_none(), "we refuse a real bundle");
    }
    let changed = judge(&world, &given.cases(), &known, None).await?;
    let forks = judge(&world, &given.forks()?, &known, Some(&kept)).await?;
    println!("{changed} changed bundles and {forks} forks refused by three");
    ensure!(changed + forks >= 40, "{changed} + {forks}");
    // Without the kept head, a log that its owner rewrote whole passes: that is what a kept head is for.
    let rewritten = world.collector.folder().join("forks/00.vinkje.json");
    ensure!(ours(&world, &known.arguments(None), &rewritten).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_bundle_has_no_contact_data_and_is_the_same_from_the_page_and_the_command() -> Result<()> {
    let mut world = World::start().await?;
    let given = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let data = world.collector.data().display().to_string();
    let answer = world.client.get(&format!("{}.bundle", given.receipt_url)).await?;
    ensure!(answer.status == 200, "{}", answer.status);
    let text = answer.text();
    ensure!(!text.contains("eva@") && !text.contains("voorbeeld.example"), "contact data in a bundle");
    let command = ["bundle", "kaas", "--data", &data, "--receipt", &given.receipt];
    ensure!(world.collector.must(&command).await? == text, "the command says something else while serving");
    let subject =
        payload(&Bundle::parse(&answer.body).ok().context("a bundle")?.receipts[0].receipt)["subject"]
            .clone();
    let whole = ["bundle", "kaas", "--data", &data, "--subject", subject.as_str().unwrap_or_default()];
    let whole = world.collector.must(&whole).await?;
    ensure!(
        Bundle::parse(whole.as_bytes())
            .is_ok_and(|bundle| bundle.kind == Kind::Subject && bundle.history.is_some())
    );
    for page in [&given.receipt_url, &given.manage_url] {
        let html = world.client.get(page).await?.text();
        ensure!(html.contains(&format!("{page}.bundle")), "{page} has no link to its bundle");
    }
    world.collector.stop().await?;
    ensure!(
        world.collector.must(&command).await? == text,
        "the command says something else when nobody serves"
    );
    Ok(())
}

#[tokio::test]
async fn a_bundle_is_behind_its_own_link() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let token = |url: &str| url.rsplit('/').next().unwrap_or_default().to_owned();
    let (receipt, own) = (token(&given.receipt_url), token(&given.manage_url));
    let base = world.collector.base();
    for place in [
        format!("/m/{receipt}.bundle"),
        format!("/r/{own}.bundle"),
        format!("/r/{}.bundle", crate::changed(&receipt)),
        format!("/r/{receipt}.bundle?since=2"),
    ] {
        let answer = world.client.get(&format!("{base}{place}")).await?;
        ensure!(answer.status == 404, "{place}: {}", answer.status);
    }
    Ok(())
}

/// The same token with another letter.
fn changed(token: &str) -> String {
    let other = if token.starts_with('A') { "B" } else { "A" };
    format!("{other}{}", &token[1..])
}

/// The boxes in the exact wording on a receipt's page, as ticked or not.
fn boxes(page: &str) -> Result<(usize, usize)> {
    let (_, wording) = page.split_once("class=\"wording\"").context("no wording on the page")?;
    ensure!(wording.matches(">aangevinkt<").count() == wording.matches('\u{2611}').count());
    ensure!(wording.matches(">niet aangevinkt<").count() == wording.matches('\u{2610}').count());
    Ok((wording.matches('\u{2611}').count(), wording.matches('\u{2610}').count()))
}

#[tokio::test]
async fn the_wording_on_a_receipt_shows_each_box_as_it_was_sent() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let page = world.client.get(&format!("{}?lang=nl", given.receipt_url)).await?.text();
    ensure!(boxes(&page)? == (1, 3), "{:?}", boxes(&page)?);
    world.client.post_form(&given.manage_url, &[("do", "withdraw_all")]).await?;
    let own = world.client.get(&given.manage_url).await?.text();
    let receipt =
        own.split("href=\"").find(|link| link.contains("/r/") && !link.contains(&given.receipt_url));
    let receipt = receipt.and_then(|link| link.split('"').next()).context("no receipt of the withdrawal")?;
    let page = world.client.get(&format!("{receipt}?lang=nl")).await?.text();
    ensure!(boxes(&page)? == (0, 0), "taking back ticks nothing");
    Ok(())
}
