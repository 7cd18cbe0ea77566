//! One more receipt of a person who is there already, whatever they did.
//!
//! In scope: the person's row after it, what is due next, the letter that follows, and an address that nobody confirmed.
//! Out of scope: what was decided (`manage`, `owner`, `due`).
//!
//! Invariant: an address of which no owner ever spoke is gone with the last request that waited for one.

use shared::contact::Contact;
use shared::lifecycle::{Consent, Consents};
use shared::purpose::ContactField;
use shared::receipt::{Act, Decided, Decision, Receipt};
use shared::refusal::Refusal;
use shared::terms;

use super::draft::Facts;
use super::{Service, Shown, unavailable};
use crate::catalogue::Organisation;
use crate::objection;
use crate::records::{StoredReceipt, Subject, SubjectRow};
use crate::seal::FoundBy;
use crate::sequencer::Draft;
use crate::standing;
use crate::store::{Batch, Space};

impl Service {
    /// The draft of a receipt, on the condition that the person is still what was read.
    ///
    /// # Errors
    ///
    /// As [`Service::sign`], or [`Refusal::StoreUnavailable`].
    pub fn one_more(&self, subject: &Subject, shown: &Shown, facts: Facts) -> Result<Draft, Refusal> {
        let organisation = &shown.organisation;
        let record = self.record(shown, facts);
        let before = subject.consents();
        let consents = record.fold(before.clone());
        let mut after = subject.clone();
        after.row.later.push(*record.receipt.as_bytes());
        let mut rows = Batch::default();
        if is_unconfirmed(subject, organisation, &record, &consents) {
            self.forget_address(subject, organisation.number, &mut after.row, &mut rows)?;
        }
        let (_, due) = terms::next(&consents, after.row.contact.is_some(), shown.terms());
        after.row.due = due.unix_seconds();
        let letter = self.letter_after(&record, &before, &after.row, organisation.number)?;
        let mut receipt = self.sign(shown, &record)?;
        standing::change(&after, &record, organisation, &mut receipt).map_err(unavailable)?;
        // Under the address by which they were found until now, also where it is forgotten with this.
        objection::note(&record, &subject.row, organisation.number, &mut receipt);
        receipt.numbered.extend(letter);
        let contact = subject.row.contact.as_ref();
        receipt.numbered.extend(self.deliveries_after(&record, &before, contact, organisation.number)?);
        subject.change(&mut rows, &after.row).map_err(unavailable)?;
        Ok(Draft { receipt: Some(receipt), rows, ..Draft::default() })
    }

    /// Takes the address out of a person's row, and all contact data where nothing was ever agreed to. What stands for them
    /// moves to where it is found without the address.
    fn forget_address(
        &self,
        subject: &Subject,
        organisation: u32,
        row: &mut SubjectRow,
        rows: &mut Batch,
    ) -> Result<(), Refusal> {
        let first = subject.receipts.first().ok_or(Refusal::StoreUnavailable)?;
        let id = first.receipt.subject;
        let mut contact = Contact::default();
        let agreed = subject.receipts.iter().any(|stored| stored.receipt.any_given());
        if let Some(sealed) = row.contact.as_ref().filter(|_| agreed) {
            contact = sealed.open(&id, &self.keys.master).map_err(|_| Refusal::StoreUnavailable)?;
            contact.email = None;
        }
        if let Some(key) = row.contact_key(organisation, first.sequence) {
            rows.delete(Space::Contact, key);
        }
        row.found_by = FoundBy::of(&contact, &id, organisation, &self.keys.index);
        row.contact = if contact.is_empty() { None } else { Some(self.seal(&contact, &id)?) };
        Ok(())
    }
}

/// Whether nobody ever agreed to anything for which the address was needed, and nothing waits for that any more.
fn is_unconfirmed(
    subject: &Subject,
    organisation: &Organisation,
    record: &Receipt,
    consents: &Consents,
) -> bool {
    let given = |decision: &&Decision| decision.decided == Decided::Given;
    let by_email = |receipt: &Receipt, decision: &Decision| {
        let known = organisation.notice(&receipt.notice);
        let shown = known.and_then(|known| known.notice.purpose(&decision.purpose));
        shown.is_some_and(|shown| shown.purpose.terms.needs.contains(&ContactField::Email))
    };
    // A shop vouches for its customers' addresses, and an objection is worth nothing without the address that it is about.
    let bought = |stored: &StoredReceipt| stored.receipt.act == Act::Sale;
    let agreed = |receipt: &Receipt| receipt.decisions.iter().filter(given).any(|one| by_email(receipt, one));
    subject.row.email_digest().is_some()
        && !consents.0.iter().any(Consent::is_requested)
        && !subject.receipts.iter().any(bought)
        && !record.decisions.iter().any(|decision| decision.decided == Decided::Given)
        && !subject.receipts.iter().any(|stored| agreed(&stored.receipt))
}
