//! `vinkje access`: who downloaded people's contact data, the newest first.
//!
//! Invariant: what is printed names programs, purposes and numbers, and nobody whose data it was.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::process::ExitCode;

use anyhow::Result;
use shared::ids::OrganisationId;

use super::{Data, open};
use crate::access::{self, Deed};
use crate::control;
use crate::store::Snapshot;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    #[command(flatten)]
    data: Data,
}

/// Downloads that are printed at most.
const PRINTED_MAX: usize = 10_000;

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let said = match open::open(&args.data.data)? {
        Some(opened) => {
            let number = opened.organisation(&name)?.number;
            lines(opened.engine.snapshot()?.as_ref(), number)?
        }
        None => {
            let target = format!("/access/{name}");
            open::runtime()?.block_on(control::ask(&args.data.data, "GET", &target, String::new()))?
        }
    };
    print!("{said}");
    Ok(ExitCode::SUCCESS)
}

/// A line for each download.
///
/// # Errors
///
/// What the store says.
pub fn lines(snapshot: &dyn Snapshot, organisation: u32) -> Result<String> {
    let (mut said, mut printed) = (String::new(), 0);
    // The end of a download is newer than its begin, so it is met first.
    let mut ends: HashMap<u64, (u64, bool)> = HashMap::new();
    access::read(snapshot, organisation, |number, entry| {
        match &entry.deed {
            Deed::Ended { began, people, complete } => {
                ends.insert(*began, (*people, *complete));
            }
            Deed::Began { purpose, .. } => {
                let how = match ends.remove(&number) {
                    Some((people, true)) => format!("{people} people"),
                    Some((people, false)) => format!("broke off after {people} people"),
                    None => "not ended, or cut off".into(),
                };
                let mailing = entry.deed.mailing().map(|id| format!(", mailing {id}")).unwrap_or_default();
                // Writing to a string cannot fail.
                let _ =
                    writeln!(said, "{} {}: list of {purpose}, {how}{mailing}", access::at(&entry), entry.who);
                printed += 1;
            }
            Deed::Stopped { by } => {
                let _ = writeln!(
                    said,
                    "{} {}: {by} stopped everything for one person, by their slip",
                    access::at(&entry),
                    entry.who
                );
                printed += 1;
            }
            Deed::LookedUp => {
                let _ = writeln!(said, "{} {}: looked one person up", access::at(&entry), entry.who);
                printed += 1;
            }
        }
        if printed < PRINTED_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(said)
}
