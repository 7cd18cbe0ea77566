//! Cosignatures, against one that was published and against tampered ones.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use shared::jwk::PublicKey;
use shared::log::cosignature::read_answer;
use shared::log::note::{Kind, NoteError, SignatureLine};
use shared::log::{Note, NoteKey};

const TEXT: &str = "c.example/log/kaas\n1\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n";

fn witness(seed: u8, name: &str) -> (SigningKey, NoteKey) {
    let signing = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::from_bytes(signing.verifying_key().as_bytes()).unwrap();
    (signing, NoteKey::new(name, Kind::Witness, public).unwrap())
}

/// A checkpoint that a public log and a public witness signed in May 2026, with the keys that both publish. Beside them it has
/// signatures of kinds and keys that we do not know.
#[test]
fn a_published_cosignature_verifies() {
    let published = concat!(
        "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n",
        "— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQ",
        "IgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n",
        "— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8E",
        "i59RA23oHP7Ry1k3ZFWwQ=\n",
        "— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqm",
        "NWVuE0tgh0XwzdZsDsUAQ==\n",
        "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0",
        "DrAWfBw==\n",
    );
    let log = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
    let witness = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    let (log, witness) = (NoteKey::parse(log).unwrap(), NoteKey::parse(witness).unwrap());
    let note = Note::parse(published).unwrap();
    assert_eq!(note.signed_by(&log), Ok(0));
    assert_eq!(note.signed_by(&witness), Ok(1_779_573_024));
    assert_eq!(witness.kind(), Kind::Witness);
    let other = Note::parse(&published.replacen("\n1432088532\n", "\n1432088533\n", 1)).unwrap();
    assert_eq!(other.signed_by(&log), Err(NoteError::False));
    assert_eq!(other.signed_by(&witness), Err(NoteError::False));
}

#[test]
fn an_answer_is_believed_only_for_its_own_text_and_key() {
    let (key, named) = witness(2, "witness.example/w1");
    let (other, another) = witness(3, "witness.example/w2");
    let (own, foreign) = (named.cosign(TEXT, 1_800_000_000, &key), another.cosign(TEXT, 7, &other));
    let answer = format!("{foreign}{own}");
    assert_eq!(read_answer(TEXT, &answer, &named), Ok((own.clone(), 1_800_000_000)));

    let elsewhere = TEXT.replacen("\n1\n", "\n2\n", 1);
    for (text, answer, reason) in [
        (elsewhere.as_str(), own.to_string(), NoteError::False),
        (TEXT, foreign.to_string(), NoteError::NotSigned),
        (TEXT, format!("{own}{}", named.cosign(&elsewhere, 1, &key)), NoteError::False),
        (TEXT, String::new(), NoteError::Shape),
        (TEXT, own.to_string().trim_end().to_owned(), NoteError::Shape),
        (TEXT, format!("{own}\n{own}"), NoteError::Shape),
        (TEXT, format!("other text\n\n{own}"), NoteError::Shape),
        (TEXT, "<html>nothing here</html>\n".into(), NoteError::SignatureLine),
        (TEXT, own.to_string().repeat(65), NoteError::TooMany),
        (TEXT, "x".repeat(1 << 20), NoteError::TooLong),
    ] {
        assert_eq!(read_answer(text, &answer, &named), Err(reason), "{}", &answer[..answer.len().min(80)]);
    }
}

#[test]
fn a_time_counts_as_it_was_signed() {
    let (key, named) = witness(2, "witness.example/w1");
    let line = named.cosign(TEXT, 1_800_000_000, &key).to_string();
    let parsed = SignatureLine::parse(line.trim_end()).unwrap();
    assert!(parsed.is_by(&named) && !parsed.is_by(&witness(3, "witness.example/w1").1));
    // The same signature with another time in front, and a time past what the format allows.
    let mut bytes = STANDARD.decode(line.trim_end().rsplit(' ').next().unwrap()).unwrap();
    bytes[11] ^= 1;
    let moved = format!("\u{2014} witness.example/w1 {}\n", STANDARD.encode(&bytes));
    assert_eq!(read_answer(TEXT, &moved, &named), Err(NoteError::False));
    let beyond = named.cosign(TEXT, 1 << 63, &key).to_string();
    assert_eq!(read_answer(TEXT, &beyond, &named), Err(NoteError::False));
    let last = named.cosign(TEXT, (1 << 63) - 1, &key).to_string();
    assert_eq!(read_answer(TEXT, &last, &named).map(|(_, time)| time), Ok((1 << 63) - 1));
}
