//! Counters: how often each purpose was given, refused, withdrawn or let expire, per form, language and day.
//!
//! Every receipt is counted in the commit that stores it, so a statistic is read from a few rows and never by going through
//! receipts. A counter says of nobody what they did.
//!
//! In scope: which counters a receipt moves, their keys and bytes. Out of scope: adding up within a batch (`sequencer`),
//! what is shown and what is held back because it is too small (`service::statistics`).
//!
//! Invariant: what was counted minus what is gone equals what the stored receipts say; `fsck` counts anew. Erasing a
//! person moves their counts to "gone" and changes no number that was shown before.

use shared::Language;
use shared::ids::{FormId, PurposeId};
use shared::receipt::{Act, CollectionMethod, Decided, Decision, Receipt};
use shared::time::Timestamp;

use crate::store::{Batch, Key, KeyRange, Snapshot, Space, StoreError, keys};

/// Seconds of a day; days are those of UTC.
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// What happened to a consent, as far as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A box was ticked and sent.
    Given,
    /// A box was seen and left empty.
    Refused,
    /// A consent was taken back.
    Withdrawn,
    /// The term of a consent ended.
    Expired,
    /// A box was ticked, and waits for the owner of the address.
    Requested,
    /// The owner of the address confirmed it.
    Confirmed,
    /// Nobody confirmed it in time.
    Lapsed,
    /// A consent came with an imported list.
    Imported,
    /// An imported list named somebody without proof.
    Unproven,
    /// Somebody bought something, and did not object to messages about the like of it.
    NotObjected,
    /// A customer objected to such messages.
    Objected,
    /// The term of what rests on a sale ended.
    Ended,
    /// A box was ticked on a signed paper that staff entered.
    OnPaper,
    /// A yes was said aloud, and staff entered it.
    ByVoice,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::Given,
        Self::Refused,
        Self::Requested,
        Self::Confirmed,
        Self::Lapsed,
        Self::Withdrawn,
        Self::Expired,
        Self::Imported,
        Self::Unproven,
        Self::NotObjected,
        Self::Objected,
        Self::Ended,
        Self::OnPaper,
        Self::ByVoice,
    ];

    /// Its name in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Lapsed => "lapsed",
            Self::Imported => "imported",
            Self::Unproven => "unproven",
            Self::NotObjected => "not_objected",
            Self::Objected => "objected",
            Self::Ended => "ended",
            Self::OnPaper => "given_on_paper",
            Self::ByVoice => "given_by_voice",
        }
    }

    /// Its byte in a key. Part of the file format.
    const fn byte(self) -> u8 {
        match self {
            Self::Given => 1,
            Self::Refused => 2,
            Self::Withdrawn => 3,
            Self::Expired => 4,
            Self::Requested => 5,
            Self::Confirmed => 6,
            Self::Lapsed => 7,
            Self::Imported => 8,
            Self::Unproven => 9,
            Self::NotObjected => 10,
            Self::Objected => 11,
            Self::Ended => 12,
            Self::OnPaper => 20,
            Self::ByVoice => 21,
        }
    }

    const fn of(act: Act, method: CollectionMethod, decided: Decided) -> Self {
        match decided {
            Decided::Given if matches!(act, Act::Confirmation) => Self::Confirmed,
            Decided::Given if matches!(act, Act::Import) => Self::Imported,
            Decided::Given if matches!(method, CollectionMethod::Paper) => Self::OnPaper,
            Decided::Given if matches!(method, CollectionMethod::Voice) => Self::ByVoice,
            Decided::Given => Self::Given,
            Decided::Unproven => Self::Unproven,
            Decided::Requested => Self::Requested,
            Decided::Lapsed => Self::Lapsed,
            Decided::NotGiven => Self::Refused,
            Decided::Withdrawn => Self::Withdrawn,
            Decided::Expired => Self::Expired,
            Decided::NotObjected => Self::NotObjected,
            Decided::Objected => Self::Objected,
            Decided::Ended => Self::Ended,
        }
    }
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Days since 1970-01-01, in UTC.
    pub day: u32,
    /// Of which purpose.
    pub purpose: PurposeId,
    /// On which form.
    pub form: FormId,
    /// In which language.
    pub language: Language,
    /// What happened.
    pub kind: Kind,
}

/// What a counter holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// All that ever was.
    pub all: u64,
    /// How many of them were of people who are erased since.
    pub gone: u64,
}

/// The keys of the counters that a receipt moves, one for each decision.
#[must_use]
pub fn counters(organisation: u32, receipt: &Receipt) -> Vec<Key> {
    let cell = |decision: &Decision| {
        let cell = Cell {
            day: day(receipt.at),
            purpose: decision.purpose.clone(),
            form: receipt.form.clone(),
            language: receipt.language,
            kind: Kind::of(receipt.act, receipt.method, decision.decided),
        };
        cell.key(organisation)
    };
    receipt.decisions.iter().map(cell).collect()
}

/// The day of a moment.
#[must_use]
pub fn day(at: Timestamp) -> u32 {
    u32::try_from(at.unix_seconds() / DAY_SECONDS).unwrap_or(u32::MAX)
}

