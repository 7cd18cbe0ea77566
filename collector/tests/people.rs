//! What becomes of people's records: consent ends by itself, contact data is forgotten, people are erased, and what held on a
//! date can still be told.
//!
//! In scope: the services over a real store. Out of scope: the commands (end-to-end tests).

mod shop;

use collector::fsck::What;
use collector::journal::Journal;
use collector::records::Subject;
use collector::service::Service;
use collector::service::as_of::{Answerer, AsOf, Question, State};
use collector::service::due::Done;
use collector::service::manage::Deed;
use collector::service::people::Who;
use collector::store::redb::RedbEngine;
use collector::store::{Batch, Space, copy, keys};
use shared::ids::PurposeId;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use shop::{World, address, token};

/// One of the purposes of the demo shop, which counts for 24 months.
const LETTER: &str = "nieuwsbrief";

fn ask(world: &World, email: &str, at: Timestamp) -> AsOf {
    let snapshot = world.service.engine.snapshot().unwrap();
    let organisation = world.organisation();
    let keys = &world.service.keys;
    let answerer =
        Answerer { snapshot: snapshot.as_ref(), organisation: &organisation, keys, base_url: shop::BASE };
    let (who, purpose) = (Who::parse(email).unwrap(), PurposeId::parse(LETTER).unwrap());
    answerer.answer(&Question { who: &who, purpose: &purpose, at, version: None }).unwrap()
}

fn months(count: u16) -> Timestamp {
    Service::now().plus_months(count).plus_seconds(60)
}

fn subject(world: &World, link: &str) -> Option<Subject> {
    world.service.managed(token(link)).ok().map(|managed| managed.subject)
}

