//! Making kiosks, naming them, and taking them back.
//!
//! In scope: what a new kiosk must have, its pairing code and its PIN. Out of scope: the screen that becomes it (`super`), who may ask
//! (`cli::kiosk`, `http::api::kiosks`).
//!
//! Invariant: a pairing code and a PIN leave here once, when they are made.

use serde::{Deserialize, Serialize};
use shared::ids::{FormId, KioskId};
use shared::language::Language;
use shared::limits::{
    KIOSK_IDLE_SECONDS, KIOSK_PAIRING_SECONDS_MAX, KIOSK_STAFF_MAX, KIOSKS_MAX, NAME_BYTES_MAX,
};
use shared::time::Timestamp;
use utoipa::ToSchema;

use crate::catalogue::Organisation;
use crate::keys::{KeyError, random};
use crate::kiosks::{self, KioskRow, Known, PairingCode, PinRow, State};
use crate::sequencer::{Draft, SequenceError, Sequencer};
use crate::service::Service;
use crate::service::manage::ATTEMPTS_MAX;
use crate::store::{Engine, StoreError};

/// Digits of a staff PIN.
const PIN_DIGITS: usize = 6;

/// A new kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct New {
    /// What it is called, so that you know it from your others.
    #[schema(max_length = 200, example = "Toonbank")]
    pub name: String,
    /// Where it stands: customers read it on their slips.
    #[schema(max_length = 200, example = "Markt 1, Gouda")]
    pub place: String,
    /// Which form it shows.
    #[schema(pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", example = "aanmelden")]
    pub form: String,
    /// In which languages, in the order in which it offers them; all of the organisation where none is given.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Who may hand the screen over, by the name they have at work.
    #[serde(default)]
    #[schema(max_items = 24)]
    pub staff: Vec<String>,
    /// After how many seconds without a touch it asks whether somebody is still there.
    #[serde(default = "idle")]
    #[schema(minimum = 20, maximum = 600, example = 60)]
    pub idle_seconds: u16,
}

const fn idle() -> u16 {
    60
}

/// A kiosk that was made, with what is said once.
pub struct Added {
    /// Which.
    pub id: KioskId,
    /// What it is.
    pub row: KioskRow,
    /// What makes a screen it.
    pub code: PairingCode,
    /// Until when.
    pub until: Timestamp,
    /// What opens the staff's screen.
    pub pin: String,
}

/// Why a kiosk is not made or not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// There are enough.
    Many,
    /// There is one of that name.
    NameTaken,
    /// A name is empty, too long, or no line.
    Name,
    /// There is no such form.
    Form,
    /// The form is not written in that language.
    Language,
    /// Too many people.
    Staff,
    /// Too short or too long.
    Idle,
    /// There is none of that name.
    Unknown,
}

