//! The screen at a counter while a customer answers on their own phone.
//!
//! Invariant: it shows nothing of the answer; that somebody answered is all that it knows.

use shared::Language;
use yew::{Html, html};

use super::kiosk::{KioskNodes, button, heading, line};
use super::slip::code;
use super::words::words;
use crate::model::PhoneScreen;
use crate::text::KioskText;

/// The screen.
pub fn phone(language: Language, there: &PhoneScreen, nodes: &KioskNodes) -> Html {
    let (title, lead) = match there {
        PhoneScreen::Asking | PhoneScreen::Waiting(_) => (KioskText::PhoneTitle, KioskText::PhoneLead),
        PhoneScreen::Done => (KioskText::PhoneDone, KioskText::PhoneDoneLead),
        PhoneScreen::Over => (KioskText::PhoneOver, KioskText::PhoneOverLead),
        PhoneScreen::None => (KioskText::PhoneNone, KioskText::PhoneNoneLead),
    };
    let status =
        |text: KioskText| html! { <p class="waits" role="status">{ words(text.in_language(language)) }</p> };
    let done = matches!(there, PhoneScreen::Done);
    html! {
        <main class="sheet phone">
            { heading(language, title, nodes) }
            { line(language, lead) }
            if let PhoneScreen::Asking = there {
                { status(KioskText::PhoneAsking) }
            }
            if let PhoneScreen::Waiting(link) = there {
                { code(link, KioskText::PhoneCode.in_language(language)) }
                { status(KioskText::PhoneWaits) }
            }
            <div class="buttons">
                if done {
                    { button(language, "finish", KioskText::Finish, false) }
                } else {
                    <button type="button" class="quiet" data-do="begin" data-value={language.tag()}>
                        <span>{ words(KioskText::FillInHere.in_language(language)) }</span>
                    </button>
                    { button(language, "quit", KioskText::PhoneBack, true) }
                }
            </div>
        </main>
    }
}
