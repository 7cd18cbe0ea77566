//! `vinkje statistics`: how often what happened, as JSON, CSV or a picture.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::OrganisationId;

use super::{Data, open};
use crate::control;
use crate::service::Service;
use crate::service::as_of::Answerer;
use crate::service::statistics::Asked;
use crate::service::statistics_svg::draw;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    /// The first day, such as 2026-11-01, in UTC; otherwise 30 days before the last.
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day; otherwise today.
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// What is kept apart beside the purpose: day or month, form, language; with commas.
    #[arg(long, default_value = "day")]
    by: String,
    /// In which form.
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    /// The language of the picture.
    #[arg(long, default_value = "nl")]
    lang: String,
    #[command(flatten)]
    data: Data,
}

/// A form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Numbers, for programs.
    Json,
    /// Numbers, for spreadsheets.
    Csv,
    /// A picture.
    Svg,
}

/// What is asked for, and how it is to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    asked: Asked,
    format: Format,
    language: Language,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let (from, until, by) = (args.from.clone(), args.until.clone(), Some(args.by.clone()));
    let language = Language::parse(&args.lang).ok_or_else(|| anyhow!("there is no such language"))?;
    let wanted = Wanted { asked: Asked { from, until, by }, format: args.format, language };
    let said = match open::open(&args.data.data)? {
        Some(opened) => opened.answering(&name, |answerer| answer(answerer, &wanted))?,
        None => {
            let (target, body) = (format!("/statistics/{name}"), serde_json::to_string(&wanted)?);
            open::runtime()?.block_on(control::ask(&args.data.data, "POST", &target, body))?
        }
    };
    print!("{said}");
    Ok(ExitCode::SUCCESS)
}

/// The answer, as it is printed.
///
/// # Errors
///
/// What cannot be read of the question, or what the store says.
pub fn answer(answerer: &Answerer<'_>, wanted: &Wanted) -> Result<String> {
    let number = answerer.organisation.number;
    let statistics = wanted.asked.answer(answerer.snapshot, number, Service::now());
    let statistics = statistics.map_err(|_| {
        anyhow!("expected days such as 2026-11-01, at most 400 of them by day, and --by of day, month, form, language")
    })?;
    Ok(match wanted.format {
        Format::Json => serde_json::to_string_pretty(&statistics)? + "\n",
        Format::Csv => String::from_utf8(statistics.csv())?,
        Format::Svg => draw(&statistics, wanted.language) + "\n",
    })
}
