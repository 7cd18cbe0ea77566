//! Compact JWS: no text that we did not sign is ever accepted.
#![no_main]

use std::sync::LazyLock;

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use shared::jwk::{KeySet, PublicKey};
use shared::jws::{Jws, compact, header, sign};

struct Signer {
    key: SigningKey,
    header: String,
    keys: KeySet,
}

static SIGNER: LazyLock<Signer> = LazyLock::new(|| {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().as_bytes()).expect("a good key");
    Signer { header: header(&public.thumbprint()), keys: KeySet::new([public]), key }
});

fuzz_target!(|input: (&str, &[u8], u16, u8)| {
    let (text, payload, place, flip) = input;
    let Signer { key, header, keys } = &*SIGNER;
    assert!(Jws::parse(text).and_then(|jws| jws.verify(keys)).is_err(), "a text that nobody signed");

    let good = compact(header, payload, &sign(header, payload, key));
    let read = Jws::parse(&good).and_then(|jws| jws.verify(keys));
    if let Ok(read) = &read {
        assert_eq!(read, payload);
    }
    // One byte changed anywhere must be noticed.
    let mut bytes = good.into_bytes();
    let place = usize::from(place) % bytes.len();
    bytes[place] ^= flip;
    if flip != 0
        && let Ok(text) = std::str::from_utf8(&bytes)
    {
        assert!(Jws::parse(text).and_then(|jws| jws.verify(keys)).is_err(), "a changed text");
    }
});
