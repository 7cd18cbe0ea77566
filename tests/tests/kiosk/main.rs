//! The screen at a counter: customers, staff, and days without network.
//!
//! Invariant: the collector is the built one, the screen is a real browser, and a cut network is a collector that is gone.

mod hands;
mod look;
mod offline;
mod phone;
mod round;
