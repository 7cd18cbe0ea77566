//! The few marks beside words: a tick, a cross, a stop, an arrow.
//!
//! Invariant: an icon never stands alone; it is hidden from assistive technology and has a word beside it.

use yew::{Html, html};

/// What a mark means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Yes.
    Tick,
    /// No.
    Cross,
    /// Taken back.
    #[cfg(feature = "pages")]
    Stop,
    /// Something to read before going on.
    Notice,
}

/// Draws a mark.
pub fn icon(icon: Icon) -> Html {
    let path = match icon {
        Icon::Tick => "M4 10.5l4 4 8-9",
        Icon::Cross => "M5 5l10 10M15 5L5 15",
        #[cfg(feature = "pages")]
        Icon::Stop => "M6 6h8v8h-8z",
        Icon::Notice => "M10 4v8M10 15.5v.5",
    };
    html! {
        <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false"><path d={path} /></svg>
    }
}
