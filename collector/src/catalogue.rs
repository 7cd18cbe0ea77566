//! What the collector knows of its organisations, in memory: their forms, and every notice they ever showed.
//!
//! In scope: reading it from the store, and storing a new definition (`vinkje apply`).
//! Out of scope: judging definitions (`definition`).
//!
//! Invariant: memory follows the store: an entry changes only after its commit is durable.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use shared::Language;
use shared::form::{Catalogue, Form};
use shared::ids::{FormId, NoticeHash, OrganisationId, PurposeId};
use shared::notice::Notice;
use shared::refusal::Refusal;

use crate::example::example_receipt;
use crate::records::{self, NoticeRow, OrganisationRow};
use crate::sequencer::{Draft, SequenceError, Sequencer};
use crate::store::{Engine, KeyRange, Snapshot, Space, StoreError, keys};

/// A notice with its number and example.
#[derive(Debug)]
pub struct KnownNotice {
    /// Its number within the organisation.
    pub number: u32,
    /// Its hash.
    pub hash: NoticeHash,
    /// What it says.
    pub notice: Notice,
    /// Its canonical bytes.
    pub canonical: Vec<u8>,
    /// What receipts under it are compressed against.
    pub example: Vec<u8>,
}

/// An organisation as it stands.
#[derive(Debug)]
pub struct Organisation {
    /// Its number.
    pub number: u32,
    /// What it has defined now.
    pub catalogue: Catalogue,
    /// Every purpose it ever had; the place of each is its number.
    purposes: Vec<PurposeId>,
    notices: HashMap<NoticeHash, Arc<KnownNotice>>,
}

impl Organisation {
    /// The number of a purpose, by which small rows name it.
    #[must_use]
    pub fn number_of(&self, purpose: &PurposeId) -> Option<u16> {
        let number = self.purposes.iter().position(|known| known == purpose)?;
        u16::try_from(number).ok()
    }

    /// A form by name.
    ///
    /// # Errors
    ///
    /// [`Refusal::FormUnknown`].
    pub fn form(&self, id: &FormId) -> Result<&Form, Refusal> {
        self.catalogue.forms.get(id).ok_or(Refusal::FormUnknown)
    }

    /// Any notice that was ever shown.
    #[must_use]
    pub fn notice(&self, hash: &NoticeHash) -> Option<&Arc<KnownNotice>> {
        self.notices.get(hash)
    }

    /// Today's notice of a form in a language.
    ///
    /// # Errors
    ///
    /// [`Refusal::FormUnknown`].
    pub fn current(&self, form: &FormId, language: Language) -> Result<&Arc<KnownNotice>, Refusal> {
        let notice = self.form(form)?.notices.get(&language).ok_or(Refusal::FormUnknown)?;
        self.notice(&notice.canonical().1).ok_or(Refusal::FormUnknown)
    }

    /// Whether a page of this origin may use the forms.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        self.catalogue.origins.iter().any(|allowed| allowed.as_str() == origin)
    }
}

/// All organisations, by name and by number.
#[derive(Debug, Default)]
pub struct Organisations {
    by_name: HashMap<OrganisationId, Arc<Organisation>>,
    by_number: HashMap<u32, Arc<Organisation>>,
}

impl Organisations {
    /// An organisation by name.
    #[must_use]
    pub fn named(&self, id: &OrganisationId) -> Option<&Arc<Organisation>> {
        self.by_name.get(id)
    }

    /// Every organisation, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Organisation>> {
        self.by_number.values()
    }

    /// An organisation by number.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Option<&Arc<Organisation>> {
        self.by_number.get(&number)
    }

    /// Reads everything from the store.
    ///
    /// # Errors
    ///
    /// What the store says, or that a row is not what was written.
    pub fn read(snapshot: &dyn Snapshot) -> Result<Self, StoreError> {
        let mut rows = Vec::new();
        snapshot.scan(Space::Organisation, &KeyRange::all(), &mut |_, row| {
            rows.push(row.to_vec());
            std::ops::ControlFlow::Continue(())
        })?;
        let mut all = Self::default();
        for row in rows {
            let organisation = Arc::new(read_organisation(snapshot, &row)?);
            all.by_number.insert(organisation.number, organisation.clone());
            all.by_name.insert(organisation.catalogue.organisation.clone(), organisation);
        }
        Ok(all)
    }
}

fn read_row(row: &[u8]) -> Result<OrganisationRow, StoreError> {
    serde_json::from_slice(row)
        .map_err(|_| StoreError::Corrupt("an organisation is not what was written".into()))
}

