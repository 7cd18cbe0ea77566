//! What anybody may read of an organisation's log, and the proof that goes with a receipt.
//!
//! In scope: checkpoint, tiles, the log's public key, proofs. Out of scope: how they are stored (`log`).
//!
//! Invariant: nothing here tells anything about a person to somebody who does not hold their receipt link: the log has
//! salted commitments only, and a proof is behind the same token as its receipt.

use shared::ids::OrganisationId;
use shared::log::tile::Tile;
use shared::log::{Extension, LogProof, Note};
use shared::refusal::Refusal;

use super::{Service, unavailable};
use crate::log::Head;
use crate::log::cosigned::Cosigned;
use crate::log::read::Log;

impl Service {
    /// The name of an organisation's log.
    #[must_use]
    pub fn log_origin(&self, organisation: &OrganisationId) -> String {
        self.keys.log.origin(&self.base_url, organisation)
    }

    fn log_number(&self, organisation: &OrganisationId) -> Result<u32, Refusal> {
        let known = self.registry.now();
        known.named(organisation).map(|organisation| organisation.number).ok_or(Refusal::PageUnknown)
    }

    /// The public key of an organisation's log: a C2SP verifier key and a line feed.
    ///
    /// # Errors
    ///
    /// [`Refusal::PageUnknown`] when there is no such organisation.
    pub fn log_key(&self, organisation: &OrganisationId) -> Result<String, Refusal> {
        self.log_number(organisation)?;
        Ok(format!("{}\n", self.keys.log.named(&self.log_origin(organisation))))
    }

    /// The newest signed checkpoint.
    ///
    /// # Errors
    ///
    /// [`Refusal::PageUnknown`] before the first entry, or [`Refusal::StoreUnavailable`].
    pub fn checkpoint(&self, organisation: &OrganisationId) -> Result<Note, Refusal> {
        self.with_log(organisation, Refusal::PageUnknown, |_, _, cosigned| Ok(cosigned.newest().clone()))
    }

    /// The checkpoint that most witnesses cosigned, of those the newest.
    ///
    /// # Errors
    ///
    /// [`Refusal::PageUnknown`] before the first cosignature, or [`Refusal::StoreUnavailable`].
    pub fn witnessed(&self, organisation: &OrganisationId) -> Result<Note, Refusal> {
        self.with_log(organisation, Refusal::PageUnknown, |_, _, cosigned| {
            cosigned.best(0).map(|(_, note)| note.clone()).ok_or(Refusal::PageUnknown)
        })
    }

    /// Reads an organisation's log, its head and what witnesses said of it from one state of the store. A log without
    /// a head is refused with `empty`.
    fn with_log<T>(
        &self,
        organisation: &OrganisationId,
        empty: Refusal,
        read: impl FnOnce(&Log<'_>, &Head, &Cosigned) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let number = self.log_number(organisation)?;
        let snapshot = self.snapshot()?;
        let log = Log::new(snapshot.as_ref(), number);
        let head = log.head().map_err(unavailable)?.ok_or(empty)?;
        let origin = self.log_origin(organisation);
        let (of, by) = ((number, origin.as_str()), (&head, &self.keys.log));
        let cosigned = Cosigned::read(snapshot.as_ref(), of, by, self.witnesses.keys());
        read(&log, &head, &cosigned.map_err(unavailable)?)
    }

    /// A tile, by its path below `tile/`.
    ///
    /// # Errors
    ///
    /// [`Refusal::PageUnknown`] when it is not there (yet), or [`Refusal::StoreUnavailable`].
    pub fn tile(&self, organisation: &OrganisationId, path: &str) -> Result<Vec<u8>, Refusal> {
        let tile = Tile::parse(path).ok_or(Refusal::PageUnknown)?;
        let number = self.log_number(organisation)?;
        let snapshot = self.snapshot()?;
        let found = Log::new(snapshot.as_ref(), number).tile(&tile).map_err(unavailable)?;
        found.ok_or(Refusal::PageUnknown)
    }

    /// The proof that today's log begins with the log of a size that somebody kept.
    ///
    /// # Errors
    ///
    /// [`Refusal::PageUnknown`] for a size that the log does not have (yet), or [`Refusal::StoreUnavailable`].
    pub fn extension(&self, organisation: &OrganisationId, old: u64) -> Result<Extension, Refusal> {
        self.with_log(organisation, Refusal::PageUnknown, |log, head, cosigned| {
            let size = head.frontier.size();
            if old > size {
                return Err(Refusal::PageUnknown);
            }
            let path = log.consistency(old, size).map_err(unavailable)?;
            Ok(Extension { old, path, checkpoint: cosigned.newest().clone() })
        })
    }

    /// The proof that a receipt is in the log: under the checkpoint with the most cosignatures that has it, or today's.
    ///
    /// # Errors
    ///
    /// As [`Service::receipt`].
    pub fn log_proof(&self, token: &str) -> Result<(String, LogProof), Refusal> {
        let (organisation, stored) = self.receipt(token)?;
        // Its receipt is there, so the log must be.
        self.with_log(
            &organisation.catalogue.organisation,
            Refusal::StoreUnavailable,
            |log, head, cosigned| {
                let (size, checkpoint) =
                    cosigned.best(stored.sequence + 1).unwrap_or((head.frontier.size(), cosigned.newest()));
                let path = log.inclusion(stored.sequence, size).map_err(unavailable)?;
                let checkpoint = checkpoint.clone();
                let proof = LogProof { salt: stored.salt, index: stored.sequence, path, checkpoint };
                Ok((stored.receipt.receipt.to_string(), proof))
            },
        )
    }
}
