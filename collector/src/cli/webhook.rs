//! `vinkje webhook`: who gets signed messages about what happened.
//!
//! Invariant: arguments are read here; what is done with them is in `endpoint`.

use std::process::ExitCode;

use anyhow::{Context, Result};
use shared::time::Timestamp;

use super::Data;
use super::endpoint::{self, Act, Added, Again, Deed};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

/// One endpoint.
#[derive(clap::Args)]
pub(super) struct One {
    /// The organisation's name.
    organisation: String,
    /// The name that was given to it.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    data: Data,
}

impl One {
    pub(super) fn run(&self, act: Act) -> Result<String> {
        endpoint::run(&self.organisation, &self.data, &Deed::One { name: self.name.clone(), act })
    }
}

#[derive(clap::Subcommand)]
enum What {
    /// Add a receiver, and print the secret with which it checks messages. It is not shown again.
    Add {
        /// The organisation's name.
        organisation: String,
        /// What it is.
        #[arg(long)]
        name: String,
        /// Where it is; https.
        #[arg(long)]
        url: String,
        /// What it hears of beside every end (consent.withdrawn, consent.expired, subject.objected, subject.erased): consent.requested,
        /// consent.given, consent.renewed, consent.refused, consent.lapsed, consent.unproven. May be given several times; otherwise given and renewed.
        #[arg(long, value_name = "TYPE")]
        event: Vec<String>,
        /// A host that may be inside your network, or without https. May be given several times.
        #[arg(long, value_name = "HOST")]
        allow: Vec<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Print which there are, connectors too, and how they are doing.
    List {
        /// The organisation's name.
        organisation: String,
        #[command(flatten)]
        data: Data,
    },
    /// Remove it; what it was not told yet is dropped.
    Remove(One),
    /// Make a new secret and print it; the one before signs as well for a day.
    Rotate(One),
    /// Send to it again after it was disabled, and what it missed.
    Enable(One),
    /// Send it a message that says nothing, and print what it answers.
    Test(One),
    /// Print what came of the last deliveries.
    Deliveries(One),
    /// Send something once more, with the id that it had.
    Replay {
        #[command(flatten)]
        one: One,
        /// The message's id, as `deliveries` prints it.
        #[arg(long, required_unless_present = "since")]
        id: Option<String>,
        /// Everything since then, such as 2026-05-03T14:00:00Z.
        #[arg(long, value_name = "MOMENT", conflicts_with = "id")]
        since: Option<String>,
    },
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let said = match &args.what {
        What::Add { organisation, name, url, event, allow, data } => {
            let (name, url, allow) = (name.clone(), url.clone(), allow.clone());
            let gets = Added::Messages(event.clone());
            endpoint::run(organisation, data, &Deed::Add { name, url, allow, gets })
        }
        What::List { organisation, data } => endpoint::run(organisation, data, &Deed::List),
        What::Remove(one) => one.run(Act::Remove),
        What::Rotate(one) => one.run(Act::Rotate),
        What::Enable(one) => one.run(Act::Enable),
        What::Test(one) => one.run(Act::Test),
        What::Deliveries(one) => one.run(Act::Deliveries),
        What::Replay { one, id, since } => one.run(Act::Replay(again(id.as_ref(), since.as_ref())?)),
    };
    print!("{}", said?);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn again(id: Option<&String>, since: Option<&String>) -> Result<Again> {
    match (id, since) {
        (Some(id), _) => Ok(Again::Id(id.clone())),
        (None, since) => {
            let since = since.map(String::as_str).unwrap_or_default();
            let since = Timestamp::parse(since);
            let since = since.context("--since takes a moment such as 2026-05-03T14:00:00Z");
            since.map(Again::Since)
        }
    }
}
