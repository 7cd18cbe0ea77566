//! The receipt page: what was chosen, when, in answer to which words, and how to change it.
//!
//! Invariant: readable and printable without script; each decision has a word and a mark, not a colour alone.

use yew::{AttrValue, Html, html};

use super::form::details;
use super::icon::{Icon, icon};
use super::imported::{imported, sold};
use super::notice::section_list;
use super::registered;
use super::words::words;
use crate::model::{
    ActView, AtKioskView, BoxView, ChoiceView, Decided, ReceiptBody, ReceiptView, RegisteredWay, Was,
    WordingView,
};
use crate::text::{KioskText, LogText, PageText, RegisteredText, RightsText, Text};
use shared::Language;

/// The content of a receipt page.
pub fn receipt(view: &ReceiptView) -> Html {
    let text = |text: PageText| words(text.in_language(view.language));
    let language = view.language;
    let waits = view.body.choices.iter().any(|choice| choice.decided == Decided::Requested);
    let lead = match view.body.act {
        ActView::Choices if waits => PageText::ReceiptLeadRequested,
        ActView::Choices => PageText::ReceiptLead,
        ActView::Confirmation => PageText::ReceiptLeadConfirmed,
        ActView::Withdrawal | ActView::Objection => PageText::ReceiptLeadStopped,
        ActView::Expiry => PageText::ReceiptLeadExpired,
        ActView::Import => PageText::ReceiptLeadImported,
        ActView::Sale => PageText::ReceiptLead,
    };
    let bought = view.body.choices.iter().any(|choice| choice.decided == Decided::Customer);
    let lead = match view.body.act {
        ActView::Objection => RightsText::LeadObjected.in_language(language),
        ActView::Sale if bought => RightsText::LeadSale.in_language(language),
        ActView::Sale => RightsText::LeadSaleObjected.in_language(language),
        _ => lead.in_language(language),
    };
    let heading = match view.body.act {
        ActView::Sale => RightsText::SaleHeading.in_language(language),
        _ => PageText::YourChoices.in_language(language),
    };
    let lead = match view.body.registered.as_ref().map(|registered| registered.way) {
        Some(RegisteredWay::Paper) if !waits => RegisteredText::LeadPaper.in_language(language),
        Some(RegisteredWay::Voice) if !waits => RegisteredText::LeadVoice.in_language(language),
        _ => lead,
    };
    html! {
        <article class="card receipt">
            <h1>{ text(PageText::ReceiptTitle) }</h1>
            <p class="lead">{ words(lead) }</p>
            <section aria-labelledby="vk-choices">
                <h2 id="vk-choices">{ words(heading) }</h2>
                { choice_list(view.language, &view.body.choices) }
            </section>
            { own_link(view) }
            if let Some(from) = &view.body.imported {
                { imported(view.language, from) }
            }
            if let Some(bought) = &view.body.sold {
                { sold(view.language, bought) }
            }
            <section aria-labelledby="vk-facts">
                <h2 id="vk-facts">{ text(PageText::Facts) }</h2>
                { facts(view.language, &view.body) }
            </section>
            { files(view) }
            if let Some(shown) = &view.body.wording {
                { wording(view.language, shown) }
            }
        </article>
    }
}

/// What was decided, a line for each purpose.
pub fn choice_list(language: Language, choices: &[ChoiceView]) -> Html {
    html! { <ul class="choices">{ for choices.iter().map(|choice| line(language, choice)) }</ul> }
}

/// The mark and class of a decision.
pub const fn decided(decided: Decided) -> (Icon, &'static str) {
    match decided {
        Decided::Given | Decided::Imported | Decided::Customer => (Icon::Tick, "choice yes"),
        Decided::NotGiven => (Icon::Cross, "choice no"),
        Decided::Requested | Decided::Unproven => (Icon::Notice, "choice no"),
        Decided::Lapsed | Decided::Withdrawn | Decided::Expired | Decided::Objected => {
            (Icon::Stop, "choice no")
        }
    }
}

const fn word(decided: Decided, language: Language) -> &'static str {
    match decided {
        Decided::Given => Text::Yes.in_language(language),
        Decided::NotGiven => Text::No.in_language(language),
        Decided::Requested => Text::Waits.in_language(language),
        Decided::Lapsed => PageText::Lapsed.in_language(language),
        Decided::Withdrawn => PageText::Stopped.in_language(language),
        Decided::Expired => PageText::Expired.in_language(language),
        Decided::Imported => PageText::Imported.in_language(language),
        Decided::Unproven => PageText::Unproven.in_language(language),
        Decided::Objected => RightsText::HistoryObjected.in_language(language),
        Decided::Customer => RightsText::Customer.in_language(language),
    }
}

fn line(language: Language, choice: &ChoiceView) -> Html {
    let (mark, class) = decided(choice.decided);
    html! {
        <li {class}>
            <span class="mark">{ icon(mark) }<b>{ word(choice.decided, language) }</b></span>
            <span>
                { words(&choice.title) }
                if let Some(until) = &choice.until {
                    <small>{ format!("{} {until}", ends(choice.decided).in_language(language)) }</small>
                }
            </span>
        </li>
    }
}

