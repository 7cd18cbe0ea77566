//! The frame of every page: head, header with the organisation's name, main, footer.
//!
//! Invariant: no inline script and no inline style, so `default-src 'self'` holds on every page.

use shared::Language;
use yew::{Html, html};

use super::notice::language_switch;
use crate::model::{ControllerView, LanguageLink};
use crate::text::PageText;

/// Where the files of a page are: absolute or root-relative URLs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageAssets {
    /// Styles of the form.
    pub form_css: String,
    /// Styles of pages.
    pub page_css: String,
    /// The module that hydrates the hosted form and serves the print button. Optional: pages work without.
    pub script: Option<String>,
    /// Favicon (SVG). Optional.
    pub icon: Option<String>,
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
    /// The files.
    pub assets: &'a PageAssets,
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
        Self { language, languages, title, organisation: &controller.name, organisation_heads: false, assets }
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
                <link rel="stylesheet" href={frame.assets.page_css.clone()} />
                <link rel="stylesheet" href={frame.assets.form_css.clone()} />
                if let Some(icon) = &frame.assets.icon {
                    <link rel="icon" href={icon.clone()} type="image/svg+xml" />
                }
                if let Some(script) = &frame.assets.script {
                    <script type="module" src={script.clone()}></script>
                }
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
            </body>
        </html>
    }
}

fn organisation(frame: &Frame<'_>) -> Html {
    match frame.organisation {
        "" => Html::default(),
        name if frame.organisation_heads => html! { <h1 class="organisation">{ name.to_owned() }</h1> },
        name => html! { <p class="organisation">{ name.to_owned() }</p> },
    }
}
