//! Offers and tickets: only what we sealed is opened, byte for byte.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::ids::{FormRef, FormVersion, KioskId, NoticeHash};
use shared::language::Language;
use shared::offer::{Offer, OfferKey, WidgetBuild};
use shared::ticket::Ticket;
use shared::time::Timestamp;

fuzz_target!(|input: (&str, u16, u8, i64, [u8; 32], [u8; 8])| {
    let (text, place, flip, seconds, hash, salt) = input;
    let key = OfferKey::new([5; 32]);
    assert!(Offer::open(text, &key).is_err(), "an offer that nobody made");

    assert!(Ticket::open(text, &key).is_none(), "a ticket that nobody made");

    let ticket = Ticket {
        kiosk: KioskId::from_bytes([flip; 16]),
        issued: Timestamp::from_unix_seconds(1_795_000_000),
        behind_seconds: seconds,
        staff: Some(flip).filter(|place| *place != u8::MAX),
        salt: [salt[0]; 16],
    };
    assert_eq!(Ticket::open(&ticket.seal(&key), &key).as_ref(), Some(&ticket));
    let form = FormRef::parse("kaas/aanmelden").expect("a name");
    let offer = Offer {
        form: form.clone(),
        form_version: FormVersion::FIRST,
        language: Language::parse("nl").expect("Dutch"),
        notice: NoticeHash::from_bytes(hash),
        widget: WidgetBuild([hash[0]; 8]),
        issued: Timestamp::from_unix_seconds(1_795_000_000 + seconds % 100_000),
        salt,
        ticket: (place % 2 == 1).then_some(ticket),
    };
    let sealed = offer.seal(&key);
    let _ = offer.check(&form, Timestamp::from_unix_seconds(seconds));
    assert_eq!(Offer::open(&sealed, &key), Ok(offer));

    let mut bytes = sealed.into_bytes();
    let place = usize::from(place) % bytes.len();
    bytes[place] ^= flip;
    if flip != 0
        && let Ok(text) = std::str::from_utf8(&bytes)
    {
        assert!(Offer::open(text, &key).is_err(), "a changed offer");
    }
});
