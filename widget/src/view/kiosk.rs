//! The screen at a counter: what a customer and what staff see.
//!
//! In scope: every screen around the form. Out of scope: the form (`form`) and the slip (`slip`), which are those of the web; what a touch
//! does (`kiosk`, which reads the `data-do` of what was touched).
//!
//! Invariant: staff's screens have no box that could be ticked; yes and no are one kind of button (`form`).

use shared::Language;
use yew::{Html, NodeRef, html};

use super::form::{Open, open_form};
use super::notice::privacy;
use super::phone::phone;
use super::slip::slip;
use super::words::words;
use crate::model::{KioskOffer, KioskScreen, KioskSending, KioskView, PinProblem};
use crate::text::KioskText;

/// The elements that the script needs.
#[derive(Default)]
pub struct KioskNodes {
    /// The form.
    pub form: NodeRef,
    /// What gets focus after a change.
    pub focus: NodeRef,
}

/// The screen.
pub fn kiosk(view: &KioskView, nodes: &KioskNodes) -> Html {
    let language = view.language;
    let inert = view.wipes_in.is_some();
    html! {
        <div class="kiosk vinkje" lang={language.tag()} dir={language.direction()} data-screen={name(&view.screen)}>
            <div class="stage" {inert}>{ screen(view, nodes) }</div>
            if let Some(seconds) = view.wipes_in {
                { still_there(language, seconds, nodes) }
            }
        </div>
    }
}

/// The name of a screen, for styles and tests.
const fn name(screen: &KioskScreen) -> &'static str {
    match screen {
        KioskScreen::Pair { .. } => "pair",
        KioskScreen::Attract { .. } => "attract",
        KioskScreen::Form { .. } => "form",
        KioskScreen::Slip { .. } => "slip",
        KioskScreen::Phone(_) => "phone",
        KioskScreen::TakeBack { .. } => "take-back",
        KioskScreen::TakenBack => "taken-back",
        KioskScreen::Pin { .. } => "pin",
        KioskScreen::Staff { .. } => "staff",
        KioskScreen::Closed { .. } => "closed",
    }
}

fn screen(view: &KioskView, nodes: &KioskNodes) -> Html {
    let language = view.language;
    match &view.screen {
        KioskScreen::Pair { problem } => pair(language, problem.as_deref(), nodes),
        KioskScreen::Attract { organisation, offers } => attract(view, organisation, offers, nodes),
        KioskScreen::Form { view, sections, problem } => {
            let (form, focus) = (&nodes.form, &nodes.focus);
            let open = Open { problem: problem.as_ref(), busy: false, kept: None, form, focus };
            html! {
                <>
                    <div class="bar">{ button(language, "quit", KioskText::Quit, true) }</div>
                    <main class="sheet" tabindex="-1">
                        { open_form(view, &open) }
                        <p class="private">{ words(KioskText::Private.in_language(language)) }</p>
                        { privacy(language, sections) }
                    </main>
                </>
            }
        }
        KioskScreen::Slip { slip: view, mail } => html! {
            <main class="sheet handed">
                <div class="no-print">
                    { heading(language, KioskText::Done, nodes) }
                    { line(language, KioskText::DoneLead) }
                    if *mail {
                        { line(language, KioskText::DoneMail) }
                    }
                    <div class="buttons">
                        { button(language, "print", KioskText::PrintSlip, true) }
                        { button(language, "finish", KioskText::Finish, false) }
                    </div>
                </div>
                { slip(view) }
            </main>
        },
        KioskScreen::Phone(there) => phone(language, there, nodes),
        KioskScreen::TakeBack { typed, problem } => take_back(language, typed, *problem, nodes),
        KioskScreen::TakenBack => html! {
            <main class="sheet">
                { heading(language, KioskText::TakenBack, nodes) }
                { line(language, KioskText::TakenBackLead) }
                <div class="buttons">{ button(language, "finish", KioskText::Finish, false) }</div>
            </main>
        },
        KioskScreen::Pin { typed, problem } => pin(language, *typed, *problem, nodes),
        KioskScreen::Staff { name, place, staff, on_duty } => {
            staff_screen(view, (name, place), staff, on_duty.as_deref(), nodes)
        }
        KioskScreen::Closed { reason, pair } => html! {
            <main class="sheet">
                { heading(language, KioskText::ClosedTitle, nodes) }
                <p class="problem" role="alert">{ words(reason) }</p>
                <div class="buttons">
                    if *pair {
                        { button(language, "pair", KioskText::PairTitle, true) }
                    } else {
                        { button(language, "send", KioskText::SendNow, true) }
                        { button(language, "staff", KioskText::Staff, true) }
                    }
                </div>
            </main>
        },
    }
}

