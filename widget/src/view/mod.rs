//! The views: one root component for the form, plain functions for everything below it and for the pages.
//!
//! One style for the whole folder: a struct component at a root, functions from view data to [`yew::Html`]
//! below. So server and browser agree on the tree, and the WASM stays small.
//!
//! Invariant: no view here writes `checked`.

mod app;
mod fields;
mod form;
mod icon;
#[cfg(feature = "ssr")]
mod log;
#[cfg(feature = "ssr")]
mod manage;
#[cfg(feature = "ssr")]
mod message;
#[cfg(feature = "ssr")]
mod notice;
#[cfg(feature = "ssr")]
mod receipt;
#[cfg(feature = "ssr")]
mod shell;
mod words;

#[cfg(feature = "browser")]
pub use app::{Done, Message, Problem};
pub use app::{FormApp, FormProps};

#[cfg(feature = "ssr")]
pub use self::{
    log::log,
    manage::manage,
    message::message,
    notice::{language_switch, privacy},
    receipt::receipt,
    shell::{Frame, PageAssets, document},
};
