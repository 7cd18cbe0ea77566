//! `vinkje init`: a new data folder.
//!
//! Invariant: nothing that exists is overwritten.

use std::process::ExitCode;

use anyhow::{Context, Result};

use super::{Data, open};
use crate::config::Config;
use crate::keys::Keys;
use crate::store::redb::RedbEngine;
use crate::store::{Batch, Engine, Space};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
    /// The address under which people reach the collector; every link starts with it.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    base_url: String,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let data = &args.data.data;
    let config = Config::new(&args.base_url)?;
    std::fs::create_dir_all(data).with_context(|| format!("couldn't make {}", data.display()))?;
    let store = open::store_path(data);
    if store.exists() {
        anyhow::bail!("couldn't make a store: {} exists already; choose another --data", store.display());
    }
    Keys::create(&open::keys_path(data))?;
    let keys = Keys::load(&open::keys_path(data))?;
    let engine = RedbEngine::create(&store, open::cache_bytes(&config))?;
    let mut batch = Batch::default();
    batch.expect_absent(Space::Meta, open::KEYS).put(Space::Meta, open::KEYS, keys.fingerprint());
    engine.commit(&batch)?;
    config.save(data)?;
    println!("made {}: settings, keys and an empty store", data.display());
    println!("next: vinkje apply FORM.toml --data {}", data.display());
    Ok(ExitCode::SUCCESS)
}
