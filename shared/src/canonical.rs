//! Canonical JSON bytes (RFC 8785, JCS) and strict reading of signed JSON.
//!
//! In scope: one byte string per value; refusing what RFC 8785 cannot carry without loss.
//! Out of scope: signatures (`jws`).
//!
//! Invariant: `from_bytes(b)` succeeds only if `b` is the canonical form of what it returns, so one signed value
//! has one spelling: no duplicate names, no spaces, no unknown members.

use alloc::vec::Vec;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why bytes are not the canonical form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Not JSON, or not of the expected shape.
    #[error("couldn't read the record: it is not of the expected shape")]
    Shape,
    /// The right value in another spelling: other order, spaces, or names given twice.
    #[error("couldn't accept the record: its JSON is not in canonical form")]
    Spelling,
}

/// The canonical bytes of a value.
///
/// The types of this crate hold strings, booleans, lists and integers far below 2^53 only, which always have a
/// canonical form.
///
/// # Panics
///
/// Never for the types of this crate; a type with floats that are not numbers would.
#[must_use]
pub fn to_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("values of this crate always have a canonical form")
}

/// Reads a value from its canonical bytes, and from no others.
///
/// # Errors
///
/// [`CanonicalError::Shape`] or [`CanonicalError::Spelling`].
pub fn from_bytes<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CanonicalError> {
    let value: T = serde_json::from_slice(bytes).map_err(|_| CanonicalError::Shape)?;
    if to_bytes(&value) == bytes { Ok(value) } else { Err(CanonicalError::Spelling) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use alloc::string::String;

    type Record = BTreeMap<String, String>;

    #[test]
    fn one_value_has_one_spelling() {
        assert_eq!(from_bytes::<Record>(br#"{"a":"1","b":"2"}"#).map(|record| record.len()), Ok(2));
        for other in [
            &br#"{"b":"2","a":"1"}"#[..],
            br#"{"a":"1", "b":"2"}"#,
            br#"{"a":"1","a":"1","b":"2"}"#,
            br#"{"a":"\u0031"}"#,
        ] {
            assert_eq!(from_bytes::<Record>(other), Err(CanonicalError::Spelling));
        }
        assert_eq!(from_bytes::<Record>(b"[]"), Err(CanonicalError::Shape));
    }
}
