//! Sign-ups that wait for the owner of the address, over days: what lapses, what is forgotten, and for how long something can be
//! undone.
//!
//! In scope: the services over a real store. Out of scope: mail servers and pages (end-to-end tests).

mod shop;

use collector::links;
use collector::service::Service;
use collector::service::letters::Wanted;
use collector::service::manage::Deed;
use collector::store::jobs::{Job, JobKind};
use collector::store::{Batch, Space};
use shared::Language;
use shared::api::{Outcome, SubmitResponse};
use shared::lifecycle::ConsentState;
use shared::purpose::ContactField;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use shop::{World, token};

const EMAIL: &str = "eva@voorbeeld.example";

async fn asked(world: &World, purposes: &[&str]) -> SubmitResponse {
    let answer = world.answer(EMAIL, purposes).await;
    assert_eq!(answer.outcome, Outcome::Requested);
    answer
}

fn confirm_token(world: &World, answer: &SubmitResponse) -> String {
    links::confirm_token(1, &answer.receipt, &world.service.keys.link)
}

fn states(world: &World, answer: &SubmitResponse) -> Vec<ConsentState> {
    let managed = world.service.managed(token(&answer.manage_url)).unwrap();
    managed.subject.consents().0.into_iter().map(|consent| consent.state).collect()
}

fn days(count: i64) -> Timestamp {
    Service::now().plus_seconds(count * 86_400 + 60)
}

fn jobs(world: &World) -> Vec<Job> {
    world.rows(Space::Job).iter().map(|(key, value)| Job::read(key, value).unwrap()).collect()
}

async fn wants_letter(world: &World, job: &Job) -> bool {
    matches!(world.service.letter(job, Service::now()).await, Ok(Wanted::Letter(_)))
}

#[tokio::test]
async fn what_nobody_confirms_lapses_after_seven_days_and_the_address_is_gone() {
    let world = World::confirming().await;
    let answer = asked(&world, &["nieuwsbrief"]).await;
    assert_eq!(world.service.do_what_is_due(days(6)).await.unwrap().expired, 0);
    assert!(!world.rows(Space::Contact).is_empty());
    assert_eq!(world.service.do_what_is_due(days(7)).await.unwrap().expired, 1);
    assert!(states(&world, &answer).contains(&ConsentState::Lapsed));
    let row = world.service.managed(token(&answer.manage_url)).unwrap().subject.row;
    assert!(row.contact.is_none() && row.found_by.is_none() && world.rows(Space::Contact).is_empty());
    let late = world.service.confirm(&confirm_token(&world, &answer), Language::Nl).await;
    assert_eq!(late, Err(Refusal::NothingToConfirm));
    assert!(!wants_letter(&world, &jobs(&world)[0]).await, "a letter to an address that is gone");
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn who_confirms_is_kept_and_gets_a_receipt() {
    let world = World::confirming().await;
    let answer = asked(&world, &["nieuwsbrief", "keuze"]).await;
    let [job] = jobs(&world).try_into().unwrap();
    assert_eq!((job.kind, job.sequence()), (JobKind::Confirm, Some(0)));
    assert!(wants_letter(&world, &job).await);
    world.service.confirm(&confirm_token(&world, &answer), Language::Nl).await.unwrap();
    assert!(!wants_letter(&world, &job).await, "asks again what is confirmed");
    assert_eq!(world.service.do_what_is_due(days(8)).await.unwrap().expired, 0);
    let given = states(&world, &answer).iter().filter(|s| matches!(s, ConsentState::Given { .. })).count();
    assert_eq!(given, 2);
    let kinds: Vec<JobKind> = jobs(&world).iter().map(|job| job.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == JobKind::Receipt).count(), 1);
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn a_withdrawal_can_be_undone_for_thirty_days_also_when_the_address_was_forgotten() {
    let world = World::confirming().await;
    let answer = asked(&world, &["nieuwsbrief"]).await;
    world.service.confirm(&confirm_token(&world, &answer), Language::Nl).await.unwrap();
    world.act(&answer, Deed::WithdrawAll).await;
    let managed = world.service.managed(token(&answer.manage_url)).unwrap();
    let withdrawal = managed.subject.receipts.last().unwrap().receipt.receipt;
    let undo = links::undo_token(1, &withdrawal, &world.service.keys.link);
    // As long as the longest of the form's purposes promises.
    assert_eq!(world.service.do_what_is_due(days(14)).await.unwrap().forgotten, 1);
    let again = |email| world.service.undo(&undo, email, Language::Nl);
    assert_eq!(again(None).await, Err(Refusal::ContactMissing(ContactField::Email)));
    let other = again(Some("ander@voorbeeld.example")).await;
    assert_eq!(other, Err(Refusal::ContactInvalid(ContactField::Email)));
    again(Some(EMAIL)).await.unwrap();
    assert!(states(&world, &answer).iter().any(|state| matches!(state, ConsentState::Given { .. })));
    assert!(world.service.managed(token(&answer.manage_url)).unwrap().subject.row.contact.is_some());
    assert_eq!(world.check().findings, []);
}

#[tokio::test]
async fn nobody_gets_a_letter_who_is_erased() {
    let world = World::confirming().await;
    let answer = asked(&world, &["nieuwsbrief"]).await;
    let [job] = jobs(&world).try_into().unwrap();
    let managed = world.service.managed(token(&answer.manage_url)).unwrap();
    let eraser = world.service.eraser();
    eraser.erase_subject(&world.organisation(), &managed.id, Service::now()).await.unwrap();
    assert!(!wants_letter(&world, &job).await);
}

#[tokio::test]
async fn two_presses_at_once_confirm_once() {
    let world = World::confirming().await;
    let answer = asked(&world, &["nieuwsbrief"]).await;
    let link = confirm_token(&world, &answer);
    let (one, two) =
        tokio::join!(world.service.confirm(&link, Language::Nl), world.service.confirm(&link, Language::Nl));
    assert_eq!(one.unwrap(), two.unwrap(), "the same receipt");
    assert_eq!(world.rows(Space::Body).len(), 2);
}

#[tokio::test]
async fn a_job_that_is_done_is_gone_and_one_that_is_put_off_comes_later() {
    let world = World::confirming().await;
    asked(&world, &["nieuwsbrief"]).await;
    let [job] = jobs(&world).try_into().unwrap();
    let mut rows = Batch::default();
    job.put_off(&mut rows, days(1));
    world.service.engine.commit(&rows).unwrap();
    let [later] = jobs(&world).try_into().unwrap();
    assert_eq!((later.attempts, later.first_due()), (1, job.due));
    let mut stale = Batch::default();
    job.remove(&mut stale);
    assert!(world.service.engine.commit(&stale).is_err(), "somebody else was quicker");
}
