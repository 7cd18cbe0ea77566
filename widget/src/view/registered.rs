//! What staff wrote down for a person, on a receipt and on the own page.
//!
//! Invariant: what staff wrote down is said to be that, with who wrote it; it never looks like a person's own tick.

use shared::Language;
use yew::{Html, html};

use super::words::words;
use crate::model::{RegisteredView, RegisteredWay};
use crate::text::RegisteredText;

/// How it came, in one sentence.
pub fn sentence(language: Language, view: &RegisteredView) -> String {
    let text = match view.way {
        RegisteredWay::Paper => RegisteredText::OnPaper,
        RegisteredWay::Voice => RegisteredText::ByVoice,
        RegisteredWay::Staff => RegisteredText::ByStaff,
    };
    text.in_language(language).replace("{}", &view.by)
}

/// The facts beside the others of a receipt.
pub fn facts(language: Language, view: &RegisteredView) -> Html {
    let said = match view.way {
        RegisteredWay::Voice => RegisteredText::SaidOn,
        RegisteredWay::Paper | RegisteredWay::Staff => RegisteredText::SignedOn,
    };
    let rows = [
        (RegisteredText::EnteredBy, Some(view.by.clone()), ""),
        (said, view.claimed.clone(), ""),
        (RegisteredText::Scan, view.scan.clone(), "code"),
    ];
    let row = |(label, value, class): (RegisteredText, Option<String>, &'static str)| {
        value.map(|value| html! { <div><dt>{ words(label.in_language(language)) }</dt><dd {class}>{ value }</dd></div> })
    };
    html! { <>{ for rows.into_iter().filter_map(row) }</> }
}
