//! Key sets: what is accepted is written and read again as the same set.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::jwk::KeySet;

fuzz_target!(|json: &[u8]| {
    if let Ok(keys) = KeySet::parse(json) {
        let text = keys.to_json();
        let again = KeySet::parse(&text).expect("our own key set");
        assert_eq!(again.to_json(), text);
    }
});
