//! Known answers, good and bad: the published ones of the RFCs, and our own receipts in `vectors/`.
//!
//! Invariant: the files are fixed. When this test fails, old receipts may have stopped verifying.

use serde_json::Value;
use shared::canonical;
use shared::jwk::{Jwk, KeySet, PublicKey};
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

/// Appendix A.4 signs with this very key; its header has no `kid` and no `typ`, so as a receipt it is refused (A.5 accepts it).
#[test]
fn the_signature_is_that_of_rfc_8037_a_4() {
    let (header, payload) = ("eyJhbGciOiJFZERTQSJ9", b"Example of Ed25519 signing");
    let published = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6d\
                     WbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let (text, signature) = jws::signed(header, payload, &signing_key());
    assert_eq!(text, published);
    let signature = ed25519_dalek::Signature::from_bytes(&signature);
    let public = PublicKey::from_bytes(signing_key().verifying_key().as_bytes()).unwrap();
    let input = jws::signing_input(header, payload);
    assert!(public.verifying_key().verify_strict(input.as_bytes(), &signature).is_ok());
    assert_eq!(jws::Jws::parse(published).err(), Some(JwsError::Header));
}

#[test]
fn the_public_key_is_that_of_rfc_8037_a_2() {
    let public = PublicKey::from_bytes(signing_key().verifying_key().as_bytes()).unwrap();
    assert_eq!(Jwk::from_key(&public).x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
}

/// Section 3.2.2: numbers as ECMAScript writes them, strings with the shortest escapes, literals.
#[test]
fn primitive_values_are_those_of_rfc_8785() {
    let value = vectors(
        r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
    );
    let expected = r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
    assert_eq!(String::from_utf8(canonical::to_bytes(&value)).unwrap(), expected);
}

/// Appendix B: doubles by their bits.
#[test]
fn numbers_are_those_of_rfc_8785() {
    for (bits, expected) in [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        let written = canonical::to_bytes(&f64::from_bits(bits));
        assert_eq!(String::from_utf8(written).unwrap(), expected, "{bits:016x}");
    }
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
