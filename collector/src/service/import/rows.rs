//! Reading a list: a CSV file, row by row, whatever is in it.
//!
//! In scope: separators, columns, cells, and what is wrong with a row. Out of scope: what is known of its address (`import`).
//!
//! Invariant: every row that is in the file is given, with what is wrong with it if it cannot be read; no cell is longer than
//! its limit, and none is repeated in what is wrong with the file.

use std::net::IpAddr;

use csv::{ByteRecord, Reader, ReaderBuilder};
use serde::{Deserialize, Serialize};
use shared::contact::EmailAddress;
use shared::import::{Fate, read_date};
use shared::limits::{
    IMPORT_BYTES_MAX, IMPORT_COLUMNS_MAX, IMPORT_REFERENCE_BYTES_MAX, IMPORT_ROW_BYTES_MAX, IMPORT_ROWS_MAX,
};
use shared::time::Timestamp;

use super::Settings;

/// What the columns are called that are used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The e-mail address.
    pub email: String,
    /// When the person agreed; no such column if there is none of this name.
    pub date: Option<String>,
    /// Where the organisation's own proof is.
    pub reference: Option<String>,
}

impl Default for Columns {
    fn default() -> Self {
        Self { email: "email".into(), date: None, reference: None }
    }
}

/// What is wrong with a whole file. It repeats nothing of the file: a first row that names no columns is a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Longer than a list may be.
    #[error("the file has more than {} MiB; split it", IMPORT_BYTES_MAX / 1024 / 1024)]
    TooLong,
    /// More rows than a list may have.
    #[error("the file has more than {IMPORT_ROWS_MAX} rows; split it")]
    TooManyRows,
    /// Nothing but a first row, or not even that.
    #[error("the file has no rows below its first, which names the columns")]
    Empty,
    /// The first row is no row of names.
    #[error("the first row must name the columns, in UTF-8, at most {IMPORT_COLUMNS_MAX} of them")]
    Names,
    /// A column is not there.
    #[error(
        "the first row must name the columns, and none is called `{0}`; say which it is with --columns, such as email=Adres"
    )]
    NoColumn(String),
    /// A column is there twice.
    #[error("two columns are called `{0}`; give one of them another name")]
    TwoColumns(String),
    /// Two ways to say when people agreed.
    #[error("the list has a column with dates, so --obtained cannot be the date of everybody")]
    TwoDates,
}

/// What a row says.
#[derive(Clone)]
pub struct Listed {
    /// Who.
    pub email: EmailAddress,
    /// When they agreed.
    pub claimed_at: Option<Timestamp>,
    /// Where the organisation's own proof is.
    pub reference: Option<String>,
}

/// A row.
pub struct Item {
    /// Its number; the first row, which names the columns, has number 1.
    pub row: u64,
    /// The cell with the address as it stands, for who made the file; empty where it cannot be read.
    pub email: String,
    /// What it says, or what is wrong with it.
    pub listed: Result<Listed, Fate>,
}

/// The rows of a file.
pub struct Rows<'a> {
    reader: Reader<&'a [u8]>,
    record: ByteRecord,
    row: u64,
    cells: usize,
    email: usize,
    date: Option<usize>,
    reference: Option<usize>,
    obtained: Option<Timestamp>,
    date_format: Option<&'a str>,
}

impl<'a> Rows<'a> {
    /// Reads the first row, and counts the others.
    ///
    /// # Errors
    ///
    /// A [`FileFault`].
    pub fn begin(file: &'a [u8], settings: &'a Settings) -> Result<Self, FileFault> {
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        if file.len() > IMPORT_BYTES_MAX {
            return Err(FileFault::TooLong);
        }
        let (mut reader, mut record) = (read(file), ByteRecord::new());
        next(&mut reader, &mut record);
        let names: Option<Vec<&str>> = record.iter().map(|cell| std::str::from_utf8(cell).ok()).collect();
        let names =
            names.filter(|names| (1..=IMPORT_COLUMNS_MAX).contains(&names.len())).ok_or(FileFault::Names)?;
        let columns = &settings.columns;
        let email =
            place(&names, &columns.email)?.ok_or_else(|| FileFault::NoColumn(columns.email.clone()))?;
        let date = optional(&names, columns.date.as_deref(), "date")?;
        let reference = optional(&names, columns.reference.as_deref(), "reference")?;
        if date.is_some() && settings.obtained.is_some() {
            return Err(FileFault::TwoDates);
        }
        let cells = names.len();
        let rows = count(&mut reader)?;
        if rows == 0 {
            return Err(FileFault::Empty);
        }
        let mut reader = read(file);
        next(&mut reader, &mut record);
        let (obtained, date_format) = (settings.obtained, settings.date_format.as_deref());
        Ok(Self { reader, record, row: 1, cells, email, date, reference, obtained, date_format })
    }

