//! Forms as files: reads `shop.toml`, judges it, and makes a catalogue of it.
//!
//! In scope: [`parse`], [`lint`], [`compile`]; all pure. Out of scope: files, storing a catalogue, printing.
//!
//! Invariant: a [`Catalogue`](shared::form::Catalogue) comes out of here only when no rule refuses, and a
//! version number never stands for two different things.

mod change;
mod compile;
mod country;
mod file;
mod finding;
mod lint;
mod notice;
mod paragraphs;
mod parse;
mod privacy;
mod texts;

pub use change::{Change, Difference};
pub use compile::{Compiled, compile};
pub use file::{
    Definition, FormEntry, Organisation, Privacy, PrivacyEntry, PurposeEntry, RecipientEntry, Texts,
};
pub use finding::{Finding, Place, Sentence, Severity, usable};
pub use lint::lint;
pub use parse::parse;
