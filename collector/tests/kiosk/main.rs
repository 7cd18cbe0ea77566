//! Kiosks at counters: what they hand in, in which order, and what is refused.
//!
//! The screens here are the code that a browser runs, with a key of their own.

mod fsck;
mod phone;
#[path = "../shop/mod.rs"]
mod shop;

use collector::cli::kiosk::{Deed as Keep, keep};
use collector::kiosks::{Known, refused};
use collector::service::kiosk::Refused;
use collector::service::kiosk::enrol::{Kiosks, New};
use ed25519_dalek::{Signer as _, SigningKey};
use kiosk::entries::{Signer, Stamp};
use kiosk::session::{Sending, Sent, Session};
use shared::Language;
use shared::api::ContactText;
use shared::ids::{KioskId, OrganisationId};
use shared::jwk::PublicKey;
use shared::kiosk::{
    Answered, Deed, EntryOutcome, KioskRefusal, KioskSetting, Pairing, SyncAnswer, SyncRequest,
};
use shared::receipt::{Act, CollectionMethod, Decided, Receipt};
use shared::slip::SlipCode;
use shared::time::Timestamp;
use shop::{BASE, World, address};
use widget::model::KioskScreen;

/// A screen with its key. Its clock is an hour slow.
struct Screen {
    key: SigningKey,
    setting: KioskSetting,
    next: u64,
}

const SLOW: i64 = 3_600;

