//! A customer's own phone: from the touch to the word that somebody answered.
//!
//! In scope: what is on the screen. Out of scope: asking the collector (`www/kiosk/phone.js`).
//!
//! Invariant: nothing of a customer is on this screen or comes to it.

use shared::Language;
use shared::kiosk::{PhoneAnswer, PhoneState};
use widget::code::qr_view;
use widget::model::PhoneScreen;

use super::{Screen, Session};

impl Session {
    /// A customer would rather answer on their own phone, in a language.
    pub fn begin_phone(&mut self, tag: &str) {
        self.language = Language::parse(tag).unwrap_or(self.language);
        self.screen = Screen::Phone(PhoneScreen::Asking);
    }

    /// The link, or none where there is no way to get one. Left alone where nobody waits for it any more.
    pub fn phone_link(&mut self, link: Option<&PhoneAnswer>) {
        let Screen::Phone(there) = &mut self.screen else { return };
        let tag = self.language.tag();
        let code = link.and_then(|link| qr_view(&format!("{}?lang={tag}", link.url)));
        *there = code.map_or(PhoneScreen::None, PhoneScreen::Waiting);
    }

    /// What became of the link. Says whether that changed the screen.
    pub fn phone_state(&mut self, state: PhoneState) -> bool {
        let Screen::Phone(there @ PhoneScreen::Waiting(_)) = &mut self.screen else { return false };
        *there = match state {
            PhoneState::Waiting => return false,
            PhoneState::Done => PhoneScreen::Done,
            PhoneState::Over => PhoneScreen::Over,
        };
        true
    }

    /// Whether the screen waits for a phone.
    #[must_use]
    pub const fn waits_for_phone(&self) -> bool {
        matches!(self.screen, Screen::Phone(PhoneScreen::Waiting(_)))
    }
}
