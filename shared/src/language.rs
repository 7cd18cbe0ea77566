//! The languages that Vinkje speaks.
//!
//! In scope: the closed list, its BCP 47 tags and writing direction, and the choice for a visitor.
//! Out of scope: the texts themselves (`widget::text` for controls, the notice for the wording).
//!
//! Invariant: every language here has every text that visitors read; a new one does not compile until it has.

use alloc::vec::Vec;

/// A language in which a form, a receipt and a mail can be shown.
///
/// A closed list, so that a missing text is a compile error and not a gap on somebody's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Language {
    /// Dutch, the first language of the product.
    Nl,
    /// English.
    En,
    /// Arabic, from right to left.
    Ar,
}

impl Language {
    /// All languages, in the order in which a switch shows them.
    pub const ALL: [Self; 3] = [Self::Nl, Self::En, Self::Ar];

    /// The BCP 47 tag, for `lang` attributes and signed records.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
            Self::Ar => "ar",
        }
    }

    /// The language's name in itself, for a switch.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Nl => "Nederlands",
            Self::En => "English",
            Self::Ar => "العربية",
        }
    }

    /// The value of the HTML `dir` attribute.
    #[must_use]
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Nl | Self::En => "ltr",
            Self::Ar => "rtl",
        }
    }

    /// The language for who runs an organisation or checks its evidence: Dutch or English. What visitors read exists in
    /// every language; what owners read, in these two.
    #[must_use]
    pub const fn for_owners(self) -> Self {
        match self {
            Self::Nl => Self::Nl,
            Self::En | Self::Ar => Self::En,
        }
    }

    /// Reads a BCP 47 tag; regional variants (`nl-BE`) count as their language.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// The visitor's best language out of `offered`, from an `Accept-Language` value (RFC 9110 §12.5.4).
    ///
    /// Falls back to the first one offered, and to Dutch when nothing is offered.
    #[must_use]
    pub fn negotiate(accept: &str, offered: &[Self]) -> Self {
        let mut wishes: Vec<(u16, Self)> = accept.split(',').take(16).filter_map(wish).collect();
        // A stable sort keeps the visitor's own order among equal weights.
        wishes.sort_by_key(|(weight, _)| core::cmp::Reverse(*weight));
        wishes
            .into_iter()
            .map(|(_, language)| language)
            .find(|language| offered.contains(language))
            .or_else(|| offered.first().copied())
            .unwrap_or(Self::Nl)
    }
}

/// One member of `Accept-Language`: weight in thousandths, and language; `q=0` means "not this one".
fn wish(member: &str) -> Option<(u16, Language)> {
    let mut parts = member.split(';');
    let language = Language::parse(parts.next()?.trim())?;
    let weight = match parts.next().and_then(|part| part.trim().strip_prefix("q=")) {
        None => 1000,
        Some(q) => thousandths(q)?,
    };
    (weight > 0).then_some((weight, language))
}

fn thousandths(q: &str) -> Option<u16> {
    let (whole, fraction) = q.split_once('.').unwrap_or((q, ""));
    let whole: u16 = whole.parse().ok()?;
    let digits = fraction.get(..fraction.len().min(3))?;
    let scale = [1000, 100, 10, 1][digits.len()];
    let fraction: u16 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    Some((whole.min(1) * 1000 + fraction * scale).min(1000))
}

#[cfg(test)]
mod tests {
    use super::Language::{self, Ar, En, Nl};

    #[track_caller]
    fn check(accept: &str, expected: Language) {
        assert_eq!(Language::negotiate(accept, &[Nl, En]), expected, "{accept:?}");
    }

    #[test]
    fn the_visitors_order_and_weights_decide() {
        check("en-GB,nl;q=0.8", En);
        check("de, nl;q=0.5, en;q=0.9", En);
        check("en;q=0, nl;q=0.1", Nl);
        check("nl-BE", Nl);
        assert_eq!(Language::negotiate("ar-MA, nl;q=0.5", &Language::ALL), Ar);
        check("ar-MA, en;q=0.5", En);
    }

    #[test]
    fn nonsense_falls_back_to_the_first_language_of_the_form() {
        check("", Nl);
        check("xx;q=abc,;;,", Nl);
        check("en;q=é", Nl);
        assert_eq!(Language::negotiate("", &[En]), En);
    }
}
