//! `vinkje may`: could we mail these people for this purpose on that date, and why?
//!
//! Invariant: an answer is one line of JSON for a line of the input, in the same order, and names nobody.

use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use shared::Language;
use shared::ids::{OrganisationId, PurposeId, PurposeVersion};
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::{Data, lines, open};
use crate::control;
use crate::service::Service;
use crate::service::as_of::{Answer, Answerer, Asked};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    /// The purpose's name.
    purpose: String,
    /// A day, such as 2026-05-03 (its first moment, UTC), or a moment, such as 2026-05-03T14:00:00Z; otherwise now.
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    at: Option<Timestamp>,
    /// Count consent to this version only; now it is today's version, on a date whichever was given.
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    #[command(flatten)]
    data: Data,
}

pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    Timestamp::parse(&whole).ok_or_else(|| "expected 2026-05-03 or 2026-05-03T14:00:00Z".to_owned())
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let version = args.version.map(PurposeVersion::try_from).transpose()?;
    let asked = Asked { purpose: PurposeId::parse(&args.purpose)?, at: args.at, version };
    let people = lines::read()?;
    let answers = match open::open(&args.data.data)? {
        Some(opened) => opened.answering(&name, |answerer| answers(answerer, &asked, &people))?,
        None => {
            let query = serde_html_form::to_string(&asked)?;
            let target = format!("/may/{name}?{query}");
            open::runtime()?.block_on(control::ask(&args.data.data, "POST", &target, people))?
        }
    };
    print!("{answers}");
    Ok(ExitCode::SUCCESS)
}

/// Answers for everybody who is named, one a line.
///
/// # Errors
///
/// For a purpose that the organisation does not have; a line that names nobody has its error in its own answer.
pub fn answers(answerer: &Answerer<'_>, asked: &Asked, people: &str) -> Result<String> {
    let people = (1..).zip(people.lines()).filter(|(_, text)| !text.trim().is_empty());
    let answers = match answerer.answer_all(asked, people, Service::now()) {
        Err(Refusal::PurposeNotOffered) => {
            let names = answerer.organisation.catalogue.purposes.keys().map(PurposeId::as_str);
            bail!(
                "there is no purpose `{}`; there are: {}",
                asked.purpose,
                names.collect::<Vec<_>>().join(", ")
            );
        }
        answers => answers.map_err(|refusal| anyhow!("{}", refusal.sentence(Language::En)))?,
    };
    let line = |answer: &Answer| Ok(serde_json::to_string(answer)? + "\n");
    answers.iter().map(line).collect()
}
