//! Lists of newsletter tools follow what people agree to and stop, over outages and erasures.

use anyhow::{Context, Result, ensure};
use e2e::collector::Setup;
use e2e::post::wait_for;
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::world::World;

use crate::tool::{LISTS, SECRETS, Tool};
use crate::{EVA, PIET, deliveries, erase, give, vinkje};

const ON: [&str; 2] = ["confirmed", "subscribed"];
const OFF: [&str; 2] = ["unsubscribed", "unsubscribed"];

/// A world whose newsletter list is kept by both tools.
async fn world_with(tool: &Tool, setup: Setup) -> Result<World> {
    let world = World::start_with(setup).await?;
    for (at, kind) in ["listmonk", "mailchimp"].into_iter().enumerate() {
        let file = world.collector.folder().join(kind);
        tokio::fs::write(&file, format!("{}\n", SECRETS[at])).await?;
        let file = file.display().to_string();
        let add = ["connector", "add", "kaas", "--name", kind, "--kind", kind, "--url", &tool.url];
        let which = ["--list", LISTS[at], "--purpose", "nieuwsbrief", "--allow", "127.0.0.1"];
        vinkje(&world, &[&add[..], &which, &["--secret-file", &file]].concat()).await?;
    }
    Ok(world)
}

/// Nothing that the collector says, or that its tools were asked by address, names somebody.
async fn names_nobody(world: &World, tool: &Tool) -> Result<()> {
    let said = world.collector.said()? + &tool.asked().join("\n");
    let log = deliveries(world, "listmonk").await? + &deliveries(world, "mailchimp").await?;
    for secret in [EVA, PIET, "eva%40", SECRETS[0], SECRETS[1]] {
        ensure!(!said.contains(secret) && !log.contains(secret), "{secret} in {said}{log}");
    }
    Ok(())
}

#[tokio::test]
async fn who_confirms_comes_on_the_list_and_who_stops_goes_off_it() -> Result<()> {
    let tool = Tool::start().await?;
    let world = world_with(&tool, Setup { confirms: true, ..Setup::default() }).await?;
    let given = give(&world, EVA).await?;
    let ask = wait_for(&world.collector.mail(), 1).await?.pop().context("no letter")?;
    ensure!(tool.stands(EVA) == [None, None] && tool.asked().is_empty(), "before it is confirmed");
    let answer = world.client.post_form(&ask.link("/c/")?, &[("do", "yes")]).await?;
    ensure!(answer.status == 303, "{}", answer.text());
    tool.until(EVA, ON).await?;
    world.withdraw_all(&given.manage_url).await?;
    tool.until(EVA, OFF).await?;
    names_nobody(&world, &tool).await
}

#[tokio::test]
async fn who_is_known_to_a_tool_comes_on_the_list_beside_others() -> Result<()> {
    let tool = Tool::start().await?;
    tool.knows("o'brien@voorbeeld.example");
    let world = world_with(&tool, Setup::default()).await?;
    let given = give(&world, "O'Brien@voorbeeld.example").await?;
    until("both tools", PATIENCE_SECONDS, async || {
        let listed = tool.stands("o'brien@voorbeeld.example")[0].as_deref() == Some("confirmed");
        let member = tool.stands("O'Brien@voorbeeld.example")[1].as_deref() == Some("subscribed");
        Ok((listed && member).then_some(()))
    })
    .await?;
    world.withdraw_all(&given.manage_url).await?;
    until("both tools", PATIENCE_SECONDS, async || {
        let listed = tool.stands("o'brien@voorbeeld.example")[0].as_deref() == Some("unsubscribed");
        let member = tool.stands("O'Brien@voorbeeld.example")[1].as_deref() == Some("unsubscribed");
        Ok((listed && member).then_some(()))
    })
    .await
}

