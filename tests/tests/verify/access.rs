//! For everybody: axe-core in every state, small screens, zoom, right to left.

use anyhow::{Result, ensure};
use e2e::judge::Judge;

use crate::Case;

/// The page in each of its states, one after another.
async fn states(case: &Case, judge: &Judge, look: impl AsyncFn(&Judge, &str) -> Result<()>) -> Result<()> {
    judge.page.eval("deepAll('details').forEach(d=>d.open=true)").await?;
    look(judge, "before anything was given").await?;
    let [keys, log_key] = case.keys().await?;
    let long =
        case.file(&format!("{}.vinkje.json", "a-long-name-".repeat(18)), std::fs::read(&case.receipt)?)?;
    let other = case.file("brief.txt", "Beste mevrouw")?;
    for (state, files, verdict) in [
        ("with evidence by its own keys", vec![&long], "open"),
        ("with evidence that holds", vec![&keys, &log_key, &case.history, &other], "holds"),
        (
            "with evidence that fails",
            vec![&case.changed("changed.vinkje.json", "nieuwsbrief", "reclamebrief")?],
            "fails",
        ),
    ] {
        let files: Vec<_> = files.into_iter().map(std::path::PathBuf::as_path).collect();
        let shown = judge.judged(&files).await?;
        ensure!(shown.verdict == verdict, "{state}: {shown:?}");
        judge.page.eval("deepAll('details').forEach(d=>d.open=true)").await?;
        look(judge, state).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_page_has_no_violation_in_any_state() -> Result<()> {
    let case = Case::start().await?;
    for language in ["nl", "en"] {
        let judge = case.judge(language).await?;
        states(&case, &judge, async |judge, state| {
            judge.page.accessible_in_light_and_dark(&format!("{state} ({language})")).await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_page_fits_a_phone_and_200_percent_also_from_right_to_left() -> Result<()> {
    let case = Case::start().await?;
    for direction in ["ltr", "rtl"] {
        let judge = case.judge("nl").await?;
        states(&case, &judge, async |judge, state| {
            let turn =
                format!("[document.documentElement,...deepAll('[dir=ltr]')].forEach(e=>e.dir='{direction}')");
            judge.page.eval(&turn).await?;
            judge.page.fits(&format!("{state}, {direction}")).await?;
            judge.page.size(1280, 900, 1).await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_person_judges_on_a_phone_with_a_thumb() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    judge.page.size(360, 740, 2).await?;
    let shown = judge.judged(&[&case.receipt]).await?;
    ensure!(shown.verdict == "open");
    let small = "deepAll('button,.button,a,summary,label').filter(e=>shown(e)&&!e.closest('.skip')&&e.getBoundingClientRect().height<44)\
        .map(e=>e.outerHTML.slice(0,80)).join('\\n')";
    let small = judge.page.eval_text(small).await?;
    ensure!(small.is_empty(), "too small for a thumb:\n{small}");
    let seen = "(r=>r.top>=0&&r.top<innerHeight)(deep('#vk-verdict').getBoundingClientRect())";
    ensure!(judge.page.eval(seen).await? == true, "the answer is not in view");
    Ok(())
}
