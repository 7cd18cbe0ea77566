//! What the page takes a file for, and what follows from several.

use proptest::prelude::*;
use shared::Language;
use shared::bundle::{Fault, Open, Outcome, Step, Verdict};
use shared::jwk::{KeySet, PublicKey};
use shared::jws::SigningKey;
use shared::limits::{BUNDLE_BYTES_MAX, GIVEN_NAME_CHARS_MAX, PICTURE_BYTES_MAX};
use shared::log::note::Kind;
use shared::log::{Checkpoint, Note, NoteKey};
use verifier::fill;
use verifier::given::{Given, Plan, shown_name};
use verifier::session::{Judged, Session};
use widget::model::{CheckedView, Found};
use widget::text::VerifyText;

const ORIGIN: &str = "c.example/log/kaas";
const JWS: &str = "eyJhIjoxfQ.eyJiIjoyfQ.AAAA";

fn public(seed: u8) -> PublicKey {
    PublicKey::from_bytes(SigningKey::from_bytes(&[seed; 32]).verifying_key().as_bytes()).unwrap()
}

fn key(kind: Kind) -> NoteKey {
    NoteKey::new(if kind == Kind::Log { ORIGIN } else { "w.example" }, kind, public(9)).unwrap()
}

fn kept() -> String {
    let head = Checkpoint { origin: ORIGIN.into(), size: 3, root: [5; 32] }.to_string();
    let line = key(Kind::Log).sign(&head, &SigningKey::from_bytes(&[9; 32]));
    Note::new(head, vec![line]).to_string()
}

fn jwks() -> String {
    String::from_utf8(KeySet::new([public(7)]).to_json()).unwrap()
}

fn name_of(given: &Given) -> &'static str {
    match given {
        Given::Bundle(_) => "bundle",
        Given::Lines => "lines",
        Given::TooLong => "too long",
        Given::Receipt(_) => "receipt",
        Given::Keys(_) => "keys",
        Given::LogKey(_) => "log key",
        Given::Kept(_) => "kept",
        Given::Witness(_) => "witness",
        Given::Link(_) => "link",
        Given::Unknown(_) => "unknown",
        Given::OtherCode => "other code",
    }
}

#[track_caller]
fn check(name: &str, text: &str, expected: &str) {
    assert_eq!(name_of(&Given::read(name, text.as_bytes())), expected, "{name}: {text:.60}");
}

#[test]
fn a_file_is_what_it_says_whatever_it_is_called() {
    check("x.vinkje.json", "not even JSON", "bundle");
    check("X.VINKJE.JSON", "{}", "bundle");
    check("download (1).json", r#"{"kind":"receipt","schema":"vinkje/bundle/1"}"#, "bundle");
    check("receipt.jws", JWS, "receipt");
    check("receipt.jws.txt", &format!("{JWS}\n"), "receipt");
    check("jwks.json", &jwks(), "keys");
    check("key", &format!("{}\n", key(Kind::Log)), "log key");
    check("key.txt", &key(Kind::Witness).to_string(), "witness");
    check("kept.txt", &kept().replace('\n', "\r\n"), "kept");
    check("code", "https://c.example/r/0123", "link");
    check("story.txt", "once upon a time", "unknown");
    check("story.txt", "http://two links http://here", "unknown");
    check("empty", "", "unknown");
    assert_eq!(name_of(&Given::read("key", b"\xff\xfe")), "unknown");
}

#[track_caller]
fn plan(name: &str, size: usize, start: &[u8], expected: Plan) {
    assert_eq!(Plan::of(name, size as f64, start), expected, "{name} of {size} bytes");
}

#[test]
fn a_file_is_read_only_if_it_is_no_larger_than_what_it_can_be() {
    plan("x.vinkje.json", BUNDLE_BYTES_MAX, b"{", Plan::Whole);
    plan("x.vinkje.json", BUNDLE_BYTES_MAX + 1, b"{", Plan::TooLong);
    plan("kaas.vinkje.jsonl", 1 << 40, b"", Plan::Lines);
    let head = br#"{"checkpoint":"x","keys":[],"log_key":"y","schema":"vinkje/bundle-lines/1"}"#;
    plan("kaas.txt", 1 << 40, head, Plan::Lines);
    plan("photo", PICTURE_BYTES_MAX, b"\x89PNG\r\n\x1a\n....", Plan::Picture);
    plan("photo", PICTURE_BYTES_MAX + 1, b"\xff\xd8\xff\xe0", Plan::TooLong);
    plan("photo.heic", 99, b"\0\0\0\x18ftypheic", Plan::Picture);
}

#[test]
fn a_name_is_short_and_stays_in_its_place() {
    assert_eq!(shown_name(&"a".repeat(9_999)).chars().count(), GIVEN_NAME_CHARS_MAX);
    assert_eq!(shown_name("evil\u{202e}nosj.ekjniv\n"), "evilnosj.ekjniv");
}

fn given(things: &[(&str, &str)]) -> Session {
    let mut session = Session::default();
    things.iter().for_each(|(name, text)| session.take(name, Given::read(name, text.as_bytes())));
    session
}

fn view(session: &mut Session) -> CheckedView {
    let judged = session.judge();
    fill::checked(session.items(), &judged, Language::En, false, "https://c.example")
}

#[test]
fn what_is_not_recognised_is_judged_where_there_is_nothing_else_to_judge() {
    let mut session = given(&[("story.txt", "once upon a time")]);
    let Judged::Whole(report) = session.judge() else { panic!("judged as a whole") };
    assert_eq!(report.fault(), Some((Step::File, Fault::NotJson)));
    let mut session = given(&[("receipt.jws", JWS), ("story.txt", "once upon a time")]);
    let view = view(&mut session);
    let kinds: Vec<_> = view.given.iter().map(|given| given.kind).collect();
    let expected = [VerifyText::IsReceipt, VerifyText::IsUnknown].map(|text| text.in_language(Language::En));
    assert_eq!(kinds, expected);
}

#[test]
fn a_newer_thing_of_a_kind_takes_the_place_of_the_older() {
    let kept = kept();
    let mut session =
        given(&[("a.jws", JWS), ("kept.txt", &kept), ("b.vinkje.json", "{}"), ("again.txt", &kept)]);
    let names: Vec<_> = session.items().iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["b.vinkje.json", "again.txt"]);
    session.remove(0);
    session.remove(7);
    assert!(view(&mut session).found.is_none(), "a kept state alone is no evidence");
    let witness = key(Kind::Witness).to_string();
    assert_eq!(given(&[("w", &witness), ("w again", &witness)]).items().len(), 1);
}

