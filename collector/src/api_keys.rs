//! Keys with which an organisation's own programs ask the collector (OWASP ASVS 5.0 §8.2: hashed, scoped, expiring).
//!
//! In scope: making a key, its row, and recognising it. Out of scope: where it comes in (`http`), what it may ask (`service`).
//!
//! Invariant: the key itself is shown once and stored nowhere; who reads the store cannot ask with what is found there.

use std::fmt;
use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::limits::NAME_BYTES_MAX;
use shared::time::Timestamp;

use crate::keys::{KeyError, random};
use crate::records::{decode, encode};
use crate::store::{Batch, KeyRange, Snapshot, Space, StoreError};

/// How a key begins, so that people and scanners of source code recognise one.
const PREFIX: &str = "vk_";

/// Days for which a key can be made at most.
pub const DAYS_MAX: u16 = 730;

/// A key as the person gets it. Its `Debug` does not show it.
pub struct ApiKey(String);

impl ApiKey {
    /// Makes a key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`].
    pub fn make() -> Result<Self, KeyError> {
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random()?.as_slice()))))
    }

    /// Reads the value of an `Authorization` header (RFC 6750 §2.1).
    #[must_use]
    pub fn from_header(value: &str) -> Option<Self> {
        let (scheme, key) = value.split_once(' ')?;
        let ours =
            scheme.eq_ignore_ascii_case("bearer") && key.starts_with(PREFIX) && key.len() <= KEY_TEXT_MAX;
        ours.then(|| Self(key.into()))
    }

    /// The text to keep secret.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    fn row_key(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// Its row, if it is one that was made, and has not ended.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn known(&self, snapshot: &dyn Snapshot, now: Timestamp) -> Result<Option<KeyRow>, StoreError> {
        let row = snapshot.get(Space::ApiKey, &self.row_key())?;
        let row: Option<KeyRow> = row.as_deref().map(decode).transpose()?;
        Ok(row.filter(|row| now.unix_seconds() < row.until))
    }
}

const KEY_TEXT_MAX: usize = 64;

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// What a key may do. None includes another: a program gets what it needs and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Ask whether the data of people whose addresses it has may be used for a purpose, and read statistics.
    Ask,
    /// Download who may be addressed for a purpose, with their contact data.
    Download,
    /// Take over existing lists.
    Manage,
    /// Hand in mail that came back: who unsubscribes by mail, and what did not arrive.
    Mail,
    /// Enter what people signed on paper or said aloud.
    Paper,
    /// Stop for people who call, by the code on their counter slip.
    Slip,
    /// Tell what customers bought, and whether they objected.
    Sales,
    /// Make kiosks, see how they are doing, and take them back.
    Kiosk,
}

impl Scope {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Download => "download",
            Self::Manage => "manage",
            Self::Mail => "mail",
            Self::Paper => "paper",
            Self::Slip => "slip",
            Self::Sales => "sales",
            Self::Kiosk => "kiosk",
        }
    }
}

/// What is stored of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// Of which organisation.
    pub organisation: u32,
    /// What it is for, in the words of the person who made it.
    pub name: String,
    /// What it may do, each scope once, in their order.
    pub scopes: Vec<Scope>,
    /// From when it no longer counts, in Unix seconds.
    pub until: i64,
}

/// Why a key cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NewKeyError {
    /// The name is empty, too long, or not one line.
    #[error("couldn't make a key: give it a short name that says which program uses it")]
    Name,
    /// The term is none.
    #[error("couldn't make a key: it can count for 1 to {DAYS_MAX} days")]
    Days,
    /// It may do nothing.
    #[error("couldn't make a key: say what it may do with --scope")]
    Scope,
}

