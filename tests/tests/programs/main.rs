//! What an organisation's own programs ask with a key: may we, who, what a mailing rested on, and how many.
//!
//! In scope: the built collector over HTTP and on the command line. Out of scope: every state of a consent (the collector's own tests).
//!
//! Invariant: what is asked for with the wrong key, or none, is never answered.

mod asking;
mod contract;
mod kiosks;
mod lists;
mod may_address;
mod sales;
mod statistics;
