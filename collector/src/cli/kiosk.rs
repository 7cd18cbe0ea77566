//! `vinkje kiosk`: the screens at an organisation's counters.
//!
//! Invariant: a pairing code and a PIN are printed once, when they are made.

use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use qrcodegen::{QrCode, QrCodeEcc};
use shared::ids::{FormId, KioskId, OrganisationId};
use shared::language::Language;
use shared::limits::{KIOSK_PAIRING_SECONDS_MAX, KIOSK_STAFF_MAX, KIOSKS_MAX, NAME_BYTES_MAX};
use shared::time::Timestamp;

use super::{Data, open};
use crate::catalogue::Organisation;
use crate::control;
use crate::keys::random;
use crate::kiosks::{self, KioskRow, Known, PairingCode, PinRow, State};
use crate::sequencer::{Draft, Sequencer};
use crate::service::Service;
use crate::store::Engine;

/// Digits of a staff PIN.
const PIN_DIGITS: usize = 6;

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

/// A new kiosk.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct New {
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Which form it shows.
    pub form: String,
    /// In which languages; all of the organisation where none is given.
    pub languages: Vec<String>,
    /// Who may hand the screen over.
    pub staff: Vec<String>,
    /// Seconds without a touch.
    pub idle: u16,
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
                idle: *idle,
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
                    .writing(async |sequencer| keep(engine, sequencer, &organisation, url, &deed).await)
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
pub async fn keep(
    engine: &dyn Engine,
    sequencer: &Sequencer,
    organisation: &Organisation,
    base_url: &str,
    deed: &Deed,
) -> Result<String> {
    let all = Known::all(engine.snapshot()?.as_ref(), organisation.number)?;
    let named = |name: &str| all.iter().find(|known| known.row.name == name.trim());
    let mut draft = Draft::default();
    let said = match deed {
        Deed::Add(new) => {
            ensure!(all.len() < KIOSKS_MAX, "there are {KIOSKS_MAX} kiosks already");
            ensure!(named(&new.name).is_none(), "there is a kiosk of that name already; take another name");
            let (code, pin) = (PairingCode::make()?, new_pin()?);
            let row = new_row(organisation, new, &code, &pin)?;
            let milliseconds = Service::now().unix_seconds().unsigned_abs() * 1_000;
            let id = KioskId::from_time_and_bits(milliseconds, *random()?.first_chunk().expect("10 of 32"));
            kiosks::add(&mut draft.rows, organisation.number, &id, &row);
            welcome(&row, &code, &pin, &format!("{base_url}/kiosk/{}", organisation.catalogue.organisation))
        }
        Deed::List => return Ok(all.iter().map(line).collect()),
        Deed::Revoke { name } => {
            let Some(known) = named(name) else { bail!(NONE) };
            let key = known.row.state.key().copied();
            let state = State::Revoked { key, at: Service::now().unix_seconds() };
            known.change(&mut draft.rows, &KioskRow { state, ..known.row.clone() });
            format!("revoked: {}\n", known.row.name)
        }
        Deed::Refused { name } => {
            let Some(known) = named(name) else { bail!(NONE) };
            let refused = kiosks::refused(engine.snapshot()?.as_ref(), known)?;
            let number = |number: Option<u64>| number.map_or_else(|| "-".into(), |number| number.to_string());
            let line = |row: &kiosks::RefusedRow| {
                format!(
                    "{}\tnumber {}\t{}\n",
                    Timestamp::from_unix_seconds(row.at),
                    number(row.number),
                    row.code
                )
            };
            return Ok(refused.iter().map(line).collect());
        }
    };
    sequencer.store(draft).await?;
    Ok(said)
}

const NONE: &str = "there is no kiosk of that name; `vinkje kiosk list` names them";

fn new_row(organisation: &Organisation, new: &New, code: &PairingCode, pin: &str) -> Result<KioskRow> {
    let one_line = |text: &str| -> Result<String> {
        let text = text.trim();
        let fits = !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.chars().any(char::is_control);
        ensure!(fits, "give names of one short line");
        Ok(text.into())
    };
    let form = FormId::parse(&new.form)?;
    let Ok(shown) = organisation.form(&form) else {
        let names: Vec<String> = organisation.catalogue.forms.keys().map(ToString::to_string).collect();
        bail!("there is no such form; there are: {}", names.join(", "));
    };
    let mut languages = Vec::new();
    for tag in &new.languages {
        let language = Language::parse(tag).filter(|language| shown.notices.contains_key(language));
        let Some(language) = language else { bail!("the form is not written in {tag}") };
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    if languages.is_empty() {
        languages.clone_from(&organisation.catalogue.languages);
    }
    ensure!(new.staff.len() <= KIOSK_STAFF_MAX, "name at most {KIOSK_STAFF_MAX} people");
    let now = Service::now().unix_seconds();
    Ok(KioskRow {
        name: one_line(&new.name)?,
        place: one_line(&new.place)?,
        form,
        languages,
        staff: new.staff.iter().map(|name| one_line(name)).collect::<Result<_>>()?,
        pin: PinRow::new(pin)?,
        idle_seconds: new.idle,
        state: State::Waiting { code: code.hash(), until: now + KIOSK_PAIRING_SECONDS_MAX },
        made: now,
        seen: None,
        behind: 0,
        held: 0,
        next: 1,
        refused: 0,
    })
}

fn new_pin() -> Result<String> {
    let bytes = random()?;
    let number = u64::from_be_bytes(*bytes.first_chunk().expect("8 of 32 bytes")) % 1_000_000;
    Ok(format!("{number:0PIN_DIGITS$}"))
}

fn welcome(row: &KioskRow, code: &PairingCode, pin: &str, url: &str) -> String {
    let link = format!("{url}#{}", code.grouped());
    format!(
        "kiosk:        {} ({})\nopen there:   {url}\npairing code: {}   (for one hour, once)\nstaff PIN:    {pin}\n\n\
         or scan this with the screen's camera:\n\n{}\n",
        row.name,
        row.place,
        code.grouped(),
        drawn(&link)
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
