//! Days without network, power cuts, and a kiosk that is taken back meanwhile.

use anyhow::{Result, ensure};
use e2e::kiosk::Counter;
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::world::{World, vinkje};

async fn given(world: &World) -> Result<usize> {
    Ok(world.events().await?.iter().filter(|event| event.contains("\"given\"")).count())
}

#[tokio::test]
async fn a_screen_works_without_network_and_hands_everything_in_when_it_is_back() -> Result<()> {
    let mut world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let other = Counter::open(&world, "Kraam", 600).await?;
    world.collector.stop().await?;
    for person in 0..4 {
        let screen = if person % 2 == 0 { &counter } else { &other };
        screen.round("nieuwsbrief", &format!("p{person}@voorbeeld.example")).await?;
    }
    ensure!((counter.held().await?, other.held().await?) == (2, 2), "entries are missing");
    let said = counter.page.eval_text("deep('[data-sending]').innerText").await?;
    ensure!(said.starts_with("2 "), "the screen says {said}");
    // The page itself comes from the device.
    counter.page.go(&counter.address).await?;
    counter.shows("attract").await?;
    world.collector.serve().await?;
    for screen in [&counter, &other] {
        screen.staff().await?;
        screen.touch("send").await?;
        screen.page.until("nothing to wait", "deep('[data-waiting]').innerText==='0'").await?;
    }
    until("four people", PATIENCE_SECONDS, async || Ok((given(&world).await? == 4).then_some(()))).await?;
    let listed = vinkje(&world, &["kiosk", "list", "kaas"]).await?;
    ensure!(listed.matches("2 taken, 0 refused").count() == 2, "{listed}");
    world.collector.stop().await?;
    vinkje(&world, &["fsck"]).await.map(drop)
}

#[tokio::test]
async fn a_kiosk_that_was_revoked_while_it_was_offline_is_refused_and_says_so() -> Result<()> {
    let mut world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    world.collector.stop().await?;
    counter.round("nieuwsbrief", "eva@voorbeeld.example").await?;
    vinkje(&world, &["kiosk", "revoke", "kaas", "--name", "Toonbank"]).await?;
    world.collector.serve().await?;
    counter.page.go(&counter.address).await?;
    counter.shows("closed").await?;
    let said = counter.page.text().await?;
    ensure!(said.contains("ingetrokken"), "the screen says {said}");
    ensure!(counter.held().await? == 0, "entries are left on the device");
    ensure!(given(&world).await? == 0, "a revoked kiosk gave something");
    let refused = vinkje(&world, &["kiosk", "refused", "kaas", "--name", "Toonbank"]).await?;
    ensure!(refused.contains("kiosk_revoked"), "the owner sees {refused}");
    Ok(())
}
