//! What endpoints are told: which deliveries follow from an act, and what each says.
//!
//! In scope: rows for the commit of an act, messages, replaying. Out of scope: sending and trying again (`outbox::deliveries`),
//! how newsletter tools are asked (`connectors`).
//!
//! Invariant: a message says which receipt it is about and never who: whoever wants more asks for the receipt with a key, and that is
//! recorded. Newsletter tools are told what stands when they are told, so it does not matter in which order that happens.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use shared::contact::EmailAddress;
use shared::ids::{PurposeId, SubjectId};
use shared::lifecycle::Consents;
use shared::receipt::{Act, Decided, Receipt};
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::as_of::Asked;
use super::may_address::Short;
use super::{Service, unavailable};
use crate::endpoints::event::{EventType, of_receipt};
use crate::endpoints::row::{EndpointId, Gets};
use crate::endpoints::waiting::{About, Person, Waiting};
use crate::endpoints::{Endpoint, Endpoints};
use crate::keys::{Keys, Secret};
use crate::records::{self, StoredReceipt, Subject};
use crate::seal::{SealError, Sealed};
use crate::sequencer::Numbered;
use crate::store::Batch;

/// Stands for a whole receipt where a decision is counted; no form has so many boxes.
const WHOLE: u8 = u8::MAX;

/// A message to a receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same for each try and each replay.
    pub id: String,
    /// JSON.
    pub body: Vec<u8>,
}

/// Where a person is to be for a newsletter tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On the list.
    On(EmailAddress),
    /// Not on the list.
    Off(EmailAddress),
}

/// The deliveries that go into the same commit as a receipt. `sealed` is the contact data as it was before.
///
/// # Errors
///
/// [`Refusal::StoreUnavailable`] when contact data cannot be read.
pub fn after(
    endpoints: &Endpoints,
    keys: &Keys,
    record: &Receipt,
    before: &Consents,
    (sealed, organisation): (Option<&Sealed>, u32),
) -> Result<Vec<Numbered>, Refusal> {
    let mut all = Vec::new();
    for endpoint in endpoints.of(organisation).iter().filter(|endpoint| endpoint.is_on()) {
        // The number is not known yet; the sequencer ends the key with it.
        let waiting = waiting(&keys.master, endpoint, record, before, (sealed, 0))?;
        all.extend(waiting.iter().map(Waiting::numbered));
    }
    Ok(all)
}

/// What an endpoint is to be told of a receipt.
pub(super) fn waiting(
    master: &Secret,
    endpoint: &Endpoint,
    record: &Receipt,
    before: &Consents,
    (sealed, sequence): (Option<&Sealed>, u64),
) -> Result<Vec<Waiting>, Refusal> {
    let events = of_receipt(record, before).into_iter().zip(0..).zip(&record.decisions);
    let (mut all, at) = (Vec::new(), record.at);
    for ((event, index), decision) in events {
        let about = About::Decision { event, index, sequence };
        match &endpoint.row.gets {
            gets @ Gets::Messages(_) if gets.hears(event) => {
                all.push(Waiting::new(endpoint.id, about, None, at));
            }
            Gets::People { purpose, .. }
                if *purpose == decision.purpose && changes_lists(decision.decided) =>
            {
                let person = person(sealed, &record.subject, master);
                let person = person.map_err(|_| Refusal::StoreUnavailable)?;
                all.extend(person.map(|person| Waiting::new(endpoint.id, about, Some(person), at)));
            }
            Gets::Messages(_) | Gets::People { .. } => {}
        }
    }
    if record.act == Act::Objection {
        // It ends more than what stood for this person: everything under the address.
        let about = About::Decision { event: EventType::Objected, index: WHOLE, sequence };
        let person = match endpoint.row.gets {
            Gets::Messages(_) => None,
            Gets::People { .. } => {
                let person = person(sealed, &record.subject, master);
                let Some(person) = person.map_err(|_| Refusal::StoreUnavailable)? else { return Ok(all) };
                Some(person)
            }
        };
        all.push(Waiting::new(endpoint.id, about, person, at));
    }
    Ok(all)
}

impl Service {
    /// As [`after`].
    ///
    /// # Errors
    ///
    /// As [`after`].
    pub fn deliveries_after(
        &self,
        record: &Receipt,
        before: &Consents,
        sealed: Option<&Sealed>,
        organisation: u32,
    ) -> Result<Vec<Numbered>, Refusal> {
        after(&self.endpoints, &self.keys, record, before, (sealed, organisation))
    }

    /// The message of a delivery; none when the person is erased meanwhile, which its receiver is told by itself.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`].
    pub fn message(&self, waiting: &Waiting) -> Result<Option<Message>, Refusal> {
        let (endpoint, about) = (waiting.endpoint, waiting.about);
        let registry = self.registry.now();
        let Some(organisation) = registry.numbered(endpoint.organisation) else { return Ok(None) };
        let name = organisation.catalogue.organisation.as_str();
        let (at, data) = match about {
            About::Erased(subject) => {
                (waiting.asked, json!({ "organisation": name, "subject": subject.to_string() }))
            }
            About::Decision { index, sequence, .. } => {
                let snapshot = self.snapshot()?;
                let stored = records::find_numbered(snapshot.as_ref(), endpoint.organisation, sequence);
                let Some(stored) = stored.map_err(unavailable)? else { return Ok(None) };
                let Some(data) = data(name, &stored, index) else { return Ok(None) };
                (stored.receipt.at, data)
            }
        };
        let body = json!({ "type": about.event().name(), "timestamp": at.to_string(), "data": data });
        let body = body.to_string().into_bytes();
        Ok(Some(Message { id: self.message_id(endpoint, about), body }))
    }

