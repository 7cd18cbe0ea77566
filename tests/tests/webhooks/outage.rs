//! Receivers that are down, gone or silent: nothing is lost, and nobody else waits.

use anyhow::{Result, ensure};
use e2e::collector::Setup;
use e2e::port::free_port;
use e2e::post::wait_for;
use e2e::receiver::{Language, Receiver};
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::world::World;

use crate::hook::{Answers, Hook};
use crate::{EVA, PIET, add, deliveries, erase, give, vinkje};

async fn line_of(world: &World, name: &str, word: &str) -> Result<String> {
    until(&format!("{word} in the list"), PATIENCE_SECONDS, async || {
        let list = vinkje(world, &["webhook", "list", "kaas"]).await?;
        let line = list.lines().find(|line| line.starts_with(name) && line.contains(word));
        Ok(line.map(str::to_owned))
    })
    .await
}

#[tokio::test]
async fn what_happened_while_a_receiver_was_down_is_told_later_also_over_a_kill() -> Result<()> {
    let mut world = World::start().await?;
    let port = free_port()?;
    let url = format!("http://127.0.0.1:{port}/");
    let secret = add(&world, "crm", &url, &["--allow", "127.0.0.1"]).await?;
    let given = give(&world, EVA).await?;
    world.withdraw_all(&given.manage_url).await?;
    line_of(&world, "crm", "FAILING since").await?;
    world.collector.kill().await?;
    let receiver = Receiver::start(Language::Python, world.collector.folder(), port).await?;
    receiver.knows(&secret).await?;
    world.collector.serve().await?;
    let (one, two) = (receiver.hears("consent.given").await?, receiver.hears("consent.withdrawn").await?);
    ensure!(one.refused.is_none() && two.refused.is_none() && one.id != two.id);
    let came = receiver.came().await?;
    let known = |came: &&e2e::receiver::Came| came.id == one.id || came.id == two.id;
    ensure!(came.iter().all(|came| known(&came)), "one thing has two ids: {came:?}");
    line_of(&world, "crm", "] ok").await?;
    let log = deliveries(&world, "crm").await?;
    ensure!(log.contains("no connection") && log.contains(": 204"), "{log}");
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_disabled_and_hears_what_it_missed_when_it_is_enabled() -> Result<()> {
    let world = World::start().await?;
    let hook = Hook::start(Answers::Status(410)).await?;
    add(&world, "crm", &hook.url, &["--allow", "127.0.0.1"]).await?;
    let eva = give(&world, EVA).await?;
    let line = line_of(&world, "crm", "DISABLED since").await?;
    ensure!(line.contains("410") && line.contains("vinkje webhook enable kaas --name \"crm\""), "{line}");
    ensure!(world.collector.said()?.contains("an endpoint is disabled"), "the log says nothing");
    give(&world, PIET).await?;
    world.withdraw_all(&eva.manage_url).await?;
    erase(&world, PIET).await?;
    ensure!(hook.got().len() == 1, "it is still told: {:?}", hook.got());
    hook.answers(Answers::Status(204));
    vinkje(&world, &["webhook", "enable", "kaas", "--name", "crm"]).await?;
    let told = until("what it missed", PATIENCE_SECONDS, async || {
        let types: Vec<String> = hook.got().into_iter().map(|(_, event)| event).collect();
        let all =
            ["consent.withdrawn", "subject.erased"].iter().all(|event| types.iter().any(|one| one == event));
        Ok(all.then_some(types))
    });
    ensure!(told.await?.iter().filter(|event| *event == "consent.given").count() >= 2, "{:?}", hook.got());
    line_of(&world, "crm", "] ok").await?;
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_never_answers_holds_up_neither_letters_nor_other_receivers() -> Result<()> {
    let world = World::start_with(Setup { confirms: true, ..Setup::default() }).await?;
    let (silent, quick) = (Hook::start(Answers::Never).await?, Hook::start(Answers::Status(200)).await?);
    let asked = ["--allow", "127.0.0.1", "--event", "consent.requested"];
    add(&world, "silent", &silent.url, &asked).await?;
    add(&world, "quick", &quick.url, &asked).await?;
    for person in 0..40 {
        give(&world, &format!("mens{person}@voorbeeld.example")).await?;
    }
    quick.gets(40).await?;
    let letters = wait_for(&world.collector.mail(), 40).await?;
    ensure!(letters.len() == 40, "{} letters", letters.len());
    ensure!(silent.got().len() < 40, "too much at once: {}", silent.got().len());
    silent.answers(Answers::Status(200));
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() -> Result<()> {
    let world = World::start().await?;
    let there = Hook::start(Answers::Status(200)).await?;
    let here = Hook::start(Answers::Elsewhere(there.url.clone())).await?;
    add(&world, "crm", &here.url, &["--allow", "127.0.0.1"]).await?;
    give(&world, EVA).await?;
    let log = until("the try in the log", PATIENCE_SECONDS, async || {
        let log = deliveries(&world, "crm").await?;
        Ok(log.contains(": 307").then_some(log))
    });
    let log = log.await?;
    ensure!(there.got().is_empty(), "followed: {:?}", there.got());
    // It is tried again, as after any failure.
    let again = here.gets(2).await?;
    ensure!(again[0].0 == again[1].0 && log.contains(&again[0].0), "{again:?}");
    Ok(())
}
