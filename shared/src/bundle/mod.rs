//! Evidence bundles: one file with all that somebody needs to judge a receipt, or a person's whole history.
//!
//! In scope: the format, reading it strictly, checking it, and the words for what was found. Out of scope: filling one
//! (collector), drawing the result. Why the format is as it is: `docs/decisions/0702-evidence-bundles.md`.
//!
//! Invariant: a bundle is believed for nothing; every statement about it comes from [`check`], which says for each step
//! whether it holds, fails, or was not checked and why.

mod check;
mod format;
mod history;
mod lines;
mod report;
mod wording;
mod words;

pub use check::{Trust, check, check_alone};
pub use format::{BUNDLE_SCHEMA, Base64, Bundle, Entry, Kind, MEDIA_TYPE, Since};
pub use history::{HISTORY_SCHEMA, HISTORY_TYP, History, HistoryDigest};
pub use lines::{FailedLine, Feed, Head, LINES_SCHEMA, Line, Lines, Summary};
pub use report::{Checked, Fault, Open, Outcome, Report, Step, Verdict};
