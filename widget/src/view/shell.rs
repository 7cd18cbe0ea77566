//! The frame of every page: head, header with the organisation's name, main, footer.
//!
//! Invariant: no inline script and no inline style, so `default-src 'self'` holds on every page; only a page that is saved has
//! its own in it, and a policy with their hashes.

use shared::Language;
use yew::{Html, html};

use super::notice::language_switch;
use crate::model::{ControllerView, LanguageLink};
use crate::text::PageText;

/// Where the files of a page are: absolute or root-relative URLs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageAssets {
    /// Style sheets, in order.
    pub styles: Vec<String>,
    /// The module of the page. Optional: pages do what they can without.
    pub script: Option<String>,
    /// Favicon (SVG). Optional.
    pub icon: Option<String>,
}

/// A page that is one file and asks for no other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inlined {
    /// What the page may do: a content security policy that names the hashes of what is below.
    pub policy: String,
    /// Favicon: a `data:` address.
    pub icon: String,
    /// All styles.
    pub css: String,
    /// The script, as a module.
    pub script: String,
    /// The WASM in base64: data that the script reads.
    pub wasm: String,
}

/// Where a page has its styles and its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts<'a> {
    /// In files beside it.
    Linked(&'a PageAssets),
    /// In itself.
    Inlined(&'a Inlined),
}

/// What a page has around its content.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame<'a> {
    /// Language of the page.
    pub language: Language,
    /// The page in other languages.
    pub languages: &'a [LanguageLink],
    /// Title of the document, without the organisation.
    pub title: &'a str,
    /// The organisation's name; empty where a page must not tell.
    pub organisation: &'a str,
    /// Whether that name is the page's first heading: on the form's page, whose own heading is a second one.
    pub organisation_heads: bool,
    /// Styles and script.
    pub parts: Parts<'a>,
}

impl<'a> Frame<'a> {
    /// Around a page about one person or log: its own heading heads it, and the organisation is named above.
    pub fn of(
        language: Language,
        languages: &'a [LanguageLink],
        title: &'a str,
        controller: &'a ControllerView,
        assets: &'a PageAssets,
    ) -> Self {
        let (organisation, parts) = (controller.name.as_str(), Parts::Linked(assets));
        Self { language, languages, title, organisation, organisation_heads: false, parts }
    }
}

/// The document around a page's content, without doctype.
pub fn document(frame: &Frame<'_>, content: Html) -> Html {
    let title = match frame.organisation {
        "" => frame.title.to_owned(),
        name => format!("{} · {name}", frame.title),
    };
    html! {
        <html lang={frame.language.tag()} dir={frame.language.direction()}>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="robots" content="noindex" />
                <meta name="referrer" content="no-referrer" />
                <meta name="color-scheme" content="light dark" />
                <title>{ title }</title>
                { head_parts(frame.parts) }
            </head>
            <body>
                <a class="skip" href="#content">{ PageText::Skip.in_language(frame.language) }</a>
                <header class="top">
                    <div class="wide">
                        { organisation(frame) }
                        { language_switch(frame.language, frame.languages) }
                    </div>
                </header>
                <main id="content" tabindex="-1">{ content }</main>
                <footer class="bottom"><p>{ PageText::Footer.in_language(frame.language) }</p></footer>
                { body_parts(frame.parts) }
            </body>
        </html>
    }
}

fn head_parts(parts: Parts<'_>) -> Html {
    match parts {
        Parts::Linked(assets) => html! {
            <>
                { for assets.styles.iter().map(|css| html! { <link rel="stylesheet" href={css.clone()} /> }) }
                if let Some(icon) = &assets.icon {
                    <link rel="icon" href={icon.clone()} type="image/svg+xml" />
                }
                if let Some(script) = &assets.script {
                    <script type="module" src={script.clone()}></script>
                }
            </>
        },
        Parts::Inlined(inlined) => html! {
            <>
                <meta http-equiv="Content-Security-Policy" content={inlined.policy.clone()} />
                <link rel="icon" href={inlined.icon.clone()} type="image/svg+xml" />
                { raw(format!("<style>{}</style>", inlined.css)) }
            </>
        },
    }
}

/// The script stands last, so that the page is there when it runs.
fn body_parts(parts: Parts<'_>) -> Html {
    match parts {
        Parts::Linked(_) => Html::default(),
        Parts::Inlined(Inlined { script, wasm, .. }) => raw(format!(
            "<script type=\"application/wasm\" data-vinkje-wasm>{wasm}</script><script type=\"module\">{script}</script>"
        )),
    }
}

/// Our own files as they were built, never words from outside.
fn raw(markup: String) -> Html {
    Html::from_html_unchecked(markup.into())
}

fn organisation(frame: &Frame<'_>) -> Html {
    match frame.organisation {
        "" => Html::default(),
        name if frame.organisation_heads => html! { <h1 class="organisation">{ name.to_owned() }</h1> },
        name => html! { <p class="organisation">{ name.to_owned() }</p> },
    }
}
