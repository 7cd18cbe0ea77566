//! Giving and refusing consent: with the mouse, with the keyboard, without scripts, in two languages.

use anyhow::{Result, ensure};
use e2e::page::Page;
use e2e::verifiers;
use e2e::world::World;

use crate::{EMAIL, clean, decisions, links, only_given, open, saved, seen};

#[tokio::test]
async fn nothing_is_ticked_before_the_person_acts() -> Result<()> {
    let world = World::start().await?;
    for address in [world.shop("/index.html"), world.shop("/lid-worden.html"), world.hosted("nl")] {
        let page = crate::watching().await?;
        page.go(&address).await?;
        page.until("the boxes", "deepAll('input[name=ticked]').length===4").await?;
        page.until(
            "all boxes empty",
            "deepAll('input[type=checkbox]').every(b=>!b.checked&&!b.defaultChecked)",
        )
        .await?;
    }
    ensure!(world.events().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_person_gives_with_the_mouse_and_gets_a_receipt_that_verifies() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await?;
    let recorded = seen(&page, "recorded").await?;
    ensure!(recorded.len() == 1 && recorded[0]["outcome"] == "given", "{recorded:?}");
    ensure!(page.text().await?.contains("Uw keuzes zijn bewaard"));
    clean(&page).await?;
    let (receipt, _) = links(&page).await?;
    page.click(".result a[href*='/r/']").await?;
    page.until("the receipt page", "location.pathname.startsWith('/r/')&&!!deep('article')").await?;
    ensure!(page.text().await?.contains("Stuur mij de nieuwsbrief per e-mail"));
    page.until("the code to scan", "shown(deep('.qr svg'))").await?;
    clean(&page).await?;
    let keys = world.keys().await?;
    let file = world.fetch(&format!("{receipt}.jws"), "receipt.jws").await?;
    let payload = verifiers::jose(&keys, &[&file]).await?.remove(0);
    ensure!(payload["receipt"] == recorded[0]["receipt"] && payload["ui"] == "wasm", "{payload}");
    ensure!(payload["origin"] == world.site.origin(), "{payload}");
    Ok(())
}

#[tokio::test]
async fn a_person_gives_with_the_keyboard_only() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.tab_to("#vk-p-keuze").await?;
    page.press("Space").await?;
    page.tab_to("#vk-email").await?;
    page.type_text(EMAIL).await?;
    page.tab_to("button[value=save]").await?;
    page.press("Enter").await?;
    saved(&page).await?;
    // Focus goes to the news, so a person who cannot see hears it.
    page.until("the focus on the result", "focused()?.id==='vk-done'").await?;
    only_given(&world, &["keuze"]).await
}

#[tokio::test]
async fn enter_in_the_address_field_sends_the_form() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.press("Enter").await?;
    saved(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn all_boxes_with_name_and_postal_address() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    for purpose in ["nieuwsbrief", "post", "keuze", "boerderij"] {
        page.click(&format!("#vk-p-{purpose}")).await?;
    }
    page.fill("#vk-email", EMAIL).await?;
    page.fill("#vk-name", "Eva de Vries").await?;
    page.fill("#vk-address", "Markt 1\n2801 AA Gouda").await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    only_given(&world, &["nieuwsbrief", "post", "keuze", "boerderij"]).await
}

#[tokio::test]
async fn the_hosted_page_does_the_same_without_scripts() -> Result<()> {
    let world = World::start().await?;
    let page = Page::open().await?;
    page.without_scripts().await?;
    page.go(&world.hosted("nl")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    page.until("the receipt page", "location.pathname.startsWith('/r/')").await?;
    page.until("what it says", "text().includes('Uw bewijs')").await?;
    only_given(&world, &["nieuwsbrief"]).await?;
    page.click("a.button[href*='/m/']").await?;
    page.until("the manage page", "location.pathname.startsWith('/m/')").await?;
    page.click(".standing.yes button").await?;
    page.until("it to be stopped", "text().includes('Gestopt. Het geldt vanaf nu.')").await
}

#[tokio::test]
async fn without_scripts_a_mistake_is_told_and_nothing_is_stored() -> Result<()> {
    let world = World::start().await?;
    let page = Page::open().await?;
    page.without_scripts().await?;
    page.go(&world.hosted("nl")).await?;
    page.click("button[value=save]").await?;
    page.until("the question", "shown(deep('#vk-problem'))").await?;
    ensure!(page.text().await?.contains("U heeft niets aangevinkt"));
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", "eva@").await?;
    page.click("#vk-form button[value=save], .buttons button[value=save]").await?;
    page.until("the mistake", "text().includes('Dit e-mailadres klopt niet')").await?;
    page.until("what was typed", "deep('#vk-email').value==='eva@'").await?;
    ensure!(world.events().await?.is_empty(), "a mistake was stored");
    page.click(".buttons button[value=none]").await?;
    page.until("the receipt page", "location.pathname.startsWith('/r/')").await?;
    only_given(&world, &[]).await
}

#[tokio::test]
async fn a_person_refuses_everything_with_one_press_and_leaves_no_address() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    // Even after a change of mind: what was ticked and typed does not count.
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click(".buttons button[value=none]").await?;
    saved(&page).await?;
    ensure!(page.text().await?.contains("Bewaard: u wilt niets"));
    only_given(&world, &[]).await?;
    ensure!(seen(&page, "recorded").await?[0]["outcome"] == "refused");
    let (_, manage) = links(&page).await?;
    page.go(&manage).await?;
    ensure!(!page.text().await?.contains("Stop alles"), "there is nothing to stop");
    // Without an address there is nothing to send to, so nothing can be given again here.
    page.until("no box to give", "!deep('.give input')").await
}

