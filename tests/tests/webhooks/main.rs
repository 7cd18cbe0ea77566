//! Webhooks and connectors: what happened is told to receivers with the official packages, and to newsletter tools by their own APIs.
//!
//! Invariant: every receiver and tool is a server of its own; what it got is read from there, not from the collector.

mod hook;
mod outage;
mod reach;
mod receivers;
mod told;
mod tool;
mod tools;

use anyhow::{Result, ensure};
use e2e::submit::{Acknowledged, acknowledged, answers, nonce};
use e2e::world::{World, told, vinkje};

/// Whoever signs up.
pub const EVA: &str = "eva@voorbeeld.example";
/// Somebody else.
pub const PIET: &str = "piet@voorbeeld.example";

/// Adds a receiver at an address, and gives its secret.
///
/// # Errors
///
/// If the collector refuses.
pub async fn add(world: &World, name: &str, url: &str, more: &[&str]) -> Result<String> {
    let add = ["webhook", "add", "kaas", "--name", name, "--url", url];
    let secret = vinkje(world, &[&add[..], more].concat()).await?;
    ensure!(secret.starts_with("whsec_"), "{secret}");
    Ok(secret.trim().into())
}

/// What came of the last tries of an endpoint.
///
/// # Errors
///
/// If the collector refuses.
pub async fn deliveries(world: &World, name: &str) -> Result<String> {
    vinkje(world, &["webhook", "deliveries", "kaas", "--name", name]).await
}

/// Somebody agrees to the newsletter.
///
/// # Errors
///
/// If the collector does not acknowledge it.
pub async fn give(world: &World, email: &str) -> Result<Acknowledged> {
    let form = world.form();
    acknowledged(&form.post(&answers(&form.offer("nl").await?, &nonce()?, &["nieuwsbrief"], email)).await?)
}

/// Somebody is erased.
///
/// # Errors
///
/// If the collector does not do it.
pub async fn erase(world: &World, email: &str) -> Result<()> {
    told(world, &["erase", "kaas"], email).await.map(drop)
}
