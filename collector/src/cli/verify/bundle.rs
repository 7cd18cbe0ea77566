//! `vinkje verify bundle FILE`: every step in a sentence, without network.

use std::io::{BufRead, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use shared::Language;
use shared::bundle::{Fault, Lines, Outcome, Report, Summary, Trust, Verdict, check};
use shared::jwk::KeySet;
use shared::limits::{BUNDLE_BYTES_MAX, BUNDLE_LINE_BYTES_MAX};
use shared::log::Note;

use super::{log_key, read_kept, receipt_lines, witness_keys};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The bundle, a `.vinkje.json` file; or that of an organisation, `.vinkje.jsonl`.
    file: PathBuf,
    /// The collector's key set, as published under /.well-known/jwks.json and got some other way than this file.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// The log's key, as published under /log/ORGANISATION/key and got some other way than this file.
    #[arg(long, value_name = "FILE")]
    log_key: Option<PathBuf>,
    /// A checkpoint of the log that was kept: check that the log has only grown since.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// The key of a witness whose word counts. May be given more than once.
    #[arg(long, value_name = "KEY")]
    witness: Vec<String>,
    /// The language of the answer: nl or en.
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: String,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let language = Language::parse(&args.lang).context("couldn't use --lang: use nl or en")?;
    if args.file.extension().is_some_and(|extension| extension == "jsonl") {
        return lines(args, language);
    }
    // A byte more than is allowed, so that what is too large is refused by the judge and not by the reader.
    let bytes = read_bytes(&args.file)?;
    let report = check(&bytes, &trust(args)?);
    print!("{}", text(&report, language));
    Ok(if report.verdict() == Verdict::Fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The bundle of an organisation, line by line.
fn lines(args: &Args, language: Language) -> Result<ExitCode> {
    let file = std::fs::File::open(&args.file);
    let file = file.with_context(|| format!("couldn't read {}", args.file.display()))?;
    let mut file = std::io::BufReader::new(file);
    let (checked, at) = checked_lines(&mut file, &trust(args)?)?;
    match checked {
        Ok(summary) => {
            let (holds, head) = (summary.verdict.sentence(language), &summary.head);
            let Summary { receipts, erased, notices, .. } = &summary;
            println!(
                "{holds}\n\nlog {} of {} entries: {receipts} receipts, {erased} erased, {notices} wordings",
                head.origin, head.size
            );
            summary.keys.iter().for_each(|key| println!("key {key}"));
            println!("log key {}", summary.log_key);
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            println!("{}\n", Verdict::Fails.sentence(language));
            println!("NO  {} (line {at}) [{}]", fault.sentence(language), fault.code());
            Ok(ExitCode::FAILURE)
        }
    }
}

/// What was found, and at which line, from 1.
fn checked_lines(file: &mut impl BufRead, trust: &Trust) -> Result<(Result<Summary, Fault>, u64)> {
    let (mut judge, mut at, mut line) = (None::<Lines>, 0, Vec::new());
    loop {
        line.clear();
        // A byte more than is allowed, and the line feed.
        let limit = BUNDLE_LINE_BYTES_MAX as u64 + 2;
        if file.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok((judge.map_or(Err(Fault::NotJson), Lines::finish), at));
        }
        at += 1;
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        let taken = match &mut judge {
            Some(judge) => judge.line(text),
            None => Lines::begin(text, trust).map(|begun| judge = Some(begun)),
        };
        if let Err(fault) = taken {
            return Ok((Err(fault), at));
        }
    }
}

fn read_bytes(file: &std::path::Path) -> Result<Vec<u8>> {
    let shown = || format!("couldn't read {}", file.display());
    let mut bytes = Vec::new();
    let limit = BUNDLE_BYTES_MAX as u64 + 1;
    std::fs::File::open(file).with_context(shown)?.take(limit).read_to_end(&mut bytes).with_context(shown)?;
    Ok(bytes)
}

fn trust(args: &Args) -> Result<Trust> {
    let keys = args.keys.as_deref().map(|file| {
        let json = std::fs::read(file).with_context(|| format!("couldn't read {}", file.display()))?;
        anyhow::Ok(KeySet::parse(&json)?)
    });
    let kept = args.checkpoint.as_deref().map(|file| anyhow::Ok(Note::parse(&read_kept(file)?)?));
    Ok(Trust {
        keys: keys.transpose()?,
        log_key: args.log_key.as_deref().map(log_key).transpose()?,
        kept: kept.transpose()?,
        witnesses: witness_keys(&args.witness)?,
    })
}

fn text(report: &Report, language: Language) -> String {
    let mut text = format!("{}\n\n", report.verdict().sentence(language));
    for checked in &report.steps {
        let (mark, code) = match checked.outcome {
            Outcome::Holds => ("ok", String::new()),
            Outcome::NotChecked(_) => ("--", String::new()),
            Outcome::Fails(fault, _) => ("NO", format!(" [{}]", fault.code())),
        };
        let title = checked.step.title(language);
        text += &format!("{mark}  {title}: {}{code}\n", checked.sentence(report, language));
    }
    for key in &report.keys {
        text += &format!("\nkey {key}");
    }
    text += &format!("\nlog key {}\n", report.log_key);
    if report.verdict() != Verdict::Fails {
        report.receipts.iter().for_each(|receipt| text += &format!("\n{}", receipt_lines(receipt)));
    }
    text
}
