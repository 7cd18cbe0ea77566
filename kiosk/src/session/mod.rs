//! What is on the screen, and what a touch leads to.
//!
//! In scope: every step from a language to a slip, taking back, and the staff's corner. Out of scope: reading a form (`answer`), a
//! customer's own phone (`phone`), drawing (`view`); timers, storage and network, which come in as calls.
//!
//! Invariant: only a customer's own form makes an answer. Staff's screens lead to no form, and what was typed before is gone when a screen
//! is left.

use shared::Language;
use shared::api::ContactText;
use shared::kiosk::{Deed, KioskSetting};
use shared::limits::{KIOSK_HELD_MAX, KIOSK_SILENT_SECONDS_MAX};
use shared::notice::Notice;
use shared::slip::{SLIP_CODE_DIGITS, SlipCode};
use shared::time::Timestamp;
use widget::model::{PhoneScreen, PinProblem, ProblemView, SlipView};
use widget::text::KioskText;

mod answer;
mod phone;
mod view;

/// Digits of a staff PIN.
pub const PIN_DIGITS: usize = 6;

/// A screen says that it is almost full from this part of its room on, in hundredths.
const ALMOST: i64 = 80;

/// The screen.
pub struct Session {
    setting: Option<KioskSetting>,
    language: Language,
    screen: Screen,
    sending: Sending,
    on_duty: Option<String>,
    wipes_in: Option<u32>,
}

/// How sending stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sending {
    /// Entries that wait.
    pub waiting: u32,
    /// When something was last sent, or when it was paired.
    pub last_sent: Option<Timestamp>,
    /// The difference of the wall's time to UTC, in seconds.
    pub offset: i64,
}

enum Screen {
    Pair(Option<String>),
    Attract,
    Form { notice: Box<Notice>, offered_at: Timestamp, problem: Option<ProblemView> },
    Slip { slip: Box<SlipView>, mail: bool },
    Phone(PhoneScreen),
    TakeBack { typed: String, problem: bool },
    TakenBack,
    Pin { typed: String, problem: Option<PinProblem> },
    Staff,
    Closed { reason: String, pair: bool },
}

/// What an answer says before it is sealed, and what is shown when it is stored.
pub struct Answered {
    /// For the entry.
    pub deed: Deed,
    slip: Box<SlipView>,
    mail: bool,
}

/// What a customer sent.
pub struct Sent<'a> {
    /// The boxes that were ticked.
    pub ticked: &'a [String],
    /// What was typed.
    pub contact: ContactText,
    /// Whether it is a "no, nothing".
    pub refuses: bool,
    /// What the clock says.
    pub at: Timestamp,
    /// 16 random bytes for the slip's code.
    pub random: [u8; 16],
}

impl Default for Session {
    fn default() -> Self {
        Self {
            setting: None,
            language: Language::Nl,
            screen: Screen::Pair(None),
            sending: Sending::default(),
            on_duty: None,
            wipes_in: None,
        }
    }
}

