//! A witness (C2SP tlog-witness): remembers how far it saw each log, and cosigns only what extends that.
//!
//! In scope: its folder, its key, what it saw, the one act `add-checkpoint`. Out of scope: HTTP (`server`), the rules (`judge`),
//! which logs (`logs`). It shares nothing with a collector but formats, and belongs on a machine of somebody else.
//!
//! Invariant: what is cosigned was durably kept before, one request at a time; a crash between keeping and answering leaves a
//! checkpoint that was seen and not answered, which the next request finds out.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail, ensure};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use shared::jwk::PublicKey;
use shared::log::note::Kind;
use shared::log::{Checkpoint, Extension, Note, NoteKey};

use crate::clock::unix_seconds;
use crate::keys;
use crate::store::redb::RedbEngine;
use crate::store::{Batch, Engine, Space, StoreError};

pub mod judge;
pub mod logs;
pub mod server;

use judge::{Refusal, judge};

/// Longest name of a witness: it stands in every cosignature.
const NAME_BYTES_MAX: usize = 255;

/// What a witness remembers is small.
const CACHE_BYTES: usize = 8 * 1024 * 1024;

/// The row that holds the key which the store was made with.
const KEY_ROW: &[u8] = b"witness";

/// The settings in `witness.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Its name in cosignatures: its address without `https://`.
    pub name: String,
    /// Where to listen; a proxy before it speaks HTTPS.
    pub listen: std::net::SocketAddr,
}

/// An opened witness.
pub struct Witness {
    folder: PathBuf,
    /// Its settings.
    pub settings: Settings,
    signing: SigningKey,
    named: NoteKey,
    engine: Arc<dyn Engine>,
    /// From reading what was seen until it is kept and signed: one at a time.
    gate: Mutex<()>,
}

fn settings_path(folder: &Path) -> PathBuf {
    folder.join("witness.toml")
}

fn key_path(folder: &Path) -> PathBuf {
    folder.join("witness.key")
}

fn store_path(folder: &Path) -> PathBuf {
    folder.join("witness.redb")
}

/// Makes the folder of a witness: key, settings and an empty store. Nothing that exists is overwritten, and a try that fails leaves
/// nothing behind.
///
/// # Errors
///
/// For a name that cannot stand in a cosignature, and when a file exists or cannot be written.
pub fn create(folder: &Path, settings: &Settings) -> Result<()> {
    // The name first: it costs nothing to refuse it.
    named(&settings.name, &SigningKey::from_bytes(&[1; 32]))?;
    let files = [key_path(folder), store_path(folder), settings_path(folder)];
    for there in &files {
        ensure!(
            !there.exists(),
            "couldn't make a witness: {} exists already; choose another --data",
            there.display()
        );
    }
    make(folder, settings).inspect_err(|_| {
        // All of it was made just now. What cannot be removed on a broken disk stops the next try, which names it.
        files.iter().for_each(|file| drop(std::fs::remove_file(file)));
    })
}

fn make(folder: &Path, settings: &Settings) -> Result<()> {
    keys::create_folder(folder)?;
    keys::create_file(&key_path(folder))?;
    let key = named(&settings.name, &read_key(folder)?)?.to_string();
    let engine = RedbEngine::create(&store_path(folder), CACHE_BYTES)?;
    let mut batch = Batch::default();
    batch.expect_absent(Space::Meta, KEY_ROW).put(Space::Meta, KEY_ROW, key);
    engine.commit(&batch)?;
    let path = settings_path(folder);
    std::fs::write(&path, toml::to_string(settings)?)
        .with_context(|| format!("couldn't write {}", path.display()))
}

/// The verifier key of the witness in a folder.
///
/// # Errors
///
/// When settings or key cannot be read.
pub fn key(folder: &Path) -> Result<NoteKey> {
    named(&read_settings(folder)?.name, &read_key(folder)?)
}

fn read_settings(folder: &Path) -> Result<Settings> {
    let path = settings_path(folder);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("couldn't read {}: run `vinkje witness init` first", path.display()))?;
    toml::from_str(&text).with_context(|| format!("couldn't use {}", path.display()))
}

fn read_key(folder: &Path) -> Result<SigningKey> {
    keys::check_folder(folder)?;
    Ok(SigningKey::from_bytes(&*keys::read_file(&key_path(folder))?))
}

fn named(name: &str, signing: &SigningKey) -> Result<NoteKey> {
    ensure!(name.len() <= NAME_BYTES_MAX, "couldn't use the name: it is longer than {NAME_BYTES_MAX} bytes");
    let public = PublicKey::from_bytes(signing.verifying_key().as_bytes())?;
    let named = NoteKey::new(name, Kind::Witness, public);
    named.ok().context("couldn't use the name: write an address without https://, spaces and `+`")
}

