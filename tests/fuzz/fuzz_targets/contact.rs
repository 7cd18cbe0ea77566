//! Contact fields: what is accepted cannot break a mail header or a page, is bounded, and is read the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::contact::{EmailAddress, PersonName, PostalAddress};
use shared::limits::{ADDRESS_BYTES_MAX, EMAIL_BYTES_MAX, NAME_BYTES_MAX};

fuzz_target!(|text: &str| {
    if let Ok(email) = EmailAddress::parse(text) {
        assert!(email.as_str().len() <= EMAIL_BYTES_MAX);
        assert!(!email.as_str().chars().any(|c| c.is_control() || c.is_whitespace()));
        let again = EmailAddress::parse(email.as_str()).expect("an address that was accepted");
        assert_eq!(again.as_str(), email.as_str());
        assert_eq!(again.canonical(), email.canonical());
    }
    if let Ok(name) = PersonName::parse(text) {
        assert!(name.as_str().len() <= NAME_BYTES_MAX);
        assert!(!name.as_str().contains(['\r', '\n', '\0']));
    }
    if let Ok(address) = PostalAddress::parse(text) {
        assert!(address.as_str().len() <= ADDRESS_BYTES_MAX);
        assert!(!address.as_str().contains('\0'));
    }
});