    /// How many rows are left.
    ///
    /// # Errors
    ///
    /// [`FileFault::TooManyRows`].
    pub fn count(mut self) -> Result<u64, FileFault> {
        count(&mut self.reader)
    }

    fn cell(&self, at: usize) -> Result<&str, Fate> {
        let cell = self.record.get(at).ok_or(Fate::CellsDiffer)?;
        let text = std::str::from_utf8(cell).map_err(|_| Fate::NotUtf8)?.trim();
        if text.contains(['\n', '\r']) { Err(Fate::LineBreak) } else { Ok(text) }
    }

    fn listed(&self) -> Result<Listed, Fate> {
        if self.record.as_slice().len() > IMPORT_ROW_BYTES_MAX {
            return Err(Fate::RowTooLong);
        }
        if self.record.len() != self.cells {
            return Err(Fate::CellsDiffer);
        }
        let email = self.cell(self.email)?;
        let [date, reference] = [self.date, self.reference].map(|at| at.map(|at| self.cell(at)).transpose());
        let (date, reference) = (date?.unwrap_or_default(), reference?.unwrap_or_default());
        if email.is_empty() {
            return Err(Fate::EmailMissing);
        }
        let email = EmailAddress::parse(email).map_err(|_| Fate::EmailInvalid)?;
        let claimed_at = match date {
            "" => self.obtained,
            date => Some(read_date(date, self.date_format).ok_or(Fate::DateInvalid)?),
        };
        let reference = match reference {
            "" => None,
            text if names_nobody(text) => Some(text.to_owned()),
            _ => return Err(Fate::ReferenceInvalid),
        };
        Ok(Listed { email, claimed_at, reference })
    }
}

impl Iterator for Rows<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if !next(&mut self.reader, &mut self.record) {
            return None;
        }
        self.row += 1;
        let email = self.cell(self.email).unwrap_or_default().chars().take(320).collect();
        Some(Item { row: self.row, email, listed: self.listed() })
    }
}

/// Every row is read, whatever its number of cells; the separator is the one that the first line has most of.
pub(crate) fn read(file: &[u8]) -> Reader<&[u8]> {
    let first = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = &first[..first.len().min(IMPORT_ROW_BYTES_MAX)];
    let often = |separator: u8| first.iter().filter(|byte| **byte == separator).count();
    // Of equals the last: a comma, where there is none of them.
    let separator = *b"\t;,".iter().max_by_key(|separator| often(**separator)).unwrap_or(&b',');
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(file)
}

/// Whether there is a next row. Bytes in memory that may have any number of cells give no other error.
fn next(reader: &mut Reader<&[u8]>, record: &mut ByteRecord) -> bool {
    reader.read_byte_record(record).unwrap_or(false)
}

fn count(reader: &mut Reader<&[u8]>) -> Result<u64, FileFault> {
    let (mut rows, mut record) = (0, ByteRecord::new());
    while next(reader, &mut record) {
        rows += 1;
        if rows > IMPORT_ROWS_MAX as u64 {
            return Err(FileFault::TooManyRows);
        }
    }
    Ok(rows)
}

/// Where a column is, whatever the case of its letters.
pub(crate) fn place(names: &[&str], wanted: &str) -> Result<Option<usize>, FileFault> {
    let is_it = |name: &&str| name.trim().to_lowercase() == wanted.trim().to_lowercase();
    let mut found = names.iter().enumerate().filter(|(_, name)| is_it(name)).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(FileFault::TwoColumns(wanted.into())),
        (found, None) => Ok(found),
    }
}

/// A column that was named must be there; its usual name may be.
fn optional(names: &[&str], named: Option<&str>, usual: &str) -> Result<Option<usize>, FileFault> {
    let found = place(names, named.unwrap_or(usual))?;
    match named {
        Some(named) if found.is_none() => Err(FileFault::NoColumn(named.into())),
        _ => Ok(found),
    }
}

/// A reference stands on a receipt, which others may see: it has no room for a name, an e-mail or an IP address.
pub(in crate::service) fn names_nobody(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.:/#".contains(c);
    text.len() <= IMPORT_REFERENCE_BYTES_MAX && text.chars().all(allowed) && text.parse::<IpAddr>().is_err()
}
