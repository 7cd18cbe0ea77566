//! `vinkje bundle`: all evidence about a receipt, a person or a whole organisation in one file, on standard output.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use shared::Language;
use shared::bundle::Kind;
use shared::ids::{OrganisationId, ReceiptId, SubjectId};
use shared::refusal::Refusal;

use super::{Data, open};
use crate::control;
use crate::cosigning::configured;
use crate::service::bundle::{Bundler, write_all};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    /// The number of a receipt.
    #[arg(long, value_name = "NUMBER", conflicts_with = "subject")]
    receipt: Option<String>,
    /// The number of a person, as their receipts name them: the whole history.
    #[arg(long, value_name = "NUMBER")]
    subject: Option<String>,
    /// Also prove that the log of this size is the beginning of today's; for a receipt or a person.
    #[arg(long, value_name = "SIZE")]
    since: Option<u64>,
    #[command(flatten)]
    data: Data,
}

/// Which bundle.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Wanted {
    /// What it is about.
    pub kind: Kind,
    /// The number of the receipt or the person.
    pub number: String,
    /// From which size of the log on it is proved to have only grown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let (kind, number) = match (&args.receipt, &args.subject) {
        (Some(receipt), _) => (Kind::Receipt, receipt.clone()),
        (None, Some(subject)) => (Kind::Subject, subject.clone()),
        (None, None) => return organisation(args, &name),
    };
    let wanted = Wanted { kind, number, since: args.since };
    let mut out = std::io::stdout().lock();
    match open::open(&args.data.data)? {
        Some(opened) => {
            let organisation = &opened.organisation(&name)?;
            let snapshot = opened.engine.snapshot()?;
            let witnesses = configured::read(&opened.config.witness)?;
            let bundler = Bundler {
                snapshot: snapshot.as_ref(),
                organisation,
                keys: &opened.keys,
                base_url: &opened.config.base_url,
                witnesses: witnesses.into_iter().map(|witness| witness.key).collect(),
            };
            out.write_all(&fill(&bundler, &wanted).map_err(|refusal| anyhow!(sentence(refusal)))?)?;
        }
        None => {
            let target = format!("/bundle/{name}?{}", serde_html_form::to_string(&wanted)?);
            open::runtime()?.block_on(control::copy(&args.data.data, "GET", &target, &mut out))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Everything, line by line.
fn organisation(args: &Args, name: &OrganisationId) -> Result<ExitCode> {
    anyhow::ensure!(args.since.is_none(), "couldn't use --since: it goes with --receipt or --subject");
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match open::open(&args.data.data)? {
        Some(opened) => {
            let organisation = opened.organisation(name)?;
            let base_url = &opened.config.base_url;
            write_all(opened.engine.as_ref(), &organisation, &opened.keys, base_url, &mut out)?;
        }
        None => {
            let target = format!("/bundle/{name}/all");
            open::runtime()?.block_on(control::copy(&args.data.data, "GET", &target, &mut out))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The bytes of a bundle.
///
/// # Errors
///
/// For a number that is none of this organisation, or what the store says.
pub fn fill(bundler: &Bundler<'_>, wanted: &Wanted) -> Result<Vec<u8>, Refusal> {
    let filled = match wanted.kind {
        Kind::Receipt => {
            let id = ReceiptId::parse(&wanted.number).map_err(|_| Refusal::LinkUnknown)?;
            bundler.receipt(&id, wanted.since)
        }
        Kind::Subject => {
            let id = SubjectId::parse(&wanted.number).map_err(|_| Refusal::LinkUnknown)?;
            bundler.subject(&id, wanted.since)
        }
    };
    Ok(filled?.bytes)
}

/// Why there is none, for somebody at a command line.
#[must_use]
pub fn sentence(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::LinkUnknown => "there is no such receipt or person, or the log was never so large",
        other => other.sentence(Language::En),
    }
}
