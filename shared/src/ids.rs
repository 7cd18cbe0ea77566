//! One type per id.
//!
//! In scope: names that people give (slugs), versions, receipt and subject ids, and the notice hash.
//! Out of scope: how an id is made; randomness and keys come from the caller.
//!
//! Invariant: a value of a type here has passed its `parse`; there is no other way to build one.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::limits::SLUG_BYTES_MAX;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Slugs: 1 to 40 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit.
    #[error("couldn't read a name: use 1 to {SLUG_BYTES_MAX} of a-z, 0-9 and -")]
    Slug,
    /// Lower-case hyphenated UUID, RFC 9562 §4.
    #[error("couldn't read an id: expected a lower-case UUID")]
    Uuid,
    /// `sha256-` and 64 lower-case hexadecimal digits.
    #[error("couldn't read a hash: expected sha256- and 64 hexadecimal digits")]
    Hash,
    /// Versions count from 1.
    #[error("couldn't read a version: versions count from 1")]
    Version,
}

fn is_slug(text: &str) -> bool {
    let letter_or_digit = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    (1..=SLUG_BYTES_MAX).contains(&bytes.len())
        && bytes.iter().all(|byte| letter_or_digit(byte) || *byte == b'-')
        && bytes.first().is_some_and(letter_or_digit)
        && bytes.last().is_some_and(letter_or_digit)
}

macro_rules! text_conversions {
    ($name:ident) => {
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = alloc::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads a name of 1 to 40 of `a-z`, `0-9` and `-`.
            ///
            /// # Errors
            ///
            /// [`IdError::Slug`] for anything else.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if is_slug(text) { Ok(Self(text.into())) } else { Err(IdError::Slug) }
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        text_conversions!($name);
    };
}

slug_id! {
    /// The organisation: the controller of GDPR Art. 4(7).
    OrganisationId
}
slug_id! {
    /// A form: one collection point of an organisation.
    FormId
}
slug_id! {
    /// A purpose: one box, the same on every form of the organisation.
    PurposeId
}
slug_id! {
    /// What somebody bought, as the organisation groups it: messages to customers are about the like of it.
    ProductGroup
}

macro_rules! version {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(try_from = "u32", into = "u32"))]
        pub struct $name(u32);

        impl $name {
            /// The first version.
            pub const FIRST: Self = Self(1);

            /// The number, from 1.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0
            }

            /// The version after this one.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl TryFrom<u32> for $name {
            type Error = IdError;
            fn try_from(number: u32) -> Result<Self, IdError> {
                if number == 0 { Err(IdError::Version) } else { Ok(Self(number)) }
            }
        }

        impl From<$name> for u32 {
            fn from(version: $name) -> Self {
                version.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

version! {
    /// Version of a form: rises with every change to what is shown.
    FormVersion
}
version! {
    /// Version of a purpose: rises with a material change, and then old consent does not carry over.
    PurposeVersion
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Takes 16 bytes as a UUID of RFC 9562 version 8: 48 bits of Unix time in milliseconds
            /// so that ids sort by time, and the caller's bits for the rest.
            #[must_use]
            pub fn from_time_and_bits(unix_ms: u64, bits: [u8; 10]) -> Self {
                let mut bytes = [0; 16];
                bytes[..6].copy_from_slice(&unix_ms.to_be_bytes()[2..]);
                bytes[6..].copy_from_slice(&bits);
                Self(*uuid::Builder::from_custom_bytes(bytes).as_uuid().as_bytes())
            }

            /// Reads back the bytes that a store key or token holds.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The 16 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Reads a lower-case hyphenated UUID.
            ///
            /// # Errors
            ///
            /// [`IdError::Uuid`] for anything else, upper case included: one id has one spelling.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                parse_uuid(text).map(Self).ok_or(IdError::Uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                uuid::Uuid::from_bytes(self.0).hyphenated().fmt(f)
            }
        }

        text_conversions!($name);
    };
}

uuid_id! {
    /// A receipt: derived from the offer and the nonce, so that a retry has the same id.
    ReceiptId
}
uuid_id! {
    /// A subject: one person's record with one organisation. A pseudonym; it says nothing about the address.
    SubjectId
}

