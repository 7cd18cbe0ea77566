//! The part of `fsck` that looks at people: their rows, contact data, the index of addresses, and what is due.
//!
//! In scope: rows in `Subject`, `Contact` and `Due`. Out of scope: receipts and the log over them.
//!
//! Invariant: contact data is opened to see that it opens, compared, and dropped.

use std::collections::HashMap;
use std::ops::ControlFlow;

use shared::ids::SubjectId;

use super::{Check, PAGE_ROWS, What};
use crate::records::{self, SubjectRow};
use crate::seal::email_digest;
use crate::store::{KeyRange, Snapshot, Space, StoreError, keys};

/// How many rows in `Due` each organisation has. Their keys begin with the moment, so all are read at once.
pub(super) fn due(snapshot: &dyn Snapshot) -> Result<HashMap<u32, u64>, StoreError> {
    let mut rows = HashMap::new();
    snapshot.scan(Space::Due, &KeyRange::all(), &mut |key, _| {
        if let Ok((_, organisation, _)) = keys::read_due(key) {
            *rows.entry(organisation).or_default() += 1;
        }
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

impl Check<'_> {
    /// Looks at everybody; `due` rows say that time has something to do for one of them.
    pub(super) fn people(&mut self, due: u64) -> Result<(), StoreError> {
        let mut range = keys::of_organisation(self.organisation.number);
        let before = self.report.people;
        loop {
            let rows = self.snapshot.page(Space::Subject, &range, PAGE_ROWS)?;
            let Some((last, _)) = rows.last() else { break };
            range = range.after(last);
            for (key, row) in &rows {
                let (_, first) = keys::read_body_key(key)?;
                self.report.people += 1;
                self.person(first, row)?;
            }
        }
        // There is one row for each person; that it is the right one was seen with the person.
        if due > self.report.people - before {
            self.found(None, What::LeftOver);
        }
        self.index()
    }

    fn person(&mut self, first: u64, row: &[u8]) -> Result<(), StoreError> {
        let number = self.organisation.number;
        let Ok(row) = records::decode::<SubjectRow>(row) else {
            self.found(first, What::PersonFalse);
            return Ok(());
        };
        let body = self.snapshot.get(Space::Body, &keys::body(number, first))?;
        let receipt = body.and_then(|body| records::unpack(self.snapshot, number, first, &body).ok());
        let Some(receipt) = receipt.map(|stored| stored.receipt) else {
            self.found(first, What::PersonFalse);
            return Ok(());
        };
        let own = receipt.subject.as_bytes() == receipt.receipt.as_bytes();
        let later = row.later.iter().map(|id| {
            let id = shared::ids::ReceiptId::from_bytes(*id);
            let stored = records::read_receipt(self.snapshot, number, &id).ok().flatten();
            stored.is_some_and(|stored| stored.receipt.subject == receipt.subject)
        });
        if !own || !later.into_iter().all(|fits| fits) {
            self.found(first, What::PersonFalse);
        }
        if self.snapshot.get(Space::Due, &records::due_key(&row, number, first))?.is_none() {
            self.found(first, What::DueFalse);
        }
        if let Some(digest) = &row.email {
            let prefix = records::contact_prefix(number, digest);
            self.addresses.insert([&prefix[..], &first.to_be_bytes()].concat(), first);
        }
        self.contact(first, &row, &receipt.subject);
        Ok(())
    }

    /// Contact data opens, and the row has the digest of the address in it.
    fn contact(&mut self, first: u64, row: &SubjectRow, id: &SubjectId) {
        let Some(sealed) = &row.contact else { return };
        let Ok(contact) = sealed.open(id, &self.signing.master) else {
            return self.found(first, What::ContactClosed);
        };
        let number = self.organisation.number;
        let digest = contact.email.map(|email| email_digest(&email, number, &self.signing.index));
        if digest != row.email {
            self.found(first, What::IndexFalse);
        }
    }

    /// The index of addresses has exactly the rows that follow from the contact data.
    fn index(&mut self) -> Result<(), StoreError> {
        let mut strange = false;
        let addresses = &mut self.addresses;
        let range = keys::of_organisation(self.organisation.number);
        self.snapshot.scan(Space::Contact, &range, &mut |key, _| {
            strange |= addresses.remove(key).is_none();
            ControlFlow::Continue(())
        })?;
        let missing: Vec<u64> = std::mem::take(&mut self.addresses).into_values().collect();
        missing.into_iter().for_each(|first| self.found(first, What::IndexFalse));
        if strange {
            self.found(None, What::IndexFalse);
        }
        Ok(())
    }
}
