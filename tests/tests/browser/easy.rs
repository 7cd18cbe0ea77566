//! Taking back is as easy as giving (Art. 7(3)): counted in presses, by mouse and by keyboard.

use anyhow::{Result, ensure};
use e2e::input::Actions;
use e2e::page::Page;
use e2e::world::World;

use crate::{EMAIL, links, open, saved};

/// Gives by mouse. Typing the address is not counted: it would make giving look harder than it is.
async fn give_by_mouse(page: &Page) -> Result<Actions> {
    page.actions();
    page.click("#vk-p-nieuwsbrief").await?;
    let ticking = page.actions();
    page.fill("#vk-email", EMAIL).await?;
    page.actions();
    page.click("button[value=save]").await?;
    saved(page).await?;
    let saving = page.actions();
    Ok(Actions { clicks: ticking.clicks + saving.clicks, keys: ticking.keys + saving.keys })
}

async fn stopped(page: &Page) -> Result<Actions> {
    page.until("the news", "text().includes('Gestopt. Het geldt vanaf nu.')").await?;
    Ok(page.actions())
}

#[tokio::test]
async fn by_mouse_taking_back_costs_no_more_presses_than_giving() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    let giving = give_by_mouse(&page).await?;
    let (receipt, manage) = links(&page).await?;
    // From the kept link, which is what a person has later.
    page.go(&manage).await?;
    page.actions();
    page.click(".standing.yes form button").await?;
    let from_link = stopped(&page).await?;
    ensure!(from_link.total() <= giving.total(), "giving {giving:?}, taking back {from_link:?}");
    ensure!(from_link.total() == 1, "taking back is one press, not {from_link:?}");

    // From the receipt page, with the step to the own page counted.
    let page = open(&world.shop("/index.html")).await?;
    let giving = give_by_mouse(&page).await?;
    let (own_receipt, _) = links(&page).await?;
    ensure!(own_receipt != receipt);
    page.go(&own_receipt).await?;
    page.actions();
    page.click("a.button[href*='/m/']").await?;
    page.click(".standing.yes form button").await?;
    let from_receipt = stopped(&page).await?;
    ensure!(from_receipt.total() <= giving.total(), "giving {giving:?}, taking back {from_receipt:?}");
    println!(
        "presses: giving {}, taking back {} from the link, {} from the receipt",
        giving.total(),
        from_link.total(),
        from_receipt.total()
    );
    Ok(())
}

#[tokio::test]
async fn by_keyboard_taking_back_costs_no_more_presses_than_giving() -> Result<()> {
    let world = World::start().await?;
    let page = Page::open().await?;
    page.go(&world.hosted("nl")).await?;
    page.actions();
    page.tab_to("#vk-p-nieuwsbrief").await?;
    page.press("Space").await?;
    page.tab_to("#vk-email").await?;
    let ticking = page.actions();
    page.type_text(EMAIL).await?;
    page.actions();
    page.press("Enter").await?;
    saved(&page).await?;
    let giving = ticking.total() + page.actions().total();
    let (_, manage) = links(&page).await?;
    page.go(&manage).await?;
    page.actions();
    page.tab_to(".standing.yes form button").await?;
    page.press("Enter").await?;
    let taking_back = stopped(&page).await?.total();
    println!("keys: giving {giving}, taking back {taking_back}");
    ensure!(taking_back <= giving, "giving {giving}, taking back {taking_back}");
    Ok(())
}

#[tokio::test]
async fn both_answers_look_the_same() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    for scheme in ["light", "dark"] {
        page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]).await?;
        let look = "(b=>{const s=getComputedStyle(b),r=b.getBoundingClientRect();\
            return[s.color,s.backgroundColor,s.borderColor,s.borderWidth,s.fontSize,s.fontWeight,s.opacity,s.textDecoration,r.height].join('|')})";
        let one = page.eval_text(&format!("{look}(deep('.buttons button[value=save]'))")).await?;
        let other = page.eval_text(&format!("{look}(deep('.buttons button[value=none]'))")).await?;
        ensure!(one == other, "yes looks like {one}, no looks like {other}");
    }
    Ok(())
}
