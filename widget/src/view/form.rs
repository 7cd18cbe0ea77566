//! The form: boxes, contact fields, who asks, how to stop, and two answers of equal weight.
//!
//! In scope: the open form and the result after sending. Out of scope: state (`app`); events, which the
//! loader hands in (decision 0305).
//!
//! Invariant: both buttons are of one kind and size, and nothing is ticked (EDPB 05/2020 ¶79, 03/2022).

#[cfg(feature = "browser")]
use shared::purpose::ContactField;
use yew::{Html, NodeRef, html};

use super::fields::{fields, input_id};
use super::icon::{Icon, icon};
use super::words::{attribute, prefixed, words};
use crate::model::{FormView, ProblemView, PurposeView};
use crate::text::Text;

/// The code of the question that is put when save was pressed and nothing is ticked.
pub const NOTHING_TICKED: &str = "nothing_ticked";

/// What the open form needs besides its words.
pub struct Open<'a> {
    /// Why the last answer was not taken.
    pub problem: Option<&'a ProblemView>,
    /// Whether an answer is under way.
    pub busy: bool,
    /// In a host's form: where what was stored can be seen.
    pub kept: Option<Links<'a>>,
    /// The form element.
    pub form: &'a NodeRef,
    /// The element to focus after a change.
    pub focus: &'a NodeRef,
}

/// The ways to what is stored.
pub struct Links<'a> {
    /// The receipt page.
    pub receipt_url: &'a str,
    /// The manage page.
    pub manage_url: &'a str,
    /// Whether the manage link has been copied.
    pub copied: bool,
}

/// The form while it waits for an answer.
pub fn open_form(view: &FormView, open: &Open<'_>) -> Html {
    let text = |text: Text| words(text.in_language(view.language));
    html! {
        <form class="form" method="post" action={attribute(&view.action)} novalidate=true aria-labelledby="vk-title" part="form"
            ref={open.form} aria-busy={open.busy.then_some("true")}>
            <input type="hidden" name="offer" value={attribute(&view.offer)} />
            <h2 id="vk-title" part="title">{ words(&view.title) }</h2>
            <p class="intro" part="intro">{ words(&view.intro) }</p>
            if let Some(problem) = open.problem {
                { summary(view, problem, open.focus) }
            }
            <fieldset class="purposes" part="purposes">
                <legend>{ text(Text::TickWhatYouLike) }</legend>
                { for view.purposes.iter().map(purpose) }
            </fieldset>
            { fields(view, open.problem) }
            { unseen(view) }
            <div class="facts" part="facts">
                <p>{ words(&view.withdrawal) }</p>
                <p>{ words(&view.controller) }</p>
            </div>
            <div class="buttons" part="buttons">
                { button(view, "save", Icon::Tick, Text::Save) }
                { button(view, "none", Icon::Cross, Text::None) }
            </div>
            <p class="status" role="status">{ status(view, open) }</p>
            if let Some(kept) = &open.kept {
                { links(view, kept) }
            }
        </form>
    }
}

/// A field that people neither see nor hear nor reach: what fills it in is a program that reads the page.
fn unseen(view: &FormView) -> Html {
    html! {
        <p hidden=true>
            <label>{ words(Text::LeaveEmpty.in_language(view.language)) }<input name="website" autocomplete="off" /></label>
        </p>
    }
}

fn status(view: &FormView, open: &Open<'_>) -> Html {
    match (open.busy, &open.kept) {
        (true, _) => words(Text::Saving.in_language(view.language)),
        (false, Some(_)) => words(Text::SavedWithSignUp.in_language(view.language)),
        (false, None) => words(""),
    }
}

fn links(view: &FormView, links: &Links<'_>) -> Html {
    let text = |text: Text| words(text.in_language(view.language));
    html! {
        <p class="links">
            <a href={attribute(links.receipt_url)} part="link">{ text(Text::SeeReceipt) }</a>
            <a href={attribute(links.manage_url)} part="link">{ text(Text::Manage) }</a>
            <button type="button" class="quiet" data-vinkje-copy={attribute(links.manage_url)} part="copy">{ text(Text::CopyLink) }</button>
            <span class="status" role="status">{ if links.copied { text(Text::Copied) } else { words("") } }</span>
        </p>
    }
}

/// Every answer button is made here, so none can weigh more than another.
#[inline(never)]
fn button(view: &FormView, answer: &'static str, mark: Icon, text: Text) -> Html {
    html! {
        <button type="submit" name="answer" value={answer} part="button">
            { icon(mark) }<span>{ text.in_language(view.language) }</span>
        </button>
    }
}

