//! Codes: the one on a log's page, kept as a picture or seen by the camera, counts as the state that somebody kept.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::chromium;
use e2e::judge::Judge;
use e2e::page::Page;
use e2e::world::{ORGANISATION, World};
use serde_json::json;

use crate::{Case, clean};

/// The code on the log's page, as a picture of the screen: what a person keeps.
async fn code_of_log(world: &World, folder: &std::path::Path, name: &str) -> Result<PathBuf> {
    let page = Page::open().await?;
    page.go(&format!("{}/log/{ORGANISATION}?lang=nl", world.collector.base())).await?;
    let file = folder.join(name);
    std::fs::write(&file, page.picture(".slip .qr").await?)?;
    Ok(file)
}

/// More people, and the history that proves the log of this size to be its beginning.
async fn later(case: &Case, size: u64) -> Result<PathBuf> {
    for person in ["jan", "els", "kees"] {
        case.world.form().give("nieuwsbrief", &format!("{person}@voorbeeld.example")).await?;
    }
    case.world.fetch(&format!("{}.bundle?since={size}", case.given.manage_url), "later.vinkje.json").await
}

const GROWN: &str = "Het logboek is sinds toen alleen gegroeid. Er is niets uit weggehaald.";

#[tokio::test]
async fn a_picture_of_the_code_on_the_logs_page_is_compared_with_the_evidence() -> Result<()> {
    let case = Case::start().await?;
    let code = code_of_log(&case.world, case.world.collector.folder(), "stand.png").await?;
    let history = later(&case, 2).await?;
    let judge = case.judge("nl").await?;
    judge.choose(&[&code]).await?;
    let expected = ("stand.png".to_owned(), "Stand van het logboek die u bewaarde".to_owned());
    ensure!(judge.given().await? == [expected], "{:?}", judge.given().await?);
    let shown = judge.judged(&[&history]).await?;
    ensure!(shown.steps.iter().any(|step| step.starts_with("ok") && step.ends_with(GROWN)), "{shown:?}");
    clean(&judge.page).await
}

#[tokio::test]
async fn a_kept_code_of_another_log_is_found_out() -> Result<()> {
    let case = Case::start().await?;
    let other = World::start().await?;
    other.form().give("nieuwsbrief", "jan@voorbeeld.example").await?;
    let code = code_of_log(&other, case.world.collector.folder(), "anders.png").await?;
    let judge = case.judge("nl").await?;
    let shown = judge.judged(&[&code, &case.history]).await?;
    ensure!(shown.codes == ["kept_invalid"], "{shown:?}");
    Ok(())
}

/// Makes a photo of a picture: turned, seen from aside, in poor light, on a table, with grain; JPEG.
const PHOTO: &str = "async (source, turn, light) => {\
    const bytes = Uint8Array.from(atob(source), c => c.charCodeAt(0));\
    const picture = await createImageBitmap(new Blob([bytes]));\
    const canvas = document.createElement('canvas'); canvas.width = 1512; canvas.height = 2016;\
    const c = canvas.getContext('2d'); c.fillStyle = '#6b4a2f'; c.fillRect(0, 0, 1512, 2016);\
    c.filter = `blur(1.2px) brightness(${light})`;\
    c.translate(756, 1008); c.rotate(turn); c.transform(1, .06, -.09, .94, 0, 0);\
    c.drawImage(picture, -430, -430, 860, 860); c.filter = 'none'; c.resetTransform();\
    const shade = c.createLinearGradient(0, 0, 1512, 1512); shade.addColorStop(0, 'rgb(0 0 0 / 0)'); shade.addColorStop(1, 'rgb(0 0 0 / .35)');\
    c.fillStyle = shade; c.fillRect(0, 0, 1512, 2016);\
    const data = c.getImageData(0, 0, 1512, 2016); let seed = 7;\
    for (let at = 0; at < data.data.length; at += 4) { seed = (seed * 1103515245 + 12345) % 2147483648; const grain = seed % 25 - 12;\
      for (const part of [0, 1, 2]) data.data[at + part] += grain; }\
    c.putImageData(data, 0, 0); return canvas.toDataURL('image/jpeg', .8).split(',')[1]; }";

