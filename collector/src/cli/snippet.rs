//! `vinkje snippet`: the lines to paste into a page.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use shared::Language;
use shared::ids::FormRef;

use super::{Data, open};
use crate::assets::Assets;
use crate::catalogue::Registry;
use crate::control;
use crate::service::snippet::Snippet;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The form, such as kaas/aanmelden.
    form: String,
    /// Language of the page: nl or en; otherwise the form's first.
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Hold what is loaded to a hash (`integrity`).
    #[arg(long)]
    pinned: bool,
    /// The folder of the widget's files, for --pinned; otherwise `assets` of the settings.
    #[arg(long, value_name = "DIR")]
    assets: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let form = FormRef::parse(&args.form)
        .map_err(|_| anyhow!("couldn't use {:?}: a form is written organisation/form", args.form))?;
    let asked = args
        .lang
        .as_deref()
        .map(|tag| Language::parse(tag).context("couldn't use --lang: use nl or en"))
        .transpose()?;
    let lines = match open::open(&args.data.data)? {
        Some(opened) => offline(args, opened, &form, asked)?,
        None => serving(args, &form, asked)?,
    };
    print!("{lines}");
    Ok(ExitCode::SUCCESS)
}

fn offline(args: &Args, opened: open::Opened, form: &FormRef, asked: Option<Language>) -> Result<String> {
    let base_url = &opened.config.base_url;
    let known = Registry::open(opened.engine, base_url)?.now();
    let snippet = Snippet::new(&known, base_url, form, asked)
        .map_err(|refusal| anyhow!(refusal.sentence(Language::En)))?;
    if !args.pinned {
        return Ok(snippet.plain());
    }
    let folder = args.assets.clone().or(opened.config.assets);
    let folder = folder.context("couldn't find the widget's files: name their folder with --assets")?;
    Ok(snippet.pinned(&Assets::load(&folder)?.manifest))
}

fn serving(args: &Args, form: &FormRef, asked: Option<Language>) -> Result<String> {
    let kind = if args.pinned { "pinned" } else { "plain" };
    let tag = asked.map_or("", Language::tag);
    let target = format!("/snippet/{kind}/{form}?lang={tag}");
    open::runtime()?.block_on(control::ask(&args.data.data, "GET", &target, String::new()))
}
