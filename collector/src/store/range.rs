//! Ranges of keys.
//!
//! In scope: the half-open ranges that scans take, and how to make them. Out of scope: what keys mean (`keys`).
//!
//! Invariant: a range holds `from` and what follows it in byte order, up to but without `until`.

use super::Key;

/// From one key, included, to another, not included. Without an end it goes on to the end of the space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyRange {
    from: Key,
    until: Option<Key>,
}

impl KeyRange {
    /// All rows of a space.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// From `from`, included, to `until`, not included. Empty when `until` does not lie behind `from`.
    #[must_use]
    pub fn between(from: impl Into<Key>, until: impl Into<Key>) -> Self {
        Self { from: from.into(), until: Some(until.into()) }
    }

    /// The rows whose keys begin with `prefix`.
    #[must_use]
    pub fn prefix(prefix: &[u8]) -> Self {
        Self { from: prefix.to_vec(), until: successor_of_prefix(prefix) }
    }

    /// The part of this range that lies behind a key.
    #[must_use]
    pub fn after(&self, key: &[u8]) -> Self {
        let next = [key, &[0]].concat();
        Self { from: next.max(self.from.clone()), until: self.until.clone() }
    }

    /// First key that belongs to the range.
    #[must_use]
    pub fn from(&self) -> &[u8] {
        &self.from
    }

    /// First key that no longer belongs to it.
    #[must_use]
    pub fn until(&self) -> Option<&[u8]> {
        self.until.as_deref()
    }

    /// Whether no key can be in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until.as_ref().is_some_and(|until| *until <= self.from)
    }
}

/// The first key behind all that begin with `prefix`: its last byte below 255 raised by one, the rest cut off.
fn successor_of_prefix(prefix: &[u8]) -> Option<Key> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut until = prefix[..=last].to_vec();
    until[last] += 1;
    Some(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prefix: &[u8], until: Option<&[u8]>) {
        assert_eq!(KeyRange::prefix(prefix).until(), until);
    }

    #[test]
    fn a_prefix_ends_before_the_next_one() {
        check(&[1, 2], Some(&[1, 3]));
        check(&[1, 255], Some(&[2]));
        check(&[255, 255], None);
        check(&[], None);
    }

    #[test]
    fn what_follows_a_key_keeps_the_end() {
        let range = KeyRange::prefix(&[7]).after(&[7, 9]);
        assert_eq!((range.from(), range.until()), (&[7, 9, 0][..], Some(&[8][..])));
        assert!(KeyRange::between([2], [2]).is_empty());
        assert!(!KeyRange::all().is_empty());
    }
}
