//! What the views show: plain strings, ready for the screen, in one language.
//!
//! In scope: the shapes that the collector fills and the views read. Out of scope: where the words come from.
//!
//! Invariant: no member says whether a box is ticked, so nothing can start ticked.

mod form;
#[cfg(feature = "pages")]
mod kiosk;
#[cfg(feature = "pages")]
mod letter;
#[cfg(feature = "pages")]
mod log;
mod pages;
#[cfg(feature = "pages")]
mod printed;
#[cfg(feature = "pages")]
mod slip;
#[cfg(feature = "pages")]
mod verify;

pub use form::{
    DetailView, FormView, LanguageLink, NoticeView, ProblemView, PurposeView, SectionView, Typed,
};
#[cfg(feature = "pages")]
pub use kiosk::{KioskOffer, KioskScreen, KioskSending, KioskView, PhoneScreen, PinProblem};
#[cfg(feature = "pages")]
pub use letter::{LetterView, OwnerView, mark as letter_mark};
#[cfg(feature = "pages")]
pub use log::{LogView, Watching, WitnessView};
pub use pages::{
    ActView, AtKioskView, BoxView, ChoiceView, ControllerView, Decided, HistoryView, ImportedView,
    ManageNote, ManageView, MessageLink, MessageView, Objecting, ReceiptBody, ReceiptView, RegisteredView,
    RegisteredWay, SoldView, Standing, StandingView, Was, WordingView,
};
#[cfg(feature = "pages")]
pub use printed::PrintedView;
#[cfg(feature = "pages")]
pub use slip::{CodeView, SlipAskView, SlipView};
#[cfg(feature = "pages")]
pub use verify::{CheckedView, Found, FoundView, GivenView, StepView, VerifyView};
