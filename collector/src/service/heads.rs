//! The signed heads of all logs of a store, under one address.
//!
//! In scope: whether they are signed for it, and signing them for it. Out of scope: when that is right (`cli::relocate`,
//! `restore`).
//!
//! Invariant: signing anew never changes an entry or a size, only the name and the signature.

use shared::ids::OrganisationId;

use crate::catalogue::Organisations;
use crate::log::read::Log;
use crate::log::{Head, LogKey};
use crate::store::{Batch, Snapshot, Space, StoreError, keys};

/// The heads of a state of the store.
pub struct Heads<'a> {
    /// The state.
    pub snapshot: &'a dyn Snapshot,
    /// The key of the logs, which knows how often they were started anew.
    pub log: &'a LogKey,
    /// The address that the logs are named after.
    pub base_url: &'a str,
}

struct Named {
    organisation: OrganisationId,
    number: u32,
    origin: String,
    head: Head,
}

impl Heads<'_> {
    /// The organisations whose head is not truly signed for this address.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn not_signed(&self) -> Result<Vec<OrganisationId>, StoreError> {
        let is_false = |one: &Named| {
            let note = self.log.note(&one.origin, &one.head);
            note.signed_by(&self.log.named(&one.origin)).is_err()
        };
        Ok(self.all()?.into_iter().filter(is_false).map(|one| one.organisation).collect())
    }

    /// Signs every head for this address. Gives the names of the logs.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn sign(&self, batch: &mut Batch) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        for one in self.all()? {
            let head = self.log.head(&one.origin, one.head.frontier);
            batch.put(Space::Head, keys::organisation(one.number), head.encode());
            names.push(one.origin);
        }
        Ok(names)
    }

    /// Logs without an entry have no head.
    fn all(&self) -> Result<Vec<Named>, StoreError> {
        let mut all = Vec::new();
        for organisation in Organisations::read(self.snapshot)?.all() {
            let number = organisation.number;
            let Some(head) = Log::new(self.snapshot, number).head()? else { continue };
            let organisation = organisation.catalogue.organisation.clone();
            let origin = self.log.origin(self.base_url, &organisation);
            all.push(Named { organisation, number, origin, head });
        }
        Ok(all)
    }
}
