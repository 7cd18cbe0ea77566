//! Standard records against the lifecycle, the vocabulary and the wording: by cases with a name, and by any history.
//!
//! Out of scope: that a stock processor reads them; the end-to-end tests have one.
//!
//! Invariant tested: the state in a record is the state that the lifecycle folds, and every term exists in DPV 2.3.

mod person;
mod vectors;

use std::collections::BTreeSet;

use person::{Person, customers, notice};
use proptest::prelude::*;
use serde_json::Value;
use shared::Language;
use shared::canonical;
use shared::ids::{NoticeHash, PurposeId, ReceiptId};
use shared::lifecycle::{Command, ConsentState};
use shared::notice::Notice;
use shared::record::place::authority;
use shared::record::terms::PurposeTerm;
use shared::record::{Answered, Record, RecordError, Status};
use shared::time::Timestamp;

const TERMS: &str = include_str!("../../../tests/verifiers/dpv-2.3.txt");

fn terms() -> BTreeSet<&'static str> {
    TERMS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

fn withdraw(id: &str) -> Command {
    Command::Withdraw(PurposeId::parse(id).unwrap())
}

fn statuses(record: &Record<'_>) -> Vec<Status> {
    record.lines().iter().map(|line| line.status).collect()
}

fn json(bytes: &[u8]) -> Value {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    assert_eq!(canonical::to_bytes(&value), bytes, "canonical");
    value
}

/// The states in the JSON-LD, in order.
fn states(record: &Value) -> Vec<&str> {
    let records = record["dpv:hasRecordOfActivity"].as_array().unwrap();
    records.iter().map(|record| record["dpv:hasConsentStatus"][0]["@type"][0].as_str().unwrap()).collect()
}

const fn state(status: Status) -> &'static str {
    match status {
        Status::Given => "dpv:ConsentGiven",
        Status::Renewed => "dpv:RenewedConsentGiven",
        Status::Refused => "dpv:ConsentRefused",
        Status::Requested => "dpv:ConsentRequested",
        Status::Lapsed => "dpv:ConsentRequestDeferred",
        Status::Withdrawn => "dpv:ConsentWithdrawn",
        Status::Expired => "dpv:ConsentExpired",
        Status::Unproven => "dpv:ConsentUnknown",
        Status::NotObjected => "dpv:LegitimateInterestNotObjected",
        Status::Objected => "dpv:LegitimateInterestObjected",
        Status::Ended => "dpv:ActivityCompleted",
    }
}

/// Every name and value of a document that is written as a term of a vocabulary of ours.
fn used(value: &Value, found: &mut BTreeSet<String>) {
    let mut note = |text: &str| {
        let ours = ["dpv:", "pd:", "loc:", "eu-gdpr:", "legal-", "https://w3id.org/dpv/schema"];
        if ours.iter().any(|start| text.starts_with(start)) {
            found.insert(text.into());
        }
    };
    match value {
        Value::String(text) => note(text),
        Value::Array(all) => all.iter().for_each(|value| used(value, found)),
        Value::Object(all) => {
            all.keys().for_each(|name| note(name));
            // The context says what the names mean; its values are IRIs of vocabularies.
            all.iter().filter(|(name, _)| *name != "@context").for_each(|(_, value)| used(value, found));
        }
        _ => {}
    }
}

#[test]
fn each_thing_that_a_person_can_do_has_its_state() {
    let mut person = Person::on(notice(Language::Nl));
    person.choose(&["nieuwsbrief", "post"]);
    assert_eq!(statuses(&person.record()), [Status::Given, Status::Given, Status::Refused, Status::Refused]);
    person.choose(&["nieuwsbrief", "keuze"]);
    assert_eq!(
        statuses(&person.record()),
        [Status::Renewed, Status::Given, Status::Given, Status::Refused],
        "an empty box ends nothing"
    );
    person.withdraw(&withdraw("post"));
    assert_eq!(statuses(&person.record()), [Status::Withdrawn]);
    person.withdraw(&Command::WithdrawAll);
    assert_eq!(statuses(&person.record()), [Status::Withdrawn, Status::Withdrawn]);
    person.choose(&["post"]);
    assert_eq!(statuses(&person.record())[1], Status::Given);
    person.let_pass();
    assert_eq!(statuses(&person.record()), [Status::Expired]);
    person.request(&["nieuwsbrief", "post"]);
    assert_eq!(statuses(&person.record())[..2], [Status::Requested, Status::Given]);
    person.let_pass();
    assert_eq!(statuses(&person.record()), [Status::Lapsed, Status::Expired]);
}

