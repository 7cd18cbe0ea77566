//! What follows from acts for endpoints: rows of the same commit, messages, replays, and what is left of them.
//!
//! In scope: the services over a real store. Out of scope: sending (end-to-end tests).

mod shop;

use std::ops::ControlFlow;

use collector::cli::endpoint::{Act, Added, Again, Deed, serving};
use collector::endpoints::event::EventType;
use collector::endpoints::row::{EndpointId, State, Tool, Why};
use collector::endpoints::waiting::{About, Waiting};
use collector::endpoints::{self, put_state};
use collector::fsck::What;
use collector::service::Service;
use collector::service::deliveries::Place;
use collector::service::manage::Deed as OwnPage;
use collector::service::people::Who;
use collector::store::{Batch, KeyRange, Space};
use shared::api::SubmitResponse;
use shared::ids::PurposeId;
use shared::time::Timestamp;
use shop::{World, address, token};

const ID: EndpointId = EndpointId { organisation: 1, number: 1 };

async fn done(world: &World, deed: Deed) -> anyhow::Result<String> {
    serving(&world.service, &world.organisation(), &deed).await
}

fn webhook(name: &str, events: &[&str]) -> Deed {
    let gets = Added::Messages(events.iter().map(|event| (*event).to_owned()).collect());
    Deed::Add { name: name.into(), url: "https://crm.example/hook".into(), allow: Vec::new(), gets }
}

fn connector(name: &str) -> Deed {
    let purpose = PurposeId::parse("nieuwsbrief").unwrap();
    let gets = Added::People { tool: Tool::Listmonk, list: "3".into(), purpose, secret: "v:geheim".into() };
    Deed::Add { name: name.into(), url: "https://mail.example".into(), allow: Vec::new(), gets }
}

fn one(name: &str, act: Act) -> Deed {
    Deed::One { name: name.into(), act }
}

fn waiting(world: &World, id: EndpointId) -> Vec<Waiting> {
    let rows = world.rows(Space::Delivery);
    let all = rows.iter().map(|(key, row)| Waiting::read(key, row).unwrap());
    all.filter(|waiting| waiting.endpoint == id).collect()
}

fn events(world: &World, id: EndpointId) -> Vec<EventType> {
    let mut events: Vec<EventType> = waiting(world, id).iter().map(|one| one.about.event()).collect();
    events.sort_unstable();
    events
}

async fn erase(world: &World, answer: &SubmitResponse) {
    let who = Who::Link(token(&answer.manage_url).into());
    world.service.eraser().erase(&world.organisation(), &who, Service::now()).await.unwrap();
}

fn drop_all(world: &World) {
    let mut rows = Batch::default();
    for (key, _) in world.rows(Space::Delivery) {
        rows.delete(Space::Delivery, key);
    }
    world.service.engine.commit(&rows).unwrap();
}

fn body(world: &World, one: &Waiting) -> serde_json::Value {
    serde_json::from_slice(&world.service.message(one).unwrap().unwrap().body).unwrap()
}

