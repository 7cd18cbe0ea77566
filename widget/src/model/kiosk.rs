//! What the screen at a counter shows.
//!
//! Invariant: nothing here outlives the customer whose it is: the script drops the whole page after each.

use shared::Language;

use super::{CodeView, FormView, ProblemView, SectionView, SlipView};

/// Which screen, with what is on it.
#[derive(Debug, Clone, PartialEq)]
pub enum KioskScreen {
    /// It becomes a kiosk.
    Pair {
        /// Why the last code was not taken.
        problem: Option<String>,
    },
    /// It waits for a customer.
    Attract {
        /// Whose it is.
        organisation: String,
        /// What it is about, in each language that it offers.
        offers: Vec<KioskOffer>,
    },
    /// The form.
    Form {
        /// The form.
        view: Box<FormView>,
        /// The privacy text.
        sections: Vec<SectionView>,
        /// Why the last answer was not taken.
        problem: Option<ProblemView>,
    },
    /// What a customer takes along.
    Slip {
        /// The slip.
        slip: Box<SlipView>,
        /// Whether a mail follows.
        mail: bool,
    },
    /// A customer answers on their own phone.
    Phone(PhoneScreen),
    /// A customer types the code on a slip.
    TakeBack {
        /// What was typed.
        typed: String,
        /// Why it was not taken.
        problem: bool,
    },
    /// It was taken.
    TakenBack,
    /// Staff type their PIN.
    Pin {
        /// How many digits were typed.
        typed: usize,
        /// Why it was not taken.
        problem: Option<PinProblem>,
    },
    /// The staff's screen.
    Staff {
        /// What it is called.
        name: String,
        /// Where it stands.
        place: String,
        /// Who may hand it over.
        staff: Vec<String>,
        /// Who does.
        on_duty: Option<String>,
    },
    /// It takes nothing.
    Closed {
        /// Why.
        reason: String,
        /// Whether it can be paired anew.
        pair: bool,
    },
}

/// How it stands with a customer's own phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneScreen {
    /// The collector is asked for a link.
    Asking,
    /// There is one.
    Waiting(
        /// The link.
        CodeView,
    ),
    /// Somebody answered.
    Done,
    /// Nobody did in time.
    Over,
    /// There is no way to the collector, or it gives no link.
    None,
}

/// What a customer can begin, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KioskOffer {
    /// The language.
    pub language: Language,
    /// What is asked.
    pub title: String,
}

/// Why a PIN was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinProblem {
    /// It is another one.
    Wrong,
    /// There were too many wrong ones.
    Locked,
}

/// How sending stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KioskSending {
    /// Entries that wait.
    pub waiting: u32,
    /// When something was last sent, as people write it.
    pub last_sent: Option<String>,
    /// Whether not much room or time is left.
    pub almost_full: bool,
}

/// The whole screen.
#[derive(Debug, Clone, PartialEq)]
pub struct KioskView {
    /// The language that is spoken.
    pub language: Language,
    /// What is on it.
    pub screen: KioskScreen,
    /// How sending stands.
    pub sending: KioskSending,
    /// Seconds until everything is wiped, while somebody is asked whether they are there.
    pub wipes_in: Option<u32>,
}