#[test]
fn a_confirmation_replaces_the_record_of_the_request() {
    let mut person = Person::on(notice(Language::Nl));
    person.request(&["nieuwsbrief"]);
    assert_eq!(states(&json(&person.record().json_ld()))[0], "dpv:ConsentRequested");
    person.confirm(&["nieuwsbrief"]);
    let record = json(&person.record().json_ld());
    assert_eq!(states(&record), ["dpv:ConsentGiven"]);
    let record = &record["dpv:hasRecordOfActivity"][0];
    let id = |number: u8| format!("urn:uuid:{}#record-nieuwsbrief", ReceiptId::from_bytes([number; 16]));
    assert_eq!((&record["dct:replaces"][0], &record["dct:isVersionOf"][0]), (&id(0).into(), &id(0).into()));
}

#[test]
fn a_renewal_and_a_withdrawal_replace_the_record_before_and_a_new_yes_does_not() {
    let mut person = Person::on(notice(Language::Nl));
    person.choose(&["nieuwsbrief"]);
    person.choose(&["nieuwsbrief"]);
    person.withdraw(&Command::WithdrawAll);
    let id = |number: u8| format!("urn:uuid:{}#record-nieuwsbrief", ReceiptId::from_bytes([number; 16]));
    let record = json(&person.record().json_ld());
    let record = &record["dpv:hasRecordOfActivity"][0];
    assert_eq!(record["@id"], id(2));
    assert_eq!(record["dct:replaces"][0], id(1));
    assert_eq!(record["dct:isVersionOf"][0], id(0));
    person.choose(&["nieuwsbrief"]);
    let record = json(&person.record().json_ld());
    assert_eq!(record["dpv:hasRecordOfActivity"][0].get("dct:replaces"), None);
}

#[test]
fn kantara_lists_what_was_agreed_to_and_nothing_else() {
    let mut person = Person::on(notice(Language::En));
    person.choose(&["nieuwsbrief", "boerderij"]);
    let receipt = json(&person.record().kantara());
    let purposes = receipt["services"][0]["purposes"].as_array().unwrap();
    assert_eq!(purposes.len(), 2);
    assert_eq!(purposes[0]["thirdPartyDisclosure"], false);
    assert_eq!(purposes[0].get("thirdPartyName"), None);
    assert_eq!(purposes[1]["thirdPartyName"], "Boerderij Polderzicht");
    assert_eq!(receipt["consentTimestamp"], person.receipts[0].at.unix_seconds());
    person.withdraw(&withdraw("boerderij"));
    let receipt = json(&person.record().kantara());
    assert_eq!(receipt["services"][0]["purposes"], serde_json::json!([]));
}

#[test]
fn another_wording_or_a_purpose_that_nobody_showed_gives_no_record() {
    let mut person = Person::on(notice(Language::Nl));
    person.choose(&["nieuwsbrief"]);
    let other = notice(Language::En);
    let wrong = Answered { receipt: &person.receipts[0], notice: &other };
    assert_eq!(Record::new(&[], wrong).unwrap_err(), RecordError::OtherNotice);
    let mut receipt = person.receipts[0].clone();
    receipt.decisions[0].purpose = PurposeId::parse("onbekend").unwrap();
    let stray = Answered { receipt: &receipt, notice: &person.notice };
    assert_eq!(Record::new(&[], stray).unwrap_err(), RecordError::PurposeNotShown);
}

