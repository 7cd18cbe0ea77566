//! Taking over an existing list: what a row proves, and what becomes of it.
//!
//! In scope: what the receipt of an import says beside others, and the fate of a row given what is known of its address.
//! Out of scope: reading files, finding addresses (collector).
//!
//! Invariant: pure and total. Whatever a file claims, it never outweighs what a person did here: who stopped or was erased does
//! not come back by it, and a consent that stands is not touched.

use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::ids::NoticeHash;
use crate::language::Language;
use crate::lifecycle::UnixSeconds;
use crate::receipt::{Act, CollectionMethod, Decided, Decision, Receipt};
use crate::time::Timestamp;

/// What a list says of a person, on the receipt of its import: a claim of the organisation's, kept as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imported {
    /// When the person agreed, as the list says; nothing where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<Timestamp>,
    /// SHA-256 of the file.
    pub file: NoticeHash,
    /// Where the organisation's own proof of this row is, such as the number of a form on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Where the list comes from, in the organisation's words (Art. 14(2)(f)).
    pub source: String,
    /// SHA-256 of the words that were shown, as the organisation says; nothing where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<NoticeHash>,
}

/// Whether a receipt says of an import what it must: an import names its list, nothing else does, and it agrees to nothing
/// without date and words.
#[must_use]
pub fn is_told(receipt: &Receipt) -> bool {
    let is_import = receipt.act == Act::Import;
    let unproven = |decision: &Decision| decision.decided == Decided::Unproven;
    if !is_import {
        let method = receipt.method != CollectionMethod::Import;
        return receipt.imported.is_none() && method && !receipt.decisions.iter().any(unproven);
    }
    let Some(imported) = &receipt.imported else { return false };
    let proven = imported.wording.is_some() && imported.claimed_at.is_some_and(|at| at <= receipt.at);
    let holds = |decision: &Decision| match decision.decided {
        Decided::Given => proven && decision.until.is_some(),
        Decided::Unproven => decision.until.is_none(),
        _ => false,
    };
    receipt.method == CollectionMethod::Import
        && !receipt.decisions.is_empty()
        && receipt.decisions.iter().all(holds)
}

/// What is known of an address for the purpose of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Its owner asked to be erased, and has not spoken since.
    pub suppressed: bool,
    /// What decides here is that somebody stopped.
    pub stopped: bool,
    /// Somebody objected to all advertising, and no later consent stands for the purpose.
    pub objected: bool,
    /// What decides here is a consent that stands.
    pub stands: bool,
    /// Something is known, whatever it is.
    pub known: bool,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It becomes a consent that stands until this moment, in Unix seconds.
    Given(UnixSeconds),
    /// It is written down, and nobody may be addressed on it (`dpv:ConsentUnknown`).
    Unproven,
    /// A consent stands here already; it stays as it is.
    AlreadyGiven,
    /// The row proves nothing, and something is known here already.
    AlreadyKnown,
    /// The owner of the address asked to be erased.
    Suppressed,
    /// The person stopped here.
    Stopped,
    /// The person objected to all advertising.
    Objected,
    /// The consent is older than it may count.
    TooOld,
    /// The date has not come yet.
    DateAhead,
    /// The address stands in the file before.
    Repeated,
    /// No address.
    EmailMissing,
    /// An address that cannot be right.
    EmailInvalid,
    /// A date that cannot be read.
    DateInvalid,
    /// A reference that is too long, or that may name a person.
    ReferenceInvalid,
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// More or fewer cells than the first row.
    CellsDiffer,
    /// A line break in a cell that is used.
    LineBreak,
    /// More bytes than a row may have.
    RowTooLong,
}

impl Fate {
    /// Every kind, in the order of a summary.
    pub const ALL: [Self; 18] = [
        Self::Given(0),
        Self::Unproven,
        Self::AlreadyGiven,
        Self::AlreadyKnown,
        Self::Suppressed,
        Self::Stopped,
        Self::Objected,
        Self::TooOld,
        Self::DateAhead,
        Self::Repeated,
        Self::EmailMissing,
        Self::EmailInvalid,
        Self::DateInvalid,
        Self::ReferenceInvalid,
        Self::NotUtf8,
        Self::CellsDiffer,
        Self::LineBreak,
        Self::RowTooLong,
    ];