fn organisation() -> OrganisationId {
    OrganisationId::parse("kaas").unwrap()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn clock() -> Timestamp {
    collector::service::Service::now().plus_seconds(-SLOW)
}

async fn deed(world: &World, deed: &Keep) -> String {
    let (engine, sequencer) = (world.service.engine.as_ref(), &world.service.sequencer);
    let organisation = world.organisation();
    keep(&Kiosks { engine, sequencer, organisation: &organisation }, BASE, deed).await.unwrap()
}

/// Makes a kiosk; gives its pairing code.
async fn add(world: &World, name: &str) -> String {
    let new = New {
        name: name.into(),
        place: "Markt".into(),
        form: "aanmelden".into(),
        languages: Vec::new(),
        staff: vec!["Balie 1".into()],
        idle_seconds: 60,
    };
    let said = deed(world, &Keep::Add(new)).await;
    let (_, code) = said.split_once("pairing code: ").unwrap();
    code.split_whitespace().next().unwrap().into()
}

impl Screen {
    async fn pair(world: &World, name: &str) -> Self {
        let code = add(world, name).await;
        Self::with_code(world, code, SigningKey::from_bytes(&random())).await.unwrap()
    }

    async fn with_code(world: &World, code: String, key: SigningKey) -> Result<Self, Refused> {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key.verifying_key());
        let setting = world.service.pair(&organisation(), &Pairing { code, key: text }).await?.setting;
        Ok(Self { key, setting, next: 1 })
    }

    fn signer(&self) -> Signer {
        Signer { key: PublicKey::from_bytes(self.key.verifying_key().as_bytes()).unwrap() }
    }

    fn signed(&self, text: String) -> String {
        use base64::Engine as _;
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        format!("{text}.{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(signature))
    }

    fn numbered(&self, number: u64, deed: Deed) -> String {
        let stamp = Stamp { number, at: clock(), seed: random() };
        let staff = Some("Balie 1".into());
        self.signed(self.signer().entry(&self.setting, &stamp, deed, staff).unwrap())
    }

    fn entry(&mut self, deed: Deed) -> String {
        self.next += 1;
        self.numbered(self.next - 1, deed)
    }

    /// What somebody answers who wants the newsletter.
    fn answer(&self, person: usize) -> Deed {
        let mut session = Session::new(Language::Nl);
        session.set(self.setting.clone());
        session.begin("nl", clock());
        let contact = ContactText { email: Some(address(person)), ..ContactText::default() };
        let ticked = ["nieuwsbrief".to_owned()];
        let sent = Sent { ticked: &ticked, contact, refuses: false, at: clock(), random: random() };
        session.answer(&sent).unwrap().deed
    }

    async fn send(&self, world: &World, entries: &[String]) -> Result<SyncAnswer, Refused> {
        let claims = self.signer().claims(self.setting.kiosk, clock(), 3);
        let request = SyncRequest { claims: self.signed(claims), entries: entries.to_vec() };
        world.service.kiosk_sync(&organisation(), self.setting.kiosk, &request).await
    }

    fn known(&self, world: &World) -> Known {
        let snapshot = world.service.engine.snapshot().unwrap();
        Known::read(snapshot.as_ref(), world.organisation().number, &self.setting.kiosk).unwrap().unwrap()
    }

    /// The codes of what was refused.
    fn refused(&self, world: &World) -> Vec<String> {
        let snapshot = world.service.engine.snapshot().unwrap();
        refused(snapshot.as_ref(), &self.known(world)).unwrap().into_iter().map(|row| row.code).collect()
    }
}

fn slip_of(deed: &Deed) -> SlipCode {
    match deed {
        Deed::Answer(answer) => answer.slip,
        _ => panic!("no answer"),
    }
}

const STORED: Answered = Answered { outcome: EntryOutcome::Stored, code: None };

fn answered(outcome: EntryOutcome, refusal: KioskRefusal) -> Answered {
    Answered { outcome, code: Some(refusal.code().into()) }
}

fn receipts(world: &World) -> Vec<Receipt> {
    let snapshot = world.service.engine.snapshot().unwrap();
    let organisation = world.organisation().number;
    let read = |number| collector::records::find_numbered(snapshot.as_ref(), organisation, number).unwrap();
    (0..).map_while(read).map(|stored| stored.receipt).collect()
}

#[tokio::test]
async fn answers_at_a_counter_become_receipts_once_in_order_and_with_both_clocks() {
    let world = World::empty().await;
    let mut screen = Screen::pair(&world, "Toonbank").await;
    let entries: Vec<String> = (0..3).map(|person| screen.entry(screen.answer(person))).collect();
    let first = screen.send(&world, &entries[..2]).await.unwrap();
    assert_eq!((first.answers, first.next), (vec![STORED, STORED], 3));
    // The answer did not arrive: all of it once more, and one that is new.
    let again = screen.send(&world, &entries).await.unwrap();
    assert_eq!((again.answers, again.next), (vec![STORED; 3], 4));
    let receipts = receipts(&world);
    assert_eq!(receipts.len(), 3);
    for (number, receipt) in (1..).zip(&receipts) {
        let kiosk = receipt.kiosk.as_ref().unwrap();
        assert_eq!((receipt.act, receipt.method), (Act::Choices, CollectionMethod::Kiosk));
        assert_eq!((kiosk.number, kiosk.staff.as_deref()), (Some(number), Some("Balie 1")));
        let behind = receipt.at.unix_seconds() - kiosk.at.unix_seconds();
        assert!((SLOW..SLOW + 60).contains(&behind), "{behind}");
        assert!((SLOW..SLOW + 60).contains(&kiosk.behind_seconds));
        assert_eq!(receipt.decisions[0].decided, Decided::Given);
    }
    let row = screen.known(&world).row;
    assert_eq!((row.next, row.held, row.refused), (4, 3, 0));
    assert!(world.check().findings.is_empty());
}

#[tokio::test]
async fn a_slip_leads_to_its_person_once_the_entry_is_there() {
    let world = World::empty().await;
    let mut screen = Screen::pair(&world, "Toonbank").await;
    let deed = screen.answer(1);
    let slip = slip_of(&deed);
    let typing = collector::service::slips::Typing::Web(None);
    let find = || world.service.by_slip(&world.organisation(), &slip, typing);
    assert!(find().is_err());
    let entry = screen.entry(deed);
    screen.send(&world, &[entry]).await.unwrap();
    assert_eq!(find().unwrap(), receipts(&world)[0].subject);
}

#[tokio::test]
async fn what_is_forged_foreign_cut_off_or_out_of_order_is_refused_and_blocks_nothing() {
    let world = World::empty().await;
    let (mut screen, other) = (Screen::pair(&world, "Toonbank").await, Screen::pair(&world, "Kraam").await);
    let good = screen.entry(screen.answer(1));
    let forged = other.numbered(2, screen.answer(2));
    let foreign = {
        let stamp = Stamp { number: 2, at: clock(), seed: random() };
        let text = screen.signer().entry(&other.setting, &stamp, other.answer(2), None).unwrap();
        screen.signed(text)
    };
    let cut = good[..good.len() - 9].to_owned();
    let late = screen.numbered(7, screen.answer(3));
    let elsewhere = {
        let mut setting = screen.setting.clone();
        setting.kiosk = other.setting.kiosk;
        let stamp = Stamp { number: 2, at: clock(), seed: random() };
        let entry = shared::kiosk::Entry { at: clock(), deed: screen.answer(4), staff: None };
        let sealed = shared::kiosk::seal(&setting.seal, &setting.kiosk, 2, &entry, stamp.seed).unwrap();
        let envelope = shared::kiosk::Envelope { kiosk: screen.setting.kiosk, number: 2, sealed };
        screen.signed(shared::kiosk::unsigned(shared::kiosk::ENTRY_TYP, &screen.signer().key, &envelope))
    };
    screen.next = 3;
    let last = screen.entry(screen.answer(5));
    let sent = [good, forged, foreign, cut, "x".into(), late, elsewhere, last];
    let answer = screen.send(&world, &sent).await.unwrap();
    let not_taken = |refusal| answered(EntryOutcome::NotTaken, refusal);
    let expected = [
        STORED,
        not_taken(KioskRefusal::EntryForged),
        not_taken(KioskRefusal::EntryForeign),
        not_taken(KioskRefusal::EntryMalformed),
        not_taken(KioskRefusal::EntryMalformed),
        not_taken(KioskRefusal::EntryOutOfOrder),
        answered(EntryOutcome::Refused, KioskRefusal::EntryUnreadable),
        STORED,
    ];
    assert_eq!((answer.answers, answer.next), (expected.to_vec(), 4));
    assert_eq!(receipts(&world).len(), 2);
    let mut codes = screen.refused(&world);
    codes.sort_unstable();
    let mut names = ["entry_forged", "entry_foreign", "entry_malformed", "entry_malformed"].to_vec();
    names.extend(["entry_out_of_order", "entry_unreadable"]);
    names.sort_unstable();
    assert_eq!(codes, names);
    assert!(deed(&world, &Keep::Refused { name: "Toonbank".into() }).await.contains("entry_foreign"));
}

#[tokio::test]
async fn what_the_rules_of_consent_refuse_uses_up_its_number_and_has_their_code() {
    let world = World::empty().await;
    let mut screen = Screen::pair(&world, "Toonbank").await;
    let Deed::Answer(mut answer) = screen.answer(1) else { panic!("no answer") };
    answer.ticked = vec!["nooit-gevraagd".parse().unwrap()];
    let used = slip_of(&screen.answer(2));
    let (bad, good) = (screen.entry(Deed::Answer(answer)), screen.entry(screen.answer(3)));
    let sent = screen.send(&world, &[bad.clone(), good]).await.unwrap();
    let refused = Answered { outcome: EntryOutcome::Refused, code: Some("purpose_not_offered".into()) };
    assert_eq!(sent.answers, [refused.clone(), STORED]);
    assert_eq!(screen.send(&world, &[bad]).await.unwrap().answers, [refused]);
    let lost = screen.entry(Deed::Lost);
    assert_eq!(screen.send(&world, &[lost]).await.unwrap().answers, [STORED]);
    assert_eq!(receipts(&world).len(), 1);
    assert_ne!(used, slip_of(&screen.answer(2)), "each slip has a code of its own");
}

#[tokio::test]
async fn two_screens_with_one_key_are_seen_and_stopped() {
    let world = World::empty().await;
    let mut screen = Screen::pair(&world, "Toonbank").await;
    let (one, other) = (screen.entry(screen.answer(1)), screen.numbered(1, screen.answer(2)));
    screen.send(&world, &[one]).await.unwrap();
    let cloned = Err(Refused::Kiosk(KioskRefusal::KioskCloned));
    assert_eq!(screen.send(&world, &[other]).await, cloned);
    let more = screen.entry(screen.answer(3));
    assert_eq!(screen.send(&world, &[more]).await, cloned);
    assert_eq!(receipts(&world).len(), 1);
    assert_eq!(screen.refused(&world), ["entry_number_used", "kiosk_cloned"]);
    assert!(deed(&world, &Keep::List).await.contains("two screens used it"));
}

#[tokio::test]
async fn a_revoked_kiosk_gives_nothing_more_and_what_customers_took_back_there_counts() {
    let world = World::empty().await;
    let mut screen = Screen::pair(&world, "Toonbank").await;
    let given = screen.answer(1);
    let slip = slip_of(&given);
    let (one, two) = (screen.entry(given), screen.entry(screen.answer(2)));
    let stop = screen.entry(Deed::Withdraw { slip, language: Language::Nl });
    screen.send(&world, &[one]).await.unwrap();
    deed(&world, &Keep::Revoke { name: "Toonbank".into() }).await;
    let revoked = Err(Refused::Kiosk(KioskRefusal::KioskRevoked));
    assert_eq!(screen.send(&world, &[two, stop]).await, revoked);
    let receipts = receipts(&world);
    assert_eq!(receipts.iter().map(|one| one.act).collect::<Vec<_>>(), [Act::Choices, Act::Withdrawal]);
    assert_eq!(screen.refused(&world), ["kiosk_revoked", "kiosk_revoked"]);
    assert_eq!(screen.send(&world, &[]).await, revoked);
}

#[tokio::test]
async fn what_was_taken_back_at_one_counter_stays_so_when_the_answer_comes_later_from_another() {
    let world = World::empty().await;
    let (mut one, mut other) = (Screen::pair(&world, "Toonbank").await, Screen::pair(&world, "Kraam").await);
    let given = one.answer(1);
    let stop = other.entry(Deed::Withdraw { slip: slip_of(&given), language: Language::En });
    assert_eq!(other.send(&world, &[stop]).await.unwrap().answers, [STORED]);
    let entry = one.entry(given);
    assert_eq!(one.send(&world, &[entry]).await.unwrap().answers, [STORED]);
    let receipts = receipts(&world);
    assert_eq!(receipts.iter().map(|one| one.act).collect::<Vec<_>>(), [Act::Choices, Act::Withdrawal]);
    assert_eq!(receipts[1].decisions[0].decided, Decided::Withdrawn);
    assert!(world.check().findings.is_empty());
}

#[tokio::test]
async fn a_pairing_code_makes_one_screen_and_no_other() {
    let world = World::empty().await;
    let code = add(&world, "Toonbank").await;
    let pair = |code: &str| Screen::with_code(&world, code.into(), SigningKey::from_bytes(&random()));
    let unknown = Refused::Kiosk(KioskRefusal::PairingUnknown);
    assert_eq!(pair("AAAA-BBBB-CCCC").await.err(), Some(unknown));
    let typed = code.to_lowercase().replace('-', " ");
    let screen = pair(&typed).await.unwrap();
    assert_eq!(pair(&code).await.err(), Some(unknown));
    let names: Vec<&str> = screen.setting.notices.iter().map(|notice| notice.language.tag()).collect();
    assert_eq!(names, ["nl", "en", "ar"]);
    let nobody = KioskId::from_bytes([7; 16]);
    let stranger = Screen { key: SigningKey::from_bytes(&random()), ..screen };
    let unknown = Err(Refused::Kiosk(KioskRefusal::KioskUnknown));
    assert_eq!(stranger.send(&world, &[]).await, unknown);
    let claims = stranger.signed(stranger.signer().claims(nobody, clock(), 0));
    let request = SyncRequest { claims, entries: Vec::new() };
    assert_eq!(world.service.kiosk_sync(&organisation(), nobody, &request).await, unknown);
}

/// A screen of a kiosk, at its first screen.
async fn session(world: &World) -> (Session, KioskSetting) {
    let setting = Screen::pair(world, "Toonbank").await.setting;
    let mut session = Session::new(Language::Nl);
    session.set(setting.clone());
    (session, setting)
}

fn sent(ticked: &[String], refuses: bool) -> Sent<'_> {
    let contact = ContactText { email: Some(address(1)), ..ContactText::default() };
    Sent { ticked, contact, refuses, at: clock(), random: random() }
}

