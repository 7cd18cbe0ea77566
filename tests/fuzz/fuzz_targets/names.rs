//! Small texts in URLs and headers: ids, times, languages. One value has one spelling.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::ids::{FormRef, NoticeHash, PurposeId, ReceiptId, SubjectId};
use shared::language::Language;
use shared::offer::{Nonce, WidgetBuild};
use shared::time::Timestamp;

fuzz_target!(|text: &str| {
    if let Ok(id) = FormRef::parse(text) {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(id) = PurposeId::parse(text) {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(id) = ReceiptId::parse(text) {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(id) = SubjectId::parse(text) {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(hash) = NoticeHash::parse(text) {
        assert_eq!(hash.to_string(), text);
    }
    if let Ok(nonce) = Nonce::parse(text) {
        assert_eq!(nonce.to_string(), text);
    }
    if let Some(time) = Timestamp::parse(text) {
        assert_eq!(time.to_string(), text);
        let _ = (time.plus_months(120), time.date());
    }
    let _ = (WidgetBuild::parse(text), Language::parse(text));
    let _ = Language::negotiate(
        text,
        &[Language::parse("nl").expect("Dutch"), Language::parse("en").expect("English")],
    );
});
