//! Judges evidence in a browser: what the page `/verify` runs, and the page that somebody saved.
//!
//! In scope: telling what a file is (`given`), putting it together and judging it (`session`), finding codes in pictures
//! (`scan`), what is shown of it (`fill`), and the browser's side (`browser`, feature `browser`). Out of scope: every judgement
//! (`shared::bundle`), drawing (`widget`), files, camera and events (`www/verify`).
//!
//! Invariant: nothing here can send anything; what comes in is bounded by `shared::limits` before it is copied.

#[cfg(feature = "browser")]
pub mod browser;
pub mod fill;
pub mod given;
pub mod scan;
pub mod session;
