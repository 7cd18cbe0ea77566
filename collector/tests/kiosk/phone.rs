//! A customer's own phone: one link, one answer.

use shared::api::{SubmitRequest, SubmitResponse};
use shared::ids::FormRef;
use shared::kiosk::{PhoneAnswer, PhoneRequest, PhoneState};
use shared::limits::{TICKET_ANSWER_SECONDS_MAX, TICKET_OPEN_SECONDS_MAX};
use shared::refusal::Refusal;
use shared::ticket::Ticket;

use super::*;
use collector::service::{Service, Shown, Wish};

const WISH: Wish<'static> = Wish { asked: None, accept: "en" };

fn ask(screen: &Screen, world: &World) -> Result<PhoneAnswer, Refused> {
    let claims = screen.signer().phone(screen.setting.kiosk, clock(), Some("Balie 1".into()));
    let request = PhoneRequest { claims: screen.signed(claims) };
    world.service.kiosk_phone(&organisation(), screen.setting.kiosk, &request)
}

fn token(link: &PhoneAnswer) -> String {
    link.url.rsplit_once('/').unwrap().1.to_owned()
}

fn open(world: &World, token: &str) -> Result<Shown, Refusal> {
    world.service.shown_on_phone(&organisation(), token, &WISH)
}

fn closed(world: &World, token: &str) -> Option<Refusal> {
    open(world, token).err()
}

fn state(world: &World, token: &str) -> PhoneState {
    world.service.phone_state(&organisation(), token).unwrap()
}

/// An answer on the page that a link leads to.
fn request(world: &World, token: &str, person: usize) -> SubmitRequest {
    let offer = world.service.offer(&open(world, token).unwrap()).unwrap();
    SubmitRequest { offer, ..world.request(&address(person), &["nieuwsbrief"]) }
}

async fn send(world: &World, request: &SubmitRequest) -> Result<SubmitResponse, Refusal> {
    world.send(request).await
}

/// A customer answers on their own phone.
pub(super) async fn use_one(world: &World, screen: &Screen) {
    let token = token(&ask(screen, world).unwrap());
    send(world, &request(world, &token, 8)).await.unwrap();
}

#[tokio::test]
async fn one_answer_comes_by_a_link_and_says_which_kiosk_sent_the_person_there() {
    let world = World::empty().await;
    let screen = Screen::pair(&world, "Toonbank").await;
    let link = ask(&screen, &world).unwrap();
    assert!(link.url.starts_with(&format!("{BASE}/k/kaas/")));
    assert!(!link.url.contains("Balie"), "a name stands in the link");
    let token = token(&link);
    let shown = open(&world, &token).unwrap();
    assert_eq!(
        (shown.notice.notice.language, shown.form),
        (Language::En, FormRef::parse("kaas/aanmelden").unwrap())
    );
    // Two people have the page open; the first one who answers uses the link up.
    let (first, second) = (request(&world, &token, 1), request(&world, &token, 2));
    assert_eq!(state(&world, &token), PhoneState::Waiting);
    let answer = send(&world, &first).await.unwrap();
    assert_eq!(state(&world, &token), PhoneState::Done);
    assert_eq!(send(&world, &second).await.unwrap_err(), Refusal::PhoneLinkOver);
    assert_eq!(closed(&world, &token), Some(Refusal::PhoneLinkOver));
    // The answer was lost on its way back: the same again.
    assert_eq!(send(&world, &first).await.unwrap(), answer);
    let receipts = receipts(&world);
    let [receipt] = receipts.as_slice() else { panic!("{} receipts", receipts.len()) };
    let kiosk = receipt.kiosk.as_ref().unwrap();
    assert_eq!(
        (receipt.method, kiosk.kiosk, kiosk.number),
        (CollectionMethod::Web, screen.setting.kiosk, None)
    );
    assert_eq!(kiosk.staff.as_deref(), Some("Balie 1"));
    assert!((SLOW..SLOW + 60).contains(&kiosk.behind_seconds));
}

#[tokio::test]
async fn three_people_at_the_same_moment_make_one_receipt() {
    let world = World::empty().await;
    let screen = Screen::pair(&world, "Toonbank").await;
    let token = token(&ask(&screen, &world).unwrap());
    let [one, two, three] = [1, 2, 3].map(|person| request(&world, &token, person));
    let all = tokio::join!(send(&world, &one), send(&world, &two), send(&world, &three));
    let all = [all.0, all.1, all.2];
    assert_eq!(all.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(all.iter().flat_map(|answer| answer.as_ref().err()).all(|why| *why == Refusal::PhoneLinkOver));
    assert_eq!(receipts(&world).len(), 1);
}

#[tokio::test]
async fn only_a_kiosk_that_counts_gets_a_link_and_only_while_it_counts_does_it_work() {
    let world = World::empty().await;
    let screen = Screen::pair(&world, "Toonbank").await;
    let other = Screen { key: SigningKey::from_bytes(&random()), setting: screen.setting.clone(), next: 1 };
    assert_eq!(ask(&other, &world).unwrap_err(), Refused::Kiosk(KioskRefusal::KioskUnknown));
    let token = token(&ask(&screen, &world).unwrap());
    let answer = request(&world, &token, 1);
    deed(&world, &Keep::Revoke { name: "Toonbank".into() }).await;
    assert_eq!(ask(&screen, &world).unwrap_err(), Refused::Kiosk(KioskRefusal::KioskRevoked));
    assert_eq!(closed(&world, &token), Some(Refusal::PhoneLinkOver));
    assert_eq!(send(&world, &answer).await.unwrap_err(), Refusal::PhoneLinkOver);
    assert!(receipts(&world).is_empty());
}

#[tokio::test]
async fn a_link_ends_and_is_forgotten() {
    let world = World::empty().await;
    let screen = Screen::pair(&world, "Toonbank").await;
    let aged = |seconds: i64| Ticket {
        kiosk: screen.setting.kiosk,
        issued: Service::now().plus_seconds(-seconds),
        behind_seconds: 0,
        staff: None,
        salt: random(),
    };
    let sealed = |ticket: Ticket| ticket.seal(&world.service.keys.offer);
    let late = sealed(aged(TICKET_OPEN_SECONDS_MAX + 5));
    assert_eq!(closed(&world, &late), Some(Refusal::PhoneLinkOver));
    // Who began in time may finish.
    assert_eq!(state(&world, &late), PhoneState::Waiting);
    let too_late = aged(TICKET_ANSWER_SECONDS_MAX + 5);
    assert_eq!(state(&world, &sealed(too_late.clone())), PhoneState::Over);
    let shown = open(&world, &sealed(aged(0))).unwrap();
    let offer = world.service.offer(&Shown { ticket: Some(too_late), ..shown }).unwrap();
    let request = SubmitRequest { offer, ..world.request(&address(1), &["nieuwsbrief"]) };
    assert_eq!(send(&world, &request).await.unwrap_err(), Refusal::OfferExpired);
    for nonsense in ["", "x", &late[1..]] {
        assert_eq!(closed(&world, nonsense), Some(Refusal::LinkUnknown));
    }
    // What was used is kept until nobody can answer any more.
    let token = token(&ask(&screen, &world).unwrap());
    let request = self::request(&world, &token, 2);
    send(&world, &request).await.unwrap();
    let used = || world.rows(collector::store::Space::KioskTicket).len();
    world.service.do_what_is_due(Service::now()).await.unwrap();
    assert_eq!(used(), 1);
    let then = Service::now().plus_seconds(TICKET_ANSWER_SECONDS_MAX + 60);
    world.service.do_what_is_due(then).await.unwrap();
    assert_eq!(used(), 0);
}
