//! An offer: a token that says which wording a form showed, to whom nobody knows, and when.
//!
//! In scope: its bytes, its authentication, and the receipt id that follows from an offer and a nonce.
//! Out of scope: the key; the caller hands it in. What a kiosk's ticket says (`ticket`).
//!
//! Invariant: no state is kept for an offer. What it says cannot be changed without the key, and the same offer
//! with the same nonce always leads to the same receipt id, so a retry cannot make a second receipt.

use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::ids::{FormId, FormRef, FormVersion, NoticeHash, OrganisationId, ReceiptId};
use crate::language::Language;
use crate::limits::{NONCE_BYTES, OFFER_AGE_SECONDS_MAX, OFFER_BYTES_MAX, OFFER_SKEW_SECONDS_MAX};
use crate::refusal::Refusal;
use crate::ticket::Ticket;
use crate::time::Timestamp;

const OFFER_LAYOUT: u8 = 1;
/// The same, and a ticket behind it.
const TICKET_LAYOUT: u8 = 2;
const LABEL: &[u8] = b"offer/1\0";
const MAC_BYTES: usize = 16;
const WIDGET_BYTES: usize = 8;
const SALT_BYTES: usize = 8;

/// What a form showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which form.
    pub form: FormRef,
    /// In which version.
    pub form_version: FormVersion,
    /// In which language.
    pub language: Language,
    /// The exact wording.
    pub notice: NoticeHash,
    /// The widget build that showed it.
    pub widget: WidgetBuild,
    /// When it was made.
    pub issued: Timestamp,
    /// Random bytes that make each shown page's offer its own, also within one second.
    pub salt: [u8; SALT_BYTES],
    /// Which screen at a counter sent somebody here, if one did.
    pub ticket: Option<Ticket>,
}

/// The first 8 bytes of the SHA-256 over the widget's WASM and glue; written as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WidgetBuild(pub [u8; WIDGET_BYTES]);

impl WidgetBuild {
    /// Reads 16 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = u64::from_str_radix(text, 16).ok()?;
        let build = Self(number.to_be_bytes());
        (alloc::string::ToString::to_string(&build) == text).then_some(build)
    }
}

impl core::fmt::Display for WidgetBuild {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

/// The key that authenticates offers.
#[derive(Clone)]
pub struct OfferKey([u8; 32]);

impl OfferKey {
    /// Takes 32 bytes from a random source.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    fn mac(&self, label: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(label);
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    /// Bytes and who made them, as text. A `label` stands for one kind of bytes.
    pub(crate) fn seal(&self, label: &[u8], mut bytes: Vec<u8>) -> String {
        let mac = self.mac(label, &[&bytes]);
        bytes.extend_from_slice(&mac[..MAC_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The bytes, if it is what `seal` wrote under this key and label.
    pub(crate) fn open(&self, label: &[u8], token: &str) -> Option<Vec<u8>> {
        if token.len() > OFFER_BYTES_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (body, mac) = bytes.split_last_chunk::<MAC_BYTES>()?;
        let mut check =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        check.update(label);
        check.update(body);
        check.verify_truncated_left(mac).ok()?;
        Some(body.to_vec())
    }
}

/// 16 random bytes by the browser: tells two visitors with the same cached offer apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; NONCE_BYTES]);

impl Nonce {
    /// Reads 22 characters of base64url.
    ///
    /// # Errors
    ///
    /// [`Refusal::BodyInvalid`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut bytes = [0; NONCE_BYTES];
        let whole = text.len() == 22 && URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) == Ok(NONCE_BYTES);
        if whole { Ok(Self(bytes)) } else { Err(Refusal::BodyInvalid) }
    }
}

impl core::fmt::Display for Nonce {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl Offer {
    /// The token that the form carries.
    #[must_use]
    pub fn seal(&self, key: &OfferKey) -> String {
        key.seal(LABEL, self.to_bytes())
    }

