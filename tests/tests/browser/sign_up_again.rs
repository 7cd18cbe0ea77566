//! A shop's own sign-up form that does not just leave: it asks again, its button is gone, the form is another one, or no
//! receipt could be made.

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::world::World;
use serde_json::Value;

use crate::{EMAIL, clean, decisions, document, open, running, seen, watching};

const THANKS: &str = "/bedankt.html";
const RECORDED: [&str; 4] = ["nieuwsbrief given", "post not_given", "keuze not_given", "boerderij not_given"];

fn element(world: &World) -> String {
    let base = world.collector.base();
    format!(
        "<vinkje-consent form=\"kaas/aanmelden\" email-from=email name-from=naam address-from=adres>\
         <a href=\"{base}/f/kaas/aanmelden\">Kies</a></vinkje-consent>\
         <script async src=\"{base}/f/kaas/aanmelden/embed.js?lang=nl\"></script>"
    )
}

/// A page whose own script takes the sign-up and stays: `sent` holds what each try said.
async fn staying(world: &World) -> Result<Page> {
    let body = format!(
        "<form id=own><label>E-mail <input id=email name=email></label>{}<button class=button style=\"min-height:44px\">Word lid</button></form>\
         <script>window.sent=[];own.addEventListener('submit',e=>{{e.preventDefault();\
         sent.push(Object.fromEntries(new FormData(own)))}})</script>",
        element(world)
    );
    open(&world.site.put("/blijf.html", &document(&body), &[])).await
}

/// Presses the sign-up's button, and gives what the sign-up said at its `count`th try.
async fn sign_up(page: &Page, count: usize) -> Result<Value> {
    page.click("#own .button").await?;
    page.until("the sign-up", &format!("window.sent.length==={count}")).await?;
    page.eval(&format!("window.sent[{}]", count - 1)).await
}

/// Goes to a field by keyboard, which selects what it holds, and types over it.
async fn correct(page: &Page, field: &str, text: &str) -> Result<()> {
    page.tab_to(field).await?;
    page.type_text(text).await
}

fn receipt(sent: &Value) -> Result<String> {
    let receipt = sent["vinkje-receipt"].as_str().filter(|receipt| !receipt.is_empty());
    receipt.map(str::to_owned).with_context(|| format!("the sign-up has no receipt: {sent}"))
}

#[tokio::test]
async fn what_is_corrected_is_recorded_anew_and_what_it_corrects_no_longer_stands() -> Result<()> {
    let world = World::start().await?;
    let page = staying(&world).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#email", "eva@voorbeeld.example.nl").await?;
    let wrong = receipt(&sign_up(&page, 1).await?)?;
    page.until("the news", "text().includes('Uw keuzes zijn bewaard. Past u')").await?;
    page.until("the links", "deepAll('.links a').filter(shown).length===2").await?;
    page.accessible_in_light_and_dark("saved with the sign-up").await?;
    page.until("the tick kept", "shown(deep('#vk-p-nieuwsbrief'))&&deep('#vk-p-nieuwsbrief').checked")
        .await?;

    correct(&page, "#email", EMAIL).await?;
    let right = receipt(&sign_up(&page, 2).await?)?;
    ensure!(right != wrong, "the receipt is still that of the wrong address");
    let expected = [&RECORDED[..], &["nieuwsbrief withdrawn"], &RECORDED[..]].concat();
    ensure!(decisions(&world).await? == expected, "{:?}", world.events().await?);

    page.click("#vk-p-nieuwsbrief").await?;
    page.click("#vk-p-keuze").await?;
    let other = receipt(&sign_up(&page, 3).await?)?;
    ensure!(other != right, "the receipt is still that of other ticks");
    let stored = decisions(&world).await?;
    ensure!(
        stored[9] == "nieuwsbrief withdrawn" && stored[12] == "keuze given" && stored.len() == 14,
        "{stored:?}"
    );

    let same = receipt(&sign_up(&page, 4).await?)?;
    ensure!(same == other, "the same answer got another receipt");
    ensure!(decisions(&world).await? == stored && seen(&page, "recorded").await?.len() == 3);
    clean(&page).await
}

