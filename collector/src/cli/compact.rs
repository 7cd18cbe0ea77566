//! `vinkje compact`: writes the store anew, without what the file still holds of rows that are gone.
//!
//! A database leaves the bytes of a removed row in its file until it needs the place. After an erasure they should go.
//!
//! Invariant: until the new file is complete and on disk the old one stays; a crash leaves one whole store.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use indicatif::ProgressBar;

use super::{Data, open};
use crate::store::copy;
use crate::store::redb::{CACHE_BYTES_DEFAULT, RedbEngine, sync_folder_of};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let data = &args.data.data;
    let opened = open::stopped(data)?;
    let store = open::store_path(data);
    let before = size(&store)?;
    let unfinished = store.with_extension("unfinished");
    // What an earlier try left is not a store yet.
    if unfinished.exists() {
        std::fs::remove_file(&unfinished)?;
    }
    let bar = ProgressBar::new_spinner();
    let target = RedbEngine::create(&unfinished, CACHE_BYTES_DEFAULT)?;
    let rows = copy::copy(opened.engine.snapshot()?.as_ref(), &target, &mut |rows| bar.inc(rows))?;
    drop((target, opened));
    bar.finish_and_clear();
    std::fs::rename(&unfinished, &store)?;
    sync_folder_of(&store)?;
    println!("compacted: {rows} rows, {before} bytes before, {} after", size(&store)?);
    Ok(ExitCode::SUCCESS)
}

fn size(file: &Path) -> Result<u64> {
    Ok(file.metadata().with_context(|| format!("couldn't look at {}", file.display()))?.len())
}