#[tokio::test]
async fn who_is_erased_while_a_tool_is_down_goes_off_its_list_all_the_same() -> Result<()> {
    let tool = Tool::start().await?;
    let mut world = world_with(&tool, Setup::default()).await?;
    give(&world, EVA).await?;
    tool.until(EVA, ON).await?;
    tool.is_down(true);
    erase(&world, EVA).await?;
    // Somebody comes and goes while nobody is told.
    let piet = give(&world, PIET).await?;
    world.withdraw_all(&piet.manage_url).await?;
    world.collector.kill().await?;
    tool.is_down(false);
    world.collector.serve().await?;
    tool.until(EVA, OFF).await?;
    for name in ["listmonk", "mailchimp"] {
        until("everything to be told", PATIENCE_SECONDS, async || {
            let log = deliveries(&world, name).await?;
            Ok((log.matches(": 200").count() == 4).then_some(()))
        })
        .await?;
    }
    ensure!(tool.stands(PIET) == [None, None], "somebody who stopped meanwhile: {:?}", tool.stands(PIET));
    names_nobody(&world, &tool).await
}

#[tokio::test]
async fn two_people_of_one_address_count_together() -> Result<()> {
    let tool = Tool::start().await?;
    let world = world_with(&tool, Setup::default()).await?;
    give(&world, EVA).await?;
    let second = give(&world, EVA).await?;
    tool.until(EVA, ON).await?;
    world.withdraw_all(&second.manage_url).await?;
    tool.until(EVA, OFF).await
}

#[tokio::test]
async fn whom_a_tool_does_not_take_is_said_so_and_stops_nobody_else() -> Result<()> {
    let tool = Tool::start().await?;
    tool.wants_in_person(EVA);
    let world = world_with(&tool, Setup::default()).await?;
    give(&world, EVA).await?;
    give(&world, PIET).await?;
    tool.until(EVA, ["confirmed", "-"]).await?;
    tool.until(PIET, ON).await?;
    let log = until("the refusal in the log", PATIENCE_SECONDS, async || {
        let log = deliveries(&world, "mailchimp").await?;
        Ok(log.contains("refused for this person").then_some(log))
    });
    let log = log.await?;
    ensure!(log.lines().count() == 2, "tried again: {log}");
    let listed = vinkje(&world, &["connector", "list", "kaas"]).await?;
    ensure!(listed.lines().count() == 2 && listed.lines().all(|line| line.ends_with("] ok")), "{listed}");
    ensure!(!listed.contains(SECRETS[0]) && !listed.contains(SECRETS[1]), "{listed}");
    names_nobody(&world, &tool).await
}

#[tokio::test]
async fn a_list_is_brought_into_line_with_what_was_before() -> Result<()> {
    let tool = Tool::start().await?;
    let world = World::start().await?;
    give(&world, EVA).await?;
    let piet = give(&world, PIET).await?;
    world.withdraw_all(&piet.manage_url).await?;
    let file = world.collector.folder().join("secret");
    tokio::fs::write(&file, SECRETS[0]).await?;
    let file = file.display().to_string();
    let add = ["connector", "add", "kaas", "--name", "post", "--kind", "listmonk", "--url", &tool.url];
    let which = ["--list", LISTS[0], "--purpose", "nieuwsbrief", "--allow", "127.0.0.1"];
    vinkje(&world, &[&add[..], &which, &["--secret-file", &file]].concat()).await?;
    let since = ["--since", "2026-01-01T00:00:00Z"];
    vinkje(&world, &[&["connector", "replay", "kaas", "--name", "post"], &since[..]].concat()).await?;
    tool.until(EVA, ["confirmed", "-"]).await?;
    until("everything to be told", PATIENCE_SECONDS, async || {
        Ok((deliveries(&world, "post").await?.matches(": 200").count() == 3).then_some(()))
    })
    .await?;
    ensure!(tool.stands(PIET) == [None, None], "{:?}", tool.stands(PIET));
    Ok(())
}
