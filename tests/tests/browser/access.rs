//! For everybody: axe-core on every page and state, small screens, zoom, right to left.

use anyhow::{Result, ensure};
use e2e::page::Page;
use e2e::submit::{Acknowledged, acknowledged, answers, nonce};
use e2e::world::World;

use crate::{EMAIL, open, saved};

async fn gave(world: &World, language: &str) -> Result<Acknowledged> {
    let form = world.form();
    let body = answers(&form.offer(language).await?, &nonce()?, &["nieuwsbrief", "keuze"], EMAIL);
    acknowledged(&form.post(&body).await?)
}

#[tokio::test]
async fn the_shop_with_its_form_has_no_violation_in_any_state() -> Result<()> {
    let world = World::start().await?;
    for path in ["/index.html", "/en/index.html"] {
        let page = open(&world.shop(path)).await?;
        page.accessible_in_light_and_dark(path).await?;
        page.tab_to("#vk-p-post").await?;
        page.press("Enter").await?;
        page.until("the question", "shown(deep('#vk-problem'))").await?;
        page.accessible_in_light_and_dark(&format!("{path} with nothing ticked")).await?;
        for purpose in ["nieuwsbrief", "post", "keuze", "boerderij"] {
            page.click(&format!("#vk-p-{purpose}")).await?;
        }
        page.click(".buttons button[value=save]").await?;
        page.until("the mistake", "shown(deep('#vk-error'))").await?;
        page.accessible_in_light_and_dark(&format!("{path} with a mistake")).await?;
        page.click("details summary").await?;
        page.accessible_in_light_and_dark(&format!("{path} with the privacy text")).await?;
        page.fill("#vk-email", EMAIL).await?;
        page.fill("#vk-address", "Markt 1").await?;
        page.click(".buttons button[value=save]").await?;
        saved(&page).await?;
        page.accessible_in_light_and_dark(&format!("{path} after saving")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_sign_up_pages_have_no_violation() -> Result<()> {
    let world = World::start().await?;
    for path in ["/lid-worden.html", "/en/join.html"] {
        let page = open(&world.shop(path)).await?;
        page.click("#vk-p-post").await?;
        page.accessible_in_light_and_dark(path).await?;
    }
    for path in ["/bedankt.html", "/en/thanks.html"] {
        let page = Page::open().await?;
        page.go(&world.shop(path)).await?;
        page.accessible_in_light_and_dark(path).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_collectors_pages_have_no_violation() -> Result<()> {
    let world = World::start().await?;
    for language in ["nl", "en", "ar"] {
        let page = Page::open().await?;
        page.go(&world.hosted(language)).await?;
        page.accessible_in_light_and_dark(&format!("hosted page {language}")).await?;
        let given = gave(&world, language).await?;
        page.go(&given.receipt_url).await?;
        page.click("details.wording summary").await?;
        page.accessible_in_light_and_dark(&format!("receipt {language}")).await?;
        page.go(&log_page(&world, language)).await?;
        page.accessible_in_light_and_dark(&format!("page of the log {language}")).await?;
        page.go(&given.manage_url).await?;
        page.accessible_in_light_and_dark(&format!("manage page {language}")).await?;
        page.click(".stop-all button").await?;
        page.until("the news", "shown(deep('.note'))").await?;
        page.click("details.history summary").await?;
        page.accessible_in_light_and_dark(&format!("manage page after stopping {language}")).await?;
        page.click(".give button").await?;
        page.until("the problem", "shown(deep('.problem'))").await?;
        page.accessible_in_light_and_dark(&format!("manage page with a problem {language}")).await?;
        page.go(&format!("{}/m/niets?lang={language}", world.collector.base())).await?;
        page.accessible_in_light_and_dark(&format!("message page {language}")).await?;
    }
    Ok(())
}

fn log_page(world: &World, language: &str) -> String {
    format!("{}/log/{}?lang={language}", world.collector.base(), e2e::world::ORGANISATION)
}

#[tokio::test]
async fn no_page_scrolls_sideways_on_a_phone_or_at_200_percent() -> Result<()> {
    let world = World::start().await?;
    for path in ["/index.html", "/lid-worden.html", "/en/index.html", "/bedankt.html"] {
        let page = Page::open().await?;
        page.go(&world.shop(path)).await?;
        if path != "/bedankt.html" {
            page.until("the form", "shown(deep('#vk-title'))").await?;
        }
        page.fits(path).await?;
    }
    for language in ["nl", "en", "ar"] {
        let given = gave(&world, language).await?;
        let page = Page::open().await?;
        let log = log_page(&world, language);
        for address in [&world.hosted(language), &given.receipt_url, &given.manage_url, &log] {
            page.go(address).await?;
            page.eval("deepAll('details').forEach(d=>d.open=true)").await?;
            page.fits(address).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_person_gives_on_a_phone() -> Result<()> {
    let world = World::start().await?;
    let page = crate::watching().await?;
    page.size(360, 740, 2).await?;
    page.go(&world.shop("/index.html")).await?;
    crate::running(&page).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    crate::only_given(&world, &["nieuwsbrief"]).await
}

/// How far a box stands to the right of its words.
const SIDE: &str = "(b=>b.getBoundingClientRect().left-b.nextElementSibling.getBoundingClientRect().left)(deep('#vk-p-post'))";

#[tokio::test]
async fn right_to_left_is_the_mirror_image() -> Result<()> {
    let world = World::start().await?;
    let page = Page::open().await?;
    page.size(1280, 900, 1).await?;
    page.go(&world.hosted("nl")).await?;
    let left = page.eval(SIDE).await?.as_f64().unwrap_or_default();
    page.go(&world.hosted("ar")).await?;
    ensure!(page.eval("document.documentElement.dir==='rtl'").await? == true);
    let right = page.eval(SIDE).await?.as_f64().unwrap_or_default();
    ensure!(left < 0.0 && right > 0.0, "a box stands {left} and {right} px from its words");
    page.keep_picture("hosted-ar").await?;
    Ok(())
}

#[tokio::test]
async fn a_person_changes_a_shops_form_to_arabic_and_is_answered_in_it() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.click("a[data-vinkje-lang=ar]").await?;
    page.until("the form in Arabic", "deep('.vinkje').lang==='ar'&&deep('.vinkje').dir==='rtl'").await?;
    page.until("the form to run again", "window.seen.filter(e=>e.name==='ready').length===2").await?;
    page.click("button[value=save]").await?;
    // This one is drawn by the WASM, which holds no words of its own.
    page.until("the question", "shown(deep('#vk-problem'))").await?;
    ensure!(page.text().await?.contains("لم تضع أي علامة"), "{}", page.text().await?);
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.keep_picture("shop-ar").await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    ensure!(page.text().await?.contains("حُفظت اختياراتك"), "{}", page.text().await?);
    let (receipt, manage) = crate::links(&page).await?;
    let file = world.fetch(&format!("{receipt}.jws"), "receipt.jws").await?;
    let payload = e2e::verifiers::jose(&world.keys().await?, &[&file]).await?.remove(0);
    ensure!(payload["language"] == "ar", "{payload}");
    for (name, address, words) in [("receipt", receipt, "هذا ما اخترته"), ("manage", manage, "موافقاتك")]
    {
        page.go(&address).await?;
        ensure!(
            page.eval("document.documentElement.dir==='rtl'").await? == true,
            "{name} runs left to right"
        );
        ensure!(page.text().await?.contains(words), "{name}: {}", page.text().await?);
        page.keep_picture(&format!("{name}-ar")).await?;
    }
    Ok(())
}

/// Each "e-mail…" on the page with its number of lines, whatever keeps it together.
const LINES_OF_EMAIL: &str = "deepAll('p,label,h1,h2,h3,h4,dt,dd,legend,li').filter(shown).flatMap(e=>{\
    const nodes=[];let length=0;const walk=document.createTreeWalker(e,NodeFilter.SHOW_TEXT);\
    while(walk.nextNode()){nodes.push([walk.currentNode,length]);length+=walk.currentNode.data.length}\
    const place=at=>{const [node,start]=nodes.findLast(([,start])=>start<=at);return [node,at-start]};\
    return [...e.textContent.matchAll(/[Ee]-mail[a-z]*/g)].map(word=>{const range=new Range();\
    range.setStart(...place(word.index));range.setEnd(...place(word.index+word[0].length-1));\
    return new Set([...range.getClientRects()].map(r=>Math.round(r.top))).size})})";

#[tokio::test]
async fn a_word_with_a_hyphen_stays_in_one_piece_and_can_be_found() -> Result<()> {
    let world = World::start().await?;
    let given = gave(&world, "nl").await?;
    let page = Page::open().await?;
    for address in
        [&world.shop("/lid-worden.html"), &world.hosted("nl"), &given.receipt_url, &given.manage_url]
    {
        page.go(address).await?;
        page.until("the words", "text().includes('per e-mail')").await?;
        page.eval("deepAll('details').forEach(d=>d.open=true)").await?;
        for width in (280..=420).step_by(4) {
            page.size(width, 800, 1).await?;
            let lines = page.eval(LINES_OF_EMAIL).await?;
            let lines: Vec<u64> = lines.as_array().into_iter().flatten().filter_map(|n| n.as_u64()).collect();
            ensure!(lines.contains(&1), "{address} shows no such word");
            ensure!(lines.iter().all(|lines| *lines < 2), "{address} breaks one at {width} px: {lines:?}");
        }
    }
    page.go(&world.hosted("nl")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.until("the field", "shown(deep('#vk-email'))").await?;
    ensure!(page.eval("deep('#vk-email').labels[0].textContent").await? == "E-mailadres");
    ensure!(page.eval("window.find('nieuwsbrief per e-mail')").await? == true, "searching does not find it");
    Ok(())
}
