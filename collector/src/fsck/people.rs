//! The part of `fsck` that looks at people: their rows, contact data, the index of addresses with what stands under each,
//! and what is due.
//!
//! In scope: rows in `Subject`, `Contact` and `Due`. Out of scope: receipts and the log over them.
//!
//! Invariant: contact data is opened to see that it opens, compared, and dropped.

use std::collections::HashMap;
use std::ops::ControlFlow;

use shared::ids::SubjectId;
use shared::receipt::Act;

use super::{Check, PAGE_ROWS, What, count};
use crate::objection;
use crate::records::{self, Subject, SubjectRow};
use crate::seal::FoundBy;
use crate::slips;
use crate::standing;
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
        let subject = records::decode::<SubjectRow>(row)
            .and_then(|_| Subject::numbered(self.snapshot, number, first))
            .ok()
            .flatten();
        let Some(subject) = subject else {
            self.found(first, What::PersonFalse);
            return Ok(());
        };
        let Subject { row, receipts, .. } = &subject;
        let id = receipts[0].receipt.subject;
        let own = id.as_bytes() == receipts[0].receipt.receipt.as_bytes();
        if !own || receipts.iter().any(|stored| stored.receipt.subject != id) {
            self.found(first, What::PersonFalse);
        }
        if self.snapshot.get(Space::Due, &records::due_key(row, number, first))?.is_none() {
            self.found(first, What::DueFalse);
        }
        self.objection(first, &subject)?;
        self.slip(first, row)?;
        self.contact(first, row, &id);
        self.standing(first, &subject)
    }

    /// The newest objection of a person, or a later one of another, is found by their address.
    fn objection(&mut self, first: u64, subject: &Subject) -> Result<(), StoreError> {
        let objections = subject.receipts.iter().filter(|stored| stored.receipt.act == Act::Objection);
        let Some(newest) = objections.map(|stored| stored.sequence).max() else { return Ok(()) };
        let Some(found_by) = &subject.row.found_by else { return Ok(()) };
        match objection::of(self.snapshot, self.organisation.number, found_by.digest()) {
            Ok(Some(noted)) if noted.number >= newest => {}
            Ok(_) | Err(StoreError::Corrupt(_)) => self.found(first, What::ObjectionFalse),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The code on a person's slip leads to them.
    fn slip(&mut self, first: u64, row: &SubjectRow) -> Result<(), StoreError> {
        let Some(digest) = &row.slip else { return Ok(()) };
        self.slips += 1;
        match slips::find(self.snapshot, self.organisation.number, digest) {
            Ok(Some(found)) if found == first => {}
            Ok(_) | Err(StoreError::Corrupt(_)) => self.found(first, What::SlipFalse),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Contact data opens, and the row has the digest of the address in it.
    fn contact(&mut self, first: u64, row: &SubjectRow, id: &SubjectId) {
        let Some(sealed) = &row.contact else { return };
        let Ok(contact) = sealed.open(id, &self.signing.master) else {
            return self.found(first, What::ContactClosed);
        };
        if FoundBy::of(&contact, id, self.organisation.number, &self.signing.index) != row.found_by {
            self.found(first, What::IndexFalse);
        }
    }

    /// What stands under the address is what the receipts add up to, to the byte.
    fn standing(&mut self, first: u64, subject: &Subject) -> Result<(), StoreError> {
        let Some(key) = subject.row.contact_key(self.organisation.number, first) else { return Ok(()) };
        let Some(found) = self.snapshot.get(Space::Contact, &key)? else {
            self.found(first, What::IndexFalse);
            return Ok(());
        };
        self.addressed += 1;
        if standing::anew(subject, self.organisation) != Ok(Some(found)) {
            self.found(first, What::StandingFalse);
        }
        Ok(())
    }

    /// The indices of addresses and slips have no row but those that were found from their people.
    fn index(&mut self) -> Result<(), StoreError> {
        let range = keys::of_organisation(self.organisation.number);
        if count(self.snapshot, Space::Contact, &range)? > self.addressed {
            self.found(None, What::IndexFalse);
        }
        if count(self.snapshot, Space::Slip, &range)? > self.slips {
            self.found(None, What::SlipFalse);
        }
        Ok(())
    }
}
