//! `vinkje verify bundle FILE`: every step in a sentence, without network.

use std::io::{BufRead, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use shared::Language;
use shared::bundle::{FailedLine, Feed, Outcome, Report, Summary, Trust, Verdict, check};
use shared::jwk::KeySet;
use shared::limits::{BUNDLE_BYTES_MAX, LOG_PROOF_BYTES_MAX};
use shared::log::Note;

use super::{log_key, read, receipt_lines, witness_keys};

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
    Ok(status(&report))
}

/// The bundle of an organisation, line by line.
fn lines(args: &Args, language: Language) -> Result<ExitCode> {
    let (report, said) = match checked_lines(&args.file, trust(args)?)? {
        Ok(summary) => {
            let said = format!("log {}\n{}", summary.head.origin, summary.sentence(language));
            (summary.report, said)
        }
        Err((fault, at)) => {
            println!("{}\n", Verdict::Fails.sentence(language));
            println!("NO  {} (line {at}) [{}]", fault.sentence(language), fault.code());
            return Ok(ExitCode::FAILURE);
        }
    };
    print!("{}\n{said}\n", text(&report, language));
    Ok(status(&report))
}

/// The file in pieces: memory does not grow with it.
fn checked_lines(file: &std::path::Path, trust: Trust) -> Result<Result<Summary, FailedLine>> {
    let shown = || format!("couldn't read {}", file.display());
    let mut reader = std::io::BufReader::new(std::fs::File::open(file).with_context(shown)?);
    let mut feed = Feed::new(trust);
    loop {
        let piece = reader.fill_buf().with_context(shown)?;
        if piece.is_empty() {
            return Ok(feed.finish());
        }
        if let Err(failed) = feed.take(piece) {
            return Ok(Err(failed));
        }
        let taken = piece.len();
        reader.consume(taken);
    }
}

fn status(report: &Report) -> ExitCode {
    if report.verdict() == Verdict::Fails { ExitCode::FAILURE } else { ExitCode::SUCCESS }
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
    let kept =
        args.checkpoint.as_deref().map(|file| anyhow::Ok(Note::kept(&read(file, LOG_PROOF_BYTES_MAX)?)?));
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