#[tokio::test]
async fn a_screen_that_is_full_or_was_silent_for_a_week_takes_nothing_more() {
    let world = World::empty().await;
    let (mut session, _) = session(&world).await;
    let now = clock();
    let mut room = |waiting, silent: i64| {
        let last_sent = Some(now.plus_seconds(-silent));
        session.sending(Sending { waiting, last_sent, offset: 0 });
        session.start();
        session.begin("nl", now);
        let view = session.view(now);
        (matches!(view.screen, KioskScreen::Form { .. }), view.sending.almost_full)
    };
    const WEEK: i64 = 7 * 24 * 60 * 60;
    assert_eq!(room(0, 0), (true, false));
    assert_eq!(room(399, 0), (true, false));
    assert_eq!(room(400, 0), (true, true));
    assert_eq!(room(500, 0), (false, true));
    assert_eq!(room(1, WEEK - 1), (true, true));
    assert_eq!(room(1, WEEK), (false, true));
    assert_eq!(room(0, 9 * WEEK), (true, false), "with nothing to send there is nothing to lose");
}

#[tokio::test]
async fn only_a_form_that_a_customer_opened_makes_an_answer() {
    let world = World::empty().await;
    let (mut session, setting) = session(&world).await;
    let ticked = ["nieuwsbrief".to_owned()];
    assert!(session.answer(&sent(&ticked, false)).is_none(), "on the first screen");
    session.ask_pin();
    assert!(session.answer(&sent(&ticked, false)).is_none(), "while a PIN is typed");
    session.open_staff();
    assert!(session.answer(&sent(&ticked, false)).is_none(), "on the staff's screen");
    session.begin("nl", clock());
    assert!(session.answer(&sent(&[], false)).is_none(), "nothing ticked is a slip, not an answer");
    assert!(session.answer(&sent(&["kaas-per-drone".to_owned()], false)).is_none());
    let refused = session.answer(&sent(&ticked, true)).unwrap();
    let Deed::Answer(answer) = refused.deed else { panic!("no answer") };
    assert!(answer.ticked.is_empty() && answer.contact.email.is_none(), "a no keeps no address");
    assert_eq!(answer.notice, setting.notices[0].canonical().1);
}
