//! `vinkje restore`: makes a backup the store again, without a second history and without bringing back who was erased.
//!
//! Invariant: the store gets its name only when everything in it was checked; the backup itself is not touched, and nothing that
//! exists is overwritten.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use shared::limits::LOG_PROOF_BYTES_MAX;
use shared::log::Note;

use super::{Data, fsck, open};
use crate::config::Config;
use crate::journal::Journal;
use crate::keys::Keys;
use crate::service::restore::{Backup, Verdict};
use crate::store::redb::{RedbEngine, sync_folder_of};

#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("log").required(true))]
pub(super) struct Args {
    /// The backup, as `vinkje backup` made it.
    backup: PathBuf,
    /// Go on with the logs as they are: the collector took nothing after this backup was made.
    #[arg(long, group = "log")]
    nothing_newer: bool,
    /// Start the logs anew under another name: something may have been taken and shown after this backup was made.
    #[arg(long, group = "log")]
    new_log: bool,
    /// A checkpoint that somebody kept, such as a witness or the data protection officer. May be given several times.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let data = &args.data.data;
    let store = open::store_path(data);
    ensure!(
        !store.exists(),
        "couldn't restore: {} is there already. Move it away first; keep it, it may be needed",
        store.display()
    );
    let config = Config::load(data)?;
    let keys = Keys::load(&open::keys_path(data))?;
    let unfinished = store.with_extension("restoring");
    std::fs::copy(&args.backup, &unfinished)
        .with_context(|| format!("couldn't copy {}", args.backup.display()))?;
    let restored = prepare(args, &config, keys, &unfinished);
    if let Err(error) = restored.and_then(|()| {
        std::fs::rename(&unfinished, &store)?;
        Ok(sync_folder_of(&store)?)
    }) {
        // It is only a copy.
        let _ = std::fs::remove_file(&unfinished);
        return Err(error);
    }
    println!("restored: {}. Next: vinkje serve --data {}", store.display(), data.display());
    Ok(ExitCode::SUCCESS)
}

fn prepare(args: &Args, config: &Config, keys: Keys, copied: &Path) -> Result<()> {
    let engine = RedbEngine::open(copied, open::cache_bytes(config))
        .with_context(|| format!("couldn't use {} as a backup", args.backup.display()))?;
    let keys = open::fitting(keys, &engine)?;
    open::at_home(config, &engine)?;
    let report = fsck::look(&engine, &keys, &config.base_url)?;
    if let Some(finding) = report.findings.first() {
        bail!("couldn't restore: the backup is not clean ({finding}); use another one");
    }
    let backup = Backup { engine: &engine, keys: &keys, base_url: &config.base_url };
    let lacking = args.checkpoint.iter().map(|file| judged(&backup, file)).collect::<Result<Vec<_>>>()?;
    let lacking: u64 = lacking.into_iter().max().unwrap_or_default();
    ensure!(
        lacking == 0 || args.new_log,
        "couldn't restore with --nothing-newer: a checkpoint shows {lacking} receipts that this backup does not have. \
         Use a newer backup, or start the log anew with --new-log"
    );
    let journal = Journal::new(&args.data.data);
    if journal.path().exists() {
        let again = backup.erase_again(&journal.read().context("couldn't read erasures.log")?)?;
        println!("erased again: {again} people of erasures.log were in the backup");
    } else {
        println!(
            "there is no {}: if people were erased after this backup was made, put that file there and restore again",
            journal.path().display()
        );
    }
    if args.new_log {
        let generation = backup.start_anew(open::GENERATION)?;
        println!(
            "the logs go on under another name, ending in /{generation}. Tell witnesses, and whoever keeps checkpoints"
        );
    }
    Ok(())
}

/// How many receipts the backup lacks that a kept checkpoint has.
fn judged(backup: &Backup<'_>, file: &Path) -> Result<u64> {
    let shown = file.display();
    let text = std::fs::read(file).with_context(|| format!("couldn't read {shown}"))?;
    let text = String::from_utf8(text).ok().filter(|text| text.len() <= LOG_PROOF_BYTES_MAX);
    let note = text.and_then(|text| Note::parse(&text).ok());
    let note = note.with_context(|| format!("couldn't read {shown}: it is no checkpoint"))?;
    match backup.judge(&note)? {
        Verdict::Has(organisation) => {
            println!("{shown}: the backup has everything of {organisation} up to it");
            Ok(0)
        }
        Verdict::Lacks(organisation, count) => {
            println!("{shown}: the backup lacks {count} receipts of {organisation} that were shown");
            Ok(count)
        }
        Verdict::Other(organisation) => bail!(
            "couldn't restore: {shown} shows another history of {organisation} than this backup has. Nothing can mend that; \
             find out where the two parted"
        ),
        Verdict::Strange => {
            bail!(
                "couldn't use {shown}: it is not signed with the log's key, or of a log that the backup does not have"
            )
        }
    }
}
