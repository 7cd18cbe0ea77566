//! What is known behind a receipt: what a program asks that was told of one by a webhook.
//!
//! In scope: reading it from one state of the store, and recording that somebody did. Out of scope: who may ask (`http`).
//!
//! Invariant: contact data leaves only after the line about it in the access record is durable. What stands is what
//! `may_address` says, so a receipt that was overtaken says so.

use serde::Serialize;
use shared::contact::{Contact, EmailAddress, PersonName, PhoneNumber, PostalAddress};
use shared::ids::{PurposeVersion, ReceiptId, SubjectId};
use shared::language::Language;
use shared::receipt::{Act, CollectionMethod, Decided};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use utoipa::ToSchema;

use super::as_of::{Answerer, Asked, State};
use super::may_address::Short;
use super::{Service, refused, unavailable};
use crate::access::{self, Deed, Entry};
use crate::catalogue::Organisation;
use crate::records::{Subject, read_receipt};

/// A receipt, what stands now for what it is about, and for whom.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LookedUp {
    /// The receipt.
    #[schema(value_type = String, format = "uuid")]
    pub receipt: ReceiptId,
    /// Whose: a pseudonym, the same on all their receipts.
    #[schema(value_type = String, format = "uuid")]
    pub subject: SubjectId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What they did.
    #[schema(value_type = String, example = "choices")]
    pub act: Act,
    /// How it came: by the person's own hand, or written down by staff.
    #[schema(value_type = String, example = "web")]
    pub method: CollectionMethod,
    /// In which language.
    #[schema(value_type = String, example = "nl")]
    pub language: Language,
    /// Where the receipt is, and beside it its signed file and its place in the log.
    pub receipt_url: String,
    /// What was decided, and what stands now.
    pub purposes: Vec<Stands>,
    /// The contact data that is kept; nothing of who gave none or is forgotten.
    pub contact: Known,
    /// Their own page, which belongs in every message.
    pub manage_url: String,
}

/// What a receipt says of a purpose, and what stands now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stands {
    /// Which purpose.
    pub purpose: String,
    /// In which version it was shown.
    #[schema(value_type = u32)]
    pub version: PurposeVersion,
    /// What was decided then.
    #[schema(value_type = String, example = "given")]
    pub decided: Decided,
    /// Whether the data may be used for it now.
    pub answer: bool,
    /// Why.
    pub state: State,
}

/// Contact data. It has no `Debug` of its own that would show it.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Known {
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Shown>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Shown>,
    /// The phone number, with its country's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Shown>,
    /// The postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Shown>,
}

/// A text about a person.
#[derive(Clone, Serialize, ToSchema)]
pub struct Shown(String);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown(..)")
    }
}

impl Known {
    fn of(contact: &Contact) -> Self {
        let shown = |text: &str| Shown(text.to_owned());
        Self {
            email: contact.email.as_ref().map(EmailAddress::as_str).map(shown),
            name: contact.name.as_ref().map(PersonName::as_str).map(shown),
            phone: contact.phone.as_ref().map(PhoneNumber::as_str).map(shown),
            address: contact.address.as_ref().map(PostalAddress::as_str).map(shown),
        }
    }
}

impl Service {
    /// Reads it, and records that the key of this name did.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] for a receipt that this organisation does not have (any more), or what the store or the sequencer says.
    pub async fn look_up(
        &self,
        organisation: &Organisation,
        id: &ReceiptId,
        who: &str,
    ) -> Result<LookedUp, Refusal> {
        let now = Self::now();
        let found = self.answerer(organisation, |answerer| self.behind(answerer, id, now))??;
        let entry = Entry { at: now.unix_seconds(), who: who.into(), deed: Deed::LookedUp };
        let engine = self.engine.as_ref();
        access::add(engine, &self.sequencer, organisation.number, entry).await.map_err(refused)?;
        Ok(found)
    }

    fn behind(&self, answerer: &Answerer<'_>, id: &ReceiptId, now: Timestamp) -> Result<LookedUp, Refusal> {
        let number = answerer.organisation.number;
        let stored = read_receipt(answerer.snapshot, number, id).map_err(unavailable)?;
        let receipt = stored.ok_or(Refusal::NotFound)?.receipt;
        let subject = Subject::read(answerer.snapshot, number, &receipt.subject).map_err(unavailable)?;
        let sealed = subject.ok_or(Refusal::NotFound)?.row.contact;
        let contact = sealed.map(|sealed| sealed.open(&receipt.subject, &self.keys.master)).transpose();
        let contact = contact.map_err(|_| Refusal::StoreUnavailable)?.unwrap_or_default();
        let manage_url = self.manage_url(number, &receipt.subject);
        // Under an address several people count together; without one, only this person.
        let who = contact.email.as_ref().map_or(manage_url.as_str(), EmailAddress::as_str);
        let mut purposes = Vec::with_capacity(receipt.decisions.len());
        for decision in &receipt.decisions {
            let asked = Asked { purpose: decision.purpose.clone(), at: None, version: None };
            let answers = answerer.may_address(&asked, [who].into_iter(), now)?;
            let state = match answers.first() {
                Some(Short::Stands(state, _)) => *state,
                Some(Short::Error(_)) | None => State::Unknown,
            };
            purposes.push(Stands {
                purpose: decision.purpose.to_string(),
                version: decision.version,
                decided: decision.decided,
                answer: state.is_yes(),
                state,
            });
        }
        Ok(LookedUp {
            receipt: receipt.receipt,
            subject: receipt.subject,
            at: receipt.at,
            act: receipt.act,
            method: receipt.method,
            language: receipt.language,
            receipt_url: self.receipt_url(number, &receipt.receipt),
            purposes,
            contact: Known::of(&contact),
            manage_url,
        })
    }
}
