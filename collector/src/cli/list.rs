//! `vinkje list`: the people who may now be addressed for a purpose, on standard output.
//!
//! Invariant: each download is recorded, and a list that broke off ends with an error.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use shared::Language;
use shared::ids::{OrganisationId, PurposeId};
use tokio::sync::mpsc;

use super::{Data, open};
use crate::control;
use crate::sequencer::Sequencer;
use crate::service::list_lines::Format;
use crate::service::lists::{Lister, Piece, Wanted};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    /// The purpose's name.
    purpose: String,
    /// `jsonl`, which says at its end how many there are, or `csv`.
    #[arg(long, default_value = "jsonl")]
    format: Format,
    #[command(flatten)]
    data: Data,
}

/// How a list is asked for of which a manifest is kept.
pub const MAILING: &str = "mailing";

/// Who downloads here, as the access record says.
const WHO: &str = "(command line)";

/// What is asked for on the command line.
#[must_use]
pub fn wanted(purpose: PurposeId, format: Format, mailing: bool) -> Wanted {
    Wanted { purpose, format, mailing, who: WHO.into() }
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let organisation = OrganisationId::parse(&args.organisation)?;
    hand_out(&args.data, &organisation, wanted(PurposeId::parse(&args.purpose)?, args.format, false))
}

/// Writes a list to standard output.
///
/// # Errors
///
/// What cannot be done, or that it broke off.
pub(super) fn hand_out(data: &Data, name: &OrganisationId, wanted: Wanted) -> Result<ExitCode> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match open::open(&data.data)? {
        Some(opened) => alone()?.block_on(offline(opened, name, wanted, &mut out))?,
        None => {
            let Wanted { purpose, format, mailing, .. } = wanted;
            let kept = if mailing { MAILING } else { "list" };
            let target = format!("/list/{name}/{purpose}/{}/{kept}", format.name());
            open::runtime()?.block_on(control::copy(&data.data, "POST", &target, &mut out))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Reading goes on in threads of its own.
pub(super) fn alone() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?)
}

async fn offline(
    opened: open::Opened,
    name: &OrganisationId,
    wanted: Wanted,
    out: &mut impl Write,
) -> Result<()> {
    let organisation = opened.organisation(name)?;
    let lister = |sequencer: &Sequencer| Lister {
        engine: opened.engine.clone(),
        sequencer: sequencer.clone(),
        keys: opened.keys.clone(),
        organisation,
        base_url: opened.config.base_url.as_str().into(),
        stop_mail: Arc::new(opened.config.mail.unsubscribe.clone()),
    };
    let work = async |sequencer: &Sequencer| {
        let download = lister(sequencer).begin(wanted).await;
        let download = download.map_err(|refusal| anyhow!("{}", refusal.sentence(Language::En)))?;
        let (sender, pieces) = mpsc::channel(1);
        let ((), written) = tokio::join!(download.run(sender), write(pieces, out));
        written
    };
    opened.writing(work).await?
}

async fn write<E>(mut pieces: mpsc::Receiver<Result<Piece, E>>, out: &mut impl Write) -> Result<()> {
    while let Some(piece) = pieces.recv().await {
        match piece {
            Ok(Piece::Lines(bytes)) => out.write_all(&bytes)?,
            Ok(Piece::End(_)) => return Ok(()),
            Err(_) => break,
        }
    }
    bail!("couldn't write the whole list: it broke off; the log says why")
}
