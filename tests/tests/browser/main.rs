//! The whole path in Chromium, on two origins: what a person does, and what is recorded of it.
//!
//! In scope: what the tests of the folder share. Out of scope: HTTP without a browser (`api`).
//!
//! Invariant: boxes are ticked by mouse or keyboard only; no test sets a state by script.

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::world::World;
use serde_json::{Value, json};

mod access;
mod early;
mod easy;
mod give;
mod host;
mod life;
mod look;
mod policy;
mod sign_up_again;
mod take_back;

/// The person in these tests.
pub const EMAIL: &str = "eva@voorbeeld.example";

/// Writes down the widget's events, from the first moment of every document.
const WATCH_EVENTS: &str = "window.seen=[];for(const name of ['ready','change','recorded','error'])\
    addEventListener('vinkje-'+name,e=>seen.push({name,...e.detail,at:performance.now()}))";

/// A page that writes down the widget's events.
pub async fn watching() -> Result<Page> {
    let page = Page::open().await?;
    page.before_every_document(WATCH_EVENTS).await?;
    Ok(page)
}

/// A page at this address, with its form running.
pub async fn open(address: &str) -> Result<Page> {
    let page = watching().await?;
    page.go(address).await?;
    running(&page).await?;
    Ok(page)
}

/// Waits until the WASM has taken the form over.
pub async fn running(page: &Page) -> Result<()> {
    page.until("the form to run", "window.seen.some(e=>e.name==='ready')").await
}

/// Waits until the form says that the answer is stored.
pub async fn saved(page: &Page) -> Result<()> {
    page.until("the answer to be saved", "shown(deep('#vk-done'))").await
}

/// The events of one kind that the page saw.
pub async fn seen(page: &Page, name: &str) -> Result<Vec<Value>> {
    let found = page.eval(&format!("window.seen.filter(e=>e.name==={})", json!(name))).await?;
    Ok(found.as_array().cloned().unwrap_or_default())
}

/// Every stored decision in order, as `purpose decision`.
pub async fn decisions(world: &World) -> Result<Vec<String>> {
    let read = |line: &String| {
        let event: Value = serde_json::from_str(line)?;
        let word = |name: &str| event[name].as_str().map(str::to_owned).context("an event without it");
        Ok(format!("{} {}", word("purpose")?, word("event")?))
    };
    world.events().await?.iter().map(read).collect()
}

/// What is stored when only these boxes were ticked.
pub async fn only_given(world: &World, given: &[&str]) -> Result<()> {
    let all = ["nieuwsbrief", "post", "keuze", "boerderij"];
    let word = |purpose: &str| if given.contains(&purpose) { "given" } else { "not_given" };
    let expected: Vec<String> = all.iter().map(|purpose| format!("{purpose} {}", word(purpose))).collect();
    let stored = decisions(world).await?;
    ensure!(stored == expected, "stored is {stored:?} instead of {expected:?}");
    Ok(())
}

/// The address of the receipt page and of the manage page, as the form shows them.
pub async fn links(page: &Page) -> Result<(String, String)> {
    let link = async |part: &str| {
        page.eval_text(&format!("deepAll('.result a').find(a=>a.href.includes({})).href", json!(part))).await
    };
    Ok((link("/r/").await?, link("/m/").await?))
}

/// No exception nobody caught, no error in the console, nothing stopped by a policy.
pub async fn clean(page: &Page) -> Result<()> {
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "the policy stopped {violations:?}");
    let faults = page.faults();
    ensure!(faults.is_empty(), "the page has faults: {faults:?}");
    Ok(())
}

/// A page of the shop's origin with this in its body, and the loader of a form.
pub fn snippet(world: &World, form: &str, language: &str) -> String {
    let base = world.collector.base();
    format!(
        "<vinkje-consent form=\"{form}\"><a href=\"{base}/f/{form}?lang={language}\">Kies</a></vinkje-consent>\
         <link rel=preload as=fetch crossorigin fetchpriority=low href=\"{base}/w/vinkje.wasm\">\
         <script async fetchpriority=high src=\"{base}/f/{form}/embed.js?lang={language}\"></script>"
    )
}

/// A whole page around this body.
pub fn document(body: &str) -> String {
    format!(
        "<!doctype html><html lang=nl><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Winkel</title></head><body><main><h1>Winkel</h1>{body}</main></body></html>"
    )
}
