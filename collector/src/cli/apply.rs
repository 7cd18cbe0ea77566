//! `vinkje apply`: makes a definition the one that is shown.
//!
//! Invariant: a definition with a refusal changes nothing.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use shared::Language;
use shared::ids::OrganisationId;

use super::{Data, lint, open};
use crate::catalogue::Registry;
use crate::control;
use crate::definition;
use crate::sequencer::Sequencer;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The definition, such as shop.toml.
    file: PathBuf,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let text = lint::read(&args.file)?;
    let report = open::runtime()?.block_on(async {
        match open::open(&args.data.data)? {
            Some(opened) => offline(opened, &text).await,
            None => control::ask(&args.data.data, "POST", "/apply", text).await,
        }
    })?;
    print!("{report}");
    Ok(ExitCode::SUCCESS)
}

async fn offline(opened: open::Opened, text: &str) -> Result<String> {
    let registry = Registry::open(opened.engine.clone(), &opened.config.base_url)?;
    opened.writing(async |sequencer| apply(&registry, sequencer, text).await).await?
}

/// Checks a definition, stores it, and says what changed.
///
/// # Errors
///
/// The findings, one a line, or what the store says.
pub async fn apply(registry: &Registry, sequencer: &Sequencer, text: &str) -> Result<String> {
    let refused = |findings: Vec<definition::Finding>| {
        anyhow::anyhow!(
            "the definition is refused, nothing has changed\n{}",
            lint::lines(&findings, Language::En)
        )
    };
    let checked = definition::parse(text).map_err(refused)?;
    let known = registry.now();
    let name = OrganisationId::parse(&checked.organisation.id)?;
    let previous = known.named(&name).map(|organisation| &organisation.catalogue);
    let compiled = definition::compile(&checked, previous).map_err(refused)?;
    if compiled.changes.is_empty() {
        return Ok("nothing has changed\n".into());
    }
    let links: Vec<String> = compiled
        .catalogue
        .forms
        .keys()
        .map(|form| format!("for your page: vinkje snippet {name}/{form}\n"))
        .collect();
    if let Err(error) = registry.apply(compiled.catalogue, sequencer).await {
        bail!("couldn't store the definition: {error}");
    }
    let changes = compiled.changes.iter().map(|change| {
        let mark = if change.warns() { "! " } else { "  " };
        format!("{mark}{}\n", change.sentence(Language::En))
    });
    Ok(changes.chain(links).collect())
}
