//! `vinkje kiosk`: the screens at an organisation's counters.
//!
//! Invariant: a pairing code and a PIN are printed once, when they are made.

use std::process::ExitCode;

use anyhow::Result;
use qrcodegen::{QrCode, QrCodeEcc};
use shared::ids::OrganisationId;
use shared::time::Timestamp;

use super::{Data, open};
use crate::control;
use crate::kiosks::{self, Known, RefusedRow, State};
use crate::service::kiosk::enrol::{Added, Kiosks, New};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Make a kiosk; prints the code with which a screen becomes it, and the staff's PIN. Neither is shown again.
    Add {
        /// The organisation's name.
        organisation: String,
        /// What the kiosk is called.
        #[arg(long)]
        name: String,
        /// Where it stands.
        #[arg(long)]
        place: String,
        /// Which form it shows.
        #[arg(long)]
        form: String,
        /// In which languages, in the order in which it offers them; all of the organisation where none is given.
        #[arg(long = "lang")]
        languages: Vec<String>,
        /// Who may hand the screen over, by the name they have at work; may be given several times.
        #[arg(long)]
        staff: Vec<String>,
        /// After how many seconds without a touch it asks whether somebody is still there.
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(20..=600))]
        idle: u16,
        #[command(flatten)]
        data: Data,
    },
    /// Print which kiosks there are, and how they are doing.
    List {
        /// The organisation's name.
        organisation: String,
        #[command(flatten)]
        data: Data,
    },
    /// Take a kiosk back: it counts no more, from now on.
    Revoke {
        /// The organisation's name.
        organisation: String,
        /// What it is called.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        data: Data,
    },
    /// Print what a kiosk sent and was refused.
    Refused {
        /// The organisation's name.
        organisation: String,
        /// What it is called.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        data: Data,
    },
}

/// What is done with kiosks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Make one.
    Add(New),
    /// Name all.
    List,
    /// Take one back.
    Revoke {
        /// Which.
        name: String,
    },
    /// Name what was refused.
    Refused {
        /// Of which.
        name: String,
    },
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let (organisation, data, deed) = match &args.what {
        What::Add { organisation, name, place, form, languages, staff, idle, data } => {
            let new = New {
                name: name.clone(),
                place: place.clone(),
                form: form.clone(),
                languages: languages.clone(),
                staff: staff.clone(),
                idle_seconds: *idle,
            };
            (organisation, data, Deed::Add(new))
        }
        What::List { organisation, data } => (organisation, data, Deed::List),
        What::Revoke { organisation, name, data } => {
            (organisation, data, Deed::Revoke { name: name.clone() })
        }
        What::Refused { organisation, name, data } => {
            (organisation, data, Deed::Refused { name: name.clone() })
        }
    };
    let organisation = OrganisationId::parse(organisation)?;
    let said = open::runtime()?.block_on(async {
        match open::open(&data.data)? {
            Some(opened) => {
                let organisation = opened.organisation(&organisation)?;
                let (engine, url) = (opened.engine.as_ref(), opened.config.base_url.as_str());
                opened
                    .writing(async |sequencer| {
                        keep(&Kiosks { engine, sequencer, organisation: &organisation }, url, &deed).await
                    })
                    .await?
            }
            None => {
                let deed = serde_json::to_string(&deed)?;
                control::ask(&data.data, "POST", &format!("/kiosk/{organisation}"), deed).await
            }
        }
    })?;
    print!("{said}");
    Ok(ExitCode::SUCCESS)
}

/// Does something with the kiosks of an organisation, and says what.
///
/// # Errors
///
/// What cannot be done, with the next step.
pub async fn keep(kiosks: &Kiosks<'_>, base_url: &str, deed: &Deed) -> Result<String> {
    Ok(match deed {
        Deed::Add(new) => {
            let organisation = &kiosks.organisation.catalogue.organisation;
            welcome(&kiosks.add(new).await?, &format!("{base_url}/kiosk/{organisation}"))
        }
        Deed::List => kiosks.all()?.iter().map(line).collect(),
        Deed::Revoke { name } => format!("revoked: {}\n", kiosks.revoke(name).await?.row.name),
        Deed::Refused { name } => {
            let known = kiosks.named(name)?;
            let refused = kiosks::refused(kiosks.engine.snapshot()?.as_ref(), &known)?;
            refused.iter().map(refused_line).collect()
        }
    })
}

fn refused_line(row: &RefusedRow) -> String {
    let number = row.number.map_or_else(|| "-".into(), |number| number.to_string());
    format!("{}\tnumber {number}\t{}\n", Timestamp::from_unix_seconds(row.at), row.code)
}

fn welcome(added: &Added, url: &str) -> String {
    let (row, code) = (&added.row, added.code.grouped());
    format!(
        "kiosk:        {} ({})\nopen there:   {url}\npairing code: {code}   (for one hour, once)\nstaff PIN:    {}\n\n\
         or scan this with the screen's camera:\n\n{}\n",
        row.name,
        row.place,
        added.pin,
        drawn(&format!("{url}#{code}"))
    )
}

/// A code for a terminal: two rows of modules in a line.
fn drawn(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let light = |x: i32, y: i32| !code.get_module(x, y);
    let end = code.size() + 2;
    let row = |y: i32| -> String {
        let cell = |x: i32| match (light(x, y), light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (-2..end).map(cell).chain(['\n']).collect()
    };
    (-2..end).step_by(2).map(row).collect()
}

fn line(known: &Known) -> String {
    let row = &known.row;
    let state = match &row.state {
        State::Waiting { until, .. } => {
            format!("waits for its screen until {}", Timestamp::from_unix_seconds(*until))
        }
        State::Paired(_) => "works".into(),
        State::Revoked { at, .. } => format!("revoked on {}", Timestamp::from_unix_seconds(*at)),
        State::Cloned { at, .. } => {
            format!("stopped on {}: two screens used it", Timestamp::from_unix_seconds(*at))
        }
    };
    let seen = match row.seen {
        Some(seen) => format!(
            "last sent {}, {} waiting there, its clock {} s behind",
            Timestamp::from_unix_seconds(seen),
            row.held,
            row.behind
        ),
        None => "never sent".into(),
    };
    let taken = row.next - 1;
    format!("{}\t{}\t{state}; {seen}; {taken} taken, {} refused\n", row.name, row.place, row.refused)
}
