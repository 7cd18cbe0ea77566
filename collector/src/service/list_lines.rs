//! How a list looks: JSON Lines for programs, CSV for spreadsheets and newsletter tools.
//!
//! In scope: the bytes of a line, and of the end. Out of scope: who is on the list (`service::lists`).
//!
//! Invariant: no cell of the CSV begins with a character by which a spreadsheet would take it for a formula, but the `+` of a phone
//! number, behind which there are digits and nothing else.

use std::borrow::Cow;
use std::str::FromStr;

use csv::{Terminator, WriterBuilder};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::json;
use shared::ids::{MailingId, ReceiptId};
use shared::purpose::Basis;
use shared::time::Timestamp;

use super::lists::Listed;

/// A form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A JSON object on each line, and a last one with `end`.
    Lines,
    /// RFC 4180, with a line of names.
    Csv,
}

impl Format {
    /// Its name, on the command line and on the control socket.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lines => "jsonl",
            Self::Csv => "csv",
        }
    }
}

impl FromStr for Format {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = [Self::Lines, Self::Csv].into_iter().find(|format| format.name() == text);
        known.ok_or("expected jsonl or csv")
    }
}

/// The names of the columns.
const COLUMNS: [&str; 11] = [
    "email",
    "phone",
    "name",
    "address",
    "language",
    "receipt",
    "since",
    "until",
    "manage_url",
    "unsubscribe_url",
    "basis",
];

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    language: &'static str,
    receipt: ReceiptId,
    since: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    manage_url: &'a str,
    unsubscribe_url: &'a str,
    basis: Basis,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<Headers<'a>>,
}

/// What goes into the head of a message to somebody, so that their mail program offers one click (RFC 8058 §3.1).
struct Headers<'a> {
    unsubscribe_url: &'a str,
    unsubscribe_mail: Option<&'a str>,
}

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut headers = serializer.serialize_map(Some(2))?;
        let mail = self.unsubscribe_mail.map(|mail| format!(", <{mail}>")).unwrap_or_default();
        headers.serialize_entry("List-Unsubscribe", &format!("<{}>{mail}", self.unsubscribe_url))?;
        headers.serialize_entry("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?;
        headers.end()
    }
}

/// Writes lines, one piece after another.
pub struct Lines {
    format: Format,
    begun: bool,
}

impl Lines {
    /// Nothing is written yet.
    #[must_use]
    pub const fn new(format: Format) -> Self {
        Self { format, begun: false }
    }

    /// Some people.
    #[must_use]
    pub fn people(&mut self, people: &[Listed]) -> Vec<u8> {
        match self.format {
            Format::Lines => lines(people),
            Format::Csv => self.csv(people),
        }
    }

    /// What stands behind the last of them: in CSV nothing, since every line of it is a person.
    #[must_use]
    pub fn end(&mut self, people: u64, mailing: Option<MailingId>) -> Vec<u8> {
        match (self.format, mailing) {
            (Format::Csv, _) => self.csv(&[]),
            (Format::Lines, None) => line(&json!({"end": true, "people": people})),
            (Format::Lines, Some(mailing)) => {
                line(&json!({"end": true, "people": people, "mailing": mailing.to_string()}))
            }
        }
    }

    fn csv(&mut self, people: &[Listed]) -> Vec<u8> {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        // Writing to memory cannot fail, and every row has the same number of cells.
        if !std::mem::replace(&mut self.begun, true) {
            let _ = writer.write_record(COLUMNS);
        }
        for listed in people {
            let line = of(listed);
            let until = line.until.map(|until| until.to_string()).unwrap_or_default();
            let (receipt, since) = (line.receipt.to_string(), line.since.to_string());
            let [email, name, address] =
                [line.email, line.name, line.address].map(|text| cell(text.unwrap_or_default()));
            let _ = writer.write_record([
                &*email,
                line.phone.unwrap_or_default(),
                &*name,
                &*address,
                line.language,
                &receipt,
                &since,
                &until,
                line.manage_url,
                line.unsubscribe_url,
                name_of(line.basis),
            ]);
        }
        writer.into_inner().unwrap_or_default()
    }
}

