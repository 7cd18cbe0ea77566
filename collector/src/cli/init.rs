//! `vinkje init`: a new data folder.
//!
//! Invariant: nothing that exists is overwritten, and a try that fails leaves nothing behind.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

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
    let (store, keys, settings) = (open::store_path(data), open::keys_path(data), Config::path(data));
    for there in [&store, &keys, &settings] {
        ensure!(
            !there.exists(),
            "couldn't make a store: {} exists already; choose another --data",
            there.display()
        );
    }
    if let Err(error) = make(data, &config) {
        // All of it was made just now. What cannot be removed on a broken disk stops the next try, which names it.
        let _ = std::fs::remove_file(&store);
        let _ = std::fs::remove_dir_all(&keys);
        let _ = std::fs::remove_file(&settings);
        return Err(error);
    }
    println!("made {}: settings, keys and an empty store", data.display());
    println!("next: vinkje apply FORM.toml --data {}", data.display());
    Ok(ExitCode::SUCCESS)
}

fn make(data: &Path, config: &Config) -> Result<()> {
    Keys::create(&open::keys_path(data))?;
    let keys = Keys::load(&open::keys_path(data))?;
    let engine = RedbEngine::create(&open::store_path(data), open::cache_bytes(config))?;
    let mut batch = Batch::default();
    batch.expect_absent(Space::Meta, open::KEYS).put(Space::Meta, open::KEYS, keys.fingerprint());
    batch.put(Space::Meta, open::ADDRESS, config.base_url.as_str());
    engine.commit(&batch)?;
    Ok(config.save(data)?)
}
