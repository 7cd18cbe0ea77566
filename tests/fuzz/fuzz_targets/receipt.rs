//! Receipts: of all payloads under a good signature, only canonical receipts are read, and they are written the same.
#![no_main]

use std::sync::LazyLock;

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use shared::canonical;
use shared::jwk::{KeySet, PublicKey};
use shared::jws::{compact, header, sign};
use shared::lifecycle::Consents;
use shared::receipt::{RECEIPT_SCHEMA, verify};

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

fuzz_target!(|payload: &[u8]| {
    let Signer { key, header, keys } = &*SIGNER;
    let text = compact(header, payload, &sign(header, payload, key));
    if let Ok(verified) = verify(&text, keys) {
        let receipt = verified.receipt();
        assert_eq!(receipt.schema, RECEIPT_SCHEMA);
        assert_eq!(canonical::to_bytes(receipt), payload, "one receipt has one spelling");
        let _ = receipt.fold(Consents::default());
    }
});
