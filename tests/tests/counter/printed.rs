//! The same notice on paper: a form to sign, and a poster.

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::world::{FORM, World};
use serde_json::json;

#[tokio::test]
async fn the_paper_and_the_poster_show_todays_words_and_have_nothing_to_tick() -> Result<()> {
    let world = World::start().await?;
    let page = Page::open().await?;
    for (sheet, language, scan) in [
        ("paper", "nl", "Liever op uw telefoon?"),
        ("paper", "en", "Rather on your phone?"),
        ("poster", "nl", "Zelf kiezen? Scan deze code"),
        ("poster", "en", "Choose yourself? Scan this code"),
        ("paper", "ar", "تفضّل هاتفك؟"),
        ("poster", "ar", "تريد أن تختار بنفسك؟"),
    ] {
        page.size(1280, 900, 1).await?;
        page.media(&[("prefers-color-scheme", "light")]).await?;
        page.go(&format!("{}/f/{FORM}/{sheet}?lang={language}", world.collector.base())).await?;
        ensure!(
            page.eval("deepAll('input,textarea,select').length").await? == json!(0),
            "something can be ticked"
        );
        page.accessible_in_light_and_dark(sheet).await?;
        page.fits(sheet).await?;
        let text = page.text().await?;
        ensure!(text.contains(scan) && text.contains(FORM), "{text}");
        page.on_paper().await?;
        page.size(718, 1045, 1).await?;
        let high = page.eval("deep('main').scrollHeight").await?.as_u64().context("no height")?;
        ensure!(sheet != "poster" || high <= 1045, "the poster takes more than one sheet: {high} px");
        ensure!(
            page.eval("deepAll('.pen-box').length").await? == json!(if sheet == "paper" { 4 } else { 0 })
        );
        page.keep_picture(&format!("{sheet}-{language}")).await?;
    }
    ensure!(page.violations().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_hash_on_the_paper_is_that_of_the_notice_and_can_be_entered() -> Result<()> {
    let world = World::start().await?;
    let paper = world.client.get(&format!("{}/f/{FORM}/paper?lang=en", world.collector.base())).await?;
    ensure!(paper.status == 200, "{}", paper.text());
    let text = paper.text();
    let at = text.find("sha256-").context("no hash on the paper")?;
    let hash = &text[at..at + "sha256-".len() + 64];
    let notice = world.client.get(&format!("{}/f/{FORM}/notice/{hash}", world.collector.base())).await?;
    ensure!(notice.status == 200 && notice.json()?["language"] == "en", "{}", notice.text());
    let unknown = world.client.get(&format!("{}/f/kaas/niets/paper", world.collector.base())).await?;
    ensure!(unknown.status == 404 && unknown.json()?["code"] == "form_unknown");

    let (data, signed) = (super::data(&world), super::yesterday()?);
    let scan = super::scan(&world, "english.pdf")?.display().to_string();
    let fixed = ["paper", "register", "kaas", "--notice", hash, "--signed", &signed, "--scan", &scan];
    let said = world.collector.told(&[&fixed[..], &["--by", "desk", "--data", &data]].concat(), "").await?;
    ensure!(said.contains("slip code"), "{said}");
    Ok(())
}
