//! From a decision to a signed receipt, ready to be queued.
//!
//! In scope: filling the record, signing, packing. Out of scope: what is decided (`submit`, `manage`).
//!
//! Invariant: what is signed is what is stored: the same canonical bytes.

use shared::ids::{ReceiptId, SubjectId};
use shared::language::Language;
use shared::log::{Salt, entry};
use shared::offer::WidgetBuild;
use shared::receipt::{Act, AtKiosk, CollectionMethod, Decision, RECEIPT_SCHEMA, Receipt, Ui};
use shared::refusal::Refusal;
use shared::registered::Registered;
use shared::time::Timestamp;

use super::{Service, Shown};
use crate::keys::{Keys, random};
use crate::log::Entry;
use crate::records;
use crate::sequencer::NewReceipt;
use crate::tally;

/// What differs from receipt to receipt.
pub struct Facts {
    /// What the person did.
    pub act: Act,
    /// When.
    pub at: Timestamp,
    /// With which purposes.
    pub decisions: Vec<Decision>,
    /// What a kiosk says of it.
    pub kiosk: Option<AtKiosk>,
    /// In which language.
    pub language: Language,
    /// How.
    pub method: CollectionMethod,
    /// When the page was made.
    pub offered_at: Timestamp,
    /// On which website.
    pub origin: Option<String>,
    /// What staff wrote down for the person.
    pub registered: Option<Registered>,
    /// The new receipt.
    pub receipt: ReceiptId,
    /// Whose.
    pub subject: SubjectId,
    /// Sent by what.
    pub ui: Ui,
    /// Shown by which build.
    pub widget: WidgetBuild,
}

impl Service {
    /// The record of what was done about what was shown.
    #[must_use]
    pub fn record(&self, shown: &Shown, facts: Facts) -> Receipt {
        record(shown, &self.base_url, facts)
    }

    /// Signs a record, and puts what it is counted in beside it.
    ///
    /// # Errors
    ///
    /// As [`sign`].
    pub fn sign(&self, shown: &Shown, receipt: &Receipt) -> Result<NewReceipt, Refusal> {
        sign(shown, &self.keys, &self.base_url, receipt)
    }
}

/// The record of what was done about what was shown, by the collector at this address.
#[must_use]
pub fn record(shown: &Shown, base_url: &str, facts: Facts) -> Receipt {
    let notice = &shown.notice.notice;
    Receipt {
        act: facts.act,
        at: facts.at,
        controller: notice.controller.name.clone(),
        decisions: facts.decisions,
        form: notice.form.clone(),
        form_version: notice.form_version,
        imported: None,
        iss: base_url.into(),
        kiosk: facts.kiosk,
        language: facts.language,
        method: facts.method,
        notice: shown.notice.hash,
        offered_at: facts.offered_at,
        organisation: notice.organisation.clone(),
        origin: facts.origin,
        receipt: facts.receipt,
        registered: facts.registered,
        schema: RECEIPT_SCHEMA.into(),
        sold: None,
        subject: facts.subject,
        ui: facts.ui,
        widget: facts.widget.to_string(),
    }
}

/// Signs a record, and puts what it is counted in beside it.
///
/// # Errors
///
/// [`Refusal::BodyTooLarge`] for a receipt past its limit.
pub fn sign(shown: &Shown, keys: &Keys, base_url: &str, receipt: &Receipt) -> Result<NewReceipt, Refusal> {
    let (number, key) = keys.signing();
    let canonical = receipt.to_bytes();
    let (jws, signature) = shared::jws::signed(&key.header, &canonical, &key.signing);
    let salt: Salt = *random().map_err(|_| Refusal::StoreUnavailable)?;
    let example = &shown.notice.example;
    let body = records::pack(shown.notice.number, number, example, &canonical, &signature, &salt);
    let organisation = shown.organisation.number;
    Ok(NewReceipt {
        organisation,
        id: *receipt.receipt.as_bytes(),
        body: body.map_err(|_| Refusal::BodyTooLarge)?,
        entry: Entry {
            origin: keys.log.origin(base_url, &receipt.organisation),
            commitment: entry::commit(&salt, &jws),
        },
        numbered: Vec::new(),
        counted: tally::counters(organisation, receipt),
    })
}
