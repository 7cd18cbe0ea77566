//! The sequencer: the one door through which anything is written.
//!
//! In scope: queueing drafts, numbering receipts per organisation, gathering what waits into one durable commit, and
//! telling each caller what became of its own draft.
//! Out of scope: what a draft says (services), and how a commit is made durable (`store`).
//!
//! Invariant: a caller gets its answer only after the commit that decided it is durable, and one draft's refusal never
//! changes another draft's answer. Receipts of an organisation are numbered 0, 1, 2, … without gaps.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc, oneshot};

use crate::log::{Entry, LogKey};
use crate::store::{Batch, Engine, KEY_BYTES_MAX, Key, Space, VALUE_BYTES_MAX, Write};

mod bells;
mod plan;
mod writer;

pub use bells::Bells;

/// How long a failed commit counts against [`Sequencer::is_well`]: whoever keeps visitors away from a collector that
/// cannot store must let one in now and then, or it would never be seen that it can again.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Drafts in one commit at most. Measured: past 256 the commit grows as fast as its batch, and only waiting is added.
pub const BATCH_DRAFTS_MAX: usize = 256;

/// Drafts that may wait: sixteen full commits, which take about a third of a second together.
pub const QUEUE_DRAFTS_MAX: usize = 16 * BATCH_DRAFTS_MAX;

/// How large a commit and the queue may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Drafts in one commit; 1 gives every request a commit of its own, as a yardstick.
    pub batch_drafts_max: usize,
    /// Drafts that may wait before callers are told to come back.
    pub queue_drafts_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { batch_drafts_max: BATCH_DRAFTS_MAX, queue_drafts_max: QUEUE_DRAFTS_MAX }
    }
}

/// A receipt that is to be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct NewReceipt {
    /// Number of the organisation.
    pub organisation: u32,
    /// The receipt's id: derived from offer and nonce, so that a retry brings the same one.
    pub id: [u8; 16],
    /// The packed body (`store::body`).
    pub body: Vec<u8>,
    /// What the organisation's log says of it.
    pub entry: Entry,
    /// Rows with the receipt's number in them, which only the sequencer knows.
    pub numbered: Vec<Numbered>,
    /// The counters that it moves, by their keys in `Tally`; each is one higher for each time that it is named.
    pub counted: Vec<Key>,
}

/// A row with its receipt's number in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Numbered {
    /// In which space.
    pub space: Space,
    /// Its key, or what stands in it before the number.
    pub prefix: Vec<u8>,
    /// Its bytes, or what stands in them before the number.
    pub value: Vec<u8>,
    /// Where the number goes.
    pub ends: Ends,
}

/// What of a row ends in the number of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// The key, so that rows arrive in order.
    Key,
    /// The value.
    Value,
    /// Both.
    Both,
}

impl Numbered {
    /// A row whose key ends in the number.
    #[must_use]
    pub const fn key(space: Space, prefix: Vec<u8>, value: Vec<u8>) -> Self {
        Self { space, prefix, value, ends: Ends::Key }
    }

    /// The row under a number.
    #[must_use]
    pub fn row(&self, sequence: u64) -> Write {
        let (in_key, in_value) = match self.ends {
            Ends::Key => (true, false),
            Ends::Value => (false, true),
            Ends::Both => (true, true),
        };
        let number = sequence.to_be_bytes();
        let with = |bytes: &[u8], numbered: bool| [bytes, if numbered { &number } else { &[] }].concat();
        let (key, value) = (with(&self.prefix, in_key), with(&self.value, in_value));
        Write { space: self.space, key, value: Some(value) }
    }

    const fn fits(&self) -> bool {
        self.prefix.len() + 8 <= KEY_BYTES_MAX && self.value.len() + 8 <= VALUE_BYTES_MAX
    }
}

/// What a service wants stored: rows, and at most one receipt.
///
/// The sequencer adds the receipt's own rows (`Body`, `ById`, `Leaf`, `Node`, `Head`) and their preconditions, and the
/// counters (`Tally`) of all drafts together: each draft by itself would stand in the way of the next.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The receipt, for whatever makes one.
    pub receipt: Option<NewReceipt>,
    /// The counters that lose what the draft removes, by their keys in `Tally`.
    pub uncounted: Vec<Key>,
    /// Other rows, with the preconditions under which they were decided.
    pub rows: Batch,
}

impl Draft {
    fn check_sizes(&self) -> Result<(), SequenceError> {
        let receipt_fits = self.receipt.as_ref().is_none_or(|receipt| {
            receipt.body.len() <= VALUE_BYTES_MAX && receipt.numbered.iter().all(Numbered::fits)
        });
        if receipt_fits && self.rows.check_sizes().is_ok() { Ok(()) } else { Err(SequenceError::TooLarge) }
    }
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The receipt's number in its organisation, from 0; `None` for a draft without receipt.
    pub sequence: Option<u64>,
}

