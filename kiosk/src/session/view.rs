//! The screen, for drawing.
//!
//! In scope: from the state to what `widget` draws. Out of scope: state.
//!
//! Invariant: every word about a purpose comes from a notice.

use shared::kiosk::KioskSetting;
use shared::notice::Notice;
use shared::time::Timestamp;
use widget::fill::{clock, form_view, sections};
use widget::model::{KioskOffer, KioskScreen, KioskSending, KioskView};

use super::{Screen, Session};

impl Session {
    /// The screen, for drawing.
    #[must_use]
    pub fn view(&self, now: Timestamp) -> KioskView {
        let offset = self.sending.offset;
        let last = self.sending.last_sent.map(|last| clock(last.plus_seconds(offset), self.language));
        KioskView {
            language: self.language,
            screen: self.screen_view(),
            sending: KioskSending {
                waiting: self.sending.waiting,
                last_sent: last,
                almost_full: self.almost_full(now),
            },
            wipes_in: self.wipes_in,
        }
    }

    fn screen_view(&self) -> KioskScreen {
        match &self.screen {
            Screen::Pair(problem) => KioskScreen::Pair { problem: problem.clone() },
            Screen::Attract => self.attract_view(),
            Screen::Form { notice, problem, .. } => {
                let mut view = form_view(notice);
                view.shared_screen = true;
                KioskScreen::Form {
                    view: Box::new(view),
                    sections: sections(notice),
                    problem: problem.clone(),
                }
            }
            Screen::Slip { slip, mail } => KioskScreen::Slip { slip: slip.clone(), mail: *mail },
            Screen::Phone(there) => KioskScreen::Phone(there.clone()),
            Screen::TakeBack { typed, problem } => {
                KioskScreen::TakeBack { typed: typed.clone(), problem: *problem }
            }
            Screen::TakenBack => KioskScreen::TakenBack,
            Screen::Pin { typed, problem } => KioskScreen::Pin { typed: typed.len(), problem: *problem },
            Screen::Staff => self.staff_view(),
            Screen::Closed { reason, pair } => KioskScreen::Closed { reason: reason.clone(), pair: *pair },
        }
    }

    fn attract_view(&self) -> KioskScreen {
        let notices = self.setting.as_ref().map(|setting| setting.notices.as_slice()).unwrap_or_default();
        let organisation = notices.first().map(|notice| notice.controller.name.clone());
        let offer = |notice: &Notice| KioskOffer { language: notice.language, title: notice.title.clone() };
        KioskScreen::Attract {
            organisation: organisation.unwrap_or_default(),
            offers: notices.iter().map(offer).collect(),
        }
    }

    fn staff_view(&self) -> KioskScreen {
        let of = |text: fn(&KioskSetting) -> String| self.setting.as_ref().map(text).unwrap_or_default();
        KioskScreen::Staff {
            name: of(|setting| setting.name.clone()),
            place: of(|setting| setting.place.clone()),
            staff: self.setting.as_ref().map(|setting| setting.staff.clone()).unwrap_or_default(),
            on_duty: self.on_duty.clone(),
        }
    }
}