/// The row of a new key.
///
/// # Errors
///
/// A [`NewKeyError`].
pub fn new_row(
    organisation: u32,
    name: &str,
    scopes: &[Scope],
    days: u16,
    now: Timestamp,
) -> Result<KeyRow, NewKeyError> {
    let name = name.trim();
    if name.is_empty() || name.len() > NAME_BYTES_MAX || name.chars().any(char::is_control) {
        return Err(NewKeyError::Name);
    }
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(NewKeyError::Days);
    }
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(NewKeyError::Scope);
    }
    let until = now.unix_seconds() + i64::from(days) * 24 * 60 * 60;
    Ok(KeyRow { organisation, name: name.into(), scopes, until })
}

/// Stores a key.
pub fn add(rows: &mut Batch, key: &ApiKey, row: &KeyRow) {
    rows.expect_absent(Space::ApiKey, key.row_key()).put(Space::ApiKey, key.row_key(), encode(row));
}

/// All keys of an organisation, with where their rows are.
///
/// # Errors
///
/// What the store says.
pub fn of(snapshot: &dyn Snapshot, organisation: u32) -> Result<Vec<(Vec<u8>, KeyRow)>, StoreError> {
    let (mut found, mut broken) = (Vec::new(), None);
    snapshot.scan(Space::ApiKey, &KeyRange::all(), &mut |key, row| match decode::<KeyRow>(row) {
        Ok(row) => {
            if row.organisation == organisation {
                found.push((key.to_vec(), row));
            }
            ControlFlow::Continue(())
        }
        Err(error) => {
            broken = Some(error);
            ControlFlow::Break(())
        }
    })?;
    found.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    broken.map_or(Ok(found), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Engine;
    use crate::store::redb::RedbEngine;

    #[test]
    fn a_key_is_known_until_it_ends_and_is_not_in_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.redb");
        let engine = RedbEngine::create(&path, 1 << 20).unwrap();
        let now = Timestamp::from_unix_seconds(1_800_000_000);
        let key = ApiKey::make().unwrap();
        let row = new_row(7, " newsletter tool ", &[Scope::Ask], 30, now).unwrap();
        let mut batch = Batch::default();
        add(&mut batch, &key, &row);
        engine.commit(&batch).unwrap();
        let snapshot = engine.snapshot().unwrap();
        let header = format!("Bearer {}", key.text());
        let read = ApiKey::from_header(&header).unwrap();
        assert_eq!(read.known(snapshot.as_ref(), now).unwrap(), Some(row.clone()));
        let end = now.plus_seconds(30 * 86_400);
        assert_eq!(read.known(snapshot.as_ref(), end).unwrap(), None);
        assert_eq!(ApiKey::make().unwrap().known(snapshot.as_ref(), now).unwrap(), None);
        assert_eq!(of(snapshot.as_ref(), 7).unwrap().len(), 1);
        assert!(of(snapshot.as_ref(), 8).unwrap().is_empty());
        assert_eq!(row.name, "newsletter tool");
        let file = std::fs::read(&path).unwrap();
        assert!(memchr::memmem::find(&file, key.text().as_bytes()).is_none());
        assert!(!format!("{key:?}").contains(key.text()));
    }

    #[test]
    fn what_is_no_key_is_not_read() {
        for bad in ["", "Bearer", "Bearer x", "Basic vk_x", &format!("Bearer vk_{}", "x".repeat(99))] {
            assert!(ApiKey::from_header(bad).is_none(), "{bad}");
        }
        let now = Timestamp::from_unix_seconds(0);
        let ask = [Scope::Ask];
        assert_eq!(new_row(1, "", &ask, 1, now), Err(NewKeyError::Name));
        assert_eq!(new_row(1, "a\nb", &ask, 1, now), Err(NewKeyError::Name));
        assert_eq!(new_row(1, "x", &ask, 0, now), Err(NewKeyError::Days));
        assert_eq!(new_row(1, "x", &ask, DAYS_MAX + 1, now), Err(NewKeyError::Days));
        assert_eq!(new_row(1, "x", &[], 1, now), Err(NewKeyError::Scope));
        let row = new_row(1, "x", &[Scope::Manage, Scope::Ask, Scope::Manage], 1, now).unwrap();
        assert_eq!(row.scopes, [Scope::Ask, Scope::Manage]);
    }
}
