//! Nothing leaves the page, and it needs nothing: policies, the saved page without a network, no scripts, no module.

use anyhow::{Context, Result, ensure};
use e2e::judge::Judge;
use e2e::page::Page;

use crate::{Case, clean, file_address};

#[tokio::test]
async fn no_request_goes_out_while_evidence_is_judged() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    let before = judge.page.requests();
    ensure!(
        before.iter().any(|line| line.contains("/verifier-")),
        "the module came from nowhere: {before:?}"
    );
    let [keys, log_key] = case.keys().await?;
    let other = case.changed("changed.vinkje.json", "\"index\":0", "\"index\":1")?;
    for file in [&case.receipt, &keys, &log_key, &case.history, &other] {
        judge.choose(&[file]).await?;
    }
    ensure!(judge.shown().await?.is_some_and(|shown| shown.codes == ["not_in_log"]));
    ensure!(judge.page.requests() == before, "asked for {:?}", &judge.page.requests()[before.len()..]);
    clean(&judge.page).await
}

#[tokio::test]
async fn a_page_that_is_ready_can_ask_for_nothing_even_if_its_script_wanted_to() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    judge.choose(&[&case.receipt]).await?;
    let module = "deep('[data-vinkje-verify]').dataset.wasm";
    for attempt in [
        "fetch('/health')".to_owned(),
        // Not even its own module again, with something told in the query.
        format!("fetch({module}+'?told=all')"),
        "new Promise((sent,stopped)=>Object.assign(new Image,{onload:sent,onerror:stopped,src:'/w/x.png?told=all'}))".to_owned(),
        "new Promise((sent,stopped)=>{const s=new WebSocket('ws://'+location.host);s.onopen=sent;s.onerror=stopped})".to_owned(),
    ] {
        let reached = judge.page.eval(&format!("({attempt}).then(()=>'sent',()=>'stopped')")).await?;
        ensure!(reached == "stopped", "{attempt} went out");
    }
    // It says that it is under way, whatever becomes of it.
    judge.page.eval("navigator.sendBeacon('/health?told=all')").await?;
    judge
        .page
        .until("the policy to stop it", "window.violations.some(line=>line.includes('/health?told'))")
        .await?;
    let stopped = judge.page.violations().await?;
    ensure!(stopped.len() >= 5, "the policy stopped only {stopped:?}");
    Ok(())
}

#[tokio::test]
async fn the_policy_names_each_file_and_nothing_else() -> Result<()> {
    let case = Case::start().await?;
    let answer = case.world.client.get(&case.address("nl")).await?;
    let policy = answer.header("content-security-policy").to_owned();
    let base = case.world.collector.base();
    for rule in [
        "default-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ] {
        ensure!(policy.contains(rule), "{rule} is not in {policy}");
    }
    let connect =
        policy.split("; ").find(|rule| rule.starts_with("connect-src")).context("no connect-src")?;
    ensure!(
        connect.starts_with(&format!("connect-src {base}/w/")) && connect.ends_with(".wasm"),
        "{connect}"
    );
    ensure!(
        !policy.contains("'self'") && !policy.contains('*') && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    Ok(())
}

/// The saved page, as a person gets it from the link on the page.
async fn saved(case: &Case, language: &str) -> Result<std::path::PathBuf> {
    let page = Page::open().await?;
    page.go(&case.address(language)).await?;
    let link = page.eval_text("deep('.save a').href").await?;
    ensure!(page.eval("deep('.save a').download").await? == "vinkje-verify.html");
    case.world.fetch(&link, &format!("vinkje-verify-{language}.html")).await
}

#[tokio::test]
async fn a_saved_page_judges_real_evidence_with_the_network_off_and_the_collector_gone() -> Result<()> {
    let mut case = Case::start().await?;
    let files = [saved(&case, "nl").await?, saved(&case, "en").await?];
    let [keys, log_key] = case.keys().await?;
    let other = case.changed("changed.vinkje.json", "nieuwsbrief", "reclamebrief")?;
    case.world.collector.kill().await?;
    for (file, holds) in files.iter().zip(["Dit bewijs klopt.", "This evidence holds."]) {
        let page = Page::open().await?;
        page.offline().await?;
        page.go(&file_address(file)).await?;
        let judge = Judge::of(page).await?;
        let shown = judge.judged(&[&keys, &log_key, &case.history]).await?;
        ensure!(shown.verdict == "holds" && shown.sentence == holds, "{shown:?}");
        let shown = judge.judged(&[&other]).await?;
        ensure!(shown.codes == ["wording_missing"], "{shown:?}");
        let asked: Vec<String> =
            judge.page.requests().into_iter().filter(|line| !line.contains("file://")).collect();
        ensure!(asked.is_empty(), "a saved page asked for {asked:?}");
        clean(&judge.page).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_saved_page_that_was_changed_does_not_run() -> Result<()> {
    let case = Case::start().await?;
    let file = saved(&case, "nl").await?;
    let text = std::fs::read_to_string(&file)?;
    let place = "<script type=\"module\">";
    ensure!(text.matches(place).count() == 1);
    let page = Page::open().await?;
    page.go(&file_address(&case.file("changed.html", text.replace(place, &format!("{place}alert(1);")))?))
        .await?;
    page.until("the policy to stop it", "window.violations.length>0").await?;
    ensure!(page.eval("shown(deep('[data-drop]'))").await? == false, "a changed script ran");
    Ok(())
}

#[tokio::test]
async fn without_scripts_the_page_says_what_to_do_instead() -> Result<()> {
    let case = Case::start().await?;
    for (language, heading) in
        [("nl", "Deze pagina rekent met een script"), ("en", "This page works with a script")]
    {
        let page = Page::open().await?;
        page.without_scripts().await?;
        page.go(&case.address(language)).await?;
        let text = page.text().await?;
        ensure!(text.contains(heading) && text.contains("vinkje verify bundle"), "{text}");
        ensure!(page.eval("shown(deep('[data-drop]'))").await? == false, "it looks as if it worked");
        ensure!(page.eval("shown(deep('.save a'))").await? == true, "no way to save it");
    }
    Ok(())
}

#[tokio::test]
async fn without_its_module_the_page_says_so_and_offers_the_saved_one() -> Result<()> {
    let case = Case::start().await?;
    let page = Page::open().await?;
    page.block("*verifier-*.wasm").await?;
    page.go(&case.address("nl")).await?;
    page.until("the trouble", "shown(deep('[data-broken]'))").await?;
    ensure!(page.eval("shown(deep('[data-drop]'))").await? == false, "it looks as if it worked");
    ensure!(page.eval("shown(deep('.save a'))").await? == true);
    Ok(())
}