#[tokio::test]
async fn a_photo_of_a_printed_code_will_do() -> Result<()> {
    let case = Case::start().await?;
    let code = code_of_log(&case.world, case.world.collector.folder(), "stand.png").await?;
    let history = later(&case, 2).await?;
    let judge = case.judge("nl").await?;
    judge.choose(&[&history]).await?;
    let studio = Page::open().await?;
    for (number, (turn, light)) in
        [(0.0, 1.0), (0.12, 0.8), (-0.5, 0.9), (1.5, 0.7), (3.1, 0.6)].iter().enumerate()
    {
        let make = format!("({PHOTO})({},{turn},{light})", json!(STANDARD.encode(std::fs::read(&code)?)));
        let photo = studio.raw_eval(&make).await?;
        let photo = STANDARD.decode(photo.as_str().context("no photo")?)?;
        let file = case.file(&format!("foto-{number}.jpg"), photo)?;
        let shown = judge.judged(&[&file]).await?;
        ensure!(
            judge.given().await?.iter().any(|(name, _)| *name == format!("foto-{number}.jpg")),
            "turned by {turn}"
        );
        ensure!(
            shown.steps.iter().any(|step| step.ends_with(GROWN)),
            "turned by {turn}, light {light}: {shown:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_picture_without_a_code_or_that_is_none_is_said_to_be_so() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    let page = Page::open().await?;
    page.go(&case.world.shop("/index.html")).await?;
    let pictures =
        [page.picture_of_view().await?, b"\x89PNG\r\n\x1a\n and then nothing of the kind".to_vec()];
    for picture in pictures {
        judge.choose(&[&case.file("foto.png", picture)?]).await?;
        ensure!(
            judge.status().await?.starts_with("Wij vinden geen code op deze foto."),
            "{}",
            judge.status().await?
        );
        ensure!(judge.shown().await?.is_none());
    }
    clean(&judge.page).await
}

#[tokio::test]
async fn the_code_on_a_receipt_is_a_link_and_the_page_says_what_to_do_with_it() -> Result<()> {
    let case = Case::start().await?;
    let page = Page::open().await?;
    page.go(&case.given.receipt_url).await?;
    let code = case.file("bewijs.png", page.picture(".own-link .qr").await?)?;
    let judge = case.judge("nl").await?;
    judge.choose(&[&code]).await?;
    ensure!(judge.shown().await?.is_none(), "a link is no evidence");
    ensure!(judge.page.text().await?.contains("De code is een link, niet het bewijs zelf."));
    let link = judge.page.eval_text("deep('.given a').href").await?;
    ensure!(link == case.given.manage_url, "{link} instead of {}", case.given.manage_url);
    clean(&judge.page).await
}

/// A film of one still picture, as Chromium's stand-in for a camera reads it: brightness only, no colour.
async fn film(code: &[u8]) -> Result<Vec<u8>> {
    const GREY: &str = "async source => {\
        const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(source), c => c.charCodeAt(0))]));\
        const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 480;\
        const c = canvas.getContext('2d'); c.fillStyle = '#fff'; c.fillRect(0, 0, 640, 480); c.drawImage(picture, 120, 40, 400, 400);\
        const data = c.getImageData(0, 0, 640, 480).data; let grey = '';\
        for (let at = 0; at < data.length; at += 4) grey += String.fromCharCode(data[at + 1]);\
        return btoa(grey); }";
    let page = Page::open().await?;
    let grey = page.raw_eval(&format!("({GREY})({})", json!(STANDARD.encode(code)))).await?;
    let grey = STANDARD.decode(grey.as_str().context("no picture")?)?;
    let frame = [b"FRAME\n".as_slice(), &grey, &[128; 640 * 480 / 2]].concat();
    Ok([b"YUV4MPEG2 W640 H480 F10:1 Ip C420jpeg\n".as_slice(), &frame, &frame].concat())
}

#[tokio::test]
async fn the_camera_reads_a_code_and_stops() -> Result<()> {
    // The browser takes its film when it starts, so the film must be there before the code in it is known.
    let folder = tempfile::TempDir::with_prefix("vinkje-film-")?;
    let file = folder.path().join("film.y4m");
    chromium::films(&file)?;
    let case = Case::start().await?;
    let code = code_of_log(&case.world, case.world.collector.folder(), "stand.png").await?;
    std::fs::write(&file, film(&std::fs::read(code)?).await?)?;
    let history = later(&case, 2).await?;
    let page = Page::open().await?;
    page.allow_camera(&case.world.collector.base()).await?;
    page.go(&case.address("nl")).await?;
    let judge = Judge::of(page).await?;
    judge.choose(&[&history]).await?;
    judge.act(async |page: &Page| page.click("[data-camera]").await).await?;
    let shown = judge.shown().await?.context("no verdict")?;
    ensure!(shown.steps.iter().any(|step| step.ends_with(GROWN)), "{shown:?}");
    ensure!(
        judge.given().await?.iter().any(|(name, _)| name == "Gescande code"),
        "{:?}",
        judge.given().await?
    );
    let off = "deep('video').srcObject===null&&!shown(deep('video'))";
    ensure!(judge.page.eval(off).await? == true, "the camera is still on");
    clean(&judge.page).await
}

#[tokio::test]
async fn a_camera_that_may_not_be_used_is_said_to_be_so() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("nl").await?;
    judge.page.click("[data-camera]").await?;
    judge
        .page
        .until("the reason", "deep('[role=status]').textContent.startsWith('De camera start niet.')")
        .await?;
    ensure!(judge.judged(&[&case.receipt]).await?.verdict == "open", "and files work as before");
    Ok(())
}
