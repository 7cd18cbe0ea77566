//! Receipts as they lie in the store: signature and canonical bytes, compressed against an example.
//!
//! In scope: packing and unpacking one body. Out of scope: which example belongs to which form version, and the JWS
//! text, which is made from these two parts when somebody reads the receipt.
//!
//! Invariant: what was packed comes back byte for byte under the same dictionary, and unpacking never makes more than
//! [`CANONICAL_BYTES_MAX`] bytes, whatever it is given. Whether the bytes are right is for the signature to say.
//!
//! Layout: one byte of version, 64 of signature, two of length (big-endian), then one LZ4 block
//! (<https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md>) that may refer back into the dictionary.
//! Why LZ4 and not zstd: `docs/decisions/0203-bodies-by-lz4.md`.

use lz4_flex::block::{compress_with_dict, decompress_into_with_dict};
use shared::limits::JWS_BYTES_MAX;

/// Longest canonical receipt, in bytes: a JWS is longer than the payload it carries.
pub const CANONICAL_BYTES_MAX: usize = JWS_BYTES_MAX;

/// Longest dictionary of use, in bytes: how far an LZ4 block can refer back.
pub const DICTIONARY_BYTES_MAX: usize = 64 * 1024;

const VERSION: u8 = 1;
const SIGNATURE_BYTES: usize = 64;

/// Why a body cannot be packed or unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Longer than a receipt can be.
    #[error("couldn't pack a receipt: it is longer than {CANONICAL_BYTES_MAX} bytes")]
    TooLong,
    /// Cut off, of another version, or not made with this dictionary.
    #[error("couldn't unpack a receipt: its stored bytes are not what was written")]
    Broken,
}

/// Packs canonical bytes and their signature.
///
/// `dictionary` is an example of what is packed: receipts of the same form version, in which each purpose is both given
/// and not given. Without it (an empty slice) the result is larger, not wrong.
///
/// # Errors
///
/// [`BodyError::TooLong`] for more than [`CANONICAL_BYTES_MAX`].
pub fn pack(
    dictionary: &[u8],
    canonical: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
) -> Result<Vec<u8>, BodyError> {
    if canonical.len() > CANONICAL_BYTES_MAX {
        return Err(BodyError::TooLong);
    }
    let length = u16::try_from(canonical.len()).map_err(|_| BodyError::TooLong)?;
    let block = compress_with_dict(canonical, dictionary);
    Ok([&[VERSION][..], signature, &length.to_be_bytes(), &block].concat())
}

/// Unpacks what [`pack`] made with the same dictionary: canonical bytes and signature.
///
/// # Errors
///
/// [`BodyError::Broken`] for anything else that can be told apart.
pub fn unpack(dictionary: &[u8], packed: &[u8]) -> Result<(Vec<u8>, [u8; SIGNATURE_BYTES]), BodyError> {
    let rest = packed.strip_prefix(&[VERSION]).ok_or(BodyError::Broken)?;
    let (signature, rest) = rest.split_first_chunk::<SIGNATURE_BYTES>().ok_or(BodyError::Broken)?;
    let (length, block) = rest.split_first_chunk::<2>().ok_or(BodyError::Broken)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length > CANONICAL_BYTES_MAX {
        return Err(BodyError::Broken);
    }
    let mut canonical = vec![0; length];
    let written =
        decompress_into_with_dict(block, &mut canonical, dictionary).map_err(|_| BodyError::Broken)?;
    if written == length { Ok((canonical, *signature)) } else { Err(BodyError::Broken) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXAMPLE: &[u8] =
        br#"{"decided":"given","purpose":"news","version":1},{"decided":"not_given","at":"2026"}"#;

    #[test]
    fn what_looks_like_the_example_becomes_small() {
        let packed = pack(EXAMPLE, EXAMPLE, &[7; 64]).unwrap();
        assert!(packed.len() < 1 + 64 + 2 + 16, "{}", packed.len());
    }

    #[test]
    fn a_receipt_over_the_limit_is_refused() {
        assert_eq!(pack(&[], &[0; CANONICAL_BYTES_MAX + 1], &[0; 64]), Err(BodyError::TooLong));
        assert!(pack(&[], &[0; CANONICAL_BYTES_MAX], &[0; 64]).is_ok());
    }

    #[test]
    fn a_body_that_was_cut_is_refused() {
        let packed = pack(EXAMPLE, b"a receipt that is unlike the example", &[7; 64]).unwrap();
        for length in 0..packed.len() {
            assert_eq!(unpack(EXAMPLE, &packed[..length]), Err(BodyError::Broken), "{length}");
        }
    }

    proptest! {
        #[test]
        fn every_body_comes_back(
            dictionary in proptest::collection::vec(any::<u8>(), 0..2_000),
            canonical in proptest::collection::vec(any::<u8>(), 0..2_000),
            split in any::<prop::sample::Index>(),
        ) {
            let like_dictionary = [&dictionary[..split.index(dictionary.len() + 1)], &canonical].concat();
            let packed = pack(&dictionary, &like_dictionary, &[3; 64]).unwrap();
            prop_assert_eq!(unpack(&dictionary, &packed), Ok((like_dictionary, [3; 64])));
        }

        #[test]
        fn no_bytes_make_unpacking_panic(
            dictionary in proptest::collection::vec(any::<u8>(), 0..200),
            mut packed in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            if let Some(version) = packed.first_mut() { *version = VERSION; }
            if let Ok((canonical, _)) = unpack(&dictionary, &packed) {
                prop_assert!(canonical.len() <= CANONICAL_BYTES_MAX);
            }
        }
    }
}
