//! What the verifier's page shows: the page itself, what was given to it, and what was found.
//!
//! Invariant: a sentence about evidence is one of `shared::bundle`; nothing here can say more than was checked.

use shared::Language;

use super::{LanguageLink, ReceiptBody};

/// The page before anything was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyView {
    /// Language.
    pub language: Language,
    /// The page in other languages; none on a saved page.
    pub languages: Vec<LanguageLink>,
    /// Where the page finds its WASM; nothing on a saved page, which has it inside.
    pub wasm_url: Option<String>,
    /// Where the page can be saved from; nothing on a saved page.
    pub save_url: Option<String>,
}

/// What was given, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedView {
    /// Language.
    pub language: Language,
    /// What was given, in order.
    pub given: Vec<GivenView>,
    /// What was found; nothing while there is no evidence.
    pub found: Option<FoundView>,
    /// What the evidence says: receipts, oldest first, of which some may be left out.
    pub receipts: Vec<ReceiptBody>,
    /// How many receipts there are.
    pub receipt_count: usize,
}

/// A file or a code that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenView {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// For a code that is a link to this website: the link.
    pub link: Option<String>,
    /// Whether it is such a code, of whatever website.
    pub is_link: bool,
}

/// How a step, or all of it, came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It holds.
    Holds,
    /// It holds under a condition, or was not checked.
    Open,
    /// It fails.
    Fails,
}

impl Found {
    /// Its name for styles and programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Open => "open",
            Self::Fails => "fails",
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundView {
    /// What all steps come to.
    pub found: Found,
    /// The same in a sentence.
    pub sentence: &'static str,
    /// What else can be said of it as a whole.
    pub more: Option<String>,
    /// Each step.
    pub steps: Vec<StepView>,
    /// Names of the receipt keys that were used.
    pub keys: Vec<String>,
    /// The log's key that was used; empty when there is none.
    pub log_key: String,
    /// Where the sender shows these keys.
    pub compare: Vec<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    /// Its stable name.
    pub step: &'static str,
    /// A few words.
    pub title: String,
    /// How it came out.
    pub found: Found,
    /// The same in a sentence.
    pub sentence: String,
    /// The stable code of what is wrong.
    pub code: Option<&'static str>,
}
