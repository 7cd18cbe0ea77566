//! `vinkje undelivered`: which letters and messages did not reach a person, the newest first.
//!
//! Invariant: what is printed names receipts, and nobody whose they are.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use shared::Language;
use shared::ids::OrganisationId;
use shared::time::Timestamp;

use super::{Data, open};
use crate::control;
use crate::service::as_of::Answerer;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let said = match open::open(&args.data.data)? {
        Some(opened) => opened.answering(&name, lines)?,
        None => {
            let target = format!("/undelivered/{name}");
            open::runtime()?.block_on(control::ask(&args.data.data, "GET", &target, String::new()))?
        }
    };
    print!("{said}");
    Ok(ExitCode::SUCCESS)
}

/// A line for each.
///
/// # Errors
///
/// When the store cannot be read.
pub fn lines(answerer: &Answerer<'_>) -> Result<String> {
    let told = answerer.undelivered(Timestamp::from_unix_seconds(0));
    let told = told.map_err(|refusal| anyhow!("{}", refusal.sentence(Language::En)))?;
    let mut said = String::new();
    for one in told {
        let status = one.status.as_deref().unwrap_or("-");
        let receipt = one.receipt.map_or_else(|| "-".into(), |receipt| receipt.to_string());
        // Writing to a string cannot fail.
        let _ = writeln!(said, "{} {} {status} {receipt}", one.at, one.what);
    }
    Ok(said)
}
