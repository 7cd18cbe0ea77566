//! What a form shows on paper: to tick and sign, or to hang up.
//!
//! Invariant: the words are those of one notice, named by its hash, so that what hangs or is signed is what the screen shows.

use shared::Language;
use shared::purpose::ContactField;

use super::form::{LanguageLink, PurposeView, SectionView};
use super::pages::ControllerView;
use super::slip::CodeView;

/// A form on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedView {
    /// The language.
    pub language: Language,
    /// The same in other languages.
    pub languages: Vec<LanguageLink>,
    /// Who asks.
    pub controller: ControllerView,
    /// Heading.
    pub title: String,
    /// Below it.
    pub intro: String,
    /// The boxes.
    pub purposes: Vec<PurposeView>,
    /// How to stop, from the notice.
    pub withdrawal: String,
    /// The privacy text.
    pub sections: Vec<SectionView>,
    /// What the person fills in: all that any box needs, each once.
    pub fields: Vec<ContactField>,
    /// Hash of the notice.
    pub hash: String,
    /// Where the same form can be answered on a phone.
    pub url: String,
    /// That address as a QR code.
    pub qr: CodeView,
}

impl PrintedView {
    /// As much of the hash as people compare.
    #[must_use]
    pub fn short_hash(&self) -> &str {
        let digits = self.hash.trim_start_matches("sha256-");
        digits.get(..SHORT_DIGITS).unwrap_or(digits)
    }
}

/// 48 bits: no two wordings of an organisation share them by chance.
const SHORT_DIGITS: usize = 12;
