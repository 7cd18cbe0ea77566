//! The pages behind mailed links, filled.
//!
//! Invariant: what is shown are the words of the notice that was answered, so people confirm what was ticked and nothing else.

use shared::Language;
use shared::refusal::Refusal;
use widget::fill::{controller_view, purpose_view};
use widget::model::{MessageLink, OwnerView};
use widget::text::{OwnerText, SlipText};

use super::owner::Question;
use super::views::language_links;
use crate::catalogue::Organisation;

/// Which question a page asks, by the token of its link.
#[derive(Clone, Copy)]
pub enum Asks<'a> {
    /// Is this right?
    Confirm(&'a str),
    /// Switch it on again?
    Undo(&'a str),
}

/// The page that asks.
#[must_use]
pub fn owner_view(
    base_url: &str,
    question: &Question,
    asks: Asks<'_>,
    language: Language,
    problem: Option<Refusal>,
) -> OwnerView {
    let text = |text: OwnerText| text.in_language(language).to_owned();
    let organisation = &question.managed.organisation.catalogue;
    // The page speaks the language that was asked for; the words that were shown stay as they were.
    let shown = &question.shown.notice.notice;
    let open = question.open.iter().filter_map(|purpose| shown.purpose(purpose)).map(purpose_view);
    let (url, title, lead, yes, no) = match asks {
        Asks::Confirm(token) => (
            format!("{base_url}/c/{token}"),
            OwnerText::ConfirmTitle,
            OwnerText::ConfirmLead,
            OwnerText::ConfirmYes,
            Some(OwnerText::ConfirmNo),
        ),
        Asks::Undo(token) => (
            format!("{base_url}/b/{token}"),
            OwnerText::UndoTitle,
            OwnerText::UndoLead,
            OwnerText::UndoYes,
            None,
        ),
    };
    let asks_address = matches!(asks, Asks::Undo(_)) && question.address_gone;
    OwnerView {
        language,
        languages: language_links(&url, &organisation.languages),
        controller: controller_view(&organisation.controller),
        title: text(title),
        lead: text(lead),
        purposes: open.collect(),
        action: format!("{url}?lang={}", language.tag()),
        yes: text(yes),
        no: no.map(text),
        address: asks_address.then(|| text(OwnerText::AddressGone)),
        problem: problem.map(|refusal| refusal.sentence(language).into()),
        other: None,
    }
}

/// The page for who lost their own link.
#[must_use]
pub fn lost_view(
    base_url: &str,
    organisation: &Organisation,
    language: Language,
    problem: Option<Refusal>,
) -> OwnerView {
    let text = |text: OwnerText| text.in_language(language).to_owned();
    let url = format!("{base_url}/link/{}", organisation.catalogue.organisation);
    OwnerView {
        language,
        languages: language_links(&url, &organisation.catalogue.languages),
        controller: controller_view(&organisation.catalogue.controller),
        title: text(OwnerText::LostTitle),
        lead: text(OwnerText::LostLead),
        purposes: Vec::new(),
        action: format!("{url}?lang={}", language.tag()),
        yes: text(OwnerText::LostButton),
        no: None,
        address: Some(String::new()),
        problem: problem.map(|refusal| refusal.sentence(language).into()),
        other: Some(MessageLink {
            label: SlipText::BySlip.in_language(language).into(),
            url: format!("{base_url}/s/{}?lang={}", organisation.catalogue.organisation, language.tag()),
        }),
    }
}
