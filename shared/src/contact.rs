//! Contact data that a person types in, and the canonical form used to find it again.
//!
//! In scope: parsing with bounds. Out of scope: sealing and look-up keys (collector `seal`).
//!
//! Invariant: a value here has no control characters, so it can go into a mail header or a CSV cell without
//! starting a new one, and its `Debug` never shows it.

use alloc::string::{String, ToString};
use core::fmt;

use crate::limits::{
    ADDRESS_BYTES_MAX, EMAIL_BYTES_MAX, EMAIL_LOCAL_BYTES_MAX, NAME_BYTES_MAX, PHONE_CHARS_MAX,
};
use crate::purpose::ContactField;
use crate::refusal::Refusal;

/// An e-mail address that a mail server would take (RFC 5321 §4.1.2, without quoted local parts).
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address; spaces around it are dropped, letters stay as typed.
    ///
    /// # Errors
    ///
    /// [`Refusal::ContactInvalid`] when it cannot be an address.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim_matches([' ', '\t']);
        let (local, domain) = text.rsplit_once('@').ok_or(INVALID_EMAIL)?;
        let fits = text.len() <= EMAIL_BYTES_MAX && is_local_part(local) && is_domain(domain);
        if fits { Ok(Self(text.into())) } else { Err(INVALID_EMAIL) }
    }

    /// The address as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which the address is looked up: all lower case.
    ///
    /// Mailboxes that differ in case only are one person's in practice, and treating them as one errs to the
    /// side of stopping mail.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.0.to_lowercase()
    }
}

const INVALID_EMAIL: Refusal = Refusal::ContactInvalid(ContactField::Email);

fn is_local_part(local: &str) -> bool {
    let allowed = |c: char| {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || is_letter_beyond_ascii(c)
    };
    (1..=EMAIL_LOCAL_BYTES_MAX).contains(&local.len())
        && local.chars().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || is_letter_beyond_ascii(c))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

/// RFC 6531 allows letters of other scripts; invisible and control characters are not letters.
fn is_letter_beyond_ascii(c: char) -> bool {
    !c.is_ascii() && c.is_alphanumeric()
}

/// A phone number in the international form (ITU-T E.164): `+` and at most fifteen digits.
///
/// Whether anybody answers is not known, nor whether it can get text messages; a list of all countries' numbers would be out of date
/// soon.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number: `+` or `00` and a country's code, or as it is dialled within the controller's country (ISO 3166-1 alpha-2),
    /// where that dials a `0` first. Spaces, dots, hyphens, strokes and brackets are dropped; so is a `(0)` behind a country's code.
    ///
    /// # Errors
    ///
    /// [`Refusal::ContactInvalid`] when it cannot be a number, or its country is not known.
    pub fn parse(text: &str, country: Option<&str>) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.chars().count() > PHONE_CHARS_MAX {
            return Err(INVALID_PHONE);
        }
        let begins_abroad = text.starts_with('+') || text.starts_with("00");
        let text = if begins_abroad { text.replacen("(0)", "", 1) } else { text.into() };
        let mut digits = String::with_capacity(text.len());
        for (place, c) in text.chars().enumerate() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if place == 0 => {}
                ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2013}' => {}
                _ => return Err(INVALID_PHONE),
            }
        }
        let number = match digits.strip_prefix("00") {
            _ if text.starts_with('+') => digits,
            Some(abroad) => abroad.into(),
            None => {
                let own = digits.strip_prefix('0').ok_or(INVALID_PHONE)?;
                let code = country.and_then(dials_zero).ok_or(INVALID_PHONE)?;
                alloc::format!("{code}{own}")
            }
        };
        let fits = PHONE_DIGITS.contains(&number.len()) && !number.starts_with('0');
        if fits { Ok(Self(alloc::format!("+{number}"))) } else { Err(INVALID_PHONE) }
    }

    /// The number in the international form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const INVALID_PHONE: Refusal = Refusal::ContactInvalid(ContactField::Phone);

/// E.164 allows fifteen; the shortest that anybody has are the seven of the smallest countries.
const PHONE_DIGITS: core::ops::RangeInclusive<usize> = 7..=15;

/// The code of a country within which numbers begin with a `0` that is not dialled from abroad (ITU-T E.164, list of trunk prefixes).
/// In other countries a number that is typed must begin with `+` or `00`.
fn dials_zero(country: &str) -> Option<&'static str> {
    Some(match country {
        "AT" => "43",
        "BE" => "32",
        "BG" => "359",
        "CH" => "41",
        "DE" => "49",
        "FI" => "358",
        "FR" => "33",
        "GB" => "44",
        "HR" => "385",
        "IE" => "353",
        "NL" => "31",
        "RO" => "40",
        "SE" => "46",
        "SI" => "386",
        "SK" => "421",
        _ => return None,
    })
}

macro_rules! free_text {
    ($(#[$doc:meta])* $name:ident, $field:expr, $limit:expr, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Reads the text; spaces around it are dropped.
            ///
            /// # Errors
            ///
            /// [`Refusal::ContactInvalid`] when it is empty, too long, or holds control characters.
            pub fn parse(text: &str) -> Result<Self, Refusal> {
                let text = text.trim().replace("\r\n", "\n");
                let allowed = |c: char| $allowed(c) || !(c.is_control() || is_invisible(c));
                let fits = !text.is_empty() && text.len() <= $limit && text.chars().all(allowed);
                if fits { Ok(Self(text)) } else { Err(Refusal::ContactInvalid($field)) }
            }

            /// The text as typed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

free_text! {
    /// A person's name, as they write it.
    PersonName, ContactField::Name, NAME_BYTES_MAX, |_| false
}
free_text! {
    /// A postal address; line breaks are part of it.
    PostalAddress, ContactField::Address, ADDRESS_BYTES_MAX, |c| c == '\n'
}

/// Line and paragraph separators and direction overrides can forge the look of a line.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

macro_rules! silent_debug {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(sealed)"))
            }
        }
    )*};
}