    /// The fate of a row that can be read. `until` says when a consent ends that began at a moment.
    #[must_use]
    pub fn of(
        claimed: Option<Timestamp>,
        until: impl Fn(Timestamp) -> Timestamp,
        known: Known,
        now: Timestamp,
    ) -> Self {
        if known.suppressed {
            return Self::Suppressed;
        }
        if known.objected {
            return Self::Objected;
        }
        if known.stopped {
            return Self::Stopped;
        }
        if known.stands {
            return Self::AlreadyGiven;
        }
        match claimed {
            Some(at) if at > now => Self::DateAhead,
            Some(at) if until(at) <= now => Self::TooOld,
            Some(at) => Self::Given(until(at).unix_seconds()),
            None if known.known => Self::AlreadyKnown,
            None => Self::Unproven,
        }
    }

    /// Whether it makes a receipt.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Given(_) | Self::Unproven)
    }

    /// The stable code, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Given(_) => "imported",
            Self::Unproven => "unproven",
            Self::AlreadyGiven => "already_given",
            Self::AlreadyKnown => "already_known",
            Self::Suppressed => "suppressed",
            Self::Stopped => "stopped",
            Self::Objected => "objected",
            Self::TooOld => "too_old",
            Self::DateAhead => "date_ahead",
            Self::Repeated => "repeated",
            Self::EmailMissing => "email_missing",
            Self::EmailInvalid => "email_invalid",
            Self::DateInvalid => "date_invalid",
            Self::ReferenceInvalid => "reference_invalid",
            Self::NotUtf8 => "not_utf8",
            Self::CellsDiffer => "cells_differ",
            Self::LineBreak => "line_break",
            Self::RowTooLong => "row_too_long",
        }
    }

    /// A plain sentence that says what became of the row, and what to do.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.dutch(),
            Language::En | Language::Ar => self.english(),
        }
    }

    const fn dutch(self) -> &'static str {
        match self {
            Self::Given(_) => "Overgenomen: deze persoon mag worden aangeschreven.",
            Self::Unproven => "Genoteerd zonder bewijs: datum of tekst ontbreekt. Aanschrijven mag niet.",
            Self::AlreadyGiven => "Hier staat al toestemming. Er verandert niets.",
            Self::AlreadyKnown => "Deze persoon is al bekend en de rij bewijst niets. Er verandert niets.",
            Self::Suppressed => "Deze persoon liet alles wissen. Alleen zelf opnieuw bevestigen kan.",
            Self::Objected => "Deze persoon wil geen reclame meer. Alleen zelf opnieuw kiezen kan.",
            Self::Stopped => "Deze persoon is hier gestopt. Alleen zelf opnieuw kiezen kan.",
            Self::TooOld => "Deze toestemming is ouder dan zij mag gelden.",
            Self::DateAhead => "Deze datum moet nog komen.",
            Self::Repeated => "Dit adres staat eerder in het bestand. De eerste rij telt.",
            Self::EmailMissing => "Er staat geen e-mailadres.",
            Self::EmailInvalid => "Dit e-mailadres klopt niet.",
            Self::DateInvalid => {
                "Deze datum is niet te lezen. Gebruik 2024-05-03, of zeg met --date-format hoe hij is geschreven."
            }
            Self::ReferenceInvalid => {
                "Deze verwijzing is te lang of kan een persoon noemen. Gebruik een nummer of code van hooguit 80 tekens."
            }
            Self::NotUtf8 => "Deze rij is niet in UTF-8 geschreven. Bewaar het bestand als CSV UTF-8.",
            Self::CellsDiffer => {
                "Deze rij heeft meer of minder cellen dan de eerste. Staat er een aanhalingsteken te veel?"
            }
            Self::LineBreak => {
                "In een cel staat een regeleinde. Is een aanhalingsteken niet gesloten? Dan horen de rijen erna bij deze."
            }
            Self::RowTooLong => {
                "Deze rij is te lang. Is een aanhalingsteken niet gesloten? Dan horen de rijen erna bij deze."
            }
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Given(_) => "Taken over: this person may be addressed.",
            Self::Unproven => "Written down without proof: date or words are missing. Not to be addressed.",
            Self::AlreadyGiven => "Consent stands here already. Nothing changes.",
            Self::AlreadyKnown => {
                "This person is known already, and the row proves nothing. Nothing changes."
            }
            Self::Suppressed => {
                "This person had everything erased. Only their own fresh confirmation brings them back."
            }
            Self::Objected => {
                "This person objected to all advertising. Only their own fresh choice changes that."
            }
            Self::Stopped => "This person stopped here. Only their own fresh choice brings them back.",
            Self::TooOld => "This consent is older than it may count.",
            Self::DateAhead => "This date has not come yet.",
            Self::Repeated => "This address stands in the file before. The first row counts.",
            Self::EmailMissing => "There is no e-mail address.",
            Self::EmailInvalid => "This e-mail address is not right.",
            Self::DateInvalid => {
                "This date cannot be read. Use 2024-05-03, or say with --date-format how it is written."
            }
            Self::ReferenceInvalid => {
                "This reference is too long or may name a person. Use a number or code of at most 80 characters."
            }
            Self::NotUtf8 => "This row is not written in UTF-8. Save the file as CSV UTF-8.",
            Self::CellsDiffer => {
                "This row has more or fewer cells than the first. Is there a quotation mark too many?"
            }
            Self::LineBreak => {
                "A cell has a line break in it. Is a quotation mark not closed? Then the rows after it are part of this one."
            }
            Self::RowTooLong => {
                "This row is too long. Is a quotation mark not closed? Then the rows after it are part of this one."
            }
        }
    }
}