#[tokio::test]
async fn a_consent_ends_with_a_receipt_then_contact_data_goes_and_at_last_the_proof() {
    let world = World::empty().await;
    let given = world.give(1).await;
    let nothing = Done::default();
    assert_eq!(world.service.do_what_is_due(months(23)).await, Ok(nothing), "too early");
    assert_eq!(world.service.do_what_is_due(months(24)).await, Ok(Done { expired: 1, ..nothing }));
    assert_eq!(world.service.do_what_is_due(months(24)).await, Ok(nothing), "once is enough");
    let after = subject(&world, &given.manage_url).unwrap();
    let bytes = after.receipts[1].canonical.clone();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains(r#""act":"expiry""#) && text.contains(r#""decided":"expired""#), "{text}");
    assert!(after.row.contact.is_some());

    let asked = ask(&world, &address(1), months(23));
    assert_eq!((asked.answer, asked.state), (true, State::Given));
    let asked = ask(&world, &address(1), months(25));
    assert_eq!((asked.answer, asked.state), (false, State::Expired));

    assert_eq!(world.service.do_what_is_due(months(26)).await, Ok(Done { forgotten: 1, ..nothing }));
    assert!(subject(&world, &given.manage_url).unwrap().row.contact.is_none());
    assert_eq!(ask(&world, &address(1), months(25)).state, State::Expired, "the proof is still found");
    assert_eq!(world.check().findings, []);

    assert_eq!(world.service.do_what_is_due(months(24 + 59)).await, Ok(nothing));
    assert_eq!(world.service.do_what_is_due(months(24 + 60)).await, Ok(Done { erased: 1, ..nothing }));
    assert!(subject(&world, &given.manage_url).is_none());
    assert_eq!(ask(&world, &address(1), months(1)).state, State::Unknown);
    assert_eq!(world.check().findings, []);
    assert!(world.rows(Space::Suppressed).is_empty(), "nobody asked to be kept away");
}

#[tokio::test]
async fn after_years_of_standing_still_everything_is_done_in_one_look() {
    let world = World::with(20).await;
    let done = world.service.do_what_is_due(months(24 + 120)).await.unwrap();
    // One had stopped on their own. The end of a consent is noted when it is seen, and the proof is kept from then.
    assert_eq!((done.expired, done.forgotten, done.erased), (19, 1, 1));
    let (later, latest) = (months(24 + 120 + 2), months(24 + 180 + 2));
    assert_eq!(world.service.do_what_is_due(later).await.unwrap().forgotten, 19);
    assert_eq!(world.service.do_what_is_due(latest).await.unwrap().erased, 19);
    for space in [Space::Subject, Space::Contact, Space::Body, Space::ById, Space::Due] {
        assert!(world.rows(space).is_empty(), "{space:?}");
    }
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn a_refusal_is_kept_as_long_as_any_proof() {
    let world = World::empty().await;
    world.answer("", &[]).await;
    assert_eq!(world.service.do_what_is_due(months(59)).await, Ok(Done::default()));
    assert_eq!(world.service.do_what_is_due(months(60)).await.unwrap().erased, 1);
}

#[tokio::test]
async fn a_renewed_consent_ends_later() {
    let world = World::empty().await;
    let given = world.give(1).await;
    world.act(&given, Deed::WithdrawAll).await;
    let managed = world.service.managed(token(&given.manage_url)).unwrap();
    let view = world.service.manage_view(&managed, shared::Language::Nl, None).unwrap();
    let deed = Deed::Give(vec![PurposeId::parse(LETTER).unwrap()]);
    let token = token(&given.manage_url);
    let request = collector::service::manage::Request {
        whose: world.service.whose(token).unwrap(),
        deed,
        nonce: None,
        offer: &view.offer,
        language: shared::Language::Nl,
        way: collector::service::manage::Way::OWN_PAGE,
    };
    world.service.act(&request).await.unwrap();
    assert_eq!(world.rows(Space::Due).len(), 1, "one person, one moment");
    assert_eq!(world.service.do_what_is_due(months(23)).await, Ok(Done::default()));
    assert_eq!(world.service.do_what_is_due(months(24)).await.unwrap().expired, 1);
}

#[tokio::test]
async fn what_held_on_a_date_is_told_with_its_receipt() {
    let world = World::empty().await;
    let before = Service::now().plus_seconds(-60);
    let given = world.give(1).await;
    let now = Service::now();
    assert_eq!(ask(&world, &address(1), before).state, State::Unknown, "nothing was given yet");
    let asked = ask(&world, &address(1), now);
    let because = asked.because.unwrap();
    assert_eq!((asked.state, because.receipt, because.log_index), (State::Given, given.receipt, 0));
    assert_eq!(because.receipt_url, given.receipt_url);
    assert!(because.title.unwrap().contains("nieuwsbrief"));
    assert_eq!(ask(&world, &address(2), now).state, State::Unknown, "somebody else");

    // The same address once more, by somebody who ticks another box: it changes nothing for the letter.
    world.answer(&address(1), &["keuze"]).await;
    assert_eq!(ask(&world, &address(1), now).state, State::Given);
    // Whoever stops once has stopped, also for what was given under the address before.
    let again = world.give(1).await;
    world.act(&again, Deed::WithdrawAll).await;
    assert_eq!(ask(&world, &address(1), Service::now()).state, State::Withdrawn);
    assert_eq!(
        ask(&world, &given.manage_url, Service::now()).state,
        State::Given,
        "by the link it is one record"
    );
}

#[tokio::test]
async fn a_purpose_that_never_was_is_no_answer() {
    let world = World::empty().await;
    let snapshot = world.service.engine.snapshot().unwrap();
    let organisation = world.organisation();
    let keys = &world.service.keys;
    let answerer =
        Answerer { snapshot: snapshot.as_ref(), organisation: &organisation, keys, base_url: shop::BASE };
    let (who, purpose) = (Who::parse(&address(1)).unwrap(), PurposeId::parse("alles").unwrap());
    let question = Question { who: &who, purpose: &purpose, at: Service::now(), version: None };
    assert_eq!(answerer.answer(&question), Err(Refusal::PurposeNotOffered));
}

#[tokio::test]
async fn who_is_erased_is_gone_and_everybody_elses_proof_holds() {
    const PEOPLE: usize = 300;
    let world = World::with(PEOPLE).await;
    let twice = world.give(7).await;
    let before = world.check();
    let head = world.rows(Space::Head);
    let organisation = world.organisation();
    let sealed = world.rows(Space::Subject);
    for person in (0..PEOPLE).step_by(10).chain([3, 7]) {
        let who = Who::parse(&address(person)).unwrap();
        let gone = world.service.eraser().erase(&organisation, &who, Service::now()).await.unwrap();
        assert_eq!(gone.people, if person == 7 { 2 } else { 1 });
        let again = world.service.eraser().erase(&organisation, &who, Service::now()).await.unwrap();
        assert_eq!((again.people, again.receipts), (0, 0), "there is nobody left");
    }
    let after = world.check();
    assert_eq!(after.findings, []);
    assert_eq!((before.people - after.people, before.receipts - after.receipts), (33, 34));
    assert_eq!(world.rows(Space::Head), head, "no checkpoint is new, and none is contradicted");
    for link in [&twice.manage_url, &twice.receipt_url] {
        let token = token(link);
        let found = world.service.managed(token).is_ok() || world.service.receipt(token).is_ok();
        assert!(!found, "an old link leads to an erased person");
    }
    assert_eq!(ask(&world, &address(7), Service::now()).state, State::Unknown);
    assert_eq!(ask(&world, &address(8), Service::now()).state, State::Given);
    assert_eq!(world.rows(Space::Suppressed).len(), 32);
    // A receipt that is left behind is found.
    let (key, _) = world.row(Space::Erased, 0);
    let (_, other) = world.row(Space::Body, 0);
    let mut batch = Batch::default();
    batch.put(Space::Body, key, other);
    world.service.engine.commit(&batch).unwrap();
    assert!(world.check().findings.iter().any(|finding| finding.what == What::NotErased));

    // Copied to a new file, nothing of the erased is left, not even sealed.
    let path = world.folder.path().join("copy");
    {
        let mut batch = Batch::default();
        batch.delete(Space::Body, world.row(Space::Erased, 0).0);
        world.service.engine.commit(&batch).unwrap();
        let target = RedbEngine::create(&path, 1 << 24).unwrap();
        copy::copy(world.service.engine.snapshot().unwrap().as_ref(), &target, &mut |_| {}).unwrap();
    }
    let file = std::fs::read(&path).unwrap();
    let mut left = 0;
    for (key, row) in sealed {
        let (_, first) = keys::read_body_key(&key).unwrap();
        let erased = world.rows(Space::Erased).iter().any(|(erased, _)| *erased == keys::body(1, first));
        // The middle of the row is sealed contact data: bytes that are nowhere else.
        let found = memchr::memmem::find(&file, &row[8..48]).is_some();
        assert_eq!(found, !erased, "receipt {first}");
        left += usize::from(found);
    }
    assert_eq!(left, PEOPLE + 1 - 33);
}

#[tokio::test]
async fn nobody_comes_back_with_a_backup() {
    let world = World::with(12).await;
    let organisation = world.organisation();
    let backup = tempfile::tempdir().unwrap();
    let old = RedbEngine::create(&backup.path().join("store"), 1 << 24).unwrap();
    copy::copy(world.service.engine.snapshot().unwrap().as_ref(), &old, &mut |_| {}).unwrap();
    for person in [2, 3] {
        let who = Who::parse(&address(person)).unwrap();
        world.service.eraser().erase(&organisation, &who, Service::now()).await.unwrap();
    }
    let journal = Journal::new(world.folder.path());
    let erased = journal.read().unwrap();
    assert_eq!(erased.len(), 2);
    let text = std::fs::read_to_string(journal.path()).unwrap();
    assert!(!text.contains('@') && !text.contains("voorbeeld"), "the journal names nobody");
    for person in &erased {
        let found = Subject::read(
            collector::store::Engine::snapshot(&old).unwrap().as_ref(),
            organisation.number,
            &person.subject,
        );
        assert!(found.unwrap().is_some(), "the backup still has them");
    }
}
