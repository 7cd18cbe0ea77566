//! A witness by itself: a log that the test signs tries to be seen with more than one history.
//!
//! In scope: the protocol's statuses, races, a kill at each step of keeping what was seen. Out of scope: a collector that asks
//! witnesses (`cosigned.rs`).
//!
//! Invariant: whatever is asked and whenever the witness is killed, all that it cosigned lies in one history.

use anyhow::{Context, Result, ensure};
use e2e::http::Answer;
use e2e::witness::{OwnLog, Witness};
use shared::log::cosignature::read_answer;
use shared::log::{Extension, NoteKey};
use tokio::task::JoinSet;

const ORIGIN: &str = "c.example/log/kaas";

async fn watched() -> Result<(Witness, OwnLog)> {
    let witness = Witness::start("witness.example/w1").await?;
    let log = OwnLog::new(ORIGIN, 7);
    witness.must(&["add", &log.key().to_string()]).await?;
    Ok((witness, log))
}

/// When the witness says that it saw this checkpoint.
fn cosigned(witness: &Witness, asked: &Extension, answer: &Answer) -> Result<u64> {
    ensure!(answer.status == 200, "{} {}", answer.status, answer.text());
    let key = NoteKey::parse(witness.key())?;
    Ok(read_answer(asked.checkpoint.text(), &answer.text(), &key)?.1)
}

/// The size that the witness says it saw last.
fn seen(answer: &Answer) -> Result<u64> {
    ensure!(answer.status == 409, "{} {}", answer.status, answer.text());
    ensure!(answer.header("content-type") == "text/x.tlog.size", "{}", answer.header("content-type"));
    let text = answer.text();
    text.strip_suffix('\n').and_then(|size| size.parse().ok()).context("no size")
}

fn unix_seconds() -> Result<u64> {
    Ok(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs())
}

#[tokio::test]
async fn every_request_gets_the_status_of_the_protocol() -> Result<()> {
    let (witness, log) = watched().await?;
    let (five, nine) = (log.grown(5, "true"), log.grown(9, "true"));
    let fork = log.grown(2, "true").grown(7, "false");
    let first = five.extension(0);
    let time = cosigned(&witness, &first, &witness.ask(&first).await?)?;
    ensure!(time.abs_diff(unix_seconds()?) < 60, "{time}");

    let stranger = OwnLog::new("c.example/log/other", 8).grown(3, "true");
    let impostor = OwnLog::new(ORIGIN, 9).grown(9, "true");
    let good = nine.extension(5).to_string();
    for (body, status) in [
        (String::new(), 400),
        ("old 5\n".into(), 400),
        (good.replacen("old 5", "old 05", 1), 400),
        (good.replacen("old 5", "old 10", 1), 400),
        (good.replacen("old 5\n", &format!("old 5\n{}", "AAAA\n".repeat(70)), 1), 400),
        (good.replacen(ORIGIN, "c.example/log/kaas\u{7}", 1), 400),
        (stranger.extension(0).to_string(), 404),
        (impostor.extension(5).to_string(), 403),
        (good.replacen("\n9\n", "\n10\n", 1), 403),
        (nine.extension(0).to_string(), 409),
        (nine.extension(4).to_string(), 409),
        (fork.extension(5).to_string(), 422),
        (log.grown(2, "true").grown(3, "false").extension(5).to_string(), 409),
    ] {
        let answer = witness.ask(&body).await?;
        let shown: String = body.chars().take(60).collect();
        ensure!(answer.status == status, "{shown}: {} instead of {status}", answer.status);
        if status == 409 {
            ensure!(seen(&answer)? == 5, "{shown}");
        }
    }
    let answer = witness.ask("x".repeat(1 << 20)).await?;
    ensure!(answer.status == 413, "{}", answer.status);
    // None of it changed anything: the honest log goes on, and may ask again for the same.
    for old in [5, 9] {
        let asked = nine.extension(old);
        cosigned(&witness, &asked, &witness.ask(&asked).await?)?;
    }
    ensure!(seen(&witness.ask(five.extension(5)).await?)? == 9, "an older log is refused");
    ensure!(witness.said()?.contains("does not extend what was seen"), "{}", witness.said()?);
    let seen_of =
        async |log: &str| e2e::http::Client::default().get(&format!("{}/seen/{log}", witness.base())).await;
    ensure!(
        seen_of(ORIGIN).await?.text() == nine.checkpoint().to_string(),
        "{}",
        seen_of(ORIGIN).await?.text()
    );
    ensure!(seen_of("c.example/log/other").await?.status == 404);
    ensure!(seen_of(&"x".repeat(2_000)).await?.status == 404);
    ensure!(witness.ask("").await?.header("content-type").starts_with("text/plain"));
    Ok(())
}

