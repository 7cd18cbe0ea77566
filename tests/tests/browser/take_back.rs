//! Taking consent back, and giving it again by a fresh tick.

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::submit::{Acknowledged, acknowledged, answers, nonce};
use e2e::verifiers;
use e2e::world::World;

use crate::{EMAIL, clean, decisions};

async fn gave(world: &World, purposes: &[&str]) -> Result<(Page, Acknowledged)> {
    let form = world.form();
    let body = answers(&form.offer("nl").await?, &nonce()?, purposes, EMAIL);
    let given = acknowledged(&form.post(&body).await?)?;
    let page = Page::open().await?;
    page.go(&given.manage_url).await?;
    Ok((page, given))
}

/// The decisions after the first four, which are the form's.
async fn later(world: &World) -> Result<Vec<String>> {
    Ok(decisions(world).await?.split_off(4))
}

#[tokio::test]
async fn one_press_takes_one_consent_back_and_leaves_the_other() -> Result<()> {
    let world = World::start().await?;
    let (page, _) = gave(&world, &["nieuwsbrief", "keuze"]).await?;
    ensure!(page.eval("deepAll('.standing.yes').length").await? == 2);
    page.click(".standing.yes form button").await?;
    page.until("the news", "text().includes('Gestopt. Het geldt vanaf nu.')").await?;
    page.until("one left", "deepAll('.standing.yes').length===1").await?;
    ensure!(later(&world).await? == ["nieuwsbrief withdrawn"]);
    clean(&page).await
}

#[tokio::test]
async fn one_press_takes_everything_back() -> Result<()> {
    let world = World::start().await?;
    let (page, _) = gave(&world, &["nieuwsbrief", "keuze"]).await?;
    page.click(".stop-all button").await?;
    page.until("the news", "text().includes('Gestopt. Het geldt vanaf nu.')").await?;
    page.until("none left", "deepAll('.standing.yes').length===0&&!deep('.stop-all')").await?;
    ensure!(later(&world).await? == ["nieuwsbrief withdrawn", "keuze withdrawn"]);
    Ok(())
}

#[tokio::test]
async fn taking_back_makes_a_receipt_of_its_own_that_verifies() -> Result<()> {
    let world = World::start().await?;
    let (page, first) = gave(&world, &["nieuwsbrief"]).await?;
    page.click(".standing.yes form button").await?;
    page.until("the news", "text().includes('Gestopt. Het geldt vanaf nu.')").await?;
    let links = page.eval("deepAll('.history a').map(a=>a.href)").await?;
    let links: Vec<&str> =
        links.as_array().context("no history")?.iter().filter_map(|link| link.as_str()).collect();
    let own = links.iter().find(|link| **link != first.receipt_url).context("no receipt of taking back")?;
    let keys = world.keys().await?;
    let file = world.fetch(&format!("{own}.jws"), "withdrawal.jws").await?;
    let payload = verifiers::jose(&keys, &[&file]).await?.remove(0);
    ensure!(payload["act"] == "withdrawal" && payload["decisions"][0]["decided"] == "withdrawn", "{payload}");
    page.go(own).await?;
    ensure!(page.text().await?.contains("Dit heeft u gestopt"));
    // The first receipt still says what was said then.
    page.go(&first.receipt_url).await?;
    ensure!(page.text().await?.contains("Stuur mij de nieuwsbrief per e-mail"));
    Ok(())
}

#[tokio::test]
async fn consent_is_given_again_by_a_fresh_tick_only() -> Result<()> {
    let world = World::start().await?;
    let (page, _) = gave(&world, &["nieuwsbrief"]).await?;
    page.click(".stop-all button").await?;
    page.until("the boxes", "shown(deep('.give input[type=checkbox]'))").await?;
    page.until("empty boxes", "deepAll('.give input[type=checkbox]').every(b=>!b.checked)").await?;
    page.click("#vk-g-nieuwsbrief").await?;
    page.click(".give button").await?;
    page.until("the news", "text().includes('Bewaard. Dank u wel.')").await?;
    page.until("it to stand", "deepAll('.standing.yes').length===1").await?;
    ensure!(later(&world).await? == ["nieuwsbrief withdrawn", "nieuwsbrief given"]);
    Ok(())
}

#[tokio::test]
async fn saving_without_a_tick_on_the_own_page_gives_nothing() -> Result<()> {
    let world = World::start().await?;
    let (page, _) = gave(&world, &["nieuwsbrief"]).await?;
    page.click(".give button").await?;
    page.until("the problem", "shown(deep('.problem'))").await?;
    ensure!(later(&world).await?.is_empty(), "{:?}", later(&world).await?);
    Ok(())
}

/// What the forms of an own page carry: its nonce and its offer.
async fn binding(page: &Page) -> Result<(String, String)> {
    let field =
        async |name: &str| page.eval_text(&format!("deep('.standing.yes input[name={name}]').value")).await;
    Ok((field("nonce").await?, field("offer").await?))
}

#[tokio::test]
async fn a_page_that_is_sent_twice_takes_back_once() -> Result<()> {
    let world = World::start().await?;
    let (page, given) = gave(&world, &["nieuwsbrief", "keuze"]).await?;
    let (nonce, offer) = binding(&page).await?;
    let post = [
        ("do", "withdraw"),
        ("purpose", "nieuwsbrief"),
        ("nonce", nonce.as_str()),
        ("offer", offer.as_str()),
    ];
    for _ in 0..3 {
        let answer = world.client.post_form(&given.manage_url, &post).await?;
        ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    }
    ensure!(later(&world).await? == ["nieuwsbrief withdrawn"]);
    Ok(())
}

/// Two presses on one page, or Back and another press: the page's nonce is the same, the acts are not.
#[tokio::test]
async fn each_press_on_one_page_takes_back_what_it_says() -> Result<()> {
    let world = World::start().await?;
    let (page, given) = gave(&world, &["nieuwsbrief", "keuze"]).await?;
    let (nonce, offer) = binding(&page).await?;
    let press = async |deed: &str, purpose: &str| -> Result<()> {
        let post = [("do", deed), ("purpose", purpose), ("nonce", nonce.as_str()), ("offer", offer.as_str())];
        let answer = world.client.post_form(&given.manage_url, &post).await?;
        ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
        Ok(())
    };
    press("withdraw", "nieuwsbrief").await?;
    press("withdraw", "keuze").await?;
    ensure!(
        later(&world).await? == ["nieuwsbrief withdrawn", "keuze withdrawn"],
        "{:?}",
        later(&world).await?
    );
    press("give", "nieuwsbrief").await?;
    press("withdraw", "nieuwsbrief").await?;
    let stands = later(&world).await?;
    ensure!(stands.last().is_some_and(|last| last == "nieuwsbrief withdrawn"), "{stands:?}");
    ensure!(stands.iter().filter(|event| *event == "nieuwsbrief withdrawn").count() == 2, "{stands:?}");
    Ok(())
}

#[tokio::test]
async fn an_old_page_still_takes_back() -> Result<()> {
    let world = World::start().await?;
    let (page, _) = gave(&world, &["nieuwsbrief"]).await?;
    let new = e2e::definition::shop(world.site.origin(), false)?
        .replace("Eén keer per maand", "Twee keer per maand");
    world.collector.apply(&new).await?;
    page.click(".standing.yes form button").await?;
    page.until("the news", "text().includes('Gestopt. Het geldt vanaf nu.')").await?;
    ensure!(later(&world).await? == ["nieuwsbrief withdrawn"]);
    Ok(())
}
