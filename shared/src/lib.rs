//! The schema of consent: what was shown, what was chosen, and what is signed.
//!
//! In scope: ids, languages, purposes, notices, choices, the lifecycle of a consent, and (feature
//! `evidence`) canonical bytes, signatures, receipts, offers and tickets. Out of scope: clocks, randomness
//! and I/O; they come in as arguments, so the same code judges in the browser, in the collector and
//! in the verifier.
//!
//! Invariant: no value of this crate can say that somebody agreed without an act of that person; what a list claims of somebody
//! says that it is such a claim, and what rests on a sale never says "given".
#![cfg_attr(not(feature = "evidence"), no_std)]

extern crate alloc;

pub mod choice;
pub mod contact;
pub mod ids;
pub mod language;
pub mod lifecycle;
pub mod limits;
pub mod notice;
pub mod purpose;
pub mod refusal;
pub mod slip;
pub mod time;

#[cfg(feature = "evidence")]
pub mod address;
#[cfg(feature = "evidence")]
pub mod api;
#[cfg(feature = "evidence")]
pub mod bundle;
#[cfg(feature = "evidence")]
pub mod canonical;
#[cfg(feature = "evidence")]
pub mod form;
#[cfg(feature = "evidence")]
pub mod import;
#[cfg(feature = "evidence")]
pub mod jwk;
#[cfg(feature = "evidence")]
pub mod jws;
#[cfg(feature = "kiosk")]
pub mod kiosk;
#[cfg(feature = "evidence")]
pub mod log;
#[cfg(feature = "evidence")]
pub mod offer;
#[cfg(feature = "evidence")]
pub mod receipt;
#[cfg(feature = "evidence")]
pub mod record;
#[cfg(feature = "evidence")]
pub mod registered;
#[cfg(feature = "evidence")]
pub mod sale;
#[cfg(feature = "evidence")]
pub mod terms;
#[cfg(feature = "evidence")]
pub mod ticket;

pub use language::Language;
pub use time::Timestamp;
