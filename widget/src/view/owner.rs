//! The page behind a mailed link: what was ticked or stopped, and an answer to it.
//!
//! Invariant: yes and no are buttons of the same kind and size; opening the page does nothing.

use yew::{Html, html};

use super::form::details;
use super::icon::{Icon, icon};
use super::words::words;
use crate::model::OwnerView;
use crate::text::Text;

/// The content of the page.
pub fn owner(view: &OwnerView) -> Html {
    html! {
        <article class="card owner">
            <h1>{ words(&view.title) }</h1>
            <p class="lead">{ words(&view.lead) }</p>
            if let Some(problem) = &view.problem {
                <p class="problem" role="alert">{ words(problem) }</p>
            }
            if !view.purposes.is_empty() {
                <ul class="asked">
                    { for view.purposes.iter().map(|purpose| html! {
                        <li>
                            <h2>{ words(&purpose.title) }</h2>
                            <p>{ words(&purpose.text) }</p>
                            { details(purpose) }
                        </li>
                    }) }
                </ul>
            }
            <form method="post" action={view.action.clone()}>
                { address(view) }
                <div class="answers">
                    <button type="submit" name="do" value="yes">{ icon(Icon::Tick) }<span>{ view.yes.clone() }</span></button>
                    if let Some(no) = &view.no {
                        <button type="submit" name="do" value="no">{ icon(Icon::Cross) }<span>{ no.clone() }</span></button>
                    }
                </div>
            </form>
            if let Some(other) = &view.other {
                <p class="links"><a href={other.url.clone()}>{ words(&other.label) }</a></p>
            }
        </article>
    }
}

fn address(view: &OwnerView) -> Html {
    let Some(why) = &view.address else { return Html::default() };
    html! {
        <div class="field">
            if !why.is_empty() {
                <p id="vk-why">{ words(why) }</p>
            }
            <label for="vk-email">{ words(Text::EmailLabel.in_language(view.language)) }</label>
            <input id="vk-email" type="email" name="email" required=true autocomplete="email" maxlength="254"
                aria-describedby={(!why.is_empty()).then_some("vk-why")} />
        </div>
    }
}
