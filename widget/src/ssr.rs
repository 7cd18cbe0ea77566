//! HTML text for the collector: the form fragment and whole pages.
//!
//! In scope: rendering; the frame of pages. Out of scope: status codes, headers, caching (collector `http`).
//!
//! Invariant: every text from outside goes through the renderer's escaping; only the QR code, which the collector
//! itself draws, is taken as markup.

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context as TaskContext, Poll, Waker};
use yew::{Component, Context, Html, LocalServerRenderer, Properties, html};

use crate::model::{
    FormView, LetterView, LogView, ManageView, MessageLink, MessageView, NoticeView, OwnerView, PrintedView,
    ReceiptView, SlipAskView, SlipView, VerifyView,
};
use crate::text::{KioskText, LogText, OwnerText, PageText, SlipText, Text, VerifyText, carried};
use crate::view::{self, FormApp, FormProps, Frame};
use shared::Language;

pub use crate::view::{Inlined, PageAssets, Parts};

/// Where the browser finds the rest of a form, and what names its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BundleLinks {
    /// Absolute URL of the WASM's JavaScript side.
    pub glue: String,
    /// Absolute URL of the WASM.
    pub wasm: String,
    /// The build of the widget.
    pub build: String,
    /// Hash of the notice: while it is the same, a fresh offer may replace an old one without a word to the person.
    pub notice: String,
}

/// The WASM of the collector's own build, before the script asks for it. (`as` is a word that `html!` cannot say.)
const PRELOAD: &str = "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/w/vinkje.wasm\">";

/// The form bundle as JSON: what the form's own loader carries, and what `/fragment` answers.
pub async fn form_bundle(view: &FormView, notice: &NoticeView, css: &str, links: &BundleLinks) -> String {
    let html = fragment(view, notice, true);
    bundle(view, links, Some((&html, css)))
}

/// The form as a fragment for the custom element: language switch, hydrated root, privacy text.
pub async fn form_html(view: &FormView, notice: &NoticeView) -> String {
    fragment(view, notice, true)
}

/// The hosted page with the form; a problem in the view makes it the page that is shown again.
pub async fn form_page(
    view: &FormView,
    notice: &NoticeView,
    organisation: &str,
    links: &BundleLinks,
    assets: &PageAssets,
) -> String {
    let frame = Frame {
        language: view.language,
        languages: &view.languages,
        title: &view.title,
        organisation,
        organisation_heads: true,
        parts: Parts::Linked(assets),
    };
    let form = fragment(view, notice, false);
    let content = html! {
        <div class="card">
            <div data-vinkje-page={view.form.clone()}>{ Html::from_html_unchecked(form.into()) }</div>
            { Html::from_html_unchecked(data_block(&bundle(view, links, None)).into()) }
            { Html::from_html_unchecked(PRELOAD.into()) }
        </div>
    };
    page(&frame, content)
}

/// `rendered` are markup and styles; a hosted page has them already.
fn bundle(view: &FormView, links: &BundleLinks, rendered: Option<(&str, &str)>) -> String {
    let mut bundle = serde_json::json!({
        "form": view.form, "view": view,
        "glue": links.glue, "wasm": links.wasm, "build": links.build, "notice": links.notice,
        "words": words(view.language),
    });
    // The words of the form's buttons and messages, for the WASM.
    bundle["view"]["texts"] = Text::ALL.iter().map(|text| text.in_language(view.language)).collect();
    bundle["view"]["texts_of"] = carried::LIST.into();
    if let Some((html, css)) = rendered {
        bundle["html"] = html.into();
        bundle["css"] = css.into();
    }
    bundle.to_string()
}

/// What the loader says itself, also where there is no WASM.
fn words(language: Language) -> serde_json::Value {
    let text = |text: PageText| text.in_language(language);
    serde_json::json!({
        "unsaved": text(PageText::Unsaved), "choose": text(PageText::ChooseThere),
        "untranslated": text(PageText::Untranslated),
    })
}

/// The receipt page.
pub async fn receipt_page(view: &ReceiptView, assets: &PageAssets) -> String {
    let title = PageText::ReceiptTitle.in_language(view.language);
    let frame = Frame::of(view.language, &view.languages, title, &view.body.controller, assets);
    page(&frame, view::receipt(view))
}

