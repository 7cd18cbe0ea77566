//! Receivers with the official packages take what we send, and refuse what somebody else made of it.

use std::collections::HashSet;

use anyhow::{Context, Result, ensure};
use e2e::collector::Setup;
use e2e::receiver::{Language, Receiver};
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::verifiers;
use e2e::world::World;

use crate::{EVA, PIET, add, deliveries, erase, give, vinkje};

/// What the packages take: the message, also when it comes a second time in time, and nothing else.
const TAKEN: [&str; 2] = ["as it came", "signed now"];

async fn receives(language: Language) -> Result<()> {
    let world = World::start().await?;
    let receiver = Receiver::start(language, world.collector.folder(), 0).await?;
    let url = format!("http://localhost:{}/vinkje", receiver.port);
    receiver.knows(&add(&world, "crm", &url, &["--allow", "localhost"]).await?).await?;
    let said = vinkje(&world, &["webhook", "test", "kaas", "--name", "crm"]).await?;
    ensure!(said.contains("204"), "{said}");

    let given = give(&world, EVA).await?;
    let message = receiver.hears("consent.given").await?;
    ensure!(message.body["data"]["receipt"] == *given.receipt, "{}", message.body);
    world.withdraw_all(&given.manage_url).await?;
    let withdrawn = receiver.hears("consent.withdrawn").await?;
    ensure!(withdrawn.body["data"]["subject"] == message.body["data"]["subject"], "{}", withdrawn.body);
    erase(&world, EVA).await?;
    let erased = receiver.hears("subject.erased").await?;
    ensure!(erased.body["data"]["subject"] == message.body["data"]["subject"], "{}", erased.body);

    let came = receiver.came().await?;
    ensure!(came.iter().all(|one| one.refused.is_none()), "refused: {came:?}");
    ensure!(came.iter().all(|one| !one.line.contains('@') && !one.line.contains("eva")), "names somebody");
    let ids: HashSet<&str> = came.iter().map(|one| one.id.as_str()).collect();
    ensure!(ids.len() == came.len(), "two messages have one id");

    let judged = receiver.judge(&message).await?;
    let judged = judged.as_object().context("no judgements")?;
    ensure!(judged.len() == 10, "{judged:?}");
    for (name, taken) in judged {
        ensure!(*taken == TAKEN.contains(&name.as_str()), "{name}: {taken}");
    }
    Ok(())
}

#[tokio::test]
async fn the_package_for_python_takes_our_messages_and_refuses_forged_changed_and_late_ones() -> Result<()> {
    receives(Language::Python).await
}

#[tokio::test]
async fn the_package_for_javascript_takes_our_messages_and_refuses_forged_changed_and_late_ones() -> Result<()>
{
    receives(Language::JavaScript).await
}

/// Over HTTPS, as outside: with an authority that the machine trusts, and with one that it does not.
#[tokio::test]
async fn a_receiver_is_told_only_behind_a_certificate_that_the_machine_trusts() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let receiver = Receiver::start(Language::JavaScript, folder.path(), 0).await?;
    let plain = format!("http://127.0.0.1:{}", receiver.port);
    let (ours, others) = (folder.path().join("ours.pem"), folder.path().join("others.pem"));
    let (_trusted, trusted) = verifiers::https(&ours, &plain).await?;
    let (_strange, strange) = verifiers::https(&others, &plain).await?;
    let world = World::start_with(Setup { trusts: Some(ours), ..Setup::default() }).await?;
    add(&world, "strange", &format!("{strange}/"), &["--allow", "127.0.0.1"]).await?;
    receiver.knows(&add(&world, "crm", &format!("{trusted}/"), &["--allow", "127.0.0.1"]).await?).await?;
    give(&world, EVA).await?;
    let heard = receiver.hears("consent.given").await?;
    ensure!(heard.refused.is_none(), "{heard:?}");
    let log = until("the try in the log", PATIENCE_SECONDS, async || {
        let log = deliveries(&world, "strange").await?;
        Ok((!log.is_empty()).then_some(log))
    });
    let log = log.await?;
    ensure!(log.contains("no connection"), "{log}");
    ensure!(receiver.came().await?.len() == 1, "told behind a certificate that nobody trusts");
    Ok(())
}

