//! The erasure journal: who was erased, in a file beside the store.
//!
//! A backup of the store from before an erasure still has the person. Whoever puts it back replays this file, so that
//! nobody comes back with a backup. It is kept and copied apart from the store, beside the keys.
//!
//! In scope: one line per person, pseudonyms only. Out of scope: erasing (`service::erase`), replaying (`cli::restore`).
//!
//! Invariant: a line is on disk before the person is erased in the store; a line that was cut off by a crash is no line.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use shared::ids::{OrganisationId, SubjectId};
use shared::time::Timestamp;

/// One erased person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// When it was asked.
    pub at: Timestamp,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// Who: a pseudonym.
    pub subject: SubjectId,
}

/// The file.
pub struct Journal {
    path: PathBuf,
    writing: Mutex<()>,
}

impl Journal {
    /// The journal of a data folder; the file comes with its first line.
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Self { path: data.join("erasures.log"), writing: Mutex::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line, and returns when it is on disk.
    ///
    /// # Errors
    ///
    /// What the system says; then the line may be there or not.
    pub fn add(&self, erased: &Erased) -> io::Result<()> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut options = OpenOptions::new();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&self.path)?;
        let mut line = serde_json::to_string(erased)?;
        line.push('\n');
        let whole = whole_lines(&mut file)?;
        file.set_len(whole)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        // The file's name must be on disk too.
        self.path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }

    /// Everybody who was erased, oldest first; nobody where there is no file.
    ///
    /// # Errors
    ///
    /// What the system says, or that a line is not one of ours.
    pub fn read(&self) -> io::Result<Vec<Erased>> {
        let text = match std::fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read?,
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let line = |line: &str| serde_json::from_str(line).map_err(io::Error::from);
        whole.lines().map(line).collect()
    }
}

/// Longer than any line.
const LINE_BYTES_MAX: u64 = 4_096;

/// How many bytes there are up to the last line feed.
fn whole_lines(file: &mut File) -> io::Result<u64> {
    let start = file.metadata()?.len().saturating_sub(LINE_BYTES_MAX);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.read_to_end(&mut tail)?;
    Ok(tail.iter().rposition(|byte| *byte == b'\n').map_or(start, |end| start + end as u64 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(number: u8) -> Erased {
        Erased {
            at: Timestamp::from_unix_seconds(1_800_000_000),
            organisation: OrganisationId::parse("kaas").unwrap(),
            subject: SubjectId::from_time_and_bits(1, [number; 10]),
        }
    }

    #[test]
    fn lines_come_back_and_half_a_line_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path());
        assert_eq!(journal.read().unwrap(), []);
        journal.add(&erased(1)).unwrap();
        let mut file = OpenOptions::new().append(true).open(journal.path()).unwrap();
        file.write_all(b"{\"at\":\"2027-01-").unwrap();
        assert_eq!(journal.read().unwrap(), [erased(1)]);
        journal.add(&erased(2)).unwrap();
        assert_eq!(journal.read().unwrap(), [erased(1), erased(2)]);
    }

    #[test]
    fn a_line_that_is_not_ours_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path());
        std::fs::write(journal.path(), "{\"who\":\"somebody\"}\n").unwrap();
        assert!(journal.read().is_err());
    }
}
