//! Where the parts of a log are found (C2SP tlog-tiles): `tile/L/N` and `tile/entries/N`, 256 wide.
//!
//! In scope: coordinates and paths. Out of scope: what is served under them (collector).
//!
//! Invariant: one tile has one path; any other spelling of it is refused.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use super::checkpoint::plain_number;

/// Hashes or entries in a full tile.
pub const WIDTH: u64 = 256;

/// Tile levels above the leaves: 8 tree levels each, so 8 cover every size.
const LEVELS: u8 = 8;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Hashes of complete subtrees of tree level 8 × this.
    Hashes(u8),
    /// Entries, each after its length in two bytes.
    Entries,
}

/// A tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// What it holds.
    pub holds: Holds,
    /// Its place at its level, from 0.
    pub index: u64,
    /// How many hashes or entries, 1 to 256.
    pub width: u16,
}

impl Tile {
    /// Reads the path below `tile/`, such as `0/x001/x234/067.p/8` or `entries/003`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (holds, rest) = path.split_once('/')?;
        let holds = match holds {
            "entries" => Holds::Entries,
            level => Holds::Hashes(plain_number(level)?.try_into().ok().filter(|level| *level < LEVELS)?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, plain_number(width).filter(|w| (1..WIDTH).contains(w))?),
            None => (rest, WIDTH),
        };
        let index = number.split('/').try_fold(0u64, |index, group| {
            let digits = group.strip_prefix('x').unwrap_or(group);
            let plain = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
            let group = plain.then(|| digits.parse::<u64>().ok()).flatten()?;
            index.checked_mul(1000)?.checked_add(group)
        })?;
        let tile = Self { holds, index, width: width.try_into().ok()? };
        (tile.to_string() == path).then_some(tile)
    }

    /// The first hash or entry in it, counted at its level.
    ///
    /// `None` past the end of all numbers.
    #[must_use]
    pub fn first(&self) -> Option<u64> {
        self.index.checked_mul(WIDTH)
    }

    /// Whether it exists in a log of this many entries.
    #[must_use]
    pub fn exists_at(&self, size: u64) -> bool {
        let shift = match self.holds {
            Holds::Hashes(level) => u32::from(level) * 8,
            Holds::Entries => 0,
        };
        let have = size.checked_shr(shift).unwrap_or(0);
        self.first().and_then(|first| first.checked_add(u64::from(self.width))).is_some_and(|end| end <= have)
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.holds {
            Holds::Hashes(level) => write!(f, "{level}/")?,
            Holds::Entries => f.write_str("entries/")?,
        }
        f.write_str(&groups(self.index))?;
        if u64::from(self.width) < WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// A number in groups of three digits, all but the last marked: 1234067 is `x001/x234/067`.
fn groups(index: u64) -> String {
    let (mut text, mut rest) = (format!("{:03}", index % 1000), index / 1000);
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    text
}
