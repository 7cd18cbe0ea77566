//! Versions: which change makes a new one, and what the owner is told.
//!
//! In scope: compiling a changed definition against the catalogue before it. Out of scope: the rules of the lint.
//!
//! Invariant tested: nothing changed, nothing new; changed in what people agree to, never the same version.

use collector::definition::{Change, Compiled, Difference, compile, parse};
use shared::Language;
use shared::form::Catalogue;
use shared::ids::PurposeId;

const SHOP: &str = include_str!("../../www/shop/shop.toml");
const NEWS: &str = "title.nl = \"Stuur mij de nieuwsbrief per e-mail\"";

#[track_caller]
fn apply(text: &str, previous: Option<&Catalogue>) -> Compiled {
    compile(&parse(text).unwrap(), previous).unwrap()
}

fn first() -> Catalogue {
    apply(SHOP, None).catalogue
}

#[track_caller]
fn change(old: &str, new: &str) -> Compiled {
    assert!(SHOP.contains(old), "the demo shop has {old}");
    apply(&SHOP.replacen(old, new, 1), Some(&first()))
}

fn versions(catalogue: &Catalogue, purpose: &str) -> (u32, u32) {
    let purpose = &catalogue.purposes[&PurposeId::parse(purpose).unwrap()];
    (purpose.version.get(), catalogue.forms.values().next().unwrap().version.get())
}

fn said(compiled: &Compiled) -> Vec<String> {
    compiled.changes.iter().map(|change| change.sentence(Language::En)).collect()
}

#[test]
fn the_first_time_everything_is_new() {
    let compiled = apply(SHOP, None);
    assert_eq!(versions(&compiled.catalogue, "post"), (1, 1));
    assert_eq!(said(&compiled).len(), 6);
    assert_eq!(compiled.changes[0].sentence(Language::Nl), "Organisatie kaas is nieuw.");
}

#[test]
fn the_same_file_changes_nothing_to_the_byte() {
    let again = apply(SHOP, Some(&first()));
    assert_eq!(again.changes, []);
    let bytes = |catalogue: &Catalogue| serde_json::to_vec(catalogue).unwrap();
    assert_eq!(bytes(&again.catalogue), bytes(&first()));
}

#[test]
fn layout_of_the_file_changes_nothing() {
    let line = SHOP.lines().find(|line| line.starts_with("text.nl = \"Eén keer")).unwrap();
    let wrapped =
        line.replace("= \"", "= \"\"\"\n").replace(' ', "\n  ").replace("maakt.\"", "maakt.\n\"\"\"");
    let wrapped = wrapped.replace("text.nl\n  =\n  ", "text.nl = ");
    assert_eq!(change(line, &wrapped).changes, []);
}

#[test]
fn other_terms_are_a_new_version_for_which_old_consent_does_not_count() {
    for (old, new, difference) in [
        ("validity_months = 24", "validity_months = 12", Difference::Validity),
        ("erasure_days = 7", "erasure_days = 8", Difference::Erasure),
        ("needs = [\"email\"]", "needs = [\"email\", \"name\"]", Difference::Needs),
        ("channel = \"email\"", "channel = \"email\"\nrecipients = [\"drukkerij\"]", Difference::Recipients),
        ("channel = \"email\"", "channel = \"email\"\ndpv = \"dpv:CommercialResearch\"", Difference::Kind),
    ] {
        let compiled = change(old, new);
        assert_eq!(versions(&compiled.catalogue, "nieuwsbrief"), (2, 2), "{new}");
        let Change::PurposeVersioned { differences, .. } = &compiled.changes[0] else { panic!("{new}") };
        assert_eq!(*differences, [difference]);
        let sentence = compiled.changes[0].sentence(Language::En);
        assert!(sentence.contains("Old consent to version 1 no longer counts for version 2"), "{sentence}");
        assert!(compiled.changes[0].warns());
    }
}

#[test]
fn a_partner_with_another_name_is_another_partner() {
    let compiled = change("name = \"Boerderij Polderzicht\"", "name = \"Boerderij Weidelust\"");
    assert_eq!(versions(&compiled.catalogue, "boerderij"), (2, 2));
    assert_eq!(versions(&compiled.catalogue, "nieuwsbrief").0, 1);
}

#[test]
fn a_country_or_a_recipients_address_is_shown_and_changes_nothing_in_what_was_agreed_to() {
    for (old, new) in [
        ("country = \"NL\"\nlanguages", "country = \"BE\"\nlanguages"),
        ("country = \"NL\"\nlanguages", "country = \"NL\"\nstorage_country = \"IE\"\nlanguages"),
        ("address = \"Turfsingel 30", "address = \"Turfsingel 32"),
        ("privacy@drukkerijgouwe.example", "avg@drukkerijgouwe.example"),
    ] {
        let compiled = change(old, new);
        assert_eq!(versions(&compiled.catalogue, "post"), (1, 2), "{new}");
        assert!(compiled.catalogue.purposes.values().all(|purpose| purpose.version.get() == 1), "{new}");
    }
}

