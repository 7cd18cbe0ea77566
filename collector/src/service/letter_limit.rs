//! How many letters one address gets that its owner did not ask for with certainty.
//!
//! In scope: counting, in memory. Out of scope: what is sent (`letters`).
//!
//! Invariant: whoever fills in somebody else's address again and again, on any form of any organisation here, makes at most
//! [`LETTERS_PER_DAY_MAX`] letters a day go there. What is kept is a digest under a key that this process made for itself
//! and that nobody ever sees; it is gone with the process.

use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shared::contact::EmailAddress;
use shared::limits::{LETTERS_PER_DAY_MAX, LIMITED_ADDRESSES_MAX};
use shared::time::Timestamp;

use super::swept::Swept;
use crate::keys::{KeyError, Secret, random};

const DAY_SECONDS: i64 = 24 * 60 * 60;

type Digest = [u8; 16];

/// Counts letters by address.
pub struct LetterLimit {
    key: Secret,
    sent: Mutex<Swept<Digest, Vec<(i64, Digest)>>>,
}

impl LetterLimit {
    /// A limit that has counted nothing yet.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`] when the system gives no random bytes.
    pub fn new() -> Result<Self, KeyError> {
        Ok(Self { key: random()?, sent: Mutex::default() })
    }

    /// Whether one more letter may go to an address. The same occasion counts once, however often it is asked about.
    pub fn allows(&self, email: &EmailAddress, occasion: &[u8; 16], now: Timestamp) -> bool {
        let digest = self.digest(email);
        let now = now.unix_seconds();
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = |letters: &Vec<(i64, Digest)>| letters.iter().any(|(at, _)| now - at < DAY_SECONDS);
        let room = sent.has_room(1, LIMITED_ADDRESSES_MAX, now, counts);
        if !room && !sent.counts.contains_key(&digest) {
            // A flood of new addresses: no letters to further ones, rather than no limit for anybody.
            return false;
        }
        let letters = sent.counts.entry(digest).or_default();
        letters.retain(|(at, _)| now - at < DAY_SECONDS);
        if letters.iter().any(|(_, known)| known == occasion) {
            return true;
        }
        if letters.len() >= LETTERS_PER_DAY_MAX {
            return false;
        }
        letters.push((now, *occasion));
        true
    }

    fn digest(&self, email: &EmailAddress) -> Digest {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_slice()).expect("any length");
        mac.update(email.canonical().as_bytes());
        mac.finalize().into_bytes()[..16].try_into().expect("16 of 32 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_so_many_letters_a_day_and_a_retry_counts_once() {
        let limit = LetterLimit::new().unwrap();
        let at = Timestamp::from_unix_seconds;
        let (one, two) =
            (EmailAddress::parse("a@b.example").unwrap(), EmailAddress::parse("c@b.example").unwrap());
        let shouted = EmailAddress::parse("A@B.example").unwrap();
        for occasion in 0..LETTERS_PER_DAY_MAX {
            let occasion = [u8::try_from(occasion).unwrap(); 16];
            assert!(limit.allows(&one, &occasion, at(0)) && limit.allows(&shouted, &occasion, at(1)));
        }
        assert!(!limit.allows(&one, &[99; 16], at(2)));
        assert!(!limit.allows(&shouted, &[99; 16], at(2)));
        assert!(limit.allows(&two, &[99; 16], at(2)));
        assert!(limit.allows(&one, &[99; 16], at(DAY_SECONDS)));
    }

    #[test]
    fn a_flood_of_addresses_is_over_after_a_day_and_costs_no_more_than_its_length() {
        let limit = LetterLimit::new().unwrap();
        let address = |person: usize| EmailAddress::parse(&format!("p{person}@b.example")).unwrap();
        // Were all of them looked through for each, this would not end.
        for person in 0..LIMITED_ADDRESSES_MAX {
            assert!(limit.allows(&address(person), &[1; 16], Timestamp::from_unix_seconds(1_000)));
        }
        let allowed = |person, at| limit.allows(&address(person), &[2; 16], Timestamp::from_unix_seconds(at));
        for person in 0..LIMITED_ADDRESSES_MAX {
            assert!(!allowed(LIMITED_ADDRESSES_MAX + person, 1_001));
        }
        assert!(allowed(0, 1_002), "who is known has letters left");
        assert!(allowed(LIMITED_ADDRESSES_MAX, 1_000 + DAY_SECONDS));
    }
}