fn of(listed: &Listed) -> Line<'_> {
    Line {
        email: listed.contact.email.as_ref().map(|email| email.as_str()),
        phone: listed.contact.phone.as_ref().map(|phone| phone.as_str()),
        name: listed.contact.name.as_ref().map(|name| name.as_str()),
        address: listed.contact.address.as_ref().map(|address| address.as_str()),
        language: listed.language.tag(),
        receipt: listed.receipt,
        since: listed.since,
        until: listed.until,
        manage_url: &listed.manage_url,
        unsubscribe_url: &listed.unsubscribe_url,
        basis: listed.basis,
        headers: listed.contact.email.as_ref().map(|_| Headers {
            unsubscribe_url: &listed.unsubscribe_url,
            unsubscribe_mail: listed.unsubscribe_mail.as_deref(),
        }),
    }
}

const fn name_of(basis: Basis) -> &'static str {
    match basis {
        Basis::Consent => "consent",
        Basis::SoftOptIn => "soft_opt_in",
    }
}

fn lines(people: &[Listed]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(people.len() * 256);
    for listed in people {
        // Writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut bytes, &of(listed));
        bytes.push(b'\n');
    }
    bytes
}

fn line(value: &serde_json::Value) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

/// A text as a cell that no spreadsheet reads as a formula: an apostrophe goes before what would make it one
/// (ASVS 5.0 §1.2.10).
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\0') => format!("'{text}").into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::Language;
    use shared::contact::{Contact, EmailAddress, PersonName, PhoneNumber, PostalAddress};

    fn listed(email: &str, name: &str, address: &str) -> Listed {
        let contact = Contact {
            email: EmailAddress::parse(email).ok(),
            phone: PhoneNumber::parse("+31612345678", None).ok(),
            name: PersonName::parse(name).ok(),
            address: PostalAddress::parse(address).ok(),
        };
        Listed {
            contact,
            language: Language::Nl,
            receipt: ReceiptId::from_bytes([0; 16]),
            basis: Basis::Consent,
            since: Timestamp::from_unix_seconds(0),
            until: None,
            manage_url: "https://c.example/m/A".into(),
            unsubscribe_url: "https://c.example/u/B".into(),
            unsubscribe_mail: Some("mailto:stop@c.example?subject=B".into()),
        }
    }

    #[test]
    fn a_list_has_a_line_of_names_once_and_its_cells_are_no_formulas() {
        let mut lines = Lines::new(Format::Csv);
        let first = lines.people(&[listed("-eva@voorbeeld.example", "=1+1", "@straat 1\nDorp, \"de\"")]);
        let text = String::from_utf8(first).unwrap();
        assert_eq!(
            text,
            "email,phone,name,address,language,receipt,since,until,manage_url,unsubscribe_url,basis\r\n\
             '-eva@voorbeeld.example,+31612345678,'=1+1,\"'@straat 1\nDorp, \"\"de\"\"\",nl,00000000-0000-0000-0000-000000000000,\
             1970-01-01T00:00:00Z,,https://c.example/m/A,https://c.example/u/B,consent\r\n"
        );
        assert_eq!(
            lines.people(&[listed("a@b.example", "", "")]).iter().filter(|byte| **byte == b'\n').count(),
            1
        );
        assert!(lines.end(2, None).is_empty());
        assert!(
            Lines::new(Format::Csv).end(0, None).starts_with(b"email,"),
            "an empty list has its names too"
        );
    }

    #[test]
    fn json_lines_end_with_how_many_they_were() {
        let mut lines = Lines::new(Format::Lines);
        let people = lines.people(&[listed("a@b.example", "A", "")]);
        let line: serde_json::Value = serde_json::from_slice(&people).unwrap();
        assert_eq!(
            (&line["email"], &line["name"], line.get("address")),
            (&json!("a@b.example"), &json!("A"), None)
        );
        assert_eq!(
            line["headers"]["List-Unsubscribe"],
            "<https://c.example/u/B>, <mailto:stop@c.example?subject=B>"
        );
        assert_eq!(line["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
        assert_eq!(lines.end(1, None), b"{\"end\":true,\"people\":1}\n");
        let mailing = MailingId::from_bytes([0; 16]);
        assert!(String::from_utf8(lines.end(1, Some(mailing))).unwrap().contains("\"mailing\":\"00"));
    }

    proptest! {
        #[test]
        fn whatever_is_in_a_cell_comes_back_but_for_the_apostrophe(text in any::<String>()) {
            let cell = cell(&text);
            let first = cell.chars().next();
            prop_assert!(!matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\0')));
            prop_assert!(*cell == text || cell[1..] == text);
        }
    }
}
