//! Programs that fill in forms: they get nothing to count, and people who are mistaken for one lose nothing.

use anyhow::{Context, Result, ensure};
use e2e::collector::Setup;
use e2e::page::Page;
use e2e::post::wait_for;
use e2e::submit::{answers, hidden, nonce};
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::world::World;

use crate::{EMAIL, may};

#[tokio::test]
async fn what_comes_sooner_than_a_person_reads_waits_for_the_owner_of_the_address() -> Result<()> {
    let world = World::start_with(Setup { quick_seconds: 3_600, ..Setup::default() }).await?;
    let form = world.form();
    let offer = form.offer("nl").await?;
    let first = form.post(&answers(&offer, &nonce()?, &["nieuwsbrief"], EMAIL)).await?.json()?;
    ensure!(first["outcome"] == "requested", "{first}");
    ensure!(may(&world, "nieuwsbrief", EMAIL).await? == (false, "requested".into()));
    // Who was that quick confirms, and it counts.
    let letter = wait_for(&world.collector.mail(), 1).await?.pop().context("no letter")?;
    world.client.post_form(&letter.link("/c/")?, &[("do", "yes")]).await?;
    ensure!(may(&world, "nieuwsbrief", EMAIL).await?.0);
    // An offer that is read for as long as people do.
    let world = World::start_with(Setup { quick_seconds: 1, ..Setup::default() }).await?;
    let form = world.form();
    let offer = form.offer("nl").await?;
    until("an answer that counts at once", PATIENCE_SECONDS, async || {
        let answer =
            form.post(&answers(&offer, &nonce()?, &["nieuwsbrief"], "piet@voorbeeld.example")).await?;
        Ok((answer.json()?["outcome"] == "given").then_some(()))
    })
    .await
}

#[tokio::test]
async fn who_fills_in_the_field_that_people_do_not_see_is_refused_and_told_why() -> Result<()> {
    let world = World::start().await?;
    let html = world.client.get(&world.hosted("nl")).await?.text();
    let offer = hidden(&html, "offer")?.to_owned();
    let before = world.events().await?;
    let post = [("offer", offer.as_str()), ("ticked", "nieuwsbrief"), ("email", EMAIL), ("answer", "save")];
    let filled = [&post[..], &[("website", "https://spam.example")]].concat();
    let answer = world.client.post_form(world.form().url(), &filled).await?;
    ensure!(answer.status == 422 && answer.text().contains("unseen_filled"), "{}", answer.text());
    let mut body = answers(&offer, &nonce()?, &["nieuwsbrief"], EMAIL);
    body["website"] = "x".into();
    ensure!(world.form().post(&body).await?.json()?["code"] == "unseen_filled");
    ensure!(world.events().await? == before, "it is stored all the same");
    let empty = [&post[..], &[("website", "")]].concat();
    ensure!(
        world.client.post_form(world.form().url(), &empty).await?.status == 303,
        "left empty, as people do"
    );

    let page = Page::open().await?;
    page.go(&world.hosted("nl")).await?;
    page.until("the form", "deep('input[value=nieuwsbrief]')!==null").await?;
    page.until("a field that nobody sees", "deep('input[name=website]').getClientRects().length===0").await
}
