//! Taking over an existing list: each row is judged, and becomes a receipt of its own or is reported.
//!
//! In scope: the order of things, what is known of an address, storing. Out of scope: reading the file (`rows`), what follows
//! from what is known (`shared::import`), the receipt (`draft`).
//!
//! Invariant: a row is stored only on the condition that its address is still what was judged, and the same file makes no second
//! receipt however often it is taken over. A dry run writes nothing.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::{FormId, FormRef, NoticeHash, PurposeId, PurposeVersion};
use shared::import::Fate;
use shared::limits::{IMPORT_SOURCE_BYTES_MAX, IMPORT_WORDING_BYTES_MAX};
use shared::purpose::ContactField;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::may_address::Sought;
use super::{Service, Shown, refused, unavailable};
use crate::catalogue::Organisation;
use crate::endpoints::Endpoints;
use crate::keys::Keys;
use crate::seal::email_digest;
use crate::sequencer::{BATCH_DRAFTS_MAX, Draft, SequenceError, Sequencer};
use crate::store::{Batch, Engine, Snapshot, Space};
use crate::wordings;

mod draft;
pub mod rows;
mod unfit;

use self::rows::{Listed, Rows};
pub use self::unfit::Unfit;

/// How often a row is judged anew because its person did something meanwhile.
const ATTEMPTS_MAX: usize = 4;

/// What the organisation says of its list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What its people agreed to.
    pub purpose: PurposeId,
    /// Where it comes from, in words that its people read.
    pub source: String,
    /// The form under whose terms it goes on; otherwise the first that asks the purpose.
    pub form: Option<FormId>,
    /// The language of the words; otherwise the organisation's first.
    pub language: Option<Language>,
    /// Which columns are what.
    pub columns: rows::Columns,
    /// How dates are written (`strftime`); otherwise as RFC 3339 and ISO 8601 write them.
    pub date_format: Option<String>,
    /// When everybody on it agreed, where it has no column for that.
    pub obtained: Option<Timestamp>,
    /// The words that were shown.
    pub wording: Option<String>,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// What taking a list over needs.
#[derive(Clone)]
pub struct Importer {
    /// The store, for reading.
    pub engine: Arc<dyn Engine>,
    /// The one door through which anything is written.
    pub sequencer: Sequencer,
    /// The keys.
    pub keys: Arc<Keys>,
    /// Whose list.
    pub organisation: Arc<Organisation>,
    /// The collector's address.
    pub base_url: Arc<str>,
    /// Who hears of it.
    pub endpoints: Arc<Endpoints>,
}

/// A list that can be taken over.
#[derive(Clone)]
pub struct Import {
    with: Importer,
    settings: Arc<Settings>,
    file: Arc<[u8]>,
    /// SHA-256 of the file, and of the words.
    hashes: (NoticeHash, Option<NoticeHash>),
    shown: Arc<Shown>,
    purpose: (u16, PurposeVersion, u16),
    now: Timestamp,
}

/// A row with its number, and what becomes of it.
pub type Judged = (u64, Fate);

struct Prepared {
    row: u64,
    fate: Fate,
    /// What is to be stored, with what it was made from.
    work: Option<(Draft, Listed)>,
}

