//! The links that a person holds: to a receipt, to the page where consent can be taken back, and those in their mail.
//!
//! In scope: making and reading their tokens. Out of scope: what the pages show.
//!
//! Invariant: a token cannot be guessed (128 bits under a key outside the database), is stored nowhere, so neither
//! staff nor a thief of the database can see one. It stops working when its subject is erased. What a link allows follows
//! from how it travels: a link in a mail may be forwarded, so it can take back and never give. See
//! `docs/decisions/0001-links-are-derived.md`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::ids::{PurposeId, ReceiptId, SubjectId};
use shared::limits::SLUG_BYTES_MAX;
use shared::refusal::Refusal;
use shared::time::Timestamp;

use crate::keys::Secret;

/// Organisation number and id.
const NAMED_BYTES: usize = 20;
/// As much of the MAC as a token carries.
const MAC_BYTES: usize = 16;
/// A moment in Unix seconds.
const MOMENT_BYTES: usize = 8;

/// Longest token text: that of a stop link with the longest purpose, in base64url.
pub const TOKEN_TEXT_BYTES_MAX: usize = (NAMED_BYTES + SLUG_BYTES_MAX + MAC_BYTES).div_ceil(3) * 4;

/// For how long a mailed link of an own page works, in seconds: a day, because whoever gets the mail forwarded could use it.
pub const OWN_LINK_SECONDS: i64 = 24 * 60 * 60;

/// What a link leads to. Each has its own key material, so that no token does for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Receipt,
    Manage,
    ManageUntil,
    Confirm,
    Stop,
    Undo,
    Letter,
}

impl Scope {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Receipt => b"receipt-link/1\0",
            Self::Manage => b"manage-link/1\0\0",
            Self::ManageUntil => b"manage-until-link/1\0",
            Self::Confirm => b"confirm-link/1\0",
            Self::Stop => b"stop-link/1\0",
            Self::Undo => b"undo-link/1\0",
            Self::Letter => b"letter-id/1\0",
        }
    }
}

/// The token of a receipt's page.
#[must_use]
pub fn receipt_token(organisation: u32, receipt: &ReceiptId, key: &Secret) -> String {
    write(Scope::Receipt, organisation, receipt.as_bytes(), &[], key)
}

/// The token of a person's own page. It does not expire: paper keeps carrying it.
#[must_use]
pub fn manage_token(organisation: u32, subject: &SubjectId, key: &Secret) -> String {
    write(Scope::Manage, organisation, subject.as_bytes(), &[], key)
}

/// The token of a person's own page that works until a moment.
#[must_use]
pub fn manage_token_until(organisation: u32, subject: &SubjectId, until: Timestamp, key: &Secret) -> String {
    let until = until.unix_seconds().to_be_bytes();
    write(Scope::ManageUntil, organisation, subject.as_bytes(), &until, key)
}

/// The token by which the owner of an address confirms what was requested in a receipt. It works once, because after that
/// nothing waits any more, and not after the request has lapsed.
#[must_use]
pub fn confirm_token(organisation: u32, receipt: &ReceiptId, key: &Secret) -> String {
    write(Scope::Confirm, organisation, receipt.as_bytes(), &[], key)
}

/// The token by which one purpose is stopped, or any with none. It works as long as old mail carries it.
#[must_use]
pub fn stop_token(
    organisation: u32,
    subject: &SubjectId,
    purpose: Option<&PurposeId>,
    key: &Secret,
) -> String {
    let purpose = purpose.map_or("", PurposeId::as_str);
    write(Scope::Stop, organisation, subject.as_bytes(), purpose.as_bytes(), key)
}

/// The token by which the owner of an address undoes what was taken back in a receipt.
#[must_use]
pub fn undo_token(organisation: u32, receipt: &ReceiptId, key: &Secret) -> String {
    write(Scope::Undo, organisation, receipt.as_bytes(), &[], key)
}

/// Reads the token of a receipt's page: organisation number and receipt.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for anything that we did not make for a receipt.
pub fn read_receipt_token(text: &str, key: &Secret) -> Result<(u32, ReceiptId), Refusal> {
    read(Scope::Receipt, text, key).map(|read| (read.organisation, ReceiptId::from_bytes(read.id)))
}

