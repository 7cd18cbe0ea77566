//! `vinkje lint`: what is wrong with a form definition, and what to write instead.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use shared::Language;
use shared::limits::DEFINITION_BYTES_MAX;

use crate::definition::{self, Finding};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The definition, such as shop.toml.
    file: PathBuf,
    /// Language of the findings: nl or en.
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: String,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let language = Language::parse(&args.lang).context("couldn't use --lang: use nl or en")?;
    let findings = match definition::parse(&read(&args.file)?) {
        Ok(definition) => definition::lint(&definition),
        Err(findings) => findings,
    };
    print!("{}", lines(&findings, language));
    if definition::usable(&findings) {
        println!("{}: {} finding(s), none of them a refusal", args.file.display(), findings.len());
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

pub(super) fn read(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("couldn't read {}", file.display()))?;
    anyhow::ensure!(text.len() <= DEFINITION_BYTES_MAX, "couldn't read a definition of more than 256 KiB");
    Ok(text)
}

pub(super) fn lines(findings: &[Finding], language: Language) -> String {
    findings.iter().map(|finding| finding.line(language) + "\n").collect()
}
