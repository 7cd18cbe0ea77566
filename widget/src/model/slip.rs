//! What a counter slip shows, and the page that asks for its code.
//!
//! Invariant: a slip says no name, address or e-mail address: whoever finds it learns what was agreed to, and with which shop.

use shared::Language;

use super::form::LanguageLink;
use super::pages::{ChoiceView, ControllerView};

/// A QR code as data, made by whoever fills the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeView {
    /// Modules on a side, the quiet zone of four on each side counted in.
    pub side: u32,
    /// The dark modules: an SVG path in a square of so many units.
    pub path: String,
}

/// A slip, ready to show and to print on a receipt roll or a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipView {
    /// The language of the slip.
    pub language: Language,
    /// The slip in other languages; none on a screen at a counter.
    pub languages: Vec<LanguageLink>,
    /// Who asked.
    pub controller: ControllerView,
    /// At which counter or shop, where that is known.
    pub place: Option<String>,
    /// When, in words.
    pub at: String,
    /// When, for machines (RFC 3339).
    pub at_machine: String,
    /// What was agreed to and what was not, in the order shown.
    pub choices: Vec<ChoiceView>,
    /// The code, in the groups in which it is read aloud.
    pub code: Vec<String>,
    /// Where the code can be typed.
    pub url: String,
    /// The address with the code in it.
    pub qr: CodeView,
    /// Whether the collector has the answer; a counter without internet sends it later.
    pub sent: bool,
}

/// The page that asks for the code on a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipAskView {
    /// The language of the page.
    pub language: Language,
    /// The page in other languages.
    pub languages: Vec<LanguageLink>,
    /// Who asks.
    pub controller: ControllerView,
    /// URL that takes the code (POST).
    pub action: String,
    /// Where the own link can be sent by mail instead.
    pub lost_url: String,
    /// What was wrong with the code before.
    pub problem: Option<String>,
}