/// Reads the token of a person's own page: organisation number and subject.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for anything that we did not make for such a page, or whose time is over.
pub fn read_manage_token(text: &str, now: Timestamp, key: &Secret) -> Result<(u32, SubjectId), Refusal> {
    let found = match read(Scope::Manage, text, key) {
        Ok(found) => found,
        Err(_) => {
            let found = read(Scope::ManageUntil, text, key)?;
            let until = found.more.as_slice().try_into().map_err(|_| Refusal::LinkUnknown)?;
            if i64::from_be_bytes(until) <= now.unix_seconds() {
                return Err(Refusal::LinkUnknown);
            }
            found
        }
    };
    Ok((found.organisation, SubjectId::from_bytes(found.id)))
}

/// Reads the token of a confirmation: organisation number and the receipt of the request.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for anything that we did not make for one.
pub fn read_confirm_token(text: &str, key: &Secret) -> Result<(u32, ReceiptId), Refusal> {
    read(Scope::Confirm, text, key).map(|read| (read.organisation, ReceiptId::from_bytes(read.id)))
}

/// Whose consent a stop link ends, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Number of the organisation.
    pub organisation: u32,
    /// Whose.
    pub subject: SubjectId,
    /// For what; none when the mail was not for one purpose.
    pub purpose: Option<PurposeId>,
}

/// Reads the token of a stop link.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for anything that we did not make for one.
pub fn read_stop_token(text: &str, key: &Secret) -> Result<Stop, Refusal> {
    let read = read(Scope::Stop, text, key)?;
    let purpose = match read.more.as_slice() {
        [] => None,
        purpose => {
            let text = std::str::from_utf8(purpose).map_err(|_| Refusal::LinkUnknown)?;
            Some(PurposeId::parse(text).map_err(|_| Refusal::LinkUnknown)?)
        }
    };
    Ok(Stop { organisation: read.organisation, subject: SubjectId::from_bytes(read.id), purpose })
}

/// Reads the token of an undo link: organisation number and the receipt of the withdrawal.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for anything that we did not make for one.
pub fn read_undo_token(text: &str, key: &Secret) -> Result<(u32, ReceiptId), Refusal> {
    read(Scope::Undo, text, key).map(|read| (read.organisation, ReceiptId::from_bytes(read.id)))
}

/// The id of a letter about a receipt, by the number of its kind: a report that it did not arrive brings it back. It is no
/// link, and opens nothing.
#[must_use]
pub fn letter_token(organisation: u32, receipt: &ReceiptId, kind: u8, key: &Secret) -> String {
    write(Scope::Letter, organisation, receipt.as_bytes(), &[kind], key)
}

/// Reads the id of a letter: organisation number, receipt, and the number of its kind.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for anything that we did not make for one.
pub fn read_letter_token(text: &str, key: &Secret) -> Result<(u32, ReceiptId, u8), Refusal> {
    let read = read(Scope::Letter, text, key)?;
    let kind = *read.more.first().ok_or(Refusal::LinkUnknown)?;
    Ok((read.organisation, ReceiptId::from_bytes(read.id), kind))
}

fn mac(scope: Scope, named: &[u8], key: &Secret) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()).expect("any length");
    mac.update(scope.label());
    mac.update(named);
    mac
}

fn write(scope: Scope, organisation: u32, id: &[u8; 16], more: &[u8], key: &Secret) -> String {
    let named = [organisation.to_be_bytes().as_slice(), id, more].concat();
    let mac = mac(scope, &named, key).finalize().into_bytes();
    URL_SAFE_NO_PAD.encode([named.as_slice(), &mac[..MAC_BYTES]].concat())
}

struct Read {
    organisation: u32,
    id: [u8; 16],
    more: Vec<u8>,
}

