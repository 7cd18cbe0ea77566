//! What was given to the verifier and what was found, drawn in the browser.
//!
//! Invariant: each outcome has a word and a mark, not a colour alone; what a receipt says is drawn as on its own page.

use shared::Language;
use yew::{Callback, Html, html};

use super::icon::{Icon, icon};
use super::imported::imported;
use super::receipt::{choice_list, facts, wording};
use super::words::words;
use crate::model::{CheckedView, Found, FoundView, GivenView, ReceiptBody, StepView};
use crate::text::{PageText, VerifyText};

/// What a person can do with what is shown.
pub struct Acts<'a> {
    /// Takes away what was given, by its place.
    pub remove: &'a Callback<usize>,
    /// Shows every receipt.
    pub show_all: &'a Callback<()>,
}

/// What was given and what was found.
pub fn checked(view: &CheckedView, acts: &Acts<'_>) -> Html {
    html! {
        <>
            { given(view.language, &view.given, acts) }
            if let Some(found) = &view.found {
                { verdict(view.language, found) }
            }
            { receipts(view, acts) }
        </>
    }
}

fn given(language: Language, given: &[GivenView], acts: &Acts<'_>) -> Html {
    if given.is_empty() {
        return Html::default();
    }
    html! {
        <section class="given" aria-labelledby="vk-given">
            <h2 id="vk-given">{ VerifyText::Given.in_language(language) }</h2>
            <ul>{ for given.iter().enumerate().map(|(at, one)| given_line(language, at, one, acts)) }</ul>
        </section>
    }
}

fn given_line(language: Language, at: usize, given: &GivenView, acts: &Acts<'_>) -> Html {
    let text = |text: VerifyText| words(text.in_language(language));
    let remove = acts.remove.clone();
    let label = format!("{}: {}", VerifyText::Remove.in_language(language), given.name);
    html! {
        <li>
            <span>
                <b dir="auto">{ given.name.clone() }</b>
                <small>{ given.kind }</small>
                if given.is_link {
                    <small>{ text(VerifyText::LinkText) }</small>
                }
                if let Some(link) = &given.link {
                    <small><a href={link.clone()}>{ text(VerifyText::OpenLink) }</a></small>
                }
            </span>
            <button type="button" class="quiet" aria-label={label} onclick={move |_| remove.emit(at)}>
                { text(VerifyText::Remove) }
            </button>
        </li>
    }
}

const fn mark(found: Found) -> (Icon, VerifyText) {
    match found {
        Found::Holds => (Icon::Tick, VerifyText::Holds),
        Found::Open => (Icon::Notice, VerifyText::NotChecked),
        Found::Fails => (Icon::Cross, VerifyText::Fails),
    }
}

fn verdict(language: Language, found: &FoundView) -> Html {
    let (sign, _) = mark(found.found);
    html! {
        <section class={format!("found {}", found.found.name())} data-verdict={found.found.name()} aria-labelledby="vk-verdict">
            <h2 id="vk-verdict" tabindex="-1">{ icon(sign) }<span>{ found.sentence }</span></h2>
            if let Some(more) = &found.more {
                <p>{ more.clone() }</p>
            }
            <h3 class="unseen">{ VerifyText::Steps.in_language(language) }</h3>
            <ol class="found-steps">{ for found.steps.iter().map(|one| step(language, one)) }</ol>
            { keys(language, found) }
            <p class="links">
                <button type="button" class="quiet" data-vinkje-print="">{ PageText::Print.in_language(language) }</button>
            </p>
        </section>
    }
}

fn step(language: Language, step: &StepView) -> Html {
    let (sign, word) = mark(step.found);
    html! {
        <li class={step.found.name()} data-step={step.step} data-code={step.code}>
            <span class="mark">{ icon(sign) }<b>{ word.in_language(language) }</b></span>
            <span>
                <b class="title">{ step.title.clone() }</b>
                <span class="sentence">{ step.sentence.clone() }</span>
                if let Some(code) = step.code {
                    <small>{ VerifyText::Code.in_language(language) }{ ": " }<code>{ code }</code></small>
                }
            </span>
        </li>
    }
}

fn keys(language: Language, found: &FoundView) -> Html {
    if found.keys.is_empty() && found.log_key.is_empty() {
        return Html::default();
    }
    let text = |text: VerifyText| text.in_language(language);
    html! {
        <details class="keys" open={found.found == Found::Open}>
            <summary>{ text(VerifyText::Keys) }</summary>
            <dl class="rows">
                { for found.keys.iter().map(|key| row(text(VerifyText::KeyOfReceipts), key)) }
                if !found.log_key.is_empty() {
                    { row(text(VerifyText::KeyOfLog), &found.log_key) }
                }
                { for found.compare.iter().map(|place| row(text(VerifyText::Compare), place)) }
            </dl>
        </details>
    }
}

fn row(label: &'static str, value: &str) -> Html {
    html! { <div><dt>{ label }</dt><dd class="code">{ value.to_owned() }</dd></div> }
}

fn receipts(view: &CheckedView, acts: &Acts<'_>) -> Html {
    if view.receipts.is_empty() {
        return Html::default();
    }
    let text = |text: VerifyText| text.in_language(view.language);
    let show_all = acts.show_all.clone();
    html! {
        <section class="receipts" aria-labelledby="vk-receipts">
            <h2 id="vk-receipts">{ text(VerifyText::Receipts) }</h2>
            { for view.receipts.iter().enumerate().map(|(at, body)| receipt(view, at + 1, body)) }
            if view.receipts.len() < view.receipt_count {
                <p class="links">
                    <button type="button" class="quiet" data-show-all="" onclick={move |_| show_all.emit(())}>
                        { format!("{} ({})", text(VerifyText::ShowAll), view.receipt_count) }
                    </button>
                </p>
            }
        </section>
    }
}

fn receipt(view: &CheckedView, number: usize, body: &ReceiptBody) -> Html {
    let language = view.language;
    let heading = format!("vk-receipt-{number}");
    let (word, of) = (VerifyText::Receipt.in_language(language), VerifyText::Of.in_language(language));
    html! {
        <section class="one-receipt" aria-labelledby={heading.clone()}>
            <h3 id={heading}>{ format!("{word} {number} {of} {}", view.receipt_count) }</h3>
            { choice_list(language, &body.choices) }
            { facts(language, body) }
            if let Some(from) = &body.imported {
                { imported(language, from) }
            }
            if let Some(shown) = &body.wording {
                { wording(language, shown) }
            }
        </section>
    }
}
