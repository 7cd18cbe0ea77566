//! Inside the shop's own sign-up form: choices are recorded with the sign-up and never stand in its way.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use e2e::page::Page;
use e2e::world::World;

use crate::{EMAIL, clean, decisions, document, open, running, seen, watching};

const THANKS: &str = "/bedankt.html";

async fn sign_up(page: &Page) -> Result<()> {
    page.fill("#naam", "Eva de Vries").await?;
    page.fill("#email", EMAIL).await?;
    page.click("form[action='bedankt.html'] button.button").await
}

async fn signed_up(world: &World) -> Result<HashMap<String, String>> {
    let post = world.site.first_post(THANKS).await?;
    ensure!(
        post.get("email").map(String::as_str) == Some(EMAIL),
        "the sign-up lost its own fields: {post:?}"
    );
    ensure!(world.site.posts(THANKS).len() == 1, "the sign-up was sent more than once");
    // What was ticked and typed in the widget is between the person and the collector.
    ensure!(!post.contains_key("ticked") && !post.contains_key("offer"), "{post:?}");
    Ok(post)
}

#[tokio::test]
async fn the_sign_up_carries_the_receipt_and_the_address_is_asked_for_once() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/lid-worden.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.until("no second address field", "!shown(deep('#vk-email'))").await?;
    page.until("no buttons of its own", "!deepAll('.buttons button').some(shown)").await?;
    clean(&page).await?;
    sign_up(&page).await?;
    let post = signed_up(&world).await?;
    let stored = world.events().await?;
    ensure!(decisions(&world).await?[0] == "nieuwsbrief given", "{stored:?}");
    let receipt = post.get("vinkje-receipt").cloned().unwrap_or_default();
    ensure!(!receipt.is_empty() && stored[0].contains(&receipt), "the sign-up carries {receipt:?}");
    Ok(())
}

#[tokio::test]
async fn a_sign_up_with_nothing_ticked_goes_on_as_a_refusal() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/lid-worden.html")).await?;
    sign_up(&page).await?;
    signed_up(&world).await?;
    let stored = decisions(&world).await?;
    ensure!(stored.iter().all(|decision| decision.ends_with("not_given")), "{stored:?}");
    Ok(())
}

#[tokio::test]
async fn enter_in_the_shops_own_field_signs_up() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/lid-worden.html")).await?;
    page.click("#vk-p-keuze").await?;
    page.fill("#naam", "Eva de Vries").await?;
    page.fill("#email", EMAIL).await?;
    page.press("Enter").await?;
    signed_up(&world).await?;
    ensure!(decisions(&world).await?[2] == "keuze given");
    Ok(())
}

#[tokio::test]
async fn a_collector_that_is_down_does_not_stop_the_sign_up() -> Result<()> {
    let mut world = World::start().await?;
    let page = open(&world.shop("/lid-worden.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    world.collector.kill().await?;
    sign_up(&page).await?;
    let post = signed_up(&world).await?;
    ensure!(post.get("vinkje-receipt").map(String::as_str) == Some(""), "{post:?}");
    let link = post.get("vinkje-link").cloned().unwrap_or_default();
    ensure!(
        link.starts_with(&format!("{}/f/kaas/aanmelden", world.collector.base())),
        "the link is {link:?}"
    );
    world.collector.serve().await?;
    ensure!(decisions(&world).await?.is_empty(), "something was stored nevertheless");
    Ok(())
}

#[tokio::test]
async fn a_collector_that_never_answers_holds_the_sign_up_for_seconds_only() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/lid-worden.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    let hold = page.hold("*/f/kaas/aanmelden").await?;
    let begun = std::time::Instant::now();
    sign_up(&page).await?;
    hold.arrived().await?;
    let post = signed_up(&world).await?;
    ensure!(post.get("vinkje-receipt").map(String::as_str) == Some(""), "{post:?}");
    ensure!(begun.elapsed().as_secs() < 8, "the sign-up waited {:?}", begun.elapsed());
    hold.release().await
}

#[tokio::test]
async fn without_a_collector_the_page_shows_a_link_and_signs_up() -> Result<()> {
    let mut world = World::start().await?;
    world.collector.kill().await?;
    let page = watching().await?;
    page.go(&world.shop("/lid-worden.html")).await?;
    page.until("the link", "shown(deep('vinkje-consent a'))").await?;
    sign_up(&page).await?;
    signed_up(&world).await.map(drop)
}

#[tokio::test]
async fn the_person_is_told_when_the_shop_stays_on_the_page() -> Result<()> {
    let mut world = World::start().await?;
    let base = world.collector.base();
    let body = format!(
        "<form id=own><label>E-mail <input id=email name=email></label>\
         <vinkje-consent form=\"kaas/aanmelden\" email-from=email name-from=naam><a href=\"{base}/f/kaas/aanmelden\">Kies</a></vinkje-consent>\
         <button class=button>Word lid</button></form><output id=sent></output>\
         <script async src=\"{base}/f/kaas/aanmelden/embed.js?lang=nl\"></script>\
         <script>own.addEventListener('submit',e=>{{e.preventDefault();sent.value=JSON.stringify([...new FormData(own)])}})</script>"
    );
    let page = open(&world.site.put("/blijf.html", &document(&body), &[])).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#email", EMAIL).await?;
    world.collector.kill().await?;
    page.click("button.button").await?;
    page.until("the sign-up", "deep('#sent').value.includes('vinkje-link')").await?;
    page.until("the news", "text().includes('Uw aanmelding gaat gewoon door')").await?;
    page.until("the link", "shown(deep('.said a'))&&deep('.said a').href.includes('/f/kaas/aanmelden')")
        .await?;
    // Later it works again: the same choices are recorded then, once.
    world.collector.serve().await?;
    page.click("button.button").await?;
    page.until("the receipt", "/vinkje-receipt\",\"[0-9a-f]/.test(deep('#sent').value)").await?;
    page.eval("deep('#sent').value=''").await?;
    page.click("button.button").await?;
    page.until("the same receipt", "/vinkje-receipt\",\"[0-9a-f]/.test(deep('#sent').value)").await?;
    ensure!(seen(&page, "recorded").await?.len() == 1, "the choices were recorded twice");
    ensure!(decisions(&world).await?.len() == 4);
    Ok(())
}

#[tokio::test]
async fn a_field_that_only_the_widget_asks_for_holds_the_sign_up_like_any_required_field() -> Result<()> {
    let world = World::start().await?;
    let base = world.collector.base();
    let body = format!(
        "<form method=post action=bedankt.html><label>E-mail <input id=email name=email></label>\
         <vinkje-consent form=\"kaas/aanmelden\" email-from=email><a href=\"{base}/f/kaas/aanmelden\">Kies</a></vinkje-consent>\
         <button class=button>Word lid</button></form>\
         <script async src=\"{base}/f/kaas/aanmelden/embed.js?lang=nl\"></script>"
    );
    let page = watching().await?;
    page.go(&world.site.put("/eigen.html", &document(&body), &[])).await?;
    running(&page).await?;
    page.fill("#email", EMAIL).await?;
    page.click("#vk-p-post").await?;
    page.click("button.button").await?;
    page.until("the question", "shown(deep('#vk-error'))").await?;
    ensure!(
        world.site.posts(THANKS).is_empty(),
        "the sign-up went on without the address that was ticked for"
    );
    page.fill("#vk-address", "Markt 1").await?;
    page.click("button.button").await?;
    signed_up(&world).await?;
    ensure!(decisions(&world).await?[1] == "post given");
    Ok(())
}