impl Importer {
    /// Looks at what was said of a list, before any of its rows.
    ///
    /// # Errors
    ///
    /// An [`Unfit`].
    pub fn begin(self, settings: Settings, file: Arc<[u8]>) -> Result<Import, Unfit> {
        let line = |text: &str| !text.trim().is_empty() && !text.chars().any(char::is_control);
        if !line(&settings.source) || settings.source.len() > IMPORT_SOURCE_BYTES_MAX {
            return Err(Unfit::Source);
        }
        let wording = settings.wording.as_deref();
        if wording.is_some_and(|words| words.trim().is_empty() || words.len() > IMPORT_WORDING_BYTES_MAX) {
            return Err(Unfit::Wording);
        }
        let shown = self.shown(&settings).ok_or_else(|| Unfit::Purpose(settings.purpose.clone()))?;
        let purpose = shown.notice.notice.purpose(&settings.purpose).map(|shown| &shown.purpose);
        let purpose = purpose.ok_or_else(|| Unfit::Purpose(settings.purpose.clone()))?;
        let needs = &purpose.terms.needs;
        if !needs.contains(&ContactField::Email)
            || needs.iter().any(|field| matches!(field, ContactField::Address | ContactField::Phone))
        {
            return Err(Unfit::Needs(settings.purpose));
        }
        let number = self.organisation.number_of(&settings.purpose);
        let number = number.ok_or(Unfit::Refused(Refusal::PurposeNotOffered))?;
        let purpose = (number, purpose.version, purpose.terms.validity_months);
        // What is wrong with the whole file is said before anything is written.
        Rows::begin(&file, &settings)?;
        let hashes = (NoticeHash::of(&file), wording.map(|words| NoticeHash::of(words.as_bytes())));
        let (settings, shown) = (Arc::new(settings), Arc::new(shown));
        Ok(Import { with: self, settings, file, hashes, shown, purpose, now: Service::now() })
    }

    /// The form under whose terms the list goes on.
    fn shown(&self, settings: &Settings) -> Option<Shown> {
        let catalogue = &self.organisation.catalogue;
        let language = settings.language.or(catalogue.languages.first().copied())?;
        let forms =
            catalogue.forms.keys().filter(|form| settings.form.as_ref().is_none_or(|named| named == *form));
        forms.into_iter().find_map(|form| {
            let notice = self.organisation.current(form, language).ok()?;
            notice.notice.purpose(&settings.purpose)?;
            let form = FormRef { organisation: catalogue.organisation.clone(), form: form.clone() };
            Some(Shown {
                organisation: self.organisation.clone(),
                form,
                notice: notice.clone(),
                ticket: None,
            })
        })
    }
}

impl Service {
    /// The words that lists of an organisation name, by their hash.
    ///
    /// # Errors
    ///
    /// [`Refusal::FormUnknown`], [`Refusal::PageUnknown`] or [`Refusal::StoreUnavailable`].
    pub fn wording(&self, form: &FormRef, hash: &NoticeHash) -> Result<String, Refusal> {
        let known = self.registry.now();
        let organisation = known.named(&form.organisation).ok_or(Refusal::FormUnknown)?;
        organisation.form(&form.form)?;
        let found = wordings::read(self.snapshot()?.as_ref(), organisation.number, hash);
        found.map_err(unavailable)?.ok_or(Refusal::PageUnknown)
    }
}

impl Import {
    /// SHA-256 of the list, by which its receipts name it.
    #[must_use]
    pub const fn file(&self) -> NoticeHash {
        self.hashes.0
    }

    /// Judges every row, and stores what is taken over unless it is a dry run. `sender` hears of rows in order, those that are
    /// stored after their commit.
    ///
    /// # Errors
    ///
    /// What the store or the sequencer refuses. Rows that were heard of are done; the rest is done when the same file is taken
    /// over once more.
    pub async fn run(self, sender: mpsc::Sender<Vec<Judged>>) -> Result<(), Refusal> {
        if !self.settings.dry_run {
            self.keep_words().await?;
        }
        // The next rows are prepared while those before them are made durable.
        let (prepared, mut chunks) = mpsc::channel(1);
        let import = self.clone();
        let preparing = tokio::task::spawn_blocking(move || import.prepare_all(&prepared));
        while let Some(chunk) = chunks.recv().await {
            let judged = self.store(chunk).await?;
            if sender.send(judged).await.is_err() {
                // Whoever asked has gone away.
                return Ok(());
            }
        }
        preparing.await.map_err(|_| Refusal::StoreUnavailable)?
    }

    /// The words are kept before the first receipt names them.
    async fn keep_words(&self) -> Result<(), Refusal> {
        let (Some(words), Some(hash)) = (&self.settings.wording, &self.hashes.1) else { return Ok(()) };
        let mut draft = Draft::default();
        let key = wordings::key(self.with.organisation.number, hash);
        draft.rows.put(Space::Wording, key, words.as_bytes());
        self.with.sequencer.store(draft).await.map(drop).map_err(refused)
    }

