//! What people see: the form, the receipt page, the manage page and the messages.
//!
//! In scope: the views as yew components, their texts in every language, filling them from receipts (feature `evidence`),
//! HTML text for the collector (feature `ssr`), and the browser shell that hydrates the form and sends the answer (feature `browser`).
//! Out of scope: what an answer means (`shared`), storing it (collector), the custom element (`www/embed`).
//!
//! Invariant: no view can render a ticked box. Boxes are uncontrolled: what counts is what the person's own
//! page says at the moment of sending.

pub mod model;
pub mod text;
pub mod view;

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "evidence")]
pub mod code;
#[cfg(feature = "evidence")]
pub mod fill;
#[cfg(feature = "ssr")]
pub mod ssr;