#[test]
fn a_purpose_that_todays_form_no_longer_asks_is_recorded_in_its_own_words() {
    let mut person = Person::on(notice(Language::Nl));
    person.choose(&["nieuwsbrief", "post"]);
    let mut today = person.notice.clone();
    today.purposes.remove(1);
    today.form_version = today.form_version.next();
    let mut later = Person { notice: today.clone(), state: person.state.clone(), receipts: vec![] };
    later.withdraw(&withdraw("post"));
    let earlier = person.answered();
    let record = Record::new(&earlier, later.answered()[0]).unwrap();
    assert_eq!(statuses(&record), [Status::Withdrawn]);
    let (json, hash) = (json(&record.json_ld()), person.notice.canonical().1);
    let shown = json["dpv:hasRecordOfActivity"][0]["dpv:hasNotice"][0]["@id"].as_str().unwrap();
    assert!(shown.ends_with(&hash.to_string()), "{shown}");
}

/// The canonical bytes of a notice of before countries and addresses were asked.
const OLD_NOTICE: &str = r#"{"controller":{"address":"Dorpsstraat 1, 1234 AB Dorp","email":"privacy@shop.example","name":"Bakkerij Voorbeeld"},"form":"aanmelden","form_version":1,"intro":"Kies.","language":"nl","organisation":"bakkerij","purposes":[{"details":[],"purpose":{"id":"delen","terms":{"channel":"sharing","dpv":"dpv:Marketing","erasure_days":7,"needs":["address"],"recipients":[{"country":"NL","name":"Drukkerij","role":"third_party"}],"validity_months":24},"version":1},"text":"Soms.","title":"Deel mijn adres"}],"schema":"vinkje/notice/1","sections":[],"title":"Post?","withdrawal":"Stoppen kan altijd."}"#;

#[test]
fn a_notice_of_an_earlier_build_keeps_its_bytes_and_its_hash_and_gives_a_record() {
    let old: Notice = canonical::from_bytes(OLD_NOTICE.as_bytes()).unwrap();
    let (bytes, hash) = old.canonical();
    assert_eq!(bytes, OLD_NOTICE.as_bytes());
    let expected = "sha256-43c99c10dc67d4a13333737635c5d2c43abe91e0d64d404492725d3ca45add37";
    assert_eq!(hash, NoticeHash::parse(expected).unwrap());
    let mut person = Person::on(old);
    person.choose(&["delen"]);
    let json = json(&person.record().json_ld());
    let process = &json["dpv:hasRecordOfActivity"][0]["dpv:hasProcess"][0];
    assert_eq!(process["dpv:hasPurpose"][0]["skos:broader"][0], "dpv:SellDataToThirdParties");
    assert_eq!(process["dpv:hasJurisdiction"], serde_json::json!(["loc:EU"]));
    let mut found = BTreeSet::new();
    used(&json, &mut found);
    assert!(found.iter().all(|term| terms().contains(term.as_str())), "{found:?}");
}

#[test]
fn a_person_on_an_imported_list_has_its_words_its_source_and_its_moment() {
    let mut person = Person::on(notice(Language::Nl));
    person.list("nieuwsbrief", true);
    let record = &json(&person.record().json_ld())["dpv:hasRecordOfActivity"][0];
    let status = &record["dpv:hasConsentStatus"][0];
    assert_eq!(status["@type"][0], "dpv:ConsentGiven");
    assert_eq!(status["dpv:isIndicatedAtTime"], "2026-05-03T00:00:00Z");
    assert_eq!(status["dpv:hasDuration"][0]["rdf:value"]["@value"], "2028-05-03T00:00:00Z");
    assert!(status["dpv:hasIndicationMethod"].as_str().unwrap().contains("beurs 2026"));
    assert!(status["dpv:isIndicatedBy"][0].as_str().unwrap().ends_with("#controller"));
    let words = NoticeHash::of(b"Ja, mail mij het nieuws.").to_string();
    assert_eq!(record["dpv:hasNotice"][0]["dct:identifier"], words);
    assert!(record["dpv:hasNotice"][0]["@id"].as_str().unwrap().ends_with(&format!("/wording/{words}")));
    assert_eq!(record["dpv:hasNotice"][1]["@type"][1], "eu-gdpr:IndirectDataCollectionNotice");
    assert_eq!(record["dct:created"], "2026-11-24T12:00:00Z", "never backdated");

    person.withdraw(&withdraw("nieuwsbrief"));
    let record = &json(&person.record().json_ld())["dpv:hasRecordOfActivity"][0];
    let process = &record["dpv:hasProcess"][0];
    assert_eq!(process["dpv:hasDataSource"][0]["dct:description"], "beurs 2026");
    person.choose(&["nieuwsbrief"]);
    let record = &json(&person.record().json_ld())["dpv:hasRecordOfActivity"][0];
    assert_eq!(record["dpv:hasProcess"][0]["dpv:hasDataSource"][0], "dpv:DataSubjectDataSource");
}

