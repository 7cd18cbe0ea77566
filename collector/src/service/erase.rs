//! Erasing people who ask for it (Art. 17), in one commit each.
//!
//! What goes: sealed contact data with its key, look-ups, receipts with their salts. What stays: the entries of the log,
//! which say nothing without the salts, so everybody else's proofs go on to hold; and a keyed digest of the address, by
//! which an import sees that this address must not come back.
//!
//! Invariant: the journal has the person before the store has lost them.

use shared::ids::SubjectId;
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::deliveries::after_erasing;
use super::people::Who;
use super::{refused, unavailable};
use crate::catalogue::Organisation;
use crate::endpoints::Endpoints;
use crate::journal::{Erased, Journal};
use crate::keys::Keys;
use crate::records::{self, Subject};
use crate::seal::FoundBy;
use crate::sequencer::{Draft, SequenceError, Sequencer};
use crate::store::{Engine, Space, StoreError, keys};

/// How often a person is read anew because they did something meanwhile.
const ATTEMPTS_MAX: usize = 4;

/// What erasing needs.
pub struct Eraser<'a> {
    /// The store, for reading.
    pub engine: &'a dyn Engine,
    /// The one door through which anything is written.
    pub sequencer: &'a Sequencer,
    /// The keys.
    pub keys: &'a Keys,
    /// Where it is written down.
    pub journal: &'a Journal,
    /// Who is to hear of it.
    pub endpoints: &'a Endpoints,
}

/// What was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gone {
    /// Records: one for each time that somebody filled in a form.
    pub people: u64,
    /// Their receipts.
    pub receipts: u64,
}

impl Eraser<'_> {
    /// Erases everybody behind an address or link. Nobody there is no error: then there is nothing left to erase.
    ///
    /// # Errors
    ///
    /// As [`Who::subjects`], or what the sequencer refuses; then what was not erased is still there.
    pub async fn erase(
        &self,
        organisation: &Organisation,
        who: &Who,
        at: Timestamp,
    ) -> Result<Gone, Refusal> {
        let found =
            who.subjects(self.engine.snapshot().map_err(unavailable)?.as_ref(), organisation, self.keys)?;
        let mut gone = Gone::default();
        for subject in found {
            let Some(first) = subject.receipts.first() else { continue };
            let receipts = self.erase_subject(organisation, &first.receipt.subject, at).await?;
            gone.people += 1;
            gone.receipts += receipts;
        }
        Ok(gone)
    }

    /// Erases one subject. Gives how many receipts it had; none when it is gone already.
    ///
    /// # Errors
    ///
    /// As [`Eraser::erase`].
    pub async fn erase_subject(
        &self,
        organisation: &Organisation,
        id: &SubjectId,
        at: Timestamp,
    ) -> Result<u64, Refusal> {
        let name = organisation.catalogue.organisation.clone();
        self.journal.add(&Erased { at, organisation: name, subject: *id }).map_err(|error| {
            tracing::error!(%error, "the erasure journal cannot be written");
            Refusal::StoreUnavailable
        })?;
        for _ in 0..ATTEMPTS_MAX {
            let snapshot = self.engine.snapshot().map_err(unavailable)?;
            let subject = Subject::read(snapshot.as_ref(), organisation.number, id).map_err(unavailable)?;
            let Some(subject) = subject else { return Ok(0) };
            let mut draft = draft(&subject, organisation.number, at).map_err(unavailable)?;
            let person = (organisation.number, &subject);
            after_erasing(self.endpoints, self.keys, person, at, &mut draft.rows)?;
            match self.sequencer.store(draft).await {
                Ok(_) => return Ok(subject.receipts.len() as u64),
                Err(SequenceError::Conflict { .. }) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        Err(Refusal::Overloaded)
    }
}

/// What erasing a subject writes, and the counters that it was in.
///
/// # Errors
///
/// As [`Subject::erase`].
pub fn draft(subject: &Subject, organisation: u32, at: Timestamp) -> Result<Draft, StoreError> {
    let mut draft = Draft::default();
    draft.uncounted = subject.erase(&mut draft.rows, at)?;
    if let Some(FoundBy::Email(digest)) = &subject.row.found_by {
        let key = records::contact_prefix(organisation, digest);
        draft.rows.put(Space::Suppressed, key, keys::moment_value(at));
    }
    Ok(draft)
}
