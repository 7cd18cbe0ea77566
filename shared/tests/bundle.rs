//! Evidence bundles: whole ones hold, and no changed one does.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use shared::Language;
use shared::bundle::{
    Base64, Bundle, Entry, FailedLine, Fault, Feed, HISTORY_SCHEMA, HISTORY_TYP, Head, History,
    HistoryDigest, Kind, LINES_SCHEMA, Line, Open, Outcome, Since, Step, Summary, Trust, Verdict, check,
    check_alone,
};
use shared::canonical;
use shared::ids::{FormId, FormVersion, OrganisationId, PurposeId, PurposeVersion, ReceiptId, SubjectId};
use shared::jwk::{KeySet, PublicKey};
use shared::jws;
use shared::log::note::Kind as NoteKind;
use shared::log::{Checkpoint, Frontier, Note, NoteKey, entry, tree};
use shared::notice::{Controller, NOTICE_SCHEMA, Notice, NoticePurpose};
use shared::purpose::{Channel, Purpose, PurposeTerms};
use shared::receipt::{Act, CollectionMethod, Decided, Decision, RECEIPT_SCHEMA, Receipt, Ui};
use shared::time::Timestamp;

const ORIGIN: &str = "c.example/log/kaas";
const OTHERS: u8 = 5;

fn key(seed: u8) -> (SigningKey, PublicKey) {
    let signing = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::from_bytes(signing.verifying_key().as_bytes()).unwrap();
    (signing, public)
}

fn log_key(seed: u8) -> (SigningKey, NoteKey) {
    let (signing, public) = key(seed);
    (signing, NoteKey::new(ORIGIN, NoteKind::Log, public).unwrap())
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_800_000_000 + seconds)
}

fn notice() -> Notice {
    let terms = PurposeTerms {
        channel: Channel::Email,
        needs: vec![],
        recipients: vec![],
        validity_months: 24,
        erasure_days: 30,
        dpv: "dpv:DirectMarketing".into(),
        product_group: None,
    };
    let purpose = Purpose {
        id: PurposeId::parse("nieuws").unwrap(),
        version: PurposeVersion::try_from(1).unwrap(),
        terms,
    };
    Notice {
        schema: NOTICE_SCHEMA.into(),
        organisation: OrganisationId::parse("kaas").unwrap(),
        form: FormId::parse("aanmelden").unwrap(),
        form_version: FormVersion::FIRST,
        language: Language::Nl,
        controller: Controller {
            name: "De Kaasboer".into(),
            address: "Markt 1".into(),
            email: "privacy@kaas.example".into(),
            phone: None,
            register: None,
            country: None,
            storage_country: None,
        },
        title: "Aanmelden".into(),
        intro: "Wilt u post?".into(),
        purposes: vec![NoticePurpose {
            purpose,
            title: "Nieuws".into(),
            text: "Elke maand.".into(),
            details: vec![],
        }],
        customers: vec![],
        parties: vec![],
        withdrawal: "U kunt altijd stoppen.".into(),
        sections: vec![],
    }
}

fn receipt(number: u8, act: Act, decided: Decided, until: Option<Timestamp>) -> Receipt {
    let notice = notice();
    let method = if act == Act::Choices { CollectionMethod::Web } else { CollectionMethod::ManagePage };
    Receipt {
        act,
        at: at(i64::from(number)),
        controller: notice.controller.name.clone(),
        decisions: vec![Decision {
            decided,
            purpose: PurposeId::parse("nieuws").unwrap(),
            until,
            version: PurposeVersion::try_from(1).unwrap(),
        }],
        form: notice.form.clone(),
        form_version: notice.form_version,
        imported: None,
        iss: "https://c.example".into(),
        kiosk: None,
        language: Language::Nl,
        method,
        notice: notice.canonical().1,
        offered_at: at(0),
        organisation: notice.organisation,
        origin: None,
        receipt: ReceiptId::from_bytes([number; 16]),
        registered: None,
        schema: RECEIPT_SCHEMA.into(),
        sold: None,
        subject: SubjectId::from_bytes([1; 16]),
        ui: Ui::Wasm,
        widget: "0011223344556677".into(),
    }
}

