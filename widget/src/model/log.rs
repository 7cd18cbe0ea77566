//! What a log's page shows.
//!
//! Invariant: sizes, hashes and signatures only; nothing about a person.

use super::{ControllerView, LanguageLink};
use shared::Language;

/// The page of an organisation's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogView {
    /// Language.
    pub language: Language,
    /// The page in other languages.
    pub languages: Vec<LanguageLink>,
    /// Whose log.
    pub controller: ControllerView,
    /// The log's name.
    pub origin: String,
    /// How many answers, as people write it.
    pub size: String,
    /// When the page was made, for people.
    pub seen: String,
    /// The same, for machines.
    pub seen_machine: String,
    /// The signed checkpoint, as it stands in the file.
    pub checkpoint: String,
    /// The checkpoint with the log's own signature as a QR code (SVG).
    pub qr_svg: String,
    /// The file of the checkpoint, and the name to keep it under.
    pub file: (String, String),
    /// Where the log's key is.
    pub key_url: String,
    /// Where the proof is that the log has only grown since.
    pub extension_url: String,
    /// What to type to check later.
    pub command: String,
    /// The page that checks evidence, also against this state.
    pub verify_url: String,
    /// Who else watches.
    pub witnesses: Vec<WitnessView>,
}

/// One witness of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessView {
    /// Its name.
    pub name: String,
    /// How many answers it saw and when, as people write it; nothing before its first signature.
    pub saw: Option<(String, String)>,
    /// How it stands now.
    pub standing: Watching,
}

/// How it stands with a witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watching {
    /// It signed lately.
    Fresh,
    /// It signed nothing yet, or not for too long.
    Stale,
    /// It saw more than there is, or something else.
    Contradicts,
}
