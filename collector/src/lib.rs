//! The collector: shows forms, signs and stores receipts, and gives people the way back.
//!
//! In scope: HTTP, services, sequencer, store, keys and the command line. Out of scope: the rules of consent
//! (`shared`) and how pages look (`widget`).
//!
//! Invariant: data flows one way, http → service → `shared` decides → sequencer → store. No layer reaches back,
//! and no answer leaves before its commit is on disk.

pub mod definition;
pub mod keys;
pub mod links;
pub mod seal;
pub mod sequencer;
pub mod store;
