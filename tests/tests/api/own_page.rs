//! A person's own page, without a browser: what it refuses, and in which words.

use anyhow::{Context, Result, ensure};
use e2e::submit::hidden;
use e2e::world::World;
use shared::Language;
use shared::purpose::ContactField;
use shared::refusal::Refusal;

use crate::{EMAIL, check_problem};

#[tokio::test]
async fn what_is_missing_for_a_purpose_is_named() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let page = world.client.get(&given.manage_url).await?.text();
    ensure!(!page.contains("id=\"vk-g-post\""), "the page offers letters without an address to send them to");
    let before = world.events().await?;
    let post = [("do", "give"), ("purpose", "post"), ("offer", hidden(&page, "offer")?)];
    let answer = world.client.post_form(&given.manage_url, &post).await?;
    check_problem(&answer, 422, Refusal::ContactMissing(ContactField::Address), Language::Nl)?;
    ensure!(world.events().await? == before, "something was stored");
    Ok(())
}

#[tokio::test]
async fn who_reads_in_another_language_goes_on_in_it() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let page = world.client.get(&format!("{}?lang=en", given.manage_url)).await?.text();
    let form = page.split("<form").nth(1).context("no form")?;
    let (_, action) = form.split_once("action=\"").context("the form has no action")?;
    let action = action.split('"').next().context("the action has no end")?.replace("&amp;", "&");
    let answer = world.client.post_form(&action, &[("do", "withdraw_all")]).await?;
    ensure!(answer.status == 303, "{}", answer.text());
    ensure!(answer.header("location").contains("lang=en"), "{}", answer.header("location"));
    let events = world.events().await?;
    ensure!(events.last().is_some_and(|event| event.contains("\"language\":\"en\"")), "{events:?}");
    Ok(())
}