#[test]
fn an_objection_names_its_right_also_where_no_consent_stood() {
    let mut person = Person::on(notice(Language::Nl));
    person.choose(&["nieuwsbrief"]);
    person.object();
    let record = json(&person.record().json_ld());
    assert_eq!(states(&record), ["dpv:ConsentWithdrawn"]);
    person.object();
    let record = json(&person.record().json_ld());
    assert_eq!(states(&record), [""; 0]);
    assert_eq!(record["dpv:hasRight"][0]["@type"][1], "eu-gdpr:A21");
}

#[test]
fn a_person_on_a_list_without_proof_has_agreed_to_nothing() {
    let mut person = Person::on(notice(Language::En));
    person.list("nieuwsbrief", false);
    let record = person.record();
    assert_eq!(statuses(&record), [Status::Unproven]);
    assert_eq!(states(&json(&record.json_ld())), ["dpv:ConsentUnknown"]);
    let kantara = json(&record.kantara());
    assert_eq!(kantara["services"][0]["purposes"], serde_json::json!([]));
}

#[test]
fn what_rests_on_a_sale_has_no_record_of_consent() {
    let mut person = customer();
    person.buy(false);
    let check = |person: &Person, status: Status, state: &str| {
        let record = person.record();
        assert_eq!(statuses(&record), [status]);
        let document = json(&record.json_ld());
        assert_eq!(states(&document), [""; 0], "{document}");
        let process = &document["dpv:hasProcess"][0];
        assert_eq!(process["dpv:hasLegalBasis"], serde_json::json!(["eu-gdpr:A6-1-f"]));
        assert_eq!(process["dpv:hasStatus"][0]["@type"][0], state);
        assert_eq!(process.get("dpv:hasConsentControl"), None);
        let mut found = BTreeSet::new();
        used(&document, &mut found);
        assert!(found.iter().all(|term| terms().contains(term.as_str())), "{found:?}");
        assert_eq!(json(&record.kantara())["services"][0]["purposes"], serde_json::json!([]));
    };
    check(&person, Status::NotObjected, "dpv:LegitimateInterestNotObjected");
    let document = json(&person.record().json_ld());
    let status = &document["dpv:hasProcess"][0]["dpv:hasStatus"][0];
    assert_eq!(status["dpv:isIndicatedAtTime"], "2026-11-20T00:00:00Z");
    assert_eq!(document["dct:created"], "2026-11-24T12:00:00Z", "never backdated");
    person.withdraw(&withdraw("klanten"));
    check(&person, Status::Objected, "dpv:LegitimateInterestObjected");

    let mut person = customer();
    person.buy(true);
    check(&person, Status::Objected, "dpv:LegitimateInterestObjected");
    let mut person = customer();
    person.buy(false);
    person.let_pass();
    check(&person, Status::Ended, "dpv:ActivityCompleted");
}

fn customer() -> Person {
    let mut shown = notice(Language::Nl);
    shown.customers = vec![customers()];
    Person::on(shown)
}