#[tokio::test]
async fn who_goes_on_in_another_language_corrects_the_first_answer_too() -> Result<()> {
    let world = World::start().await?;
    let page = staying(&world).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#email", EMAIL).await?;
    let first = receipt(&sign_up(&page, 1).await?)?;
    page.click("a[data-vinkje-lang=en]").await?;
    page.until("the form in English", "window.seen.filter(e=>e.name==='ready').length===2").await?;
    let second = receipt(&sign_up(&page, 2).await?)?;
    ensure!(first != second, "the receipt is still that of the first answer");
    let stored = decisions(&world).await?;
    ensure!(stored[4] == "nieuwsbrief withdrawn" && stored[5] == "nieuwsbrief not_given", "{stored:?}");
    // A reset is another person: what the first one gave stands.
    page.eval("document.querySelector('#own').reset()").await?;
    page.until("a new form", "window.seen.filter(e=>e.name==='ready').length===3").await?;
    page.click("#vk-p-keuze").await?;
    page.fill("#email", "piet@voorbeeld.example").await?;
    receipt(&sign_up(&page, 3).await?)?;
    page.eval("document.querySelector('#own').reset()").await?;
    page.until("a new form", "window.seen.filter(e=>e.name==='ready').length===4").await?;
    receipt(&sign_up(&page, 4).await?)?;
    let stored = decisions(&world).await?;
    ensure!(stored.iter().filter(|decision| decision.ends_with("withdrawn")).count() == 1, "{stored:?}");
    clean(&page).await
}

#[tokio::test]
async fn an_answer_of_unknown_fate_is_taken_back_by_the_one_that_corrects_it() -> Result<()> {
    let world = World::start().await?;
    let page = watching().await?;
    page.go(&world.hosted("nl")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#vk-email", "eva@voorbeeld.example.nl").await?;
    let hold = page.hold_answers("*/f/kaas/aanmelden").await?;
    page.click("button[value=save]").await?;
    hold.arrived().await?;
    // Stored by now; the person is never told.
    hold.fail().await?;
    page.until("the news", "shown(deep('#vk-problem'))").await?;
    page.hold_nothing().await?;
    ensure!(decisions(&world).await? == RECORDED, "{:?}", world.events().await?);
    correct(&page, "#vk-email", EMAIL).await?;
    page.click(".buttons button[value=save]").await?;
    crate::saved(&page).await?;
    let expected = [&RECORDED[..], &["nieuwsbrief withdrawn"], &RECORDED[..]].concat();
    ensure!(decisions(&world).await? == expected, "{:?}", world.events().await?);
    Ok(())
}

#[tokio::test]
async fn a_button_that_the_page_replaces_or_removes_does_not_stop_the_sign_up() -> Result<()> {
    for (name, change) in [
        ("replaced", "b.replaceWith(b.cloneNode(true))"),
        ("removed", "b.remove()"),
        ("another kind", "b.type='button'"),
        ("in another form", "b.setAttribute('form','other')"),
    ] {
        let world = World::start().await?;
        let body = format!(
            "<form id=other></form><form method=post action=bedankt.html><input name=email value=\"{EMAIL}\">{}\
             <button class=button name=knop value=lid>Word lid</button></form>\
             <script>addEventListener('vinkje-recorded',()=>{{const b=document.querySelector('.button');{change}}})</script>",
            element(&world)
        );
        let page = open(&world.site.put("/knop.html", &document(&body), &[])).await?;
        page.click("#vk-p-nieuwsbrief").await?;
        page.click(".button").await?;
        let post = world.site.first_post(THANKS).await.context(name)?;
        ensure!(post.get("vinkje-receipt").is_some_and(|receipt| !receipt.is_empty()), "{name}: {post:?}");
        ensure!(world.site.posts(THANKS).len() == 1, "{name}: the sign-up was sent more than once");
    }
    Ok(())
}

#[tokio::test]
async fn a_sign_up_without_a_receipt_says_so_to_the_page_and_to_the_person() -> Result<()> {
    let mut world = World::start().await?;
    let page = staying(&world).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#email", EMAIL).await?;
    world.collector.kill().await?;
    let sent = sign_up(&page, 1).await?;
    ensure!(sent["vinkje-receipt"] == "", "{sent}");
    let link = sent["vinkje-link"].as_str().context("no link")?.to_owned();
    let told = seen(&page, "error").await?;
    ensure!(told.last().is_some_and(|e| e["code"] == "no_receipt" && e["link"] == link.as_str()), "{told:?}");
    // It is the last thing before the host's button, and is read out.
    page.until("the note", "shown(deep('.said[role=alert]'))&&!deep('.said').nextElementSibling").await?;
    page.until("its link", &format!("deep('.said a').href==='{link}'")).await?;
    page.accessible_in_light_and_dark("not saved yet").await?;
    clean_but_for_the_network(&page).await?;
    world.collector.serve().await?;
    receipt(&sign_up(&page, 2).await?)?;
    page.until("no note any more", "!deep('.said')").await?;
    ensure!(decisions(&world).await? == RECORDED);
    Ok(())
}

async fn clean_but_for_the_network(page: &Page) -> Result<()> {
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "the policy stopped {violations:?}");
    Ok(())
}

