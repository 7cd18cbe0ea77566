//! Links: looking changes nothing, and a link that leads nowhere tells nothing.

use anyhow::{Context, Result, ensure};
use e2e::world::World;
use shared::Language;
use shared::refusal::Refusal;

use crate::{EMAIL, check_problem, forged};

#[tokio::test]
async fn a_link_that_leads_nowhere_says_nothing_about_anybody() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let before = world.events().await?;
    let base = world.collector.base();
    let links = [
        format!("{base}/m/x"),
        forged(&given.manage_url),
        format!("{}A", given.manage_url),
        given.receipt_url.replace("/r/", "/m/"),
        given.manage_url.replace("/m/", "/r/"),
        format!("{}.exe", given.receipt_url),
        format!("{base}/m/%ff"),
        format!("{base}/r/%ff"),
    ];
    for link in links {
        let shown = world.client.get(&link).await?;
        check_problem(&shown, 404, Refusal::LinkUnknown, Language::Nl).with_context(|| link.clone())?;
        if link.contains("/m/") {
            let acted = world.client.post_form(&link, &[("do", "withdraw_all")]).await?;
            check_problem(&acted, 404, Refusal::LinkUnknown, Language::Nl).with_context(|| link.clone())?;
        }
    }
    ensure!(world.events().await? == before, "a bad link stored something");
    Ok(())
}

#[tokio::test]
async fn an_address_that_is_no_link_of_anybody_is_not_taken_for_one() -> Result<()> {
    let world = World::start().await?;
    let base = world.collector.base();
    for place in ["/", "/log/kaas", "/log/kaas/checkpoint", "/log/niemand/key", "/w/x/y", "/f/kaas"] {
        let url = format!("{base}{place}");
        let program = world.client.get(&url).await?;
        check_problem(&program, 404, Refusal::PageUnknown, Language::Nl).with_context(|| url.clone())?;
        let person = world.client.send("GET", &url, &[("accept", "text/html")], "").await?;
        ensure!(
            person.status == 404 && person.text().contains("Op dit adres staat niets"),
            "{place}: {}",
            person.text()
        );
    }
    let cut = world.client.send("GET", &format!("{base}/m/x"), &[("accept", "text/html")], "").await?;
    ensure!(cut.text().contains("<h1>Deze link werkt niet (meer)</h1>"), "{}", cut.text());
    Ok(())
}

#[tokio::test]
async fn looking_changes_nothing() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let before = world.events().await?;
    let base = world.collector.base();
    let jws = format!("{}.jws", given.receipt_url);
    let json = format!("{}.json", given.receipt_url);
    let acting = format!("{}?do=withdraw_all", given.manage_url);
    let hosted = world.hosted("en");
    for url in
        [&given.receipt_url, &jws, &json, &given.manage_url, &acting, &hosted, &format!("{base}/health")]
    {
        let answer = world.client.get(url).await?;
        ensure!(answer.status == 200, "{url}: {}", answer.status);
        ensure!(answer.header("x-content-type-options") == "nosniff", "{url} has no security headers");
        ensure!(
            answer.header("content-security-policy").starts_with("default-src 'none'"),
            "{url} has no policy"
        );
    }
    ensure!(world.events().await? == before, "looking stored something");
    Ok(())
}

#[tokio::test]
async fn a_wrong_method_is_named_to_people_and_to_programs() -> Result<()> {
    let world = World::start().await?;
    let url = format!("{}/health", world.collector.base());
    let program = world.client.send("POST", &url, &[], "").await?;
    check_problem(&program, 405, Refusal::MethodNotAllowed, Language::Nl)?;
    ensure!(program.header("allow").contains("GET"), "it does not say what is allowed");
    let person = world.client.send("POST", &url, &[("accept", "text/html")], "").await?;
    ensure!(
        person.status == 405 && person.header("content-type").starts_with("text/html"),
        "{}",
        person.text()
    );
    Ok(())
}
