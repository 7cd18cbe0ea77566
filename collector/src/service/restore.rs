//! Judging and mending a backup before it becomes the store again.
//!
//! A backup is a state of the past. Since then the log may have been shown to people and witnesses, and people may have been erased. To
//! go on from the past as if nothing had happened would show a second history under the same name, and bring people back.
//!
//! In scope: what kept checkpoints say about a backup, starting its logs anew, erasing again who was erased. Out of scope: files
//! (`cli::restore`).
//!
//! Invariant: a log goes on under its own name only if nothing that was shown of it contradicts that.

use shared::ids::OrganisationId;
use shared::log::checkpoint::signed;
use shared::log::extension::ExtensionError;
use shared::log::{Checkpoint, Note, tree};

use crate::catalogue::{Organisation, Organisations};
use crate::journal::Erased;
use crate::keys::Keys;
use crate::log::Head;
use crate::log::read::Log;
use crate::records::Subject;
use crate::sequencer::Draft;
use crate::service::erase;
use crate::service::heads::Heads;
use crate::store::{Batch, Engine, Snapshot, Space, StoreError, keys};
use crate::tally;

/// What a kept checkpoint says about a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The backup has everything that the checkpoint has.
    Has(OrganisationId),
    /// So many receipts were taken and shown after the backup was made.
    Lacks(OrganisationId, u64),
    /// The backup is of another history.
    Other(OrganisationId),
    /// The checkpoint is of none of these logs, or its signature is false.
    Strange,
}

/// A backup that was opened.
pub struct Backup<'a> {
    /// Its rows.
    pub engine: &'a dyn Engine,
    /// The keys that it was made with.
    pub keys: &'a Keys,
    /// The address of the collector.
    pub base_url: &'a str,
}

impl Backup<'_> {
    /// Judges a checkpoint that somebody kept.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn judge(&self, kept: &Note) -> Result<Verdict, StoreError> {
        let snapshot = self.engine.snapshot()?;
        let known = Organisations::read(snapshot.as_ref())?;
        for organisation in known.all() {
            let origin = self.keys.log.origin(self.base_url, &organisation.catalogue.organisation);
            let key = self.keys.log.named(&origin);
            if let Ok(checkpoint) = signed(kept, &key, ExtensionError::Origin) {
                return held(snapshot.as_ref(), organisation, &checkpoint);
            }
        }
        Ok(Verdict::Strange)
    }

    /// Starts all logs anew: the same entries under the next name, each head signed for it. Gives the generation.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn start_anew(&self, meta: &[u8]) -> Result<u32, StoreError> {
        let generation = self.keys.log.generation() + 1;
        let log = self.keys.log.clone().of_generation(generation);
        let snapshot = self.engine.snapshot()?;
        let mut batch = Batch::default();
        batch.put(Space::Meta, meta, keys::sequence_value(u64::from(generation)));
        Heads { snapshot: snapshot.as_ref(), log: &log, base_url: self.base_url }.sign(&mut batch)?;
        self.engine.commit(&batch)?;
        Ok(generation)
    }

    /// Erases again who was erased after the backup was made. Gives how many were in it.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn erase_again(&self, erased: &[Erased]) -> Result<u64, StoreError> {
        let known = Organisations::read(self.engine.snapshot()?.as_ref())?;
        let mut count = 0;
        for person in erased {
            let Some(organisation) = known.named(&person.organisation) else { continue };
            let snapshot = self.engine.snapshot()?;
            let found = Subject::read(snapshot.as_ref(), organisation.number, &person.subject)?;
            let Some(subject) = found else { continue };
            let Draft { mut rows, uncounted, .. } = erase::draft(&subject, organisation.number, person.at)?;
            tally::take_away(snapshot.as_ref(), &uncounted, &mut rows)?;
            self.engine.commit(&rows)?;
            count += 1;
        }
        Ok(count)
    }
}

fn held(
    snapshot: &dyn Snapshot,
    organisation: &Organisation,
    kept: &Checkpoint,
) -> Result<Verdict, StoreError> {
    let name = organisation.catalogue.organisation.clone();
    let log = Log::new(snapshot, organisation.number);
    let head = log.head()?.unwrap_or_else(Head::default).frontier;
    if kept.size > head.size() {
        return Ok(Verdict::Lacks(name, kept.size - head.size()));
    }
    let path = log.consistency(kept.size, head.size())?;
    let same = tree::extends((kept.size, &kept.root), (head.size(), &head.root()), &path);
    Ok(if same { Verdict::Has(name) } else { Verdict::Other(name) })
}
