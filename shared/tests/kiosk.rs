//! What a kiosk seals: opened by its own key, kiosk and number only, and read without panics.

use proptest::prelude::*;
use shared::Language;
use shared::ids::KioskId;
use shared::jwk::PublicKey;
use shared::jws::SigningKey;
use shared::kiosk::{
    Deed, ENTRY_TYP, Entry, Envelope, KioskRefusal, SYNC_TYP, SealKey, SyncClaims, read_signed, seal,
    unsigned,
};
use shared::slip::SlipCode;
use shared::time::Timestamp;

fn entry() -> Entry {
    let deed = Deed::Withdraw { slip: SlipCode::from_random(&[7; 16]), language: Language::Nl };
    Entry { at: Timestamp::from_unix_seconds(1_800_000_000), deed, staff: Some("Balie 1".into()) }
}

fn kiosk(byte: u8) -> KioskId {
    KioskId::from_bytes([byte; 16])
}

fn key() -> (SigningKey, PublicKey) {
    let key = SigningKey::from_bytes(&[5; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().as_bytes()).unwrap();
    (key, public)
}

fn signed(text: &str) -> String {
    let (header, payload) = text.split_once('.').unwrap();
    use base64::Engine as _;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    shared::jws::signed(header, &payload, &key().0).0
}

#[test]
fn an_entry_opens_as_the_kiosk_and_number_that_it_was_sealed_for() {
    let secret = SealKey::new(&[9; 32]);
    let sealed = seal(&secret.public(), &kiosk(1), 4, &entry(), [3; 32]).unwrap();
    let opened = secret.open(&kiosk(1), 4, &sealed).unwrap();
    assert_eq!((opened.at, opened.staff), (entry().at, entry().staff));
    let unreadable = Some(KioskRefusal::EntryUnreadable);
    assert_eq!(secret.open(&kiosk(1), 5, &sealed).err(), unreadable);
    assert_eq!(secret.open(&kiosk(2), 4, &sealed).err(), unreadable);
    assert_eq!(SealKey::new(&[8; 32]).open(&kiosk(1), 4, &sealed).err(), unreadable);
    let text = serde_json::to_string(&sealed).unwrap();
    assert!(!text.contains("Balie"), "the seal shows what is in it");
    assert_ne!(seal(&secret.public(), &kiosk(1), 4, &entry(), [4; 32]).unwrap(), sealed);
}

#[test]
fn an_envelope_is_read_under_its_own_key_and_type_only() {
    let secret = SealKey::new(&[9; 32]);
    let sealed = seal(&secret.public(), &kiosk(1), 4, &entry(), [3; 32]).unwrap();
    let envelope = Envelope { kiosk: kiosk(1), number: 4, sealed };
    let text = signed(&unsigned(ENTRY_TYP, &key().1, &envelope));
    assert_eq!(read_signed(ENTRY_TYP, &text, key().1), Ok(envelope));
    assert_eq!(read_signed::<SyncClaims>(SYNC_TYP, &text, key().1), Err(KioskRefusal::EntryMalformed));
    let other = PublicKey::from_bytes(SigningKey::from_bytes(&[6; 32]).verifying_key().as_bytes()).unwrap();
    assert_eq!(read_signed::<Envelope>(ENTRY_TYP, &text, other), Err(KioskRefusal::EntryForged));
    let claims = SyncClaims { at: entry().at, held: 3, kiosk: kiosk(1) };
    let text = signed(&unsigned(SYNC_TYP, &key().1, &claims));
    assert_eq!(read_signed(SYNC_TYP, &text, key().1), Ok(claims));
}

proptest! {
    #[test]
    fn no_text_makes_the_readers_panic(text in ".{0,400}", number: u64, sealed in "[A-Za-z0-9_-]{0,300}") {
        let _ = read_signed::<Envelope>(ENTRY_TYP, &text, key().1);
        let sealed = serde_json::from_value(serde_json::Value::String(sealed)).unwrap();
        prop_assert!(SealKey::new(&[9; 32]).open(&kiosk(1), number, &sealed).is_err());
    }

    #[test]
    fn no_changed_letter_of_an_envelope_goes_unseen(place in 0usize..600, letter in proptest::char::range('A', 'z')) {
        let secret = SealKey::new(&[9; 32]);
        let sealed = seal(&secret.public(), &kiosk(1), 4, &entry(), [3; 32]).unwrap();
        let text = signed(&unsigned(ENTRY_TYP, &key().1, &Envelope { kiosk: kiosk(1), number: 4, sealed }));
        let place = place % text.len();
        let mut changed: Vec<char> = text.chars().collect();
        prop_assume!(changed[place] != letter);
        changed[place] = letter;
        let changed: String = changed.into_iter().collect();
        prop_assert!(read_signed::<Envelope>(ENTRY_TYP, &changed, key().1).is_err());
    }
}