#[tokio::test]
async fn the_shops_next_page_can_say_that_the_choices_are_not_saved_yet() -> Result<()> {
    let mut world = World::start().await?;
    let page = open(&world.shop("/lid-worden.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    world.collector.kill().await?;
    page.fill("#naam", "Eva de Vries").await?;
    page.fill("#email", EMAIL).await?;
    page.click("form[action='bedankt.html'] button.button").await?;
    let post = world.site.first_post(THANKS).await?;
    let link = post.get("vinkje-link").context("no link")?;
    page.until("the next page", "location.pathname.endsWith('/bedankt.html')").await?;
    // The test's own site answers a post with a page of its own; the shop's page is the one behind it.
    page.go(&world.shop(THANKS)).await?;
    page.until("the link", &format!("shown(deep('.later'))&&deep('.later a').href==='{link}'")).await?;
    clean_but_for_the_network(&page).await
}

#[tokio::test]
async fn after_a_sign_up_with_a_receipt_the_shops_next_page_says_nothing_of_it() -> Result<()> {
    let world = World::start().await?;
    let page = open(&world.shop("/lid-worden.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.fill("#naam", "Eva de Vries").await?;
    page.fill("#email", EMAIL).await?;
    page.click("form[action='bedankt.html'] button.button").await?;
    world.site.first_post(THANKS).await?;
    page.go(&world.shop(THANKS)).await?;
    page.until("no note", "!!deep('.later')&&!shown(deep('.later'))").await?;
    clean(&page).await
}

#[tokio::test]
async fn an_element_that_moves_to_another_form_belongs_to_that_form() -> Result<()> {
    let world = World::start().await?;
    let form = |id: &str| {
        format!(
            "<form id={id} class=own><input name=email value=\"{id}@voorbeeld.example\"><button class=button>Word lid</button></form>"
        )
    };
    let body = format!(
        "{}{}<div id=outside></div><div id=start>{}</div>\
         <script>window.sent=[];addEventListener('submit',e=>{{e.preventDefault();\
         sent.push({{form:e.target.id,...Object.fromEntries(new FormData(e.target))}})}})</script>",
        form("een"),
        form("twee"),
        element(&world)
    );
    let page = watching().await?;
    page.go(&world.site.put("/formulieren.html", &document(&body), &[])).await?;
    running(&page).await?;
    page.until("its own buttons", "deepAll('.buttons button').some(shown)").await?;
    page.click("#vk-p-nieuwsbrief").await?;
    let to = async |id: &str| page.eval(&format!("deep('#{id}').prepend(deep('vinkje-consent'))")).await;

    to("een").await?;
    page.until("no buttons of its own", "!deepAll('.buttons button').some(shown)").await?;
    to("twee").await?;
    page.click("#een .button").await?;
    page.until("the first form alone", "window.sent.length===1&&!('vinkje-receipt' in window.sent[0])")
        .await?;
    ensure!(world.events().await?.is_empty(), "the form that the element left recorded something");
    page.click("#twee .button").await?;
    page.until("the second form", "window.sent.length===2&&window.sent[1].form==='twee'").await?;
    let sent = page.eval("window.sent[1]").await?;
    ensure!(world.events().await?[0].contains(&receipt(&sent)?), "{sent}");
    ensure!(decisions(&world).await? == RECORDED);

    to("outside").await?;
    page.until("its own buttons again", "deepAll('.buttons button').some(shown)").await?;
    page.click("#twee .button").await?;
    page.until("the second form alone", "window.sent.length===3&&!('vinkje-receipt' in window.sent[2])")
        .await?;
    clean(&page).await
}