/// A person who agreed and took it back, in a log with others.
fn history() -> Bundle {
    let (signing, public) = key(7);
    let header = jws::header(&public.thumbprint());
    let receipts = [
        receipt(1, Act::Choices, Decided::Given, Some(at(1).plus_months(24))),
        receipt(2, Act::Withdrawal, Decided::Withdrawn, None),
    ];
    let signed: Vec<String> =
        receipts.iter().map(|receipt| jws::signed(&header, &receipt.to_bytes(), &signing).0).collect();
    let salt = |at: usize| [at as u8 + 40; 32];
    let mut leaves: Vec<_> = (0..OTHERS).map(|other| tree::leaf_hash(&[other])).collect();
    let own = signed.iter().enumerate();
    leaves.extend(own.map(|(at, jws)| entry::leaf(&entry::commit(&salt(at), jws))));
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.append(*leaf, |_| {}));
    let size = leaves.len() as u64;
    let node = |level: u8, index: u64| {
        let mut part = Frontier::default();
        let (from, count) = ((index << level) as usize, 1 << level);
        leaves[from..from + count].iter().for_each(|leaf| part.append(*leaf, |_| {}));
        Ok::<_, core::convert::Infallible>(part.root())
    };
    let entries = (0u64..).zip(&signed).map(|(at, jws)| {
        let index = u64::from(OTHERS) + at;
        let path = tree::inclusion_proof(index, size, node).unwrap();
        Entry { index, path: Bundle::path(path), receipt: jws.clone(), salt: Base64(salt(at as usize)) }
    });
    let (log, log_key) = log_key(9);
    let head = Checkpoint { origin: ORIGIN.into(), size, root: frontier.root() }.to_string();
    let mut digest = HistoryDigest::default();
    signed.iter().for_each(|jws| digest.add(jws));
    let said = History {
        at: at(9),
        digest: digest.finish(),
        iss: "https://c.example".into(),
        organisation: OrganisationId::parse("kaas").unwrap(),
        receipts: 2,
        schema: HISTORY_SCHEMA.into(),
        size,
        subject: SubjectId::from_bytes([1; 16]),
    };
    let said = jws::signed(&jws::header_of(HISTORY_TYP, &public.thumbprint()), &said.to_bytes(), &signing).0;
    let path = tree::consistency_proof(3, size, node).unwrap();
    Bundle {
        checkpoint: Note::new(head.clone(), vec![log_key.sign(&head, &log)]).to_string(),
        history: Some(said),
        keys: KeySet::new([public]).jwks(),
        kind: Kind::Subject,
        log_key: log_key.to_string(),
        notices: vec![String::from_utf8(notice().canonical().0).unwrap()],
        receipts: entries.collect(),
        schema: shared::bundle::BUNDLE_SCHEMA.into(),
        since: Some(Since { path: Bundle::path(path), size: 3 }),
        wordings: vec![],
    }
}

fn trusted() -> Trust {
    Trust { keys: Some(KeySet::new([key(7).1])), log_key: Some(log_key(9).1), ..Trust::default() }
}

/// The log as it was with three entries, or another one of that size.
fn kept(leaves: [u8; 3]) -> Note {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.append(tree::leaf_hash(&[*leaf]), |_| {}));
    let (log, key) = log_key(9);
    let head = Checkpoint { origin: ORIGIN.into(), size: 3, root: frontier.root() }.to_string();
    Note::new(head.clone(), vec![key.sign(&head, &log)])
}

#[track_caller]
fn fails(change: impl FnOnce(&mut Bundle), expected: (Step, Fault)) {
    let mut bundle = history();
    change(&mut bundle);
    assert_eq!(check(&bundle.to_bytes(), &trusted()).fault(), Some(expected));
}

#[test]
fn a_whole_history_holds_and_says_what_it_rests_on() {
    let bytes = history().to_bytes();
    let own = check(&bytes, &Trust::default());
    assert_eq!(own.verdict(), Verdict::HoldsByItsOwnKeys);
    let report = check(&bytes, &Trust { kept: Some(kept([0, 1, 2])), ..trusted() });
    assert_eq!(report.verdict(), Verdict::Holds, "{:?}", report.steps);
    assert_eq!(report.steps.iter().map(|checked| checked.step).collect::<Vec<_>>(), Step::ALL);
    assert_eq!(report.outcome(Step::Kept), Some(Outcome::Holds));
    assert_eq!(report.outcome(Step::Witnesses), Some(Outcome::NotChecked(Open::NoWitnesses)));
    assert_eq!((report.receipts.len(), report.notices.len()), (2, 1));
    for checked in &report.steps {
        for language in Language::ALL {
            assert!(!checked.sentence(&report, language).is_empty());
        }
    }
}

