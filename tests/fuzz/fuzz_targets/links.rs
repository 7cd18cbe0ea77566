//! Tokens in links: only what we made is read, and only for what it was made.
#![no_main]

use collector::links::{manage_token, read_manage_token, read_receipt_token, receipt_token};
use libfuzzer_sys::fuzz_target;
use shared::ids::{ReceiptId, SubjectId};
use shared::time::Timestamp;
use zeroize::Zeroizing;

fuzz_target!(|input: (&str, u32, [u8; 16], u8, u8)| {
    let (text, organisation, id, place, flip) = input;
    let (key, now) = (Zeroizing::new([9; 32]), Timestamp::from_unix_seconds(1));
    assert!(read_receipt_token(text, &key).is_err() && read_manage_token(text, now, &key).is_err());

    let (receipt, subject) = (ReceiptId::from_bytes(id), SubjectId::from_bytes(id));
    let manage = manage_token(organisation, &subject, &key);
    let shown = receipt_token(organisation, &receipt, &key);
    assert_eq!(read_manage_token(&manage, now, &key).ok(), Some((organisation, subject)));
    assert_eq!(read_receipt_token(&shown, &key).ok(), Some((organisation, receipt)));
    assert!(read_receipt_token(&manage, &key).is_err() && read_manage_token(&shown, now, &key).is_err());

    let mut bytes = manage.into_bytes();
    let place = usize::from(place) % bytes.len();
    bytes[place] ^= flip;
    if flip != 0
        && let Ok(text) = std::str::from_utf8(&bytes)
    {
        assert!(read_manage_token(text, now, &key).is_err(), "a changed token");
    }
});
