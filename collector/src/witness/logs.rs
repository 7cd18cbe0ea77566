//! Which logs a witness watches: a file of verifier keys, one a line.
//!
//! In scope: reading and adding. Out of scope: what was seen of them (`mod`).
//!
//! Invariant: a line is added whole or not at all; the file is read anew for each request, so that a log that was added
//! counts at once. To stop watching a log, take its line out.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use shared::log::NoteKey;
use shared::log::note::Kind;

use crate::store::redb::sync_folder_of;

/// Logs that one witness watches: the file is read for each request, and this many are read in a millisecond.
const LOGS_MAX: usize = 1_000;

/// Longest name of a log: a host, a port and a path, and a key in the store.
const ORIGIN_BYTES_MAX: usize = 320;

/// The file in a witness's folder.
#[must_use]
pub fn path(folder: &Path) -> PathBuf {
    folder.join("logs.txt")
}

/// The keys of a log; none when it is not watched.
///
/// # Errors
///
/// When the file cannot be read, or a line about this log is not a key.
pub fn keys_of(folder: &Path, origin: &str) -> Result<Vec<NoteKey>> {
    let own = |line: &&str| line.strip_prefix(origin).is_some_and(|rest| rest.starts_with('+'));
    let text = read(folder)?;
    let keys = text.lines().filter(own).map(|line| Ok(NoteKey::parse(line)?));
    keys.collect::<Result<_>>().with_context(|| format!("couldn't use {}", path(folder).display()))
}

/// Adds a log; `false` when it is there already.
///
/// # Errors
///
/// When the line is no key of a log, there are too many, or the file cannot be written.
pub fn add(folder: &Path, line: &str) -> Result<bool> {
    let key = NoteKey::parse(line.trim())?;
    ensure!(key.kind() == Kind::Log, "couldn't add the key: it is that of a witness, not of a log");
    let limit = key.name().len();
    ensure!(
        limit <= ORIGIN_BYTES_MAX,
        "couldn't add the log: its name is longer than {ORIGIN_BYTES_MAX} bytes"
    );
    let (mut text, line) = (read(folder)?, key.to_string());
    if text.lines().any(|known| known == line) {
        return Ok(false);
    }
    if text.lines().count() >= LOGS_MAX {
        bail!("couldn't add the log: this witness watches {LOGS_MAX} already");
    }
    text += &line;
    text.push('\n');
    replace(&path(folder), &text).with_context(|| format!("couldn't write {}", path(folder).display()))?;
    Ok(true)
}

fn read(folder: &Path) -> Result<String> {
    let path = path(folder);
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| format!("couldn't read {}", path.display())),
    }
}

/// Writes beside the file and puts the new one in its place.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = fs::File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_folder_of(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::LogKey;
    use ed25519_dalek::SigningKey;

    fn key(seed: u8, origin: &str) -> NoteKey {
        LogKey::new(SigningKey::from_bytes(&[seed; 32])).named(origin)
    }

    #[test]
    fn a_log_is_added_once_and_found_by_its_whole_name() {
        let folder = tempfile::tempdir().unwrap();
        let (kaas, longer) = (key(1, "c.example/log/kaas"), key(2, "c.example/log/kaas-en-wijn"));
        assert!(keys_of(folder.path(), "c.example/log/kaas").unwrap().is_empty());
        assert!(add(folder.path(), &format!("{kaas}\n")).unwrap());
        assert!(add(folder.path(), &longer.to_string()).unwrap());
        assert!(!add(folder.path(), &kaas.to_string()).unwrap());
        let second = key(3, "c.example/log/kaas");
        assert!(add(folder.path(), &second.to_string()).unwrap());
        assert_eq!(keys_of(folder.path(), "c.example/log/kaas").unwrap(), [kaas, second]);
        assert_eq!(keys_of(folder.path(), "c.example/log/kaas-en-wijn").unwrap(), [longer]);
        for unknown in ["c.example/log", "", "c.example/log/kaa"] {
            assert!(keys_of(folder.path(), unknown).unwrap().is_empty(), "{unknown}");
        }
    }

    #[test]
    fn what_is_no_key_of_a_log_is_not_added() {
        let folder = tempfile::tempdir().unwrap();
        let witness = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
        let long = key(1, &format!("c.example/{}", "x".repeat(400))).to_string();
        for line in ["", "kaas", witness, &long] {
            assert!(add(folder.path(), line).is_err(), "{line}");
        }
        assert!(!path(folder.path()).exists());
    }
}
