//! From a row of a list to a signed receipt with a person of its own.
//!
//! In scope: the receipt's id and what the rows of its person say. Out of scope: whether the row is taken over (`import`).
//!
//! Invariant: the moment on the receipt is that of the import; when the person agreed stands beside it, as a claim.

use sha2::{Digest, Sha256};
use shared::ids::{ReceiptId, SubjectId};
use shared::import::{Fate, Imported};
use shared::lifecycle::{Command, Consents, decide};
use shared::receipt::{Act, CollectionMethod, Decision, Ui};
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::Import;
use super::rows::Listed;
use crate::sequencer::Draft;
use crate::service::draft::{Facts, record};
use crate::service::told::NO_WIDGET;
use crate::store::Batch;

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
        self.with.first(&self.shown, &record, &listed.email, rows)
    }

    /// Follows from what the row says, so that the same row brings the same one.
    fn receipt_id(&self, listed: &Listed, fate: Fate, digest: &[u8; 16]) -> ReceiptId {
        let mut hash = Sha256::new_with_prefix(b"vinkje/import/1\0");
        hash.update(digest);
        hash.update(self.settings.purpose.as_str());
        hash.update([0, u8::from(fate == Fate::Unproven)]);
        let since = listed.claimed_at.unwrap_or(Timestamp::from_unix_seconds(0));
        self.with.told_id(&self.shown, since, hash)
    }
}