#[tokio::test]
async fn a_new_secret_counts_beside_the_one_before_it() -> Result<()> {
    let world = World::start().await?;
    let receiver = Receiver::start(Language::Python, world.collector.folder(), 0).await?;
    let url = format!("http://127.0.0.1:{}/", receiver.port);
    receiver.knows(&add(&world, "crm", &url, &["--allow", "127.0.0.1"]).await?).await?;
    let said = vinkje(&world, &["webhook", "rotate", "kaas", "--name", "crm"]).await?;
    let fresh = said.lines().next().context("no secret")?;
    give(&world, EVA).await?;
    let old = receiver.hears("consent.given").await?;
    ensure!(old.refused.is_none() && old.signatures.split(' ').count() == 2, "{old:?}");
    receiver.knows(fresh).await?;
    let given = give(&world, PIET).await?;
    world.withdraw_all(&given.manage_url).await?;
    let new = receiver.hears("consent.withdrawn").await?;
    ensure!(new.refused.is_none(), "{new:?}");
    Ok(())
}

#[tokio::test]
async fn whoever_was_told_of_a_receipt_can_ask_what_stands_and_that_is_recorded() -> Result<()> {
    let world = World::start().await?;
    let given = give(&world, EVA).await?;
    let key = async |scope: &str| {
        let made = vinkje(&world, &["key", "add", "kaas", "--name", scope, "--scope", scope]).await?;
        anyhow::Ok(format!("Bearer {}", made.trim()))
    };
    let (ask, download) = (key("ask").await?, key("download").await?);
    let url = format!("{}/v1/kaas/receipts/{}", world.collector.base(), given.receipt);
    let look_up =
        async |key: &str, url: &str| world.client.send("GET", url, &[("authorization", key)], "").await;
    ensure!(look_up(&ask, &url).await?.status == 403);
    ensure!(vinkje(&world, &["access", "kaas"]).await?.is_empty());
    let answer = look_up(&download, &url).await?;
    ensure!(answer.status == 200 && answer.header("cache-control") == "no-store", "{}", answer.text());
    let found = answer.json()?;
    ensure!(found["contact"]["email"] == EVA && found["manage_url"] == *given.manage_url, "{found}");
    let stands = |found: &serde_json::Value| {
        let purposes = found["purposes"].as_array().cloned().unwrap_or_default();
        purposes.into_iter().find(|one| one["purpose"] == "nieuwsbrief").unwrap_or_default()
    };
    ensure!(stands(&found)["answer"] == true && stands(&found)["decided"] == "given", "{found}");
    let recorded = vinkje(&world, &["access", "kaas"]).await?;
    ensure!(recorded.contains("download: looked one person up") && !recorded.contains(EVA), "{recorded}");
    world.withdraw_all(&given.manage_url).await?;
    let found = look_up(&download, &url).await?.json()?;
    ensure!(stands(&found)["answer"] == false && stands(&found)["state"] == "withdrawn", "{found}");
    ensure!(stands(&found)["decided"] == "given", "a receipt says what it said: {found}");
    erase(&world, EVA).await?;
    ensure!(look_up(&download, &url).await?.status == 404);
    let other = format!("{}/v1/kaas/receipts/nothing", world.collector.base());
    ensure!(look_up(&download, &other).await?.status == 404);
    Ok(())
}

#[tokio::test]
async fn what_was_sent_can_be_sent_again_under_its_own_id() -> Result<()> {
    let world = World::start().await?;
    let receiver = Receiver::start(Language::Python, world.collector.folder(), 0).await?;
    let url = format!("http://127.0.0.1:{}/", receiver.port);
    receiver.knows(&add(&world, "crm", &url, &["--allow", "127.0.0.1"]).await?).await?;
    give(&world, EVA).await?;
    let first = receiver.hears("consent.given").await?;
    let log = e2e::until::until("the log of deliveries", e2e::until::PATIENCE_SECONDS, async || {
        let log = deliveries(&world, "crm").await?;
        Ok((!log.is_empty()).then_some(log))
    });
    let log = log.await?;
    ensure!(
        log.contains(&first.id) && log.contains("consent.given try 1: 204") && !log.contains('@'),
        "{log}"
    );
    let replay = ["webhook", "replay", "kaas", "--name", "crm"];
    vinkje(&world, &[&replay[..], &["--id", &first.id]].concat()).await?;
    vinkje(&world, &[&replay[..], &["--since", "2026-01-01T00:00:00Z"]].concat()).await?;
    let all = e2e::until::until("three messages", e2e::until::PATIENCE_SECONDS, async || {
        let came = receiver.came().await?;
        Ok((came.len() >= 3).then_some(came))
    });
    let all = all.await?;
    ensure!(all.iter().all(|came| came.id == first.id && came.body == first.body), "{all:?}");
    Ok(())
}
