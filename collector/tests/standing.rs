//! What stands with an address is what its receipts say, whatever people did and in whatever order.
//!
//! In scope: random people under few addresses over a real store; the quick answer, the one from receipts, the list and `fsck` must
//! agree after every act. Out of scope: HTTP.
//!
//! Invariant: the yardstick folds receipts by itself and knows nothing of the stored rows.

mod shop;

use collector::links;
use collector::service::Service;
use collector::service::as_of::{Asked, State};
use collector::service::list_lines::Format;
use collector::service::lists::{Piece, Wanted};
use collector::service::manage::Deed;
use collector::service::people::Who;
use proptest::prelude::*;
use shared::api::{Outcome, SubmitResponse};
use shared::ids::PurposeId;
use shared::purpose::Basis;
use shared::sale::Objection;
use shared::time::Timestamp;
use shop::{World, address, sale};

const ADDRESSES: usize = 3;
/// Two boxes, and what customers are sent.
const PURPOSES: [&str; 3] = ["nieuwsbrief", "keuze", "klanten"];

/// Something that somebody does, or that time does.
#[derive(Debug, Clone)]
enum Act {
    Answer { address: usize, boxes: [bool; 2] },
    Buy { address: usize, objection: Objection },
    Withdraw { whose: usize, purpose: usize },
    WithdrawAll { whose: usize },
    Object { whose: usize },
    Confirm { whose: usize },
    Erase { address: usize },
    Years(u16),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..ADDRESSES, any::<[bool; 2]>()).prop_map(|(address, boxes)| Act::Answer { address, boxes }),
        3 => (0..8_usize, 0..3_usize).prop_map(|(whose, purpose)| Act::Withdraw { whose, purpose }),
        1 => (0..8_usize).prop_map(|whose| Act::WithdrawAll { whose }),
        1 => (0..8_usize).prop_map(|whose| Act::Object { whose }),
        2 => (0..8_usize).prop_map(|whose| Act::Confirm { whose }),
        2 => (0..ADDRESSES, objection()).prop_map(|(address, objection)| Act::Buy { address, objection }),
        1 => (0..ADDRESSES).prop_map(|address| Act::Erase { address }),
        1 => (1..4_u16).prop_map(Act::Years),
    ]
}

fn objection() -> impl Strategy<Value = Objection> {
    prop_oneof![4 => Just(Objection::Offered), 1 => Just(Objection::Made), 1 => Just(Objection::NotOffered)]
}

fn purpose(index: usize) -> PurposeId {
    PurposeId::parse(PURPOSES[index]).unwrap()
}

async fn press(world: &World, answer: &SubmitResponse, deed: Deed) {
    // Whoever is erased, or has nothing to stop, is refused.
    let _ = world.press(answer, deed).await;
}

async fn perform(world: &World, given: &mut Vec<SubmitResponse>, now: &mut Timestamp, act: &Act) {
    match act {
        Act::Answer { address: whose, boxes } => {
            let ticked: Vec<&str> = PURPOSES
                .into_iter()
                .zip(boxes)
                .filter(|(_, ticked)| **ticked)
                .map(|(name, _)| name)
                .collect();
            given.push(world.answer(&address(*whose), &ticked).await);
        }
        Act::Buy { address: whose, objection } => {
            let number = given.len();
            let sales = vec![sale(*whose, number, *objection)];
            let told =
                world.service.importer(world.organisation()).tell(sales, false).await.unwrap().remove(0);
            // Their own page has every button that others have.
            if let (Some(receipt), Some(links)) = (told.receipt, told.links) {
                let (receipt_url, manage_url) = (String::new(), links.manage_url);
                given.push(SubmitResponse { receipt, outcome: Outcome::Given, receipt_url, manage_url });
            }
        }
        Act::Withdraw { whose, purpose: index } => {
            if let Some(answer) = given.get(*whose) {
                press(world, answer, Deed::Withdraw(purpose(*index))).await;
            }
        }
        Act::WithdrawAll { whose } => {
            if let Some(answer) = given.get(*whose) {
                press(world, answer, Deed::WithdrawAll).await;
            }
        }
        Act::Object { whose } => {
            if let Some(answer) = given.get(*whose) {
                press(world, answer, Deed::Object).await;
            }
        }
        Act::Confirm { whose } => {
            if let Some(answer) = given.get(*whose) {
                let number = world.organisation().number;
                let token = links::confirm_token(number, &answer.receipt, &world.service.keys.link);
                // Most have nothing to confirm.
                let _ = world.service.confirm(&token, shared::Language::Nl).await;
            }
        }
        Act::Erase { address: whose } => {
            let who = Who::parse(&address(*whose)).unwrap();
            world.service.eraser().erase(&world.organisation(), &who, Service::now()).await.unwrap();
        }
        Act::Years(years) => {
            *now = now.plus_months(12 * years);
            world.service.do_what_is_due(*now).await.unwrap();
        }
    }
}

