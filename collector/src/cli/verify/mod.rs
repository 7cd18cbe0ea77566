//! `vinkje verify`: is this receipt or bundle real, is it in the log, and has the log only grown? Answered without network.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use shared::jwk::KeySet;
use shared::limits::{JWS_BYTES_MAX, LOG_PROOF_BYTES_MAX};
use shared::log::note::{Kind, NoteError};
use shared::log::{Checkpoint, Extension, LogProof, Note, NoteKey};
use shared::receipt::{Decided, Receipt, Verified, verify};
use shared::time::Timestamp;

use super::open;
use crate::keys::Keys;

mod bundle;

#[derive(clap::Subcommand)]
enum Whole {
    /// Check an evidence bundle step by step.
    Bundle(bundle::Args),
}

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    whole: Option<Whole>,
    /// The receipt, a `.jws` file.
    #[arg(required_unless_present = "checkpoint")]
    file: Option<PathBuf>,
    /// The collector's key set, as published under /.well-known/jwks.json.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    keys: Option<PathBuf>,
    /// A data folder, whose own keys are used.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The receipt's `.tlog-proof` file: also check that it stands in the log.
    #[arg(long, value_name = "FILE", requires = "log_key", requires = "file")]
    proof: Option<PathBuf>,
    /// The log's key, as published under /log/ORGANISATION/key.
    #[arg(long, value_name = "FILE")]
    log_key: Option<PathBuf>,
    /// A checkpoint that was kept: check that the log has only grown since. Alone it says what to download for that.
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    checkpoint: Option<PathBuf>,
    /// What /log/ORGANISATION/extension/SIZE answers, for the size of the kept checkpoint.
    #[arg(long, value_name = "FILE", requires = "checkpoint", requires = "log_key")]
    extension: Option<PathBuf>,
    /// The key of a witness that must have cosigned the kept checkpoint, or that of the proof. May be given more than once.
    #[arg(long, value_name = "KEY", requires = "log_key")]
    witness: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    if let Some(Whole::Bundle(args)) = &args.whole {
        return bundle::run(args);
    }
    let said = match (&args.file, &args.checkpoint, &args.extension) {
        (Some(file), ..) => receipt(args, file),
        (None, Some(kept), Some(extension)) => grown(args, kept, extension),
        (None, Some(kept), None) => next_step(kept),
        _ => anyhow::bail!("name a receipt, or a checkpoint with its extension"),
    }?;
    Ok(match said {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("NOT VALID: {reason}");
            ExitCode::FAILURE
        }
    })
}

/// What is said when all holds, or the reason why not.
type Verdict = Result<String, String>;

