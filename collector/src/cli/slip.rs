//! `vinkje slip`: what staff does for a person who has a counter slip and no internet.
//!
//! Invariant: the code comes in on standard input, never in an argument, where the shell's history and the list of processes would have it.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Subcommand;
use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::OrganisationId;
use shared::registered::StaffLabel;
use shared::slip::SlipCode;

use super::{Data, lines, open};
use crate::catalogue::Organisation;
use crate::control;
use crate::service::Service;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Stop everything for the person whose code comes in on standard input. The collector must be serving.
    Withdraw {
        /// The organisation's name.
        organisation: String,
        /// Who does it: a name, a number or a counter. The person sees it on their receipt.
        #[arg(long, value_name = "LABEL")]
        by: String,
        #[command(flatten)]
        data: Data,
    },
}

/// What travels to the collector. It has no `Debug`: the code is a secret of the person.
#[derive(Serialize, Deserialize)]
pub struct Asked {
    code: String,
    by: String,
}

/// Who stops here, as the access record says.
const WHO: &str = "(command line)";

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let What::Withdraw { organisation, by, data } = &args.what;
    let name = OrganisationId::parse(organisation)?;
    let code = lines::one("Type the sixteen digits of the slip; end with Enter.")?;
    let asked = serde_json::to_string(&Asked { code, by: by.clone() })?;
    print!("{}", serving(data, &format!("/slip/{name}"), asked)?);
    Ok(ExitCode::SUCCESS)
}

/// Asks the collector that serves these data.
///
/// # Errors
///
/// When none does, or what it refuses.
pub(super) fn serving(data: &Data, target: &str, body: String) -> Result<String> {
    if open::open(&data.data)?.is_some() {
        bail!(
            "no collector serves {}: start it with `vinkje serve`, this goes through it",
            data.data.display()
        );
    }
    open::runtime()?.block_on(control::ask(&data.data, "POST", target, body))
}

/// Stops everything for a person, and says which receipt it has.
///
/// # Errors
///
/// What is refused, in a sentence.
pub async fn stop(service: &Service, organisation: &Organisation, asked: &Asked) -> Result<String> {
    let done = async {
        let (code, by) = (SlipCode::parse(&asked.code)?, StaffLabel::parse(&asked.by)?);
        service.stop_by_slip(organisation, &code, &by, WHO).await
    };
    match done.await {
        Ok(receipt) => Ok(format!("stopped: {}\n", service.receipt_url(organisation.number, &receipt))),
        Err(refusal) => bail!("{}", refusal.sentence(Language::En)),
    }
}