/// The manage page.
pub async fn manage_page(view: &ManageView, assets: &PageAssets) -> String {
    let title = view::manage_title(view);
    let frame = Frame::of(view.language, &view.languages, title, &view.controller, assets);
    page(&frame, view::manage(view))
}

/// The page behind a mailed link.
pub async fn owner_page(view: &OwnerView, assets: &PageAssets) -> String {
    let frame = Frame::of(view.language, &view.languages, &view.title, &view.controller, assets);
    page(&frame, view::owner(view))
}

/// The page that asks for the code on a counter slip.
pub async fn slip_ask_page(view: &SlipAskView, assets: &PageAssets) -> String {
    let title = SlipText::AskTitle.in_language(view.language);
    let frame = Frame::of(view.language, &view.languages, title, &view.controller, assets);
    page(&frame, view::slip_ask(view))
}

/// A counter slip as a page, to print.
pub async fn slip_page(view: &SlipView, assets: &PageAssets) -> String {
    let title = SlipText::Title.in_language(view.language);
    let frame = Frame::of(view.language, &view.languages, title, &view.controller, assets);
    page(&frame, view::slip(view))
}

/// A form on paper, to tick and sign.
pub async fn paper_page(view: &PrintedView, assets: &PageAssets) -> String {
    let frame = Frame::of(view.language, &view.languages, &view.title, &view.controller, assets);
    page(&frame, view::paper(view))
}

/// A form as a poster.
pub async fn poster_page(view: &PrintedView, assets: &PageAssets) -> String {
    let frame = Frame::of(view.language, &view.languages, &view.title, &view.controller, assets);
    page(&frame, view::poster(view))
}

/// A letter as a page.
#[must_use]
pub fn letter_html(view: &LetterView) -> String {
    format!("<!DOCTYPE html>{}", still(view::letter(view)))
}

/// The page of a log.
pub async fn log_page(view: &LogView, assets: &PageAssets) -> String {
    let title = LogText::Title.in_language(view.language);
    let frame = Frame::of(view.language, &view.languages, title, &view.controller, assets);
    page(&frame, view::log(view))
}

/// The verifier's page: with its files beside it, or all in one.
pub async fn verify_page(view: &VerifyView, parts: Parts<'_>) -> String {
    let text = |text: VerifyText| text.in_language(view.language);
    let frame = Frame {
        language: view.language,
        languages: &view.languages,
        title: text(VerifyText::Title),
        organisation: text(VerifyText::Brand),
        organisation_heads: false,
        parts,
    };
    page(&frame, view::verify(view))
}

/// What the screen at a counter loads: root-relative URLs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KioskFiles {
    /// Style sheets, in order.
    pub styles: Vec<String>,
    /// The module of the page.
    pub script: Option<String>,
    /// Icon (SVG).
    pub icon: Option<String>,
    /// The WASM.
    pub wasm: Option<String>,
}