#[test]
fn a_log_that_was_rewritten_is_found_out_by_a_kept_head() {
    let bytes = history().to_bytes();
    let report = check(&bytes, &Trust { kept: Some(kept([0, 1, 9])), ..trusted() });
    assert_eq!(report.fault(), Some((Step::Kept, Fault::Forked)));
}

#[test]
fn a_witness_counts_only_if_it_signed() {
    let (signing, public) = key(11);
    let witness = NoteKey::new("w.example", NoteKind::Witness, public).unwrap();
    let named = Trust { witnesses: vec![witness.clone()], ..trusted() };
    let mut bundle = history();
    let outcome = |bundle: &Bundle| check(&bundle.to_bytes(), &named).outcome(Step::Witnesses);
    assert_eq!(outcome(&bundle), Some(Outcome::NotChecked(Open::NoCosignature)));
    let mut note = Note::parse(&bundle.checkpoint).unwrap();
    let text = note.text().to_owned();
    note.signatures.push(witness.cosign(&text, 1_800_000_000, &signing));
    bundle.checkpoint = note.to_string();
    assert_eq!(outcome(&bundle), Some(Outcome::Holds));
    note.signatures.pop();
    note.signatures.push(witness.cosign(&text, 1_800_000_000, &key(12).0));
    bundle.checkpoint = note.to_string();
    assert_eq!(outcome(&bundle), Some(Outcome::Fails(Fault::WitnessFalse, None)));
}

#[test]
fn what_is_wrong_is_named() {
    fails(|bundle| bundle.receipts.truncate(1), (Step::History, Fault::HistoryDiffers));
    fails(|bundle| bundle.receipts.swap(0, 1), (Step::History, Fault::HistoryDiffers));
    fails(|bundle| bundle.history = None, (Step::History, Fault::HistoryMissing));
    fails(|bundle| bundle.kind = Kind::Receipt, (Step::File, Fault::NotABundle));
    fails(|bundle| bundle.receipts[1].salt = Base64([0; 32]), (Step::Place, Fault::NotInLog));
    fails(|bundle| bundle.receipts[0].path.truncate(1), (Step::Place, Fault::NotInLog));
    fails(|bundle| bundle.receipts[0].index += 1, (Step::Place, Fault::NotInLog));
    let words = |bundle: &mut Bundle| bundle.notices[0] = bundle.notices[0].replace("stoppen", "bellen");
    fails(words, (Step::Wording, Fault::WordingMissing));
    fails(|bundle| bundle.notices.push("{}".into()), (Step::Wording, Fault::WordingUnused));
    let size = |bundle: &mut Bundle| bundle.checkpoint = bundle.checkpoint.replace("\n7\n", "\n6\n");
    fails(size, (Step::Checkpoint, Fault::CheckpointSignature));
}

#[test]
fn a_receipt_alone_is_judged_by_keys_from_elsewhere_and_by_nothing_else() {
    let jws = history().receipts[0].receipt.clone();
    assert_eq!(check_alone(&jws, &Trust::default()).verdict(), Verdict::Open);
    let report = check_alone(&format!("{jws}\n"), &trusted());
    assert_eq!((report.verdict(), report.receipts.len()), (Verdict::Holds, 1));
    assert_eq!(report.steps.iter().map(|checked| checked.step).collect::<Vec<_>>(), Step::ALL);
    assert_eq!(report.outcome(Step::Wording), Some(Outcome::NotChecked(Open::Alone)));
    let other = Trust { keys: Some(KeySet::new([key(8).1])), ..Trust::default() };
    let unknown = Fault::Receipt(shared::jws::JwsError::UnknownKey);
    assert_eq!(check_alone(&jws, &other).fault(), Some((Step::Receipts, unknown)));
}

