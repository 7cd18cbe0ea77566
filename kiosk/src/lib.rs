//! The screen at a counter: what the page `/kiosk/{organisation}` runs.
//!
//! In scope: what is on the screen and what a touch leads to (`session`), entries ready to be signed (`entries`), and the browser's side
//! (`browser`, feature `browser`). Out of scope: drawing (`widget`), sealing (`shared::kiosk`), storage, keys and network (`www/kiosk`).
//!
//! Invariant: what a customer typed is in memory only until it is sealed; the page is thrown away after each customer.

#[cfg(feature = "browser")]
pub mod browser;
pub mod entries;
#[cfg(feature = "browser")]
pub mod sender;
pub mod session;
