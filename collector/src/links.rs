//! The links that a person holds: to a receipt, and to the page where consent can be taken back.
//!
//! In scope: making and reading their tokens. Out of scope: what the pages show.
//!
//! Invariant: a token cannot be guessed (128 bits under a key outside the database), is stored nowhere, so neither
//! staff nor a thief of the database can see one, and does not expire: old mail and paper keep carrying it. It
//! stops working when its subject is erased. See `docs/decisions/0001-links-are-derived.md`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::ids::{ReceiptId, SubjectId};
use shared::refusal::Refusal;

use crate::keys::Secret;

/// 4 bytes of organisation number, 16 of id, 16 of MAC.
const TOKEN_BYTES: usize = 36;

/// Longest token text: 36 bytes in base64url.
pub const TOKEN_TEXT_BYTES: usize = 48;

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Receipt,
    Manage,
}

/// The token of a receipt's page.
#[must_use]
pub fn receipt_token(organisation: u32, receipt: &ReceiptId, key: &Secret) -> String {
    write(Scope::Receipt, organisation, receipt.as_bytes(), key)
}

/// The token of a person's own page.
#[must_use]
pub fn manage_token(organisation: u32, subject: &SubjectId, key: &Secret) -> String {
    write(Scope::Manage, organisation, subject.as_bytes(), key)
}

/// Reads the token of a receipt's page: organisation number and receipt.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for anything that we did not make for a receipt.
pub fn read_receipt_token(text: &str, key: &Secret) -> Result<(u32, ReceiptId), Refusal> {
    read(Scope::Receipt, text, key).map(|(organisation, id)| (organisation, ReceiptId::from_bytes(id)))
}

/// Reads the token of a person's own page: organisation number and subject.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for anything that we did not make for such a page.
pub fn read_manage_token(text: &str, key: &Secret) -> Result<(u32, SubjectId), Refusal> {
    read(Scope::Manage, text, key).map(|(organisation, id)| (organisation, SubjectId::from_bytes(id)))
}

fn mac(scope: Scope, organisation: u32, id: &[u8; 16], key: &Secret) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()).expect("any length");
    mac.update(match scope {
        Scope::Receipt => b"receipt-link/1\0",
        Scope::Manage => b"manage-link/1\0\0",
    });
    mac.update(&organisation.to_be_bytes());
    mac.update(id);
    mac
}

fn write(scope: Scope, organisation: u32, id: &[u8; 16], key: &Secret) -> String {
    let mac = mac(scope, organisation, id, key).finalize().into_bytes();
    URL_SAFE_NO_PAD.encode([organisation.to_be_bytes().as_slice(), id, &mac[..16]].concat())
}

fn read(scope: Scope, text: &str, key: &Secret) -> Result<(u32, [u8; 16]), Refusal> {
    let mut bytes = [0; TOKEN_BYTES];
    let whole =
        text.len() == TOKEN_TEXT_BYTES && URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) == Ok(TOKEN_BYTES);
    if !whole {
        return Err(Refusal::LinkUnknown);
    }
    let (organisation, rest) = bytes.split_first_chunk::<4>().expect("36 bytes");
    let (id, given) = rest.split_first_chunk::<16>().expect("32 bytes");
    let organisation = u32::from_be_bytes(*organisation);
    let mac = mac(scope, organisation, id, key);
    mac.verify_truncated_left(given).map_err(|_| Refusal::LinkUnknown)?;
    Ok((organisation, *id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    fn key(byte: u8) -> Secret {
        Zeroizing::new([byte; 32])
    }

    #[test]
    fn a_receipt_link_is_no_manage_link() {
        let token = receipt_token(1, &ReceiptId::from_bytes([1; 16]), &key(1));
        assert_eq!(read_receipt_token(&token, &key(1)), Ok((1, ReceiptId::from_bytes([1; 16]))));
        assert_eq!(read_manage_token(&token, &key(1)), Err(Refusal::LinkUnknown));
        assert_eq!(read_receipt_token(&token, &key(2)), Err(Refusal::LinkUnknown));
        assert_eq!(token.len(), TOKEN_TEXT_BYTES);
    }

    proptest! {
        #[test]
        fn only_our_own_tokens_are_read(text in ".{0,60}", index in 0usize..TOKEN_BYTES, bit in 0u8..8) {
            prop_assert!(read_manage_token(&text, &key(1)).is_err());
            let token = manage_token(7, &SubjectId::from_bytes([2; 16]), &key(1));
            let mut bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
            bytes[index] ^= 1 << bit;
            prop_assert!(read_manage_token(&URL_SAFE_NO_PAD.encode(bytes), &key(1)).is_err());
        }
    }
}
