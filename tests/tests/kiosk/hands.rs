//! The same round with a finger, with keys only, and by what a screen reader says.

use anyhow::{Result, ensure};
use e2e::kiosk::Counter;
use e2e::world::World;

const EMAIL: &str = "eva@voorbeeld.example";

#[tokio::test]
async fn with_a_finger_all_four_boxes_cost_no_more_than_a_touch_each_and_three() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let page = &counter.page;
    page.tap("[data-do=begin][data-value=nl]").await?;
    counter.shows("form").await?;
    let purposes = ["nieuwsbrief", "post", "keuze", "boerderij"];
    for purpose in purposes {
        page.tap(&format!("label[for=vk-p-{purpose}]")).await?;
        page.until("the tick", &format!("deep('#vk-p-{purpose}').checked")).await?;
    }
    // Whoever types needs the field under a finger once; the other fields follow by the keyboard's own key.
    page.tap("#vk-email").await?;
    page.type_text(EMAIL).await?;
    page.tab_to("#vk-address").await?;
    page.type_text("Markt 1\n2801 AA Gouda").await?;
    page.tap("button[value=save]").await?;
    counter.shows("slip").await?;
    let touches = 1 + purposes.len() + 1 + 1;
    ensure!(touches <= purposes.len() + 3, "{touches} touches");
    page.tap("[data-do=finish]").await?;
    counter.shows("attract").await
}

#[tokio::test]
async fn with_keys_only_a_customer_gives_and_takes_back_and_staff_open_their_screen() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let page = &counter.page;
    page.tab_to("[data-do=begin][data-value=nl]").await?;
    page.press("Enter").await?;
    counter.shows("form").await?;
    page.tab_to("#vk-p-nieuwsbrief").await?;
    page.press("Space").await?;
    page.tab_to("#vk-email").await?;
    page.type_text(EMAIL).await?;
    page.tab_to("button[value=save]").await?;
    page.press("Enter").await?;
    counter.shows("slip").await?;
    page.until("the focus on the slip's heading", "focused()?.tagName==='H1'").await?;
    let slip = counter.slip().await?;
    page.tab_to("[data-do=finish]").await?;
    page.press("Enter").await?;
    counter.shows("attract").await?;
    page.tab_to("[data-do=take-back]").await?;
    page.press("Enter").await?;
    counter.shows("take-back").await?;
    page.type_text(&slip).await?;
    page.tab_to("[data-do=stop-all]").await?;
    page.press("Enter").await?;
    counter.shows("taken-back").await?;
    page.tab_to("[data-do=finish]").await?;
    page.press("Enter").await?;
    counter.shows("attract").await?;
    page.tab_to("[data-do=staff]").await?;
    page.press("Enter").await?;
    counter.shows("pin").await?;
    page.type_text(&counter.pin).await?;
    page.tab_to("[data-do=enter]").await?;
    page.press("Enter").await?;
    counter.shows("staff").await
}

async fn hears(counter: &Counter, screen: &str, all: &[&str]) -> Result<()> {
    let spoken = counter.page.spoken().await?;
    for one in &spoken {
        let (role, name) = one.split_once(' ').unwrap_or((one, ""));
        ensure!(
            !name.is_empty() || ["main", "status", "alert"].contains(&role),
            "{screen}: a {role} has no name in {spoken:?}"
        );
    }
    for one in all {
        ensure!(spoken.iter().any(|said| said == one), "{screen}: {one} is not in {spoken:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_screen_reader_has_a_name_for_everything_that_is_touched() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let page = &counter.page;
    let first =
        ["heading De Kaasplank", "button Begin Nederlands", "button Start English", "button Personeel"];
    hears(&counter, "attract", &first).await?;
    page.click("[data-do=phone][data-value=nl]").await?;
    page.until("the code", "shown(deep('.phone .code-square'))").await?;
    hears(&counter, "phone", &["heading Scan met uw telefoon", "button Vul het hier in"]).await?;
    counter.touch("quit").await?;
    counter.shows("attract").await?;
    counter.begin("nl").await?;
    page.click("label[for=vk-p-nieuwsbrief]").await?;
    page.until("the tick", "deep('#vk-p-nieuwsbrief').checked").await?;
    let title = page.eval_text("deep('label[for=vk-p-nieuwsbrief]').innerText.trim()").await?;
    let ticked = format!("checkbox {title} (checked)");
    hears(
        &counter,
        "form",
        &[&ticked, "button Bewaar mijn keuzes", "button Nee, niets", "button Stop en wis alles"],
    )
    .await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    counter.shows("slip").await?;
    hears(&counter, "slip", &["heading Klaar. Dit is uw bon", "button Druk de bon af"]).await?;
    counter.touch("finish").await?;
    counter.shows("attract").await?;
    counter.staff().await?;
    page.click("[data-do=on-duty][data-value='Balie 2']").await?;
    page.until("the choice", "deep('[data-value=\"Balie 2\"]').ariaPressed==='true'").await?;
    hears(&counter, "staff", &["button Balie 2 (pressed)", "button Balie 1"]).await
}
