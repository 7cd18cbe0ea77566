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
use shared::lifecycle::{Command, Consents, decide};
use shared::limits::EARLIER_MAX;
use shared::offer::{Nonce, Offer};
use shared::receipt::{Act, CollectionMethod, Decided, Decision, Receipt, decisions};
use shared::refusal::Refusal;
use shared::terms::{self, CONFIRM_DAYS};
use shared::time::Timestamp;

use super::draft::Facts;
use super::manage::{Deed, Request, Way, Whose};
use super::{Accepted, Service, Shown, refused, unavailable};
use crate::records::{self, Subject, SubjectRow};
use crate::seal::{FoundBy, Sealed, email_digest};
use crate::sequencer::{Draft, NewReceipt, Numbered, SequenceError};
use crate::slips;
use crate::standing;
use crate::store::{Batch, Space, StoreError, keys};

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

/// What a new person answered, wherever they did.
pub(super) struct FirstAnswer<'a> {
    /// What they saw.
    pub(super) shown: &'a Shown,
    /// What they ticked.
    pub(super) choices: &'a Choices,
    /// What they typed.
    pub(super) contact: &'a Contact,
    /// When they said it: a consent counts from then.
    pub(super) said_at: Timestamp,
    /// Whether it came too soon for somebody who reads, so that the owner of the address is asked.
    pub(super) quick: bool,
    /// The digest of the code on their slip, where they have one.
    pub(super) slip: Option<[u8; 16]>,
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
        let (outcome, replayed) = match read.fresh {
            Ok(()) => self.store(self.draft(&read, &subject, submission)?, &read).await?,
            // What was stored while the offer was good stays stored, and a late retry is told so.
            Err(stale) => (self.same_as_stored(&read)?.ok_or(stale)?, true),
        };
        let organisation = read.shown.organisation.number;
        let response = SubmitResponse {
            receipt: read.receipt,
            outcome,
            receipt_url: self.receipt_url(organisation, &read.receipt),
            manage_url: self.manage_url(organisation, &subject),
        };
        Ok(Taken { response, replayed })
    }

    /// Stores a receipt, unless it is there already. Gives what became of it, and whether it was.
    async fn store(
        &self,
        (draft, outcome): (Draft, Outcome),
        read: &Read<'_>,
    ) -> Result<(Outcome, bool), Refusal> {
        match self.sequencer.store(draft).await {
            Ok(_) => Ok((outcome, false)),
            // A link to a phone was used: by this answer, or by another.
            Err(SequenceError::Conflict { .. }) if read.shown.ticket.is_some() => {
                Ok((self.same_as_stored(read)?.ok_or(Refusal::PhoneLinkOver)?, true))
            }
            Err(SequenceError::Duplicate) => {
                let before = self.same_as_stored(read)?.ok_or(Refusal::StoreUnavailable)?;
                Ok((before, true))
            }
            Err(error) => Err(refused(error)),
        }
    }

    fn read<'a>(&self, submission: &Submission<'a>) -> Result<Read<'a>, Refusal> {
        let request = submission.request;
        if !request.website.is_empty() {
            return Err(Refusal::UnseenFilled);
        }
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
            let request = Request {
                whose: Whose { organisation, subject: subject_id(receipt) },
                deed: Deed::WithdrawAll,
                nonce: None,
                offer,
                language: read.shown.notice.notice.language,
                way: Way {
                    origin: submission.origin,
                    ..Way::by(CollectionMethod::Web, submission.request.ui)
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
    ) -> Result<(Draft, Outcome), Refusal> {
        let at = Self::now();
        let mut rows = Batch::default();
        let ticket = read.shown.ticket.as_ref();
        let kiosk = ticket.map(|ticket| self.use_ticket(&read.shown.organisation, ticket, &mut rows));
        let facts = Facts {
            act: Act::Choices,
            at,
            decisions: Vec::new(),
            kiosk: kiosk.transpose()?,
            language: read.shown.notice.notice.language,
            method: CollectionMethod::Web,
            offered_at: read.offer.issued,
            origin: submission.origin.map(Into::into),
            receipt: read.receipt,
            registered: None,
            subject: *subject,
            ui: submission.request.ui,
            widget: read.offer.widget,
        };
        let quick = self.bots.too_quick(&read.offer, at);
        let answer = FirstAnswer {
            shown: &read.shown,
            choices: &read.choices,
            contact: &read.contact,
            said_at: at,
            quick,
            slip: None,
        };
        let (receipt, outcome) = self.first_receipt(&answer, facts)?;
        Ok((Draft { receipt: Some(receipt), rows, ..Draft::default() }, outcome))
    }

    /// The first receipt of a new person, with all rows that belong to it. `facts` say everything but the decisions.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    pub(super) fn first_receipt(
        &self,
        answer: &FirstAnswer<'_>,
        mut facts: Facts,
    ) -> Result<(NewReceipt, Outcome), Refusal> {
        let shown = answer.shown;
        let number = shown.organisation.number;
        let digest = answer.contact.email.as_ref().map(|email| email_digest(email, number, &self.keys.index));
        let waits = answer.quick || self.must_confirm(shown, digest.as_ref())?;
        let decided = recorded(&Consents::default(), answer.choices, waits, answer.said_at, facts.at)?;
        // Said so long ago that it no longer counts.
        if decided.iter().any(|decision| decision.until.is_some_and(|until| until <= facts.at)) {
            return Err(Refusal::SignedWhen);
        }
        facts.decisions = decided;
        let outcome = outcome(&facts.decisions);
        let record = self.record(shown, facts);
        let row = self.person(answer, &record)?;
        let mut receipt = self.sign(shown, &record)?;
        first_rows(shown, &record, &row, &mut receipt).map_err(unavailable)?;
        let (nothing, contact) = (Consents::default(), row.contact.as_ref());
        receipt.numbered.extend(self.letter_after(&record, &nothing, &row, number)?);
        receipt.numbered.extend(self.deliveries_after(&record, &nothing, contact, number)?);
        Ok((receipt, outcome))
    }

    /// Whether what needs an e-mail address waits for the owner of that address: because the form says so, or because that
    /// owner asked to be erased or objected, and must not come back by somebody else's hand.
    pub(super) fn must_confirm(&self, shown: &Shown, digest: Option<&[u8; 16]>) -> Result<bool, Refusal> {
        let Some(digest) = digest else { return Ok(false) };
        if shown.organisation.form(&shown.form.form).is_ok_and(|form| form.double_opt_in) {
            return Ok(true);
        }
        let key = records::contact_prefix(shown.organisation.number, digest);
        let snapshot = self.snapshot()?;
        let stays_away = |space| snapshot.get(space, &key).map(|row| row.is_some()).map_err(unavailable);
        Ok(stays_away(Space::Suppressed)? || stays_away(Space::Objected)?)
    }

    /// The row of a new person.
    fn person(&self, answer: &FirstAnswer<'_>, record: &Receipt) -> Result<SubjectRow, Refusal> {
        let (organisation, subject) = (answer.shown.organisation.number, &record.subject);
        let contact = match answer.contact.is_empty() {
            true => None,
            false => Some(self.seal(answer.contact, subject)?),
        };
        let found_by = FoundBy::of(answer.contact, subject, organisation, &self.keys.index);
        let consents = record.fold(Consents::default());
        let (_, due) = terms::next(&consents, contact.is_some(), answer.shown.terms());
        Ok(SubjectRow { contact, found_by, due: due.unix_seconds(), slip: answer.slip, later: Vec::new() })
    }

    pub(super) fn seal(&self, contact: &Contact, subject: &SubjectId) -> Result<Sealed, Refusal> {
        Sealed::seal(contact, subject, &self.keys.master).map_err(|error| {
            tracing::error!(%error, "contact data was not sealed");
            Refusal::StoreUnavailable
        })
    }

    /// What became of the receipt, if it is stored; a retry must say what was said the first time.
    fn same_as_stored(&self, read: &Read<'_>) -> Result<Option<Outcome>, Refusal> {
        let organisation = read.shown.organisation.number;
        let snapshot = self.snapshot()?;
        let stored =
            records::read_receipt(snapshot.as_ref(), organisation, &read.receipt).map_err(unavailable)?;
        let Some(stored) = stored else { return Ok(None) };
        let id = stored.receipt.subject;
        let subject = Subject::read(snapshot.as_ref(), organisation, &id).map_err(unavailable)?;
        let sealed = subject.and_then(|subject| subject.row.contact);
        let contact = match sealed {
            Some(sealed) => sealed.open(&id, &self.keys.master).map_err(|_| Refusal::StoreUnavailable)?,
            None => Contact::default(),
        };
        let ticked: Vec<&PurposeId> = ticked(&read.choices).collect();
        let is_tick = |decided: Decided| matches!(decided, Decided::Given | Decided::Requested);
        let given = stored.receipt.decisions.iter().filter(|decision| is_tick(decision.decided));
        let same = given.map(|decision| &decision.purpose).eq(ticked) && contact == read.contact;
        if same { Ok(Some(outcome(&stored.receipt.decisions))) } else { Err(Refusal::AlreadyAnswered) }
    }
}