#[test]
fn a_receipt_alone_is_open_until_there_are_keys_and_then_judged_by_them() {
    let found = |things: &[(&str, &str)]| view(&mut given(things)).found.expect("evidence");
    assert_eq!(found(&[("a.jws", JWS)]).found, Found::Open);
    assert_eq!(found(&[("a.jws", JWS)]).sentence, Verdict::Open.sentence(Language::En));
    let judged = found(&[("a.jws", JWS), ("jwks.json", &jwks())]);
    assert_eq!(judged.found, Found::Fails);
    assert_eq!(judged.steps[2].code, Some("receipt_header"));
    let alone = Outcome::NotChecked(Open::Earlier);
    let Judged::Whole(report) = given(&[("a.jws", JWS), ("jwks.json", &jwks())]).judge() else {
        panic!("judged as a whole")
    };
    assert_eq!(report.outcome(Step::Wording), Some(alone));
}

#[test]
fn a_link_out_of_a_code_leads_only_to_the_page_s_own_website() {
    let link = |text: &str| {
        let mut session = Session::default();
        session.take("code", Given::of_text(text).expect("a link"));
        let view = view(&mut session);
        assert!(view.found.is_none() && view.given[0].is_link);
        view.given[0].link.clone()
    };
    assert_eq!(link("https://c.example/r/abc").as_deref(), Some("https://c.example/r/abc"));
    assert_eq!(link("https://c.example/m/abc").as_deref(), Some("https://c.example/m/abc"));
    for other in
        ["https://c.example.evil.example/r/abc", "https://evil.example/r/abc", "https://c.example/f/a"]
    {
        assert_eq!(link(other), None, "{other}");
    }
}

#[test]
fn lines_are_judged_from_their_pieces() {
    let mut session = given(&[]);
    session.take("kaas.vinkje.jsonl", Given::Lines);
    assert!(session.wants_lines());
    session.begin();
    assert!(session.feed(b"{\"checkpoint\""));
    assert!(!session.feed(b":1}\n{}\n"));
    assert!(!session.feed(b"more"));
    let view = view(&mut session);
    let step = &view.found.expect("judged").steps[0];
    assert_eq!((step.title.as_str(), step.code), ("Line 1", Some("not_a_bundle")));
}

proptest! {
    #[test]
    fn nothing_that_is_given_breaks_the_page(name in ".{0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Plan::of(&name, bytes.len() as f64, &bytes);
        let mut session = Session::default();
        session.take(&name, Given::read(&name, &bytes));
        session.take("text", Given::read("text", String::from_utf8_lossy(&bytes).as_bytes()));
        let judged = session.judge();
        let view = fill::checked(session.items(), &judged, Language::Nl, true, "");
        prop_assert!(view.found.is_none_or(|found| found.found != Found::Holds));
    }
}
