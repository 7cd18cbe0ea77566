//! Signed notes (C2SP signed-note) with a log's own signature (Ed25519) and those of its witnesses.
//!
//! In scope: reading and writing notes, keys as one line of text, signing and checking. Out of scope: what a note says
//! (`checkpoint`), what a witness signs (`cosignature`).
//!
//! Invariant: [`Note::signed_by`] answers only for a signature by exactly that key (name and id) over exactly that text;
//! signatures of unknown keys count for nothing, a false one of a known key is an error.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::fmt;
use ed25519_dalek::{Signature, Signer, SigningKey};
use sha2::{Digest, Sha256};

use super::cosignature;
use crate::jwk::PublicKey;
use crate::limits::{NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX};

/// Why a note or a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than a note needs to be.
    #[error("couldn't read the note: it is longer than {NOTE_BYTES_MAX} bytes")]
    TooLong,
    /// No text, blank line and signatures, or control characters.
    #[error("couldn't read the note: it is not a text, a blank line and signature lines")]
    Shape,
    /// A line below the text that is no signature.
    #[error("couldn't read the note: a signature line is not one")]
    SignatureLine,
    /// More signatures than are looked at.
    #[error("couldn't read the note: it has more than {NOTE_SIGNATURES_MAX} signatures")]
    TooMany,
    /// No signature by this key.
    #[error("couldn't accept the note: the key did not sign it")]
    NotSigned,
    /// A signature under this key's name and id that is not its own.
    #[error("couldn't accept the note: the signature is false")]
    False,
    /// Not a key line, or its id does not belong to it.
    #[error("couldn't read the key: it is not a verifier key of a log or witness")]
    Key,
}

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its own log: type 0x01, Ed25519 over the text.
    Log,
    /// Logs of others: type 0x04, with the time at which it saw them.
    Witness,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Log => 0x01,
            Self::Witness => 0x04,
        }
    }
}

/// A public key with its name: what C2SP calls a verifier key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    kind: Kind,
    key: PublicKey,
    id: [u8; 4],
}

impl NoteKey {
    /// Names a key.
    ///
    /// # Errors
    ///
    /// [`NoteError::Key`] for a name that is empty or has a space or a plus sign.
    pub fn new(name: &str, kind: Kind, key: PublicKey) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::Key);
        }
        let digest = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', kind.byte()])
            .chain_update(key.verifying_key().as_bytes())
            .finalize();
        Ok(Self { name: name.to_string(), kind, key, id: [digest[0], digest[1], digest[2], digest[3]] })
    }

    /// Reads `name+id+key`.
    ///
    /// # Errors
    ///
    /// [`NoteError::Key`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let mut parts = line.splitn(3, '+');
        let mut part = || parts.next().ok_or(NoteError::Key);
        let (name, id, key) = (part()?, part()?, part()?);
        let bytes = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let (kind, public) = bytes.split_first().ok_or(NoteError::Key)?;
        let kind = match kind {
            0x01 => Kind::Log,
            0x04 => Kind::Witness,
            _ => return Err(NoteError::Key),
        };
        let public = public.try_into().map_err(|_| NoteError::Key)?;
        let key = Self::new(name, kind, PublicKey::from_bytes(public).map_err(|_| NoteError::Key)?)?;
        if hex(key.id) == id { Ok(key) } else { Err(NoteError::Key) }
    }

    /// What it signs.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Signs a text as this key's owner.
    #[must_use]
    pub fn sign(&self, text: &str, key: &SigningKey) -> SignatureLine {
        self.line(key.sign(text.as_bytes()).to_bytes().to_vec())
    }

    /// A signature by this key that was made before.
    #[must_use]
    pub fn line(&self, bytes: Vec<u8>) -> SignatureLine {
        SignatureLine { name: self.name.clone(), id: self.id, bytes }
    }
}

impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.kind.byte()][..], self.key.verifying_key().as_bytes()].concat();
        write!(f, "{}+{}+{}", self.name, hex(self.id), STANDARD.encode(key))
    }
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// One signature of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl SignatureLine {
    /// Reads `— name base64`, without the line's end.
    ///
    /// # Errors
    ///
    /// [`NoteError::SignatureLine`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let rest = line.strip_prefix("\u{2014} ").ok_or(NoteError::SignatureLine)?;
        let (name, bytes) = rest.split_once(' ').ok_or(NoteError::SignatureLine)?;
        let bytes = STANDARD.decode(bytes).map_err(|_| NoteError::SignatureLine)?;
        let (id, signature) = bytes.split_first_chunk().ok_or(NoteError::SignatureLine)?;
        if !is_name(name) || signature.is_empty() {
            return Err(NoteError::SignatureLine);
        }
        Ok(Self { name: name.to_string(), id: *id, bytes: signature.to_vec() })
    }

    /// Whether it claims to be by this key.
    #[must_use]
    pub fn is_by(&self, key: &NoteKey) -> bool {
        self.name == key.name && self.id == key.id
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id[..], &self.bytes].concat();
        writeln!(f, "\u{2014} {} {}", self.name, STANDARD.encode(bytes))
    }
}

/// A text with signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    /// Its signatures, in order.
    pub signatures: Vec<SignatureLine>,
}

impl Note {
    /// A note around a text that ends with a line feed.
    #[must_use]
    pub fn new(text: String, signatures: Vec<SignatureLine>) -> Self {
        Self { text, signatures }
    }

    /// Reads a note. Nothing is believed yet.
    ///
    /// # Errors
    ///
    /// [`NoteError::TooLong`], [`NoteError::Shape`], [`NoteError::SignatureLine`] or [`NoteError::TooMany`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong);
        }
        if note.contains(|c: char| c.is_ascii_control() && c != '\n') {
            return Err(NoteError::Shape);
        }
        // The last blank line ends the text; the text itself may have others.
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Shape)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Shape)?;
        let signatures: Vec<_> = lines.split('\n').map(SignatureLine::parse).collect::<Result<_, _>>()?;
        if signatures.len() > NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooMany);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// Reads a note that somebody kept. It may have come through mail, paper or a scanner: line ends and the end of the text are
    /// as they fell.
    ///
    /// # Errors
    ///
    /// As [`Note::parse`].
    pub fn kept(text: &str) -> Result<Self, NoteError> {
        if text.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong);
        }
        Self::parse(&(text.replace("\r\n", "\n").trim().to_string() + "\n"))
    }

    /// What it says; ends with a line feed. Believe it only after [`Note::signed_by`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Checks the signature of a key. For a witness: when it saw the checkpoint, in Unix seconds; for a log 0.
    ///
    /// # Errors
    ///
    /// [`NoteError::NotSigned`] or [`NoteError::False`].
    pub fn signed_by(&self, key: &NoteKey) -> Result<u64, NoteError> {
        let mut lines = self.signatures.iter().filter(|line| line.is_by(key)).peekable();
        lines.peek().ok_or(NoteError::NotSigned)?;
        lines.try_fold(0, |_, line| check(&self.text, line, key))
    }
}

fn check(text: &str, line: &SignatureLine, key: &NoteKey) -> Result<u64, NoteError> {
    let public = key.key.verifying_key();
    match key.kind {
        Kind::Log => {
            let signature = Signature::from_slice(&line.bytes).map_err(|_| NoteError::False)?;
            public.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::False).map(|()| 0)
        }
        Kind::Witness => cosignature::check(text, &line.bytes, public),
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| line.fmt(f))
    }
}
