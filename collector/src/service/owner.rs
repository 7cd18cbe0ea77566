//! What the owner of an address does behind a link that was mailed to it: confirm what was requested, say that it was somebody
//! else, and undo what somebody else stopped.
//!
//! In scope: the acts. Out of scope: the letters with the links (`letters`), how the pages look (`widget`).
//!
//! Invariant: only here does a requested consent come to stand, and only by a POST of a person: mail scanners follow links
//! with GET. A link works as long as what it is about is still open, so a second press does nothing more.

use shared::Language;
use shared::choice::Choices;
use shared::contact::{Contact, EmailAddress};
use shared::ids::{PurposeId, ReceiptId};
use shared::lifecycle::{Command, ConsentEvent, decide};
use shared::purpose::ContactField;
use shared::receipt::{Act, CollectionMethod, Decided, Decision, Ui};
use shared::refusal::Refusal;
use shared::terms::UNDO_DAYS;
use shared::time::Timestamp;

use super::draft::Facts;
use super::manage::{ATTEMPTS_MAX, Managed};
use super::{Service, Shown, fresh_receipt_id, refused, unavailable};
use crate::links;
use crate::records::{self, StoredReceipt, contact_prefix};
use crate::seal::email_digest;
use crate::sequencer::{Draft, SequenceError};
use crate::store::Space;

/// What a mailed link is about.
pub struct Question {
    /// Whose, and what stands for them.
    pub managed: Managed,
    /// The words that were shown.
    pub shown: Shown,
    /// The receipt that the mail was about.
    pub stored: StoredReceipt,
    /// The purposes that are still open: that wait, or can be given again. None when everything is done.
    pub open: Vec<PurposeId>,
    /// Whether at least one of them stands now: then it was confirmed or undone before.
    pub done: bool,
    /// Whether the address has been forgotten since, so that it must be typed in again.
    pub address_gone: bool,
}

impl Service {
    /// What a confirm link is about.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] or [`Refusal::StoreUnavailable`].
    pub fn to_confirm(&self, token: &str) -> Result<Question, Refusal> {
        let (number, receipt) = links::read_confirm_token(token, &self.keys.link)?;
        self.question(number, &receipt, Decided::Requested, |consent, _| consent.is_requested())
    }

    /// What an undo link is about.
    ///
    /// # Errors
    ///
    /// As [`Service::to_confirm`].
    pub fn to_undo(&self, token: &str) -> Result<Question, Refusal> {
        let (number, receipt) = links::read_undo_token(token, &self.keys.link)?;
        let from = undo_from(Self::now());
        self.question(number, &receipt, Decided::Withdrawn, |consent, stored| {
            consent.may_be_confirmed()
                && !consent.is_requested()
                && consent.since >= from
                && consent.since == stored.receipt.at.unix_seconds()
        })
    }

    fn question(
        &self,
        number: u32,
        id: &ReceiptId,
        decided: Decided,
        is_open: impl Fn(&shared::lifecycle::Consent, &StoredReceipt) -> bool,
    ) -> Result<Question, Refusal> {
        let snapshot = self.snapshot()?;
        let stored = records::read_receipt(snapshot.as_ref(), number, id).map_err(unavailable)?;
        let stored = stored.ok_or(Refusal::LinkUnknown)?;
        let managed = self.managed_by(number, &stored.receipt.subject)?;
        let shown = managed.shown_on(&stored.receipt)?;
        let consents = managed.subject.consents();
        let about = stored.receipt.decisions.iter().filter(|decision| decision.decided == decided);
        let about: Vec<&Decision> = about.collect();
        let of = |decision: &Decision| {
            consents.get(&decision.purpose).filter(|consent| consent.version == decision.version)
        };
        let is_open = |decision: &&&Decision| of(decision).is_some_and(|consent| is_open(consent, &stored));
        let open = about.iter().filter(is_open).map(|decision| decision.purpose.clone()).collect();
        let done = about.iter().any(|decision| of(decision).is_some_and(|consent| consent.is_given()));
        let address_gone = managed.subject.row.contact.is_none();
        Ok(Question { shown, open, done, address_gone, managed, stored })
    }

    /// Confirms what was requested. A second press finds it done.
    ///
    /// # Errors
    ///
    /// [`Refusal::NothingToConfirm`] when it was stopped or has lapsed, or as [`Service::to_confirm`].
    pub async fn confirm(&self, token: &str, language: Language) -> Result<ReceiptId, Refusal> {
        for _ in 0..ATTEMPTS_MAX {
            let question = self.to_confirm(token)?;
            if question.open.is_empty() {
                return question.done_before();
            }
            let choices = question.choices()?;
            let done = self.answer(&question, Command::Confirm(choices), language, None).await?;
            if let Some(receipt) = done {
                return Ok(receipt);
            }
        }
        Err(Refusal::Overloaded)
    }

