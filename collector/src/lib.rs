//! The collector: shows forms, signs and stores receipts, and gives people the way back.
//!
//! In scope: HTTP, services, sequencer, store, keys and the command line. Out of scope: the rules of consent
//! (`shared`) and how pages look (`widget`).
//!
//! Invariant: data flows one way, http → service → `shared` decides → sequencer → log → store, and what follows from a
//! commit goes from there to the outbox. No layer reaches back, and no answer leaves before its commit is on disk.

pub mod access;
pub mod api_keys;
pub mod assets;
pub mod bounded;
pub mod calls;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connectors;
pub mod control;
pub mod cosigning;
pub mod definition;
pub mod endpoints;
pub mod example;
pub mod fsck;
pub mod http;
pub mod journal;
pub mod keys;
pub mod kiosks;
pub mod links;
pub mod log;
pub mod mail;
pub mod mailings;
pub mod objection;
pub mod outbox;
pub mod records;
pub mod seal;
pub mod sequencer;
pub mod service;
pub mod slips;
pub mod standing;
pub mod store;
pub mod tally;
pub mod undelivered;
pub mod witness;
pub mod wordings;
