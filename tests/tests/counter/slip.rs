//! The code on a slip, typed and scanned.

use anyhow::{Result, ensure};
use e2e::page::Page;
use e2e::world::World;
use serde_json::json;

use super::{clean, data, enter};

#[tokio::test]
async fn a_person_without_a_mail_address_finds_their_choices_by_the_code_and_stops() -> Result<()> {
    let mut world = World::start().await?;
    let slip = enter(&world, "one.pdf").await?;
    let page = Page::open().await?;
    page.go(&format!("{}/link/kaas?lang=nl", world.collector.base())).await?;
    page.click("a[href*='/s/kaas']").await?;
    page.until("the question", "!!deep('#vk-code')").await?;
    page.accessible_in_light_and_dark("the page that asks for a code").await?;
    page.fits("the page that asks for a code").await?;
    page.size(1280, 900, 1).await?;
    // A wrong digit is seen before anything is asked; the page says so and asks again.
    let digit = if slip.code.starts_with('9') { "8" } else { "9" };
    page.fill("#vk-code", &format!("{digit}{}", &slip.code[1..])).await?;
    page.click("button[type=submit]").await?;
    page.until("the slip of the pen", "text().includes('Deze code klopt niet')").await?;
    page.accessible("the page with a mistyped code").await?;
    page.fill("#vk-code", &slip.code.replace(' ', "-")).await?;
    page.click("button[type=submit]").await?;
    page.until(
        "the own page",
        "location.pathname.startsWith('/m/')&&text().includes('aanbiedingen per post')",
    )
    .await?;
    ensure!(page.text().await?.contains("Op papier ondertekend. Ingevoerd door balie 2."));
    page.accessible("the own page of who signed on paper").await?;
    page.click(".stop-all button").await?;
    page.until("the news", "text().includes('Gestopt. Het geldt vanaf nu.')").await?;
    ensure!(page.violations().await?.is_empty());
    clean(&mut world, &[&slip]).await
}

#[tokio::test]
async fn the_code_that_is_scanned_leads_to_the_own_page_and_changes_nothing() -> Result<()> {
    let mut world = World::start().await?;
    let (one, other) = (enter(&world, "one.pdf").await?, enter(&world, "two.pdf").await?);
    ensure!(one.code != other.code);
    let before = world.events().await?;
    for _ in 0..2 {
        let answer = world.client.get(one.scanned()?).await?;
        ensure!(answer.status == 303 && answer.header("location").contains("/m/"), "{}", answer.status);
        ensure!(answer.header("cache-control") == "no-store");
    }
    ensure!(world.events().await? == before, "looking changed something");
    let again = enter(&world, "one.pdf").await?;
    ensure!(
        again.code == one.code && again.receipt_url == one.receipt_url,
        "the same paper made another slip"
    );
    ensure!(world.events().await? == before);

    let nobody = shared::slip::SlipCode::from_random(&[1; 16]).digits();
    let unknown = world.client.get(&format!("{}/s/kaas/{nobody}", world.collector.base())).await?;
    ensure!(unknown.status == 404 && unknown.json()?["code"] == "slip_unknown", "{}", unknown.text());
    let bad = world.client.get(&format!("{}/s/kaas/1234", world.collector.base())).await?;
    ensure!(bad.status == 422 && bad.json()?["code"] == "slip_mistyped", "{}", bad.text());
    let elsewhere = world.client.get(&format!("{}/s/niemand", world.collector.base())).await?;
    ensure!(elsewhere.status == 404 && elsewhere.json()?["code"] == "form_unknown");
    clean(&mut world, &[&one, &other]).await
}

#[tokio::test]
async fn staff_stops_for_who_reads_the_code_aloud_and_is_named() -> Result<()> {
    let mut world = World::start().await?;
    let slip = enter(&world, "one.pdf").await?;
    let data = data(&world);
    let stop = ["slip", "withdraw", "kaas", "--by", "telefoon", "--data", &data];
    let wrong = world.collector.told(&stop, "1234 5678 9012 3456").await;
    ensure!(wrong.is_err_and(|error| error.to_string().contains("This code is not right")));
    let said = world.collector.told(&stop, &slip.code).await?;
    let receipt = said.trim().strip_prefix("stopped: ").unwrap_or_default().to_owned();
    let page = Page::open().await?;
    page.go(&format!("{receipt}?lang=nl")).await?;
    let text = page.text().await?;
    ensure!(text.contains("Ingevoerd door") && text.contains("telefoon"), "{text}");
    page.accessible("the receipt of a stop by staff").await?;
    let again = world.collector.told(&stop, &slip.code).await;
    ensure!(again.is_err_and(|error| error.to_string().contains("no consent to take back")));
    let access = world.collector.must(&["access", "kaas", "--data", &data]).await?;
    ensure!(access.contains("telefoon stopped everything for one person, by their slip"), "{access}");
    clean(&mut world, &[&slip]).await
}

#[tokio::test]
async fn the_slip_fits_on_receipt_rolls_and_on_a_sheet() -> Result<()> {
    let mut world = World::start().await?;
    let slip = enter(&world, "one.pdf").await?;
    let page = Page::open().await?;
    for language in ["nl", "en"] {
        page.size(1280, 900, 1).await?;
        page.media(&[("prefers-color-scheme", "light")]).await?;
        page.go(&format!("{}?lang={language}", slip.slip_url)).await?;
        page.accessible_in_light_and_dark("a slip").await?;
        page.fits("a slip").await?;
        page.on_paper().await?;
        // What a roll of 58 mm prints, one of 80 mm, and A4, in CSS pixels.
        for width in [181, 272, 718] {
            page.size(width, 900, 1).await?;
            let fits = page.eval("document.documentElement.scrollWidth<=innerWidth").await?;
            ensure!(fits == json!(true), "a slip is wider than {width} px on paper");
            let square = page.eval("deep('.code-square').getBoundingClientRect().width>=100").await?;
            ensure!(square == json!(true), "the code is too small to scan at {width} px");
        }
        let text = page.text().await?;
        ensure!(slip.code.split(' ').all(|group| text.contains(group)), "{text}");
        ensure!(text.contains("De Kaasplank") && text.contains("/s/kaas"), "{text}");
        let left = page.eval("['.top','.bottom'].some(part=>shown(deep(part)))").await?;
        ensure!(left == json!(false), "the frame of the page is printed too");
    }
    page.keep_picture("slip").await?;
    clean(&mut world, &[&slip]).await
}
