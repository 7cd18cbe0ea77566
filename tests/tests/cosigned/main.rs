//! A collector whose log is watched by witnesses: two real ones, and some that mean harm.
//!
//! In scope: cosignatures in checkpoints and proofs, judged by code that is not ours; witnesses that are killed, slow or
//! hostile; an owner who rewrites history. Out of scope: the rules of a witness by itself (`witness.rs`).
//!
//! Invariant: whatever witnesses do, people get their receipts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use axum::routing::post;
use e2e::collector::{Setup, copy_folder};
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::verifiers;
use e2e::witness::Witness;
use e2e::world::{ORGANISATION, World};
use serde_json::{Value, json};

mod bundle;
mod restored;

fn log_of(world: &World) -> String {
    format!("{}/log/{ORGANISATION}", world.collector.base())
}

/// Starts the collector anew with these witnesses, each by address and key.
async fn ask(world: &mut World, witnesses: &[(String, &str)], stale_seconds: u32) -> Result<()> {
    let tables: String = witnesses
        .iter()
        .map(|(url, key)| format!("\n[[witness]]\nurl = \"{url}\"\nkey = \"{key}\"\n"))
        .collect();
    world.collector.stop().await?;
    world.collector.settings(|text| {
        let stale = format!("witness_stale_seconds = {stale_seconds}");
        let text = text.replace("witness_every_seconds = 10", "witness_every_seconds = 1");
        text.replace("witness_stale_seconds = 86400", &stale) + &tables
    })?;
    world.collector.serve().await
}

/// Two witnesses that watch the log of a collector.
async fn watched() -> Result<(World, Witness, Witness)> {
    let mut world = World::start().await?;
    let key = world.client.get(&format!("{}/key", log_of(&world))).await?.text();
    let (one, two) =
        (Witness::start("witness.example/w1").await?, Witness::start("witness.example/w2").await?);
    for witness in [&one, &two] {
        witness.must(&["add", key.trim_end()]).await?;
    }
    ask(&mut world, &[(one.base(), one.key()), (two.base(), two.key())], 3_600).await?;
    Ok((world, one, two))
}

async fn give(world: &World, person: &str) -> Result<e2e::submit::Acknowledged> {
    let begun = Instant::now();
    let given = world.form().give("nieuwsbrief", &format!("{person}@voorbeeld.example")).await?;
    ensure!(begun.elapsed() < Duration::from_secs(8), "somebody waited {:?}", begun.elapsed());
    Ok(given)
}

/// Waits until the newest checkpoint has this many entries and signatures.
async fn checkpoint(world: &World, size: u64, signatures: usize) -> Result<String> {
    let url = format!("{}/checkpoint", log_of(world));
    let what = format!("a checkpoint of {size} entries with {signatures} signatures");
    until(&what, PATIENCE_SECONDS, async || {
        let text = world.client.get(&url).await?.text();
        let (head, lines) = text.rsplit_once("\n\n").context("no note")?;
        let there = head.lines().nth(1) == Some(&size.to_string()) && lines.lines().count() == signatures;
        Ok(there.then(|| text.clone()))
    })
    .await
}

async fn health(world: &World) -> Result<Value> {
    let answer = world.client.get(&format!("{}/health", world.collector.base())).await?;
    ensure!(answer.status == 200, "not well: {}", answer.text());
    answer.json()
}

/// Waits until the collector says this of the witness at a place.
async fn said_of(world: &World, at: usize, field: &str, says: impl Fn(&Value) -> bool) -> Result<Value> {
    until(&format!("{field} of witness {at}"), PATIENCE_SECONDS, async || {
        let witness = health(world).await?["witnesses"][at].clone();
        Ok(says(&witness[field]).then_some(witness))
    })
    .await
}

async fn proven(world: &World, given: &e2e::submit::Acknowledged) -> Result<PathBuf> {
    let proof = format!("{}.tlog-proof", given.receipt_url);
    world.fetch(&proof, &format!("{}.tlog-proof", given.receipt)).await?;
    world.fetch(&format!("{}.jws", given.receipt_url), &format!("{}.jws", given.receipt)).await
}