    /// Reads a token and checks that we made it.
    ///
    /// # Errors
    ///
    /// [`Refusal::OfferForged`] for anything that is not byte for byte what `seal` wrote under this key.
    pub fn open(token: &str, key: &OfferKey) -> Result<Self, Refusal> {
        let body = key.open(LABEL, token).ok_or(Refusal::OfferForged)?;
        Self::from_bytes(&body).ok_or(Refusal::OfferForged)
    }

    /// Checks that the offer is for this form and still fresh.
    ///
    /// # Errors
    ///
    /// [`Refusal::OfferOtherForm`] or [`Refusal::OfferExpired`].
    pub fn check(&self, form: &FormRef, now: Timestamp) -> Result<(), Refusal> {
        if self.form != *form {
            return Err(Refusal::OfferOtherForm);
        }
        let age = now.unix_seconds() - self.issued.unix_seconds();
        let fresh = (-OFFER_SKEW_SECONDS_MAX..=OFFER_AGE_SECONDS_MAX).contains(&age);
        let fresh = fresh && self.ticket.as_ref().is_none_or(|ticket| ticket.may_be_answered(now));
        if fresh { Ok(()) } else { Err(Refusal::OfferExpired) }
    }

    /// The id of the receipt that this offer and nonce lead to.
    #[must_use]
    pub fn receipt_id(&self, nonce: &Nonce, key: &OfferKey) -> ReceiptId {
        let mac = key.mac(b"receipt/1\0", &[&self.to_bytes(), &nonce.0]);
        let issued_ms = self.issued.unix_seconds().unsigned_abs() * 1000;
        ReceiptId::from_time_and_bits(issued_ms, mac[..10].try_into().expect("a MAC has 32 bytes"))
    }