#[tokio::test]
async fn saving_with_nothing_ticked_asks_first_and_records_nothing() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.tab_to("#vk-p-nieuwsbrief").await?;
    page.press("Enter").await?;
    page.until("the question", "shown(deep('#vk-problem'))").await?;
    page.until("the focus on it", "focused()?.id==='vk-problem'").await?;
    ensure!(page.text().await?.contains("U heeft niets aangevinkt"));
    ensure!(decisions(&world).await?.is_empty(), "a slip of Enter was recorded");
    ensure!(page.request_count("POST", "/f/kaas/aanmelden") == 0, "a slip of Enter was sent");
    page.click("#vk-problem button[value=none]").await?;
    saved(&page).await?;
    only_given(&world, &[]).await
}

#[tokio::test]
async fn an_impatient_double_click_gives_one_receipt() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.double_click("button[value=save]").await?;
    saved(&page).await?;
    only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn a_missing_address_is_asked_for_at_its_field() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.click("#vk-p-post").await?;
    page.click("button[value=save]").await?;
    page.until("the question", "shown(deep('#vk-error'))").await?;
    page.until("the field marked", "deep('#vk-address').getAttribute('aria-invalid')==='true'").await?;
    page.until("the tick kept", "deep('#vk-p-post').checked").await?;
    page.click("#vk-problem a").await?;
    page.until("the focus at the field", "focused()?.id==='vk-address'").await?;
    page.type_text("Markt 1\n2801 AA Gouda").await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    only_given(&world, &["post"]).await
}

#[tokio::test]
async fn the_form_speaks_both_languages_and_boxes_start_empty_in_each() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.click("a[data-vinkje-lang=en]").await?;
    page.until("English", "text().includes('Send me the newsletter by e-mail')").await?;
    page.until("empty boxes", "deepAll('input[name=ticked]').every(b=>!b.checked)").await?;
    page.until("the form to run again", "window.seen.filter(e=>e.name==='ready').length===2").await?;
    page.click("#vk-p-keuze").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    ensure!(page.text().await?.contains("Your choices are saved"), "{}", page.text().await?);
    only_given(&world, &["keuze"]).await?;
    let (receipt, manage) = links(&page).await?;
    let receipt = world.client.get(&format!("{receipt}.json")).await?.json()?;
    ensure!(receipt["language"] == "en", "{receipt}");
    page.go(&manage).await?;
    ensure!(page.text().await?.contains("Choose offers for me by what I bought"));
    page.click("a[hreflang=nl], a[data-vinkje-lang=nl]").await?;
    page.until("Dutch", "text().includes('Kies aanbiedingen voor mij met wat ik kocht')").await
}

#[tokio::test]
async fn each_shop_page_has_its_form_in_its_own_language() -> Result<()> {
    let world = World::start().await?;
    for (path, words) in [
        ("/index.html", "Vink alleen aan wat u wilt"),
        ("/en/index.html", "Send me the newsletter by e-mail"),
        ("/lid-worden.html", "Stuur mij de nieuwsbrief per e-mail"),
        ("/en/join.html", "Send me the newsletter by e-mail"),
    ] {
        let page = open(&world.shop(path)).await?;
        ensure!(page.text().await?.contains(words), "{path} does not say {words}");
        clean(&page).await?;
    }
    Ok(())
}