impl Witness {
    /// Opens what [`create`] made.
    ///
    /// # Errors
    ///
    /// When something is missing, or the store was made with another key.
    pub fn open(folder: &Path) -> Result<Self> {
        let (settings, signing) = (read_settings(folder)?, read_key(folder)?);
        let named = named(&settings.name, &signing)?;
        let engine = RedbEngine::open(&store_path(folder), CACHE_BYTES)?;
        let made_with = engine.snapshot()?.get(Space::Meta, KEY_ROW)?;
        if made_with.as_deref() != Some(named.to_string().as_bytes()) {
            bail!(
                "couldn't open the witness: its store was made with another key or name; who gives a witness a new store gives \
                 it a new key too"
            );
        }
        let (folder, engine) = (folder.to_owned(), Arc::new(engine));
        Ok(Self { folder, settings, signing, named, engine, gate: Mutex::default() })
    }

    /// Its verifier key.
    #[must_use]
    pub fn key(&self) -> &NoteKey {
        &self.named
    }

    /// `add-checkpoint`: cosigns a checkpoint that extends what was seen; gives the signature line. Blocks on the disk.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]; nothing was kept or signed then, unless it is [`Refusal::Unavailable`]: the checkpoint may have been kept.
    pub fn add_checkpoint(&self, body: &str) -> Result<String, Refusal> {
        let request = Extension::parse(body).map_err(|_| Refusal::Malformed)?;
        let text = request.checkpoint.text();
        let origin = Checkpoint::parse(text).map_err(|_| Refusal::Malformed)?.origin;
        let logs = logs::keys_of(&self.folder, &origin).map_err(|error| {
            tracing::error!(%error, "the list of logs cannot be used");
            Refusal::Unavailable
        })?;
        let _one_at_a_time = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let row = self.row(&origin).map_err(unavailable)?;
        let seen = row.as_deref().map(read_row).transpose().map_err(unavailable)?;
        let head = judge(&request, &logs, seen.as_ref())
            .inspect_err(|refusal| report(*refusal, &request, &logs, seen.as_ref()))?;
        if seen.as_ref() != Some(&head) {
            self.keep(&origin, row, &by_its_own(&request, &logs)).map_err(unavailable)?;
            tracing::info!(log = %origin, size = head.size, "cosigned");
        }
        Ok(self.named.cosign(text, unix_seconds(), &self.signing).to_string())
    }

    /// The last checkpoint that was cosigned of a log, with the log's own signature.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unavailable`].
    pub fn seen(&self, origin: &str) -> Result<Option<String>, Refusal> {
        let row = self.row(origin).map_err(unavailable)?;
        Ok(row.map(|row| String::from_utf8_lossy(&row).into_owned()))
    }

    /// The same as it is stored.
    fn row(&self, origin: &str) -> Result<Option<Vec<u8>>, StoreError> {
        // A name longer than a key is that of no log we know: `logs::add` sees to it.
        let key = origin.as_bytes();
        if key.len() > crate::store::KEY_BYTES_MAX {
            return Ok(None);
        }
        self.engine.snapshot()?.get(Space::Witnessed, key)
    }

    fn keep(&self, origin: &str, before: Option<Vec<u8>>, seen: &Note) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.expect_unchanged(Space::Witnessed, origin, before);
        batch.put(Space::Witnessed, origin, seen.to_string());
        self.engine.commit(&batch)
    }
}

/// The checkpoint with the signatures of its log only: the evidence, should the log ever show another history.
fn by_its_own(request: &Extension, logs: &[NoteKey]) -> Note {
    let mut note = request.checkpoint.clone();
    note.signatures.retain(|line| logs.iter().any(|log| line.is_by(log)));
    note
}

fn read_row(row: &[u8]) -> Result<Checkpoint, StoreError> {
    let read = || Checkpoint::parse(Note::parse(std::str::from_utf8(row).ok()?).ok()?.text()).ok();
    read().ok_or_else(|| StoreError::Corrupt("what was seen of a log cannot be read".into()))
}

fn unavailable(error: StoreError) -> Refusal {
    tracing::error!(%error, "the witness cannot reach its store");
    Refusal::Unavailable
}

/// A log that shows two histories is the reason for having witnesses: its operator should hear of it.
fn report(refusal: Refusal, request: &Extension, logs: &[NoteKey], seen: Option<&Checkpoint>) {
    let same_size = |head: &Checkpoint| seen.is_some_and(|seen| seen.size == head.size);
    let head = Checkpoint::parse(request.checkpoint.text()).ok();
    let Some(head) = head.filter(|head| refusal == Refusal::NotExtended || same_size(head)) else { return };
    if matches!(refusal, Refusal::NotExtended | Refusal::Seen(_)) {
        let note = by_its_own(request, logs).to_string();
        tracing::warn!(log = %head.origin, size = head.size, note, "a log showed a checkpoint that does not extend what was seen");
    }
}