/// The quick answers are those from the receipts.
fn compare(world: &World, now: Timestamp) -> Result<(), TestCaseError> {
    let now = now.max(Service::now());
    let organisation = world.organisation();
    let people: Vec<String> = (0..=ADDRESSES).map(address).collect();
    for (index, name) in PURPOSES.into_iter().enumerate() {
        let asked = Asked { purpose: purpose(index), at: None, version: None };
        let both = world.service.answerer(&organisation, |answerer| {
            let people = || people.iter().map(String::as_str);
            let quick = answerer.may_address(&asked, people(), now).unwrap();
            (quick, answerer.answer_all(&asked, (1..).zip(people()), now).unwrap())
        });
        let (quick, slow) = both.unwrap();
        for (line, (quick, slow)) in (1..).zip(quick.into_iter().zip(slow)) {
            let quick = quick.line(line);
            prop_assert_eq!(
                (quick.answer, quick.state, quick.basis, quick.receipt),
                (slow.answer, slow.state, slow.basis, slow.receipt)
            );
            let basis = if name == "klanten" { Basis::SoftOptIn } else { Basis::Consent };
            prop_assert_eq!(quick.basis, quick.answer.unwrap().then_some(basis));
        }
    }
    Ok(())
}

/// Who is on the list of a purpose, by the receipt that counts.
async fn listed(world: &World, purpose: PurposeId) -> Vec<String> {
    let wanted = Wanted { purpose, format: Format::Lines, mailing: true, who: "test".into() };
    let download = world.service.lister(world.organisation()).begin(wanted).await.unwrap();
    let (sender, mut pieces) = tokio::sync::mpsc::channel(1);
    let run = tokio::spawn(download.run(sender));
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.recv().await {
        if let Piece::Lines(lines) = piece.unwrap() {
            bytes.extend(lines);
        }
    }
    run.await.unwrap();
    let lines = String::from_utf8(bytes).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut receipts: Vec<String> =
        lines.filter_map(|line| line["receipt"].as_str().map(str::to_owned)).collect();
    receipts.sort_unstable();
    receipts
}

/// The list of a purpose is whoever is answered with yes.
async fn lists(world: &World) -> Result<(), TestCaseError> {
    let people: Vec<String> = (0..=ADDRESSES).map(address).collect();
    for index in 0..PURPOSES.len() {
        let asked = Asked { purpose: purpose(index), at: None, version: None };
        let organisation = world.organisation();
        let answers = world.service.answerer(&organisation, |answerer| {
            answerer.may_address(&asked, people.iter().map(String::as_str), Service::now()).unwrap()
        });
        let answers = answers.unwrap().into_iter().map(|short| short.line(1));
        let given = answers.filter(|answer| answer.answer == Some(true));
        let mut expected: Vec<String> =
            given.filter_map(|answer| answer.receipt.map(|receipt| receipt.to_string())).collect();
        expected.sort_unstable();
        prop_assert_eq!(listed(world, purpose(index)).await, expected);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_row_the_receipts_the_list_and_fsck_agree(acts in proptest::collection::vec(act(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::with_customers().await;
            let (mut given, mut now) = (Vec::new(), Service::now());
            for act in &acts {
                perform(&world, &mut given, &mut now, act).await;
                compare(&world, now)?;
            }
            lists(&world).await?;
            let report = world.check();
            prop_assert_eq!(report.findings, []);
            Ok::<_, TestCaseError>(())
        })?;
    }
}

#[tokio::test]
async fn the_end_of_an_old_term_leaves_a_newer_consent_of_the_same_address() {
    let world = World::empty().await;
    let start = Service::now();
    let old = world.give(1).await;
    let new = world.give(1).await;
    press(&world, &old, Deed::WithdrawAll).await;
    let asked = Asked { purpose: purpose(0), at: None, version: None };
    let state = |now: Timestamp| {
        let organisation = world.organisation();
        let answered = world.service.answerer(&organisation, |answerer| {
            let people = [address(1)];
            answerer.may_address(&asked, people.iter().map(String::as_str), now).unwrap()
        });
        let answer = answered.unwrap()[0].line(1);
        (answer.state.unwrap(), answer.receipt.unwrap())
    };
    let (stopped, by) = state(start.plus_seconds(60));
    assert_eq!(stopped, State::Withdrawn, "whoever stops by any of their links has stopped");
    assert_ne!(by, new.receipt);
    let again = world.give(1).await;
    assert_eq!(state(start.plus_seconds(60)), (State::Given, again.receipt));
    assert_eq!(state(start.plus_months(25)).0, State::Withdrawn);
}

#[tokio::test]
async fn a_changed_line_of_the_access_record_and_of_a_mailing_is_found() {
    use collector::fsck::What;
    use collector::store::{Batch, Space};
    let world = World::with(5).await;
    listed(&world, purpose(0)).await;
    listed(&world, purpose(1)).await;
    assert_eq!(world.check().findings, []);
    for (space, at, what) in [
        // The newest line comes first, and is held by none yet.
        (Space::Access, 1, What::AccessFalse),
        (Space::Access, 3, What::AccessFalse),
        (Space::Mailing, 2, What::MailingFalse),
    ] {
        let (key, row) = world.row(space, at);
        for change in [None, Some([&row[..], &[9]].concat())] {
            let mut batch = Batch::default();
            match &change {
                Some(other) => batch.put(space, key.clone(), other.clone()),
                None => batch.delete(space, key.clone()),
            };
            world.service.engine.commit(&batch).unwrap();
            let found: Vec<What> = world.check().findings.iter().map(|finding| finding.what).collect();
            assert_eq!(found, [what], "{space:?} {at}");
            let mut back = Batch::default();
            back.put(space, key.clone(), row.clone());
            world.service.engine.commit(&back).unwrap();
        }
    }
    assert_eq!(world.check().findings, []);
    let years = Service::now().plus_months(61);
    assert_eq!(world.service.end_old_mailings(Service::now()).await, Ok(0), "too early");
    assert_eq!(world.service.end_old_mailings(years).await, Ok(2));
    assert!(world.rows(Space::Mailing).is_empty());
}
