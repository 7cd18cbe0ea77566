//! `vinkje fsck`: does everything in the store still hold?

use std::process::ExitCode;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Data, open};
use crate::fsck;
use crate::keys::Keys;
use crate::store::Engine;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let opened = open::stopped(&args.data.data)?;
    let report = look(opened.engine.as_ref(), &opened.keys, &opened.config.base_url)?;
    report.findings.iter().for_each(|finding| println!("{finding}"));
    if report.findings.is_empty() {
        println!("clean: {} receipts of {} people, and the logs over them", report.receipts, report.people);
        return Ok(ExitCode::SUCCESS);
    }
    let more = if report.findings.len() == fsck::FINDINGS_MAX { " or more" } else { "" };
    println!("NOT CLEAN: {}{more} findings. Keep this file, and put back a backup", report.findings.len());
    Ok(ExitCode::FAILURE)
}

/// Looks at everything, with a progress bar.
///
/// # Errors
///
/// As [`fsck::check`].
pub(super) fn look(engine: &dyn Engine, keys: &Keys, base_url: &str) -> Result<fsck::Report> {
    let bar = ProgressBar::new(fsck::receipts_in(engine)?);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} receipts, {per_sec}, {eta} left")?);
    let report = fsck::check(engine, keys, base_url, &mut || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(report)
}
