//! A moment, as whole seconds since 1970-01-01T00:00:00Z.
//!
//! In scope: the type and its RFC 3339 text. Out of scope: reading a clock; moments come in as arguments.
//!
//! Invariant: a moment lies between the years 1970 and 9999, so that its text has one form and one length.

use core::fmt;

/// The last second that RFC 3339 can write with four digits of year.
const LAST_SECOND: i64 = 253_402_300_799;

/// A moment in UTC, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Takes Unix seconds, held within 1970 to 9999.
    #[must_use]
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(0, LAST_SECOND))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The moment `seconds` later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix_seconds(self.0.saturating_add(seconds))
    }
}

#[cfg(feature = "evidence")]
impl Timestamp {
    /// Reads the one form that we write: `2026-11-23T12:00:00Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let seconds = text.parse::<jiff::Timestamp>().ok()?.as_second();
        let moment = Self::from_unix_seconds(seconds);
        (alloc::string::ToString::to_string(&moment) == text).then_some(moment)
    }

    /// The same day and time of day a number of calendar months later, in UTC.
    ///
    /// The 31st becomes the last day of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: u16) -> Self {
        use jiff::ToSpan;
        let moment = self.civil().checked_add(i64::from(months).months());
        let utc = moment.ok().and_then(|moment| jiff::tz::TimeZone::UTC.to_timestamp(moment).ok());
        Self::from_unix_seconds(utc.map_or(LAST_SECOND, |moment| moment.as_second()))
    }

    /// Year, month and day in UTC, for texts that people read.
    #[must_use]
    pub fn date(self) -> (i16, u8, u8) {
        let civil = self.civil();
        (civil.year(), civil.month().unsigned_abs(), civil.day().unsigned_abs())
    }

    fn civil(self) -> jiff::civil::DateTime {
        let moment = jiff::Timestamp::from_second(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        jiff::tz::TimeZone::UTC.to_datetime(moment)
    }
}

#[cfg(feature = "evidence")]
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )
    }
}

#[cfg(not(feature = "evidence"))]
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(feature = "evidence")]
impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "evidence")]
impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected a UTC time to the second"))
    }
}

#[cfg(all(test, feature = "evidence"))]
mod tests {
    use super::Timestamp;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn months_are_calendar_months() {
        let at = Timestamp::parse("2026-08-31T12:00:00Z").unwrap();
        assert_eq!(at.plus_months(6).to_string(), "2027-02-28T12:00:00Z");
        assert_eq!(at.plus_months(24).to_string(), "2028-08-31T12:00:00Z");
    }

    #[test]
    fn only_our_own_spelling_is_read() {
        for bad in ["2026-08-31T12:00:00+00:00", "2026-08-31T12:00:00.5Z", "2026-08-31 12:00:00Z", "", "now"]
        {
            assert_eq!(Timestamp::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_moment_reads_back(seconds in 0..=super::LAST_SECOND) {
            let at = Timestamp::from_unix_seconds(seconds);
            prop_assert_eq!(Timestamp::parse(&at.to_string()), Some(at));
        }
    }
}
