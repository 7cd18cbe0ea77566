//! `vinkje export`: all consent events of an organisation, or all its standard records, as JSON Lines on standard output.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use shared::ids::OrganisationId;

use super::{Data, open};
use crate::control;
use crate::service::export::{self, Lines};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    /// What a line is: `events`, or each receipt as `jsonld` (ISO/IEC TS 27560) or `kantara` record.
    #[arg(long, default_value = "events")]
    format: Lines,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match open::open(&args.data.data)? {
        Some(opened) => {
            let number = opened.organisation(&name)?.number;
            export::write(opened.engine.as_ref(), number, args.format, &mut out)?;
        }
        None => {
            let target = format!("/export/{name}/{}", args.format.name());
            open::runtime()?.block_on(control::copy(&args.data.data, "GET", &target, &mut out))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