#[tokio::test]
async fn cosignatures_stand_in_checkpoints_and_proofs_also_after_a_witness_was_killed() -> Result<()> {
    let (world, mut one, two) = watched().await?;
    let key = world.fetch(&format!("{}/key", log_of(&world)), "log.key.txt").await?;
    let eva = give(&world, "eva").await?;
    checkpoint(&world, 1, 3).await?;
    let mut files = vec![world.fetch(&format!("{}/checkpoint", log_of(&world)), "one.checkpoint").await?];
    files.push(proven(&world, &eva).await?);

    one.kill().await?;
    let jan = give(&world, "jan").await?;
    checkpoint(&world, 2, 2).await?;
    let silent = said_of(&world, 0, "trouble", |trouble| !trouble.is_null()).await?;
    ensure!(silent["trouble"] == "it gave no whole answer in time", "{silent}");
    one.serve().await?;
    checkpoint(&world, 2, 3).await?;
    ensure!(said_of(&world, 0, "trouble", Value::is_null).await?["stale"] == 0);
    files.push(proven(&world, &jan).await?);
    files.push(world.fetch(&format!("{}/witnessed", log_of(&world)), "two.checkpoint").await?);
    let witnesses = [one.key(), two.key()];
    let said = verifiers::cosigned(&log_of(&world), &key, &witnesses, &files).await?;
    ensure!(said == json!({"size": 2, "refused": {}}), "{said}");
    refuses(&world, &key, &witnesses, &files[3]).await?;
    our_own_command_knows_witnesses(&world, &key, &witnesses, &files[3]).await?;

    let said = world.collector.said()?;
    ensure!(
        said.contains("a witness does not cosign") && said.contains("the witness cosigns again"),
        "{said}"
    );
    ensure!(!said.contains("voorbeeld.example"), "an address in the log");
    Ok(())
}

/// Somebody kept the checkpoint, by mail or from the code on the page; the command says what to download, and then whether all holds.
async fn our_own_command_knows_witnesses(
    world: &World,
    key: &Path,
    witnesses: &[&str],
    good: &Path,
) -> Result<()> {
    let kept = world.collector.folder().join("kept.txt");
    let mailed = std::fs::read_to_string(good)?.trim_end().replace('\n', "\r\n");
    std::fs::write(&kept, mailed)?;
    let verify = async |more: &[&str]| {
        let arguments = [&["verify", "--checkpoint", kept.to_str().context("a plain name")?], more].concat();
        let output = world.collector.run(&arguments).await?;
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        anyhow::Ok((output.status.success(), said))
    };
    let (done, said) = verify(&[]).await?;
    ensure!(!done && said.contains("nothing is checked yet"), "{said}");
    let address = said.lines().find(|line| line.contains("/extension/")).context("no address")?.trim();
    let extension = world.fetch(address, "extension.txt").await?;
    let (key, extension) = (key.display().to_string(), extension.display().to_string());
    let all =
        ["--log-key", &key, "--extension", &extension, "--witness", witnesses[0], "--witness", witnesses[1]];
    let (done, said) = verify(&all).await?;
    ensure!(done && said.contains("VALID: the log"), "{said}");
    ensure!(said.matches("seen by witness.example/w").count() == 2, "{said}");
    let stranger = stranger(9)?;
    let (done, said) = verify(&[&all[..4], &["--witness", &stranger]].concat()).await?;
    ensure!(!done && said.contains("NOT VALID"), "{said}");
    Ok(())
}

/// The negative controls: the verifiers do see a cosignature that is missing or false.
async fn refuses(world: &World, key: &Path, witnesses: &[&str], good: &Path) -> Result<()> {
    let note = std::fs::read_to_string(good)?;
    let line = |of: &str| note.lines().find(|line| line.contains(of)).map(str::to_owned).context("no line");
    let (one, two) = (line("witness.example/w1")?, line("witness.example/w2")?);
    let signature = |line: &str| line.rsplit(' ').next().map(str::to_owned).unwrap_or_default();
    // The key's id is in the first six characters, the time in the next ten.
    let (first, second) = (signature(&one), signature(&two));
    let later = format!("{}{}{}", &first[..10], if &first[10..11] == "A" { "B" } else { "A" }, &first[11..]);
    let swapped = format!("{}{}", &first[..16], &second[16..]);
    for (name, text, reason) in [
        ("missing.checkpoint", note.replace(&format!("{one}\n"), ""), "not cosigned"),
        ("later.checkpoint", note.replace(&first, &later), "cosignature"),
        ("swapped.checkpoint", note.replace(&first, &swapped), "cosignature"),
        ("renamed.checkpoint", note.replace("witness.example/w1", "witness.example/w3"), "not cosigned"),
        ("resized.checkpoint", note.replacen("\n2\n", "\n1\n", 1), "cosignature"),
    ] {
        let file = world.collector.folder().join(name);
        std::fs::write(&file, text)?;
        let said = verifiers::cosigned(&log_of(world), key, witnesses, &[file]).await?;
        ensure!(said["refused"][name] == reason, "{name}: {said}");
    }
    Ok(())
}