#[test]
fn the_vocabulary_has_every_term_that_could_be_used() {
    let known = terms();
    for term in PurposeTerm::ALL.iter().flat_map(|term| term.broader()) {
        assert!(known.contains(term), "{term}");
    }
    for country in ["AT", "BE", "DK", "FR", "IE", "LU", "NL"] {
        assert!(known.contains(authority(country).unwrap().term));
    }
    assert_eq!(authority("DE"), None, "one per state");
    // What the guide to the standard writes and the vocabulary does not have.
    for trap in ["dpv:ConsentTerminated", "dpv:hasLegalName", "pd:Email", "loc:France", "eu-gdpr:GDPR"] {
        assert!(!known.contains(trap), "{trap}");
    }
}

#[derive(Debug, Clone)]
enum Deed {
    Choose([bool; 4]),
    Withdraw(usize),
    WithdrawAll,
    LetPass,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => any::<[bool; 4]>().prop_map(Deed::Choose),
        2 => (0usize..4).prop_map(Deed::Withdraw),
        1 => Just(Deed::WithdrawAll),
        1 => Just(Deed::LetPass),
    ]
}

const IDS: [&str; 4] = ["nieuwsbrief", "post", "keuze", "boerderij"];

fn country() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![Just("NL".into()), Just("NO".into()), "[A-Z]{2}"])
}

proptest! {
    #[test]
    fn whatever_happened_the_records_say_what_the_lifecycle_folds(
        deeds in proptest::collection::vec(deed(), 1..8),
        countries in (country(), country()),
        term in proptest::sample::select(PurposeTerm::ALL.to_vec()),
        parties: bool,
        english: bool,
        listed: Option<bool>,
    ) {
        let mut shown = notice(if english { Language::En } else { Language::Nl });
        (shown.controller.country, shown.controller.storage_country) = countries;
        shown.purposes[0].purpose.terms.dpv = term.term().into();
        if !parties {
            shown.parties.clear();
        }
        let mut person = Person::on(shown);
        match listed {
            Some(proven) => person.list("nieuwsbrief", proven),
            None => person.choose(&[]),
        }
        for deed in deeds {
            match deed {
                Deed::Choose(ticks) => {
                    let ticked = IDS.into_iter().zip(ticks).filter_map(|(id, tick)| tick.then_some(id));
                    person.choose(&ticked.collect::<Vec<_>>());
                }
                // Taking back what does not stand is refused and leaves no receipt.
                Deed::Withdraw(index) => person.withdraw(&withdraw(IDS[index])),
                Deed::WithdrawAll => person.withdraw(&Command::WithdrawAll),
                Deed::LetPass => person.let_pass(),
            }
            let record = person.record();
            for line in record.lines() {
                let stands = person.state.get(&line.purpose.purpose.id).unwrap();
                let until = line.until.map(Timestamp::unix_seconds);
                let same = match (line.status, stands.state) {
                    (Status::Given | Status::Renewed, ConsentState::Given { until: end }) => until == Some(end),
                    (Status::Refused, ConsentState::Refused) | (Status::Withdrawn, ConsentState::Withdrawn)
                    | (Status::Expired, ConsentState::Expired) | (Status::Unproven, ConsentState::Unproven) => until.is_none(),
                    _ => false,
                };
                prop_assert!(same, "{:?} is not {:?}", line.status, stands.state);
                prop_assert_eq!(line.made.receipt.at.unix_seconds(), stands.since);
            }
            prop_assert_eq!(record.lines().len(), person.receipts.last().unwrap().decisions.len());
            let document = json(&record.json_ld());
            let expected: Vec<&str> = statuses(&record).into_iter().map(state).collect();
            prop_assert_eq!(states(&document), expected);
            for record in document["dpv:hasRecordOfActivity"].as_array().unwrap() {
                let stored_in = &record["dpv:hasProcess"][0]["dpv:hasStorageCondition"][0]["dpv:hasLocation"];
                prop_assert!(!stored_in.as_array().unwrap().is_empty(), "{record}");
            }
            let mut found = BTreeSet::new();
            used(&document, &mut found);
            let known = terms();
            let unknown: Vec<_> = found.iter().filter(|term| !known.contains(term.as_str())).collect();
            prop_assert!(unknown.is_empty(), "not in DPV 2.3: {unknown:?}");
            json(&record.kantara());
        }
    }
}
