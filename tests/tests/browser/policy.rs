//! Strict policies of the host page: content security policy, Trusted Types, integrity.

use anyhow::{Context, Result, ensure};
use e2e::world::{FORM, World};

use crate::{EMAIL, clean, document, only_given, open, running, saved, seen, snippet, watching};

/// What a strict site allows: itself, and this collector.
fn strict(world: &World) -> String {
    let base = world.collector.base();
    format!("default-src 'self' {base}; script-src 'self' 'wasm-unsafe-eval' {base}; style-src 'self' {base}")
}

#[tokio::test]
async fn a_strict_policy_stops_nothing() -> Result<()> {
    let world = World::start().await?;
    let page_html = document(&snippet(&world, FORM, "nl"));
    let address = world.site.put("/streng.html", &page_html, &[("content-security-policy", &strict(&world))]);
    let page = open(&address).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    clean(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn trusted_types_need_the_one_named_policy_only() -> Result<()> {
    let world = World::start().await?;
    let policy = format!("{}; require-trusted-types-for 'script'; trusted-types vinkje", strict(&world));
    let page_html = document(&snippet(&world, FORM, "nl"));
    let address = world.site.put("/types.html", &page_html, &[("content-security-policy", &policy)]);
    let page = open(&address).await?;
    page.click("a[data-vinkje-lang=en]").await?;
    page.until("English", "text().includes('Send me the newsletter by e-mail')").await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    clean(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}

/// The pinned snippet, as `vinkje snippet --pinned` prints it.
async fn pinned(world: &World) -> Result<String> {
    world.collector.snippet(FORM, &["--pinned", "--lang", "nl"]).await
}

#[tokio::test]
async fn the_pinned_snippet_gives_consent_under_a_strict_policy() -> Result<()> {
    let world = World::start().await?;
    let page_html = document(&pinned(&world).await?);
    let address = world.site.put("/vast.html", &page_html, &[("content-security-policy", &strict(&world))]);
    let page = open(&address).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    clean(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn a_pinned_script_that_was_changed_does_not_run_and_the_link_stays() -> Result<()> {
    let world = World::start().await?;
    let snippet = pinned(&world).await?;
    let (before, after) = snippet.split_once("integrity=\"sha384-").context("no hash in the snippet")?;
    let other = format!("{before}integrity=\"sha384-{}{}", "A".repeat(64), &after[64..]);
    let page = watching().await?;
    page.go(&world.site.put("/vast.html", &document(&other), &[])).await?;
    page.until("the link", "shown(deep('vinkje-consent a'))").await?;
    ensure!(page.eval("!!customElements.get('vinkje-consent')").await? == false, "a changed script ran");
    Ok(())
}

#[tokio::test]
async fn a_pinned_wasm_that_was_changed_does_not_run_and_the_form_still_works() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    let hold = page.hold("*/vinkje-*.wasm").await?;
    page.start_going(&world.site.put("/vast.html", &document(&pinned(&world).await?), &[])).await?;
    hold.arrived().await?;
    hold.answer("application/wasm", b"\0asm\x01\0\0\0").await?;
    page.until("the news", "window.seen.some(e=>e.name==='error'&&e.code==='wasm_unavailable')").await?;
    page.hold_nothing().await?;
    ensure!(seen(&page, "ready").await?.is_empty(), "a changed WASM ran");
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    page.until("the receipt page", "location.pathname.startsWith('/r/')").await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn a_site_that_is_not_named_cannot_use_the_form() -> Result<()> {
    let world = World::start().await?;
    let stranger = e2e::site::Site::start().await?;
    let page = watching().await?;
    page.go(&stranger.put("/", &document(&snippet(&world, FORM, "nl")), &[])).await?;
    running(&page).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    page.until("the problem", "shown(deep('#vk-problem'))").await?;
    ensure!(world.events().await?.is_empty(), "a stranger's site stored an answer");
    Ok(())
}