/// The two receipts as the lines of a log of their own.
fn lines() -> String {
    let bundle = history();
    let head = Head {
        checkpoint: kept_of_lines(2, false).to_string(),
        keys: bundle.keys,
        log_key: bundle.log_key,
        schema: LINES_SCHEMA.into(),
    };
    let notice = Line::Notice { notice: bundle.notices[0].clone() };
    let mut lines = vec![canonical::to_bytes(&head), canonical::to_bytes(&notice)];
    for Entry { receipt, salt, .. } in bundle.receipts {
        lines.push(canonical::to_bytes(&Line::Receipt { receipt, salt }));
    }
    lines.iter().map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect()
}

/// The head of that log when it had so many entries; with another root where the log was another one.
fn kept_of_lines(size: u64, other: bool) -> Note {
    let mut frontier = Frontier::default();
    for entry in &history().receipts[..size as usize] {
        frontier.append(entry::leaf(&entry::commit(&entry.salt.0, &entry.receipt)), |_| {});
    }
    let root = if other { [7; 32] } else { frontier.root() };
    let (signing, key) = log_key(9);
    let head = Checkpoint { origin: ORIGIN.into(), size, root }.to_string();
    Note::new(head.clone(), vec![key.sign(&head, &signing)])
}

fn fed(text: &str, pieces: usize, trust: Trust) -> Result<Summary, FailedLine> {
    let mut feed = Feed::new(trust);
    text.as_bytes().chunks(pieces).try_for_each(|piece| feed.take(piece))?;
    feed.finish()
}

#[test]
fn lines_are_judged_the_same_in_pieces_of_any_size() {
    let text = lines();
    for pieces in [1, 7, 4096, usize::MAX] {
        let summary = fed(&text, pieces, trusted()).unwrap();
        assert_eq!((summary.receipts, summary.erased, summary.notices), (2, 0, 1));
        assert_eq!(summary.report.verdict(), Verdict::Holds);
        let cut = text.rsplit_once("{\"receipt").unwrap().0;
        assert_eq!(fed(cut, pieces, trusted()).unwrap_err(), (Fault::LogDiffers, 3));
        let changed = text.replace("stoppen", "bellen");
        assert_eq!(fed(&changed, pieces, trusted()).unwrap_err(), (Fault::WordingMissing, 3));
        assert_eq!(fed("", pieces, trusted()).unwrap_err(), (Fault::NotJson, 0));
    }
    // Nobody waits for the end of a line that is too long.
    let endless = format!("{text}{}", "a".repeat(shared::limits::BUNDLE_LINE_BYTES_MAX + 1));
    assert_eq!(fed(&endless, 1000, trusted()).unwrap_err(), (Fault::TooLong, 5));
}

#[test]
fn lines_of_a_log_that_was_rewritten_are_found_out_by_a_kept_head() {
    let outcome = |kept| {
        let summary = fed(&lines(), 512, Trust { kept: Some(kept), ..trusted() }).unwrap();
        summary.report.outcome(Step::Kept).unwrap()
    };
    for size in 0..=2 {
        assert_eq!(outcome(kept_of_lines(size, false)), Outcome::Holds, "{size}");
        assert_eq!(outcome(kept_of_lines(size, true)), Outcome::Fails(Fault::Forked, None), "{size}");
    }
    assert_eq!(outcome(kept([0, 1, 2])), Outcome::NotChecked(Open::OtherSize));
}

#[test]
fn a_kept_head_is_read_as_it_came_through_mail_or_paper() {
    let note = kept([0, 1, 2]);
    let text = note.to_string();
    for came in [text.replace('\n', "\r\n"), format!("\n {text}\n\n"), text.trim_end().to_owned()] {
        assert_eq!(Note::kept(&came), Ok(note.clone()));
    }
    assert!(Note::kept("hello").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Nobody changes a byte unseen. Members that prove nothing to this reader may differ only where they are not looked at.
    #[test]
    fn no_changed_byte_goes_unseen(at in any::<prop::sample::Index>(), flip in 1u8..=255) {
        let mut bytes = history().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let trust = Trust { kept: Some(kept([0, 1, 2])), ..trusted() };
        let report = check(&bytes, &trust);
        let kept_unproven = report.outcome(Step::Kept) == Some(Outcome::NotChecked(Open::OtherSize));
        // The keys in the file are not those that are trusted; another whole key there changes nothing.
        let log_key = String::from_utf8_lossy(&bytes).contains(&log_key(9).1.to_string());
        prop_assert!(report.verdict() == Verdict::Fails || kept_unproven || !log_key, "byte {at}");
    }
}
