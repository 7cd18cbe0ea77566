//! "May we address these people for this purpose now?", answered from what stands with each address.
//!
//! In scope: looking up thousands of addresses in one state of the store, in the order in which they lie there. Out of scope:
//! dates in the past and reasons (`as_of`), who may ask (`http`).
//!
//! Invariant: the answer is the one that `as_of` gives from the receipts; no receipt is read, and memory holds a few dozen bytes
//! for each address that was asked about.

use std::ops::ControlFlow;

use shared::address::Weight;
use shared::contact::EmailAddress;
use shared::ids::{PurposeVersion, ReceiptId};
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::as_of::{Answer, Answerer, Asked, State};
use super::people::Who;
use super::unavailable;
use crate::objection;
use crate::records;
use crate::seal::AddressIndex;
use crate::standing::{self, Found};
use crate::store::{KeyRange, Snapshot, Space, StoreError};

/// The answer about one address, as small as it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Short {
    /// Where the consent stands, and the receipt that made it so.
    Stands(State, Option<ReceiptId>),
    /// There is no answer.
    Error(Refusal),
}

impl Short {
    /// The same with the number of its line.
    #[must_use]
    pub const fn line(self, line: usize) -> Answer {
        match self {
            Self::Stands(state, receipt) => {
                let (answer, basis) = (Some(state.is_yes()), state.basis());
                Answer { line, answer, state: Some(state), basis, receipt, because: None, error: None }
            }
            Self::Error(refusal) => Answer::error(line, refusal),
        }
    }
}

/// What is looked for under each address.
#[derive(Debug, Clone, Copy)]
pub struct Sought {
    /// The purpose, by its number.
    pub purpose: u16,
    /// Consent to which version counts.
    pub version: Option<PurposeVersion>,
    /// At which moment.
    pub at: Timestamp,
}

impl Answerer<'_> {
    /// Answers about now, in the order of the people.
    ///
    /// # Errors
    ///
    /// [`Refusal::PurposeNotOffered`] or [`Refusal::StoreUnavailable`]; then nobody has an answer.
    pub fn may_address<'a>(
        &self,
        asked: &Asked,
        people: impl ExactSizeIterator<Item = &'a str>,
        now: Timestamp,
    ) -> Result<Vec<Short>, Refusal> {
        let sought = self.sought(asked, now)?;
        let index = AddressIndex::new(self.organisation.number, &self.keys.index);
        let mut answers = vec![Short::Stands(State::Unknown, None); people.len()];
        let mut by_digest = Vec::with_capacity(people.len());
        for (place, text) in people.enumerate() {
            match text.contains("/m/") {
                true => answers[place] = self.by_link(text, &sought)?,
                false => match EmailAddress::parse(text.trim()) {
                    Ok(email) => by_digest.push((index.digest(&email), place)),
                    Err(refusal) => answers[place] = Short::Error(refusal),
                },
            }
        }
        let objections = objection::any(self.snapshot, self.organisation.number).map_err(unavailable)?;
        // Neighbours in the store are looked up one after the other, so each page is read once.
        by_digest.sort_unstable();
        for (digest, place) in by_digest {
            let found = decides(self.snapshot, self.organisation.number, &digest, &sought);
            let (known, found) = found.map_err(unavailable)?;
            if objections && let Some(objected) = self.objected(&digest, found.as_ref())? {
                answers[place] = objected;
            } else if let Some(found) = found {
                answers[place] = short(&found, &sought);
            } else if known {
                answers[place] = Short::Stands(State::NotAsked, None);
            }
        }
        Ok(answers)
    }

    /// That somebody objected, where that decides beside what was found.
    fn objected(&self, digest: &[u8; 16], found: Option<&Found>) -> Result<Option<Short>, Refusal> {
        let number = self.organisation.number;
        let objection = objection::of(self.snapshot, number, digest).map_err(unavailable)?;
        let Some(objection) = objection.filter(|objection| objection.decides_over(found)) else {
            return Ok(None);
        };
        let stored = records::find_numbered(self.snapshot, number, objection.number).map_err(unavailable)?;
        Ok(Some(Short::Stands(State::Objected, stored.map(|stored| stored.receipt.receipt))))
    }

    fn sought(&self, asked: &Asked, now: Timestamp) -> Result<Sought, Refusal> {
        let (at, version) = asked.resolved(self.organisation, now)?;
        let purpose = self.organisation.number_of(&asked.purpose).ok_or(Refusal::PurposeNotOffered)?;
        Ok(Sought { purpose, version, at })
    }

    /// The link of an own page names one subject, whatever else happened under their address.
    fn by_link(&self, text: &str, sought: &Sought) -> Result<Short, Refusal> {
        let subjects =
            Who::parse(text).and_then(|who| who.subjects(self.snapshot, self.organisation, self.keys));
        let subject = match subjects {
            Ok(subjects) => subjects.into_iter().next(),
            Err(Refusal::StoreUnavailable) => return Err(Refusal::StoreUnavailable),
            Err(refusal) => return Ok(Short::Error(refusal)),
        };
        let Some(subject) = subject else { return Ok(Short::Stands(State::Unknown, None)) };
        let row = standing::anew(&subject, self.organisation).map_err(unavailable)?;
        let found = row.map(|row| standing::find(&row, sought.purpose)).transpose().map_err(unavailable)?;
        let found = found.flatten();
        let objected = match &subject.row.found_by {
            Some(found_by) => self.objected(found_by.digest(), found.as_ref())?,
            None => objection::among(&subject.receipts, sought.at)
                .filter(|(objection, _)| objection.decides_over(found.as_ref()))
                .map(|(_, receipt)| Short::Stands(State::Objected, Some(receipt))),
        };
        if let Some(objected) = objected {
            return Ok(objected);
        }
        Ok(found.map_or(Short::Stands(State::NotAsked, None), |found| short(&found, sought)))
    }
}

