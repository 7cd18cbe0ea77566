//! Why a list is not taken over at all: what is wrong with what was said of it, or with the file.
//!
//! In scope: codes and sentences, for programs and people. Out of scope: what is wrong with one row (`shared::import::Fate`).
//!
//! Invariant: nothing of the file is repeated but the name of a column that whoever asks has named.

use shared::Language;
use shared::ids::PurposeId;
use shared::limits::{IMPORT_SOURCE_BYTES_MAX, IMPORT_WORDING_BYTES_MAX};
use shared::refusal::Refusal;

use super::rows::FileFault;

/// Why a list is not taken over at all.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// No form asks the purpose, or the named one does not.
    #[error(
        "no form in that language asks the purpose `{0}`; name another with --form, --language or --purpose"
    )]
    Purpose(PurposeId),
    /// The purpose does not need an e-mail address, or more than that.
    #[error("a list has e-mail addresses and nothing else, and the purpose `{0}` needs something else")]
    Needs(PurposeId),
    /// No source, or too long a one.
    #[error(
        "the source must say in one line of at most {IMPORT_SOURCE_BYTES_MAX} bytes where the list comes from"
    )]
    Source,
    /// Words that cannot be shown.
    #[error("the wording must be a text of at most {IMPORT_WORDING_BYTES_MAX} bytes")]
    Wording,
    /// The date of everybody cannot be read.
    #[error("couldn't read the date on which everybody agreed; write it as 2024-05-03")]
    Obtained,
    /// The file.
    #[error(transparent)]
    File(#[from] FileFault),
    /// The store.
    #[error("{}", .0.sentence(Language::En))]
    Refused(Refusal),
}

impl Unfit {
    /// The stable code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Purpose(_) => "list_purpose_not_asked",
            Self::Needs(_) => "list_purpose_needs_more",
            Self::Source => "list_source_invalid",
            Self::Wording => "list_wording_invalid",
            Self::Obtained => "list_obtained_invalid",
            Self::File(FileFault::TooLong) => "list_too_long",
            Self::File(FileFault::TooManyRows) => "list_too_many_rows",
            Self::File(FileFault::Empty) => "list_empty",
            Self::File(FileFault::Names) => "list_names_missing",
            Self::File(FileFault::NoColumn(_)) => "list_column_missing",
            Self::File(FileFault::TwoColumns(_)) => "list_column_twice",
            Self::File(FileFault::TwoDates) => "list_dates_twice",
            Self::Refused(refusal) => refusal.code(),
        }
    }

    /// A plain sentence that says what is wrong and what to do.
    #[must_use]
    pub const fn sentence(&self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Refused(refusal), language) => refusal.sentence(language),
            (_, Language::Nl) => self.dutch(),
            (_, Language::En | Language::Ar) => self.english(),
        }
    }

    const fn dutch(&self) -> &'static str {
        match self {
            Self::Purpose(_) => "Geen formulier vraagt toestemming voor dit doel in deze taal.",
            Self::Needs(_) => "Een lijst heeft alleen e-mailadressen, en dit doel heeft iets anders nodig.",
            Self::Source => "Zeg in één regel waar de lijst vandaan komt. De mensen op de lijst lezen dit.",
            Self::Wording => "De tekst die toen is getoond is leeg of te lang.",
            Self::Obtained => "De datum waarop iedereen ja zei is niet te lezen. Schrijf 2024-05-03.",
            Self::File(FileFault::TooLong) => "De lijst is te lang. Splits hem.",
            Self::File(FileFault::TooManyRows) => "De lijst heeft te veel rijen. Splits hem.",
            Self::File(FileFault::Empty) => {
                "De lijst heeft geen rijen onder de eerste, die de kolommen noemt."
            }
            Self::File(FileFault::Names) => "De eerste rij moet de kolommen noemen, in UTF-8.",
            Self::File(FileFault::NoColumn(_)) => {
                "Een kolom staat niet in de eerste rij. Zeg bij columns hoe hij heet."
            }
            Self::File(FileFault::TwoColumns(_)) => {
                "Twee kolommen heten hetzelfde. Geef er een een andere naam."
            }
            Self::File(FileFault::TwoDates) => {
                "De lijst heeft een kolom met datums, dus obtained kan niet voor iedereen gelden."
            }
            Self::Refused(refusal) => refusal.sentence(Language::Nl),
        }
    }

    const fn english(&self) -> &'static str {
        match self {
            Self::Purpose(_) => "No form asks for consent to this purpose in this language.",
            Self::Needs(_) => "A list has e-mail addresses only, and this purpose needs something else.",
            Self::Source => "Say in one line where the list comes from. The people on it read this.",
            Self::Wording => "The words that were shown are empty or too long.",
            Self::Obtained => "The date on which everybody agreed cannot be read. Write 2024-05-03.",
            Self::File(FileFault::TooLong) => "The list is too long. Split it.",
            Self::File(FileFault::TooManyRows) => "The list has too many rows. Split it.",
            Self::File(FileFault::Empty) => "The list has no rows below its first, which names the columns.",
            Self::File(FileFault::Names) => "The first row must name the columns, in UTF-8.",
            Self::File(FileFault::NoColumn(_)) => {
                "A column is not in the first row. Say under columns what it is called."
            }
            Self::File(FileFault::TwoColumns(_)) => {
                "Two columns have the same name. Give one of them another."
            }
            Self::File(FileFault::TwoDates) => {
                "The list has a column with dates, so obtained cannot be the date of everybody."
            }
            Self::Refused(refusal) => refusal.sentence(Language::En),
        }
    }
}
