//! People of whom their organisation tells: on an imported list, or at a sale.
//!
//! In scope: what is known of an address already, and the first receipt of a new person with its rows. Out of scope: what follows from
//! what is known (`shared::import`, `shared::sale`), what the receipt says (`import`, `sales`).
//!
//! Invariant: what is stored is stored on the condition that what is known of the address is still what was judged.

use std::ops::ControlFlow;

use sha2::{Digest, Sha256};
use shared::address::Weight;
use shared::contact::{Contact, EmailAddress};
use shared::ids::ReceiptId;
use shared::import::Known;
use shared::lifecycle::{ConsentState, Consents};
use shared::offer::{Nonce, Offer, WidgetBuild};
use shared::receipt::Receipt;
use shared::refusal::Refusal;
use shared::terms;
use shared::time::Timestamp;

use super::deliveries::after;
use super::draft::sign;
use super::import::Importer;
use super::may_address::{Sought, Weighing};
use super::submit::first_rows;
use super::{Shown, unavailable};
use crate::objection;
use crate::records::{SubjectRow, contact_prefix};
use crate::seal::{FoundBy, Sealed};
use crate::sequencer::Draft;
use crate::standing::Found;
use crate::store::{Batch, KeyRange, Snapshot, Space, StoreError};

/// Nothing of ours showed the words.
pub(super) const NO_WIDGET: WidgetBuild = WidgetBuild([0; 8]);

impl Importer {
    /// What is known of an address and what decides there, on the condition that it stays so.
    pub(super) fn known(
        &self,
        snapshot: &dyn Snapshot,
        digest: &[u8; 16],
        sought: &Sought,
        rows: &mut Batch,
    ) -> Result<(Known, Option<Found>), StoreError> {
        let prefix = contact_prefix(self.organisation.number, digest);
        let suppressed = snapshot.get(Space::Suppressed, &prefix)?;
        rows.expect_unchanged(Space::Suppressed, prefix.clone(), suppressed.clone());
        let objection = snapshot.get(Space::Objected, &prefix)?;
        rows.expect_unchanged(Space::Objected, prefix.clone(), objection.clone());
        let objection = objection.as_deref().map(objection::read).transpose()?;
        let (mut weighing, mut broken) = (Weighing::default(), None);
        snapshot.scan(Space::Contact, &KeyRange::prefix(&prefix), &mut |key, row| {
            rows.expect_unchanged(Space::Contact, key.to_vec(), Some(row.to_vec()));
            match weighing.add(row, sought, ()) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    broken = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        if let Some(error) = broken {
            return Err(error);
        }
        let found = weighing.heaviest().map(|((), found)| found);
        let objected = objection.is_some_and(|objection| objection.decides_over(found.as_ref()));
        let claim = found.map(|found| found.claim);
        let decides = claim.filter(|claim| claim.weight(sought.version, sought.at) == Weight::Decides);
        let withdrawn = |claim: shared::address::Claim| claim.state == ConsentState::Withdrawn;
        let known = Known {
            suppressed: suppressed.is_some(),
            stopped: decides.is_some_and(withdrawn),
            objected,
            stands: decides.is_some_and(|claim| !withdrawn(claim)),
            known: claim.is_some(),
        };
        Ok((known, found))
    }

    /// The draft of a new person's first receipt, on these conditions.
    pub(super) fn first(
        &self,
        shown: &Shown,
        record: &Receipt,
        email: &EmailAddress,
        rows: Batch,
    ) -> Result<Draft, Refusal> {
        let number = self.organisation.number;
        let contact = Contact { email: Some(email.clone()), ..Contact::default() };
        let found_by = FoundBy::of(&contact, &record.subject, number, &self.keys.index);
        let sealed = Sealed::seal(&contact, &record.subject, &self.keys.master);
        let sealed = sealed.map_err(|_| Refusal::StoreUnavailable)?;
        let consents = record.fold(Consents::default());
        let (_, due) = terms::next(&consents, true, shown.terms());
        let row = SubjectRow {
            contact: Some(sealed),
            found_by,
            due: due.unix_seconds(),
            slip: None,
            later: Vec::new(),
        };
        let mut receipt = sign(shown, &self.keys, &self.base_url, record)?;
        first_rows(shown, record, &row, &mut receipt).map_err(unavailable)?;
        let told = (row.contact.as_ref(), number);
        receipt.numbered.extend(after(&self.endpoints, &self.keys, record, &Consents::default(), told)?);
        Ok(Draft { receipt: Some(receipt), rows, ..Draft::default() })
    }

    /// Follows from what was told, so that the same brings the same one.
    pub(super) fn told_id(&self, shown: &Shown, since: Timestamp, told: Sha256) -> ReceiptId {
        let notice = &shown.notice;
        let offer = Offer {
            form: shown.form.clone(),
            form_version: notice.notice.form_version,
            language: notice.notice.language,
            notice: notice.hash,
            widget: NO_WIDGET,
            issued: since,
            salt: [0; 8],
            ticket: None,
        };
        let bound: [u8; 32] = told.finalize().into();
        let (bound, _) = bound.split_at(16);
        offer.receipt_id(&Nonce(bound.try_into().expect("16 of 32 bytes")), &self.keys.offer)
    }
}
