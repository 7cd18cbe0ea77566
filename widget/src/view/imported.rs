//! Where the data of a person on an imported list comes from (Art. 14), on a receipt and on the own page; what a customer bought, on
//! a receipt.
//!
//! Invariant: what the list or the shop claims is said to be its claim.

use shared::Language;
use yew::{Html, html};

use super::words::words;
use crate::model::{ImportedView, SoldView};
use crate::text::RightsText;

/// The list, its moments and its words.
pub fn imported(language: Language, from: &ImportedView) -> Html {
    let text = |text: RightsText| words(text.in_language(language));
    let no_date = || RightsText::ImportedNoDate.in_language(language).to_owned();
    let told = [
        (RightsText::ImportedSource, Some(from.source.clone())),
        (RightsText::ImportedTaken, Some(from.taken.clone())),
        (RightsText::ImportedClaimed, Some(from.claimed.clone().unwrap_or_else(no_date))),
        (RightsText::ImportedReference, from.reference.clone()),
    ];
    let prints = [
        (RightsText::ImportedFile, Some(from.file.clone())),
        (RightsText::ImportedWordsPrint, from.words_hash.clone()),
    ];
    let row = |class: &'static str| {
        move |(label, value): (RightsText, Option<String>)| {
            value.map(|value| html! { <div><dt>{ text(label) }</dt><dd {class}>{ value }</dd></div> })
        }
    };
    html! {
        <section class="imported" aria-labelledby="vk-imported">
            <h2 id="vk-imported">{ text(RightsText::ImportedHeading) }</h2>
            <p>{ text(RightsText::ImportedText) }</p>
            <dl class="rows">
                { for told.into_iter().filter_map(row("")) }
                { for prints.into_iter().filter_map(row("code")) }
            </dl>
            if let Some(shown) = &from.words {
                <details class="wording">
                    <summary>{ text(RightsText::ImportedWords) }</summary>
                    { for shown.lines().filter(|line| !line.trim().is_empty()).map(|line| html! { <p>{ line.to_owned() }</p> }) }
                </details>
            }
        </section>
    }
}

/// What was bought, by which messages are allowed without consent.
pub fn sold(language: Language, bought: &SoldView) -> Html {
    let text = |text: RightsText| words(text.in_language(language));
    let told = [
        (RightsText::SoldProducts, bought.products.clone()),
        (RightsText::SoldOn, Some(bought.sold.clone())),
        (RightsText::SoldNumber, Some(bought.sale.clone())),
    ];
    let row = |(label, value): (RightsText, Option<String>)| {
        value.map(|value| html! { <div><dt>{ text(label) }</dt><dd>{ value }</dd></div> })
    };
    html! {
        <section class="sold" aria-labelledby="vk-sold">
            <h2 id="vk-sold">{ text(RightsText::SoldHeading) }</h2>
            <p>{ text(RightsText::SoldText) }</p>
            <dl class="rows">{ for told.into_iter().filter_map(row) }</dl>
        </section>
    }
}