/// Reads the date of a row: a day (its first moment, UTC), a moment with its offset, or as a format says (`strftime`).
#[must_use]
pub fn read_date(text: &str, format: Option<&str>) -> Option<Timestamp> {
    let midnight = |date: jiff::civil::Date| {
        jiff::tz::TimeZone::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok()
    };
    let moment = match format {
        Some(format) => {
            let parsed = jiff::fmt::strtime::parse(format, text).ok()?;
            parsed.to_timestamp().ok().or_else(|| parsed.to_date().ok().and_then(midnight))
        }
        None if text.contains(['T', ' ']) => text.parse::<jiff::Timestamp>().ok(),
        None => text.parse::<jiff::civil::Date>().ok().and_then(midnight),
    }?;
    // Nobody gave consent on a list before 1970; a spreadsheet's empty date did.
    (moment.as_second() > 0).then(|| Timestamp::from_unix_seconds(moment.as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[track_caller]
    fn check(claimed: Option<&str>, known: Known, expected: &str) {
        let fate = Fate::of(claimed.map(at), |at| at.plus_months(24), known, at("2026-11-24T12:00:00Z"));
        assert_eq!(fate.code(), expected, "{claimed:?} {known:?}");
    }

    #[test]
    fn a_row_is_what_its_proof_and_the_person_say() {
        let nobody = Known::default();
        check(Some("2025-05-03T00:00:00Z"), nobody, "imported");
        check(None, nobody, "unproven");
        check(Some("2024-11-24T12:00:00Z"), nobody, "too_old");
        check(Some("2024-11-24T12:00:01Z"), nobody, "imported");
        check(Some("2026-11-24T12:00:01Z"), nobody, "date_ahead");
        let known = Known { known: true, ..nobody };
        check(None, known, "already_known");
        check(Some("2025-05-03T00:00:00Z"), known, "imported");
    }

    #[test]
    fn nothing_in_a_file_outweighs_what_a_person_did() {
        for claimed in
            [None, Some("2025-05-03T00:00:00Z"), Some("2026-11-24T11:59:59Z"), Some("2020-01-01T00:00:00Z")]
        {
            for rest in [false, true] {
                let known =
                    Known { known: true, stands: rest, stopped: rest, objected: rest, suppressed: true };
                check(claimed, known, "suppressed");
                let known = Known { suppressed: false, stands: false, ..known };
                check(claimed, Known { stopped: rest, objected: true, ..known }, "objected");
                check(claimed, Known { stopped: true, objected: false, ..known }, "stopped");
            }
            check(claimed, Known { known: true, stands: true, ..Known::default() }, "already_given");
        }
    }

    #[test]
    fn a_date_is_read_as_it_is_written_and_never_guessed() {
        let read = |text, format| read_date(text, format).map(|at| at.to_string());
        assert_eq!(read("2024-05-03", None).as_deref(), Some("2024-05-03T00:00:00Z"));
        assert_eq!(read("2024-05-03T14:00:00+02:00", None).as_deref(), Some("2024-05-03T12:00:00Z"));
        assert_eq!(read("3-5-2024", Some("%d-%m-%Y")).as_deref(), Some("2024-05-03T00:00:00Z"));
        for (text, format) in [
            ("03-05-2024", None),
            ("2024-02-30", None),
            ("2024-05-03T14:00:00", None),
            ("1970-01-01", None),
            ("", None),
            ("0", None),
            ("=NOW()", None),
            ("2024-05-03", Some("%d-%m-%Y")),
            ("2024-05-03", Some("%")),
        ] {
            assert_eq!(read(text, format), None, "{text} {format:?}");
        }
    }

    #[test]
    fn every_fate_has_a_code_of_its_own_and_words() {
        for (index, fate) in Fate::ALL.iter().enumerate() {
            assert!(Fate::ALL[..index].iter().all(|other| other.code() != fate.code()), "{fate:?}");
            assert!(
                Language::ALL.into_iter().all(|language| fate.sentence(language).ends_with('.')
                    || fate.sentence(language).ends_with('?')),
                "{fate:?}"
            );
        }
    }
}
