//! The part of `fsck` that looks at what was handed out: the access record and the manifests of mailings.
//!
//! Invariant: a manifest may name receipts of people who are erased since; it never names one that was not there.

use std::ops::ControlFlow;

use super::{Check, What};
use crate::store::{KeyRange, Space, StoreError, keys};
use crate::{access, mailings, service};

impl Check<'_> {
    /// Looks at both; the log has so many entries.
    pub(super) fn handed_out(&mut self, size: u64) -> Result<(), StoreError> {
        let number = self.organisation.number;
        if !access::holds(self.snapshot, number)? {
            self.found(None, What::AccessFalse);
        }
        let mut all = Vec::new();
        let read = mailings::all(self.snapshot, number, |id, mailing| {
            all.push((id, mailing));
            ControlFlow::Continue(())
        });
        let mut holds = read.is_ok();
        let mut pages = 0;
        for (id, mailing) in &all {
            let (mut people, mut known) = (0, true);
            let read = service::mailings::each_number(self.snapshot, number, id, |receipt| {
                people += 1;
                known &= receipt < size;
            });
            pages += super::count(self.snapshot, Space::Mailing, &mailings::pages(number, id))?;
            holds &= read.is_ok() && known && mailing.ended.is_none_or(|_| people == mailing.people);
        }
        let rows =
            super::count(self.snapshot, Space::Mailing, &KeyRange::prefix(&keys::organisation(number)))?;
        if !holds || rows != pages + all.len() as u64 {
            self.found(None, What::MailingFalse);
        }
        Ok(())
    }
}