impl Session {
    /// In the language of the page, until a customer chooses.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language, ..Self::default() }
    }

    /// What the screen is from now on. On a customer's form it waits until they are done.
    pub fn set(&mut self, setting: KioskSetting) {
        if let Screen::Pair(_) = self.screen {
            self.screen = Screen::Attract;
        }
        if self.is_free()
            && let Some(first) = setting.notices.first()
        {
            self.language = first.language;
        }
        self.setting = Some(setting);
    }

    /// The setting, once there is one.
    #[must_use]
    pub const fn setting(&self) -> Option<&KioskSetting> {
        self.setting.as_ref()
    }

    /// The language that is spoken.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Who hands the screen over.
    pub fn put_on_duty(&mut self, name: Option<String>) {
        let known = |name: &String| self.setting.as_ref().is_some_and(|setting| setting.staff.contains(name));
        self.on_duty = name.filter(known);
    }

    /// Who hands the screen over.
    #[must_use]
    pub fn on_duty(&self) -> Option<String> {
        self.on_duty.clone()
    }

    /// Whether nobody is in the middle of anything.
    #[must_use]
    pub const fn is_free(&self) -> bool {
        matches!(self.screen, Screen::Attract | Screen::Pair(_) | Screen::Closed { .. })
    }

    /// How sending stands.
    pub fn sending(&mut self, sending: Sending) {
        self.sending = sending;
    }

    /// Whether it can take one more entry now.
    #[must_use]
    pub fn has_room(&self, now: Timestamp) -> bool {
        let silent = self.sending.last_sent.map_or(0, |last| now.unix_seconds() - last.unix_seconds());
        self.sending.waiting < KIOSK_HELD_MAX
            && (self.sending.waiting == 0 || silent < KIOSK_SILENT_SECONDS_MAX)
    }

    fn almost_full(&self, now: Timestamp) -> bool {
        let silent = self.sending.last_sent.map_or(0, |last| now.unix_seconds() - last.unix_seconds());
        let held = i64::from(self.sending.waiting) * 100 >= i64::from(KIOSK_HELD_MAX) * ALMOST;
        held || (self.sending.waiting > 0 && silent * 100 >= KIOSK_SILENT_SECONDS_MAX * ALMOST)
    }

    /// Back to the first screen; everything that was typed goes.
    pub fn start(&mut self) {
        self.screen = if self.setting.is_some() { Screen::Attract } else { Screen::Pair(None) };
        self.wipes_in = None;
    }

    /// It is not paired: why.
    pub fn unpaired(&mut self, problem: Option<String>) {
        self.setting = None;
        self.screen = Screen::Pair(problem);
    }

    /// It takes nothing from now on.
    pub fn close(&mut self, reason: String) {
        self.setting = None;
        self.screen = Screen::Closed { reason, pair: true };
        self.wipes_in = None;
    }

    /// Pairing did not work.
    pub fn not_paired(&mut self, problem: Option<&str>) {
        let offline = KioskText::PairOffline.in_language(self.language);
        self.screen = Screen::Pair(Some(problem.unwrap_or(offline).into()));
    }

    /// A customer begins, in a language.
    pub fn begin(&mut self, tag: &str, now: Timestamp) {
        if !self.has_room(now) {
            let reason = KioskText::Full.in_language(self.language).into();
            self.screen = Screen::Closed { reason, pair: false };
            return;
        }
        let notices = self.setting.as_ref().map(|setting| setting.notices.as_slice()).unwrap_or_default();
        if let Some(notice) = notices.iter().find(|notice| notice.language.tag() == tag) {
            self.language = notice.language;
            let notice = Box::new(notice.clone());
            self.screen = Screen::Form { notice, offered_at: now, problem: None };
        }
    }

    /// A customer wants to take back, in a language.
    pub fn begin_taking_back(&mut self, tag: &str) {
        self.language = Language::parse(tag).unwrap_or(self.language);
        self.screen = Screen::TakeBack { typed: String::new(), problem: false };
    }

    /// Staff want their screen.
    pub fn ask_pin(&mut self) {
        self.screen = Screen::Pin { typed: String::new(), problem: None };
    }

    /// A digit was typed, or with `None` the last one taken away.
    pub fn key(&mut self, digit: Option<char>) {
        let (typed, longest) = match &mut self.screen {
            Screen::TakeBack { typed, problem } => {
                *problem = false;
                (typed, SLIP_CODE_DIGITS)
            }
            Screen::Pin { typed, problem } => {
                *problem = None;
                (typed, PIN_DIGITS)
            }
            _ => return,
        };
        match digit {
            Some(digit) if typed.len() < longest && digit.is_ascii_digit() => typed.push(digit),
            Some(_) => {}
            None => drop(typed.pop()),
        }
    }

    /// The PIN that was typed.
    #[must_use]
    pub fn pin(&self) -> Option<&str> {
        match &self.screen {
            Screen::Pin { typed, .. } => Some(typed),
            _ => None,
        }
    }

    /// The PIN was right.
    pub fn open_staff(&mut self) {
        if let Screen::Pin { .. } = self.screen {
            self.screen = Screen::Staff;
        }
    }

    /// The PIN was not taken.
    pub fn refuse_pin(&mut self, locked: bool) {
        let problem = Some(if locked { PinProblem::Locked } else { PinProblem::Wrong });
        self.screen = Screen::Pin { typed: String::new(), problem };
    }

    /// Somebody is asked whether they are there; everything goes in so many seconds.
    pub fn warn(&mut self, seconds: Option<u32>) {
        self.wipes_in = seconds;
    }

    /// Reads what a customer sent. None: the form says what is missing.
    pub fn answer(&mut self, sent: &Sent<'_>) -> Option<Answered> {
        let Screen::Form { notice, offered_at, .. } = &self.screen else { return None };
        let (notice, offered_at) = (notice.clone(), *offered_at);
        match self.read(&notice, offered_at, sent) {
            Ok(answered) => Some(answered),
            Err(refusal) => {
                self.complain(notice, offered_at, refusal);
                None
            }
        }
    }

    /// The answer is stored: here is the slip.
    pub fn recorded(&mut self, answered: Answered) {
        self.screen = Screen::Slip { slip: answered.slip, mail: answered.mail };
    }

    /// The answer could not be stored.
    pub fn not_kept(&mut self) {
        let text = KioskText::NotKept.in_language(self.language).to_owned();
        match &mut self.screen {
            Screen::Form { problem, .. } => {
                *problem = Some(ProblemView { code: "not_kept".into(), text, field: None });
            }
            _ => self.screen = Screen::Closed { reason: text, pair: false },
        }
    }

    /// The code that a customer typed to take everything back. None: it is mistyped, and the screen says so.
    pub fn code(&mut self) -> Option<Deed> {
        let Screen::TakeBack { typed, problem } = &mut self.screen else { return None };
        match SlipCode::parse(typed) {
            Ok(slip) => Some(Deed::Withdraw { slip, language: self.language }),
            Err(_) => {
                *problem = true;
                None
            }
        }
    }

    /// What was taken back is stored.
    pub fn taken_back(&mut self) {
        self.screen = Screen::TakenBack;
    }
}