impl Unfit {
    /// A stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Many => "kiosks_too_many",
            Self::NameTaken => "kiosk_name_taken",
            Self::Name => "kiosk_name_unfit",
            Self::Form => "kiosk_form_unknown",
            Self::Language => "kiosk_language_missing",
            Self::Staff => "kiosk_staff_too_many",
            Self::Idle => "kiosk_idle_unfit",
            Self::Unknown => "kiosk_unknown",
        }
    }

    /// The same in a sentence.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::Nl => match self {
                Self::Many => "Er zijn al honderd kiosken. Trek er eerst een in die u niet meer gebruikt.",
                Self::NameTaken => "Er is al een kiosk met deze naam. Kies een andere naam.",
                Self::Name => "Geef namen van één korte regel.",
                Self::Form => "Dit formulier bestaat niet. De namen staan in uw definitie.",
                Self::Language => "Het formulier is niet in deze taal geschreven.",
                Self::Staff => "Noem ten hoogste 24 mensen.",
                Self::Idle => "Kies 20 tot 600 seconden.",
                Self::Unknown => "Er is geen kiosk met deze naam. `vinkje kiosk list` noemt ze.",
            },
            Language::En | Language::Ar => match self {
                Self::Many => "There are a hundred kiosks already. Revoke one that you no longer use first.",
                Self::NameTaken => "There is a kiosk of that name already. Take another name.",
                Self::Name => "Give names of one short line.",
                Self::Form => "There is no such form. The names stand in your definition.",
                Self::Language => "The form is not written in that language.",
                Self::Staff => "Name at most 24 people.",
                Self::Idle => "Choose 20 to 600 seconds.",
                Self::Unknown => "There is no kiosk of that name. `vinkje kiosk list` names them.",
            },
        }
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// What was asked is not fit.
    #[error("{}", .0.sentence(Language::En))]
    Unfit(Unfit),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing can be stored.
    #[error(transparent)]
    Sequence(#[from] SequenceError),
    /// The system gives no random bytes.
    #[error(transparent)]
    Random(#[from] KeyError),
}

impl From<Unfit> for EnrolError {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

/// The kiosks of an organisation.
pub struct Kiosks<'a> {
    /// Where they are read.
    pub engine: &'a dyn Engine,
    /// By what they are written.
    pub sequencer: &'a Sequencer,
    /// Whose.
    pub organisation: &'a Organisation,
}

impl Kiosks<'_> {
    /// All, by name.
    ///
    /// # Errors
    ///
    /// [`EnrolError::Store`].
    pub fn all(&self) -> Result<Vec<Known>, EnrolError> {
        Ok(Known::all(self.engine.snapshot()?.as_ref(), self.organisation.number)?)
    }

    /// The one of a name.
    ///
    /// # Errors
    ///
    /// [`Unfit::Unknown`], or [`EnrolError::Store`].
    pub fn named(&self, name: &str) -> Result<Known, EnrolError> {
        let found = self.all()?.into_iter().find(|known| known.row.name == name.trim());
        Ok(found.ok_or(Unfit::Unknown)?)
    }

    /// Makes one.
    ///
    /// # Errors
    ///
    /// An [`EnrolError`]; nothing is stored then.
    pub async fn add(&self, new: &New) -> Result<Added, EnrolError> {
        let all = self.all()?;
        if all.len() >= KIOSKS_MAX {
            return Err(Unfit::Many.into());
        }
        if all.iter().any(|known| known.row.name == new.name.trim()) {
            return Err(Unfit::NameTaken.into());
        }
        let now = Service::now();
        let until = now.plus_seconds(KIOSK_PAIRING_SECONDS_MAX);
        let (code, pin) = (PairingCode::make()?, new_pin()?);
        let state = State::Waiting { code: code.hash(), until: until.unix_seconds() };
        let row = self.row(new, PinRow::new(&pin)?, state, now)?;
        let milliseconds = now.unix_seconds().unsigned_abs() * 1_000;
        let id = KioskId::from_time_and_bits(milliseconds, *random()?.first_chunk().expect("10 of 32"));
        let mut draft = Draft::default();
        kiosks::add(&mut draft.rows, self.organisation.number, &id, &row);
        self.sequencer.store(draft).await?;
        Ok(Added { id, row, code, until, pin })
    }

    fn row(&self, new: &New, pin: PinRow, state: State, now: Timestamp) -> Result<KioskRow, Unfit> {
        let form = FormId::parse(&new.form).map_err(|_| Unfit::Form)?;
        let shown = self.organisation.form(&form).map_err(|_| Unfit::Form)?;
        let mut languages = Vec::new();
        for tag in &new.languages {
            let language = Language::parse(tag).filter(|language| shown.notices.contains_key(language));
            let language = language.ok_or(Unfit::Language)?;
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        if languages.is_empty() {
            languages.clone_from(&self.organisation.catalogue.languages);
        }
        if new.staff.len() > KIOSK_STAFF_MAX {
            return Err(Unfit::Staff);
        }
        if !KIOSK_IDLE_SECONDS.contains(&new.idle_seconds) {
            return Err(Unfit::Idle);
        }
        Ok(KioskRow {
            name: one_line(&new.name)?,
            place: one_line(&new.place)?,
            form,
            languages,
            staff: new.staff.iter().map(|name| one_line(name)).collect::<Result<_, _>>()?,
            pin,
            idle_seconds: new.idle_seconds,
            state,
            made: now.unix_seconds(),
            seen: None,
            behind: 0,
            held: 0,
            next: 1,
            refused: 0,
        })
    }

    /// Takes one back. It was taken back before: nothing changes.
    ///
    /// # Errors
    ///
    /// An [`EnrolError`].
    pub async fn revoke(&self, name: &str) -> Result<Known, EnrolError> {
        let mut attempts = 1;
        loop {
            let known = self.named(name)?;
            if let State::Revoked { .. } = known.row.state {
                return Ok(known);
            }
            let key = known.row.state.key().copied();
            let state = State::Revoked { key, at: Service::now().unix_seconds() };
            let after = KioskRow { state, ..known.row.clone() };
            let mut draft = Draft::default();
            known.change(&mut draft.rows, &after);
            match self.sequencer.store(draft).await {
                // It sent something at this moment.
                Err(SequenceError::Conflict { .. }) if attempts < ATTEMPTS_MAX => attempts += 1,
                stored => return Ok(stored.map(|_| known.with(after))?),
            }
        }
    }
}

fn one_line(text: &str) -> Result<String, Unfit> {
    let text = text.trim();
    let fits = !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.chars().any(char::is_control);
    if fits { Ok(text.into()) } else { Err(Unfit::Name) }
}

fn new_pin() -> Result<String, KeyError> {
    let bytes = random()?;
    let number = u64::from_be_bytes(*bytes.first_chunk().expect("8 of 32 bytes")) % 1_000_000;
    Ok(format!("{number:0PIN_DIGITS$}"))
}