/// What a moment beside a decision is the end of.
const fn ends(decided: Decided) -> PageText {
    match decided {
        Decided::Requested => PageText::ConfirmUntil,
        _ => PageText::CountsUntil,
    }
}

fn own_link(view: &ReceiptView) -> Html {
    let text = |text: PageText| words(text.in_language(view.language));
    html! {
        <section class="own-link" aria-labelledby="vk-link">
            <div class="qr" aria-hidden="true">{ Html::from_html_unchecked(AttrValue::from(view.qr_svg.clone())) }</div>
            <div>
                <h2 id="vk-link">{ text(PageText::YourLink) }</h2>
                <p>{ text(PageText::YourLinkText) }</p>
                <p><a class="button" href={view.manage_url.clone()}>{ Text::Manage.in_language(view.language) }</a></p>
                <p class="url print-only">{ view.manage_url.clone() }</p>
            </div>
        </section>
    }
}

/// When, who asked, and what names the receipt.
pub fn facts(language: Language, body: &ReceiptBody) -> Html {
    let text = |text: PageText| words(text.in_language(language));
    let rows = [
        (PageText::ReceiptNumber, &body.number),
        (PageText::SignedBy, &body.issuer),
        (PageText::WordingPrint, &body.notice_hash),
    ];
    html! {
        <dl class="rows">
            <div>
                <dt>{ text(PageText::When) }</dt>
                <dd><time datetime={body.at_machine.clone()}>{ body.at.clone() }</time></dd>
            </div>
            if let Some(view) = &body.registered {
                { registered::facts(language, view) }
            }
            if let Some(AtKioskView { clock, staff }) = &body.kiosk {
                <div><dt>{ KioskText::AtCounter.in_language(language) }</dt><dd>{ clock.clone() }</dd></div>
                if let Some(staff) = staff {
                    <div><dt>{ KioskText::HandedBy.in_language(language) }</dt><dd>{ staff.clone() }</dd></div>
                }
            }
            <div>
                <dt>{ text(PageText::WhoAsked) }</dt>
                <dd>
                    <b>{ body.controller.name.clone() }</b>
                    { for body.controller.lines.iter().map(|line| html! { <span>{ line.clone() }</span> }) }
                </dd>
            </div>
            { for rows.into_iter().map(|(label, value)| html! {
                <div><dt>{ text(label) }</dt><dd class="code">{ value.clone() }</dd></div>
            }) }
        </dl>
    }
}

fn files(view: &ReceiptView) -> Html {
    let text = |text: PageText| words(text.in_language(view.language));
    html! {
        <section class="files" aria-labelledby="vk-files">
            <h2 id="vk-files">{ text(PageText::Downloads) }</h2>
            <p class="links">
                <a href={view.bundle_url.clone()} download="">{ text(PageText::DownloadBundle) }</a>
                <a href={view.jws_url.clone()} download="">{ text(PageText::DownloadJws) }</a>
                <a href={view.proof_url.clone()} download="">{ text(PageText::DownloadProof) }</a>
                <a href={view.json_url.clone()} download="">{ text(PageText::DownloadJson) }</a>
                <button type="button" class="quiet" data-vinkje-print="" hidden=true>{ text(PageText::Print) }</button>
            </p>
            <p class="links">
                <small>{ text(PageText::StandardFile) }</small>
                <a href={view.jsonld_url.clone()} download="">{ "ISO/IEC 27560 (.jsonld)" }</a>
                <a href={view.kantara_url.clone()} download="">{ "Kantara (.json)" }</a>
            </p>
            <p class="links">
                <a href={view.verify_url.clone()}>{ LogText::CheckThis.in_language(view.language) }</a>
                <a href={view.log_url.clone()}>{ LogText::SeeLog.in_language(view.language) }</a>
            </p>
        </section>
    }
}

/// The words of a box with how it was sent: a box that also prints in black and white, and a word.
fn box_title(language: Language, shown: &BoxView) -> Html {
    let title = words(&shown.purpose.title);
    let (mark, said) = match shown.ticked {
        None => return html! { <h4>{ title }</h4> },
        Some(true) => ("\u{2611}", PageText::WasTicked),
        Some(false) => ("\u{2610}", PageText::WasNotTicked),
    };
    html! {
        <h4>
            <span class="tick" aria-hidden="true">{ mark }</span>{ title }{ " " }
            <small lang={language.tag()}>{ said.in_language(language) }</small>
        </h4>
    }
}

/// The exact wording, with each box as it was sent.
pub fn wording(language: Language, wording: &WordingView) -> Html {
    html! {
        <details class="wording">
            <summary>{ match wording.was {
                Was::Seen => PageText::ExactWording.in_language(language),
                Was::Read => RegisteredText::WordingRead.in_language(language),
                Was::Later => PageText::WordingNow.in_language(language),
            } }</summary>
            <div lang={wording.language.tag()} dir={wording.language.direction()}>
                <h3>{ words(&wording.title) }</h3>
                <p>{ words(&wording.intro) }</p>
                { for wording.boxes.iter().map(|shown| html! {
                    <section>
                        { box_title(language, shown) }
                        <p>{ words(&shown.purpose.text) }</p>
                        { details(&shown.purpose) }
                    </section>
                }) }
                <p>{ words(&wording.withdrawal) }</p>
                { section_list(&wording.sections) }
            </div>
        </details>
    }
}
