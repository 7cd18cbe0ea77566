//! What stands beside the form and is never hydrated: the language switch and the privacy text.
//!
//! Invariant: both work without script (links and `details`).

use shared::Language;
use yew::{Html, html};

use super::words::words;
use crate::model::{LanguageLink, SectionView};
use crate::text::PageText;

/// Links to the same page in other languages.
pub fn language_switch(language: Language, links: &[LanguageLink]) -> Html {
    if links.len() < 2 {
        return Html::default();
    }
    html! {
        <nav class="languages" aria-label={PageText::LanguageSwitch.in_language(language)} part="languages">
            { for links.iter().map(|link| {
                let current = (link.code == language.tag()).then_some("true");
                html! {
                    <a href={link.url.clone()} lang={link.code.clone()} hreflang={link.code.clone()}
                        data-vinkje-lang={link.code.clone()} aria-current={current}>{ link.label.clone() }</a>
                }
            }) }
        </nav>
    }
}

/// The privacy text (Art. 13), one click away.
pub fn privacy(language: Language, sections: &[SectionView]) -> Html {
    html! {
        <details class="notice" part="notice">
            <summary>{ PageText::FullNotice.in_language(language) }</summary>
            { section_list(sections) }
        </details>
    }
}

/// The parts of a privacy text.
pub fn section_list(sections: &[SectionView]) -> Html {
    html! {
        <div class="sections">
            { for sections.iter().map(|section| html! {
                <section>
                    <h3>{ words(&section.heading) }</h3>
                    { for section.paragraphs.iter().map(|paragraph| html! { <p>{ words(paragraph) }</p> }) }
                </section>
            }) }
        </div>
    }
}
