//! Endpoints: who hears by itself what happened. Receivers of signed messages (Standard Webhooks), and newsletter tools.
//!
//! In scope: what is stored of them, and having them in memory, where every act asks for them. Out of scope: what they are sent
//! (`service::deliveries`), sending (`outbox::deliveries`), who may make one (`cli`).
//!
//! Invariant: memory follows the store: an entry changes only after its commit is durable, and never back to an older state.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use shared::ids::OrganisationId;
use shared::limits::ENDPOINTS_MAX;
use tokio::sync::watch;

use crate::keys::Keys;
use crate::records::{decode, encode};
use crate::store::{Batch, Engine, Key, KeyRange, Snapshot, Space, StoreError, keys};

pub mod event;
pub mod log;
pub mod row;
pub mod secret;
pub mod waiting;

use row::{EndpointId, EndpointRow, Gets, State};
use secret::Secret;

/// An endpoint as it stands.
#[derive(Debug)]
pub struct Endpoint {
    /// Which.
    pub id: EndpointId,
    /// What it is.
    pub row: EndpointRow,
    /// How it is doing.
    pub state: State,
    /// Its secret.
    pub secret: Secret,
    /// The secret before, and until when it still signs, in Unix seconds.
    pub before: Option<(Secret, i64)>,
    /// The row as stored: the precondition of every change.
    stored: Vec<u8>,
}

impl Endpoint {
    fn read(id: EndpointId, stored: Vec<u8>, state: State, keys: &Keys) -> Result<Self, StoreError> {
        let row: EndpointRow = decode(&stored)?;
        let open = |sealed: &crate::seal::SealedBytes| {
            let opened = sealed.open(&id.prefix(), &keys.master);
            opened.map(Secret::of).map_err(|_| {
                StoreError::Corrupt("the secret of an endpoint cannot be opened with these keys".into())
            })
        };
        let secret = open(&row.secret)?;
        let before = row.before.as_ref().map(|(sealed, until)| Ok::<_, StoreError>((open(sealed)?, *until)));
        let before = before.transpose()?;
        Ok(Self { id, row, state, secret, before, stored })
    }

    /// Whether anything is sent to it.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.state.disabled.is_none()
    }

    /// Writes another row in place of this one, if it is still what was read.
    pub fn change(&self, rows: &mut Batch, after: &EndpointRow) {
        let key = self.id.row_key();
        rows.expect_unchanged(Space::Endpoint, key.clone(), Some(self.stored.clone()));
        rows.put(Space::Endpoint, key, encode(after));
    }

    /// Removes it. What waits for it goes at the next [`leftovers`].
    pub fn remove(&self, rows: &mut Batch) {
        rows.expect_unchanged(Space::Endpoint, self.id.row_key(), Some(self.stored.clone()));
        rows.delete(Space::Endpoint, self.id.row_key());
        rows.delete(Space::Endpoint, self.id.state_key());
    }
}

/// Stores a new endpoint; nothing when the organisation has too many.
///
/// # Errors
///
/// What the store says.
pub fn add(
    snapshot: &dyn Snapshot,
    organisation: u32,
    make: impl FnOnce(EndpointId) -> EndpointRow,
    rows: &mut Batch,
) -> Result<Option<EndpointId>, StoreError> {
    // The row of a state that nobody reads keeps the highest number that was ever given out.
    let counter = EndpointId { organisation, number: 0 }.state_key();
    let before = snapshot.get(Space::Endpoint, &counter)?;
    let last = before.as_deref().map(keys::read_sequence).transpose()?.unwrap_or_default();
    let number = u32::try_from(last + 1).unwrap_or(u32::MAX);
    let mut there = 0;
    snapshot.scan(Space::Endpoint, &keys::of_organisation(organisation), &mut |key, _| {
        there += usize::from(key.ends_with(&[row::ROW]));
        std::ops::ControlFlow::Continue(())
    })?;
    if there >= ENDPOINTS_MAX {
        return Ok(None);
    }
    let id = EndpointId { organisation, number };
    rows.expect_unchanged(Space::Endpoint, counter.clone(), before);
    rows.put(Space::Endpoint, counter, keys::sequence_value(u64::from(number)));
    rows.put(Space::Endpoint, id.row_key(), encode(&make(id)));
    Ok(Some(id))
}

/// Writes how an endpoint is doing.
pub fn put_state(rows: &mut Batch, id: EndpointId, state: &State) {
    rows.put(Space::Endpoint, id.state_key(), encode(state));
}

type ByOrganisation = HashMap<u32, Vec<Arc<Endpoint>>>;

/// All endpoints, in memory.
pub struct Endpoints {
    engine: Arc<dyn Engine>,
    keys: Arc<Keys>,
    all: ArcSwap<ByOrganisation>,
    reading: Mutex<()>,
    changed: watch::Sender<()>,
}

impl Endpoints {
    /// Reads the store.
    ///
    /// # Errors
    ///
    /// What the store says, or that a secret cannot be opened with these keys.
    pub fn open(engine: Arc<dyn Engine>, keys: Arc<Keys>) -> Result<Self, StoreError> {
        let all = read(engine.snapshot()?.as_ref(), &keys)?;
        let all = ArcSwap::from_pointee(all);
        Ok(Self { engine, keys, all, reading: Mutex::default(), changed: watch::Sender::default() })
    }

