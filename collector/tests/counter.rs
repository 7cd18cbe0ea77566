//! What staff enters for people, and what the code on a counter slip opens.
//!
//! In scope: the services over a real store. Out of scope: pages, commands and the API (end-to-end tests).

mod shop;

use collector::access::{self, Deed};
use collector::fsck::What;
use collector::service::Service;
use collector::service::paper::{Entered, Paper, Said};
use collector::service::slips::Typing;
use collector::store::{Batch, Space};
use collector::tally::{Cell, Count, Kind};
use shared::Language;
use shared::api::{ContactText, Outcome};
use shared::ids::{FormId, NoticeHash, PurposeId, SubjectId};
use shared::limits::SLIP_WRONG_PER_NETWORK;
use shared::receipt::{CollectionMethod, Decided, Receipt};
use shared::refusal::Refusal;
use shared::registered::StaffLabel;
use shared::slip::SlipCode;
use shared::time::Timestamp;
use shop::World;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A signed paper of yesterday from somebody who gave a postal address.
fn paper(scan: u8) -> Paper {
    Paper {
        said: Said::Paper,
        notice: None,
        form: Some(FormId::parse("aanmelden").unwrap()),
        language: Some(Language::Nl),
        ticked: vec![PurposeId::parse("post").unwrap()],
        contact: ContactText {
            name: Some("E. Voorbeeld".into()),
            address: Some("Dorpsstraat 1\n1234 AB Dorp".into()),
            ..ContactText::default()
        },
        signed_at: Service::now().plus_seconds(-DAY_SECONDS),
        scan: Some(NoticeHash::from_bytes([scan; 32])),
        by: "balie 2".into(),
        nonce: None,
    }
}

async fn enter(world: &World, paper: &Paper) -> Result<Entered, Refusal> {
    world.service.enter_paper(&world.organisation(), paper).await
}

fn code(entered: &Entered) -> SlipCode {
    SlipCode::parse(&entered.slip_code).unwrap()
}

fn by_slip(world: &World, code: &SlipCode) -> Result<SubjectId, Refusal> {
    world.service.by_slip(&world.organisation(), code, Typing::Web(Some(1)))
}

fn receipts(world: &World, code: &SlipCode) -> Vec<Receipt> {
    let subject = by_slip(world, code).unwrap();
    let managed = world.service.managed_by(1, &subject).unwrap();
    managed.subject.receipts.into_iter().map(|stored| stored.receipt).collect()
}

fn change(world: &World, change: impl FnOnce(&mut Batch)) {
    let mut batch = Batch::default();
    change(&mut batch);
    world.service.engine.commit(&batch).unwrap();
}

