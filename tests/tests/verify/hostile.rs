//! What no honest person gives: it is refused with a sentence, and the page works on.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use e2e::judge::Judge;

use crate::{Case, clean};

/// A file of this many bytes that takes no room on the disk.
fn sparse(case: &Case, name: &str, start: &[u8], bytes: u64) -> Result<PathBuf> {
    let file = case.file(name, start)?;
    std::fs::File::options().write(true).open(&file)?.set_len(bytes)?;
    Ok(file)
}

async fn refused(judge: &Judge, case: &Case, file: PathBuf, code: &str) -> Result<()> {
    let shown = judge.judged(&[&file]).await?;
    let name = file.display();
    ensure!(shown.verdict == "fails" && shown.codes == [code], "{name}: {shown:?}");
    ensure!(judge.status().await? == "This evidence does not hold.", "{name}: {}", judge.status().await?);
    // And the page works on.
    let shown = judge.judged(&[&case.receipt]).await?;
    ensure!(shown.verdict == "open", "after {name}: {shown:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("en").await?;
    let mebibyte = 1024 * 1024;
    for (name, bytes) in [
        ("17.vinkje.json", 17 * mebibyte),
        ("gibibyte.vinkje.json", 1024 * mebibyte),
        ("gibibyte.bin", 1024 * mebibyte),
    ] {
        refused(&judge, &case, sparse(&case, name, b"{\"checkpoint\":\"", bytes)?, "too_long").await?;
    }
    // A photo too.
    refused(&judge, &case, sparse(&case, "photo.png", b"\x89PNG\r\n\x1a\n", 1024 * mebibyte)?, "too_long")
        .await?;
    // The lines of an organisation may be many, but the first that is too long ends it.
    let lines = sparse(&case, "gibibyte.vinkje.jsonl", b"{\"checkpoint\":\"", 1024 * mebibyte)?;
    refused(&judge, &case, lines, "too_long").await?;
    clean(&judge.page).await
}

#[tokio::test]
async fn what_is_no_evidence_is_refused_with_a_sentence() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("en").await?;
    let real = std::fs::read(&case.receipt)?;
    let mut no_text = real.clone();
    no_text[30] = 0xff;
    let deep = |open: &str, close: &str, depth: usize| open.repeat(depth) + &close.repeat(depth);
    let wide = format!("[{}0]", "0,".repeat(8_000_000));
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("empty.vinkje.json", Vec::new(), "not_json"),
        ("story.vinkje.json", b"once upon a time".to_vec(), "not_json"),
        ("no-text.vinkje.json", no_text, "not_json"),
        ("deep.vinkje.json", deep("[", "]", 8_000_000).into_bytes(), "not_json"),
        ("deep-names.vinkje.json", deep("{\"a\":", "}", 2_000_000).into_bytes(), "not_json"),
        ("wide.vinkje.json", wide.into_bytes(), "not_a_bundle"),
        (
            "long-name.vinkje.json",
            format!("{{\"{}\":1}}", "a".repeat(15 * 1024 * 1024)).into_bytes(),
            "not_a_bundle",
        ),
        ("markup.vinkje.json", b"<script>document.title='run'</script>".to_vec(), "not_json"),
    ];
    for (name, bytes, code) in cases {
        refused(&judge, &case, case.file(name, bytes)?, code).await?;
    }
    refused(&judge, &case, case.file("deep.vinkje.jsonl", deep("[", "]", 200_000))?, "not_json").await?;
    clean(&judge.page).await
}

#[tokio::test]
async fn a_name_is_shown_as_text_and_no_longer_than_a_name() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("en").await?;
    let name = "<img src=x onerror=document.title='run'>\u{202e}.vinkje.json";
    judge.choose(&[&case.file(name, std::fs::read(&case.receipt)?)?]).await?;
    let (shown, _) = judge.given().await?.remove(0);
    ensure!(shown == name.replace('\u{202e}', ""), "{shown}");
    // No disk holds such a name, but a script that drops a file can make one of any length.
    let drop = "(()=>{const files=new DataTransfer();files.items.add(new File(['x'],'n'.repeat(2**28)+'.vinkje.json'));\
        dispatchEvent(new DragEvent('drop',{dataTransfer:files,bubbles:true,cancelable:true}));return true})()";
    judge.act(async |page| page.eval(drop).await.map(std::mem::drop)).await?;
    let (shown, _) = judge.given().await?.remove(0);
    ensure!(shown.chars().count() <= 255, "{} characters", shown.chars().count());
    ensure!(judge.shown().await?.is_some_and(|shown| shown.codes == ["not_json"]));
    ensure!(judge.page.eval("document.title").await?.as_str().is_some_and(|title| !title.contains("run")));
    clean(&judge.page).await
}

#[tokio::test]
async fn words_in_evidence_are_drawn_as_words() -> Result<()> {
    let case = Case::start().await?;
    // A name that its owner chose may hold marks; it is signed, so it holds, and is only text.
    let definition = e2e::definition::shop(case.world.site.origin(), false)?;
    let marked = definition.replacen("De Kaasplank", "<b onclick=alert(1)>De Kaasplank</b>", 1);
    ensure!(marked != definition, "the demo has no such name");
    case.world.collector.apply(&marked).await?;
    let given = case.world.form().give("nieuwsbrief", crate::EMAIL).await?;
    let file = case.world.fetch(&format!("{}.bundle", given.receipt_url), "marked.vinkje.json").await?;
    let judge = case.judge("en").await?;
    ensure!(judge.judged(&[&file]).await?.verdict == "open");
    ensure!(judge.page.text().await?.contains("<b onclick=alert(1)>De Kaasplank</b>"));
    ensure!(judge.page.eval("deepAll('[onclick]').length").await? == 0, "words became markup");
    clean(&judge.page).await
}

#[tokio::test]
async fn more_files_at_once_than_anybody_means_are_not_all_read() -> Result<()> {
    let case = Case::start().await?;
    let judge = case.judge("en").await?;
    let mut files = vec![case.receipt.clone()];
    for number in 0..40 {
        files.push(case.file(&format!("{number}.txt"), "x")?);
    }
    let files: Vec<_> = files.iter().map(PathBuf::as_path).collect();
    ensure!(judge.judged(&files).await?.verdict == "open");
    let names: Vec<String> = judge.given().await?.into_iter().map(|(name, _)| name).collect();
    ensure!(names == ["receipt.vinkje.json", "18.txt"], "{names:?}");
    clean(&judge.page).await
}
