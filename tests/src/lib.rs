//! Drives the built collector and a real browser through public surfaces only.
//!
//! In scope: a collector process in a folder of its own, a website of another origin, a Chromium page with
//! real mouse and key events, an HTTP client, and the independent verifiers. Out of scope: what is asserted;
//! that stands in the test files beside `src`.
//!
//! Invariant: nothing here links the collector or the widget; what a test sees is what a person would get.

pub mod assist;
pub mod axe;
pub mod cdp;
pub mod chromium;
pub mod collector;
pub mod definition;
pub mod fit;
pub mod http;
pub mod input;
pub mod judge;
pub mod kiosk;
pub mod network;
pub mod page;
pub mod port;
pub mod post;
pub mod receiver;
pub mod scan;
pub mod settings;
pub mod site;
pub mod submit;
pub mod until;
pub mod verifiers;
pub mod witness;
pub mod world;
