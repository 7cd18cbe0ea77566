//! The views: one root component for the form, plain functions for everything below it and for the pages.
//!
//! One style for the whole folder: a struct component at a root, functions from view data to [`yew::Html`]
//! below. So server and browser agree on the tree, and the WASM stays small.
//!
//! Invariant: no view here writes `checked`.

mod app;
#[cfg(feature = "pages")]
mod checked;
mod fields;
mod form;
mod icon;
#[cfg(feature = "pages")]
mod imported;
#[cfg(feature = "pages")]
mod kiosk;
#[cfg(feature = "pages")]
mod letter;
#[cfg(feature = "pages")]
mod log;
#[cfg(feature = "pages")]
mod manage;
#[cfg(feature = "pages")]
mod message;
#[cfg(feature = "pages")]
mod notice;
#[cfg(feature = "pages")]
mod owner;
#[cfg(feature = "pages")]
mod phone;
#[cfg(feature = "pages")]
mod printed;
#[cfg(feature = "pages")]
mod receipt;
#[cfg(feature = "pages")]
mod registered;
#[cfg(feature = "pages")]
mod shell;
#[cfg(feature = "pages")]
mod slip;
#[cfg(feature = "pages")]
mod verify;
mod words;

#[cfg(feature = "browser")]
pub use app::{Done, Message, Problem};
pub use app::{FormApp, FormProps};
#[cfg(feature = "pages")]
pub use form::NOTHING_TICKED;

#[cfg(feature = "pages")]
pub use self::{
    checked::{Acts, checked},
    kiosk::{KioskNodes, kiosk},
    letter::letter,
    log::log,
    manage::{manage, title as manage_title},
    message::message,
    notice::{language_switch, privacy},
    owner::owner,
    printed::{paper, poster},
    receipt::receipt,
    shell::{Frame, Inlined, PageAssets, Parts, document},
    slip::{code, slip, slip_ask},
    verify::verify,
};
