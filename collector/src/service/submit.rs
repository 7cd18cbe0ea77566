//! Taking a visitor's choices: from an answer to a stored receipt.
//!
//! In scope: the order of checks, the new subject, and what a retry gets.
//! Out of scope: reading bodies (`http`).
//!
//! Invariant: the same offer and nonce make one receipt, however often they are sent, and every submit is a subject of
//! its own: who knows an address can neither see nor change what others did under it. An answer that corrects an earlier
//! one is stored after what was agreed to in that one is taken back, so never do both stand.

use shared::api::{Earlier, Outcome, SubmitRequest, SubmitResponse};
use shared::choice::{Choice, Choices};
use shared::contact::Contact;
use shared::ids::{FormRef, PurposeId, ReceiptId, SubjectId};
use shared::lifecycle::{Command, ConsentEvent, Consents, EventKind, decide};
use shared::limits::EARLIER_MAX;
use shared::offer::{Nonce, Offer};
use shared::receipt::{Act, CollectionMethod, Decided, Decision, Receipt};
use shared::refusal::Refusal;
use shared::terms;
use shared::time::Timestamp;

use super::draft::Facts;
use super::manage::{Deed, Request, Way};
use super::{Accepted, Service, Shown, refused, unavailable};
use crate::links;
use crate::records::{self, Subject, SubjectRow};
use crate::seal::{FoundBy, Sealed};
use crate::sequencer::{Draft, NewReceipt, Numbered, SequenceError};
use crate::standing;
use crate::store::{Space, keys};

/// An answer with what HTTP knows about it.
pub struct Submission<'a> {
    /// The form it was sent to.
    pub form: &'a FormRef,
    /// The answer.
    pub request: &'a SubmitRequest,
    /// The website it came from.
    pub origin: Option<&'a str>,
}

/// A stored submit: the answer, and whether it had been stored before.
pub struct Taken {
    /// For the person.
    pub response: SubmitResponse,
    /// Whether this was a retry.
    pub replayed: bool,
}

struct Read<'a> {
    offer: Offer,
    shown: Shown,
    choices: Choices,
    contact: Contact,
    receipt: ReceiptId,
    earlier: Vec<(&'a str, ReceiptId)>,
    fresh: Result<(), Refusal>,
}

impl Service {
    /// Takes a visitor's choices.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]; nothing is stored then.
    pub async fn submit(&self, submission: &Submission<'_>) -> Result<Taken, Refusal> {
        let read = self.read(submission)?;
        let subject = subject_id(&read.receipt);
        if read.fresh.is_ok() {
            self.take_back(&read, submission).await?;
        }
        let replayed = match read.fresh {
            Ok(()) => self.store(self.draft(&read, &subject, submission)?, &read).await?,
            // What was stored while the offer was good stays stored, and a late retry is told so.
            Err(stale) => self.same_as_stored(&read)?.then_some(true).ok_or(stale)?,
        };
        let organisation = read.shown.organisation.number;
        let outcome = if read.choices.any_given() { Outcome::Given } else { Outcome::Refused };
        let response = SubmitResponse {
            receipt: read.receipt,
            outcome,
            receipt_url: self.receipt_url(organisation, &read.receipt),
            manage_url: self.manage_url(organisation, &subject),
        };
        Ok(Taken { response, replayed })
    }

    /// Stores a receipt, unless it is there already. Gives whether it was.
    async fn store(&self, draft: Draft, read: &Read<'_>) -> Result<bool, Refusal> {
        match self.sequencer.store(draft).await {
            Ok(_) => Ok(false),
            Err(SequenceError::Duplicate) if self.same_as_stored(read)? => Ok(true),
            Err(SequenceError::Duplicate) => Err(Refusal::StoreUnavailable),
            Err(error) => Err(refused(error)),
        }
    }

