//! Files that are no lists.

use anyhow::{Result, ensure};

use super::{Lists, days_ago};

#[tokio::test]
async fn a_file_that_is_no_list_is_refused_whole_and_repeats_nobody() -> Result<()> {
    let mut lists = Lists::start().await?;
    let wide = format!("email{}\n", ",x".repeat(200));
    let cases: &[(&str, Vec<u8>, &str)] = &[
        ("nothing", vec![], "must name the columns"),
        ("names only", b"email,date\n".to_vec(), "no rows"),
        ("no names", b"eva@voorbeeld.example\npiet@voorbeeld.example\n".to_vec(), "none is called `email`"),
        ("names twice", b"email,Email\na@voorbeeld.example,b@voorbeeld.example\n".to_vec(), "two columns"),
        ("latin names", b"email,pr\xe9nom\na@voorbeeld.example,x\n".to_vec(), "must name the columns"),
        ("a thousand columns", wide.into_bytes(), "at most 128"),
        ("a picture", [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 100_000]].concat(), "must name the columns"),
        (
            "UTF-16",
            "email,date\na@voorbeeld.example,x\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "column",
        ),
    ];
    for (name, bytes, words) in cases {
        let file = lists.file("list.csv", bytes)?;
        let said = lists.refused(&file, &[]).await?;
        ensure!(said.contains(words), "{name}: {said}");
        ensure!(!said.contains('@') && !said.contains("voorbeeld.example"), "{name} names somebody: {said}");
    }
    let list = lists.file("list.csv", format!("email,date\na@voorbeeld.example,{}\n", days_ago(3)))?;
    let long = "x".repeat(201);
    for (more, words) in [
        (vec!["--purpose", "alles"], "cannot be used multiple times"),
        (vec!["--form", "nergens"], "no form"),
        (vec!["--columns", "date=Datum"], "none is called `Datum`"),
        (vec!["--columns", "naam=Naam"], "write it as email="),
        (vec!["--obtained", "gisteren"], "2024-05-03"),
        (vec!["--obtained", "2026-01-01"], "cannot be the date of everybody"),
        (vec!["--language", "fr"], "nl and en"),
        (vec!["--wording", "/nowhere.txt"], "couldn't read"),
    ] {
        let said = lists.refused(&list, &more).await?;
        ensure!(said.contains(words), "{more:?}: {said}");
    }
    let data = lists.data();
    for source in ["", " ", "a\nb", &long] {
        let bare = ["import", "kaas", &list, "--purpose", "nieuwsbrief", "--source", source, "--data", &data];
        ensure!(!lists.world.collector.run(&bare).await?.status.success(), "{source:?} is a source");
    }
    for purpose in ["post", "alles"] {
        let bare = ["import", "kaas", &list, "--purpose", purpose, "--source", "beurs", "--data", &data];
        ensure!(!lists.world.collector.run(&bare).await?.status.success(), "{purpose} is imported");
    }
    ensure!(lists.world.events().await?.is_empty(), "something was stored");
    lists.clean().await?;
    Ok(())
}

#[tokio::test]
async fn garbage_in_rows_is_named_by_its_row_and_the_others_are_taken_over() -> Result<()> {
    let mut lists = Lists::start().await?;
    let day = days_ago(3);
    let mut file = b"\xef\xbb\xbfEmail,Date,Note\r\n".to_vec();
    let mut row = |email: &[u8], note: &[u8]| {
        file.extend([email, b",", day.as_bytes(), b",", note, b"\r\n"].concat());
    };
    row(b"a@voorbeeld.example", b"=cmd|' /C calc'!A0");
    row(b"=1+1@voorbeeld.example", b"x");
    row(b"ren\xe9@voorbeeld.example", b"x");
    row(b"nul\0@voorbeeld.example", b"x");
    row(b"\xe2\x80\xaeb@voorbeeld.example", b"x");
    row(b"c@voorbeeld.example", &[b'x'; 20_000]);
    row(b"d@voorbeeld.example", b"\xff\xfe");
    row(b"\"e@voorbeeld.example", b"the mark is never closed");
    row(b"f@voorbeeld.example", b"swallowed");
    let list = lists.file("list.csv", &file)?;
    let report = lists.world.collector.folder().join("fate.csv");
    let said = lists.import(&list, &["--report", &report.display().to_string()]).await?;
    let fates = lists.report("fate.csv")?;
    let expected = [
        "imported",
        "imported",
        "not_utf8",
        "email_invalid",
        "email_invalid",
        "row_too_long",
        "imported",
        "cells_differ",
    ];
    ensure!(fates == expected, "{fates:?} {said}");
    let text = std::fs::read_to_string(&report)?;
    ensure!(text.contains("\r\n3,'=1+1@voorbeeld.example,imported,"), "a formula: {text}");
    // One line without an end, as long as a list may be.
    let endless = lists.file("endless.csv", [b"email\n".to_vec(), vec![b'a'; 8 * 1024 * 1024]].concat())?;
    ensure!(lists.import(&endless, &["--dry-run"]).await?.contains("row 2: row_too_long"));
    let huge = lists.file("huge.csv", "")?;
    std::fs::File::options().write(true).open(&huge)?.set_len(65 * 1024 * 1024)?;
    ensure!(lists.refused(&huge, &[]).await?.contains("couldn't read"));
    let clean = lists.clean().await?;
    ensure!(clean.starts_with("clean: 3 receipts of 3 people"), "{clean}");
    Ok(())
}
