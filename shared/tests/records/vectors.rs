//! Records of cases that a visitor to the demo shop does not make, against the committed files of `vectors/records.json`.
//!
//! In scope: ends of terms, other countries, all kinds of purpose, wording of before. The end-to-end tests give the same file to
//! processors that are not ours.
//!
//! Invariant: the same receipts give the same bytes, today and later. When this fails on purpose, write the file anew with
//! `WRITE_VECTORS=1` and say why in the commit.

use serde_json::{Value, json};
use shared::Language;
use shared::lifecycle::Command;
use shared::notice::Notice;
use shared::purpose::Channel;
use shared::record::terms::PurposeTerm;

use super::OLD_NOTICE;
use super::person::{Person, notice, purpose};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/records.json");

/// Somebody on a form with one box of direct marketing, in another country.
fn in_country(country: &str, storage: &str) -> Person {
    let mut shown = notice(Language::En);
    (shown.controller.country, shown.controller.storage_country) =
        (Some(country.into()), Some(storage.into()));
    shown.purposes.truncate(1);
    let mut person = Person::on(shown);
    person.choose(&["nieuwsbrief"]);
    person
}

fn every_kind() -> Person {
    let mut shown = notice(Language::Nl);
    let one = |(number, term): (usize, PurposeTerm)| {
        let mut shown = purpose(&format!("doel-{number}"), 1, Channel::Email, vec![]);
        shown.purpose.terms.dpv = term.term().into();
        shown
    };
    shown.purposes = PurposeTerm::ALL.into_iter().enumerate().map(one).collect();
    shown.parties.clear();
    let mut person = Person::on(shown);
    person.choose(&["doel-0", "doel-4"]);
    person
}

fn ended() -> Person {
    let mut person = Person::on(notice(Language::Nl));
    person.choose(&["nieuwsbrief", "boerderij"]);
    person.choose(&["boerderij"]);
    person.let_pass();
    person
}

fn again() -> Person {
    let mut person = Person::on(notice(Language::En));
    person.choose(&["post"]);
    person.withdraw(&Command::WithdrawAll);
    person.choose(&["post"]);
    person
}

fn of_before() -> Person {
    let old: Notice = serde_json::from_str(OLD_NOTICE).unwrap();
    let mut person = Person::on(old);
    person.choose(&["delen"]);
    person
}

fn case(name: &str, person: &Person) -> Value {
    let record = person.record();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    json!({"name": name, "jsonld": text(record.json_ld()), "kantara": text(record.kantara())})
}

#[test]
fn the_same_receipts_give_the_same_bytes() {
    let cases = [
        case("the terms of two consents ended", &ended()),
        case("given again after taking back", &again()),
        case("every kind of purpose", &every_kind()),
        case("in Norway: the Economic Area and not the Union", &in_country("NO", "SE")),
        case("in Germany: an authority that the country alone does not name", &in_country("DE", "DE")),
        case(
            "in the United States, with data in a country that DPV is not known to name",
            &in_country("US", "IN"),
        ),
        case("wording from before countries and addresses were asked", &of_before()),
    ];
    let made = format!("{}\n", serde_json::to_string_pretty(&cases).unwrap());
    if std::env::var_os("WRITE_VECTORS").is_some() {
        std::fs::write(PATH, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(PATH).unwrap(), made);
}