/// The rows of a new person, under the number of their first receipt.
///
/// # Errors
///
/// As [`standing::first`].
pub fn first_rows(
    shown: &Shown,
    record: &Receipt,
    row: &SubjectRow,
    receipt: &mut NewReceipt,
) -> Result<(), StoreError> {
    let organisation = shown.organisation.number;
    let place = keys::organisation(organisation).to_vec();
    let due = Timestamp::from_unix_seconds(row.due);
    receipt.numbered = vec![
        Numbered::key(Space::Subject, place, records::encode(row)),
        Numbered::key(Space::Due, keys::due_prefix(due, organisation), Vec::new()),
    ];
    receipt.numbered.extend(row.slip.map(|digest| slips::row(organisation, &digest)));
    if let Some(found_by) = row.found_by {
        let prefix = records::contact_prefix(organisation, found_by.digest());
        standing::first(record, &shown.organisation, prefix, receipt)?;
    }
    Ok(())
}

pub(super) fn ticked(choices: &Choices) -> impl Iterator<Item = &PurposeId> {
    choices.answers().iter().filter(|answer| answer.choice == Choice::Given).map(|answer| &answer.purpose)
}

/// The subject of a first receipt: its own id, under another name, so that a retry finds the same subject.
pub(super) fn subject_id(receipt: &ReceiptId) -> SubjectId {
    SubjectId::from_bytes(*receipt.as_bytes())
}

/// What a receipt says about choices that were `said_at` and are taken now; where it `waits`, what needs an e-mail address is only
/// requested.
///
/// # Errors
///
/// What the lifecycle refuses.
pub fn recorded(
    before: &Consents,
    choices: &Choices,
    waits: bool,
    said_at: Timestamp,
    now: Timestamp,
) -> Result<Vec<Decision>, Refusal> {
    let until = |months| said_at.plus_months(months).unix_seconds();
    let deadline = now.plus_seconds(CONFIRM_DAYS * 24 * 60 * 60).unix_seconds();
    let command = match waits {
        true => Command::Request(choices.clone(), deadline),
        false => Command::Record(choices.clone()),
    };
    Ok(decisions(before, choices, &decide(before, &command, &until)?))
}

pub(super) fn outcome(decisions: &[Decision]) -> Outcome {
    let any = |decided| decisions.iter().any(|decision| decision.decided == decided);
    match (any(Decided::Requested), any(Decided::Given)) {
        (true, _) => Outcome::Requested,
        (false, true) => Outcome::Given,
        (false, false) => Outcome::Refused,
    }
}
