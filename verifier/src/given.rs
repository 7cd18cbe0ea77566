//! What a file or a code is that somebody gives to the page.
//!
//! In scope: telling by name and first bytes how it is to be read, and reading it. Out of scope: what follows from it (`session`).
//!
//! Invariant: a name is cut before it is looked at, and a file is read only if it is no larger than what it can be.

use shared::jwk::KeySet;
use shared::limits::{BUNDLE_BYTES_MAX, GIVEN_NAME_CHARS_MAX, LOG_PROOF_BYTES_MAX, PICTURE_BYTES_MAX};
use shared::log::note::Kind;
use shared::log::{Note, NoteKey};

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// All of it at once.
    Whole,
    /// In pieces: the bundle of an organisation has no bound.
    Lines,
    /// As a picture.
    Picture,
    /// Not at all.
    TooLong,
}

impl Plan {
    /// Its name for the page's script.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Lines => "lines",
            Self::Picture => "picture",
            Self::TooLong => "too_long",
        }
    }

    /// From a file's name, its size and its first bytes.
    #[must_use]
    pub fn of(name: &str, size: f64, start: &[u8]) -> Self {
        let lines =
            start.starts_with(br#"{"checkpoint""#) && find(start, br#""schema":"vinkje/bundle-lines/"#);
        if ends(name, ".jsonl") || (lines && !ends(name, ".json")) {
            return Self::Lines;
        }
        let (plan, bytes_max) = if is_picture(start) {
            (Self::Picture, PICTURE_BYTES_MAX)
        } else {
            (Self::Whole, BUNDLE_BYTES_MAX)
        };
        if size <= bytes_max as f64 { plan } else { Self::TooLong }
    }
}

/// What somebody gave.
#[derive(Debug, Clone)]
pub enum Given {
    /// A bundle, or what is judged as one.
    Bundle(Vec<u8>),
    /// The bundle of an organisation; its bytes come in pieces.
    Lines,
    /// A file that is larger than evidence can be.
    TooLong,
    /// A compact JWS.
    Receipt(String),
    /// Receipt keys.
    Keys(KeySet),
    /// A log's key.
    LogKey(NoteKey),
    /// A checkpoint that was kept.
    Kept(Note),
    /// A witness's key.
    Witness(NoteKey),
    /// A link, which is no evidence.
    Link(String),
    /// A file that is none of these.
    Unknown(Vec<u8>),
    /// A code that says nothing to us.
    OtherCode,
}

impl Given {
    /// Reads a file.
    #[must_use]
    pub fn read(name: &str, bytes: &[u8]) -> Self {
        if ends(name, ".vinkje.json") {
            return Self::Bundle(bytes.to_vec());
        }
        match core::str::from_utf8(bytes) {
            Ok(text) if ends(name, ".jws") => Self::Receipt(text.to_owned()),
            Ok(text) => Self::of_text(text).unwrap_or_else(|| Self::Unknown(bytes.to_vec())),
            Err(_) => Self::Unknown(bytes.to_vec()),
        }
    }

    /// Reads the text of a code or a file, whatever it is called.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let plain = text.trim();
        if plain.starts_with('{') {
            if find(plain.as_bytes(), br#""schema":"vinkje/bundle/"#) {
                return Some(Self::Bundle(text.as_bytes().to_vec()));
            }
            return KeySet::parse(plain.as_bytes()).ok().map(Self::Keys);
        }
        if plain.len() > LOG_PROOF_BYTES_MAX {
            return None;
        }
        if plain.starts_with("https://") || plain.starts_with("http://") {
            return (!plain.contains(char::is_whitespace)).then(|| Self::Link(plain.to_owned()));
        }
        if let Ok(key) = NoteKey::parse(plain) {
            return Some(if key.kind() == Kind::Witness { Self::Witness(key) } else { Self::LogKey(key) });
        }
        if let Ok(note) = Note::kept(text) {
            return Some(Self::Kept(note));
        }
        is_jws(plain).then(|| Self::Receipt(plain.to_owned()))
    }
}

/// A name as it is shown: no longer than a screen is wide, without what writes over its neighbours.
#[must_use]
pub fn shown_name(name: &str) -> String {
    let plain = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    name.chars().take(GIVEN_NAME_CHARS_MAX).filter(plain).collect()
}

/// Three parts in base64url.
fn is_jws(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.split('.').count() == 3 && text.split('.').all(part)
}

/// PNG, JPEG, GIF, WebP, BMP, and the family of HEIF and AVIF: whether the browser can read it is the browser's to say.
fn is_picture(start: &[u8]) -> bool {
    let begins: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM"];
    begins.iter().any(|begin| start.starts_with(begin))
        || start.get(8..12) == Some(b"WEBP")
        || start.get(4..8) == Some(b"ftyp")
}

fn ends(name: &str, end: &str) -> bool {
    let name = name.as_bytes();
    name.len().checked_sub(end.len()).is_some_and(|from| name[from..].eq_ignore_ascii_case(end.as_bytes()))
}

fn find(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