pub(super) fn heading(language: Language, text: KioskText, nodes: &KioskNodes) -> Html {
    html! { <h1 tabindex="-1" ref={&nodes.focus}>{ words(text.in_language(language)) }</h1> }
}

pub(super) fn line(language: Language, text: KioskText) -> Html {
    html! { <p class="lead">{ words(text.in_language(language)) }</p> }
}

/// A button; a `quiet` one has no fill.
pub(super) fn button(language: Language, deed: &'static str, text: KioskText, quiet: bool) -> Html {
    let class = quiet.then_some("quiet");
    html! { <button type="button" {class} data-do={deed}><span>{ words(text.in_language(language)) }</span></button> }
}

fn pair(language: Language, problem: Option<&str>, nodes: &KioskNodes) -> Html {
    let text = |text: KioskText| words(text.in_language(language));
    html! {
        <main class="sheet">
            { heading(language, KioskText::PairTitle, nodes) }
            { line(language, KioskText::PairLead) }
            if let Some(problem) = problem {
                <p class="problem" role="alert" id="vk-problem">{ words(problem) }</p>
            }
            <form data-form="pair">
                <div class="field">
                    <label for="vk-pair">{ text(KioskText::PairCode) }</label>
                    <input id="vk-pair" name="code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"
                        maxlength="24" required=true aria-describedby={problem.map(|_| "vk-problem")}
                        aria-invalid={problem.map(|_| "true")} />
                </div>
                <div class="buttons"><button type="submit"><span>{ text(KioskText::Pair) }</span></button></div>
            </form>
        </main>
    }
}

fn attract(view: &KioskView, organisation: &str, offers: &[KioskOffer], nodes: &KioskNodes) -> Html {
    let language = view.language;
    html! {
        <>
            <main class="attract">
                <h1 tabindex="-1" ref={&nodes.focus}>{ words(organisation) }</h1>
                <ul class="offers">
                    { for offers.iter().map(|offer| {
                        let text = |text: KioskText| words(text.in_language(offer.language));
                        html! {
                            <li lang={offer.language.tag()} dir={offer.language.direction()}>
                                <button type="button" data-do="begin" data-value={offer.language.tag()}>
                                    <span><b>{ text(KioskText::Begin) }</b><small>{ offer.language.own_name() }</small></span>
                                </button>
                                <p class="about">{ words(&offer.title) }</p>
                                <p>{ text(KioskText::BeginLead) }</p>
                                <button type="button" class="quiet" data-do="phone" data-value={offer.language.tag()}>
                                    <span>{ text(KioskText::OwnPhone) }</span>
                                </button>
                                <button type="button" class="quiet" data-do="take-back" data-value={offer.language.tag()}>
                                    <span>{ text(KioskText::TakeBack) }</span>
                                </button>
                            </li>
                        }
                    }) }
                </ul>
            </main>
            <footer class="foot">
                { sending(language, &view.sending) }
                { button(language, "staff", KioskText::Staff, true) }
            </footer>
        </>
    }
}

/// How sending stands, in a line.
fn sending(language: Language, sending: &KioskSending) -> Html {
    let text = |text: KioskText| text.in_language(language);
    let last = sending.last_sent.as_deref().unwrap_or_else(|| text(KioskText::Never));
    let said = format!(
        "{} {} · {} {last}",
        sending.waiting,
        text(KioskText::WaitingShort),
        text(KioskText::LastSentShort)
    );
    html! { <p class="sending" data-sending="">{ said }</p> }
}

const KEYS: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

/// Digits to touch, where there is no keyboard; a keyboard types them too.
fn keypad(language: Language) -> Html {
    html! {
        <div class="keypad">
            { for KEYS.iter().map(|digit| html! {
                <button type="button" class="quiet" data-do="digit" data-value={*digit}>{ *digit }</button>
            }) }
            { button(language, "erase", KioskText::Erase, true) }
        </div>
    }
}

fn take_back(language: Language, typed: &str, problem: bool, nodes: &KioskNodes) -> Html {
    let text = |text: KioskText| words(text.in_language(language));
    html! {
        <>
            <div class="bar">{ button(language, "quit", KioskText::Quit, true) }</div>
            <main class="sheet">
                { heading(language, KioskText::TakeBackTitle, nodes) }
                { line(language, KioskText::TakeBackLead) }
                if problem {
                    <p class="problem" role="alert">{ text(KioskText::Mistyped) }</p>
                }
                <p class="typed">
                    <span id="vk-typed">{ text(KioskText::TakeBackCode) }</span>
                    <output aria-labelledby="vk-typed">{ grouped(typed) }</output>
                </p>
                { keypad(language) }
                <div class="buttons">{ button(language, "stop-all", KioskText::StopAll, false) }</div>
            </main>
        </>
    }
}