fn receipt(args: &Args, file: &Path) -> Result<Verdict> {
    let text = read(file, JWS_BYTES_MAX + 16)?;
    let text = text.trim_end();
    let verified = match verify(text, &key_set(args)?) {
        Ok(verified) => verified,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let (Some(proof), Some(key)) = (&args.proof, &args.log_key) else { return Ok(Ok(report(&verified))) };
    let (proof, key) = (read(proof, LOG_PROOF_BYTES_MAX)?, log_key(key)?);
    let witnesses = witness_keys(&args.witness)?;
    let place = LogProof::parse(&proof).and_then(|proof| {
        let head = proof.check(text, &key)?;
        let seen = seen_by(&proof.checkpoint, &witnesses)?;
        Ok(format!("in the log {} as entry {} of {}\n{seen}", head.origin, proof.index, head.size))
    });
    Ok(place.map(|place| report(&verified) + &place).map_err(|error| error.to_string()))
}

fn grown(args: &Args, kept: &Path, extension: &Path) -> Result<Verdict> {
    let (kept, extension) = (read(kept, LOG_PROOF_BYTES_MAX)?, read(extension, LOG_PROOF_BYTES_MAX)?);
    let key = log_key(args.log_key.as_deref().context("name the log's key with --log-key")?)?;
    let witnesses = witness_keys(&args.witness)?;
    let now = Extension::parse(&extension).and_then(|extension| {
        let kept = Note::kept(&kept)?;
        let now = extension.check(&kept, &key)?;
        let seen = seen_by(&kept, &witnesses)?;
        Ok(format!(
            "VALID: the log {} has only grown since, from {} to {} entries\n{seen}",
            now.origin, extension.old, now.size
        ))
    });
    Ok(now.map_err(|error| error.to_string()))
}

/// Nothing is fetched here: who checks should see what is asked of whom.
fn next_step(file: &Path) -> Result<Verdict> {
    let kept = Note::kept(&read(file, LOG_PROOF_BYTES_MAX)?)?;
    let head = Checkpoint::parse(kept.text())?;
    let host = head.origin.split(['/', ':']).next().unwrap_or_default();
    let scheme = if matches!(host, "localhost" | "127.0.0.1") { "http" } else { "https" };
    // A log that was started anew has another name, and the same address.
    let place =
        head.origin.split_once("/log/").and_then(|(host, rest)| Some((host, rest.split('/').next()?)));
    let place = place.map_or_else(|| head.origin.clone(), |(host, name)| format!("{host}/log/{name}"));
    let address = format!("{scheme}://{place}");
    Ok(Err(format!(
        "nothing is checked yet. This is a checkpoint of the log {} with {size} entries. Download\n  {address}/key\n  \
         {address}/extension/{size}\nand run\n  vinkje verify --checkpoint {} --log-key key --extension {size}",
        head.origin,
        file.display(),
        size = head.size,
    )))
}

fn witness_keys(lines: &[String]) -> Result<Vec<NoteKey>> {
    let read = |key: &String| {
        let key = NoteKey::parse(key.trim())?;
        anyhow::ensure!(
            key.kind() == Kind::Witness,
            "couldn't use {}: it is no key of a witness",
            key.name()
        );
        Ok(key)
    };
    lines.iter().map(read).collect()
}

/// A line for each witness, with the time at which it saw the checkpoint.
fn seen_by(checkpoint: &Note, witnesses: &[NoteKey]) -> Result<String, NoteError> {
    let line = |witness: &NoteKey| {
        let time = i64::try_from(checkpoint.signed_by(witness)?).unwrap_or(i64::MAX);
        Ok(format!("seen by {} at {}\n", witness.name(), Timestamp::from_unix_seconds(time)))
    };
    witnesses.iter().map(line).collect()
}

fn read(file: &Path, bytes_max: usize) -> Result<String> {
    let shown = || format!("couldn't read {}", file.display());
    let size = std::fs::metadata(file).with_context(shown)?.len();
    anyhow::ensure!(size <= bytes_max as u64, "couldn't read {}: it is too large", file.display());
    std::fs::read_to_string(file).with_context(|| format!("couldn't read {}: it is not text", file.display()))
}

fn log_key(file: &Path) -> Result<NoteKey> {
    Ok(NoteKey::parse(read(file, 1024)?.trim_end())?)
}

fn key_set(args: &Args) -> Result<KeySet> {
    match (&args.keys, &args.data) {
        (Some(file), _) => Ok(KeySet::parse(&std::fs::read(file).with_context(|| shown(file))?)?),
        (None, data) => {
            let data = data.as_deref().unwrap_or(Path::new("data"));
            let keys = Keys::load(&open::keys_path(data));
            Ok(keys
                .context("name the key set with --keys jwks.json, or a data folder with --data")?
                .key_set())
        }
    }
}

fn shown(file: &Path) -> String {
    format!("couldn't read the key set {}", file.display())
}

fn report(verified: &Verified) -> String {
    let receipt = verified.receipt();
    format!("VALID: signed by {}\n{}", receipt.iss, receipt_lines(receipt))
}

/// What a receipt says.
fn receipt_lines(receipt: &Receipt) -> String {
    let decision = |decision: &shared::receipt::Decision| {
        let word = match decision.decided {
            Decided::Given => "yes",
            Decided::NotGiven => "no",
            Decided::Requested => "to be confirmed",
            Decided::Lapsed => "not confirmed in time",
            Decided::Withdrawn => "taken back",
            Decided::Expired => "expired",
            Decided::Unproven => "on a list without proof",
            Decided::NotObjected => "no consent: a customer who did not object",
            Decided::Objected => "objected",
            Decided::Ended => "ended",
        };
        let until = decision.until.map_or_else(String::new, |until| format!(", until {until}"));
        format!("  {} (version {}): {word}{until}\n", decision.purpose, decision.version)
    };
    let said = |at: Option<Timestamp>| at.map_or_else(|| "without a date".into(), |at| format!("as of {at}"));
    let imported = receipt.imported.as_ref().map_or_else(String::new, |imported| {
        let words = imported.wording.map_or_else(|| "no words".into(), |words| words.to_string());
        let (source, claimed) = (&imported.source, said(imported.claimed_at));
        format!("imported from \"{source}\", {claimed}, {words}, list {}\n", imported.file)
    });
    let sold = receipt.sold.as_ref().map_or_else(String::new, |sold| {
        format!("sold on {}, {}, number {}\n", sold.sold_at, sold.product_group, sold.sale)
    });
    let decisions: String = receipt.decisions.iter().map(decision).collect();
    format!(
        "receipt {}\nat {}\nfor {} ({}/{} version {})\nwording {} in {}\n{imported}{sold}{decisions}",
        receipt.receipt,
        receipt.at,
        receipt.controller,
        receipt.organisation,
        receipt.form,
        receipt.form_version,
        receipt.notice,
        receipt.language.tag(),
    )
}
