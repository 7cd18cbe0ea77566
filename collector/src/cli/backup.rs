//! `vinkje backup`: a consistent copy of the store, also while the collector serves.
//!
//! Invariant: the copy gets its final name only when it is complete, and never replaces anything. Keys are not in it: a thief of the
//! copy alone can open no address.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use indicatif::ProgressBar;

use super::{Data, open};
use crate::control;
use crate::store::redb::{CACHE_BYTES_DEFAULT, RedbEngine, sync_folder_of};
use crate::store::{Engine, copy};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The file to make, such as vinkje-2026-11-23.redb.
    to: PathBuf,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let to = std::path::absolute(&args.to).context("couldn't use that name for a file")?;
    let report = match open::open(&args.data.data)? {
        Some(opened) => {
            let bar = ProgressBar::new_spinner();
            let report = write(opened.engine.as_ref(), &to, &mut |rows| bar.inc(rows))?;
            bar.finish_and_clear();
            report
        }
        None => serving(&args.data.data, &to)?,
    };
    print!("{report}");
    Ok(ExitCode::SUCCESS)
}

fn serving(data: &Path, to: &Path) -> Result<String> {
    let to = to.to_str().context("couldn't use that name for a file: it is not UTF-8")?.to_owned();
    let bar = ProgressBar::new_spinner();
    bar.set_message("the collector goes on serving while it copies");
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    let report = open::runtime()?.block_on(control::ask(data, "POST", "/backup", to))?;
    bar.finish_and_clear();
    Ok(report)
}

/// Copies the store as it is now into a new file, and says what to keep beside it.
///
/// # Errors
///
/// When the file is there already, or either side cannot be read or written.
pub fn write(engine: &dyn Engine, to: &Path, copied: &mut dyn FnMut(u64)) -> Result<String> {
    let taken = || format!("couldn't make {}: it exists already; choose another name", to.display());
    ensure!(!to.exists(), taken());
    let unfinished = to.with_extension("unfinished");
    ensure!(!unfinished.exists(), "couldn't make {}: remove what an earlier try left", unfinished.display());
    let rows = copied_to(engine, &unfinished, copied).inspect_err(|_| {
        // It was made just now, and is no store yet.
        let _ = std::fs::remove_file(&unfinished);
    })?;
    // `hard_link` and not `rename`: it does not replace what somebody put there meanwhile.
    std::fs::hard_link(&unfinished, to).with_context(taken)?;
    std::fs::remove_file(&unfinished)?;
    sync_folder_of(to)?;
    Ok(format!(
        "copied {rows} rows to {}\nThe keys are not in it: keep a copy of the keys folder somewhere else.\n\
         To use it: vinkje restore, in a data folder with those keys, vinkje.toml and erasures.log.\n",
        to.display()
    ))
}

fn copied_to(engine: &dyn Engine, file: &Path, copied: &mut dyn FnMut(u64)) -> Result<u64> {
    let target = RedbEngine::create(file, CACHE_BYTES_DEFAULT);
    let target = target.with_context(|| format!("couldn't make {}", file.display()))?;
    Ok(copy::copy(engine.snapshot()?.as_ref(), &target, copied)?)
}
