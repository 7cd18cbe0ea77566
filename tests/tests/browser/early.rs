//! The moments before the WASM has arrived, and what happens when it never does.

use anyhow::{Result, ensure};
use e2e::world::World;

use crate::{EMAIL, only_given, running, saved, seen, watching};

const WASM: &str = "*/w/*vinkje*.wasm";

#[tokio::test]
async fn a_box_that_is_ticked_before_the_wasm_arrives_counts() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    let hold = page.hold(WASM).await?;
    page.start_going(&world.shop("/index.html")).await?;
    hold.arrived().await?;
    // Pictures and fonts that come late move what a person aims at.
    page.until("the rest of the page", "document.readyState==='complete'").await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.click("#vk-p-keuze").await?;
    page.click("#vk-p-keuze").await?;
    page.fill("#vk-email", EMAIL).await?;
    ensure!(seen(&page, "ready").await?.is_empty(), "the WASM was there already");
    hold.release().await?;
    running(&page).await?;
    page.until("the tick kept", "deep('#vk-p-nieuwsbrief').checked&&!deep('#vk-p-keuze').checked").await?;
    page.until("the address kept", "deep('#vk-email').value.length>0").await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn an_answer_that_is_sent_before_the_wasm_arrives_is_recorded_once() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    let hold = page.hold(WASM).await?;
    page.start_going(&world.shop("/index.html")).await?;
    hold.arrived().await?;
    // Pictures and fonts that come late move what a person aims at.
    page.until("the rest of the page", "document.readyState==='complete'").await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    hold.release().await?;
    saved(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn the_same_on_the_hosted_page() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    let hold = page.hold(WASM).await?;
    page.start_going(&world.hosted("nl")).await?;
    hold.arrived().await?;
    // Pictures and fonts that come late move what a person aims at.
    page.until("the rest of the page", "document.readyState==='complete'").await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    hold.release().await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}

/// The collector was renewed between the loader and the WASM, or the browser kept the WASM of before.
#[tokio::test]
async fn a_wasm_of_another_build_is_not_used() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    let hold = page.hold("*/w/vinkje.wasm").await?;
    page.start_going(&world.shop("/index.html")).await?;
    hold.answer("application/wasm", b"\0asm\x01\0\0\0").await?;
    page.hold_nothing().await?;
    running(&page).await?;
    ensure!(page.request_count("GET", "/vinkje-") == 1, "the right WASM was not asked for by its hash");
    Ok(())
}

#[tokio::test]
async fn a_form_whose_wasm_never_comes_is_sent_as_a_plain_form() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    page.block(WASM).await?;
    page.go(&world.hosted("nl")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    page.until("the receipt page", "location.pathname.startsWith('/r/')").await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn an_answer_whose_acknowledgement_is_lost_is_stored_once() -> Result<()> {
    let world = World::start().await?;
    let page = crate::open(&world.shop("/index.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    let hold = page.hold("*/f/kaas/aanmelden").await?;
    page.click("button[value=save]").await?;
    hold.arrived().await?;
    hold.fail().await?;
    page.until("the news", "shown(deep('#vk-problem'))").await?;
    page.hold_nothing().await?;
    page.click(".buttons button[value=save]").await?;
    saved(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}
