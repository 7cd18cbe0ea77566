//! `vinkje key`: the keys of an organisation's own programs.
//!
//! Invariant: a key is printed once, when it is made.

use std::process::ExitCode;

use anyhow::{Result, bail};
use shared::ids::OrganisationId;
use shared::time::Timestamp;

use super::{Data, open};
use crate::api_keys::{self, ApiKey, Scope};
use crate::control;
use crate::sequencer::{Draft, Sequencer};
use crate::service::Service;
use crate::store::{Engine, Space};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Make a key and print it. It is not shown again.
    Add {
        /// The organisation's name.
        organisation: String,
        /// Which program uses it.
        #[arg(long)]
        name: String,
        /// What it may do; may be given several times.
        #[arg(long, value_enum, default_value = "ask")]
        scope: Vec<Scope>,
        /// For how many days it counts.
        #[arg(long, default_value_t = 365)]
        days: u16,
        #[command(flatten)]
        data: Data,
    },
    /// Print which keys there are.
    List {
        /// The organisation's name.
        organisation: String,
        #[command(flatten)]
        data: Data,
    },
    /// Remove the keys of this name: they count no more.
    Remove {
        /// The organisation's name.
        organisation: String,
        /// The name that was given to it.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        data: Data,
    },
}

/// What is done with keys.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Make one.
    Add {
        /// What it is for.
        name: String,
        /// What it may do.
        scopes: Vec<Scope>,
        /// For how long.
        days: u16,
    },
    /// Name all.
    List,
    /// Remove one.
    Remove {
        /// What it was for.
        name: String,
    },
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let (organisation, data, deed) = match &args.what {
        What::Add { organisation, name, scope, days, data } => {
            (organisation, data, Deed::Add { name: name.clone(), scopes: scope.clone(), days: *days })
        }
        What::List { organisation, data } => (organisation, data, Deed::List),
        What::Remove { organisation, name, data } => {
            (organisation, data, Deed::Remove { name: name.clone() })
        }
    };
    let organisation = OrganisationId::parse(organisation)?;
    let said = open::runtime()?.block_on(async {
        match open::open(&data.data)? {
            Some(opened) => offline(opened, &organisation, &deed).await,
            None => {
                let deed = serde_json::to_string(&deed)?;
                control::ask(&data.data, "POST", &format!("/key/{organisation}"), deed).await
            }
        }
    })?;
    print!("{said}");
    Ok(ExitCode::SUCCESS)
}

async fn offline(opened: open::Opened, organisation: &OrganisationId, deed: &Deed) -> Result<String> {
    let number = opened.organisation(organisation)?.number;
    opened.writing(async |sequencer| keep(opened.engine.as_ref(), sequencer, number, deed).await).await?
}

/// Does something with the keys of an organisation, and says what.
///
/// # Errors
///
/// What cannot be done, with the next step.
pub async fn keep(
    engine: &dyn Engine,
    sequencer: &Sequencer,
    organisation: u32,
    deed: &Deed,
) -> Result<String> {
    let keys = api_keys::of(engine.snapshot()?.as_ref(), organisation)?;
    let mut draft = Draft::default();
    let said = match deed {
        Deed::Add { name, scopes, days } => {
            let row = api_keys::new_row(organisation, name, scopes, *days, Service::now())?;
            let key = ApiKey::make()?;
            api_keys::add(&mut draft.rows, &key, &row);
            format!("{}\n", key.text())
        }
        Deed::List => {
            let line = |row: &api_keys::KeyRow| {
                let may: Vec<&str> = row.scopes.iter().map(|scope| scope.name()).collect();
                let until = Timestamp::from_unix_seconds(row.until);
                format!("{}: may {}, until {until}\n", row.name, may.join(" and "))
            };
            return Ok(keys.iter().map(|(_, row)| line(row)).collect());
        }
        Deed::Remove { name } => {
            let gone: Vec<_> = keys.iter().filter(|(_, row)| row.name == name.trim()).collect();
            if gone.is_empty() {
                bail!("there is no key of that name; `vinkje key list` names them");
            }
            for (key, _) in &gone {
                draft.rows.delete(Space::ApiKey, key.clone());
            }
            format!("removed: {}\n", gone.len())
        }
    };
    sequencer.store(draft).await?;
    Ok(said)
}
