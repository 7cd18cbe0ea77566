//! Giving files: by the field, by dropping, by the keyboard; one beside another; and what is said then.

use anyhow::{Result, ensure};
use e2e::page::Page;

use crate::{Case, clean};

#[tokio::test]
async fn a_person_chooses_evidence_and_reads_what_holds_and_what_was_not_checked() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    ensure!(judge.status().await? == "Klaar om te controleren.", "{}", judge.status().await?);
    let shown = judge.judged(&[&case.receipt]).await?;
    ensure!(shown.verdict == "open" && shown.codes.is_empty(), "{shown:?}");
    ensure!(shown.sentence == "Dit bewijs klopt, als de sleutels in dit bestand echt van de afzender zijn.");
    ensure!(shown.steps.len() == 9, "{shown:?}");
    // Told to who cannot see it: once as news, and by where the reader stands.
    ensure!(judge.status().await? == shown.sentence);
    ensure!(judge.page.eval("focused().id").await? == "vk-verdict", "the reader is not taken to the answer");
    let text = judge.page.text().await?;
    let base = case.world.collector.base();
    let host = base.trim_start_matches("http://");
    for part in
        ["Bewijs 1 van 1", "De Kaasplank", &case.given.receipt, &format!("{host}/.well-known/jwks.json")]
    {
        ensure!(text.contains(part), "{part} is not on the page:\n{text}");
    }
    ensure!(!text.contains(crate::EMAIL), "contact data on the page");
    clean(&judge.page).await
}

#[tokio::test]
async fn the_whole_history_of_a_person_is_shown_with_each_box_as_it_was_sent() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("en").await?;
    let [keys, log_key] = case.keys().await?;
    judge.drop(&[&case.history, &keys, &log_key]).await?;
    let shown = judge.shown().await?.expect("a verdict");
    ensure!(shown.verdict == "holds" && shown.sentence == "This evidence holds.", "{shown:?}");
    ensure!(judge.given().await?.len() == 3, "{:?}", judge.given().await?);
    let receipts = judge.page.eval("deepAll('.one-receipt').length").await?;
    ensure!(receipts == 2, "{receipts} receipts");
    // Agreed to one of four; the withdrawal is about no box.
    let boxes = "deepAll('.one-receipt').map(r=>[...r.querySelectorAll('.wording .tick')].map(t=>t.textContent).join(''))";
    let boxes = judge.page.eval(boxes).await?;
    ensure!(boxes == serde_json::json!(["\u{2611}\u{2610}\u{2610}\u{2610}", ""]), "{boxes}");
    judge.page.click(".one-receipt details.wording summary").await?;
    ensure!(
        judge.page.text().await?.contains("niet aangevinkt")
            || judge.page.text().await?.contains("not ticked")
    );
    clean(&judge.page).await
}

#[tokio::test]
async fn the_keyboard_alone_gives_a_file_and_takes_it_away() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    judge.page.tab_to("#vk-files").await?;
    judge
        .act(async |page: &Page| {
            page.choose_by(&[&case.receipt], async |page: &Page| page.press("Enter").await).await
        })
        .await?;
    ensure!(judge.shown().await?.is_some_and(|shown| shown.verdict == "open"));
    judge.page.press("Shift+Tab").await?;
    ensure!(
        judge.page.eval("focused().getAttribute('aria-label')").await? == "Haal weg: receipt.vinkje.json",
        "{}",
        judge.page.eval("focused().outerHTML").await?
    );
    judge.act(async |page: &Page| page.press("Enter").await).await?;
    ensure!(judge.shown().await?.is_none() && judge.given().await?.is_empty(), "it is still there");
    ensure!(judge.page.eval("focused().id").await? == "vk-files", "the reader is nowhere");
    ensure!(judge.status().await? == "Klaar om te controleren.");
    clean(&judge.page).await
}

#[tokio::test]
async fn what_is_given_beside_evidence_is_named_and_counts() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    let [keys, log_key] = case.keys().await?;
    judge.choose(&[&keys]).await?;
    ensure!(judge.shown().await?.is_none(), "keys alone are no evidence");
    ensure!(judge.status().await? == "Geef nu ook het bewijs zelf.", "{}", judge.status().await?);
    let other = case.file("brief.txt", "Beste mevrouw")?;
    let shown = judge.judged(&[&case.receipt, &log_key, &other]).await?;
    ensure!(shown.verdict == "holds", "{shown:?}");
    let kinds: Vec<String> = judge.given().await?.into_iter().map(|(_, kind)| kind).collect();
    let expected =
        ["Sleutels van de afzender", "Bewijs", "Sleutel van het logboek", "Dit herkennen wij niet"];
    ensure!(kinds == expected, "{kinds:?}");
    // Taken away again, it counts no more.
    judge.act(async |page: &Page| page.click(".given button[aria-label*=jwks]").await).await?;
    ensure!(judge.shown().await?.is_some_and(|shown| shown.verdict == "open"));
    clean(&judge.page).await
}

#[tokio::test]
async fn a_receipt_alone_is_judged_by_keys_and_says_what_it_does_not_prove() -> Result<()> {
    let case = Case::start().await?;
    let jws = case.world.fetch(&format!("{}.jws", case.given.receipt_url), "receipt.jws").await?;
    let judge = case.judge("en").await?;
    let shown = judge.judged(&[&jws]).await?;
    ensure!(shown.sentence == "Without keys, this evidence cannot be checked.", "{shown:?}");
    let [keys, _] = case.keys().await?;
    let shown = judge.judged(&[&keys]).await?;
    ensure!(shown.verdict == "holds", "{shown:?}");
    let open = shown.steps.iter().filter(|step| step.contains("this is a receipt alone")).count();
    ensure!(open == 6, "{shown:?}");
    ensure!(judge.page.text().await?.contains("nieuwsbrief"));
    let text = std::fs::read_to_string(&jws)?;
    let at = text.rfind('.').unwrap_or_default() + 9;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    let forged = case.file("forged.jws", format!("{}{other}{}", &text[..at], &text[at + 1..]))?;
    let shown = judge.judged(&[&forged]).await?;
    ensure!(shown.codes == ["receipt_signature"], "{shown:?}");
    ensure!(
        judge.page.eval("deepAll('.one-receipt').length").await? == 0,
        "a forged receipt is shown as if it held"
    );
    clean(&judge.page).await
}

#[tokio::test]
async fn the_page_speaks_the_visitors_language_and_is_linked_from_where_evidence_is() -> Result<()> {
    let case = Case::start().await?;
    let base = case.world.collector.base();
    let page = Page::open().await?;
    page.prefers("en-GB,en;q=0.9").await?;
    page.go(&format!("{base}/verify")).await?;
    ensure!(
        page.eval("document.documentElement.lang+' '+deep('h1').textContent").await? == "en Check evidence"
    );
    page.click(".languages a[hreflang=nl]").await?;
    page.until("Dutch", "deep('h1').textContent==='Controleer een bewijs'").await?;
    let log = format!("{base}/log/{}?lang=nl", e2e::world::ORGANISATION);
    for address in
        [format!("{}?lang=nl", case.given.receipt_url), format!("{}?lang=nl", case.given.manage_url), log]
    {
        let html = case.world.client.get(&address).await?.text();
        ensure!(
            html.contains(&format!("href=\"{base}/verify?lang=nl\"")),
            "{address} has no link to the page"
        );
    }
    let form = case.world.client.get(&case.world.hosted("nl")).await?.text();
    ensure!(!form.contains("verif"), "the form that visitors see loads something of the verifier");
    Ok(())
}
