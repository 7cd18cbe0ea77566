//! Asking witnesses for cosignatures, in the background (C2SP tlog-witness, the side of the log).
//!
//! In scope: when and what to ask, judging the answer, storing what is true, saying what is not well. Out of scope: showing
//! cosignatures (`service::evidence`), being a witness (`witness`).
//!
//! Invariant: nobody waits for a witness. What it answers is believed only when its signature is true for exactly the
//! checkpoint that was sent; whatever else it says leaves everything as it was.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::Result;
use hyper::StatusCode;
use shared::log::cosignature::read_answer;
use shared::log::note::SignatureLine;
use shared::log::{Extension, Note, NoteKey};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::catalogue::{Organisation, Organisations};
use crate::clock::unix_seconds;
use crate::log::read::Log;
use crate::log::{Head, LogKey, cosigned};
use crate::sequencer::{Draft, Sequencer};
use crate::store::{Engine, StoreError};

mod client;
pub mod configured;
pub mod state;

use client::Client;
use configured::Configured;
use state::{OfLog, OfWitness, Pace, Trouble};

/// How far a witness's clock may run ahead of ours, in seconds: past that its cosignatures would never count as old.
const AHEAD_SECONDS_MAX: u64 = 300;

/// The witnesses of a collector, and what is known of them.
pub struct Witnesses {
    configured: Vec<Configured>,
    pace: Pace,
    /// In the order of `configured`.
    known: Mutex<Vec<OfWitness>>,
}

/// How it stands between a witness and the logs of a collector.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// The name of the witness.
    pub name: String,
    /// Logs that it is asked about.
    pub logs: usize,
    /// Those of which it gave no fresh cosignature.
    pub stale: usize,
    /// Those of which it saw more, or another history, than we have.
    pub contradicted: usize,
    /// What keeps it from answering.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// What the rounds work with.
pub struct Work {
    /// The store, for reading.
    pub engine: Arc<dyn Engine>,
    /// The one door through which anything is written.
    pub sequencer: Sequencer,
    /// The key of the logs.
    pub log: LogKey,
    /// The address in the names of the logs.
    pub base_url: String,
}

/// One log at the head of a round.
struct Asked {
    organisation: u32,
    origin: String,
    head: Head,
    note: Note,
}

impl Witnesses {
    /// The witnesses that the settings name; nothing is known of them yet.
    #[must_use]
    pub fn new(configured: Vec<Configured>, pace: Pace) -> Arc<Self> {
        let known = Mutex::new(vec![OfWitness::default(); configured.len()]);
        Arc::new(Self { configured, pace, known })
    }

    /// Their verifier keys.
    pub fn keys(&self) -> impl Iterator<Item = &NoteKey> {
        self.configured.iter().map(|witness| &witness.key)
    }

    /// What each said of a log: its name, the state, and whether its word is old.
    #[must_use]
    pub fn of_log(&self, organisation: u32) -> Vec<(String, OfLog, bool)> {
        let known = self.known();
        let each = self.configured.iter().zip(known.iter());
        each.map(|(witness, known)| {
            let mut log = known.logs.get(&organisation).copied().unwrap_or_default();
            log.trouble = log.trouble.or(known.trouble);
            (witness.key.name().to_owned(), log, self.pace.is_stale(log.time, unix_seconds()))
        })
        .collect()
    }

    /// How it stands with each.
    #[must_use]
    pub fn summaries(&self) -> Vec<Summary> {
        let known = self.known();
        let each = self.configured.iter().zip(known.iter());
        each.map(|(witness, known)| {
            let contradicts = |log: &&OfLog| log.trouble.is_some_and(Trouble::contradicts);
            Summary {
                name: witness.key.name().to_owned(),
                logs: known.logs.len(),
                stale: known.logs.values().filter(|log| self.pace.is_stale(log.time, unix_seconds())).count(),
                contradicted: known.logs.values().filter(contradicts).count(),
                trouble: known.trouble.map(|trouble| trouble.to_string()),
            }
        })
        .collect()
    }

    fn known(&self) -> MutexGuard<'_, Vec<OfWitness>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for ever, one round after the other, about the logs of all organisations that there are then.
    ///
    /// # Errors
    ///
    /// When nobody can be asked: this machine trusts no certificate authority.
    pub fn rounds(
        self: Arc<Self>,
        work: Work,
        organisations: impl Fn() -> Arc<Organisations> + Send,
    ) -> Result<impl Future<Output = ()> + Send> {
        let client = Client::new()?;
        let mut pace = tokio::time::interval(self.pace.every);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(async move {
            let (work, mut stale) = (Arc::new(work), Vec::new());
            loop {
                pace.tick().await;
                for organisation in organisations().all() {
                    match work.asked(organisation) {
                        Ok(Some(asked)) => self.ask_all(&work, &client, Arc::new(asked)).await,
                        Ok(None) => {}
                        Err(error) => {
                            tracing::error!(%error, "no witness was asked: the store cannot be read")
                        }
                    }
                }
                self.report(&mut stale);
            }
        })
    }

    /// Asks all that are due about one head, side by side, so that they sign the same one.
    async fn ask_all(self: &Arc<Self>, work: &Arc<Work>, client: &Client, asked: Arc<Asked>) {
        let mut asking = JoinSet::new();
        for at in 0..self.configured.len() {
            if let Some(old) = self.due(work, &asked, at) {
                let (all, work, client, asked) = (self.clone(), work.clone(), client.clone(), asked.clone());
                asking.spawn(async move {
                    let said = all.ask(&work, &client, &asked, at, old).await;
                    all.remember(&work, &asked, at, said).await;
                });
            }
        }
        while asking.join_next().await.is_some() {}
    }

