//! Sealing of contact data, and the digests by which a sealed address is found again.
//!
//! In scope: XChaCha20-Poly1305 per person, the key of each person wrapped by the master key, HMAC look-ups.
//! Out of scope: where the results are stored (`records`).
//!
//! Invariant: contact data is never stored in clear, and throwing away a person's wrapped key makes it unreadable.
//! A data key seals exactly one message, so its nonce can be fixed; a changed contact gets a new key.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shared::contact::{Contact, EmailAddress, PersonName, PhoneNumber, PostalAddress};
use shared::ids::SubjectId;
use zeroize::Zeroizing;

use crate::keys::{KeyError, Secret, random};

const WRAP_LABEL: &[u8] = b"vinkje/subject-key/1\0";
const SEAL_LABEL: &[u8] = b"vinkje/contact/1\0";
const BYTES_LABEL: &[u8] = b"vinkje/bytes/1\0";
const ONLY_NONCE: [u8; 24] = [0; 24];

/// Why contact data cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The bytes were changed, or the master key is another one.
    #[error("couldn't unseal contact data: it was changed, or the master key is another one")]
    Broken,
    /// No randomness for a new key.
    #[error(transparent)]
    Random(#[from] KeyError),
}

/// Sealed contact data with the wrapped key that opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// 24 bytes of nonce, then the data key under the master key.
    wrapped_key: Vec<u8>,
    /// The contact under the data key.
    contact: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    email: Option<&'a str>,
    name: Option<&'a str>,
    address: Option<&'a str>,
    phone: Option<&'a str>,
}

fn associated(label: &[u8], subject: &SubjectId) -> Vec<u8> {
    [label, subject.as_bytes()].concat()
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(**key))
}

impl Sealed {
    /// Seals a contact for one subject under a fresh data key.
    ///
    /// # Errors
    ///
    /// [`SealError::Random`] when there is no randomness.
    ///
    /// # Panics
    ///
    /// Never: the cipher refuses only messages of many gigabytes.
    pub fn seal(contact: &Contact, subject: &SubjectId, master: &Secret) -> Result<Self, SealError> {
        let plain = Plain {
            email: contact.email.as_ref().map(EmailAddress::as_str),
            name: contact.name.as_ref().map(PersonName::as_str),
            address: contact.address.as_ref().map(PostalAddress::as_str),
            phone: contact.phone.as_ref().map(PhoneNumber::as_str),
        };
        let plain = Zeroizing::new(postcard::to_allocvec(&plain).expect("four short texts always encode"));
        let data_key = random()?;
        let aad = associated(SEAL_LABEL, subject);
        let message = Payload { msg: &plain, aad: &aad };
        let contact = cipher(&data_key).encrypt(&XNonce::from(ONLY_NONCE), message).expect("a short message");
        Ok(Self { wrapped_key: wrap(&data_key, subject, master)?, contact })
    }

    /// Opens it again.
    ///
    /// # Errors
    ///
    /// [`SealError::Broken`] for other keys, another subject, or changed bytes.
    pub fn open(&self, subject: &SubjectId, master: &Secret) -> Result<Contact, SealError> {
        let data_key = self.unwrap(subject, master)?;
        let aad = associated(SEAL_LABEL, subject);
        let message = Payload { msg: &self.contact, aad: &aad };
        let plain =
            cipher(&data_key).decrypt(&XNonce::from(ONLY_NONCE), message).map_err(|_| SealError::Broken)?;
        let plain = Zeroizing::new(plain);
        let plain: Plain<'_> = postcard::from_bytes(&plain).map_err(|_| SealError::Broken)?;
        Ok(Contact {
            email: plain.email.and_then(|text| EmailAddress::parse(text).ok()),
            name: plain.name.and_then(|text| PersonName::parse(text).ok()),
            address: plain.address.and_then(|text| PostalAddress::parse(text).ok()),
            // It is kept with its country's code.
            phone: plain.phone.and_then(|text| PhoneNumber::parse(text, None).ok()),
        })
    }

    fn unwrap(&self, subject: &SubjectId, master: &Secret) -> Result<Secret, SealError> {
        let (nonce, wrapped) = self.wrapped_key.split_first_chunk::<24>().ok_or(SealError::Broken)?;
        let message = Payload { msg: wrapped, aad: &associated(WRAP_LABEL, subject) };
        let key = cipher(master).decrypt(&XNonce::from(*nonce), message).map_err(|_| SealError::Broken)?;
        let key = Zeroizing::new(key);
        Ok(Zeroizing::new(key.as_slice().try_into().map_err(|_| SealError::Broken)?))
    }
}

/// A few secret bytes of an organisation's own, such as what an endpoint knows us by, under the master key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedBytes(Vec<u8>);

impl SealedBytes {
    /// Seals bytes for one place, which must be named again to open them.
    ///
    /// # Errors
    ///
    /// [`SealError::Random`] when there is no randomness.
    ///
    /// # Panics
    ///
    /// Never: the cipher refuses only messages of many gigabytes.
    pub fn seal(bytes: &[u8], place: &[u8], master: &Secret) -> Result<Self, SealError> {
        let nonce: [u8; 24] = random()?[..24].try_into().expect("24 of 32 bytes");
        let message = Payload { msg: bytes, aad: &[BYTES_LABEL, place].concat() };
        let sealed = cipher(master).encrypt(&XNonce::from(nonce), message).expect("a short message");
        Ok(Self([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens them again.
    ///
    /// # Errors
    ///
    /// [`SealError::Broken`] for another key, another place, or changed bytes.
    pub fn open(&self, place: &[u8], master: &Secret) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = self.0.split_first_chunk::<24>().ok_or(SealError::Broken)?;
        let message = Payload { msg: sealed, aad: &[BYTES_LABEL, place].concat() };
        cipher(master).decrypt(&XNonce::from(*nonce), message).map_err(|_| SealError::Broken)
    }
}

fn wrap(data_key: &Secret, subject: &SubjectId, master: &Secret) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; 24] = random()?[..24].try_into().expect("24 of 32 bytes");
    let aad = associated(WRAP_LABEL, subject);
    let message = Payload { msg: data_key.as_slice(), aad: &aad };
    let wrapped = cipher(master).encrypt(&XNonce::from(nonce), message).expect("a short message");
    Ok([nonce.as_slice(), &wrapped].concat())
}

/// The keyed digest under which a person's row in `Contact` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FoundBy {
    /// Of their e-mail address.
    Email([u8; 16]),
    /// Of their pseudonym, where there is no e-mail address: nobody else has the same.
    Pseudonym([u8; 16]),
}