    /// Layout: 1 layout, 8 issued, 8 salt, 4 form version, 1 language, 8 widget, 32 notice, then the two names,
    /// each after its length in one byte, and the ticket if there is one. All numbers big-endian.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(OFFER_BYTES_MAX);
        bytes.push(if self.ticket.is_some() { TICKET_LAYOUT } else { OFFER_LAYOUT });
        bytes.extend_from_slice(&self.issued.unix_seconds().to_be_bytes());
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.form_version.get().to_be_bytes());
        bytes.push(language_number(self.language));
        bytes.extend_from_slice(&self.widget.0);
        bytes.extend_from_slice(self.notice.as_bytes());
        for name in [self.form.organisation.as_str(), self.form.form.as_str()] {
            bytes.push(u8::try_from(name.len()).expect("slugs are at most 40 bytes"));
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes.extend(self.ticket.iter().flat_map(Ticket::to_bytes));
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (layout, bytes) = bytes.split_first_chunk::<1>()?;
        let (issued, bytes) = bytes.split_first_chunk::<8>()?;
        let (salt, bytes) = bytes.split_first_chunk::<SALT_BYTES>()?;
        let (form_version, bytes) = bytes.split_first_chunk::<4>()?;
        let (language, bytes) = bytes.split_first_chunk::<1>()?;
        let (widget, bytes) = bytes.split_first_chunk::<WIDGET_BYTES>()?;
        let (notice, bytes) = bytes.split_first_chunk::<32>()?;
        let (organisation, bytes) = take_name(bytes)?;
        let (form, rest) = take_name(bytes)?;
        let ticket = match layout[0] {
            OFFER_LAYOUT if rest.is_empty() => None,
            TICKET_LAYOUT => Some(Ticket::from_bytes(rest)?),
            _ => return None,
        };
        Some(Self {
            form: FormRef {
                organisation: OrganisationId::parse(organisation).ok()?,
                form: FormId::parse(form).ok()?,
            },
            form_version: FormVersion::try_from(u32::from_be_bytes(*form_version)).ok()?,
            language: Language::ALL.into_iter().find(|l| language_number(*l) == language[0])?,
            notice: NoticeHash::from_bytes(*notice),
            widget: WidgetBuild(*widget),
            issued: Timestamp::from_unix_seconds(i64::from_be_bytes(*issued)),
            salt: *salt,
            ticket,
        })
    }
}

fn take_name(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, bytes) = bytes.split_first()?;
    let (name, rest) = bytes.split_at_checked(usize::from(*length))?;
    Some((core::str::from_utf8(name).ok()?, rest))
}

/// Numbers are part of the token's layout: never reuse one.
const fn language_number(language: Language) -> u8 {
    match language {
        Language::Nl => 1,
        Language::En => 2,
        Language::Ar => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::KioskId;
    use crate::limits::TICKET_ANSWER_SECONDS_MAX;
    use proptest::prelude::*;

    fn offer() -> Offer {
        Offer {
            form: FormRef::parse("kaas/aanmelden").unwrap(),
            form_version: FormVersion::FIRST,
            language: Language::Nl,
            notice: NoticeHash::from_bytes([7; 32]),
            widget: WidgetBuild([1; 8]),
            issued: Timestamp::from_unix_seconds(1_000_000),
            salt: [9; 8],
            ticket: None,
        }
    }

    fn key() -> OfferKey {
        OfferKey::new([3; 32])
    }

    #[test]
    fn an_offer_reads_back_under_its_own_key_only() {
        let token = offer().seal(&key());
        assert_eq!(Offer::open(&token, &key()), Ok(offer()));
        assert_eq!(Offer::open(&token, &OfferKey::new([4; 32])), Err(Refusal::OfferForged));
        assert!(token.len() <= OFFER_BYTES_MAX);
    }

    #[test]
    fn an_offer_is_for_one_form_and_one_day() {
        let at = |seconds| Timestamp::from_unix_seconds(1_000_000 + seconds);
        let here = FormRef::parse("kaas/aanmelden").unwrap();
        assert_eq!(offer().check(&here, at(0)), Ok(()));
        assert_eq!(offer().check(&here, at(OFFER_AGE_SECONDS_MAX)), Ok(()));
        assert_eq!(offer().check(&here, at(OFFER_AGE_SECONDS_MAX + 1)), Err(Refusal::OfferExpired));
        assert_eq!(offer().check(&here, at(-OFFER_SKEW_SECONDS_MAX - 1)), Err(Refusal::OfferExpired));
        let other = FormRef::parse("kaas/winkel").unwrap();
        assert_eq!(offer().check(&other, at(0)), Err(Refusal::OfferOtherForm));
    }

    #[test]
    fn an_offer_with_a_ticket_reads_back_and_lasts_as_long_as_the_ticket() {
        let issued = Timestamp::from_unix_seconds(1_000_000);
        let ticket = Ticket {
            kiosk: KioskId::from_bytes([5; 16]),
            issued,
            behind_seconds: -7,
            staff: Some(1),
            salt: [2; 16],
        };
        let offer = Offer { ticket: Some(ticket), ..offer() };
        let token = offer.seal(&key());
        assert!(token.len() <= OFFER_BYTES_MAX);
        assert_eq!(Offer::open(&token, &key()), Ok(offer.clone()));
        let at = |seconds| offer.check(&offer.form, issued.plus_seconds(seconds));
        assert_eq!(at(TICKET_ANSWER_SECONDS_MAX), Ok(()));
        assert_eq!(at(TICKET_ANSWER_SECONDS_MAX + 1), Err(Refusal::OfferExpired));
    }

    #[test]
    fn a_retry_has_the_same_receipt_id_and_another_visitor_has_not() {
        let id = offer().receipt_id(&Nonce([1; 16]), &key());
        assert_eq!(id, offer().receipt_id(&Nonce([1; 16]), &key()));
        assert_ne!(id, offer().receipt_id(&Nonce([2; 16]), &key()));
    }

    proptest! {
        #[test]
        fn no_changed_bit_goes_unseen(index in 0usize..90, bit in 0u8..8) {
            let token = offer().seal(&key());
            let mut bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
            let index = index % bytes.len();
            bytes[index] ^= 1 << bit;
            prop_assert_eq!(Offer::open(&URL_SAFE_NO_PAD.encode(bytes), &key()), Err(Refusal::OfferForged));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,400}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (Offer::open(&text, &key()), Nonce::parse(&text), Offer::from_bytes(&bytes));
        }
    }
}