    fn prepare_all(&self, prepared: &mpsc::Sender<Vec<Prepared>>) -> Result<(), Refusal> {
        let mut rows = Rows::begin(&self.file, &self.settings).map_err(|_| Refusal::BodyInvalid)?;
        let mut seen = HashSet::new();
        loop {
            let snapshot = self.with.engine.snapshot().map_err(unavailable)?;
            let mut chunk = Vec::with_capacity(BATCH_DRAFTS_MAX);
            while chunk.len() < BATCH_DRAFTS_MAX {
                let Some(item) = rows.next() else { break };
                chunk.push(match item.listed {
                    Ok(listed) if !seen.insert(self.digest(&listed)) => {
                        Prepared { row: item.row, fate: Fate::Repeated, work: None }
                    }
                    Ok(listed) => self.prepare(item.row, listed, snapshot.as_ref())?,
                    Err(fate) => Prepared { row: item.row, fate, work: None },
                });
            }
            if chunk.is_empty() || prepared.blocking_send(chunk).is_err() {
                return Ok(());
            }
        }
    }

    fn digest(&self, listed: &Listed) -> [u8; 16] {
        email_digest(&listed.email, self.with.organisation.number, &self.with.keys.index)
    }

    fn prepare(&self, row: u64, listed: Listed, snapshot: &dyn Snapshot) -> Result<Prepared, Refusal> {
        let digest = self.digest(&listed);
        let mut rows = Batch::default();
        let (purpose, version, months) = self.purpose;
        let sought = Sought { purpose, version: Some(version), at: self.now };
        let (known, _) = self.with.known(snapshot, &digest, &sought, &mut rows).map_err(unavailable)?;
        let claimed = listed.claimed_at.filter(|_| self.hashes.1.is_some());
        let fate = Fate::of(claimed, |at| at.plus_months(months), known, self.now);
        let work = match fate.is_taken() && !self.settings.dry_run {
            true => Some((self.draft(&listed, fate, &digest, rows)?, listed)),
            false => None,
        };
        Ok(Prepared { row, fate, work })
    }

    /// Stores what is taken over of some rows, in one commit or a few.
    async fn store(&self, chunk: Vec<Prepared>) -> Result<Vec<Judged>, Refusal> {
        let mut judged: Vec<Judged> = chunk.iter().map(|prepared| (prepared.row, prepared.fate)).collect();
        let mut storing = JoinSet::new();
        for (place, prepared) in chunk.into_iter().enumerate() {
            let Some((draft, listed)) = prepared.work else { continue };
            let import = self.clone();
            storing.spawn(async move {
                (place, import.store_one(prepared.row, prepared.fate, draft, listed).await)
            });
        }
        while let Some(stored) = storing.join_next().await {
            let (place, fate) = stored.map_err(|_| Refusal::StoreUnavailable)?;
            judged[place].1 = fate?;
        }
        Ok(judged)
    }

    async fn store_one(&self, row: u64, fate: Fate, draft: Draft, listed: Listed) -> Result<Fate, Refusal> {
        let (mut fate, mut next) = (fate, Some((draft, listed)));
        for _ in 0..ATTEMPTS_MAX {
            let Some((draft, listed)) = next else { return Ok(fate) };
            match self.with.sequencer.store(draft).await {
                Ok(_) => return Ok(fate),
                // Another run of the same file was quicker with this row.
                Err(SequenceError::Duplicate) => {
                    return Ok(if fate == Fate::Unproven { Fate::AlreadyKnown } else { Fate::AlreadyGiven });
                }
                Err(SequenceError::Conflict { .. }) => {
                    let snapshot = self.with.engine.snapshot().map_err(unavailable)?;
                    let again = self.prepare(row, listed, snapshot.as_ref())?;
                    (fate, next) = (again.fate, again.work);
                }
                Err(error) => return Err(refused(error)),
            }
        }
        Err(Refusal::Overloaded)
    }
}