/// The owner has every key of the collector, and still cannot go back.
#[tokio::test]
async fn an_old_copy_of_the_store_is_refused_by_every_witness_and_the_collector_says_so() -> Result<()> {
    let (mut world, one, two) = watched().await?;
    give(&world, "eva").await?;
    checkpoint(&world, 1, 3).await?;
    world.collector.stop().await?;
    let (data, old) = (world.collector.data(), world.collector.folder().join("old"));
    copy_folder(&data, &old)?;
    world.collector.serve().await?;
    for person in ["jan", "els"] {
        give(&world, person).await?;
    }
    checkpoint(&world, 3, 3).await?;

    world.collector.stop().await?;
    std::fs::remove_dir_all(&data)?;
    copy_folder(&old, &data)?;
    world.collector.serve().await?;
    give(&world, "kees").await?;
    for at in [0, 1] {
        said_of(&world, at, "contradicted", |logs| *logs == 1).await?;
    }
    let said = world.collector.said()?;
    ensure!(said.contains("an old copy of the store was put back"), "{said}");
    // Growing past what was seen does not help: it is another history.
    for person in ["mia", "bo", "ali"] {
        give(&world, person).await?;
    }
    let other = "entries were changed or lost here";
    until("the witnesses to see the fork", 60, async || {
        Ok((world.collector.said()?.matches(other).count() >= 2).then_some(()))
    })
    .await?;
    ensure!(checkpoint(&world, 5, 1).await.is_ok(), "a fork was cosigned");
    for witness in [&one, &two] {
        ensure!(witness.said()?.contains("does not extend what was seen"), "{}", witness.said()?);
    }
    Ok(())
}

/// A server that answers `POST /add-checkpoint` in its own way.
async fn hostile(router: Router) -> Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(base)
}

/// A verifier key that belongs to nobody here.
fn stranger(seed: u8) -> Result<String> {
    use shared::log::note::{Kind, NoteKey};
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let public = shared::jwk::PublicKey::from_bytes(key.verifying_key().as_bytes())?;
    Ok(NoteKey::new(&format!("hostile.example/{seed}"), Kind::Witness, public)?.to_string())
}

#[tokio::test]
async fn witnesses_that_mean_harm_disturb_nobody() -> Result<()> {
    let mut world = World::start().await?;
    let honest = Witness::start("witness.example/w1").await?;
    let key = world.client.get(&format!("{}/key", log_of(&world))).await?.text();
    honest.must(&["add", key.trim_end()]).await?;

    let followed = Arc::new(AtomicUsize::new(0));
    let counting = followed.clone();
    let count = async move || counting.fetch_add(1, Ordering::SeqCst).to_string();
    let elsewhere = hostile(Router::new().fallback(count)).await?;
    let redirect = async move || (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, elsewhere)]).into_response();
    let endless =
        async || Body::from_stream(futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>("— x\n")));
    let forged = async || format!("\u{2014} hostile.example/4 {}=\n", "A".repeat(103));
    let never = async || std::future::pending::<String>().await;
    let wrong_size = async || (StatusCode::CONFLICT, "18446744073709551616\n");
    let routers = [
        Router::new().route("/add-checkpoint", post(redirect)),
        Router::new().route("/add-checkpoint", post(endless)),
        Router::new().route("/add-checkpoint", post(forged)),
        Router::new().route("/add-checkpoint", post(never)),
        Router::new().route("/add-checkpoint", post(wrong_size)),
    ];
    let keys: Vec<String> = (2..7).map(stranger).collect::<Result<_>>()?;
    let mut witnesses = vec![(honest.base(), honest.key())];
    for (router, key) in routers.into_iter().zip(&keys) {
        witnesses.push((hostile(router).await?, key));
    }
    ask(&mut world, &witnesses, 3_600).await?;
    for person in ["eva", "jan", "els", "kees"] {
        give(&world, person).await?;
    }
    checkpoint(&world, 4, 2).await?;
    for (at, trouble) in [
        (1, "it answered with status 307"),
        (2, "it gave no whole answer in time"),
        (3, "its answer has no true signature of its own"),
        (4, "it gave no whole answer in time"),
        (5, "it answered with status 409"),
    ] {
        let said = said_of(&world, at, "trouble", |said| !said.is_null()).await?;
        ensure!(said["trouble"] == trouble, "{said}");
        ensure!(said["stale"] == 1, "{said}");
    }
    ensure!(followed.load(Ordering::SeqCst) == 0, "a redirect was followed");
    ensure!(world.collector.said()?.contains("a witness is stale"));
    Ok(())
}

