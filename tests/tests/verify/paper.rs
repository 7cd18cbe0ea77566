//! On paper: the answer, and the wording as the visitor saw it, with the ticks.

use anyhow::{Result, ensure};

use crate::Case;

#[tokio::test]
async fn what_is_printed_is_the_answer_with_the_wording_and_the_ticks() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    let [keys, log_key] = case.keys().await?;
    judge.choose(&[&keys, &log_key, &case.receipt]).await?;
    ensure!(judge.page.eval("deep('details.wording').open").await? == false, "the wording is one click away");
    let pdf = judge.page.print().await?;
    ensure!(pdf.starts_with(b"%PDF"), "nothing was printed");
    ensure!(judge.page.eval("deep('details.wording').open").await? == true, "the wording is not printed");
    judge.page.on_paper().await?;
    let text = judge.page.text().await?;
    for part in [
        "Dit bewijs klopt.",
        "receipt.vinkje.json",
        "Precies deze tekst heeft u gezien",
        "\u{2611}",
        "\u{2610}",
        &case.given.receipt,
    ] {
        ensure!(text.contains(part), "{part} is not on paper:\n{text}");
    }
    for part in ["Kies bestanden", "Haal weg", "Ook zonder internet", "Wat u er nog bij kunt geven"] {
        ensure!(!text.contains(part), "{part} is on paper:\n{text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_long_history_is_drawn_in_part_until_somebody_asks_for_all_of_it() -> Result<()> {
    let case = Case::start().await?;
    for _ in 0..12 {
        let page = case.world.client.get(&case.given.manage_url).await?.text();
        let offer = e2e::submit::hidden(&page, "offer")?;
        let again = [("do", "give"), ("purpose", "nieuwsbrief"), ("offer", offer)];
        let answer = case.world.client.post_form(&case.given.manage_url, &again).await?;
        ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
        case.world.client.post_form(&case.given.manage_url, &[("do", "withdraw_all")]).await?;
    }
    let history = case.world.fetch(&format!("{}.bundle", case.given.manage_url), "long.vinkje.json").await?;
    let judge = case.judge("nl").await?;
    ensure!(judge.judged(&[&history]).await?.verdict == "open");
    let drawn = "deepAll('.one-receipt').length";
    ensure!(judge.page.eval(drawn).await? == 20, "{}", judge.page.eval(drawn).await?);
    judge.page.click("[data-show-all]").await?;
    judge.page.until("all of it", "deepAll('.one-receipt').length===26&&!deep('[data-show-all]')").await
}
