//! A counter slip, and the page that asks for its code.
//!
//! In scope: the same slip on a screen, on a receipt roll of 58 or 80 mm, and on a sheet. Out of scope: making the code and its QR code.
//!
//! Invariant: everything that somebody needs to stop stands on the slip itself, also where nothing can be clicked.

use yew::{Html, html};

use super::icon::{Icon, icon};
use super::receipt::choice_list;
use super::words::words;
use crate::model::{CodeView, SlipAskView, SlipView};
use crate::text::{PageText, SlipText};

/// The slip.
pub fn slip(view: &SlipView) -> Html {
    let text = |text: SlipText| words(text.in_language(view.language));
    html! {
        <article class="card counter-slip">
            <header>
                <h1>{ text(SlipText::Title) }</h1>
                <p class="shop"><b>{ view.controller.name.clone() }</b></p>
                if let Some(place) = &view.place {
                    <p>{ place.clone() }</p>
                }
                <p><time datetime={view.at_machine.clone()}>{ view.at.clone() }</time></p>
            </header>
            <section aria-labelledby="vk-slip-choices">
                <h2 id="vk-slip-choices">{ text(SlipText::Choices) }</h2>
                { choice_list(view.language, &view.choices) }
            </section>
            <section aria-labelledby="vk-slip-code">
                <h2 id="vk-slip-code">{ text(SlipText::Code) }</h2>
                <p class="groups">{ for view.code.iter().map(|group| html! { <><span>{ group.clone() }</span>{ " " }</> }) }</p>
                { code(&view.qr, SlipText::QrLabel.in_language(view.language)) }
                if !view.sent {
                    <p class="note">{ text(SlipText::NotSent) }</p>
                }
                <p>{ text(SlipText::HowToStop) }</p>
                <p class="url">{ view.url.clone() }</p>
                <p>{ text(SlipText::ByPhone) }</p>
                <p><small>{ text(SlipText::Keep) }</small></p>
            </section>
            <footer>
                { for view.controller.lines.iter().map(|line| html! { <span>{ line.clone() }</span> }) }
                <button type="button" class="quiet" data-vinkje-print="" hidden=true>{ PageText::Print.in_language(view.language) }</button>
            </footer>
        </article>
    }
}

/// A QR code: dark on light, whatever the colours around it are.
pub fn code(view: &CodeView, label: &str) -> Html {
    let box_of = format!("0 0 {0} {0}", view.side);
    html! {
        <svg class="code-square" viewBox={box_of} role="img" aria-label={label.to_owned()} shape-rendering="crispEdges">
            <rect width="100%" height="100%" fill="#fff" />
            <path d={view.path.clone()} fill="#000" />
        </svg>
    }
}

/// The page that asks for the code.
pub fn slip_ask(view: &SlipAskView) -> Html {
    let text = |text: SlipText| words(text.in_language(view.language));
    html! {
        <article class="card owner">
            <h1>{ text(SlipText::AskTitle) }</h1>
            <p class="lead">{ text(SlipText::AskLead) }</p>
            if let Some(problem) = &view.problem {
                <p class="problem" role="alert" id="vk-problem">{ words(problem) }</p>
            }
            <form method="post" action={view.action.clone()}>
                <div class="field">
                    <label for="vk-code">{ text(SlipText::AskLabel) }</label>
                    <p id="vk-hint">{ text(SlipText::AskHint) }</p>
                    <input id="vk-code" name="code" type="text" inputmode="numeric" autocomplete="off" spellcheck="false" required=true
                        maxlength="64" aria-invalid={view.problem.as_ref().map(|_| "true")}
                        aria-describedby={if view.problem.is_some() { "vk-problem vk-hint" } else { "vk-hint" }} />
                </div>
                <div class="answers">
                    <button type="submit">{ icon(Icon::Tick) }<span>{ SlipText::AskButton.in_language(view.language) }</span></button>
                </div>
            </form>
            <p class="links"><a href={view.lost_url.clone()}>{ SlipText::ByMail.in_language(view.language) }</a></p>
        </article>
    }
}