#[tokio::test]
async fn a_paper_is_a_receipt_that_says_so_and_its_slip_opens_the_own_page() {
    let world = World::empty().await;
    let entered = enter(&world, &paper(1)).await.unwrap();
    assert_eq!(entered.outcome, Outcome::Given);
    let [receipt] = &receipts(&world, &code(&entered))[..] else { panic!("not one receipt") };
    let registered = receipt.registered.as_ref().unwrap();
    assert_eq!((receipt.method, registered.by.as_str()), (CollectionMethod::Paper, "balie 2"));
    assert!(registered.claimed_at.unwrap() < receipt.at, "nothing is back-dated");
    let given = receipt.decisions.iter().find(|one| one.purpose.as_str() == "post").unwrap();
    assert_eq!(
        given.until,
        Some(registered.claimed_at.unwrap().plus_months(24)),
        "it counts from the day it was signed"
    );
    assert_eq!(receipt.decisions.len(), 4, "each box of the paper has its answer");
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn the_same_paper_entered_twice_is_one_receipt_and_one_code() {
    let world = World::empty().await;
    // Made once: the moment of signing is part of it.
    let one_paper = paper(1);
    let first = enter(&world, &one_paper).await.unwrap();
    let again = enter(&world, &one_paper).await.unwrap();
    let same = |entered: &Entered| (entered.receipt, entered.slip_code.clone());
    assert_eq!(same(&again), same(&first));
    let mut second_line = one_paper.clone();
    second_line.contact.name = Some("A. Ander".into());
    assert_ne!(
        enter(&world, &second_line).await.unwrap().receipt,
        first.receipt,
        "another line of the same sheet"
    );
    let nonce = Some("AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let with = Paper { nonce, ..paper(2) };
    let one = enter(&world, &with).await.unwrap();
    assert_eq!(same(&enter(&world, &with).await.unwrap()), same(&one));
    let other = Paper { ticked: Vec::new(), ..with };
    assert_eq!(enter(&world, &other).await.map(drop), Err(Refusal::AlreadyAnswered));
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn a_voice_has_no_scan_and_is_told_from_paper_and_from_own_ticks() {
    let world = World::empty().await;
    let voice = enter(&world, &Paper { said: Said::Voice, scan: None, ..paper(1) }).await.unwrap();
    enter(&world, &paper(2)).await.unwrap();
    world.answer(&shop::address(1), &["nieuwsbrief"]).await;
    assert_eq!(receipts(&world, &code(&voice))[0].method, CollectionMethod::Voice);
    let given = |wanted: Kind| -> u64 {
        let rows = world.rows(Space::Tally).into_iter();
        let cells = rows.map(|(key, row)| (Cell::read(&key).unwrap(), Count::decode(&row).unwrap()));
        cells.filter(|(cell, _)| cell.kind == wanted).map(|(_, count)| count.all).sum()
    };
    assert_eq!([Kind::Given, Kind::OnPaper, Kind::ByVoice].map(given), [1, 1, 1]);
}

#[tokio::test]
async fn what_cannot_be_entered_is_refused_and_stores_nothing() {
    let world = World::empty().await;
    let now = Service::now();
    let unknown = NoticeHash::from_bytes([9; 32]);
    let no_address = ContactText { name: Some("E. Voorbeeld".into()), ..ContactText::default() };
    for (bad, refusal) in [
        (Paper { scan: None, ..paper(1) }, Refusal::ScanMissing),
        (Paper { signed_at: now.plus_seconds(3600), ..paper(1) }, Refusal::SignedWhen),
        (Paper { signed_at: Timestamp::from_unix_seconds(0), ..paper(1) }, Refusal::SignedWhen),
        (Paper { by: " ".into(), ..paper(1) }, Refusal::StaffMissing),
        (Paper { by: "x".repeat(81), ..paper(1) }, Refusal::StaffMissing),
        (Paper { form: None, language: None, notice: Some(unknown), ..paper(1) }, Refusal::NotFound),
        (Paper { form: None, ..paper(1) }, Refusal::BodyInvalid),
        (Paper { nonce: Some("short".into()), ..paper(1) }, Refusal::BodyInvalid),
        (Paper { ticked: vec![PurposeId::parse("kaas").unwrap()], ..paper(1) }, Refusal::PurposeNotOffered),
        (
            Paper { contact: no_address, ..paper(1) },
            Refusal::ContactMissing(shared::purpose::ContactField::Address),
        ),
    ] {
        assert_eq!(enter(&world, &bad).await.map(drop), Err(refusal));
    }
    assert!(world.rows(Space::Body).is_empty() && world.rows(Space::Slip).is_empty());
}

#[tokio::test]
async fn an_address_on_paper_waits_for_its_owner_as_it_does_on_the_web() {
    let world = World::confirming().await;
    let email = ContactText { email: Some("eva@voorbeeld.example".into()), ..ContactText::default() };
    let ticked = vec![PurposeId::parse("nieuwsbrief").unwrap()];
    let entered = enter(&world, &Paper { contact: email, ticked, ..paper(1) }).await.unwrap();
    assert_eq!(entered.outcome, Outcome::Requested);
    let receipt = &receipts(&world, &code(&entered))[0];
    let asked = receipt.decisions.iter().find(|one| one.purpose.as_str() == "nieuwsbrief").unwrap();
    assert_eq!(asked.decided, Decided::Requested);
    assert_eq!(world.rows(Space::Job).len(), 1, "a letter is on its way");
}

#[tokio::test]
async fn staff_stops_everything_by_the_code_and_is_named_for_it() {
    let world = World::empty().await;
    let entered = enter(&world, &paper(1)).await.unwrap();
    let (by, code) = (StaffLabel::parse("telefoon").unwrap(), code(&entered));
    let organisation = world.organisation();
    world.service.stop_by_slip(&organisation, &code, &by, "a key").await.unwrap();
    let all = receipts(&world, &code);
    let last = all.last().unwrap();
    assert_eq!((all.len(), last.method), (2, CollectionMethod::Staff));
    assert_eq!(last.registered.as_ref().unwrap().by, "telefoon");
    assert_eq!(last.decisions[0].decided, Decided::Withdrawn);
    let again = world.service.stop_by_slip(&organisation, &code, &by, "a key").await;
    assert_eq!(again, Err(Refusal::NothingToWithdraw));
    let mut lines = Vec::new();
    access::read(world.service.engine.snapshot().unwrap().as_ref(), 1, |_, entry| {
        lines.push((entry.who, entry.deed));
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    let line = ("a key".to_owned(), Deed::Stopped { by: "telefoon".into() });
    assert_eq!(lines, [line.clone(), line]);
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn who_is_erased_has_no_slip_any_more() {
    let world = World::empty().await;
    let (one, other) = (enter(&world, &paper(1)).await.unwrap(), enter(&world, &paper(2)).await.unwrap());
    let subject = by_slip(&world, &code(&one)).unwrap();
    world.service.eraser().erase_subject(&world.organisation(), &subject, Service::now()).await.unwrap();
    assert_eq!(by_slip(&world, &code(&one)), Err(Refusal::SlipUnknown));
    assert!(by_slip(&world, &code(&other)).is_ok());
    assert_eq!(world.rows(Space::Slip).len(), 1);
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn wrong_codes_are_counted_and_then_nothing_is_said_of_any() {
    let world = World::empty().await;
    let right = code(&enter(&world, &paper(1)).await.unwrap());
    for number in 0..SLIP_WRONG_PER_NETWORK {
        let wrong = SlipCode::from_random(&u128::from(number).to_be_bytes());
        assert_eq!(by_slip(&world, &wrong), Err(Refusal::SlipUnknown));
        assert!(
            number + 1 == SLIP_WRONG_PER_NETWORK || by_slip(&world, &right).is_ok(),
            "a right code does not count"
        );
    }
    assert_eq!(by_slip(&world, &right), Err(Refusal::SlipTooMany));
    let elsewhere = world.service.by_slip(&world.organisation(), &right, Typing::Web(Some(2)));
    assert!(elsewhere.is_ok(), "from another network");
    assert!(world.service.by_slip(&world.organisation(), &right, Typing::Staff).is_ok(), "and by staff");
}

#[tokio::test]
async fn fsck_sees_a_slip_that_leads_elsewhere_and_one_too_many() {
    let world = World::empty().await;
    for scan in 0..2 {
        enter(&world, &paper(scan)).await.unwrap();
    }
    let (key, row) = world.row(Space::Slip, 0);
    change(&world, |batch| {
        batch.put(Space::Slip, key.clone(), 7u64.to_be_bytes());
    });
    assert_eq!(world.check().findings[0].what, What::SlipFalse);
    change(&world, |batch| {
        batch.put(Space::Slip, key.clone(), row.clone());
    });
    assert_eq!(world.check().findings, []);
    change(&world, |batch| {
        batch.put(Space::Slip, [&key[..4], &[0; 16]].concat(), row.clone());
    });
    assert_eq!(world.check().findings[0].what, What::SlipFalse);
}