#[test]
fn other_words_are_a_new_version_unless_the_file_says_why_not() {
    let compiled = change(NEWS, "title.nl = \"Stuur mij elke week de nieuwsbrief per e-mail\"");
    assert_eq!(versions(&compiled.catalogue, "nieuwsbrief"), (2, 2));

    let reason = "title.nl = \"Mail mij de nieuwsbrief\"\nwording_only = \"Korter gezegd\"";
    let compiled = change(NEWS, reason);
    assert_eq!(versions(&compiled.catalogue, "nieuwsbrief"), (1, 2));
    assert_eq!(
        said(&compiled),
        [
            "Purpose nieuwsbrief gets other words and stays version 1; old consent goes on to count. Reason: Korter gezegd",
            "Form aanmelden goes from version 1 to version 2.",
        ]
    );
}

#[test]
fn wording_only_excuses_no_change_of_terms() {
    let compiled = change("erasure_days = 7", "erasure_days = 8\nwording_only = \"Korter gezegd\"");
    assert_eq!(versions(&compiled.catalogue, "nieuwsbrief"), (2, 2));
}

#[test]
fn a_wording_only_that_is_left_behind_is_pointed_out() {
    let compiled = change("erasure_days = 7", "erasure_days = 7\nwording_only = \"Korter gezegd\"");
    assert_eq!(versions(&compiled.catalogue, "nieuwsbrief"), (1, 1));
    assert!(matches!(compiled.changes.as_slice(), [Change::WordingOnlyUnused(_)]));
}

#[test]
fn other_words_around_the_boxes_are_a_new_form_and_the_same_purposes() {
    let compiled = change("title.nl = \"Wat mogen wij u sturen?\"", "title.nl = \"Wat wilt u krijgen?\"");
    assert_eq!(versions(&compiled.catalogue, "nieuwsbrief"), (1, 2));
    assert_eq!(said(&compiled), ["Form aanmelden goes from version 1 to version 2."]);
    let notices = compiled.catalogue.forms.values().flat_map(|form| form.notices.values());
    assert!(notices.into_iter().all(|notice| notice.form_version.get() == 2));
}

#[test]
fn a_new_address_of_the_organisation_is_shown_and_said() {
    let compiled = change("Waagplein 12", "Waagplein 14");
    assert_eq!(compiled.changes[0], Change::ControllerChanged);
    assert_eq!(versions(&compiled.catalogue, "post"), (1, 2));
    let compiled = change("\"http://localhost:8090\"", "\"https://kaasplank.example\"");
    assert_eq!(compiled.changes, [Change::OriginsChanged]);
}

#[test]
fn one_language_less_is_no_other_purpose() {
    let compiled = change("languages = [\"nl\", \"en\", \"ar\"]", "languages = [\"nl\"]");
    assert_eq!(versions(&compiled.catalogue, "nieuwsbrief"), (1, 2));
    let back = apply(SHOP, Some(&compiled.catalogue));
    assert_eq!(versions(&back.catalogue, "nieuwsbrief"), (1, 3));
}

#[test]
fn a_purpose_that_left_comes_back_under_a_new_number() {
    let start = SHOP.find("[[purpose]]\nid = \"post\"").unwrap();
    let end = SHOP.find("[[purpose]]\nid = \"keuze\"").unwrap();
    let without = format!("{}{}", &SHOP[..start], &SHOP[end..]).replace("\"post\", ", "");
    let gone = apply(&without, Some(&first()));
    assert!(gone.changes.iter().any(|change| matches!(change, Change::PurposeGone(_)) && change.warns()));
    assert_eq!(versions(&gone.catalogue, "post").0, 1);
    assert_eq!(apply(&without, Some(&gone.catalogue)).changes, []);

    let back = apply(SHOP, Some(&gone.catalogue));
    assert_eq!(versions(&back.catalogue, "post").0, 2);
}

#[test]
fn a_form_that_leaves_is_told() {
    let compiled = change("id = \"aanmelden\"", "id = \"inschrijven\"");
    let sentences = said(&compiled);
    assert!(sentences.iter().any(|sentence| sentence.starts_with("Form inschrijven is new")));
    assert!(sentences.iter().any(|sentence| sentence.starts_with("Form aanmelden disappears")));
}

#[test]
fn the_file_of_another_organisation_is_refused() {
    let other = SHOP.replacen("id = \"kaas\"", "id = \"koor\"", 1);
    let findings = compile(&parse(&other).unwrap(), Some(&first())).unwrap_err();
    assert_eq!(findings[0].code, "other_organisation");
}