uuid_id! {
    /// A kiosk: one enrolled screen at one counter.
    KioskId
}

uuid_id! {
    /// A mailing: one list that was handed out to be addressed.
    MailingId
}

fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let id = uuid::Uuid::try_parse(text).ok()?;
    let mut spelling = uuid::Uuid::encode_buffer();
    (*id.hyphenated().encode_lower(&mut spelling) == *text).then(|| id.into_bytes())
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    Some(digit(high)? << 4 | digit(low)?)
}

/// SHA-256 of the canonical bytes of a notice: names the exact wording that was shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeHash([u8; 32]);

impl NoticeHash {
    /// The hash of a notice's canonical bytes.
    #[cfg(feature = "evidence")]
    #[must_use]
    pub fn of(canonical: &[u8]) -> Self {
        use sha2::Digest;
        Self(sha2::Sha256::digest(canonical).into())
    }

    /// Takes the 32 bytes of a SHA-256 digest.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads `sha256-` and 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`IdError::Hash`] for anything else.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let digits = text.strip_prefix("sha256-").map(str::as_bytes).filter(|digits| digits.len() == 64);
        let mut bytes = [0; 32];
        for (pair, byte) in digits.ok_or(IdError::Hash)?.chunks_exact(2).zip(&mut bytes) {
            *byte = hex_byte(pair[0], pair[1]).ok_or(IdError::Hash)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for NoticeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256-")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for NoticeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

text_conversions!(NoticeHash);

/// A form of an organisation, written `organisation/form`: the value of the `form` attribute in a snippet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormRef {
    /// Whose form it is.
    pub organisation: OrganisationId,
    /// Which form of theirs.
    pub form: FormId,
}

impl FormRef {
    /// Reads `organisation/form`.
    ///
    /// # Errors
    ///
    /// [`IdError::Slug`] when either half is not a name or there are not two halves.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let (organisation, form) = text.split_once('/').ok_or(IdError::Slug)?;
        Ok(Self { organisation: OrganisationId::parse(organisation)?, form: FormId::parse(form)? })
    }
}

impl fmt::Display for FormRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.organisation, self.form)
    }
}

text_conversions!(FormRef);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn slugs_are_plain_words() {
        for good in ["kaas", "a", "offers-by-post", "2026", &"x".repeat(40)] {
            assert!(PurposeId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-", "a-", "-a", "Kaas", "ka as", "kaas/x", "kåas", "a\0", &"x".repeat(41)] {
            assert_eq!(PurposeId::parse(bad), Err(IdError::Slug), "{bad}");
        }
    }

    #[test]
    fn ids_sort_by_time_and_carry_version_8() {
        let early = ReceiptId::from_time_and_bits(1_000, [0xff; 10]);
        let late = ReceiptId::from_time_and_bits(1_001, [0; 10]);
        assert!(early < late);
        assert_eq!(early.to_string(), "00000000-03e8-8fff-bfff-ffffffffffff");
    }

    #[test]
    fn one_id_has_one_spelling() {
        assert_eq!(ReceiptId::parse("00000000-03E8-8fff-bfff-ffffffffffff"), Err(IdError::Uuid));
        assert_eq!(ReceiptId::parse("0000000003e88fffbfffffffffffffff"), Err(IdError::Uuid));
        assert_eq!(ReceiptId::parse("00000000-03e8-8fff-bfff-fffffffffffé"), Err(IdError::Uuid));
    }

    proptest! {
        #[test]
        fn every_id_reads_back(bytes: [u8; 16], hash: [u8; 32]) {
            let id = SubjectId::from_bytes(bytes);
            prop_assert_eq!(SubjectId::parse(&id.to_string()), Ok(id));
            let hash = NoticeHash::from_bytes(hash);
            prop_assert_eq!(NoticeHash::parse(&hash.to_string()), Ok(hash));
        }

        #[test]
        fn no_text_makes_a_parser_panic(text in ".{0,80}") {
            let _ = (FormRef::parse(&text), ReceiptId::parse(&text), NoticeHash::parse(&text));
        }
    }
}
