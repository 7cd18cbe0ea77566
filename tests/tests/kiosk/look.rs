//! How it looks and whether everybody can use it: sizes, touch, rules of accessibility.

use anyhow::{Result, ensure};
use e2e::kiosk::Counter;
use e2e::page::Page;
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::world::World;

/// A terminal of 24 inches, a tablet of 10 held upright, and a phone.
const SIZES: [(&str, u32, u32, u32); 3] =
    [("24-inch", 1920, 1080, 1), ("10-inch", 800, 1280, 1), ("phone", 390, 844, 2)];

/// Everything that is touched, smaller than 60 px; what a label or card makes larger counts with that.
const SMALL: &str = "deepAll('button,a[href],summary,input:not([type=hidden]),textarea').filter(shown)\
    .map(e=>e.type==='checkbox'?e.closest('.purpose'):e).filter(e=>{const r=e.getBoundingClientRect();\
    return r.width<60||r.height<60}).map(e=>`${e.tagName} ${e.innerText} ${e.getBoundingClientRect().width}x${e.getBoundingClientRect().height}`).join(', ')";

async fn look(page: &Page, name: &str) -> Result<()> {
    page.accessible(&format!("the kiosk's {name}")).await?;
    for (size, width, height, density) in SIZES {
        page.size(width, height, density).await?;
        page.keep_picture(&format!("kiosk-{name}-{size}")).await?;
        let small = page.eval_text(SMALL).await?;
        ensure!(small.is_empty(), "too small to touch on {name} at {size}: {small}");
        let fits = page.eval("document.documentElement.scrollWidth<=innerWidth").await? == true;
        ensure!(fits, "{name} at {size} scrolls sideways");
    }
    page.media(&[("prefers-color-scheme", "dark"), ("prefers-reduced-motion", "reduce")]).await?;
    page.accessible(&format!("the kiosk's {name}, dark")).await?;
    page.size(800, 1280, 1).await?;
    page.keep_picture(&format!("kiosk-{name}-dark")).await?;
    page.media(&[("prefers-color-scheme", "light"), ("prefers-reduced-motion", "reduce")]).await
}

#[tokio::test]
async fn every_screen_is_accessible_large_enough_to_touch_and_fits() -> Result<()> {
    let world = World::start().await?;
    let page = Page::open().await?;
    page.go(&format!("{}/kiosk/kaas?lang=nl", world.collector.base())).await?;
    page.until("the pairing screen", "deep('.kiosk')?.dataset.screen==='pair'").await?;
    look(&page, "pair").await?;
    let counter = Counter::on(page, &world, "Toonbank", 600).await?;
    look(&counter.page, "attract").await?;
    counter.page.click("[data-do=phone][data-value=nl]").await?;
    counter.page.until("the code to scan", "shown(deep('.phone .code-square'))").await?;
    look(&counter.page, "phone").await?;
    counter.touch("quit").await?;
    counter.shows("attract").await?;
    counter.begin("en").await?;
    counter.page.click("button[value=save]").await?;
    counter.page.until("the question", "shown(deep('#vk-problem'))").await?;
    look(&counter.page, "problem").await?;
    counter.page.click("label[for=vk-p-nieuwsbrief]").await?;
    counter.page.fill("#vk-email", "eva@voorbeeld.example").await?;
    look(&counter.page, "form").await?;
    counter.page.click("button[value=save]").await?;
    counter.shows("slip").await?;
    look(&counter.page, "slip").await?;
    counter.touch("finish").await?;
    counter.shows("attract").await?;
    counter.touch("take-back").await?;
    counter.shows("take-back").await?;
    counter.touch("stop-all").await?;
    counter.page.until("the mistake", "shown(deep('.problem'))").await?;
    look(&counter.page, "take-back").await?;
    counter.touch("quit").await?;
    counter.shows("attract").await?;
    counter.staff().await?;
    look(&counter.page, "staff").await?;
    ensure!(counter.page.violations().await?.is_empty(), "{:?}", counter.page.violations().await?);
    Ok(())
}

#[tokio::test]
async fn a_customer_goes_round_from_right_to_left() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let mirrored = "deep('.kiosk').dir==='rtl'&&deep('.kiosk').lang==='ar'";
    counter.page.click("[data-do=phone][data-value=ar]").await?;
    counter.page.until("the code to scan", "shown(deep('.phone .code-square'))").await?;
    ensure!(counter.page.eval(mirrored).await? == true, "the code to scan stands left to right");
    look(&counter.page, "ar-phone").await?;
    counter.touch("quit").await?;
    counter.shows("attract").await?;
    counter.begin("ar").await?;
    counter.page.click("label[for=vk-p-nieuwsbrief]").await?;
    counter.page.fill("#vk-email", "eva@voorbeeld.example").await?;
    ensure!(counter.page.eval(mirrored).await? == true, "the form stands left to right");
    look(&counter.page, "ar-form").await?;
    counter.page.click("button[value=save]").await?;
    counter.shows("slip").await?;
    ensure!(counter.page.text().await?.contains("هذا ما اخترته"), "{}", counter.page.text().await?);
    look(&counter.page, "ar-slip").await?;
    counter.slip().await?;
    counter.touch("finish").await?;
    counter.shows("attract").await?;
    let given = async || {
        let events = world.events().await?;
        Ok(events.iter().any(|event| event.contains("\"method\":\"kiosk\"")).then_some(()))
    };
    until("the receipt", PATIENCE_SECONDS, given).await
}

/// What a printer can print on, in CSS px: rolls of 58 and 80 mm, and A4.
const PAPERS: [(&str, u32); 3] = [("58mm", 181), ("80mm", 272), ("a4", 718)];

#[tokio::test]
async fn a_slip_fits_on_a_roll_and_on_a_sheet_and_nothing_else_is_printed() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let page = &counter.page;
    for language in ["nl", "ar"] {
        counter.begin(language).await?;
        page.click("label[for=vk-p-nieuwsbrief]").await?;
        page.fill("#vk-email", "eva@voorbeeld.example").await?;
        page.click("button[value=save]").await?;
        counter.shows("slip").await?;
        page.on_paper().await?;
        for (paper, width) in PAPERS {
            page.size(width, 900, 2).await?;
            page.keep_picture(&format!("kiosk-slip-{language}-{paper}")).await?;
            let fits = page.eval("document.documentElement.scrollWidth<=innerWidth").await? == true;
            ensure!(fits, "the slip is wider than {paper}");
            let buttons =
                page.eval_text("deepAll('button').filter(shown).map(b=>b.innerText).join()").await?;
            ensure!(buttons.is_empty(), "{buttons} is printed on {paper}");
            // A camera reads 20 mm from a hand's width away.
            let code = page.eval("deep('.code-square').getBoundingClientRect().width").await?;
            ensure!(code.as_f64().is_some_and(|code| code >= 75.0), "the code is {code} px wide on {paper}");
        }
        page.media(&[("prefers-color-scheme", "light"), ("prefers-reduced-motion", "reduce")]).await?;
        page.size(800, 1280, 1).await?;
        counter.touch("finish").await?;
        counter.shows("attract").await?;
    }
    Ok(())
}
