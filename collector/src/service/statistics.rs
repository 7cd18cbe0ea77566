//! Statistics that identify nobody: how often each purpose was given, refused, withdrawn or let expire.
//!
//! In scope: adding counters up into what was asked for, and holding back what is too small. Out of scope: counting (`tally`),
//! how it is drawn (`service::statistics_svg`).
//!
//! Invariant: a number under [`FEWER_THAN`] of one day, form and language is never shown, and no sum shows it by the difference: a sum
//! with such a number in it is rounded down to a multiple of [`FEWER_THAN`], and says so.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

use super::unavailable;
use crate::service::list_lines::cell;
use crate::store::{Snapshot, Space};
use crate::tally::{self, Cell, Count, Kind};

/// Counts under this are held back.
pub const FEWER_THAN: u64 = 5;

/// Days in one answer, when it is by day: more than a year.
pub const DAYS_MAX: u32 = 400;

/// Days in one answer otherwise: ten years.
pub const ALL_DAYS_MAX: u32 = 3_660;

/// Days that are shown when nothing is asked.
const DAYS_DEFAULT: u32 = 30;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The first day, such as `2026-11-01`, in UTC; otherwise 30 days before the last.
    #[param(value_type = Option<String>, format = Date)]
    pub from: Option<String>,
    /// The last day; otherwise today.
    #[param(value_type = Option<String>, format = Date)]
    pub until: Option<String>,
    /// What is kept apart beside the purpose: `day` or `month`, `form`, `language`, with commas; otherwise `day`.
    #[param(value_type = Option<String>, example = "day,form,language")]
    pub by: Option<String>,
}

/// What is kept apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct By {
    day: bool,
    month: bool,
    form: bool,
    language: bool,
}

/// Counters added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Statistics {
    /// The first day that is counted.
    pub from: String,
    /// The last day that is counted, in UTC as all days are.
    pub until: String,
    /// Counts under this, of one day, form and language, are held back.
    pub fewer_than: u64,
    /// What that means, for people.
    pub note: &'static str,
    /// A row for each purpose, and for whatever else is kept apart.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Row {
    /// `2026-11-24`, or `2026-11` by month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Of which purpose.
    pub purpose: String,
    /// On which form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// In which language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How often each thing happened.
    #[serde(flatten)]
    pub counts: BTreeMap<&'static str, u64>,
    /// Which of the counts are rounded down to a multiple of five, because something small is in them.
    pub rounded: Vec<&'static str>,
}

const NOTE: &str = "Counts under 5 of one day, form and language are held back: what they are part of is rounded down to a multiple \
                    of 5 and named in `rounded`.";

/// What a row is about: when, purpose, form, language.
type Place = (Option<String>, String, Option<String>, Option<String>);

/// A sum, and whether something small is in it.
#[derive(Default)]
struct Sum {
    all: u64,
    small: bool,
}

impl Asked {
    /// Adds up.
    ///
    /// # Errors
    ///
    /// [`Refusal::BodyInvalid`] for days or names that are none, or too many days; [`Refusal::StoreUnavailable`].
    pub fn answer(
        &self,
        snapshot: &dyn Snapshot,
        organisation: u32,
        now: Timestamp,
    ) -> Result<Statistics, Refusal> {
        let by = self.by()?;
        let until = self.until.as_deref().map_or(Ok(tally::day(now)), read_day)?;
        let default = || Ok(until.saturating_sub(DAYS_DEFAULT - 1));
        let from = self.from.as_deref().map_or_else(default, read_day)?;
        let days_max = if by.day { DAYS_MAX } else { ALL_DAYS_MAX };
        if from > until || until - from >= days_max {
            return Err(Refusal::BodyInvalid);
        }
        let mut sums: BTreeMap<Place, BTreeMap<Kind, Sum>> = BTreeMap::new();
        let mut broken = Ok(());
        let range = tally::days(organisation, from, until);
        let scanned = snapshot.scan(Space::Tally, &range, &mut |key, row| match Cell::read(key)
            .and_then(|cell| Ok((cell, Count::decode(row)?)))
        {
            Ok((cell, count)) => {
                add(&mut sums, by, &cell, count);
                ControlFlow::Continue(())
            }
            Err(error) => {
                broken = Err(error);
                ControlFlow::Break(())
            }
        });
        scanned.and(broken).map_err(unavailable)?;
        let rows = sums.into_iter().map(|(place, sums)| row(place, &sums)).collect();
        let (from, until) = (date(from), date(until));
        Ok(Statistics { from, until, fewer_than: FEWER_THAN, note: NOTE, rows })
    }

    fn by(&self) -> Result<By, Refusal> {
        let mut by = By::default();
        for name in self.by.as_deref().unwrap_or("day").split(',') {
            match name.trim() {
                "day" => by.day = true,
                "month" => by.month = true,
                "form" => by.form = true,
                "language" => by.language = true,
                // The purpose is always kept apart; to say so alone leaves out the day.
                "purpose" => {}
                _ => return Err(Refusal::BodyInvalid),
            }
        }
        if by.day && by.month { Err(Refusal::BodyInvalid) } else { Ok(by) }
    }
}

fn add(sums: &mut BTreeMap<Place, BTreeMap<Kind, Sum>>, by: By, cell: &Cell, count: Count) {
    let day = || date(cell.day);
    let when = match by {
        By { day: true, .. } => Some(day()),
        By { month: true, .. } => Some(day()[..7].to_owned()),
        _ => None,
    };
    let place = (
        when,
        cell.purpose.to_string(),
        by.form.then(|| cell.form.to_string()),
        by.language.then(|| cell.language.tag().to_owned()),
    );
    let sum = sums.entry(place).or_default().entry(cell.kind).or_default();
    sum.all += count.all;
    sum.small |= (1..FEWER_THAN).contains(&count.all);
}

fn row((when, purpose, form, language): Place, sums: &BTreeMap<Kind, Sum>) -> Row {
    let mut row = Row { when, purpose, form, language, counts: BTreeMap::new(), rounded: Vec::new() };
    for kind in Kind::ALL {
        let Some(Sum { all, small }) = sums.get(&kind) else {
            row.counts.insert(kind.name(), 0);
            continue;
        };
        let shown = if *small { all / FEWER_THAN * FEWER_THAN } else { *all };
        row.counts.insert(kind.name(), shown);
        row.rounded.extend(small.then_some(kind.name()));
    }
    row
}

fn read_day(text: &str) -> Result<u32, Refusal> {
    Timestamp::parse(&format!("{text}T00:00:00Z")).map(tally::day).ok_or(Refusal::BodyInvalid)
}

fn date(day: u32) -> String {
    let (year, month, day) = tally::start_of(day).date();
    format!("{year:04}-{month:02}-{day:02}")
}

impl Statistics {
    /// As CSV, with a line of names.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let kinds = Kind::ALL.map(Kind::name);
        let names = ["when", "purpose", "form", "language"].into_iter().chain(kinds).chain(["rounded"]);
        // Writing to memory cannot fail, and every row has the same number of cells.
        let _ = writer.write_record(names);
        for row in &self.rows {
            let text = |text: &Option<String>| cell(text.as_deref().unwrap_or_default()).into_owned();
            let mut cells = vec![text(&row.when), row.purpose.clone(), text(&row.form), text(&row.language)];
            cells.extend(
                kinds.iter().map(|kind| row.counts.get(kind).copied().unwrap_or_default().to_string()),
            );
            cells.push(row.rounded.join(" "));
            let _ = writer.write_record(cells);
        }
        writer.into_inner().unwrap_or_default()
    }
}
