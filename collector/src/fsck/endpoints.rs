//! The part of `fsck` that looks at endpoints and at what they are still to be told.
//!
//! Invariant: a delivery that belongs to no endpoint any more is no finding: it goes at the next start.

use std::ops::ControlFlow;

use super::{Check, What};
use crate::endpoints::{self, log::Try, waiting::Waiting};
use crate::records::decode;
use crate::store::{Space, StoreError, keys};

impl Check<'_> {
    /// Looks at both; the log has so many entries.
    pub(super) fn endpoints(&mut self, size: u64) -> Result<(), StoreError> {
        let number = self.organisation.number;
        if !endpoints::hold(self.snapshot, number, self.signing)? {
            self.found(None, What::EndpointFalse);
        }
        let (mut holds, range) = (true, keys::of_organisation(number));
        let mut see = |fine: bool| {
            holds &= fine;
            ControlFlow::Continue(())
        };
        self.snapshot.scan(Space::Delivery, &range, &mut |key, row| {
            see(Waiting::read(key, row).is_ok_and(|waiting| waiting.about.fits(size)))
        })?;
        self.snapshot.scan(Space::Delivered, &range, &mut |_, row| {
            see(decode::<Try>(row).and_then(|one| one.about()).is_ok_and(|about| about.fits(size)))
        })?;
        if !holds {
            self.found(None, What::DeliveryFalse);
        }
        Ok(())
    }
}
