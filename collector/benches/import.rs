//! Takes over a list of many people, in a store that is empty and once more in one that has them: rows a second.
//!
//! In scope: `vinkje import` without a serving collector, from the file to the last durable commit, and its dry run. Out of scope:
//! a collector that has visitors at the same time (`submit`).
//!
//! Invariant: every row is counted by its fate, and a figure is printed only where all rows have the expected one.
//!
//! `--rows N` sets how many rows there are (default 100,000), `--folder DIR` where the data lies (default: the system's temporary
//! folder).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

/// Everybody on the list agreed so long ago.
const DAY_SECONDS: i64 = 24 * 60 * 60;

fn main() -> Result<()> {
    let rows = value_of("--rows").map_or(Ok(100_000), |n| n.parse().context("--rows takes a number"))?;
    let folder = value_of("--folder").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder)?;
    let (data, list, words) =
        (folder.path().join("data"), folder.path().join("list.csv"), folder.path().join("words.txt"));
    vinkje(&data, &["init", "--base-url", "http://127.0.0.1:9"])?;
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/shop/shop.toml");
    vinkje(&data, &["apply", &shop.display().to_string()])?;
    std::fs::write(&list, people(rows)?)?;
    std::fs::write(&words, "Ja, mail mij één keer per maand het kaasnieuws.\n")?;
    let (list, words) = (list.display().to_string(), words.display().to_string());
    let usual = [
        "import",
        "kaas",
        &list,
        "--purpose",
        "nieuwsbrief",
        "--source",
        "papieren lijst",
        "--wording",
        &words,
    ];
    println!("| what is measured | rows/s | µs each |");
    println!("|---|---|---|");
    row("dry run, nobody known", rows, "imported", &data, &[&usual[..], &["--dry-run"]].concat())?;
    row("taken over, nobody known", rows, "imported", &data, &usual)?;
    row("taken over once more, everybody known", rows, "already_given", &data, &usual)?;
    let checked = vinkje(&data, &["fsck"])?;
    ensure!(checked.starts_with(&format!("clean: {rows} receipts of {rows} people")), "{checked}");
    Ok(())
}

/// A list of so many people who agreed yesterday.
fn people(rows: usize) -> Result<String> {
    let yesterday = collector::service::Service::now().plus_seconds(-DAY_SECONDS).to_string();
    let mut list = String::from("email,date\n");
    for person in 0..rows {
        writeln!(list, "bezoeker-{person}@voorbeeld.example,{yesterday}")?;
    }
    Ok(list)
}

fn row(what: &str, rows: usize, fate: &str, data: &Path, arguments: &[&str]) -> Result<()> {
    let began = Instant::now();
    let said = vinkje(data, arguments)?;
    let seconds = began.elapsed().as_secs_f64();
    ensure!(said.contains(&format!("{rows}  {fate}")), "{what}: not all of {rows} rows are {fate}");
    let rows = rows as f64;
    println!("| {what} | {:.0} | {:.1} |", rows / seconds, seconds * 1e6 / rows);
    Ok(())
}

fn vinkje(data: &Path, arguments: &[&str]) -> Result<String> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_vinkje")).args(arguments).arg("--data").arg(data).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "vinkje {} failed: {said}", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

fn value_of(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}