/// One box with its words. The box has no `checked`, here or anywhere.
fn purpose(purpose: &PurposeView) -> Html {
    let (id, text_id) = (prefixed("vk-p-", &purpose.id), prefixed("vk-t-", &purpose.id));
    let needs = purpose.needs.iter().fold(String::new(), |names, field| names + field.name() + " ");
    html! {
        <div class="purpose" part="purpose">
            <label class="box" for={id.clone()} part="label">
                <input type="checkbox" id={id} name="ticked" value={attribute(&purpose.id)} data-needs={needs}
                    aria-describedby={text_id.clone()} autocomplete="off" part="checkbox" />
                <span>{ words(&purpose.title) }</span>
            </label>
            <div class="about" id={text_id}>
                <p>{ words(&purpose.text) }</p>
                { details(purpose) }
            </div>
        </div>
    }
}

/// Which data, who gets it, how long.
pub fn details(purpose: &PurposeView) -> Html {
    if purpose.details.is_empty() {
        return Html::default();
    }
    html! {
        <dl class="details" part="details">
            { for purpose.details.iter().map(|detail| html! {
                <div><dt>{ words(&detail.label) }</dt><dd>{ words(&detail.value) }</dd></div>
            }) }
        </dl>
    }
}

fn summary(view: &FormView, problem: &ProblemView, focus: &NodeRef) -> Html {
    let text = |text: Text| words(text.in_language(view.language));
    let asks = problem.code == NOTHING_TICKED;
    let heading = if asks { Text::NothingTickedHeading } else { Text::NotYetSaved };
    html! {
        <div class="problem" role="alert" tabindex="-1" id="vk-problem" ref={focus} part="problem">
            <h3>{ icon(Icon::Notice) }<span>{ text(heading) }</span></h3>
            if let Some(field) = problem.field {
                <p><a href={prefixed("#", input_id(field))} data-vinkje-to={input_id(field)}><span>{ words(&problem.text) }</span></a></p>
            } else {
                <p>{ words(&problem.text) }</p>
            }
            if asks {
                { button(view, "none", Icon::Cross, Text::None) }
            }
        </div>
    }
}

/// What the result shows.
#[cfg(feature = "browser")]
pub struct Result<'a> {
    /// The ids of the boxes that were ticked when the answer was sent.
    pub ticked: &'a [String],
    /// Whether what needs an e-mail address waits until its owner confirms it.
    pub waits: bool,
    /// Where it can be seen.
    pub links: Links<'a>,
    /// The heading, which gets focus.
    pub focus: &'a NodeRef,
}

/// The form's place after the answer was stored.
#[cfg(feature = "browser")]
pub fn result(view: &FormView, result: &Result<'_>) -> Html {
    let text = |text: Text| words(text.in_language(view.language));
    let (mark, heading, lead) = match (result.ticked.is_empty(), result.waits) {
        (true, _) => (Icon::Tick, Text::SavedRefused, Text::SavedRefusedText),
        (false, true) => (Icon::Notice, Text::SavedRequested, Text::SavedRequestedText),
        (false, false) => (Icon::Tick, Text::SavedGiven, Text::SavedGivenText),
    };
    html! {
        <section class="result" aria-labelledby="vk-done" part="result">
            <h2 id="vk-done" tabindex="-1" ref={result.focus} part="title">{ icon(mark) }<span>{ text(heading) }</span></h2>
            <p>{ text(lead) }</p>
            <ul class="choices">
                { for view.purposes.iter().map(|purpose| answer(view, purpose, result)) }
            </ul>
            { links(view, &result.links) }
        </section>
    }
}

#[cfg(feature = "browser")]
fn answer(view: &FormView, purpose: &PurposeView, result: &Result<'_>) -> Html {
    let waits = result.waits && purpose.needs.contains(&ContactField::Email);
    let (mark, word, answer) = match (result.ticked.contains(&purpose.id), waits) {
        (true, true) => (Icon::Notice, Text::Waits, "waits"),
        (true, false) => (Icon::Tick, Text::Yes, "yes"),
        (false, _) => (Icon::Cross, Text::No, "no"),
    };
    html! {
        <li class="choice" data-answer={answer}>
            <span class="mark">{ icon(mark) }<b>{ word.in_language(view.language) }</b></span>
            <span>{ words(&purpose.title) }</span>
        </li>
    }
}