/// The screen at a counter before its script runs; the same for everybody.
pub async fn kiosk_page(language: Language, organisation: &str, files: &KioskFiles) -> String {
    let text = |text: KioskText| text.in_language(language);
    let manifest = format!("/kiosk/{organisation}/app.webmanifest");
    let document = html! {
        <html lang={language.tag()} dir={language.direction()}>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="robots" content="noindex" />
                <meta name="referrer" content="no-referrer" />
                <meta name="color-scheme" content="light dark" />
                <title>{ "Vinkje" }</title>
                { for files.styles.iter().map(|css| html! { <link rel="stylesheet" href={css.clone()} /> }) }
                <link rel="icon" href={files.icon.clone()} type="image/svg+xml" />
                <link rel="manifest" href={manifest} />
                <script type="module" src={files.script.clone()}></script>
            </head>
            <body data-vinkje-kiosk={organisation.to_owned()} data-wasm={files.wasm.clone()}>
                <div data-root="">
                    <main class="kiosk vinkje starting" data-screen="starting">
                        <p role="status" data-status="">{ text(KioskText::Starting) }</p>
                        <noscript><p class="problem">{ text(KioskText::NoScript) }</p></noscript>
                    </main>
                </div>
                <p class="kiosk vinkje problem" role="alert" data-broken="" hidden=true>{ text(KioskText::Broken) }</p>
                <p class="kiosk vinkje problem" role="alert" data-twice="" hidden=true>{ text(KioskText::OpenTwice) }</p>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", still(document))
}

/// A page with one message.
pub async fn message_page(view: &MessageView, assets: &PageAssets) -> String {
    let frame = Frame {
        language: view.language,
        languages: &[],
        title: &view.heading,
        organisation: "",
        organisation_heads: false,
        parts: Parts::Linked(assets),
    };
    page(&frame, view::message(view))
}

impl MessageView {
    /// The answer to any manage or receipt link that leads nowhere: it says how to tell a link that was cut off from data that is gone.
    #[must_use]
    pub fn link_unknown(language: Language) -> Self {
        Self {
            language,
            heading: PageText::LinkUnknownHeading.in_language(language).into(),
            paragraphs: vec![PageText::LinkUnknownText.in_language(language).into()],
            next: None,
        }
    }

    /// Where anybody who wants to take consent back finds how: records name this page, since the own link is a key.
    #[must_use]
    pub fn own_link(language: Language) -> Self {
        let text = |text: PageText| text.in_language(language).to_owned();
        Self {
            language,
            heading: text(PageText::OwnLinkHeading),
            paragraphs: vec![text(PageText::OwnLinkText), text(PageText::OwnLinkLost)],
            next: None,
        }
    }

    /// A heading and a sentence of the pages behind mailed links.
    #[must_use]
    pub fn owner(language: Language, heading: OwnerText, text: OwnerText) -> Self {
        Self {
            language,
            heading: heading.in_language(language).into(),
            paragraphs: vec![text.in_language(language).into()],
            next: None,
        }
    }

    /// A refusal or failure, with the way back where there is one.
    #[must_use]
    pub fn problem(language: Language, sentence: &str, form_url: Option<&str>) -> Self {
        let next = form_url.map(|url| MessageLink {
            label: PageText::BackToForm.in_language(language).into(),
            url: url.into(),
        });
        Self {
            language,
            heading: PageText::ProblemHeading.in_language(language).into(),
            paragraphs: vec![sentence.into()],
            next,
        }
    }
}

/// The form between its static neighbours. On a page the frame carries the language switch.
fn fragment(view: &FormView, notice: &NoticeView, with_switch: bool) -> String {
    let props = FormProps { view: Rc::new(view.clone()), form: yew::NodeRef::default() };
    let form = run::<FormApp>(props, true);
    let languages = if with_switch { view.languages.as_slice() } else { &[] };
    still(html! {
        <div class="vinkje" lang={view.language.tag()} dir={view.direction()} part="root">
            { view::language_switch(view.language, languages) }
            <div data-vinkje-root="">{ Html::from_html_unchecked(form.into()) }</div>
            { view::privacy(view.language, &notice.sections) }
        </div>
    })
}

fn page(frame: &Frame<'_>, content: Html) -> String {
    format!("<!DOCTYPE html>{}", still(view::document(frame, content)))
}

/// JSON as a data block. `<` cannot occur outside strings in JSON, so escaping it changes nothing but keeps
/// `</script` and `<!--` out of the markup.
fn data_block(json: &str) -> String {
    let json = json.replace('<', "\\u003c");
    format!("<script type=\"application/json\" data-vinkje-bundle>{json}</script>")
}

/// Markup that is rendered once and never hydrated.
#[derive(Properties, PartialEq)]
struct StillProps {
    content: Html,
}

struct Still;

impl Component for Still {
    type Message = ();
    type Properties = StillProps;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        ctx.props().content.clone()
    }
}

fn still(content: Html) -> String {
    run::<Still>(StillProps { content }, false)
}

/// Renders at once: no component here waits for anything, so the future is ready when it is first polled.
fn run<C: Component>(props: C::Properties, hydratable: bool) -> String {
    let renderer = LocalServerRenderer::<C>::with_props(props).hydratable(hydratable);
    let mut rendering = pin!(renderer.render());
    let mut context = TaskContext::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(html) = rendering.as_mut().poll(&mut context) {
            return html;
        }
    }
}
