//! People of whom their organisation tells: receivers and tools hear of them as of others, and of customers never as of consent.

use anyhow::{Context, Result, ensure};
use e2e::definition;
use e2e::world::World;
use serde_json::json;

use crate::hook::{Answers, Hook};
use crate::tool::{LISTS, SECRETS, Tool};
use crate::{EVA, PIET, add, vinkje};

const ON: [&str; 2] = ["confirmed", "subscribed"];
const OFF: [&str; 2] = ["unsubscribed", "unsubscribed"];

/// A tool of each kind keeps the list of this purpose.
async fn connect(world: &World, tool: &Tool, purpose: &str) -> Result<()> {
    for (at, kind) in ["listmonk", "mailchimp"].into_iter().enumerate() {
        let file = world.collector.folder().join(kind);
        tokio::fs::write(&file, format!("{}\n", SECRETS[at])).await?;
        let file = file.display().to_string();
        let add = ["connector", "add", "kaas", "--name", kind, "--kind", kind, "--url", &tool.url];
        let which = ["--list", LISTS[at], "--purpose", purpose, "--allow", "127.0.0.1"];
        vinkje(world, &[&add[..], &which, &["--secret-file", &file]].concat()).await?;
    }
    Ok(())
}

async fn post(world: &World, path: &str, scope: &str, body: serde_json::Value) -> Result<serde_json::Value> {
    let key = vinkje(world, &["key", "add", "kaas", "--name", scope, "--scope", scope]).await?;
    let (url, bearer) =
        (format!("{}/v1/kaas/{path}", world.collector.base()), format!("Bearer {}", key.trim()));
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    let answer = world.client.send("POST", &url, &headers, body.to_string().into_bytes()).await?;
    ensure!(answer.status == 200, "{} {}", answer.status, answer.text());
    answer.json()
}

/// Messages come in no order.
fn types(got: Vec<(String, String)>) -> Vec<String> {
    let mut types: Vec<String> = got.into_iter().map(|(_, kind)| kind).collect();
    types.sort_unstable();
    types
}

#[tokio::test]
async fn people_of_an_imported_list_come_on_the_tools_lists_and_go_off_them() -> Result<()> {
    let (tool, hook) = (Tool::start().await?, Hook::start(Answers::Status(204)).await?);
    let world = World::start().await?;
    connect(&world, &tool, "nieuwsbrief").await?;
    add(
        &world,
        "crm",
        &hook.url,
        &["--allow", "127.0.0.1", "--event", "consent.unproven", "--event", "consent.given"],
    )
    .await?;
    let request = json!({
        "purpose": "nieuwsbrief", "source": "beurs", "wording": "Ja, mail mij.", "dry_run": false,
        "list": format!("email,date\n{EVA},2026-11-01\n{PIET},\n"),
    });
    let done = post(&world, "imports", "manage", request).await?;
    ensure!(done["end"] == true, "{done}");
    ensure!(types(hook.gets(2).await?) == ["consent.given", "consent.unproven"], "{:?}", hook.got());
    tool.until(EVA, ON).await?;
    ensure!(tool.stands(PIET) == [None, None], "a list without proof brings somebody onto another");
    let list = vinkje(&world, &["list", "kaas", "nieuwsbrief"]).await?;
    let line: serde_json::Value = serde_json::from_str(list.lines().next().context("nobody")?)?;
    world.withdraw_all(line["manage_url"].as_str().context("no link")?).await?;
    tool.until(EVA, OFF).await?;
    ensure!(types(hook.gets(3).await?)[2] == "consent.withdrawn", "{:?}", hook.got());
    Ok(())
}

#[tokio::test]
async fn a_customer_is_told_of_as_a_customer_and_stops_as_one() -> Result<()> {
    let (tool, hook) = (Tool::start().await?, Hook::start(Answers::Status(204)).await?);
    let world = World::start().await?;
    world
        .collector
        .apply(&definition::with_customers(&definition::shop(world.site.origin(), false)?)?)
        .await?;
    connect(&world, &tool, "klanten").await?;
    add(&world, "crm", &hook.url, &["--allow", "127.0.0.1"]).await?;
    let sale = json!({
        "email": EVA, "sale": "order-1", "product_group": "kaas", "purpose": "klanten", "sold_at": "2026-11-01",
        "objection": "offered",
    });
    let told = post(&world, "sales", "sales", json!({ "sales": [sale] })).await?;
    tool.until(EVA, ON).await?;
    ensure!(types(hook.gets(1).await?) == ["customer.not_objected"], "{:?}", hook.got());
    let stop = told["sales"][0]["unsubscribe_url"].as_str().context("no stop link")?;
    let answer = world.client.post_form(stop, &[("List-Unsubscribe", "One-Click")]).await?;
    ensure!(answer.status == 200, "{} {}", answer.status, answer.text());
    tool.until(EVA, OFF).await?;
    let heard = types(hook.gets(2).await?);
    ensure!(heard == ["customer.not_objected", "customer.objected"], "{heard:?}");
    Ok(())
}
