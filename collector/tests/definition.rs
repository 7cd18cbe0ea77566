//! The demo shop's definition, and texts that are no definition at all.
//!
//! In scope: reading a file and making a catalogue of it. Out of scope: each rule (`definition_lint`), versions
//! (`definition_versions`).
//!
//! Invariant: no text makes any of these panic.

use collector::definition::{compile, lint, parse};
use proptest::prelude::*;
use shared::Language;
use shared::limits::DEFINITION_BYTES_MAX;

const SHOP: &str = include_str!("../../www/shop/shop.toml");

#[test]
fn the_demo_shop_passes_every_rule_without_a_finding() {
    let definition = parse(SHOP).unwrap();
    assert_eq!(lint(&definition), []);
}

#[test]
fn the_demo_shop_has_a_notice_in_both_languages_with_all_items_of_the_law() {
    let compiled = compile(&parse(SHOP).unwrap(), None).unwrap();
    let form = compiled.catalogue.forms.values().next().unwrap();
    assert_eq!(form.id.as_str(), "aanmelden");
    for language in [Language::Nl, Language::En] {
        let notice = &form.notices[&language];
        assert_eq!(notice.purposes.len(), 4);
        let articles: Vec<&str> = notice.sections.iter().map(|section| section.article.as_str()).collect();
        assert_eq!(
            articles,
            [
                "13(1)(a)", "13(1)(a)", "13(1)(b)", "13(1)(c)", "13(1)(d)", "13(1)(e)", "13(1)(f)",
                "13(2)(a)", "13(2)(b)", "13(2)(c)", "13(2)(d)", "13(2)(e)", "13(2)(f)", "13(3)"
            ]
        );
        for section in &notice.sections {
            assert!(!section.paragraphs.is_empty(), "{}", section.heading);
            assert!(section.paragraphs.iter().all(|paragraph| !paragraph.is_empty()), "{}", section.heading);
        }
    }
}

#[test]
fn the_privacy_text_says_where_data_is_who_gets_it_and_who_watches() {
    let belgian = SHOP.replacen("country = \"NL\"", "country = \"BE\"\nstorage_country = \"IE\"", 1);
    let compiled = compile(&parse(&belgian).unwrap(), None).unwrap();
    let notice = &compiled.catalogue.forms.values().next().unwrap().notices[&Language::Nl];
    let text: Vec<&str> =
        notice.sections.iter().flat_map(|section| &section.paragraphs).map(String::as_str).collect();
    let text = text.join("\n");
    for part in [
        "De Kaasplank, Waagplein 12, 2800 XX Gouda, België.",
        "Wij bewaren uw gegevens in Ierland.",
        "Drukkerij Gouwe (Turfsingel 30, 2802 BD Gouda, Nederland; privacy@drukkerijgouwe.example)",
        "de privacytoezichthouder van België: dataprotectionauthority.be.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn each_box_says_which_data_who_gets_it_and_how_long() {
    let compiled = compile(&parse(SHOP).unwrap(), None).unwrap();
    let form = compiled.catalogue.forms.values().next().unwrap();
    let facts = |language: Language, index: usize| -> Vec<String> {
        let details = &form.notices[&language].purposes[index].details;
        details.iter().map(|detail| format!("{}: {}", detail.label, detail.value)).collect()
    };
    assert_eq!(
        facts(Language::Nl, 3),
        [
            "Gegevens: naam, postadres",
            "Wie het krijgt: wij, Boerderij Polderzicht (gebruikt het zelf, Nederland)",
            "Hoe lang: 1 jaar; na stoppen binnen 14 dagen gewist",
        ]
    );
    assert_eq!(
        facts(Language::En, 0),
        [
            "Data: e-mail address",
            "Who gets it: only we",
            "How long: 2 years; erased within 7 days after you stop",
        ]
    );
}

#[track_caller]
fn refused(text: &str, code: &str) -> collector::definition::Finding {
    let findings = parse(text).unwrap_err();
    findings.into_iter().find(|finding| finding.code == code).expect("the finding is there")
}

#[test]
fn a_file_that_is_no_definition_says_where() {
    assert_eq!(
        refused("[organisation]\nid = \"kaas", "toml_invalid").place.at.map(|(line, _)| line),
        Some(2)
    );
    let unknown = refused("[organisation]\nnaam = \"Kaas\"", "unknown_key");
    assert_eq!(unknown.place.at, Some((2, 1)));
    assert!(unknown.sentence.en.contains("`naam`") && unknown.sentence.en.contains("`name`"));
    assert!(refused("", "missing_key").sentence.nl.contains("`organisation`"));
    refused("[organisation]\nlanguages = [\"xx\"]", "bad_value");
    refused(&format!("#{}", " ".repeat(DEFINITION_BYTES_MAX)), "definition_too_large");
}

#[test]
fn nesting_without_end_is_refused() {
    for text in [
        format!("{}a = 1", "a.".repeat(100_000)),
        format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        "a={".repeat(80_000),
    ] {
        refused(&text, "toml_invalid");
    }
}

/// Pieces of a definition, put together at random: most are TOML, few are lawful.
fn pieces() -> impl Strategy<Value = String> {
    let lines: Vec<&str> = SHOP.lines().collect();
    let word = prop_oneof!["[a-z \"=.\\[\\]]{0,30}", "\\PC{0,30}", Just(String::new())];
    let line = prop_oneof![4 => proptest::sample::select(lines).prop_map(str::to_owned), 1 => word];
    proptest::collection::vec(line, 0..80).prop_map(|lines| lines.join("\n"))
}

/// The demo shop with a few of its characters replaced.
fn damaged() -> impl Strategy<Value = String> {
    let edit = (0..SHOP.len(), proptest::char::any());
    proptest::collection::vec(edit, 1..6).prop_map(|edits| {
        let mut characters: Vec<char> = SHOP.chars().collect();
        for (index, character) in edits {
            let index = index % characters.len();
            characters[index] = character;
        }
        characters.into_iter().collect()
    })
}

/// The demo shop with some lines left out: still TOML, mostly not whole.
fn with_holes() -> impl Strategy<Value = String> {
    let count = SHOP.lines().count();
    proptest::collection::vec(0..count, 1..12).prop_map(|holes| {
        let lines = SHOP.lines().enumerate().filter(|(index, _)| !holes.contains(index));
        lines.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
    })
}

fn try_all(text: &str) {
    if let Ok(definition) = parse(text) {
        let shop = compile(&parse(SHOP).unwrap(), None).unwrap().catalogue;
        for finding in lint(&definition) {
            assert!(!finding.line(Language::Nl).is_empty() && !finding.line(Language::En).is_empty());
        }
        drop(compile(&definition, None));
        drop(compile(&definition, Some(&shop)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_reading_or_judging_panic(text in prop_oneof![pieces(), damaged(), with_holes(), "\\PC{0,200}"]) {
        try_all(&text);
    }

    #[test]
    fn no_words_make_the_rules_panic(title in "\\PC{0,60}", text in "[\\PC\n]{0,300}") {
        let mut definition = parse(SHOP).unwrap();
        definition.purposes[0].title.insert(Language::Nl, title);
        definition.purposes[0].text.insert(Language::En, text.clone());
        definition.forms[0].withdrawal.insert(Language::Nl, text);
        drop(lint(&definition));
    }
}