impl FoundBy {
    /// By what somebody with this contact data is found; none who gave nothing.
    #[must_use]
    pub fn of(contact: &Contact, subject: &SubjectId, organisation: u32, index: &Secret) -> Option<Self> {
        match &contact.email {
            _ if contact.is_empty() => None,
            Some(email) => Some(Self::Email(email_digest(email, organisation, index))),
            None => {
                let mac = mac(b"subject/1\0", organisation, index).chain_update(subject.as_bytes());
                Some(Self::Pseudonym(short(mac)))
            }
        }
    }

    /// The digest.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 16] {
        match self {
            Self::Email(digest) | Self::Pseudonym(digest) => digest,
        }
    }
}

/// The digest under which an address is looked up within one organisation.
///
/// Keyed, because a plain hash of an address can be reversed by guessing (EDPB 02/2025); 16 bytes, because it only
/// has to tell one organisation's addresses apart.
///
/// # Panics
///
/// Never: HMAC takes keys of any length.
#[must_use]
pub fn email_digest(email: &EmailAddress, organisation: u32, index: &Secret) -> [u8; 16] {
    AddressIndex::new(organisation, index).digest(email)
}

/// Makes the digests of many addresses of one organisation: what they all begin with is hashed once.
#[derive(Clone)]
pub struct AddressIndex(Hmac<Sha256>);

impl AddressIndex {
    /// For an organisation.
    #[must_use]
    pub fn new(organisation: u32, index: &Secret) -> Self {
        Self(mac(b"email/1\0", organisation, index))
    }

    /// The digest of an address.
    #[must_use]
    pub fn digest(&self, email: &EmailAddress) -> [u8; 16] {
        short(self.0.clone().chain_update(email.canonical().as_bytes()))
    }
}

fn mac(label: &[u8], organisation: u32, index: &Secret) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(index.as_slice()).expect("any length");
    mac.update(label);
    mac.update(&organisation.to_be_bytes());
    mac
}

fn short(mac: Hmac<Sha256>) -> [u8; 16] {
    mac.finalize().into_bytes()[..16].try_into().expect("16 of 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(number: u8) -> SubjectId {
        SubjectId::from_bytes([number; 16])
    }

    fn contact() -> Contact {
        Contact {
            email: EmailAddress::parse("someone@example.org").ok(),
            name: PersonName::parse("Someone").ok(),
            address: PostalAddress::parse("Street 1\nTown").ok(),
            phone: PhoneNumber::parse("+31612345678", None).ok(),
        }
    }

    fn key(byte: u8) -> Secret {
        Zeroizing::new([byte; 32])
    }

    #[test]
    fn a_sealed_contact_opens_for_its_own_subject_and_key_only() {
        let sealed = Sealed::seal(&contact(), &subject(1), &key(1)).unwrap();
        assert_eq!(sealed.open(&subject(1), &key(1)).unwrap(), contact());
        assert!(matches!(sealed.open(&subject(2), &key(1)), Err(SealError::Broken)));
        assert!(matches!(sealed.open(&subject(1), &key(2)), Err(SealError::Broken)));
    }

    #[test]
    fn no_byte_can_change_unseen() {
        let sealed = Sealed::seal(&contact(), &subject(1), &key(1)).unwrap();
        for index in 0..sealed.contact.len() {
            let mut changed = sealed.clone();
            changed.contact[index] ^= 1;
            assert!(changed.open(&subject(1), &key(1)).is_err());
        }
        for index in 0..sealed.wrapped_key.len() {
            let mut changed = sealed.clone();
            changed.wrapped_key[index] ^= 1;
            assert!(changed.open(&subject(1), &key(1)).is_err());
        }
    }

    #[test]
    fn sealed_bytes_open_in_their_own_place_and_with_their_own_key_only() {
        let sealed = SealedBytes::seal(b"word", b"here", &key(1)).unwrap();
        assert_eq!(sealed.open(b"here", &key(1)).unwrap(), b"word");
        assert!(sealed.open(b"there", &key(1)).is_err() && sealed.open(b"here", &key(2)).is_err());
        assert!(SealedBytes(vec![0; 23]).open(b"here", &key(1)).is_err());
    }

    #[test]
    fn the_same_address_seals_differently_each_time_and_is_found_all_the_same() {
        let one = Sealed::seal(&contact(), &subject(1), &key(1)).unwrap();
        let two = Sealed::seal(&contact(), &subject(1), &key(1)).unwrap();
        assert_ne!(one, two);
        let upper = EmailAddress::parse("Someone@Example.ORG").unwrap();
        let lower = contact().email.unwrap();
        assert_eq!(email_digest(&upper, 1, &key(9)), email_digest(&lower, 1, &key(9)));
        assert_ne!(email_digest(&lower, 1, &key(9)), email_digest(&lower, 2, &key(9)));
    }
}