fn read_organisation(snapshot: &dyn Snapshot, row: &[u8]) -> Result<Organisation, StoreError> {
    let row = read_row(row)?;
    let mut notices = HashMap::new();
    for number in 0..row.notices {
        let found = snapshot.get(Space::Notice, &records::notice_key(row.number, number))?;
        let found: NoticeRow =
            records::decode(&found.ok_or_else(|| StoreError::Corrupt("a notice is gone".into()))?)?;
        let notice = records::read_notice(&found)?;
        let hash = notice.canonical().1;
        let known = KnownNotice { number, hash, notice, canonical: found.canonical, example: found.example };
        notices.insert(hash, Arc::new(known));
    }
    Ok(Organisation { number: row.number, catalogue: row.catalogue, purposes: row.purposes, notices })
}

/// Why a definition could not be stored.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The commit did not happen, or its outcome is unknown.
    #[error(transparent)]
    Sequence(#[from] SequenceError),
}

/// The organisations in memory, over the store they come from.
pub struct Registry {
    engine: Arc<dyn Engine>,
    issuer: String,
    all: ArcSwap<Organisations>,
}

impl Registry {
    /// Reads the store. `issuer` is the base URL that receipts name.
    ///
    /// # Errors
    ///
    /// As [`Organisations::read`].
    pub fn open(engine: Arc<dyn Engine>, issuer: &str) -> Result<Self, StoreError> {
        let all = Organisations::read(engine.snapshot()?.as_ref())?;
        Ok(Self { engine, issuer: issuer.into(), all: ArcSwap::from_pointee(all) })
    }

    /// What is known now.
    #[must_use]
    pub fn now(&self) -> Arc<Organisations> {
        self.all.load_full()
    }

    /// Stores what a definition was compiled to, and shows it from now on.
    ///
    /// # Errors
    ///
    /// An [`ApplyError`]; [`SequenceError::Conflict`] when somebody else applied at the same time.
    pub async fn apply(&self, catalogue: Catalogue, sequencer: &Sequencer) -> Result<(), ApplyError> {
        let draft = self.draft(catalogue)?;
        sequencer.store(draft).await?;
        self.all.store(Arc::new(Organisations::read(self.engine.snapshot()?.as_ref())?));
        Ok(())
    }

    fn draft(&self, catalogue: Catalogue) -> Result<Draft, StoreError> {
        let snapshot = self.engine.snapshot()?;
        let key = catalogue.organisation.as_str().as_bytes().to_vec();
        let before = snapshot.get(Space::Organisation, &key)?;
        let known = self.now();
        let mut draft = Draft::default();
        let (number, mut notices, mut purposes) = match &before {
            Some(row) => read_row(row).map(|row| (row.number, row.notices, row.purposes))?,
            None => (next_number(snapshot.as_ref(), &mut draft)?, 0, Vec::new()),
        };
        let new = catalogue.purposes.keys().filter(|purpose| !purposes.contains(purpose));
        purposes.extend(new.cloned().collect::<Vec<_>>());
        let organisation = known.numbered(number);
        for notice in catalogue.forms.values().flat_map(|form| form.notices.values()) {
            let (canonical, hash) = notice.canonical();
            if organisation.is_some_and(|organisation| organisation.notice(&hash).is_some()) {
                continue;
            }
            let origin = catalogue.origins.first().map(shared::form::Origin::as_str);
            let example = example_receipt(notice, hash, &self.issuer, origin);
            let row = records::encode(&NoticeRow { canonical, example });
            draft.rows.put(Space::Notice, records::notice_key(number, notices), row);
            notices += 1;
        }
        let row = serde_json::to_vec(&OrganisationRow { number, notices, purposes, catalogue });
        let row = row.map_err(|_| StoreError::Corrupt("a catalogue cannot be written".into()))?;
        draft.rows.expect_unchanged(Space::Organisation, key.clone(), before).put(
            Space::Organisation,
            key,
            row,
        );
        Ok(draft)
    }
}

const NEXT_NUMBER: &[u8] = b"next-organisation";

/// The number of a new organisation, from 1; the draft takes it.
fn next_number(snapshot: &dyn Snapshot, draft: &mut Draft) -> Result<u32, StoreError> {
    let before = snapshot.get(Space::Meta, NEXT_NUMBER)?;
    let number = match &before {
        Some(bytes) => u32::try_from(keys::read_sequence(bytes)?).unwrap_or(u32::MAX),
        None => 1,
    };
    let after = keys::sequence_value(u64::from(number) + 1);
    draft.rows.expect_unchanged(Space::Meta, NEXT_NUMBER, before).put(Space::Meta, NEXT_NUMBER, after);
    Ok(number)
}
