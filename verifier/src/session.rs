//! What somebody gave so far, and what it comes to.
//!
//! In scope: one place for each kind of thing, trust from what was given, judging. Out of scope: what a file is (`given`).
//!
//! Invariant: there is one piece of evidence at a time, and every judgement is one of `shared::bundle` over what is shown as given.

use shared::bundle::{FailedLine, Feed, Report, Summary, Trust, check, check_alone};
use shared::limits::{BUNDLE_BYTES_MAX, GIVEN_WITNESSES_MAX};

use crate::given::{Given, shown_name};

/// Something that was given, with its name.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its name, as it is shown.
    pub name: String,
    /// What it is.
    pub given: Given,
}

/// What was found.
#[derive(Debug)]
pub enum Judged {
    /// There is no evidence yet.
    Nothing,
    /// In a bundle or a receipt.
    Whole(Report),
    /// In the lines of an organisation.
    Lines(Result<Summary, FailedLine>),
}

/// What was given so far.
#[derive(Default)]
pub struct Session {
    items: Vec<Item>,
    feed: Option<Feed>,
    failed: Option<FailedLine>,
}

/// Where a thing goes: a newer one takes the place of an older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Evidence,
    Keys,
    LogKey,
    Kept,
    Witness,
    Beside,
}

const fn place(given: &Given) -> Place {
    match given {
        Given::Bundle(_) | Given::Lines | Given::TooLong | Given::Receipt(_) => Place::Evidence,
        Given::Keys(_) => Place::Keys,
        Given::LogKey(_) => Place::LogKey,
        Given::Kept(_) => Place::Kept,
        Given::Witness(_) => Place::Witness,
        Given::Link(_) | Given::Unknown(_) | Given::OtherCode => Place::Beside,
    }
}

impl Session {
    /// What was given, in order.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Takes a thing. Beside evidence, what is not recognised is shown as such; alone, it is judged as evidence, so that there is
    /// an answer.
    pub fn take(&mut self, name: &str, given: Given) {
        let given = match given {
            Given::Unknown(bytes) if !self.has(Place::Evidence) => Given::Bundle(bytes),
            other => other,
        };
        let item = Item { name: shown_name(name), given };
        let place = place(&item.given);
        if place == Place::Witness {
            let known = |one: &Item| matches!((&one.given, &item.given), (Given::Witness(a), Given::Witness(b)) if a == b);
            self.items.retain(|one| !known(one));
            if self.trust().witnesses.len() < GIVEN_WITNESSES_MAX {
                self.items.push(item);
            }
            return;
        }
        match self.items.iter().position(|one| self::place(&one.given) == place) {
            Some(at) => self.items[at] = item,
            None => self.items.push(item),
        }
    }

    /// Takes something away.
    pub fn remove(&mut self, at: usize) {
        if at < self.items.len() {
            self.items.remove(at);
        }
    }

    fn has(&self, wanted: Place) -> bool {
        self.items.iter().any(|one| place(&one.given) == wanted)
    }

    /// Whether the evidence comes in pieces.
    #[must_use]
    pub fn wants_lines(&self) -> bool {
        self.items.iter().any(|one| matches!(one.given, Given::Lines))
    }

    /// Before the first piece.
    pub fn begin(&mut self) {
        (self.feed, self.failed) = (Some(Feed::new(self.trust())), None);
    }

    /// Takes a piece, and says whether more is wanted.
    pub fn feed(&mut self, piece: &[u8]) -> bool {
        let Some(feed) = self.feed.as_mut().filter(|_| self.failed.is_none()) else { return false };
        self.failed = feed.take(piece).err();
        self.failed.is_none()
    }

    /// Judges what was given; after the last piece where it came in pieces.
    pub fn judge(&mut self) -> Judged {
        if let Some(feed) = self.feed.take() {
            return Judged::Lines(self.failed.take().map_or_else(|| feed.finish(), Err));
        }
        let trust = self.trust();
        let report = self.items.iter().find_map(|one| match &one.given {
            Given::Bundle(bytes) => Some(check(bytes, &trust)),
            // What was not read is judged by its length: that is why it was not read.
            Given::TooLong => Some(check(&vec![0; BUNDLE_BYTES_MAX + 1], &trust)),
            Given::Receipt(text) => Some(check_alone(text, &trust)),
            _ => None,
        });
        report.map_or(Judged::Nothing, Judged::Whole)
    }

    fn trust(&self) -> Trust {
        let mut trust = Trust::default();
        for one in &self.items {
            match &one.given {
                Given::Keys(keys) => trust.keys = Some(keys.clone()),
                Given::LogKey(key) => trust.log_key = Some(key.clone()),
                Given::Kept(note) => trust.kept = Some(note.clone()),
                Given::Witness(key) => trust.witnesses.push(key.clone()),
                _ => {}
            }
        }
        trust
    }
}