#[tokio::test]
async fn a_receiver_hears_what_it_asked_for_and_every_end() {
    let world = World::empty().await;
    done(&world, webhook("crm", &[])).await.unwrap();
    let answer = world.give(1).await;
    assert_eq!(events(&world, ID), [EventType::Given]);
    world.act(&answer, OwnPage::WithdrawAll).await;
    assert_eq!(events(&world, ID), [EventType::Given, EventType::Withdrawn]);
    erase(&world, &answer).await;
    assert_eq!(events(&world, ID), [EventType::Given, EventType::Withdrawn, EventType::Erased]);
    // What is about receipts that are gone says nothing any more.
    for one in waiting(&world, ID) {
        let says = world.service.message(&one).unwrap().is_some();
        assert_eq!(says, one.about.event() == EventType::Erased);
    }
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn requests_and_refusals_are_heard_by_who_asks_for_them() {
    let world = World::confirming().await;
    done(&world, webhook("all", &["consent.requested", "consent.refused", "consent.lapsed"])).await.unwrap();
    done(&world, webhook("usual", &[])).await.unwrap();
    world.answer("eva@voorbeeld.example", &["nieuwsbrief"]).await;
    let all = events(&world, ID);
    assert!(all.contains(&EventType::Requested) && all.contains(&EventType::Refused), "{all:?}");
    assert_eq!(events(&world, EndpointId { number: 2, ..ID }), []);
    let later = Service::now().plus_seconds(8 * 86_400);
    world.service.do_what_is_due(later).await.unwrap();
    assert!(events(&world, ID).contains(&EventType::Lapsed));
}

#[tokio::test]
async fn an_objection_is_told_by_itself_and_takes_everybody_of_the_address_off_the_list() {
    let world = World::empty().await;
    done(&world, webhook("crm", &[])).await.unwrap();
    done(&world, connector("mail")).await.unwrap();
    let list = EndpointId { number: 2, ..ID };
    world.give(1).await;
    let other = world.answer(&address(1), &["keuze"]).await;
    drop_all(&world);
    world.act(&other, OwnPage::Object).await;
    assert_eq!(events(&world, ID), [EventType::Withdrawn, EventType::Objected]);
    let objected =
        waiting(&world, ID).into_iter().find(|one| one.about.event() == EventType::Objected).unwrap();
    let says = body(&world, &objected);
    assert!(says["type"] == "subject.objected" && says["data"].get("purpose").is_none(), "{says}");
    let [told] = waiting(&world, list).try_into().unwrap();
    let endpoint = world.service.endpoints.get(list).unwrap();
    let place = world.service.place(&endpoint, told.person.as_ref().unwrap(), Service::now()).unwrap();
    assert!(matches!(place, Some(Place::Off(_))));
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn a_message_says_which_receipt_and_never_who() {
    let world = World::empty().await;
    done(&world, webhook("crm", &[])).await.unwrap();
    let answer = world.give(7).await;
    let [one] = waiting(&world, ID).try_into().unwrap();
    let message = world.service.message(&one).unwrap().unwrap();
    assert_eq!(
        world.service.message(&one.again(Service::now())).unwrap().unwrap(),
        message,
        "each try alike"
    );
    let says = body(&world, &one);
    assert_eq!(says["type"], "consent.given");
    assert_eq!(says["data"]["receipt"], answer.receipt.to_string());
    assert_eq!(
        (&says["data"]["organisation"], &says["data"]["purpose"]),
        (&"kaas".into(), &"nieuwsbrief".into())
    );
    assert!(says["timestamp"].as_str().unwrap().ends_with('Z') && says["data"]["until"].is_string());
    let text = String::from_utf8(message.body).unwrap();
    assert!(text.len() < 20_000 && !text.contains('@') && !text.contains("p7"), "{text}");
    assert!(message.id.starts_with("msg_") && !message.id.contains('.'));
}

#[tokio::test]
async fn a_secret_is_shown_once_and_is_sealed_in_the_store() {
    let world = World::empty().await;
    let secret = done(&world, webhook("crm", &[])).await.unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    let listed = done(&world, Deed::List).await.unwrap();
    assert!(listed.starts_with("crm: https://crm.example/hook [consent.given") && !listed.contains("whsec_"));
    let rotated = done(&world, one("crm", Act::Rotate)).await.unwrap();
    assert!(rotated.starts_with("whsec_") && !rotated.contains(secret.trim()));
    let endpoint = world.service.endpoints.get(ID).unwrap();
    let (before, _) = endpoint.before.as_ref().unwrap();
    assert_eq!(
        (before.text(), endpoint.secret.text()),
        (secret.trim().into(), rotated.lines().next().unwrap().into())
    );
    done(&world, connector("mail")).await.unwrap();
    let file = std::fs::read(world.folder.path().join("store")).unwrap();
    for text in [endpoint.secret.bytes(), before.bytes(), b"v:geheim"] {
        assert!(memchr::memmem::find(&file, text).is_none());
    }
    assert!(
        format!("{endpoint:?}").len() > 100 && !format!("{endpoint:?}").contains(&endpoint.secret.text())
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_not_stored() {
    let world = World::empty().await;
    let refused = async |deed: Deed, word: &str| {
        let error = done(&world, deed).await.unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    };
    let at = |url: &str| match webhook("x", &[]) {
        Deed::Add { name, allow, gets, .. } => Deed::Add { name, url: url.into(), allow, gets },
        other => other,
    };
    refused(at("http://crm.example/"), "https").await;
    refused(at("https://127.0.0.1/"), "public internet").await;
    refused(at("https://[::ffff:169.254.169.254]/"), "public internet").await;
    refused(webhook("x", &["consent.everything"]), "no such event").await;
    done(&world, webhook("x", &[])).await.unwrap();
    refused(webhook("x", &[]), "already").await;
    refused(one("y", Act::Remove), "no endpoint of that name").await;
    for number in 1..shared::limits::ENDPOINTS_MAX {
        done(&world, webhook(&number.to_string(), &[])).await.unwrap();
    }
    refused(webhook("one too many", &[]), "already; remove one").await;
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn a_tool_is_told_what_stands_and_the_address_goes_along_sealed() {
    let world = World::empty().await;
    done(&world, connector("mail")).await.unwrap();
    let answer = world.give(1).await;
    let [given] = waiting(&world, ID).try_into().unwrap();
    let place = |one: &Waiting| {
        let endpoint = world.service.endpoints.get(ID).unwrap();
        world.service.place(&endpoint, one.person.as_ref().unwrap(), Service::now()).unwrap().unwrap()
    };
    assert!(matches!(place(&given), Place::On(email) if email.as_str() == address(1)));
    world.act(&answer, OwnPage::WithdrawAll).await;
    // Told late, it says what stands now.
    assert!(waiting(&world, ID).iter().all(|one| matches!(place(one), Place::Off(_))));
    assert_eq!(waiting(&world, ID).len(), 2);
    world.answer(&address(2), &["keuze"]).await;
    assert_eq!(waiting(&world, ID).len(), 2, "another purpose");
    let third = world.give(3).await;
    erase(&world, &third).await;
    let erased = waiting(&world, ID).into_iter().find(|one| one.about.event() == EventType::Erased).unwrap();
    assert!(matches!(place(&erased), Place::Off(email) if email.as_str() == address(3)));
    let file = std::fs::read(world.folder.path().join("store")).unwrap();
    assert!(memchr::memmem::find(&file, address(3).as_bytes()).is_none());
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn what_was_missed_is_sent_when_an_endpoint_is_enabled_again() {
    let world = World::empty().await;
    done(&world, webhook("crm", &[])).await.unwrap();
    let first = world.give(1).await;
    drop_all(&world);
    let since = Service::now().unix_seconds();
    let disabled = State { disabled: Some((since, Why::Gone)), failing_since: Some(since) };
    let mut rows = Batch::default();
    put_state(&mut rows, ID, &disabled);
    world.service.engine.commit(&rows).unwrap();
    world.service.endpoints.reload().unwrap();
    let second = world.give(2).await;
    world.act(&first, OwnPage::WithdrawAll).await;
    erase(&world, &second).await;
    assert_eq!(events(&world, ID), [], "nothing piles up");
    let listed = done(&world, Deed::List).await.unwrap();
    assert!(
        listed.contains("DISABLED since") && listed.contains("vinkje webhook enable kaas --name \"crm\"")
    );
    done(&world, one("crm", Act::Enable)).await.unwrap();
    let events = events(&world, ID);
    assert!(events.contains(&EventType::Withdrawn) && events.contains(&EventType::Erased), "{events:?}");
    assert!(world.service.endpoints.get(ID).unwrap().is_on());
}

#[tokio::test]
async fn everything_since_a_moment_is_sent_again_with_the_ids_it_had() {
    let world = World::with(40).await;
    done(&world, webhook("crm", &[])).await.unwrap();
    assert_eq!(events(&world, ID), [], "what was before is sent on request only");
    let since = |moment: Timestamp| one("crm", Act::Replay(Again::Since(moment)));
    done(&world, since(Service::now().plus_seconds(-3_600))).await.unwrap();
    let all = events(&world, ID);
    assert_eq!(all.iter().filter(|event| **event == EventType::Given).count(), 40);
    assert!(all.contains(&EventType::Withdrawn));
    let ids = |world: &World| {
        let id = |one: &Waiting| world.service.message_id(ID, one.about);
        let mut ids: Vec<String> = waiting(world, ID).iter().map(id).collect();
        ids.sort_unstable();
        ids
    };
    let before = ids(&world);
    drop_all(&world);
    done(&world, since(Service::now().plus_seconds(-3_600))).await.unwrap();
    assert_eq!(ids(&world), before);
    assert!(done(&world, since(Service::now().plus_seconds(60))).await.is_err());
    assert!(done(&world, one("crm", Act::Replay(Again::Id("msg_x".into())))).await.is_err());
}

#[tokio::test]
async fn nothing_is_left_of_an_endpoint_that_is_removed() {
    let world = World::empty().await;
    done(&world, webhook("crm", &[])).await.unwrap();
    done(&world, webhook("other", &[])).await.unwrap();
    world.give(1).await;
    world.give(2).await;
    done(&world, one("crm", Act::Remove)).await.unwrap();
    done(&world, webhook("crm", &[])).await.unwrap();
    let again = world.service.endpoints.of(1).into_iter().find(|one| one.row.name == "crm").unwrap();
    assert_eq!(again.id.number, 3, "no number is given out twice");
    let mut rows = Batch::default();
    let is_there = |id| world.service.endpoints.get(id).is_some();
    let more =
        endpoints::leftovers(world.service.engine.snapshot().unwrap().as_ref(), is_there, 99, &mut rows);
    assert!(!more.unwrap() && rows.writes.len() == 2);
    world.service.engine.commit(&rows).unwrap();
    assert_eq!(waiting(&world, ID), []);
    assert_eq!(waiting(&world, EndpointId { number: 2, ..ID }).len(), 2);
}

#[tokio::test]
async fn fsck_names_an_endpoint_and_a_delivery_that_are_not_what_was_written() {
    let world = World::empty().await;
    done(&world, webhook("crm", &[])).await.unwrap();
    world.give(1).await;
    for (space, expected) in [(Space::Endpoint, What::EndpointFalse), (Space::Delivery, What::DeliveryFalse)]
    {
        let mut rows = world.rows(space);
        // The first row of all counts numbers.
        let (key, row) = rows.pop().unwrap();
        let mut batch = Batch::default();
        batch.put(space, key.clone(), &row[..row.len() - 1]);
        world.service.engine.commit(&batch).unwrap();
        let found: Vec<What> = world.check().findings.iter().map(|finding| finding.what).collect();
        assert_eq!(found, [expected]);
        let mut back = Batch::default();
        back.put(space, key, row);
        world.service.engine.commit(&back).unwrap();
    }
    let mut seen = 0;
    let snapshot = world.service.engine.snapshot().unwrap();
    let mut count = |_: &[u8], _: &[u8]| {
        seen += 1;
        ControlFlow::Continue(())
    };
    snapshot.scan(Space::Delivery, &KeyRange::all(), &mut count).unwrap();
    assert_eq!((seen, world.check().findings), (1, Vec::new()));
    let never = About::Decision { event: EventType::Given, index: 0, sequence: 99 };
    assert!(world.service.message(&Waiting::new(ID, never, None, Service::now())).unwrap().is_none());
}
