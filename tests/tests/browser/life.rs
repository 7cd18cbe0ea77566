//! Elements come and go: two forms on a page, taken out and put back, moved.

use anyhow::{Result, ensure};
use e2e::world::{FORM, SECOND_FORM, World};

use crate::{EMAIL, clean, decisions, document, open, saved, seen, snippet, watching};

#[tokio::test]
async fn two_forms_on_a_page_do_not_know_each_other() -> Result<()> {
    let world = World::start().await?;
    let body = format!("{}{}", snippet(&world, FORM, "nl"), snippet(&world, SECOND_FORM, "nl"));
    let page = watching().await?;
    page.go(&world.site.put("/twee.html", &document(&body), &[])).await?;
    page.until("both forms to run", "window.seen.filter(e=>e.name==='ready').length===2").await?;
    ensure!(page.request_count("GET", ".wasm") == 1, "the WASM was fetched twice");
    // A tick in the first, an answer in the second.
    page.click("#vk-p-keuze").await?;
    let second = format!("deep('vinkje-consent[form=\"{SECOND_FORM}\"]')");
    page.eval(&format!("{second}.id='tweede'")).await?;
    page.eval("deepAll('#vk-p-post',deep('#tweede').shadowRoot)[0].id='tweede-post'").await?;
    page.eval("deepAll('#vk-address',deep('#tweede').shadowRoot)[0].id='tweede-adres'").await?;
    page.eval("deepAll('button[value=save]',deep('#tweede').shadowRoot)[0].id='tweede-save'").await?;
    page.click("#tweede-post").await?;
    page.fill("#tweede-adres", "Markt 1").await?;
    page.click("#tweede-save").await?;
    saved(&page).await?;
    ensure!(decisions(&world).await? == ["nieuwsbrief not_given", "post given"]);
    let recorded = seen(&page, "recorded").await?;
    ensure!(recorded.len() == 1 && recorded[0]["form"] == SECOND_FORM, "{recorded:?}");
    page.until("the first form untouched", "deep('#vk-p-keuze').checked").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    page.until("the first answer", "window.seen.filter(e=>e.name==='recorded').length===2").await?;
    ensure!(decisions(&world).await?.contains(&"keuze given".to_owned()));
    clean(&page).await
}

#[tokio::test]
async fn an_element_that_is_taken_out_and_put_back_leaves_no_listener() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.site.put("/weg.html", &document(&snippet(&world, FORM, "nl")), &[])).await?;
    let count = async || {
        let mut listeners = Vec::new();
        for object in ["window", "document", "document.body", "document.querySelector('vinkje-consent')"] {
            listeners.push(page.listeners(object).await?);
        }
        listeners.push(page.listeners("document.querySelector('vinkje-consent').shadowRoot").await?);
        Ok::<_, anyhow::Error>(listeners)
    };
    let before = count().await?;
    for turn in 2..12 {
        page.eval("(window.kept=document.querySelector('vinkje-consent'),kept.remove())").await?;
        page.until("it to be empty", "window.kept.shadowRoot.childElementCount===0").await?;
        page.eval("document.querySelector('main').append(window.kept)").await?;
        page.until("it to run again", &format!("window.seen.filter(e=>e.name==='ready').length==={turn}"))
            .await?;
    }
    let after = count().await?;
    ensure!(before == after, "listeners were {before:?} and are {after:?}");
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    ensure!(seen(&page, "recorded").await?.len() == 1, "one answer was recorded more than once");
    crate::only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn moving_an_element_keeps_what_was_ticked() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.site.put("/verplaats.html", &document(&snippet(&world, FORM, "nl")), &[])).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.eval("document.body.prepend(document.querySelector('vinkje-consent'))").await?;
    page.until("the tick kept", "deep('#vk-p-nieuwsbrief').checked").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.click("button[value=save]").await?;
    saved(&page).await?;
    crate::only_given(&world, &["nieuwsbrief"]).await
}

#[tokio::test]
async fn going_away_and_back_ticks_nothing() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/index.html")).await?;
    page.click("#vk-p-keuze").await?;
    page.go(&world.shop("/bedankt.html")).await?;
    page.eval("history.back()").await?;
    page.until("the form", "location.pathname.endsWith('/index.html')&&shown(deep('#vk-p-keuze'))").await?;
    ensure!(world.events().await?.is_empty(), "going back stored something");
    Ok(())
}
