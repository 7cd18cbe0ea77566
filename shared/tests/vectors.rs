//! Known answers, good and bad: the published ones of the RFCs, and our own receipts in `vectors/`.
//!
//! Invariant: the files are fixed. When this test fails, old receipts may have stopped verifying.

use serde_json::Value;
use shared::canonical;
use shared::jwk::{KeySet, PublicKey};
use shared::jws::{self, JwsError};
use shared::offer::{Offer, OfferKey};
use shared::receipt::verify;

/// The public test key of RFC 8037 appendix A. It protects nothing.
const RFC_8037_SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44,
    0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

fn signing_key() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&RFC_8037_SEED)
}

fn vectors(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_thumbprint_is_that_of_rfc_8037_a_3() {
    let key = PublicKey::from_bytes(signing_key().verifying_key().as_bytes()).unwrap();
    assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn canonical_bytes_are_those_of_rfc_8785() {
    // Section 3.2.3: members sort by UTF-16 code units, so U+1F600 comes before U+FB33.
    let value = vectors(
        r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
    );
    let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
    assert_eq!(String::from_utf8(canonical::to_bytes(&value)).unwrap(), expected);
}

#[test]
fn receipts_are_accepted_or_refused_each_for_its_reason() {
    let all = vectors(include_str!("../vectors/receipts.json"));
    let keys = KeySet::parse(all["keys"].to_string().as_bytes()).unwrap();
    for case in all["cases"].as_array().unwrap() {
        let said = match verify(case["jws"].as_str().unwrap(), &keys) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => reason(error).to_owned(),
        };
        assert_eq!(said, case["expected"].as_str().unwrap(), "{}", case["name"]);
    }
}

fn reason(error: JwsError) -> &'static str {
    match error {
        JwsError::TooLong => "too_long",
        JwsError::Shape => "shape",
        JwsError::Header => "header",
        JwsError::Algorithm => "algorithm",
        JwsError::Type => "type",
        JwsError::UnknownKey => "unknown_key",
        JwsError::Signature => "signature",
        JwsError::Payload(canonical::CanonicalError::Shape) => "payload_shape",
        JwsError::Payload(canonical::CanonicalError::Spelling) => "payload_spelling",
    }
}

#[test]
fn signing_makes_the_very_receipt_of_the_vectors() {
    let all = vectors(include_str!("../vectors/receipts.json"));
    let good = all["cases"][0]["jws"].as_str().unwrap();
    let payload = all["payload"].as_str().unwrap().as_bytes();
    let header = jws::header("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let signature = jws::sign(&header, payload, &signing_key());
    assert_eq!(jws::compact(&header, payload, &signature), good);
}

#[test]
fn key_sets_are_accepted_or_refused() {
    let all = vectors(include_str!("../vectors/key_sets.json"));
    for case in all.as_array().unwrap() {
        let said = KeySet::parse(case["set"].to_string().as_bytes()).is_ok();
        assert_eq!(said, case["accepted"].as_bool().unwrap(), "{}", case["name"]);
    }
}

#[test]
fn an_offer_of_an_earlier_build_still_opens() {
    let all = vectors(include_str!("../vectors/offers.json"));
    let key = OfferKey::new([7; 32]);
    for case in all.as_array().unwrap() {
        let token = case["token"].as_str().unwrap();
        let opened = Offer::open(token, &key);
        assert_eq!(opened.is_ok(), case["accepted"].as_bool().unwrap(), "{}", case["name"]);
        if let Ok(offer) = opened {
            assert_eq!(offer.seal(&key), token);
        }
    }
}
