//! A form on paper: to tick and sign, or as a poster to hang up.
//!
//! In scope: both pages, on the screen and on A4. Out of scope: entering what was signed.
//!
//! Invariant: the boxes are drawn, not inputs, so nothing here can be ticked but by a pen.

use shared::purpose::ContactField;
use yew::{Html, html};

use super::form::details;
use super::notice::section_list;
use super::slip::code;
use super::words::words;
use crate::model::{PrintedView, PurposeView};
use crate::text::{PageText, PrintedText, field_label};

/// The form to tick and sign.
pub fn paper(view: &PrintedView) -> Html {
    let text = |text: PrintedText| words(text.in_language(view.language));
    html! {
        <article class="card printed paper">
            { head(view) }
            <p><b>{ text(PrintedText::TickWhatYouLike) }</b></p>
            <ul class="pen-boxes">{ for view.purposes.iter().map(pen_box) }</ul>
            <section class="pen-lines" aria-labelledby="vk-details">
                <h2 id="vk-details">{ text(PrintedText::YourDetails) }</h2>
                <dl>
                    { for view.fields.iter().map(|field| line(field_label(*field).in_language(view.language), *field == ContactField::Address)) }
                    { line(PrintedText::Date.in_language(view.language), false) }
                    { line(PrintedText::Signature.in_language(view.language), true) }
                </dl>
                <p>{ text(PrintedText::SignFor) }{ " " }{ words(&view.withdrawal) }</p>
                <p>{ text(PrintedText::Slip) }</p>
            </section>
            <section class="on-phone">
                { code(&view.qr, PrintedText::QrLabel.in_language(view.language)) }
                <div>
                    <p>{ text(PrintedText::OnPhone) }</p>
                    <p class="url">{ view.url.clone() }</p>
                    <p><small>{ text(PrintedText::WordingPrint) }</small></p>
                    <p class="code">{ view.hash.clone() }</p>
                </div>
            </section>
            <section class="wording-below" aria-labelledby="vk-privacy">
                <h2 id="vk-privacy">{ text(PrintedText::Privacy) }</h2>
                { section_list(&view.sections) }
            </section>
        </article>
    }
}

/// The poster.
pub fn poster(view: &PrintedView) -> Html {
    let text = |text: PrintedText| words(text.in_language(view.language));
    html! {
        <article class="card printed poster">
            { head(view) }
            <p><b>{ text(PrintedText::WhatWeAsk) }</b></p>
            <ul class="asked-for">
                { for view.purposes.iter().map(|purpose| html! {
                    <li><h2>{ words(&purpose.title) }</h2><p>{ words(&purpose.text) }</p></li>
                }) }
            </ul>
            <p>{ words(&view.withdrawal) }</p>
            <section class="on-phone">
                { code(&view.qr, PrintedText::QrLabel.in_language(view.language)) }
                <div>
                    <p><b>{ text(PrintedText::ScanMe) }</b></p>
                    <p>{ text(PrintedText::OrAsk) }</p>
                    <p class="url">{ view.url.clone() }</p>
                    <p><small>{ text(PrintedText::WordingPrint) }{ " " }<span class="code">{ view.short_hash().to_owned() }</span></small></p>
                </div>
            </section>
        </article>
    }
}

fn head(view: &PrintedView) -> Html {
    html! {
        <header>
            <h1>{ words(&view.title) }</h1>
            <p class="lead">{ words(&view.intro) }</p>
            <p>
                <b>{ view.controller.name.clone() }</b>
                { for view.controller.lines.iter().map(|line| html! { <span>{ format!(" · {line}") }</span> }) }
            </p>
            <button type="button" class="quiet" data-vinkje-print="" hidden=true>{ PageText::Print.in_language(view.language) }</button>
        </header>
    }
}

fn pen_box(purpose: &PurposeView) -> Html {
    html! {
        <li>
            <span class="pen-box" aria-hidden="true"></span>
            <div>
                <h2>{ words(&purpose.title) }</h2>
                <p>{ words(&purpose.text) }</p>
                { details(purpose) }
            </div>
        </li>
    }
}

fn line(label: &str, tall: bool) -> Html {
    html! { <div class={if tall { "tall" } else { "" }}><dt>{ words(label) }</dt><dd></dd></div> }
}
