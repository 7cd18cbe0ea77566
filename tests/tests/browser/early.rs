//! The moments before the WASM has arrived, and what happens when it never does.

use anyhow::{Result, ensure};
use e2e::world::World;

use crate::{EMAIL, decisions, only_given, running, saved, seen, watching};

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

/// Everybody who came within half a minute has the same offer; without WASM nothing else tells two of them apart.
#[tokio::test]
async fn two_people_whose_wasm_never_comes_get_two_receipts_for_the_same_answer() -> Result<()> {
    let world = World::start().await?;
    let mut offers = Vec::new();
    let mut receipts = Vec::new();
    for _ in 0..2 {
        let page = watching().await?;
        page.block(WASM).await?;
        page.go(&world.shop("/index.html")).await?;
        page.until("the form without WASM", "window.seen.some(e=>e.code==='wasm_unavailable')").await?;
        offers.push(page.eval_text("deep('input[name=offer]').value").await?);
        page.click(".buttons button[value=none]").await?;
        page.until("the receipt page", "location.pathname.startsWith('/r/')").await?;
        receipts.push(page.address().await?);
    }
    ensure!(offers[0] == offers[1], "two offers, so this proves nothing");
    ensure!(receipts[0] != receipts[1], "two people share one receipt");
    ensure!(decisions(&world).await?.len() == 8);
    Ok(())
}

#[tokio::test]
async fn pressing_twice_without_wasm_is_one_answer() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    page.block(WASM).await?;
    page.go(&world.shop("/index.html")).await?;
    page.until("the form without WASM", "window.seen.some(e=>e.code==='wasm_unavailable')").await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.double_click("button[value=save]").await?;
    page.until("the receipt page", "location.pathname.startsWith('/r/')").await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn a_form_whose_wasm_comes_later_is_no_plain_form_any_more() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    page.block(WASM).await?;
    page.go(&world.shop("/index.html")).await?;
    page.until("the form without WASM", "window.seen.some(e=>e.code==='wasm_unavailable')").await?;
    page.block("*/nothing").await?;
    page.click("a[data-vinkje-lang=en]").await?;
    running(&page).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    ensure!(page.address().await?.ends_with("/index.html"), "the form was posted plainly");
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn a_language_that_does_not_come_is_said_and_the_form_stays_as_it_is() -> Result<()> {
    let mut world = World::start().await?;
    let page = crate::open(&world.shop("/index.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    world.collector.kill().await?;
    page.click("a[data-vinkje-lang=en]").await?;
    page.until(
        "the news",
        "shown(deep('.said[role=alert]'))&&text().includes('De andere taal laadt nu niet')",
    )
    .await?;
    page.click("a[data-vinkje-lang=en]").await?;
    page.until(
        "it once",
        "window.seen.filter(e=>e.code==='unreachable').length===2&&deepAll('.said').length===1",
    )
    .await?;
    page.until("the form as it was", "deep('.vinkje').lang==='nl'&&deep('#vk-p-nieuwsbrief').checked")
        .await?;
    world.collector.serve().await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    page.until("the news gone", "!deep('.said')").await?;
    only_given(&world, &["nieuwsbrief"]).await
}
