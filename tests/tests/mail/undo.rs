//! Undoing what somebody stopped to whom a mail was forwarded.

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::post::wait_for;

use crate::{EMAIL, confirmed, may, quiet_world};

#[tokio::test]
async fn the_owner_undoes_what_a_forwarded_letter_stopped() -> Result<()> {
    let world = quiet_world().await?;
    let receipt = confirmed(&world, &["nieuwsbrief", "keuze"], EMAIL).await?;
    let page = Page::open().await?;
    page.go(&receipt.link("/u/")?).await?;
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    page.click(".stop-all button").await?;
    page.until("the news", "text().includes('Gestopt. Het geldt vanaf nu.')").await?;
    ensure!(!may(&world, "nieuwsbrief", EMAIL).await?.0);

    let stopped = wait_for(&world.collector.mail(), 3).await?.pop().context("no letter")?;
    let undo = stopped.link("/b/")?;
    page.go(&undo).await?;
    ensure!(!may(&world, "nieuwsbrief", EMAIL).await?.0, "looking at the page undid it");
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    page.click("button[value=yes]").await?;
    page.until("the receipt", "text().includes('Bevestigd. Dit mag nu.')").await?;
    ensure!(may(&world, "nieuwsbrief", EMAIL).await?.0 && may(&world, "keuze", EMAIL).await?.0);

    let again = world.client.post_form(&undo, &[("do", "yes")]).await?;
    ensure!(again.status == 303, "a second press: {}", again.status);
    // Two purposes, confirmed at first and then undone: each once.
    let given = world.events().await?.iter().filter(|event| event.contains("\"given\"")).count();
    ensure!(given == 4, "{given} consents given");
    Ok(())
}