    /// The id of a message, the same for each try and each replay. It says nothing about whom it concerns.
    ///
    /// # Panics
    ///
    /// Never: HMAC takes keys of any length.
    #[must_use]
    pub fn message_id(&self, endpoint: EndpointId, about: About) -> String {
        let key = self.keys.link.as_slice();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
        mac.update(b"message-id/1\0");
        mac.update(&endpoint.prefix());
        mac.update(&about.bytes());
        let id: String = mac.finalize().into_bytes()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("msg_{id}")
    }

    /// Where the person of a delivery is to be, as things stand now.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`].
    pub fn place(
        &self,
        endpoint: &Endpoint,
        person: &Person,
        now: Timestamp,
    ) -> Result<Option<Place>, Refusal> {
        let Gets::People { purpose, .. } = &endpoint.row.gets else { return Ok(None) };
        let registry = self.registry.now();
        let Some(organisation) = registry.numbered(endpoint.id.organisation) else { return Ok(None) };
        let email = person.open(&self.keys.master).map_err(|_| Refusal::StoreUnavailable)?;
        let asked = Asked { purpose: purpose.clone(), at: None, version: None };
        let answers = self.answerer(organisation, |answerer| {
            answerer.may_address(&asked, [email.as_str()].into_iter(), now)
        })?;
        let stands = matches!(answers?.first(), Some(Short::Stands(state, _)) if state.is_yes());
        Ok(Some(if stands { Place::On(email) } else { Place::Off(email) }))
    }
}

/// What a message says of a decision.
fn data(organisation: &str, stored: &StoredReceipt, index: u8) -> Option<Value> {
    let receipt = &stored.receipt;
    let mut data = json!({
        "organisation": organisation,
        "form": receipt.form.as_str(),
        "receipt": receipt.receipt.to_string(),
        "subject": receipt.subject.to_string(),
        "log_index": stored.sequence,
    });
    if index == WHOLE {
        return Some(data);
    }
    let decision = receipt.decisions.get(usize::from(index))?;
    data["purpose"] = decision.purpose.as_str().into();
    data["version"] = decision.version.get().into();
    if let Some(until) = decision.until {
        data["until"] = until.to_string().into();
    }
    Some(data)
}

/// Whether a decision can change who belongs on a list. What waits for a confirmation was never on one.
const fn changes_lists(decided: Decided) -> bool {
    match decided {
        Decided::Given | Decided::Withdrawn | Decided::Expired => true,
        Decided::NotObjected | Decided::Objected | Decided::Ended => true,
        Decided::NotGiven | Decided::Requested | Decided::Lapsed | Decided::Unproven => false,
    }
}

/// The e-mail address of a person, sealed for one delivery; nothing of who gave none.
fn person(
    sealed: Option<&Sealed>,
    subject: &SubjectId,
    master: &Secret,
) -> Result<Option<Person>, SealError> {
    let Some(sealed) = sealed else { return Ok(None) };
    let email = sealed.open(subject, master)?.email;
    email.map(|email| Person::seal(subject, email, master)).transpose()
}

/// What endpoints are told when somebody is erased, as rows of that very commit. For newsletter tools their address goes along,
/// sealed, because afterwards nobody knows it any more.
///
/// # Errors
///
/// [`Refusal::StoreUnavailable`] when contact data cannot be read.
pub fn after_erasing(
    endpoints: &Endpoints,
    keys: &Keys,
    (organisation, subject): (u32, &Subject),
    at: Timestamp,
    rows: &mut Batch,
) -> Result<(), Refusal> {
    let Some(first) = subject.receipts.first() else { return Ok(()) };
    let id = first.receipt.subject;
    for endpoint in endpoints.of(organisation).iter().filter(|endpoint| endpoint.is_on()) {
        let about = About::Erased(id);
        match &endpoint.row.gets {
            Gets::Messages(_) => Waiting::new(endpoint.id, about, None, at).put(rows),
            Gets::People { purpose, .. } if was_given(subject, purpose) => {
                let person = person(subject.row.contact.as_ref(), &id, &keys.master);
                if let Some(person) = person.map_err(|_| Refusal::StoreUnavailable)? {
                    Waiting::new(endpoint.id, about, Some(person), at).put(rows);
                }
            }
            Gets::People { .. } => {}
        }
    }
    Ok(())
}

fn was_given(subject: &Subject, purpose: &PurposeId) -> bool {
    let decisions = subject.receipts.iter().flat_map(|stored| &stored.receipt.decisions);
    decisions
        .filter(|one| one.purpose == *purpose)
        .any(|one| matches!(one.decided, Decided::Given | Decided::NotObjected))
}
