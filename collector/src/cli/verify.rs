//! `vinkje verify`: is this receipt real? Answered without network.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use shared::jwk::KeySet;
use shared::receipt::{Decided, Verified, verify};

use super::open;
use crate::keys::Keys;

/// A receipt file is at most as long as a receipt, with room for a line end.
const FILE_BYTES_MAX: u64 = shared::limits::JWS_BYTES_MAX as u64 + 16;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The receipt, a `.jws` file.
    file: PathBuf,
    /// The collector's key set, as published under /.well-known/jwks.json.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    keys: Option<PathBuf>,
    /// A data folder, whose own keys are used.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let size = std::fs::metadata(&args.file)
        .with_context(|| format!("couldn't read {}", args.file.display()))?
        .len();
    anyhow::ensure!(size <= FILE_BYTES_MAX, "couldn't read the receipt: the file is too large for one");
    let text = std::fs::read_to_string(&args.file).context("couldn't read the receipt: it is not text")?;
    match verify(text.trim_end(), &key_set(args)?) {
        Ok(verified) => {
            print!("{}", report(&verified));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("NOT VALID: {error}");
            Ok(ExitCode::FAILURE)
        }
    }
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
    let decision = |decision: &shared::receipt::Decision| {
        let word = match decision.decided {
            Decided::Given => "yes",
            Decided::NotGiven => "no",
            Decided::Withdrawn => "taken back",
        };
        let until = decision.until.map_or_else(String::new, |until| format!(", until {until}"));
        format!("  {} (version {}): {word}{until}\n", decision.purpose, decision.version)
    };
    let decisions: String = receipt.decisions.iter().map(decision).collect();
    format!(
        "VALID: signed by {}\nreceipt {}\nat {}\nfor {} ({}/{} version {})\nwording {} in {}\n{decisions}",
        receipt.iss,
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
