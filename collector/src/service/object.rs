//! Objecting to all advertising (Art. 21(2)-(3)): who can, and whether it was done.
//!
//! In scope: what the act rests on. Out of scope: the act itself (`manage`, `stop`), what follows from it (`crate::objection`).
//!
//! Invariant: an objection that stands already makes no second receipt, however often its button is pressed.

use std::ops::ControlFlow;

use shared::ids::ReceiptId;
use shared::receipt::{Act, Receipt};
use shared::refusal::Refusal;
use widget::model::Objecting;

use super::manage::Managed;
use super::{Service, unavailable};
use crate::objection;
use crate::records::contact_prefix;
use crate::store::{KeyRange, Space};

impl Managed {
    /// Whether an objection here counts for the address. What nobody ever confirmed says nothing about an address: who typed
    /// somebody else's has this link too.
    #[must_use]
    pub fn may_object(&self) -> bool {
        let counts =
            |receipt: &Receipt| matches!(receipt.act, Act::Import | Act::Sale) || receipt.any_given();
        self.subject.row.found_by.is_some()
            && self.subject.receipts.iter().any(|stored| counts(&stored.receipt))
    }
}

impl Service {
    /// The receipt by which this person objected, where nothing happened under their address since.
    pub(super) fn objected_before(&self, managed: &Managed) -> Result<Option<ReceiptId>, Refusal> {
        let of_objection = |stored: &&crate::records::StoredReceipt| stored.receipt.act == Act::Objection;
        let Some(last) = managed.subject.receipts.iter().rev().find(of_objection) else { return Ok(None) };
        let done = Some(last.receipt.receipt);
        let Some(found_by) = &managed.subject.row.found_by else { return Ok(done) };
        let mut newest = 0;
        let range = KeyRange::prefix(&contact_prefix(managed.organisation.number, found_by.digest()));
        self.snapshot()?
            .scan(Space::Contact, &range, &mut |_, row| {
                // The number of the person's newest receipt ends their row.
                let number = row.last_chunk::<8>().map_or(u64::MAX, |number| u64::from_be_bytes(*number));
                newest = newest.max(number);
                ControlFlow::Continue(())
            })
            .map_err(unavailable)?;
        Ok(done.filter(|_| newest <= last.sequence))
    }

    /// Whether this person can object to all advertising here, or did.
    pub(super) fn objecting(&self, managed: &Managed) -> Result<Objecting, Refusal> {
        let Some(found_by) = &managed.subject.row.found_by else { return Ok(Objecting::No) };
        let (snapshot, number) = (self.snapshot()?, managed.organisation.number);
        let objection = objection::of(snapshot.as_ref(), number, found_by.digest()).map_err(unavailable)?;
        let any_later = |objection: objection::Objection| {
            let receipts = &managed.subject.receipts;
            receipts.iter().any(|stored| stored.sequence > objection.number && stored.receipt.any_given())
        };
        Ok(match objection {
            // Who agreed to something since can object once more.
            Some(objection) if !any_later(objection) => Objecting::Done,
            _ if managed.may_object() => Objecting::Can,
            _ => Objecting::No,
        })
    }
}
