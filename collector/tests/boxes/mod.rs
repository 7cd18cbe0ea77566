//! The demo shop with other words at its first box, and what is found in it.
//!
//! Invariant: the demo shop itself has no finding, so whatever is found comes from those words.
#![allow(dead_code)] // Each test uses its own part of it.

use collector::definition::{Finding, lint, parse};

pub const SHOP: &str = include_str!("../../../www/shop/shop.toml");

/// The demo shop with other words at the first box.
pub fn with(channel: &str, nl: (&str, &str), en: (&str, &str)) -> String {
    let start = SHOP.find("[[purpose]]").unwrap();
    let end = start + SHOP[start + 1..].find("[[purpose]]").unwrap() + 1;
    let needs = if channel == "post" { "[\"name\", \"address\"]" } else { "[\"email\"]" };
    let purpose = format!(
        "[[purpose]]\nid = \"nieuwsbrief\"\nchannel = \"{channel}\"\nneeds = {needs}\nerasure_days = 7\n\
         title.nl = {:?}\ntext.nl = {:?}\ntitle.en = {:?}\ntext.en = {:?}\n\
         title.ar = \"أرسلوا إليّ ما هو جديد\"\ntext.ar = \"أربع مرات في السنة.\"\n\n",
        nl.0, nl.1, en.0, en.1
    );
    format!("{}{purpose}{}", &SHOP[..start], &SHOP[end..])
}

pub fn findings(text: &str) -> Vec<Finding> {
    parse(text).map_or_else(|findings| findings, |definition| lint(&definition))
}

pub const TITLE: &str = "Stuur mij de nieuwsbrief per e-mail";
pub const TEXT: &str = "Eén keer per maand een mail over nieuwe kazen.";
pub const TITLE_EN: &str = "Send me the newsletter by e-mail";
pub const TEXT_EN: &str = "Once a month an e-mail about new cheeses.";

/// These words as title and as text of an e-mail box are refused with this code, each time with article and sentences.
#[track_caller]
pub fn refuses(code: &str, words: &str) {
    let as_title = with("email", (words, TEXT), (TITLE_EN, TEXT_EN));
    let as_text = with("email", (TITLE, words), (TITLE_EN, TEXT_EN));
    found(code, &as_title, words);
    found(code, &as_text, words);
}

#[track_caller]
pub fn refuses_en(code: &str, words: &str) {
    let as_title = with("email", (TITLE, TEXT), (words, TEXT_EN));
    let as_text = with("email", (TITLE, TEXT), (TITLE_EN, words));
    found(code, &as_title, words);
    found(code, &as_text, words);
}

#[track_caller]
pub fn found(code: &str, file: &str, words: &str) {
    let all = findings(file);
    let one = all.iter().find(|finding| finding.code == code);
    let one = one.unwrap_or_else(|| panic!("{words}: no {code} in {all:#?}"));
    assert!(one.article.starts_with("GDPR") || one.article.starts_with("Tw"), "{words}: {}", one.article);
    assert!(one.place.at.is_some() && !one.sentence.nl.is_empty() && !one.sentence.en.is_empty(), "{words}");
}

/// These words are title and text of an honest box of this channel, in Dutch.
#[track_caller]
pub fn passes(channel: &str, title: &str, text: &str) {
    let all = findings(&with(channel, (title, text), (TITLE_EN, TEXT_EN)));
    // The English words beside it are those of an e-mail box.
    let own: Vec<&Finding> = all.iter().filter(|finding| finding.place.path.ends_with(".nl")).collect();
    assert!(own.is_empty(), "{title} / {text}: {own:#?}");
}

/// The same in English.
#[track_caller]
pub fn passes_en(channel: &str, title: &str, text: &str) {
    let all = findings(&with(channel, (TITLE, TEXT), (title, text)));
    let own: Vec<&Finding> = all.iter().filter(|finding| finding.place.path.ends_with(".en")).collect();
    assert!(own.is_empty(), "{title} / {text}: {own:#?}");
}

/// This text under an honest title is refused.
#[track_caller]
pub fn refuses_text(code: &str, words: &str) {
    found(code, &with("email", (TITLE, words), (TITLE_EN, TEXT_EN)), words);
}

/// The same in English.
#[track_caller]
pub fn refuses_text_en(code: &str, words: &str) {
    found(code, &with("email", (TITLE, TEXT), (TITLE_EN, words)), words);
}
