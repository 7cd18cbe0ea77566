//! Submits as a form post: what is read is read the same every time, and a refusal brings nothing else along.
#![no_main]

use collector::http::read_form;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fn read(body: &[u8]) -> Option<Value> {
    let request = read_form(body).ok()?.request().ok()?;
    Some(serde_json::to_value(&request).expect("a request that was read"))
}

fuzz_target!(|body: &[u8]| {
    if let Some(request) = read(body) {
        assert_eq!(read(body).as_ref(), Some(&request), "a page that is sent twice is one act");
        assert_eq!(request["ui"], "html");
        if request["ticked"] == Value::Array(Vec::new()) {
            assert_eq!(request["contact"], Value::Object(serde_json::Map::new()), "a no brings no address along");
        }
    }
});
