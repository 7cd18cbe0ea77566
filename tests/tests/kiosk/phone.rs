//! A customer who would rather answer on their own phone.

use anyhow::{Result, ensure};
use e2e::kiosk::Counter;
use e2e::page::Page;
use e2e::scan::text_of;
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::verifiers;
use e2e::world::{World, vinkje};
use serde_json::Value;

const EMAIL: &str = "eva@voorbeeld.example";

/// Chooses the own phone, in a language; gives the link that a camera reads on the screen.
async fn scanned(counter: &Counter, language: &str) -> Result<String> {
    counter.page.click(&format!("[data-do=phone][data-value={language}]")).await?;
    counter.shows("phone").await?;
    counter.page.until("the code to scan", "shown(deep('.phone .code-square'))").await?;
    text_of(&counter.page.picture(".phone .code-square").await?)
}

/// What a receipt says, by its page's address.
async fn signed(world: &World, page: &str) -> Result<Value> {
    let page = page.split(['?', '#']).next().unwrap_or_default();
    let answer = world.client.get(&format!("{page}.json")).await?;
    ensure!(answer.status == 200, "{page} gives {}", answer.status);
    Ok(serde_json::from_slice(&answer.body)?)
}

/// Whether everybody who judges evidence takes a receipt: the collector's own program, and two by other hands.
async fn judged(world: &World, page: &str) -> Result<()> {
    let page = page.split(['?', '#']).next().unwrap_or_default();
    let file = world.fetch(&format!("{page}.bundle"), "phone.vinkje.json").await?;
    let keys = world.keys().await?.display().to_string();
    let log = format!("{}/log/kaas/key", world.collector.base());
    let log = world.fetch(&log, "log.key.txt").await?.display().to_string();
    let trust = ["--keys".to_owned(), keys, "--log-key".to_owned(), log];
    for [python, node] in &verifiers::bundles(&trust, std::slice::from_ref(&file)).await? {
        ensure!(python == node && python["accepted"].is_u64(), "{python} {node}");
    }
    let file = file.display().to_string();
    let verify = [&["verify", "bundle", &file][..], &trust.each_ref().map(String::as_str)].concat();
    world.collector.must(&verify).await.map(drop)
}

async fn phone(link: &str) -> Result<Page> {
    let page = Page::open().await?;
    page.size(390, 844, 2).await?;
    page.go(link).await?;
    Ok(page)
}

#[tokio::test]
async fn somebody_answers_on_their_own_phone_and_the_screen_says_done_and_nothing_else() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    counter.staff().await?;
    counter.page.click("[data-do=on-duty][data-value='Balie 2']").await?;
    counter.touch("quit").await?;
    counter.shows("attract").await?;
    let link = scanned(&counter, "en").await?;
    ensure!(!link.contains("Balie"), "a name stands in the link");
    let phone = phone(&link).await?;
    ensure!(phone.eval_text("document.documentElement.lang").await? == "en", "another language");
    phone.accessible("the form on a phone").await?;
    // Whoever changes the language stays with the kiosk's link; a mistake keeps it too.
    phone.click("a[hreflang=nl]").await?;
    phone
        .until("the form in Dutch", "document.documentElement.lang==='nl'&&shown(deep('#vk-p-nieuwsbrief'))")
        .await?;
    ensure!(phone.address().await?.contains("/k/kaas/"), "the switch leads away");
    phone.click("label[for=vk-p-nieuwsbrief]").await?;
    phone.click("button[value=save]").await?;
    phone.until("the mistake", "shown(deep('#vk-problem'))").await?;
    phone.fill("#vk-email", EMAIL).await?;
    phone.click("button[value=save]").await?;
    counter.page.until("the word that somebody answered", "shown(deep('[data-do=finish]'))").await?;
    let seen = counter.page.eval_text("document.documentElement.outerHTML").await?;
    ensure!(!seen.contains(EMAIL) && !seen.contains("nieuwsbrief"), "the screen shows the answer");
    counter.page.keep_picture("kiosk-phone-done").await?;
    counter.touch("finish").await?;
    counter.shows("attract").await?;
    let page = phone.eval_text("deep('a[href*=\"/r/\"]').href").await?;
    let receipt = signed(&world, &page).await?;
    ensure!(
        receipt["method"] == "web" && receipt["kiosk"]["staff"] == "Balie 2",
        "the receipt says {receipt}"
    );
    ensure!(receipt["kiosk"].get("number").is_none(), "a phone has no number");
    judged(&world, &page).await?;
    ensure!(counter.held().await? == 0, "something was left on the device");
    // The same code once more.
    let late = self::phone(&link).await?;
    let said = late.text().await?;
    ensure!(said.contains("was used"), "the second one reads {said}");
    Ok(())
}

#[tokio::test]
async fn a_form_post_without_scripts_from_a_phone_keeps_the_link_through_a_mistake() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let link = scanned(&counter, "nl").await?;
    let phone = Page::open().await?;
    phone.without_scripts().await?;
    phone.go(&link).await?;
    phone.click("label[for=vk-p-nieuwsbrief]").await?;
    phone.click("button[value=save]").await?;
    phone.until("the mistake", "!!document.querySelector('#vk-problem')").await?;
    phone.click("label[for=vk-p-nieuwsbrief]").await?;
    phone.fill("#vk-email", EMAIL).await?;
    phone.click("button[value=save]").await?;
    counter.page.until("the word that somebody answered", "shown(deep('[data-do=finish]'))").await?;
    let receipt = signed(&world, &phone.address().await?).await?;
    ensure!(receipt["ui"] == "html" && receipt["kiosk"].is_object(), "the receipt says {receipt}");
    Ok(())
}

#[tokio::test]
async fn without_network_the_screen_says_so_and_the_form_is_there() -> Result<()> {
    let mut world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    world.collector.stop().await?;
    counter.page.click("[data-do=phone][data-value=nl]").await?;
    counter
        .page
        .until("the word that there is no way", "deep('.phone')?.innerText.includes('geen verbinding')")
        .await?;
    counter.page.click("[data-do=begin][data-value=nl]").await?;
    counter.shows("form").await
}

#[tokio::test]
async fn a_link_of_a_revoked_kiosk_opens_nothing_and_opening_one_uses_nothing_up() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 20).await?;
    let link = scanned(&counter, "nl").await?;
    // What looks at links beforehand.
    for _ in 0..3 {
        ensure!(world.client.get(&link).await?.status == 200);
    }
    // Nobody touches the screen while it waits: it does not ask whether somebody is there.
    let idle = counter.page.eval("!!deep('.still-there')").await?;
    ensure!(idle == false, "the screen asks although nobody's data is on it");
    vinkje(&world, &["kiosk", "revoke", "kaas", "--name", "Toonbank"]).await?;
    until("the link to end", PATIENCE_SECONDS, async || {
        Ok((world.client.get(&link).await?.status == 410).then_some(()))
    })
    .await
}
