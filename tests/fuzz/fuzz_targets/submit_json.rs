//! Submits as JSON: what is accepted is bounded, and reads the same when written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::api::SubmitRequest;

fuzz_target!(|json: &[u8]| {
    if let Ok(request) = serde_json::from_slice::<SubmitRequest>(json) {
        let text = serde_json::to_string(&request).expect("a request that was read");
        let again: SubmitRequest = serde_json::from_str(&text).expect("our own JSON");
        assert_eq!(serde_json::to_string(&again).expect("the same"), text);
    }
});
