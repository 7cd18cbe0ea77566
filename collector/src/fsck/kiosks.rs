//! The part of `fsck` that looks at kiosks: each number that one used up has its entry, once and in order.
//!
//! Invariant: what a customer gave at one is a receipt like any other, and is judged there.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::{Check, What};
use crate::kiosks::{EntryRow, KioskRow, RefusedRow};
use crate::records::decode;
use crate::store::{Space, StoreError, keys};

/// The parts of a key: the kiosk, and what comes behind it.
fn parts(key: &[u8]) -> Option<(&[u8; 16], &[u8])> {
    key.get(4..)?.split_first_chunk()
}

impl Check<'_> {
    /// Looks at the kiosks and at all that is kept of each.
    pub(super) fn kiosks(&mut self) -> Result<(), StoreError> {
        let range = keys::of_organisation(self.organisation.number);
        let mut holds = true;
        // The number that an entry of each must have next.
        let mut next: BTreeMap<[u8; 16], u64> = BTreeMap::new();
        self.snapshot.scan(Space::Kiosk, &range, &mut |key, row| {
            match (parts(key), decode::<KioskRow>(row)) {
                (Some((kiosk, [])), Ok(row)) => drop(next.insert(*kiosk, row.next)),
                _ => holds = false,
            }
            ControlFlow::Continue(())
        })?;
        let mut seen: BTreeMap<[u8; 16], u64> = next.keys().map(|kiosk| (*kiosk, 1)).collect();
        self.snapshot.scan(Space::KioskEntry, &range, &mut |key, row| {
            let expected = parts(key).and_then(|(kiosk, number)| Some((seen.get_mut(kiosk)?, number)));
            holds &= expected.is_some_and(|(expected, number)| {
                let fine = *number == expected.to_be_bytes() && decode::<EntryRow>(row).is_ok();
                *expected += 1;
                fine
            });
            ControlFlow::Continue(())
        })?;
        holds &= seen == next;
        let known = |key: &[u8]| parts(key).is_some_and(|(kiosk, _)| next.contains_key(kiosk));
        self.snapshot.scan(Space::KioskRefused, &range, &mut |key, row| {
            holds &= known(key) && decode::<RefusedRow>(row).is_ok();
            ControlFlow::Continue(())
        })?;
        self.snapshot.scan(Space::KioskTicket, &range, &mut |key, row| {
            holds &= known(key) && row.len() == size_of::<i64>();
            ControlFlow::Continue(())
        })?;
        if !holds {
            self.found(None, What::KioskFalse);
        }
        Ok(())
    }
}