    /// Reads the store again. Called after each commit that changed an endpoint.
    ///
    /// # Errors
    ///
    /// As [`Endpoints::open`].
    pub fn reload(&self) -> Result<(), StoreError> {
        // Whoever comes later reads a later state, and must not be overtaken by who came before.
        let alone = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        self.all.store(Arc::new(read(self.engine.snapshot()?.as_ref(), &self.keys)?));
        drop(alone);
        self.changed.send_replace(());
        Ok(())
    }

    /// Those of an organisation, in the order in which they were made.
    #[must_use]
    pub fn of(&self, organisation: u32) -> Vec<Arc<Endpoint>> {
        self.all.load().get(&organisation).cloned().unwrap_or_default()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: EndpointId) -> Option<Arc<Endpoint>> {
        let all = self.all.load();
        all.get(&id.organisation)?.iter().find(|endpoint| endpoint.id == id).cloned()
    }

    /// All of all organisations, in no order.
    #[must_use]
    pub fn ids(&self) -> Vec<EndpointId> {
        self.all.load().values().flatten().map(|endpoint| endpoint.id).collect()
    }

    /// Tells when something was changed.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}

/// Whether all endpoints of an organisation can be read, with their secrets.
///
/// # Errors
///
/// What the store says.
pub fn hold(snapshot: &dyn Snapshot, organisation: u32, signing: &Keys) -> Result<bool, StoreError> {
    match read_in(snapshot, &keys::of_organisation(organisation), signing) {
        Ok(_) => Ok(true),
        Err(StoreError::Corrupt(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn read(snapshot: &dyn Snapshot, keys: &Keys) -> Result<ByOrganisation, StoreError> {
    read_in(snapshot, &KeyRange::all(), keys)
}

fn read_in(snapshot: &dyn Snapshot, range: &KeyRange, keys: &Keys) -> Result<ByOrganisation, StoreError> {
    let mut rows: Vec<(Key, Vec<u8>)> = Vec::new();
    snapshot.scan(Space::Endpoint, range, &mut |key, row| {
        rows.push((key.to_vec(), row.to_vec()));
        std::ops::ControlFlow::Continue(())
    })?;
    let mut all = ByOrganisation::new();
    for (key, stored) in rows {
        let (id, part) = EndpointId::read(&key)?;
        if part != [row::ROW] {
            continue;
        }
        let state = snapshot.get(Space::Endpoint, &id.state_key())?;
        let state = state.as_deref().map(decode).transpose()?.unwrap_or_default();
        all.entry(id.organisation).or_default().push(Arc::new(Endpoint::read(id, stored, state, keys)?));
    }
    Ok(all)
}

/// Behind every key of an endpoint: organisations are counted from 1 and never get that far.
const BEHIND_ALL: [u8; 8] = [u8::MAX; 8];

/// Removes rows of endpoints that are gone, so many at most. Says whether there may be more.
///
/// # Errors
///
/// What the store says.
pub fn leftovers(
    snapshot: &dyn Snapshot,
    is_there: impl Fn(EndpointId) -> bool,
    rows_max: usize,
    rows: &mut Batch,
) -> Result<bool, StoreError> {
    for space in [Space::Delivery, Space::Delivered] {
        let mut range = KeyRange::all();
        while let Some((first, _)) = snapshot.page(space, &range, 1)?.into_iter().next() {
            let own = KeyRange::prefix(&EndpointId::read(&first)?.0.prefix());
            if !is_there(EndpointId::read(&first)?.0) {
                for (key, _) in snapshot.page(space, &own, rows_max.saturating_sub(rows.writes.len()))? {
                    rows.delete(space, key);
                }
                if rows.writes.len() >= rows_max {
                    return Ok(true);
                }
            }
            let Some(until) = own.until() else { break };
            range = KeyRange::between(until, BEHIND_ALL);
        }
    }
    Ok(false)
}

/// What an endpoint is, in one line for people.
#[must_use]
pub fn line(endpoint: &Endpoint, organisation: &OrganisationId) -> String {
    let row = &endpoint.row;
    let gets = match &row.gets {
        Gets::Messages(events) => {
            let names: Vec<&str> = event::EventType::ALL
                .into_iter()
                .filter(|event| event.is_end() || events.contains(event))
                .map(event::EventType::name)
                .collect();
            names.join(" ")
        }
        Gets::People { tool, list, purpose } => format!("{} list {list}, purpose {purpose}", tool.name()),
    };
    let at = |seconds: i64| shared::time::Timestamp::from_unix_seconds(seconds);
    let how = match (endpoint.state.disabled, endpoint.state.failing_since) {
        (Some((since, why)), _) => format!(
            "DISABLED since {}: {}. Next: vinkje {} enable {organisation} --name \"{}\"",
            at(since),
            why.words(),
            command(&row.gets),
            row.name
        ),
        (None, Some(since)) => format!("FAILING since {}", at(since)),
        (None, None) => "ok".into(),
    };
    format!("{}: {} [{gets}] {how}\n", row.name, row.url)
}

/// The command that keeps endpoints of this kind.
#[must_use]
pub const fn command(gets: &Gets) -> &'static str {
    match gets {
        Gets::Messages(_) => "webhook",
        Gets::People { .. } => "connector",
    }
}
