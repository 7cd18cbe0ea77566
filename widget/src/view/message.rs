//! A page with one message and the next step.
//!
//! Invariant: a message never says whether a link or a person is known.

use yew::{Html, html};

use crate::model::MessageView;

/// The content of a message page.
pub fn message(view: &MessageView) -> Html {
    html! {
        <article class="card message">
            <h1>{ view.heading.clone() }</h1>
            { for view.paragraphs.iter().map(|paragraph| html! { <p>{ paragraph.clone() }</p> }) }
            if let Some(next) = &view.next {
                <p class="links"><a href={next.url.clone()}>{ next.label.clone() }</a></p>
            }
        </article>
    }
}
