//! What a witness says of a log (C2SP tlog-cosignature, `cosignature/v1`): that up to this time it saw no other history.
//!
//! In scope: making a cosignature, checking one, reading the answer of a witness. Out of scope: when a witness may say it
//! (collector `witness`), and asking for it (collector `cosigning`).
//!
//! Invariant: what is signed begins with a line of its own, so that a cosignature is never a log's own signature, nor the
//! other way round.

use alloc::format;
use alloc::string::String;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::note::{Note, NoteError, NoteKey, SignatureLine};

/// The latest time that a cosignature may carry, in Unix seconds.
const TIME_MAX: u64 = i64::MAX as u64;

impl NoteKey {
    /// Says as a witness that this checkpoint was consistent with all that it saw before.
    #[must_use]
    pub fn cosign(&self, text: &str, unix_seconds: u64, key: &SigningKey) -> SignatureLine {
        let signature = key.sign(cosigned(text, unix_seconds).as_bytes()).to_bytes();
        self.line([&unix_seconds.to_be_bytes()[..], &signature].concat())
    }
}

/// Takes a witness's cosignature of a checkpoint's text from its answer, with the time that it carries. Lines of other keys
/// count for nothing; of several by this one all must be true, and the last counts.
///
/// # Errors
///
/// A [`NoteError`] when the answer is no list of signatures, has none of this witness, or a false one.
pub fn read_answer(text: &str, answer: &str, witness: &NoteKey) -> Result<(SignatureLine, u64), NoteError> {
    let note = Note::parse(&format!("{text}\n{answer}"))?;
    // An answer with a blank line would move the end of the text.
    if note.text() != text {
        return Err(NoteError::Shape);
    }
    let time = note.signed_by(witness)?;
    let own = note.signatures.into_iter().rfind(|line| line.is_by(witness));
    own.map(|line| (line, time)).ok_or(NoteError::NotSigned)
}

/// Checks a cosignature's bytes and gives its time.
pub(super) fn check(text: &str, bytes: &[u8], key: &VerifyingKey) -> Result<u64, NoteError> {
    let (time, signature) = bytes.split_first_chunk().ok_or(NoteError::False)?;
    let time = u64::from_be_bytes(*time);
    let signature = Signature::from_slice(signature).map_err(|_| NoteError::False)?;
    let good = time <= TIME_MAX && key.verify_strict(cosigned(text, time).as_bytes(), &signature).is_ok();
    if good { Ok(time) } else { Err(NoteError::False) }
}

fn cosigned(text: &str, unix_seconds: u64) -> String {
    format!("cosignature/v1\ntime {unix_seconds}\n{text}")
}
