//! Keys of rows, as bytes that sort the way the things they name do.
//!
//! In scope: the keys of the spaces that the sequencer itself writes, and the bytes they are made of.
//! Out of scope: the rows' values.
//!
//! Invariant: every key of an organisation's rows begins with its number, big-endian, so an organisation is one range
//! in every space and can be exported, moved or erased as one.

use shared::time::Timestamp;

use super::{Key, KeyRange, StoreError};

/// Prefix of all rows of an organisation.
#[must_use]
pub fn organisation(organisation: u32) -> [u8; 4] {
    organisation.to_be_bytes()
}

/// Range of all rows of an organisation in a space whose keys begin with its number.
#[must_use]
pub fn of_organisation(number: u32) -> KeyRange {
    KeyRange::prefix(&organisation(number))
}

/// Key of what is numbered like receipts, in `Body`, `Leaf` and `Subject`: grows with every receipt, so that new rows land side by side.
#[must_use]
pub fn body(organisation: u32, sequence: u64) -> Key {
    [&organisation.to_be_bytes()[..], &sequence.to_be_bytes()].concat()
}

/// Key of a node in `Node`.
#[must_use]
pub fn node(organisation: u32, level: u8, index: u64) -> Key {
    [&organisation.to_be_bytes()[..], &[level], &index.to_be_bytes()].concat()
}

/// Key of anything that an organisation names by 16 bytes: `ById` by receipt id.
#[must_use]
pub fn by_id(organisation: u32, id: &[u8; 16]) -> Key {
    [&organisation.to_be_bytes()[..], id].concat()
}

/// What begins the key of a row in `Due`; the number of the subject's first receipt ends it. The moment comes first, because
/// whoever looks for work asks for all organisations at once.
#[must_use]
pub fn due_prefix(at: Timestamp, organisation: u32) -> Vec<u8> {
    [&at.unix_seconds().to_be_bytes()[..], &organisation.to_be_bytes()].concat()
}

/// Key of a row in `Due`.
#[must_use]
pub fn due(at: Timestamp, organisation: u32, first: u64) -> Key {
    [due_prefix(at, organisation), first.to_be_bytes().to_vec()].concat()
}

/// Reads moment, organisation and first receipt from a key in `Due`.
///
/// # Errors
///
/// [`StoreError::Corrupt`] for anything but 20 bytes.
pub fn read_due(key: &[u8]) -> Result<(Timestamp, u32, u64), StoreError> {
    let bad = || StoreError::Corrupt("a moment's key is not 20 bytes".into());
    let (at, subject) = key.split_first_chunk::<8>().ok_or_else(bad)?;
    let (organisation, first) = read_body_key(subject).map_err(|_| bad())?;
    Ok((Timestamp::from_unix_seconds(i64::from_be_bytes(*at)), organisation, first))
}

/// A moment as a row holds it.
#[must_use]
pub fn moment_value(at: Timestamp) -> Vec<u8> {
    at.unix_seconds().to_be_bytes().to_vec()
}

/// A sequence number as a row holds it.
#[must_use]
pub fn sequence_value(sequence: u64) -> Vec<u8> {
    sequence.to_be_bytes().to_vec()
}

/// Reads a sequence number from a row.
///
/// # Errors
///
/// [`StoreError::Corrupt`] for anything but 8 bytes.
pub fn read_sequence(value: &[u8]) -> Result<u64, StoreError> {
    let bytes =
        value.try_into().map_err(|_| StoreError::Corrupt("a sequence number is not 8 bytes".into()))?;
    Ok(u64::from_be_bytes(bytes))
}

/// Reads organisation and sequence number from a key in `Body`.
///
/// # Errors
///
/// [`StoreError::Corrupt`] for anything but 12 bytes.
pub fn read_body_key(key: &[u8]) -> Result<(u32, u64), StoreError> {
    let bad = || StoreError::Corrupt("a receipt's key is not 12 bytes".into());
    let (organisation, sequence) = key.split_first_chunk::<4>().ok_or_else(bad)?;
    let sequence = sequence.try_into().map_err(|_| bad())?;
    Ok((u32::from_be_bytes(*organisation), u64::from_be_bytes(sequence)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn body_keys_sort_as_their_numbers(a: (u32, u64), b: (u32, u64)) {
            prop_assert_eq!(body(a.0, a.1).cmp(&body(b.0, b.1)), a.cmp(&b));
            prop_assert_eq!(read_body_key(&body(a.0, a.1)), Ok(a));
            prop_assert_eq!(read_sequence(&sequence_value(a.1)), Ok(a.1));
        }

        #[test]
        fn due_keys_sort_by_their_moments(a in 0i64..4_000_000_000, b in 0i64..4_000_000_000, of: (u32, u64)) {
            let (one, two) = (Timestamp::from_unix_seconds(a), Timestamp::from_unix_seconds(b));
            let key = due(one, of.0, of.1);
            prop_assert_eq!(read_due(&key), Ok((one, of.0, of.1)));
            prop_assert_eq!(a < b, key < due_prefix(two, 0));
        }
    }

    #[test]
    fn bytes_of_another_length_are_not_numbers() {
        assert!(matches!(read_sequence(&[1]), Err(StoreError::Corrupt(_))));
        assert!(matches!(read_body_key(&[0; 11]), Err(StoreError::Corrupt(_))));
        assert!(matches!(read_body_key(&[0; 3]), Err(StoreError::Corrupt(_))));
        assert!(matches!(read_due(&[0; 19]), Err(StoreError::Corrupt(_))));
        assert!(matches!(read_due(&[0; 7]), Err(StoreError::Corrupt(_))));
    }
}