    fn read<'a>(&self, submission: &Submission<'a>) -> Result<Read<'a>, Refusal> {
        let request = submission.request;
        let Accepted { offer, shown, fresh } = self.accept(&request.offer, submission.form)?;
        if submission
            .origin
            .is_some_and(|origin| !shown.organisation.allows(origin) && origin != self.base_url)
        {
            return Err(Refusal::OriginNotAllowed);
        }
        let nonce = Nonce::parse(&request.nonce)?;
        let choices = Choices::parse(&shown.notice.notice, &request.ticked)?;
        let contact = request.contact.read(&shown.notice.notice, &request.ticked)?;
        let receipt = offer.receipt_id(&nonce, &self.keys.offer);
        let earlier = self.earlier(request, submission.form)?;
        if earlier.iter().any(|(_, earlier)| *earlier == receipt) {
            return Err(Refusal::BodyInvalid);
        }
        Ok(Read { offer, shown, choices, contact, receipt, earlier, fresh })
    }

    /// The receipts that the answer stands instead of, with the offers that they were given to. They need not exist.
    fn earlier<'a>(
        &self,
        request: &'a SubmitRequest,
        form: &FormRef,
    ) -> Result<Vec<(&'a str, ReceiptId)>, Refusal> {
        if request.instead_of.len() > EARLIER_MAX {
            return Err(Refusal::BodyInvalid);
        }
        let read = |Earlier { offer: token, nonce }: &'a Earlier| {
            let offer = Offer::open(token, &self.keys.offer)?;
            if offer.form != *form {
                return Err(Refusal::OfferOtherForm);
            }
            Ok((token.as_str(), offer.receipt_id(&Nonce::parse(nonce)?, &self.keys.offer)))
        };
        request.instead_of.iter().map(read).collect()
    }

    /// Takes back what was agreed to in the answers that this one corrects. A retry finds nothing left to take back.
    async fn take_back(&self, read: &Read<'_>, submission: &Submission<'_>) -> Result<(), Refusal> {
        let organisation = read.shown.organisation.number;
        for (offer, receipt) in &read.earlier {
            let token = links::manage_token(organisation, &subject_id(receipt), &self.keys.link);
            let request = Request {
                token: &token,
                deed: Deed::WithdrawAll,
                nonce: None,
                offer,
                language: read.shown.notice.notice.language,
                way: Way {
                    method: CollectionMethod::Web,
                    origin: submission.origin,
                    ui: submission.request.ui,
                },
            };
            match self.act(&request).await {
                // Never stored, only refused, or taken back before.
                Ok(_) | Err(Refusal::LinkUnknown | Refusal::NothingToWithdraw) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(())
    }

    fn draft(
        &self,
        read: &Read<'_>,
        subject: &SubjectId,
        submission: &Submission<'_>,
    ) -> Result<Draft, Refusal> {
        let at = Self::now();
        let facts = Facts {
            act: Act::Choices,
            at,
            decisions: decisions(&Consents::default(), &read.choices, at)?,
            language: read.shown.notice.notice.language,
            method: CollectionMethod::Web,
            offered_at: read.offer.issued,
            origin: submission.origin.map(Into::into),
            receipt: read.receipt,
            subject: *subject,
            ui: submission.request.ui,
            widget: read.offer.widget,
        };
        let record = self.record(&read.shown, facts);
        let mut receipt = self.sign(&read.shown, &record)?;
        self.person(read, &record, &mut receipt)?;
        Ok(Draft { receipt: Some(receipt), ..Draft::default() })
    }

    /// The rows of a new person, under the number of their first receipt.
    fn person(&self, read: &Read<'_>, record: &Receipt, receipt: &mut NewReceipt) -> Result<(), Refusal> {
        let (organisation, subject) = (read.shown.organisation.number, &record.subject);
        let contact = match read.contact.is_empty() {
            true => None,
            false => Some(self.seal(&read.contact, subject)?),
        };
        let found_by = FoundBy::of(&read.contact, subject, organisation, &self.keys.index);
        let consents = record.fold(Consents::default());
        let (_, due) = terms::next(&consents, contact.is_some(), read.shown.terms());
        let row = SubjectRow { contact, found_by, due: due.unix_seconds(), later: Vec::new() };
        let place = keys::organisation(organisation).to_vec();
        receipt.numbered = vec![
            Numbered::key(Space::Subject, place, records::encode(&row)),
            Numbered::key(Space::Due, keys::due_prefix(due, organisation), Vec::new()),
        ];
        if let Some(found_by) = row.found_by {
            let prefix = records::contact_prefix(organisation, found_by.digest());
            standing::first(record, &read.shown.organisation, prefix, receipt).map_err(unavailable)?;
        }
        Ok(())
    }

    fn seal(&self, contact: &Contact, subject: &SubjectId) -> Result<Sealed, Refusal> {
        Sealed::seal(contact, subject, &self.keys.master).map_err(|error| {
            tracing::error!(%error, "contact data was not sealed");
            Refusal::StoreUnavailable
        })
    }

    /// Whether the receipt is stored; a retry must say what was said the first time.
    fn same_as_stored(&self, read: &Read<'_>) -> Result<bool, Refusal> {
        let organisation = read.shown.organisation.number;
        let snapshot = self.snapshot()?;
        let stored =
            records::read_receipt(snapshot.as_ref(), organisation, &read.receipt).map_err(unavailable)?;
        let Some(stored) = stored else { return Ok(false) };
        let id = stored.receipt.subject;
        let subject = Subject::read(snapshot.as_ref(), organisation, &id).map_err(unavailable)?;
        let sealed = subject.and_then(|subject| subject.row.contact);
        let contact = match sealed {
            Some(sealed) => sealed.open(&id, &self.keys.master).map_err(|_| Refusal::StoreUnavailable)?,
            None => Contact::default(),
        };
        let ticked: Vec<&PurposeId> = ticked(&read.choices).collect();
        let given = stored.receipt.decisions.iter().filter(|decision| decision.decided == Decided::Given);
        let same = given.map(|decision| &decision.purpose).eq(ticked) && contact == read.contact;
        if same { Ok(true) } else { Err(Refusal::AlreadyAnswered) }
    }
}

fn ticked(choices: &Choices) -> impl Iterator<Item = &PurposeId> {
    choices.answers().iter().filter(|answer| answer.choice == Choice::Given).map(|answer| &answer.purpose)
}

/// The subject of a first receipt: its own id, under another name, so that a retry finds the same subject.
fn subject_id(receipt: &ReceiptId) -> SubjectId {
    SubjectId::from_bytes(*receipt.as_bytes())
}

/// What a receipt says about choices: the lifecycle's events, and a line for each box left empty.
///
/// # Errors
///
/// What the lifecycle refuses.
pub fn decisions(before: &Consents, choices: &Choices, at: Timestamp) -> Result<Vec<Decision>, Refusal> {
    let until = |months| at.plus_months(months).unix_seconds();
    let events = decide(before, &Command::Record(choices.clone()), &until)?;
    let line = |answer: &shared::choice::Answer| {
        let event = events.iter().find(|event| event.purpose == answer.purpose);
        let until = event.and_then(end);
        let decided = if until.is_some() { Decided::Given } else { Decided::NotGiven };
        Decision { decided, purpose: answer.purpose.clone(), until, version: answer.version }
    };
    Ok(choices.answers().iter().map(line).collect())
}

fn end(event: &ConsentEvent) -> Option<Timestamp> {
    match event.kind {
        EventKind::Given { until } | EventKind::Renewed { until } => {
            Some(Timestamp::from_unix_seconds(until))
        }
        EventKind::Refused | EventKind::Withdrawn | EventKind::Expired => None,
    }
}
