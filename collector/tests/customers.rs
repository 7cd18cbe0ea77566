//! Customers over time: what rests on a sale ends with a receipt of its own, is forgotten, and is never consent.
//!
//! In scope: the services over a real store. Out of scope: HTTP and pages (end-to-end tests).

mod shop;

use collector::endpoints::event::{EventType, of_receipt};
use collector::service::Service;
use collector::service::as_of::{Asked, State};
use collector::service::due::Done;
use collector::service::may_address::Short;
use collector::service::sales::{Sale, Told};
use shared::ids::PurposeId;
use shared::lifecycle::Consents;
use shared::receipt::{Act, Decided};
use shared::sale::{Objection, SaleFate};
use shared::time::Timestamp;
use shop::{World, address, sale, token};

async fn tell(world: &World, sales: Vec<Sale>) -> Vec<Told> {
    world.service.importer(world.organisation()).tell(sales, false).await.unwrap()
}

fn state(world: &World, person: usize, now: Timestamp) -> State {
    let asked = Asked { purpose: PurposeId::parse("klanten").unwrap(), at: None, version: None };
    let organisation = world.organisation();
    let email = address(person);
    let answers = world.service.answerer(&organisation, |answerer| {
        let short = answerer.may_address(&asked, [email.as_str()].into_iter(), now).unwrap();
        let on = Asked { at: Some(now), ..asked.clone() };
        let long = answerer.answer_all(&on, [(1, email.as_str())].into_iter(), now).unwrap();
        assert_eq!(short[0].line(1).state, long[0].state, "two answers about one person");
        short
    });
    match answers.unwrap()[0] {
        Short::Stands(state, _) => state,
        Short::Error(refusal) => panic!("{refusal}"),
    }
}

#[tokio::test]
async fn what_rests_on_a_sale_ends_with_its_term_and_the_address_is_forgotten() {
    let world = World::with_customers().await;
    let told = tell(&world, vec![sale(1, 1, Objection::Offered)]).await;
    let links = told[0].links.clone().unwrap();
    let months = |count| Service::now().plus_months(count).plus_seconds(60);
    assert_eq!(state(&world, 1, months(23)), State::SoftOptIn);
    assert_eq!(state(&world, 1, months(24)), State::Expired, "also before anybody looked");
    let nothing = Done::default();
    assert_eq!(world.service.do_what_is_due(months(23)).await, Ok(nothing), "too early");
    assert_eq!(world.service.do_what_is_due(months(24)).await, Ok(Done { expired: 1, ..nothing }));
    let subject = world.service.managed(token(&links.manage_url)).unwrap().subject;
    let [first, last] = &subject.receipts[..] else { panic!("{} receipts", subject.receipts.len()) };
    assert_eq!((first.receipt.act, first.receipt.decisions[0].decided), (Act::Sale, Decided::NotObjected));
    assert_eq!((last.receipt.act, last.receipt.decisions[0].decided), (Act::Expiry, Decided::Ended));
    let before = first.receipt.fold(Consents::default());
    assert_eq!(of_receipt(&first.receipt, &Consents::default()), [EventType::NotObjected]);
    assert_eq!(of_receipt(&last.receipt, &before), [EventType::CustomerEnded]);
    // The longest term of the form holds for all that was told there.
    let done = world.service.do_what_is_due(months(24).plus_seconds(15 * 86_400)).await;
    assert_eq!(done, Ok(Done { forgotten: 1, ..nothing }));
    assert!(world.check().findings.is_empty(), "{:?}", world.check().findings);
}

#[tokio::test]
async fn an_objection_outlives_the_address_and_beats_every_later_sale() {
    let world = World::with_customers().await;
    let told = tell(&world, vec![sale(1, 1, Objection::Made), sale(2, 2, Objection::Offered)]).await;
    assert_eq!(told[0].fate, SaleFate::ObjectedAtSale);
    let stop = told[1].links.clone().unwrap();
    let whose = world.service.to_stop(token(&stop.unsubscribe_url)).unwrap();
    world.service.stop(&whose, whose.purpose.as_ref(), None).await.unwrap();
    let later = Service::now().plus_seconds(40 * 86_400);
    let done = world.service.do_what_is_due(later).await.unwrap();
    assert_eq!(done.forgotten, 2);
    for person in [1, 2] {
        assert_eq!(state(&world, person, later), State::Withdrawn);
        let again = tell(&world, vec![sale(person, 9, Objection::Offered)]).await;
        assert_eq!(again[0].fate, SaleFate::Stopped);
    }
    assert!(world.check().findings.is_empty(), "{:?}", world.check().findings);
}

#[tokio::test]
async fn one_objection_counts_for_all_sales_under_an_address_and_consent_is_not_touched() {
    let world = World::with_customers().await;
    world.give(1).await;
    let sales =
        vec![sale(1, 1, Objection::Offered), sale(1, 2, Objection::Made), sale(1, 3, Objection::Offered)];
    let fates: Vec<SaleFate> = tell(&world, sales).await.into_iter().map(|told| told.fate).collect();
    assert!(
        matches!(fates[..], [SaleFate::Recorded(_), SaleFate::ObjectedAtSale, SaleFate::Stopped]),
        "{fates:?}"
    );
    assert_eq!(state(&world, 1, Service::now()), State::Withdrawn);
    let organisation = world.organisation();
    let asked = Asked { purpose: PurposeId::parse("nieuwsbrief").unwrap(), at: None, version: None };
    let email = address(1);
    let answers = world.service.answerer(&organisation, |answerer| {
        answerer.may_address(&asked, [email.as_str()].into_iter(), Service::now()).unwrap()
    });
    assert!(matches!(answers.unwrap()[0], Short::Stands(State::Given, _)));
    assert!(world.check().findings.is_empty(), "{:?}", world.check().findings);
}