/// One of many that want their own history cosigned: goes on from whatever size the witness names.
async fn push(witness: &Witness, log: &OwnLog, history: &'static str) -> Result<Vec<u64>> {
    let mut accepted = Vec::new();
    let mut old = 0;
    for size in 1..=12 {
        let mine = log.grown(size, history);
        while old <= size {
            let asked = mine.extension(old);
            let answer = witness.ask(&asked).await?;
            match answer.status {
                409 if seen(&answer)? != old => old = seen(&answer)?,
                409 | 422 => break,
                _ => {
                    cosigned(witness, &asked, &answer)?;
                    accepted.push(size);
                    old = size;
                    break;
                }
            }
        }
    }
    Ok(accepted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_side_by_side_cannot_get_two_histories_signed() -> Result<()> {
    let (witness, log) = watched().await?;
    let witness = std::sync::Arc::new(witness);
    let mut pushing = JoinSet::new();
    for at in 0..16 {
        let (witness, log) = (witness.clone(), log.clone());
        let history = if at % 2 == 0 { "one" } else { "other" };
        pushing.spawn(async move { anyhow::Ok((history, push(&witness, &log, history).await?)) });
    }
    let mut winners = std::collections::BTreeMap::<&str, usize>::new();
    while let Some(pushed) = pushing.join_next().await {
        let (history, accepted) = pushed??;
        *winners.entry(history).or_default() += accepted.len();
    }
    let signed: Vec<_> = winners.iter().filter(|(_, accepted)| **accepted > 0).collect();
    ensure!(signed.len() == 1, "cosigned in both histories: {winners:?}");
    let last = log.grown(12, signed[0].0).extension(12);
    cosigned(&witness, &last, &witness.ask(&last).await?)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_between_keeping_and_answering_leaves_one_history() -> Result<()> {
    let (mut witness, log) = watched().await?;
    let mut history = log.grown(1, "true");
    let asked = history.extension(0);
    cosigned(&witness, &asked, &witness.ask(&asked).await?)?;
    let (mut unanswered, mut lost, mut round) = (0, 0, 0);
    // On a machine that is busy the killer may come too late: until it came in time, both before and after.
    while (unanswered < 4 || lost < 4) && round < 100 {
        round += 1;
        let (before, next) = (history.size(), history.grown(3, "true"));
        let asked = next.extension(before);
        let url = format!("{}/add-checkpoint", witness.base());
        let body = asked.to_string();
        let asking =
            tokio::spawn(async move { e2e::http::Client::default().send("POST", &url, &[], body).await });
        tokio::task::block_in_place(|| witness.kill_in_commit(1 + round % 2, || asking.is_finished()))?;
        let answer = asking.await?;
        witness.gone().await?;
        witness.serve().await?;
        // What was answered was kept; what was kept and not answered is found out by asking.
        let again = witness.ask(&asked).await?;
        let kept = again.status == 409;
        if kept {
            ensure!(seen(&again)? == next.size());
            let same = next.extension(next.size());
            cosigned(&witness, &same, &witness.ask(&same).await?)?;
        } else {
            cosigned(&witness, &asked, &again)?;
        }
        ensure!(kept || answer.is_err(), "round {round}: answered, and not kept");
        unanswered += usize::from(kept && answer.is_err());
        lost += usize::from(!kept);
        let fork = history.grown(5, "false").extension(next.size());
        ensure!(witness.ask(&fork).await?.status == 422, "round {round}: a fork was cosigned");
        history = next;
    }
    println!("of {round} kills {unanswered} fell between keeping and answering, {lost} before keeping");
    ensure!(unanswered > 0, "no kill fell between keeping and answering");
    Ok(())
}

#[tokio::test]
async fn a_witness_is_made_once_and_its_store_belongs_to_its_key() -> Result<()> {
    let (mut witness, log) = watched().await?;
    ensure!(witness.must(&["init", "--name", "witness.example/w1"]).await.is_err(), "made twice");
    ensure!(witness.must(&["add", &log.key().to_string()]).await?.contains("already"));
    ensure!(witness.must(&["add", witness.key()]).await.is_err(), "a witness is no log");
    use std::os::unix::fs::PermissionsExt as _;
    let key = witness.data().join("witness.key");
    ensure!(std::fs::metadata(&key)?.permissions().mode() & 0o777 == 0o600);
    witness.kill().await?;
    std::fs::write(&key, [5; 32])?;
    let refused = witness.serve().await.err().context("it serves with another key")?;
    ensure!(format!("{refused:#}").contains("made with another key"), "{refused:#}");
    Ok(())
}
