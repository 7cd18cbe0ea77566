//! Nothing that was acknowledged is lost, whenever the process is killed.
//!
//! In scope: SIGKILL in the middle of many submitters, and what a retry gets afterwards; a gentle stop.
//! Out of scope: power loss below the operating system (the store's own tests break its disk).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use e2e::http::Client;
use e2e::submit::{Acknowledged, Form, acknowledged, answers, nonce};
use e2e::until::until;
use e2e::verifiers;
use e2e::world::{FORM, World};
use serde_json::Value;
use tokio::task::JoinSet;

const SUBMITTERS: usize = 64;
const KILLS: usize = 10;
/// A round is killed after this many acknowledgements, a few more each time, so that it hits other moments.
const ROUND_ACKNOWLEDGED_MIN: usize = 200;
const OPEN_MAX: Duration = Duration::from_secs(1);
/// A half-minute's acknowledgements would be a machine that hardly moves.
const ROUND_SECONDS_MAX: u64 = 30;

/// One submit, and what became of it.
struct Sent {
    body: Value,
    acknowledged: Option<Acknowledged>,
}

/// Submits until the collector is gone; the last submit of each is the one that the kill hit.
async fn submitter(form: Form, offer: Arc<str>, person: String, done: Arc<AtomicUsize>) -> Result<Vec<Sent>> {
    let mut sent = Vec::new();
    for number in 0.. {
        let email = format!("{person}-{number}@voorbeeld.example");
        let body = answers(&offer, &nonce()?, &["nieuwsbrief", "keuze"], &email);
        match form.post(&body).await {
            Ok(answer) => {
                sent.push(Sent { body, acknowledged: Some(acknowledged(&answer)?) });
                done.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => {
                sent.push(Sent { body, acknowledged: None });
                break;
            }
        }
    }
    Ok(sent)
}

/// Sixty-four submit; after some acknowledgements the collector is killed.
async fn round(world: &mut World, round: usize) -> Result<Vec<Sent>> {
    let offer: Arc<str> = world.form().offer("nl").await?.into();
    let done = Arc::new(AtomicUsize::new(0));
    let mut submitters = JoinSet::new();
    for person in 0..SUBMITTERS {
        // A client each: sixty-four connections, as from sixty-four people.
        let form = Form::new(&Client::default(), &world.collector.base(), FORM);
        submitters.spawn(submitter(form, offer.clone(), format!("p{round}-{person}"), done.clone()));
    }
    let enough = ROUND_ACKNOWLEDGED_MIN + round * 37;
    let reached = async || Ok((done.load(Ordering::Relaxed) >= enough).then_some(()));
    until("enough acknowledgements", ROUND_SECONDS_MAX, reached).await?;
    world.collector.kill().await?;
    let mut sent = Vec::new();
    while let Some(ended) = submitters.join_next().await {
        sent.extend(ended??);
    }
    Ok(sent)
}

async fn serve_again(world: &mut World) -> Result<()> {
    let begun = Instant::now();
    world.collector.serve().await?;
    let took = begun.elapsed();
    ensure!(took < OPEN_MAX, "it opened in {took:?}");
    Ok(())
}

/// Sends again what the kill hit, and a few that were acknowledged, and asks for the same receipt.
async fn retry(world: &World, sent: &mut [Sent]) -> Result<()> {
    let form = world.form();
    for (number, one) in sent.iter_mut().enumerate() {
        if one.acknowledged.is_some() && number % 10 != 0 {
            continue;
        }
        let answer = form.post(&one.body).await?;
        let again = acknowledged(&answer)?;
        match &one.acknowledged {
            Some(first) => {
                ensure!(answer.status == 200, "an acknowledged submit was stored anew");
                ensure!(*first == again, "a retry got another receipt");
            }
            None => one.acknowledged = Some(again),
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_ten_kills_in_the_middle_of_sixty_four_submitters() -> Result<()> {
    let mut world = World::start().await?;
    let mut all: Vec<Sent> = Vec::new();
    for number in 0..KILLS {
        let mut sent = round(&mut world, number).await?;
        ensure!(sent.iter().any(|one| one.acknowledged.is_none()), "the kill hit nobody");
        serve_again(&mut world).await.with_context(|| format!("after kill {number}"))?;
        retry(&world, &mut sent).await.with_context(|| format!("after kill {number}"))?;
        all.append(&mut sent);
    }
    let acknowledged: BTreeSet<&Acknowledged> =
        all.iter().filter_map(|one| one.acknowledged.as_ref()).collect();
    ensure!(acknowledged.len() == all.len(), "two submits share a receipt");
    println!("{KILLS} kills: {} receipts acknowledged, all there", acknowledged.len());
    stored_once(&world, &acknowledged).await?;
    verify(&world, &acknowledged).await?;
    world.collector.stop().await?;
    let data = world.collector.data().display().to_string();
    let said = world.collector.must(&["fsck", "--data", &data]).await?;
    ensure!(said.starts_with(&format!("clean: {} receipts", acknowledged.len())), "{said}");
    Ok(())
}

/// Every acknowledged receipt is there with all its decisions, and there is none besides.
async fn stored_once(world: &World, acknowledged: &BTreeSet<&Acknowledged>) -> Result<()> {
    let mut stored: BTreeMap<String, usize> = BTreeMap::new();
    for line in world.events().await? {
        let event: Value = serde_json::from_str(&line)?;
        *stored
            .entry(event["receipt"].as_str().context("an event without receipt")?.to_owned())
            .or_default() += 1;
    }
    for one in acknowledged {
        ensure!(stored.get(&one.receipt) == Some(&4), "receipt {} is not there once and whole", one.receipt);
    }
    ensure!(
        stored.len() == acknowledged.len(),
        "{} receipts are stored, {} were sent",
        stored.len(),
        acknowledged.len()
    );
    Ok(())
}

/// Every receipt opens at its link, and its signature is good by a library that we did not write.
async fn verify(world: &World, acknowledged: &BTreeSet<&Acknowledged>) -> Result<()> {
    let keys = world.keys().await?;
    let mut files = Vec::new();
    for one in acknowledged {
        files.push(world.fetch(&format!("{}.jws", one.receipt_url), &format!("{}.jws", one.receipt)).await?);
    }
    let mut verified = BTreeSet::new();
    for some in files.chunks(1_000) {
        let some: Vec<_> = some.iter().map(std::path::PathBuf::as_path).collect();
        for payload in verifiers::jose(&keys, &some).await? {
            verified.insert(payload["receipt"].as_str().context("no receipt")?.to_owned());
        }
    }
    ensure!(acknowledged.iter().all(|one| verified.contains(&one.receipt)), "a file holds another receipt");
    let (good, said) = verifiers::vinkje(&world.collector, &keys, &files[files.len() - 1]).await?;
    ensure!(good, "vinkje verify refuses: {said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gentle_stop_finishes_what_was_accepted() -> Result<()> {
    let mut world = World::start().await?;
    let offer: Arc<str> = world.form().offer("nl").await?.into();
    let done = Arc::new(AtomicUsize::new(0));
    let mut submitters = JoinSet::new();
    for person in 0..8 {
        let form = Form::new(&Client::default(), &world.collector.base(), FORM);
        submitters.spawn(submitter(form, offer.clone(), format!("stop-{person}"), done.clone()));
    }
    let reached = async || Ok((done.load(Ordering::Relaxed) >= 50).then_some(()));
    until("enough acknowledgements", ROUND_SECONDS_MAX, reached).await?;
    let status = world.collector.stop().await?;
    ensure!(status.success(), "it ended with {status}");
    let mut sent = Vec::new();
    while let Some(ended) = submitters.join_next().await {
        sent.extend(ended??);
    }
    serve_again(&mut world).await?;
    retry(&world, &mut sent).await?;
    let acknowledged = sent.iter().filter_map(|one| one.acknowledged.as_ref()).collect();
    stored_once(&world, &acknowledged).await
}

#[tokio::test]
async fn taking_back_survives_a_kill() -> Result<()> {
    let mut world = World::start().await?;
    let given = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let stop = [("do", "withdraw"), ("purpose", "nieuwsbrief")];
    let answer = world.client.post_form(&given.manage_url, &stop).await?;
    ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    world.collector.kill().await?;
    serve_again(&mut world).await?;
    let events = world.events().await?;
    ensure!(events.len() == 5 && events[4].contains("withdrawn"), "{events:?}");
    Ok(())
}