fn short(found: &Found, sought: &Sought) -> Short {
    Short::Stands(State::of(found.claim, sought.version, sought.at), Some(found.proof.receipt))
}

/// Whether anybody is known under an address, and what decides there, out of all who gave it.
fn decides(
    snapshot: &dyn Snapshot,
    organisation: u32,
    digest: &[u8; 16],
    sought: &Sought,
) -> Result<(bool, Option<Found>), StoreError> {
    let (mut weighing, mut known) = (Weighing::default(), false);
    let range = KeyRange::prefix(&records::contact_prefix(organisation, digest));
    let mut broken = None;
    snapshot.scan(Space::Contact, &range, &mut |_, row| {
        known = true;
        match weighing.add(row, sought, ()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    broken.map_or(Ok((known, weighing.heaviest().map(|((), found)| found))), Err)
}

/// The rows of one address, one after another, and which of them decides so far. Each row comes with a mark of the caller's.
#[derive(Debug)]
pub struct Weighing<Mark>(Option<(Heaviness, Mark, Found)>);

/// Of equal weights the receipt with the highest number decides.
type Heaviness = (Weight, Option<u64>);

impl<Mark> Default for Weighing<Mark> {
    fn default() -> Self {
        Self(None)
    }
}

impl<Mark> Weighing<Mark> {
    /// One more row of the same address.
    ///
    /// # Errors
    ///
    /// As [`standing::find`].
    pub fn add(&mut self, row: &[u8], sought: &Sought, mark: Mark) -> Result<(), StoreError> {
        if let Some(found) = standing::find(row, sought.purpose)? {
            let weight = (found.claim.weight(sought.version, sought.at), found.proof.number);
            if self.0.as_ref().is_none_or(|(heaviest, ..)| *heaviest < weight) {
                self.0 = Some((weight, mark, found));
            }
        }
        Ok(())
    }

    /// What decides, with its mark.
    #[must_use]
    pub fn heaviest(self) -> Option<(Mark, Found)> {
        self.0.map(|(_, mark, found)| (mark, found))
    }
}
