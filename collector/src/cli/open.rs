//! Opening what `init` made, for the commands that work on it.
//!
//! Invariant: a store is opened only with the keys it was made with; nothing is repaired silently.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use shared::ids::OrganisationId;

use crate::catalogue::{Organisation, Organisations};
use crate::config::Config;
use crate::keys::Keys;
use crate::sequencer::{Limits, Sequencer};
use crate::service::as_of::Answerer;
use crate::store::keys::read_sequence;
use crate::store::redb::{OpenError, RedbEngine};
use crate::store::{Engine, Space};

/// Row that holds the fingerprint of the keys.
pub(super) const KEYS: &[u8] = b"keys";

/// Row that holds how many times the logs were started anew; none for the first.
pub(super) const GENERATION: &[u8] = b"log-generation";

/// Row that holds the address which the logs are named after.
pub(super) const ADDRESS: &[u8] = b"base-url";

pub(super) fn store_path(data: &Path) -> PathBuf {
    data.join("vinkje.redb")
}

pub(super) fn keys_path(data: &Path) -> PathBuf {
    data.join("keys")
}

pub(super) fn cache_bytes(config: &Config) -> usize {
    config.cache_mib.clamp(8, 64 * 1024) * 1024 * 1024
}

/// An opened data folder.
pub(super) struct Opened {
    pub(super) config: Config,
    pub(super) keys: Arc<Keys>,
    pub(super) engine: Arc<dyn Engine>,
}

impl Opened {
    /// An organisation by name.
    ///
    /// # Errors
    ///
    /// When there is none, or the store cannot be read.
    pub(super) fn organisation(&self, name: &OrganisationId) -> Result<Arc<Organisation>> {
        let known = Organisations::read(self.engine.snapshot()?.as_ref())?;
        known.named(name).cloned().with_context(|| none_of(&known))
    }

    /// Answers about an organisation from one state of the store.
    ///
    /// # Errors
    ///
    /// As [`Opened::organisation`], or what is answered.
    pub(super) fn answering<T>(
        &self,
        name: &OrganisationId,
        answer: impl FnOnce(&Answerer<'_>) -> Result<T>,
    ) -> Result<T> {
        let organisation = &self.organisation(name)?;
        let snapshot = self.engine.snapshot()?;
        let (keys, base_url) = (self.keys.as_ref(), self.config.base_url.as_str());
        answer(&Answerer { snapshot: snapshot.as_ref(), organisation, keys, base_url })
    }

    /// Does something with a sequencer of its own, which is closed in order afterwards.
    ///
    /// # Errors
    ///
    /// When there is no thread for it.
    pub(super) async fn writing<T>(&self, work: impl AsyncFnOnce(&Sequencer) -> T) -> Result<T> {
        let sequencer = Sequencer::start(self.engine.clone(), Limits::default(), self.keys.log.clone())?;
        let done = work(&sequencer).await;
        sequencer.close().await;
        Ok(done)
    }
}

/// That there is no such organisation, with those that there are.
#[must_use]
pub(crate) fn none_of(known: &Organisations) -> String {
    let names: Vec<&str> = known.all().map(|known| known.catalogue.organisation.as_str()).collect();
    match names.as_slice() {
        [] => "there is no organisation yet; make one with `vinkje apply FORM.toml`".into(),
        names => format!("there is no such organisation; there are: {}", names.join(", ")),
    }
}

/// Opens a data folder that no collector serves.
///
/// # Errors
///
/// As [`open`], or when one does.
pub(super) fn stopped(data: &Path) -> Result<Opened> {
    let held =
        || format!("couldn't open the store in {}: stop the collector that serves it first", data.display());
    open(data)?.with_context(held)
}

/// Opens a data folder; `None` when another process holds the store.
pub(super) fn open(data: &Path) -> Result<Option<Opened>> {
    let opened = open_anywhere(data)?;
    opened.iter().try_for_each(|opened| at_home(&opened.config, opened.engine.as_ref()))?;
    Ok(opened)
}

/// The same, wherever the collector was when it signed its logs.
pub(super) fn open_anywhere(data: &Path) -> Result<Option<Opened>> {
    let config = Config::load(data)?;
    // The store first: a store of an older version explains keys that are missing.
    let engine = match RedbEngine::open(&store_path(data), cache_bytes(&config)) {
        Ok(engine) => engine,
        Err(OpenError::InUse) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let keys = Keys::load(&keys_path(data))?;
    let keys = fitting(keys, &engine)?;
    Ok(Some(Opened { config, keys: Arc::new(keys), engine: Arc::new(engine) }))
}

/// The keys, if a store was made with them; they name its logs as it does.
///
/// # Errors
///
/// When it was made with others.
pub(super) fn fitting(mut keys: Keys, engine: &dyn Engine) -> Result<Keys> {
    let snapshot = engine.snapshot()?;
    if snapshot.get(Space::Meta, KEYS)?.as_deref() != Some(&keys.fingerprint()[..]) {
        bail!(
            "couldn't open the store: it was made with other keys; put back the keys folder that belongs to it"
        );
    }
    if let Some(row) = snapshot.get(Space::Meta, GENERATION)? {
        keys.log = keys.log.of_generation(u32::try_from(read_sequence(&row)?)?);
    }
    Ok(keys)
}

/// The address that the logs of a store are named after; that of the settings where none is noted.
///
/// # Errors
///
/// What the store says.
pub(super) fn address(config: &Config, engine: &dyn Engine) -> Result<String> {
    let row = engine.snapshot()?.get(Space::Meta, ADDRESS)?;
    Ok(row.map_or_else(|| config.base_url.clone(), |row| String::from_utf8_lossy(&row).into_owned()))
}

/// Whether the logs are named after the address in the settings: their heads are signed with that name in them.
///
/// # Errors
///
/// When they are not; then nothing that is shown of them would be true.
pub(super) fn at_home(config: &Config, engine: &dyn Engine) -> Result<()> {
    let signed = address(config, engine)?;
    if signed != config.base_url {
        bail!(
            "couldn't open the store: its logs are named after {signed}, and base_url in vinkje.toml is {}. Put the old address \
             back, or run `vinkje move`: then the logs go on under the new one",
            config.base_url
        );
    }
    Ok(())
}

/// A small runtime for commands that need one for a moment.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}
