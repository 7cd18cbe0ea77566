//! `vinkje connector`: newsletter tools whose lists follow what people agreed to.
//!
//! Invariant: arguments are read here; what is done with them is in `endpoint`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use shared::ids::PurposeId;

use super::Data;
use super::endpoint::{self, Act, Added, Again, Deed};
use super::webhook::{One, again};
use crate::endpoints::row::Tool;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Add a tool: whoever agrees to the purpose comes on its list, and whoever stops goes off it.
    Add {
        /// The organisation's name.
        organisation: String,
        /// What it is.
        #[arg(long)]
        name: String,
        /// Which tool.
        #[arg(long, value_enum)]
        kind: Tool,
        /// Where it is; https. For Mailchimp <https://DATACENTRE.api.mailchimp.com>.
        #[arg(long)]
        url: String,
        /// The number of the list in listmonk, or the id of the audience in Mailchimp.
        #[arg(long)]
        list: String,
        /// The purpose's name in the definition.
        #[arg(long)]
        purpose: String,
        /// A file with user:token for listmonk, or the API key for Mailchimp.
        #[arg(long, value_name = "FILE")]
        secret_file: PathBuf,
        /// A host that may be inside your network, or without https. May be given several times.
        #[arg(long, value_name = "HOST")]
        allow: Vec<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Print which there are, webhooks too, and how they are doing.
    List {
        /// The organisation's name.
        organisation: String,
        #[command(flatten)]
        data: Data,
    },
    /// Remove it; its list stays as it is.
    Remove(One),
    /// Tell it again after it was disabled, and what it missed.
    Enable(One),
    /// Print what came of the last deliveries.
    Deliveries(One),
    /// Tell it once more where people belong: all with a receipt since then, such as 2026-05-03T14:00:00Z.
    Replay {
        #[command(flatten)]
        one: One,
        /// The moment.
        #[arg(long, value_name = "MOMENT")]
        since: String,
    },
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let said = match &args.what {
        What::Add { organisation, name, kind, url, list, purpose, secret_file, allow, data } => {
            let secret = std::fs::read_to_string(secret_file);
            let secret = secret.with_context(|| format!("couldn't read {}", secret_file.display()))?;
            let (list, purpose) = (list.clone(), PurposeId::parse(purpose)?);
            let gets = Added::People { tool: *kind, list, purpose, secret };
            let (name, url, allow) = (name.clone(), url.clone(), allow.clone());
            endpoint::run(organisation, data, &Deed::Add { name, url, allow, gets })
        }
        What::List { organisation, data } => endpoint::run(organisation, data, &Deed::List),
        What::Remove(one) => one.run(Act::Remove),
        What::Enable(one) => one.run(Act::Enable),
        What::Deliveries(one) => one.run(Act::Deliveries),
        What::Replay { one, since } => {
            let again: Again = again(None, Some(since))?;
            one.run(Act::Replay(again))
        }
    };
    print!("{}", said?);
    Ok(ExitCode::SUCCESS)
}