/// Why a draft was not stored, or may not have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SequenceError {
    /// A receipt with this id is stored. A retry reads it and gives the same answer again.
    #[error("couldn't store a receipt: it is stored already")]
    Duplicate,
    /// A precondition of the draft did not hold. The caller reads again and decides anew.
    #[error("couldn't store a draft: its precondition {index} did not hold")]
    Conflict {
        /// Place of the precondition among the draft's own.
        index: usize,
    },
    /// Too much waits, or other collectors kept winning. Nothing was stored.
    #[error("couldn't take a draft: too much is waiting")]
    Overloaded,
    /// The sequencer is closed. Nothing was stored.
    #[error("couldn't take a draft: the collector is stopping")]
    Closed,
    /// A key or value is over its limit: a fault in the collector. Nothing was stored.
    #[error("couldn't take a draft: a row is too large")]
    TooLarge,
    /// The store did not say whether the commit happened. The caller retries with the same receipt id.
    #[error("couldn't learn whether a draft was stored")]
    InDoubt,
    /// There is no room on disk. The caller may retry with the same receipt id later.
    #[error("couldn't store a draft: there is no room left")]
    Full,
    /// The store is damaged; the sequencer has closed and the process must stop.
    #[error("couldn't store a draft: the store is damaged")]
    Corrupt,
}

type Answer = Result<Stored, SequenceError>;

struct Waiting {
    draft: Draft,
    answer: oneshot::Sender<Answer>,
}

enum Message {
    Draft(Box<Waiting>),
    Close,
}

/// Handle to the writer thread. Clones share it.
#[derive(Clone)]
pub struct Sequencer {
    queue: mpsc::Sender<Message>,
    /// When the last commit failed; `None` after one that did not.
    failed: Arc<Mutex<Option<Instant>>>,
    /// Rings after a commit that asks for jobs.
    bell: Arc<Notify>,
    /// The same for what endpoints are to be told.
    bells: Arc<Bells>,
    /// Batches so far.
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Sequencer {
    /// Starts the writer thread. It ends after [`Sequencer::close`], or when the last handle is dropped.
    ///
    /// # Errors
    ///
    /// What the system says when it gives no thread.
    pub fn start(engine: Arc<dyn Engine>, limits: Limits, log: LogKey) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel(limits.queue_drafts_max.max(1));
        let failed = Arc::default();
        let bell = Arc::<Notify>::default();
        let bells = Arc::<Bells>::default();
        let signals = writer::Signals {
            failed: Arc::clone(&failed),
            bell: Arc::clone(&bell),
            bells: Arc::clone(&bells),
        };
        let writer = writer::Writer::new(engine, limits.batch_drafts_max.max(1), log, signals);
        let thread =
            std::thread::Builder::new().name("sequencer".into()).spawn(move || writer.run(waiting))?;
        Ok(Self { queue, failed, bell, bells, thread: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Hands in a draft and waits until its commit is durable.
    ///
    /// Dropping the future does not take the draft back.
    ///
    /// # Errors
    ///
    /// A [`SequenceError`]; each says whether something may have been stored.
    pub async fn store(&self, draft: Draft) -> Answer {
        draft.check_sizes()?;
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Message::Draft(Box::new(Waiting { draft, answer }))).map_err(
            |error| match error {
                mpsc::error::TrySendError::Full(_) => SequenceError::Overloaded,
                mpsc::error::TrySendError::Closed(_) => SequenceError::Closed,
            },
        )?;
        // No answer means that the writer went down with the draft in hand.
        answered.await.unwrap_or(Err(SequenceError::InDoubt))
    }

    /// Rings after each commit that asks for jobs, for whoever does them.
    #[must_use]
    pub fn bell(&self) -> Arc<Notify> {
        self.bell.clone()
    }

    /// Ring after each commit that has something for an endpoint.
    #[must_use]
    pub fn bells(&self) -> &Bells {
        &self.bells
    }

    /// Takes no more drafts, finishes those that wait, and returns when the last one is answered.
    pub async fn close(&self) {
        // An error means that the writer has ended already.
        let _ = self.queue.send(Message::Close).await;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the sequencer's thread ended in a panic");
            }
        }
    }

    /// Whether drafts are still taken; `false` after `close`, or when the store turned out to be damaged.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Waits until no drafts are taken any more, for one of the two reasons of [`Sequencer::is_open`].
    pub async fn ended(&self) {
        self.queue.closed().await;
    }

    /// Whether a draft would likely be stored now: the last commit was, or its failure is so long ago that it is worth
    /// another try.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let failed = *self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_open() && failed.is_none_or(|at| at.elapsed() > TRY_AGAIN)
    }
}

/// Counters that a draft moves: how many are added to each, or taken away.
fn counters(draft: &Draft) -> impl Iterator<Item = &Key> {
    draft.receipt.iter().flat_map(|receipt| &receipt.counted).chain(&draft.uncounted)
}

/// Organisations touched by a set of drafts.
fn organisations<'a>(drafts: impl Iterator<Item = &'a Draft>) -> HashSet<u32> {
    drafts.filter_map(|draft| draft.receipt.as_ref()).map(|receipt| receipt.organisation).collect()
}
