//! `vinkje erase`: erases people who ask for it (Art. 17).
//!
//! Invariant: nobody is named in what it prints; a line stands for a line of the input.

use std::process::ExitCode;

use anyhow::Result;
use shared::Language;
use shared::ids::OrganisationId;

use super::{Data, lines, open};
use crate::catalogue::Organisation;
use crate::control;
use crate::endpoints::Endpoints;
use crate::journal::Journal;
use crate::sequencer::Sequencer;
use crate::service::Service;
use crate::service::erase::{Eraser, Gone};
use crate::service::people::Who;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let people = lines::read()?;
    let report = open::runtime()?.block_on(async {
        match open::open(&args.data.data)? {
            Some(opened) => offline(opened, &args.data, &name, &people).await,
            None => control::ask(&args.data.data, "POST", &format!("/erase/{name}"), people).await,
        }
    })?;
    print!("{report}");
    Ok(if report.contains(NOT_DONE) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn offline(opened: open::Opened, data: &Data, name: &OrganisationId, people: &str) -> Result<String> {
    let organisation = opened.organisation(name)?;
    let (engine, journal) = (opened.engine.as_ref(), Journal::new(&data.data));
    let endpoints = &Endpoints::open(opened.engine.clone(), opened.keys.clone())?;
    let work = async |sequencer: &Sequencer| {
        let eraser = Eraser { engine, sequencer, keys: &opened.keys, journal: &journal, endpoints };
        erase(&eraser, &organisation, people).await
    };
    opened.writing(work).await
}

const NOT_DONE: &str = "NOT DONE";

/// Erases everybody who is named, one a line, and says what was erased.
pub async fn erase(eraser: &Eraser<'_>, organisation: &Organisation, people: &str) -> String {
    let (mut report, mut all) = (String::new(), Gone::default());
    for (number, line) in (1..).zip(people.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let gone = match Who::parse(line) {
            Ok(who) => eraser.erase(organisation, &who, Service::now()).await,
            Err(refusal) => Err(refusal),
        };
        match gone {
            Ok(gone) => {
                all.people += gone.people;
                all.receipts += gone.receipts;
                report += &format!("line {number}: {} records, {} receipts\n", gone.people, gone.receipts);
            }
            Err(refusal) => {
                report += &format!("line {number}: {NOT_DONE}. {}\n", refusal.sentence(Language::En))
            }
        }
    }
    format!(
        "{report}erased: {} records with {} receipts. To overwrite what the file still holds of them: stop the collector and run `vinkje compact`\n",
        all.people, all.receipts
    )
}
