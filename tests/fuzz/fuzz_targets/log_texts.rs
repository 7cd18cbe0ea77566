//! The texts of the evidence log: whatever is read is written again as it was, and no changed note is believed.
#![no_main]

use std::fmt::Display;
use std::sync::LazyLock;

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use shared::jwk::PublicKey;
use shared::log::note::Kind;
use shared::log::tile::Tile;
use shared::log::{Checkpoint, LogProof, Note, NoteKey};

static SIGNER: LazyLock<(SigningKey, NoteKey)> = LazyLock::new(|| {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().as_bytes()).expect("a good key");
    (key, NoteKey::new("c.example/log/kaas", Kind::Log, public).expect("a good name"))
});

fn same<T: Display, E>(text: &str, read: Result<T, E>) {
    if let Ok(read) = read {
        assert_eq!(read.to_string(), text, "one thing has one spelling");
    }
}

fuzz_target!(|input: (&str, [u8; 32], u64, u16, u8)| {
    let (text, root, size, place, flip) = input;
    let (key, named) = &*SIGNER;
    same(text, Note::parse(text));
    same(text, Checkpoint::parse(text));
    same(text, LogProof::parse(text));
    same(text, NoteKey::parse(text));
    same(text, Tile::parse(text).ok_or(()));
    assert!(!Note::parse(text).is_ok_and(|note| note.signed_by(named).is_ok()), "a note that nobody signed");

    let head = Checkpoint { origin: named.name().into(), size, root }.to_string();
    let note = Note::new(head.clone(), vec![named.sign(&head, key)]).to_string();
    assert!(Note::parse(&note).is_ok_and(|note| note.signed_by(named).is_ok()), "our own note");
    let mut bytes = note.into_bytes();
    let place = usize::from(place) % bytes.len();
    bytes[place] ^= flip;
    if flip != 0
        && let Ok(changed) = std::str::from_utf8(&bytes)
        && let Ok(changed) = Note::parse(changed)
    {
        assert!(changed.signed_by(named).is_err(), "a changed note");
    }
});
