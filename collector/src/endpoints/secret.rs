//! Secrets of endpoints: what webhooks are signed with (Standard Webhooks), and how newsletter tools know us.
//!
//! In scope: making one, its text, signing. Out of scope: sealing (`seal`), headers (`service::deliveries`).
//!
//! Invariant: a secret is in memory only as long as its endpoint is, and its `Debug` shows nothing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::keys::{KeyError, random};

/// How the text of a signing secret begins, so that people and scanners of source code recognise one.
const PREFIX: &str = "whsec_";

/// A secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// Makes a signing secret of 32 random bytes.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`].
    pub fn make() -> Result<Self, KeyError> {
        Ok(Self(Zeroizing::new(random()?.to_vec())))
    }

    /// From bytes that somebody else chose.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A signing secret as its receiver gets it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.bytes()))
    }

    /// The signature of a message: version `v1` of the standard.
    ///
    /// # Panics
    ///
    /// Never: HMAC takes keys of any length.
    #[must_use]
    pub fn sign(&self, id: &str, unix_seconds: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.bytes()).expect("any length");
        mac.update(format!("{id}.{unix_seconds}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = Secret::of(key);
        assert_eq!(secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signature =
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_long_enough_differ_and_are_not_shown() {
        let (one, two) = (Secret::make().unwrap(), Secret::make().unwrap());
        assert!(one != two && (24..=64).contains(&one.bytes().len()));
        assert_eq!(format!("{one:?}"), "Secret(..)");
    }
}