    /// The owner of the address says that it was somebody else: what waits is stopped, and the address is forgotten.
    ///
    /// # Errors
    ///
    /// [`Refusal::NothingToConfirm`] when nothing waits, or as [`Service::to_confirm`].
    pub async fn disown(&self, token: &str, language: Language) -> Result<ReceiptId, Refusal> {
        for _ in 0..ATTEMPTS_MAX {
            let question = self.to_confirm(token)?;
            if question.open.is_empty() {
                return Err(Refusal::NothingToConfirm);
            }
            let consents = question.managed.subject.consents();
            let mut events: Vec<ConsentEvent> = Vec::new();
            for purpose in &question.open {
                events.extend(decide(&consents, &Command::Withdraw(purpose.clone()), &|_| 0)?);
            }
            let facts = self.mailed(&question, Act::Withdrawal, &events, language)?;
            if let Some(receipt) = self.store_answer(&question, facts, None).await? {
                return Ok(receipt);
            }
        }
        Err(Refusal::Overloaded)
    }

    /// Gives again what was stopped behind somebody's back. Where the address has been forgotten since, it is typed in again,
    /// and must be the same.
    ///
    /// # Errors
    ///
    /// [`Refusal::NothingToConfirm`] when the time for it is over, [`Refusal::ContactMissing`] or
    /// [`Refusal::ContactInvalid`] for the address, or as [`Service::to_undo`].
    pub async fn undo(
        &self,
        token: &str,
        email: Option<&str>,
        language: Language,
    ) -> Result<ReceiptId, Refusal> {
        for _ in 0..ATTEMPTS_MAX {
            let question = self.to_undo(token)?;
            if question.open.is_empty() {
                return question.done_before();
            }
            let contact = self.typed_again(&question, email)?;
            let command = Command::Undo(question.choices()?, undo_from(Self::now()));
            if let Some(receipt) = self.answer(&question, command, language, contact).await? {
                return Ok(receipt);
            }
        }
        Err(Refusal::Overloaded)
    }

    fn typed_again(&self, question: &Question, email: Option<&str>) -> Result<Option<Contact>, Refusal> {
        if !question.address_gone {
            return Ok(None);
        }
        let typed = email.map(str::trim).filter(|typed| !typed.is_empty());
        let email = EmailAddress::parse(typed.ok_or(Refusal::ContactMissing(ContactField::Email))?)?;
        let organisation = question.managed.organisation.number;
        let digest = email_digest(&email, organisation, &self.keys.index);
        if question.managed.subject.row.email_digest() != Some(&digest) {
            return Err(Refusal::ContactInvalid(ContactField::Email));
        }
        Ok(Some(Contact { email: Some(email), ..Contact::default() }))
    }

    async fn answer(
        &self,
        question: &Question,
        command: Command,
        language: Language,
        contact: Option<Contact>,
    ) -> Result<Option<ReceiptId>, Refusal> {
        let at = Self::now();
        let until = |months| at.plus_months(months).unix_seconds();
        let events = decide(&question.managed.subject.consents(), &command, &until)?;
        let facts = self.mailed(question, Act::Confirmation, &events, language)?;
        self.store_answer(question, facts, contact).await
    }

    fn mailed(
        &self,
        question: &Question,
        act: Act,
        events: &[ConsentEvent],
        language: Language,
    ) -> Result<Facts, Refusal> {
        let at = Self::now();
        Ok(Facts {
            act,
            at,
            decisions: events.iter().map(Decision::from).collect(),
            kiosk: None,
            language,
            method: CollectionMethod::Mail,
            offered_at: question.stored.receipt.at,
            origin: None,
            receipt: fresh_receipt_id(at)?,
            registered: None,
            subject: question.managed.id,
            ui: Ui::Html,
            widget: self.assets.build,
        })
    }

    /// Stores it. None when somebody else changed the person meanwhile: then it is decided anew.
    async fn store_answer(
        &self,
        question: &Question,
        facts: Facts,
        contact: Option<Contact>,
    ) -> Result<Option<ReceiptId>, Refusal> {
        let (receipt, confirms) = (facts.receipt, facts.act == Act::Confirmation);
        let mut subject = question.managed.subject.clone();
        if let Some(contact) = contact {
            subject.row.contact = Some(self.seal(&contact, &question.managed.id)?);
        }
        let mut draft: Draft = self.one_more(&subject, &question.shown, facts)?;
        if let (true, Some(digest)) = (confirms, subject.row.email_digest()) {
            // The owner of the address has spoken: it may be on a list again.
            draft
                .rows
                .delete(Space::Suppressed, contact_prefix(question.managed.organisation.number, digest));
        }
        match self.sequencer.store(draft).await {
            Ok(_) => Ok(Some(receipt)),
            Err(SequenceError::Conflict { .. } | SequenceError::Duplicate) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }
}

impl Question {
    fn choices(&self) -> Result<Choices, Refusal> {
        Choices::parse(&self.shown.notice.notice, &self.open).map(Choices::only_given)
    }

    /// The receipt of the press before, if that did it.
    fn done_before(&self) -> Result<ReceiptId, Refusal> {
        let confirmations = self.managed.subject.receipts.iter().rev();
        let mut confirmations = confirmations.filter(|stored| stored.receipt.act == Act::Confirmation);
        let last = confirmations.next().filter(|_| self.done);
        last.map(|stored| stored.receipt.receipt).ok_or(Refusal::NothingToConfirm)
    }
}

/// Since when something must have been stopped for its undoing, in Unix seconds.
fn undo_from(now: Timestamp) -> i64 {
    now.plus_seconds(-UNDO_DAYS * 24 * 60 * 60).unix_seconds()
}