    /// The size to begin at, if a witness is to be asked now.
    fn due(&self, work: &Work, asked: &Asked, at: usize) -> Option<u64> {
        let mut known = self.known();
        let witness = &mut known[at];
        let log = witness.logs.entry(asked.organisation).or_insert_with(|| {
            // After a start: what it said before.
            let last = work.engine.snapshot().and_then(|snapshot| {
                let log = (asked.organisation, asked.origin.as_str());
                cosigned::last(snapshot.as_ref(), log, &self.configured[at].key)
            });
            let (size, time) = last.ok().flatten().map_or((0, 0), |(head, _, time)| (head.size, time));
            OfLog::before(size, time)
        });
        let (old, size) = (log.size, asked.head.frontier.size());
        let now = (unix_seconds(), Instant::now());
        witness.is_due(asked.organisation, size, self.pace, now).then_some(old.min(size))
    }

    /// Asks, and once more from the size that the witness names.
    async fn ask(
        &self,
        work: &Work,
        client: &Client,
        asked: &Asked,
        at: usize,
        mut old: u64,
    ) -> Result<(SignatureLine, u64), Trouble> {
        let (witness, size) = (&self.configured[at], asked.head.frontier.size());
        for _ in 0..2 {
            let body = work.extension(asked, old).ok_or(Trouble::Silent)?;
            let (status, text) = client.post(witness.uri.clone(), body).await.ok_or(Trouble::Silent)?;
            match status {
                StatusCode::OK => {
                    let read = read_answer(asked.note.text(), &text, &witness.key).ok();
                    let timely = |time: &u64| *time <= unix_seconds() + AHEAD_SECONDS_MAX;
                    return read.filter(|(_, time)| timely(time)).ok_or(Trouble::FalseSignature);
                }
                StatusCode::CONFLICT => {
                    let seen = text.strip_suffix('\n').and_then(|seen| seen.parse::<u64>().ok());
                    let seen = seen.ok_or(Trouble::Status(status.as_u16()))?;
                    if seen > size {
                        return Err(Trouble::SawMore(seen));
                    }
                    match (seen == old, old == size) {
                        (false, _) => old = seen,
                        (true, true) => return Err(Trouble::SawOther),
                        (true, false) => return Err(Trouble::Status(status.as_u16())),
                    }
                }
                StatusCode::UNPROCESSABLE_ENTITY => return Err(Trouble::SawOther),
                StatusCode::NOT_FOUND => return Err(Trouble::UnknownLog),
                StatusCode::FORBIDDEN => return Err(Trouble::KeyUnknown),
                other => return Err(Trouble::Status(other.as_u16())),
            }
        }
        Err(Trouble::Status(StatusCode::CONFLICT.as_u16()))
    }

    async fn remember(
        &self,
        work: &Work,
        asked: &Asked,
        at: usize,
        said: Result<(SignatureLine, u64), Trouble>,
    ) {
        let (witness, log) = (&self.configured[at].key, asked.origin.as_str());
        match said {
            Ok((line, time)) => {
                let rows = cosigned::row(asked.organisation, witness, asked.note.clone(), line);
                if let Err(error) = work.sequencer.store(Draft { rows, ..Draft::default() }).await {
                    tracing::warn!(%error, "a cosignature was not stored; the witness is asked again");
                    return;
                }
                if self.known()[at].cosigned(asked.organisation, asked.head.frontier.size(), time) {
                    tracing::info!(witness = witness.name(), log, "the witness cosigns again");
                }
            }
            Err(trouble) => {
                let news =
                    self.known()[at].failed(asked.organisation, trouble, self.pace.every, Instant::now());
                match news {
                    true if trouble.contradicts() => {
                        tracing::error!(
                            witness = witness.name(),
                            log,
                            "a witness refuses this log: {trouble}"
                        );
                    }
                    true => {
                        tracing::warn!(witness = witness.name(), log, "a witness does not cosign: {trouble}")
                    }
                    false => {}
                }
            }
        }
    }

    /// Says once when a witness's word has grown old, and once when it is fresh again.
    fn report(&self, before: &mut Vec<bool>) {
        let now = self.summaries();
        before.resize(now.len(), false);
        for (summary, before) in now.iter().zip(before) {
            let stale = summary.stale > 0;
            let Summary { name, stale: logs, .. } = summary;
            match (*before, stale) {
                (false, true) => {
                    tracing::warn!(witness = name, logs, "a witness is stale: no fresh cosignature")
                }
                (true, false) => tracing::info!(witness = name, "the witness's cosignatures are fresh again"),
                _ => {}
            }
            *before = stale;
        }
    }
}

impl Work {
    /// The head of a log as it stands; `None` before the first entry.
    fn asked(&self, organisation: &Organisation) -> Result<Option<Asked>, StoreError> {
        let origin = self.log.origin(&self.base_url, &organisation.catalogue.organisation);
        let organisation = organisation.number;
        let head = Log::new(self.engine.snapshot()?.as_ref(), organisation).head()?;
        Ok(head.map(|head| Asked { organisation, note: self.log.note(&origin, &head), origin, head }))
    }

    /// The body of a request: the proof from a size to the head.
    fn extension(&self, asked: &Asked, old: u64) -> Option<String> {
        let snapshot = self.engine.snapshot().ok()?;
        let path = Log::new(snapshot.as_ref(), asked.organisation);
        let path = path.consistency(old, asked.head.frontier.size()).ok()?;
        Some(Extension { old, path, checkpoint: asked.note.clone() }.to_string())
    }
}