fn read(scope: Scope, text: &str, key: &Secret) -> Result<Read, Refusal> {
    let unknown = |_| Refusal::LinkUnknown;
    if text.len() > TOKEN_TEXT_BYTES_MAX {
        return Err(Refusal::LinkUnknown);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(unknown)?;
    let (named, given) = bytes.split_last_chunk::<MAC_BYTES>().ok_or(Refusal::LinkUnknown)?;
    mac(scope, named, key).verify_truncated_left(given).map_err(|_| Refusal::LinkUnknown)?;
    let (organisation, rest) = named.split_first_chunk::<4>().ok_or(Refusal::LinkUnknown)?;
    let (id, more) = rest.split_first_chunk::<16>().ok_or(Refusal::LinkUnknown)?;
    let fits = match scope {
        Scope::Receipt | Scope::Manage | Scope::Confirm | Scope::Undo => more.is_empty(),
        Scope::ManageUntil => more.len() == MOMENT_BYTES,
        Scope::Stop => more.len() <= SLUG_BYTES_MAX,
        Scope::Letter => more.len() == 1,
    };
    if !fits {
        return Err(Refusal::LinkUnknown);
    }
    Ok(Read { organisation: u32::from_be_bytes(*organisation), id: *id, more: more.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    fn key(byte: u8) -> Secret {
        Zeroizing::new([byte; 32])
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    #[test]
    fn a_link_of_one_kind_is_none_of_another() {
        let (receipt, subject) = (ReceiptId::from_bytes([1; 16]), SubjectId::from_bytes([1; 16]));
        let purpose = PurposeId::parse("nieuwsbrief").unwrap();
        let tokens = [
            receipt_token(1, &receipt, &key(1)),
            manage_token(1, &subject, &key(1)),
            confirm_token(1, &receipt, &key(1)),
            stop_token(1, &subject, None, &key(1)),
            undo_token(1, &receipt, &key(1)),
            stop_token(1, &subject, Some(&purpose), &key(1)),
            manage_token_until(1, &subject, at(100), &key(1)),
            letter_token(1, &receipt, 2, &key(1)),
        ];
        let reads = |text: &str| {
            [
                read_receipt_token(text, &key(1)).is_ok(),
                read_manage_token(text, at(1), &key(1)).is_ok(),
                read_confirm_token(text, &key(1)).is_ok(),
                read_stop_token(text, &key(1)).is_ok(),
                read_undo_token(text, &key(1)).is_ok(),
                read_letter_token(text, &key(1)).is_ok(),
            ]
        };
        for (index, token) in tokens.iter().enumerate() {
            let own = match index {
                5 => 3,
                6 => 1,
                7 => 5,
                own => own,
            };
            assert_eq!(reads(token), std::array::from_fn(|at| at == own), "{index}");
            assert!(token.len() <= TOKEN_TEXT_BYTES_MAX);
        }
        assert_eq!(read_receipt_token(&tokens[0], &key(1)), Ok((1, receipt)));
        assert_eq!(read_receipt_token(&tokens[0], &key(2)), Err(Refusal::LinkUnknown));
        assert_eq!(
            read_stop_token(&tokens[5], &key(1)),
            Ok(Stop { organisation: 1, subject, purpose: Some(purpose) })
        );
    }

    #[test]
    fn a_mailed_link_of_an_own_page_ends() {
        let subject = SubjectId::from_bytes([1; 16]);
        let token = manage_token_until(1, &subject, at(100), &key(1));
        assert_eq!(read_manage_token(&token, at(99), &key(1)), Ok((1, subject)));
        assert_eq!(read_manage_token(&token, at(100), &key(1)), Err(Refusal::LinkUnknown));
    }

    proptest! {
        #[test]
        fn only_our_own_tokens_are_read(text in ".{0,100}", index in 0usize..36, bit in 0u8..8) {
            prop_assert!(read_manage_token(&text, at(1), &key(1)).is_err());
            prop_assert!(read_stop_token(&text, &key(1)).is_err());
            let token = manage_token(7, &SubjectId::from_bytes([2; 16]), &key(1));
            let mut bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
            bytes[index] ^= 1 << bit;
            prop_assert!(read_manage_token(&URL_SAFE_NO_PAD.encode(bytes), at(1), &key(1)).is_err());
        }
    }
}
