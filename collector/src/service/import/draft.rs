//! From a row of a list to a signed receipt with a person of its own.
//!
//! In scope: the receipt's id and what the rows of its person say. Out of scope: whether the row is taken over (`import`).
//!
//! Invariant: the moment on the receipt is that of the import; when the person agreed stands beside it, as a claim.

use sha2::{Digest, Sha256};
use shared::contact::Contact;
use shared::ids::{ReceiptId, SubjectId};
use shared::import::{Fate, Imported};
use shared::lifecycle::{Command, Consents, decide};
use shared::offer::{Nonce, Offer, WidgetBuild};
use shared::receipt::{Act, CollectionMethod, Decision, Ui};
use shared::refusal::Refusal;
use shared::terms;
use shared::time::Timestamp;

use super::rows::Listed;
use super::{Import, unavailable};
use crate::records::SubjectRow;
use crate::seal::{FoundBy, Sealed};
use crate::sequencer::Draft;
use crate::service::deliveries::after;
use crate::service::draft::{Facts, record, sign};
use crate::service::submit::first_rows;
use crate::store::Batch;

/// Nothing of ours showed the words.
const NO_WIDGET: WidgetBuild = WidgetBuild([0; 8]);

impl Import {
    /// The draft of a row, on these conditions.
    pub(super) fn draft(
        &self,
        listed: &Listed,
        fate: Fate,
        digest: &[u8; 16],
        rows: Batch,
    ) -> Result<Draft, Refusal> {
        let id = self.receipt_id(listed, fate, digest);
        let subject = SubjectId::from_bytes(*id.as_bytes());
        let until = match fate {
            Fate::Given(until) => Some(until),
            _ => None,
        };
        let (_, version, _) = self.purpose;
        let command = Command::Import(self.settings.purpose.clone(), version, until);
        let events = decide(&Consents::default(), &command, &|_| 0)?;
        let facts = Facts {
            act: Act::Import,
            at: self.now,
            decisions: events.iter().map(Decision::from).collect(),
            kiosk: None,
            language: self.shown.notice.notice.language,
            method: CollectionMethod::Import,
            offered_at: self.now,
            origin: None,
            receipt: id,
            registered: None,
            subject,
            ui: Ui::None,
            widget: NO_WIDGET,
        };
        let mut record = record(&self.shown, &self.with.base_url, facts);
        record.imported = Some(Imported {
            claimed_at: listed.claimed_at,
            file: self.hashes.0,
            reference: listed.reference.clone(),
            source: self.settings.source.clone(),
            wording: self.hashes.1,
        });
        let contact = Contact { email: Some(listed.email.clone()), ..Contact::default() };
        let found_by = FoundBy::of(&contact, &subject, self.with.organisation.number, &self.with.keys.index);
        let sealed = Sealed::seal(&contact, &subject, &self.with.keys.master);
        let sealed = sealed.map_err(|_| Refusal::StoreUnavailable)?;
        let consents = record.fold(Consents::default());
        let (_, due) = terms::next(&consents, true, self.shown.terms());
        let (contact, due, later) = (Some(sealed), due.unix_seconds(), Vec::new());
        let row = SubjectRow { contact, found_by, due, slip: None, later };
        let mut receipt = sign(&self.shown, &self.with.keys, &self.with.base_url, &record)?;
        first_rows(&self.shown, &record, &row, &mut receipt).map_err(unavailable)?;
        let told = (row.contact.as_ref(), self.with.organisation.number);
        let nothing = Consents::default();
        receipt.numbered.extend(after(&self.with.endpoints, &self.with.keys, &record, &nothing, told)?);
        Ok(Draft { receipt: Some(receipt), rows, ..Draft::default() })
    }

    /// Follows from what the row says, so that the same row brings the same one.
    fn receipt_id(&self, listed: &Listed, fate: Fate, digest: &[u8; 16]) -> ReceiptId {
        let notice = &self.shown.notice;
        let begin = Timestamp::from_unix_seconds(0);
        let offer = Offer {
            form: self.shown.form.clone(),
            form_version: notice.notice.form_version,
            language: notice.notice.language,
            notice: notice.hash,
            widget: NO_WIDGET,
            issued: listed.claimed_at.unwrap_or(begin),
            salt: [0; 8],
        };
        let mut hash = Sha256::new_with_prefix(b"vinkje/import/1\0");
        hash.update(digest);
        hash.update(self.settings.purpose.as_str());
        hash.update([0, u8::from(fate == Fate::Unproven)]);
        let bound: [u8; 32] = hash.finalize().into();
        let (bound, _) = bound.split_at(16);
        offer.receipt_id(&Nonce(bound.try_into().expect("16 of 32 bytes")), &self.with.keys.offer)
    }
}