/// In groups of four, with a place for each digit that is still to come.
fn grouped(typed: &str) -> String {
    let all: String = typed.chars().chain(std::iter::repeat('·')).take(16).collect();
    let groups: Vec<String> =
        all.chars().collect::<Vec<_>>().chunks(4).map(|four| four.iter().collect()).collect();
    groups.join(" ")
}

fn pin(language: Language, typed: usize, problem: Option<PinProblem>, nodes: &KioskNodes) -> Html {
    let text = |text: KioskText| words(text.in_language(language));
    let problem = problem.map(|problem| match problem {
        PinProblem::Wrong => KioskText::WrongPin,
        PinProblem::Locked => KioskText::PinLocked,
    });
    html! {
        <>
            <div class="bar">{ button(language, "quit", KioskText::ToCustomers, true) }</div>
            <main class="sheet">
                { heading(language, KioskText::PinTitle, nodes) }
                if let Some(problem) = problem {
                    <p class="problem" role="alert">{ text(problem) }</p>
                }
                <p class="typed">
                    <span id="vk-typed">{ text(KioskText::Pin) }</span>
                    <output aria-labelledby="vk-typed">{ dots(typed) }</output>
                </p>
                { keypad(language) }
                <div class="buttons">{ button(language, "enter", KioskText::Enter, false) }</div>
            </main>
        </>
    }
}

/// A dot for each digit, and a place for each that is still to come.
fn dots(typed: usize) -> String {
    "•".repeat(typed) + &"·".repeat(6usize.saturating_sub(typed))
}

fn staff_screen(
    view: &KioskView,
    (name, place): (&str, &str),
    staff: &[String],
    on_duty: Option<&str>,
    nodes: &KioskNodes,
) -> Html {
    let language = view.language;
    let text = |text: KioskText| words(text.in_language(language));
    let last = view.sending.last_sent.as_deref().unwrap_or_else(|| KioskText::Never.in_language(language));
    let person = |name: Option<&str>| {
        let pressed = if name == on_duty { "true" } else { "false" };
        let label = name.unwrap_or_else(|| KioskText::Nobody.in_language(language));
        html! {
            <button type="button" class="quiet" data-do="on-duty" data-value={name.unwrap_or_default().to_owned()} aria-pressed={pressed}>
                { words(label) }
            </button>
        }
    };
    html! {
        <main class="sheet">
            { heading(language, KioskText::StaffTitle, nodes) }
            { line(language, KioskText::StaffLead) }
            if view.sending.almost_full {
                <p class="problem" role="alert">{ text(KioskText::AlmostFull) }</p>
            }
            <dl class="facts-list">
                <div><dt>{ text(KioskText::Name) }</dt><dd>{ words(name) }</dd></div>
                <div><dt>{ text(KioskText::Place) }</dt><dd>{ words(place) }</dd></div>
                <div><dt>{ text(KioskText::Waiting) }</dt><dd data-waiting="">{ view.sending.waiting.to_string() }</dd></div>
                <div><dt>{ text(KioskText::LastSent) }</dt><dd>{ words(last) }</dd></div>
            </dl>
            if !staff.is_empty() {
                <h2>{ text(KioskText::OnDuty) }</h2>
                <div class="people">
                    { for staff.iter().map(|name| person(Some(name))) }
                    { person(None) }
                </div>
            }
            <div class="buttons">
                { button(language, "send", KioskText::SendNow, true) }
                { button(language, "full-screen", KioskText::FullScreen, true) }
                { button(language, "quit", KioskText::ToCustomers, false) }
            </div>
        </main>
    }
}

/// Asks whether somebody is there (WCAG 2.2.1): one touch goes on.
fn still_there(language: Language, seconds: u32, nodes: &KioskNodes) -> Html {
    let text = |text: KioskText| text.in_language(language);
    let left = format!("{} {seconds} {}.", text(KioskText::WipesIn), text(KioskText::Seconds));
    html! {
        <div class="still-there" role="alertdialog" aria-modal="true" aria-labelledby="vk-still" aria-describedby="vk-left">
            <div class="sheet">
                <h1 id="vk-still">{ words(text(KioskText::StillThere)) }</h1>
                <p class="lead" id="vk-left">{ left }</p>
                <div class="buttons">
                    <button type="button" data-do="go-on" ref={&nodes.focus}><span>{ words(text(KioskText::GoOn)) }</span></button>
                </div>
            </div>
        </div>
    }
}
