//! `vinkje mailing`: hands a list out with a manifest, and says later what it rested on.
//!
//! Invariant: whoever is asked about comes in on standard input; answers name nobody.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use shared::Language;
use shared::ids::{MailingId, OrganisationId, PurposeId};
use shared::refusal::Refusal;

use super::{Data, lines, list, open};
use crate::control;
use crate::service::as_of::Answerer;
use crate::service::list_lines::Format;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Write who may now be addressed for a purpose, and keep on which receipt each of them is.
    Begin {
        /// The organisation's name.
        organisation: String,
        /// The purpose's name.
        purpose: String,
        /// `jsonl`, which names the mailing at its end, or `csv`.
        #[arg(long, default_value = "jsonl")]
        format: Format,
        #[command(flatten)]
        data: Data,
    },
    /// Name the newest mailings, the last one first.
    List {
        /// The organisation's name.
        organisation: String,
        #[command(flatten)]
        data: Data,
    },
    /// Say whether people were addressed, and on which receipt; they come in on standard input.
    Ask {
        /// The organisation's name.
        organisation: String,
        /// The mailing's id.
        mailing: String,
        #[command(flatten)]
        data: Data,
    },
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Begin { organisation, purpose, format, data } => {
            let wanted = list::wanted(PurposeId::parse(purpose)?, *format, true);
            list::hand_out(data, &OrganisationId::parse(organisation)?, wanted)
        }
        What::List { organisation, data } => {
            let name = OrganisationId::parse(organisation)?;
            ask(data, &name, "GET", &format!("/mailings/{name}"), String::new(), names)
        }
        What::Ask { organisation, mailing, data } => {
            let (name, people) = (OrganisationId::parse(organisation)?, lines::read()?);
            let id = MailingId::parse(mailing)?;
            let asked = people.clone();
            ask(data, &name, "POST", &format!("/mailings/{name}/{id}"), people, |answerer| {
                answers(answerer, mailing, &asked)
            })
        }
    }
}

fn ask(
    data: &Data,
    name: &OrganisationId,
    method: &str,
    target: &str,
    body: String,
    alone: impl FnOnce(&Answerer<'_>) -> Result<String>,
) -> Result<ExitCode> {
    let said = match open::open(&data.data)? {
        Some(opened) => opened.answering(name, alone)?,
        None => open::runtime()?.block_on(control::ask(&data.data, method, target, body))?,
    };
    print!("{said}");
    Ok(ExitCode::SUCCESS)
}

/// The newest mailings, each a line of JSON.
///
/// # Errors
///
/// What the store says.
pub fn names(answerer: &Answerer<'_>) -> Result<String> {
    let line = |mailing: &_| Ok(serde_json::to_string(mailing)? + "\n");
    answerer.mailings().map_err(said)?.iter().map(line).collect()
}

/// An answer for everybody who is named, each a line of JSON.
///
/// # Errors
///
/// For a mailing that there is not; a line that names nobody has its error in its own answer.
pub fn answers(answerer: &Answerer<'_>, mailing: &str, people: &str) -> Result<String> {
    let id = MailingId::parse(mailing)?;
    let people = (1..).zip(people.lines()).filter(|(_, text)| !text.trim().is_empty());
    let line = |answer: &_| Ok(serde_json::to_string(answer)? + "\n");
    answerer.was_addressed(&id, people).map_err(said)?.iter().map(line).collect()
}

fn said(refusal: Refusal) -> anyhow::Error {
    anyhow!("{}", refusal.sentence(Language::En))
}
