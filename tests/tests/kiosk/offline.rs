//! Days without network, power cuts, and a kiosk that is taken back meanwhile.

use std::path::Path;

use aho_corasick::AhoCorasick;
use anyhow::{Result, ensure};
use e2e::chromium::Own;
use e2e::kiosk::Counter;
use e2e::page::Page;
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

#[tokio::test]
async fn what_waits_is_sent_in_the_background_where_no_page_is_open() -> Result<()> {
    let mut world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    world.collector.stop().await?;
    for person in 0..2 {
        counter.round("nieuwsbrief", &format!("p{person}@voorbeeld.example")).await?;
    }
    let elsewhere = counter.page.beside().await?;
    counter.page.go("about:blank").await?;
    world.collector.serve().await?;
    ensure!(given(&world).await? == 0, "something was sent by a page that is gone");
    elsewhere.wake_worker(&world.collector.base(), "entries").await?;
    until("two people", PATIENCE_SECONDS, async || Ok((given(&world).await? == 2).then_some(()))).await?;
    counter.page.go(&counter.address).await?;
    counter.shows("attract").await?;
    counter.page.until("nothing to wait", "deep('[data-sending]').innerText.startsWith('0 ')").await?;
    let listed = vinkje(&world, &["kiosk", "list", "kaas"]).await?;
    ensure!(listed.contains("2 taken, 0 refused"), "{listed}");
    Ok(())
}

#[tokio::test]
async fn a_collector_that_does_not_know_a_screen_takes_nothing_away_from_it() -> Result<()> {
    let mut world = World::start().await?;
    let backup = world.collector.folder().join("backup.redb").display().to_string();
    vinkje(&world, &["backup", &backup]).await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    world.collector.stop().await?;
    counter.round("nieuwsbrief", "eva@voorbeeld.example").await?;
    // The disk breaks, and the backup is from before the screen.
    std::fs::remove_file(world.collector.data().join("vinkje.redb"))?;
    vinkje(&world, &["restore", &backup, "--nothing-newer"]).await?;
    world.collector.serve().await?;
    counter.page.go(&counter.address).await?;
    counter.shows("closed").await?;
    ensure!(counter.held().await? == 1, "the entry is gone from the device, and nobody else has it");
    Ok(())
}

/// Entries of a long market day.
const ENTRIES: usize = 100;

/// Every file of a profile in which one of these texts stands, in the letters of the web or in those of JavaScript's strings.
fn found_in(profile: &Path, texts: &[&str]) -> Result<Vec<String>> {
    let wide = |text: &&str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let patterns = texts.iter().map(|text| text.as_bytes().to_vec()).chain(texts.iter().map(wide));
    let search = AhoCorasick::new(patterns)?;
    let (mut folders, mut found) = (vec![profile.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path).is_ok_and(|bytes| search.is_match(&bytes)) {
                found.push(path.display().to_string());
            }
        }
    }
    Ok(found)
}

#[tokio::test]
async fn a_hundred_entries_survive_a_power_cut_sealed_and_arrive_once_and_in_order() -> Result<()> {
    let mut world = World::start().await?;
    let profile = world.collector.folder().join("profile");
    let browser = Own::start(&profile)?;
    let counter = Counter::on(Page::in_profile(&browser).await?, &world, "Toonbank", 600).await?;
    let (address, pin) = (counter.address.clone(), counter.pin.clone());
    world.collector.stop().await?;
    for person in 0..ENTRIES / 2 {
        counter.round("nieuwsbrief", &format!("p{person}@voorbeeld.example")).await?;
    }
    // The power goes while somebody types: neither what the browser restores nor what it proposes has it.
    counter.begin("nl").await?;
    counter.page.click("label[for=vk-p-nieuwsbrief]").await?;
    counter.page.fill("#vk-email", "halverwege@voorbeeld.example").await?;
    drop(browser);
    let browser = Own::start(&profile)?;
    let counter = Counter { page: Page::in_profile(&browser).await?, address, pin };
    counter.page.go(&counter.address).await?;
    counter.shows("attract").await?;
    ensure!(counter.held().await? == ENTRIES as u64 / 2, "the power cut took entries");
    for person in ENTRIES / 2..ENTRIES {
        counter.round("nieuwsbrief", &format!("p{person}@voorbeeld.example")).await?;
    }
    ensure!(counter.held().await? == ENTRIES as u64, "entries are missing");
    drop(browser);
    let seen = found_in(&profile, &["Toonbank"])?;
    ensure!(!seen.is_empty(), "the search does not see what the screen stores");
    let found = found_in(&profile, &["@voorbeeld.example", "\"ticked\":[\"nieuwsbrief\"]"])?;
    ensure!(found.is_empty(), "in clear in {found:?}");
    world.collector.serve().await?;
    let browser = Own::start(&profile)?;
    let page = Page::in_profile(&browser).await?;
    page.go(&counter.address).await?;
    until("a hundred receipts", 3 * PATIENCE_SECONDS, async || {
        Ok((given(&world).await? == ENTRIES).then_some(()))
    })
    .await?;
    page.until("nothing to wait", "deep('[data-sending]')?.innerText.startsWith('0 ')").await?;
    let listed = vinkje(&world, &["kiosk", "list", "kaas"]).await?;
    ensure!(listed.contains("100 taken, 0 refused"), "{listed}");
    let records = vinkje(&world, &["export", "kaas", "--format", "jsonld"]).await?;
    let numbers = (1..=ENTRIES).map(|number| format!("its entry {number}, "));
    let places: Option<Vec<usize>> = numbers.map(|number| records.find(&number)).collect();
    let places = places.unwrap_or_default();
    ensure!(places.len() == ENTRIES && places.is_sorted(), "not each entry once and in order");
    Ok(())
}