/// The first moment of a day.
#[must_use]
pub fn start_of(day: u32) -> Timestamp {
    Timestamp::from_unix_seconds(i64::from(day) * DAY_SECONDS)
}

/// What the counters of some days lie in; the last day is included.
#[must_use]
pub fn days(organisation: u32, first: u32, last: u32) -> KeyRange {
    let at = |day: u32| [keys::organisation(organisation), day.to_be_bytes()].concat();
    KeyRange::between(at(first), at(last.saturating_add(1)))
}

impl Cell {
    /// Where it is stored: the day comes first, so that what is counted together lies together.
    #[must_use]
    pub fn key(&self, organisation: u32) -> Key {
        let (purpose, form) = (self.purpose.as_str().as_bytes(), self.form.as_str().as_bytes());
        let language = self.language.tag().as_bytes();
        let mut key = Vec::with_capacity(8 + purpose.len() + form.len() + language.len() + 4);
        key.extend(keys::organisation(organisation));
        key.extend(self.day.to_be_bytes());
        for name in [purpose, form, language] {
            key.extend(name);
            key.push(0);
        }
        key.push(self.kind.byte());
        key
    }

    /// Reads a key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] for one that is none of ours.
    pub fn read(key: &[u8]) -> Result<Self, StoreError> {
        Self::parse(key).ok_or_else(|| StoreError::Corrupt("a counter's key is not what was written".into()))
    }

    fn parse(key: &[u8]) -> Option<Self> {
        let (_organisation, rest) = key.split_first_chunk::<4>()?;
        let (day, rest) = rest.split_first_chunk::<4>()?;
        let mut parts = rest.split(|byte| *byte == 0).map(|part| std::str::from_utf8(part).ok());
        let mut next = || parts.next().flatten();
        let purpose = PurposeId::parse(next()?).ok()?;
        let form = FormId::parse(next()?).ok()?;
        let tag = next()?;
        let language = Language::ALL.into_iter().find(|language| language.tag() == tag)?;
        let byte = next()?;
        let kind = Kind::ALL.into_iter().find(|kind| [kind.byte()] == byte.as_bytes())?;
        parts.next().is_none().then_some(Self {
            day: u32::from_be_bytes(*day),
            purpose,
            form,
            language,
            kind,
        })
    }
}

impl Count {
    /// Its bytes.
    #[must_use]
    pub fn encode(self) -> Vec<u8> {
        [self.all.to_be_bytes(), self.gone.to_be_bytes()].concat()
    }

    /// Reads a row.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] for anything but 16 bytes.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        let whole: [u8; 16] =
            row.try_into().map_err(|_| StoreError::Corrupt("a counter is not what was written".into()))?;
        let half = |from: usize| u64::from_be_bytes(std::array::from_fn(|at| whole[from + at]));
        Ok(Self { all: half(0), gone: half(8) })
    }

    /// How many stored receipts it speaks of.
    #[must_use]
    pub const fn stored(self) -> u64 {
        self.all.saturating_sub(self.gone)
    }
}

/// A counter as it is stored now, none where nothing was counted yet.
///
/// # Errors
///
/// What the store says.
pub fn read(snapshot: &dyn Snapshot, key: &[u8]) -> Result<Option<Count>, StoreError> {
    snapshot.get(Space::Tally, key)?.as_deref().map(Count::decode).transpose()
}

/// Moves counts to "gone" in a batch that no sequencer sees.
///
/// # Errors
///
/// What the store says.
pub fn take_away(snapshot: &dyn Snapshot, gone: &[Key], rows: &mut Batch) -> Result<(), StoreError> {
    let mut keys: Vec<&Key> = gone.iter().collect();
    keys.sort_unstable();
    for same in keys.chunk_by(|one, other| one == other) {
        let before = read(snapshot, same[0])?.unwrap_or_default();
        let after = Count { gone: before.gone + same.len() as u64, ..before };
        rows.put(Space::Tally, same[0].clone(), after.encode());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_counter_reads_back_and_lies_within_its_day(
            day in 0_u32..60_000, purpose in "[a-z]{1,40}", form in "[a-z0-9]{1,40}",
            kind in proptest::sample::select(&Kind::ALL[..]),
            language in proptest::sample::select(&Language::ALL[..]),
            all: u64, gone: u64,
        ) {
            let (purpose, form) = (PurposeId::parse(&purpose).unwrap(), FormId::parse(&form).unwrap());
            let cell = Cell { day, purpose, form, language, kind };
            let key = cell.key(7);
            prop_assert_eq!(Cell::read(&key), Ok(cell));
            let range = days(7, day, day);
            prop_assert!(range.from() <= &key[..] && &key[..] < range.until().unwrap());
            let count = Count { all, gone };
            prop_assert_eq!(Count::decode(&count.encode()), Ok(count));
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = (Cell::read(&bytes), Count::decode(&bytes));
        }
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        let noon = Timestamp::parse("2026-11-24T12:00:00Z").unwrap();
        assert_eq!(start_of(day(noon)).to_string(), "2026-11-24T00:00:00Z");
        let last = Timestamp::parse("2026-11-24T23:59:59Z").unwrap();
        assert_eq!((day(noon), day(last) + 1), (day(last), day(last.plus_seconds(1))));
    }
}