silent_debug!(EmailAddress, PhoneNumber, PersonName, PostalAddress);

/// The contact data of one person, as far as the ticked purposes need it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// Name.
    pub name: Option<PersonName>,
    /// Postal address.
    pub address: Option<PostalAddress>,
}

impl Contact {
    /// Whether nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.email.is_none() && self.phone.is_none() && self.name.is_none() && self.address.is_none()
    }

    /// Whether a field was given.
    #[must_use]
    pub fn has(&self, field: ContactField) -> bool {
        match field {
            ContactField::Email => self.email.is_some(),
            ContactField::Phone => self.phone.is_some(),
            ContactField::Name => self.name.is_some(),
            ContactField::Address => self.address.is_some(),
        }
    }

    /// The e-mail address with all but first letters hidden: enough to recognise one's own, useless to others.
    #[must_use]
    pub fn masked_email(&self) -> Option<String> {
        let (local, domain) = self.email.as_ref()?.as_str().rsplit_once('@')?;
        let (name, top) = domain.rsplit_once('.')?;
        let first = |text: &str| text.chars().next().map(|c| c.to_string()).unwrap_or_default();
        Some(alloc::format!("{}•••@{}•••.{top}", first(local), first(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    #[test]
    fn addresses_that_mail_servers_take_are_taken() {
        for good in
            ["a@b.nl", "  jan.de-vries+kaas@mail.example.org ", "josé@bücher.example", "o'brien@a.b.c"]
        {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for bad in [
            "",
            "a",
            "@b.nl",
            "a@",
            "a@b",
            "a@b..nl",
            ".a@b.nl",
            "a.@b.nl",
            "a..b@b.nl",
            "a@-b.nl",
            "a b@c.nl",
            "a@b.nl\r\nBcc: x@y.nl",
            "a@b.nl\n",
            "a\0@b.nl",
            "a@b.nl, c@d.nl",
            "<a@b.nl>",
            "a\u{202e}@b.nl",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(INVALID_EMAIL), "{bad:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@b.nl", "x".repeat(65))).is_err());
        assert!(EmailAddress::parse(&format!("a@{}.nl", "x.".repeat(130))).is_err());
    }

    #[test]
    fn a_name_is_one_line_and_an_address_may_have_several() {
        assert!(PersonName::parse("Jan\nBcc: x").is_err());
        assert_eq!(
            PostalAddress::parse("Dorpsstraat 1\r\n1234 AB Dorp").unwrap().as_str(),
            "Dorpsstraat 1\n1234 AB Dorp"
        );
        assert!(PostalAddress::parse("a\u{2028}b").is_err());
    }

    #[test]
    fn a_phone_number_is_read_as_it_is_written_and_kept_as_it_is_dialled_from_anywhere() {
        for (typed, country, kept) in [
            ("06 12 34 56 78", Some("NL"), "+31612345678"),
            ("06-12345678", Some("NL"), "+31612345678"),
            ("0182 - 55 55 55", Some("NL"), "+31182555555"),
            ("+31 (0)6 1234 5678", None, "+31612345678"),
            ("0031 6 12345678", None, "+31612345678"),
            ("(0470) 12.34.56", Some("BE"), "+32470123456"),
            ("030/123456", Some("DE"), "+4930123456"),
            ("+34 612 345 678", Some("NL"), "+34612345678"),
        ] {
            assert_eq!(PhoneNumber::parse(typed, country).unwrap().as_str(), kept, "{typed}");
        }
        for (bad, country) in [
            ("", Some("NL")),
            ("12345678", Some("NL")),
            ("0612345678", None),
            ("0612345678", Some("ES")),
            ("+0612345678", Some("NL")),
            ("+31612", Some("NL")),
            ("+3161234567890123", Some("NL")),
            ("06 1234 5678 thuis", Some("NL")),
            ("06+12345678", Some("NL")),
            ("0612345678\n", None),
            ("=0612345678", Some("NL")),
        ] {
            assert_eq!(PhoneNumber::parse(bad, country), Err(INVALID_PHONE), "{bad:?}");
        }
        assert!(PhoneNumber::parse(&"0".repeat(500), Some("NL")).is_err());
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        let contact = Contact { email: EmailAddress::parse("jan@example.org").ok(), ..Contact::default() };
        assert!(!format!("{contact:?}").contains("jan"));
        assert_eq!(contact.masked_email().unwrap(), "j•••@e•••.org");
    }

    proptest! {
        #[test]
        fn a_number_that_is_kept_is_a_plus_and_digits_and_reads_back(text in "[+0-9() ./-]{0,40}") {
            if let Ok(phone) = PhoneNumber::parse(&text, Some("NL")) {
                let digits = phone.as_str().strip_prefix('+').unwrap();
                prop_assert!(digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit()));
                prop_assert_eq!(PhoneNumber::parse(phone.as_str(), None), Ok(phone));
            }
        }

        #[test]
        fn nothing_accepted_can_start_a_new_header(text in ".{0,300}") {
            if let Ok(email) = EmailAddress::parse(&text) {
                prop_assert!(!email.as_str().chars().any(char::is_control));
                prop_assert!(EmailAddress::parse(&email.canonical()).is_ok() || !email.as_str().is_ascii());
            }
        }
    }
}