#[tokio::test]
async fn the_page_of_a_log_shows_what_to_keep_and_who_watches() -> Result<()> {
    let (world, one, two) = watched().await?;
    let page = async |language: &str| {
        let url = format!("{}?lang={language}", log_of(&world));
        world.client.send("GET", &url, &[("accept", "text/html")], "").await
    };
    ensure!(page("nl").await?.status == 404, "a page before any answer");
    give(&world, "eva").await?;
    let note = checkpoint(&world, 1, 3).await?;
    for (language, words) in [("nl", "Later controleren"), ("en", "Check later")] {
        let shown = page(language).await?;
        ensure!(
            shown.status == 200 && shown.header("content-security-policy").contains("default-src 'none'")
        );
        let shown = shown.text();
        for line in note.lines().filter(|line| !line.is_empty()) {
            ensure!(shown.contains(line), "{language}: not shown: {line}");
        }
        ensure!(shown.contains(words) && shown.contains("<svg xmlns"), "{shown}");
        ensure!(
            shown.contains("/log/kaas/extension/1") && shown.contains("download=\"kaas-1.txt\""),
            "{shown}"
        );
        for witness in [&one, &two] {
            let name = witness.key().split('+').next().context("no name")?;
            ensure!(shown.contains(&format!("<b>{name}</b>")), "{language}: {name} is not shown");
        }
        ensure!(!shown.contains("voorbeeld.example") && !shown.contains("style="), "{shown}");
    }
    Ok(())
}

/// Over HTTPS, as outside: with an authority that the machine trusts, and with one that it does not.
#[tokio::test]
async fn a_witness_is_believed_to_be_who_it_is_only_with_a_certificate() -> Result<()> {
    let witness = Witness::start("witness.example/w1").await?;
    let folder = tempfile::tempdir()?;
    let (ours, others) = (folder.path().join("ours.pem"), folder.path().join("others.pem"));
    let (_trusted, trusted) = verifiers::https(&ours, &witness.base()).await?;
    let (_strange, strange) = verifiers::https(&others, &witness.base()).await?;
    let mut world = World::start_with(Setup { trusts: Some(ours), ..Setup::default() }).await?;
    let key = world.client.get(&format!("{}/key", log_of(&world))).await?.text();
    witness.must(&["add", key.trim_end()]).await?;
    let other = stranger(1)?;
    ask(&mut world, &[(trusted, witness.key()), (strange, &other)], 3_600).await?;
    give(&world, "eva").await?;
    checkpoint(&world, 1, 2).await?;
    let said = said_of(&world, 1, "trouble", |said| !said.is_null()).await?;
    ensure!(said["trouble"] == "it gave no whole answer in time", "{said}");
    Ok(())
}

#[tokio::test]
async fn settings_that_would_ask_in_the_clear_are_refused() -> Result<()> {
    let mut world = World::start().await?;
    let key = stranger(1)?;
    let refused = ask(&mut world, &[("http://witness.example".into(), &key)], 3_600).await;
    let said = format!("{:#}", refused.err().context("it serves")?);
    ensure!(said.contains("its url must begin with https://"), "{said}");
    Ok(())
}
