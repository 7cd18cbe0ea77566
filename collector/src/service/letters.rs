//! What letters say: asks for confirmation, receipts, "this is stopped", and the own link.
//!
//! In scope: which letter follows from which act, and filling it. Out of scope: sending and trying again (`outbox`, `mail`).
//!
//! Invariant: a letter is written when it is sent, from what stands then: who was erased or has stopped meanwhile gets none.
//! No letter carries a link that can give consent for somebody to whom it was forwarded.

use shared::contact::EmailAddress;
use shared::ids::SubjectId;
use shared::language::Language;
use shared::lifecycle::{Consent, Consents};
use shared::receipt::{Act, CollectionMethod, Decided, Decision, Receipt};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use widget::fill::{choice_view, controller_view, day};
use widget::model::{LetterView, MessageLink};
use widget::text::LetterText;

use super::code::qr_png;
use super::manage::Managed;
use super::{Service, fresh_nonce, unavailable};
use crate::links;
use crate::mail::Letter;
use crate::records::{self, StoredReceipt, Subject, SubjectRow};
use crate::sequencer::Numbered;
use crate::store::jobs::{self, Job, JobKind};
use crate::store::{Batch, Space};

/// Own pages named in one letter: whoever answered more often finds the newest ones.
const OWN_PAGES_MAX: usize = 5;

/// What a job asks for.
pub enum Wanted {
    /// This letter.
    Letter(Box<Letter>),
    /// Nothing any more.
    Nothing,
}

/// A letter's person: who, and to which address.
struct To {
    managed: Managed,
    email: EmailAddress,
    stored: StoredReceipt,
}

impl Service {
    /// The job that goes into the same commit as a receipt, if a letter follows from it.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`] when contact data cannot be read.
    pub fn letter_after(
        &self,
        record: &Receipt,
        before: &Consents,
        row: &SubjectRow,
        organisation: u32,
    ) -> Result<Option<Numbered>, Refusal> {
        let Some(kind) = kind_after(record, before) else { return Ok(None) };
        let Some(sealed) = row.contact.as_ref().filter(|_| row.email_digest().is_some()) else {
            return Ok(None);
        };
        if record.act == Act::Choices {
            // Whoever filled in the address may be somebody else.
            let contact = sealed.open(&record.subject, &self.keys.master);
            let email = contact.map_err(|_| Refusal::StoreUnavailable)?.email;
            let occasion = record.receipt.as_bytes();
            if !email.is_some_and(|email| self.letter_limit.allows(&email, occasion, record.at)) {
                return Ok(None);
            }
        }
        let prefix = jobs::prefix(record.at, organisation, kind);
        Ok(Some(Numbered::key(Space::Job, prefix, jobs::fresh())))
    }

    /// Asks for a letter with the own link, whoever has this address. Whether anybody has it is not looked at here, so that
    /// nobody learns it from the answer or from how long it took.
    ///
    /// # Errors
    ///
    /// What the sequencer refuses.
    pub async fn mail_own_link(&self, organisation: u32, email: &EmailAddress) -> Result<(), Refusal> {
        let digest = crate::seal::email_digest(email, organisation, &self.keys.index);
        let occasion = fresh_nonce()?.0;
        let mut rows = Batch::default();
        if self.letter_limit.allows(email, &occasion, Self::now()) {
            let key = [jobs::prefix(Self::now(), organisation, JobKind::OwnLink), digest.to_vec()].concat();
            rows.put(Space::Job, key, jobs::fresh());
        }
        self.write(rows).await
    }

    /// The same for a person who is known by a link.
    ///
    /// # Errors
    ///
    /// As [`Service::mail_own_link`], or [`Refusal::LinkUnknown`] for a person without an address.
    pub async fn mail_own_link_to(&self, managed: &Managed) -> Result<(), Refusal> {
        let sealed = managed.subject.row.contact.as_ref().ok_or(Refusal::LinkUnknown)?;
        let contact = sealed.open(&managed.id, &self.keys.master).map_err(|_| Refusal::StoreUnavailable)?;
        let email = contact.email.ok_or(Refusal::LinkUnknown)?;
        self.mail_own_link(managed.organisation.number, &email).await
    }

    /// The letter that a job asks for, as things stand now.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`].
    pub async fn letter(&self, job: &Job, now: Timestamp) -> Result<Wanted, Refusal> {
        let filled = match job.kind {
            JobKind::OwnLink => self.own_link_letter(job, now)?,
            JobKind::Confirm | JobKind::Receipt | JobKind::Stopped => match self.addressee(job)? {
                None => None,
                Some(to) => self.letter_about(job, to)?,
            },
        };
        Ok(filled.map_or(Wanted::Nothing, |letter| Wanted::Letter(Box::new(letter))))
    }

    /// Whom a job about a receipt is for; nobody when they were erased, or their address is forgotten.
    fn addressee(&self, job: &Job) -> Result<Option<To>, Refusal> {
        let snapshot = self.snapshot()?;
        let Some(sequence) = job.sequence() else { return Ok(None) };
        let stored = records::find_numbered(snapshot.as_ref(), job.organisation, sequence);
        let Some(stored) = stored.map_err(unavailable)? else { return Ok(None) };
        let managed = match self.managed_by(job.organisation, &stored.receipt.subject) {
            Ok(managed) => managed,
            Err(Refusal::LinkUnknown) => return Ok(None),
            Err(refusal) => return Err(refusal),
        };
        let email = self.address_of(&managed.subject, &managed.id)?;
        Ok(email.map(|email| To { managed, email, stored }))
    }

    fn address_of(&self, subject: &Subject, id: &SubjectId) -> Result<Option<EmailAddress>, Refusal> {
        let Some(sealed) = &subject.row.contact else { return Ok(None) };
        let contact = sealed.open(id, &self.keys.master);
        Ok(contact.map_err(|_| Refusal::StoreUnavailable)?.email)
    }

    fn letter_about(&self, job: &Job, to: To) -> Result<Option<Letter>, Refusal> {
        let consents = to.managed.subject.consents();
        let waits = |decision: &&Decision| {
            decision.decided == Decided::Requested
                && consents.get(&decision.purpose).is_some_and(Consent::is_requested)
        };
        let receipt = &to.stored.receipt;
        let about: Vec<&Decision> = match job.kind {
            JobKind::Confirm => receipt.decisions.iter().filter(waits).collect(),
            _ => receipt.decisions.iter().collect(),
        };
        if about.is_empty() {
            return Ok(None);
        }
        let known = to.managed.organisation.notice(&receipt.notice).ok_or(Refusal::StoreUnavailable)?;
        let language = receipt.language;
        let choices = about
            .into_iter()
            .map(|one| choice_view(Some(&known.notice), receipt.act, one, language))
            .collect();
        let number = to.managed.organisation.number;
        let words = Words { language, name: &to.managed.organisation.catalogue.controller.name };
        let view = LetterView {
            language,
            controller: controller_view(&to.managed.organisation.catalogue.controller),
            heading: String::new(),
            lead: String::new(),
            choices,
            buttons: Vec::new(),
            code: None,
            after: Vec::new(),
            second: None,
        };
        let stop = self.stop_url(number, &to.managed.id, None);
        let (subject, view, code) = match job.kind {
            JobKind::Confirm => {
                let token = links::confirm_token(number, &receipt.receipt, &self.keys.link);
                words.confirm(view, format!("{}/c/{token}", self.base_url))
            }
            JobKind::Stopped => {
                let token = links::undo_token(number, &receipt.receipt, &self.keys.link);
                words.stopped(view, format!("{}/b/{token}", self.base_url))
            }
            JobKind::Receipt | JobKind::OwnLink => words.receipt(view, stop),
        };
        let file = match job.kind {
            JobKind::Receipt => {
                self.jws(&to.stored).map(|jws| (format!("receipt-{}.jws", receipt.receipt), jws.into_bytes()))
            }
            _ => None,
        };
        let code = code.as_deref().and_then(qr_png);
        let id = links::letter_token(number, &receipt.receipt, job.kind as u8, &self.keys.link);
        Ok(Some(self.written(&to.managed, to.email, Filled { id, subject, view, code, file })))
    }

    fn own_link_letter(&self, job: &Job, now: Timestamp) -> Result<Option<Letter>, Refusal> {
        let Ok(digest) = <&[u8; 16]>::try_from(job.about.as_slice()) else { return Ok(None) };
        let snapshot = self.snapshot()?;
        let subjects = records::subjects_of(snapshot.as_ref(), job.organisation, digest);
        let (mut buttons, mut to) = (Vec::new(), None);
        for subject in subjects.map_err(unavailable)?.into_iter().rev() {
            let Some(last) = subject.receipts.last() else { continue };
            let (id, language, first) = (last.receipt.subject, last.receipt.language, &subject.receipts[0]);
            let Some(email) = self.address_of(&subject, &id)? else { continue };
            let until = now.plus_seconds(links::OWN_LINK_SECONDS);
            let token = links::manage_token_until(job.organisation, &id, until, &self.keys.link);
            let label = LetterText::OwnLinkButton.in_language(language);
            let label = format!("{label} {}", day(first.receipt.at, language));
            buttons.push(MessageLink { label, url: format!("{}/m/{token}", self.base_url) });
            to.get_or_insert((id, email, language));
            if buttons.len() == OWN_PAGES_MAX {
                break;
            }
        }
        let Some((id, email, language)) = to else { return Ok(None) };
        let managed = self.managed_by(job.organisation, &id)?;
        let controller = &managed.organisation.catalogue.controller;
        let words = Words { language, name: &controller.name };
        let view = LetterView {
            language,
            controller: controller_view(controller),
            heading: words.say(LetterText::OwnLinkHeading),
            lead: words.say(LetterText::OwnLinkLead),
            choices: Vec::new(),
            buttons,
            code: None,
            after: vec![words.say(LetterText::NotYou)],
            second: None,
        };
        let subject = words.say(LetterText::OwnLinkSubject);
        let id = own_link_id(job, &self.keys.link);
        Ok(Some(self.written(&managed, email, Filled { id, subject, view, code: None, file: None })))
    }

    fn written(&self, managed: &Managed, to: EmailAddress, filled: Filled) -> Letter {
        let controller = &managed.organisation.catalogue.controller;
        Letter {
            to,
            from_name: controller.name.clone(),
            reply_to: controller.email.clone(),
            language: filled.view.language,
            id: filled.id,
            subject: filled.subject,
            text: filled.view.text(),
            html: widget::ssr::letter_html(&filled.view),
            code: filled.code,
            file: filled.file,
        }
    }
}

struct Filled {
    id: String,
    subject: String,
    view: LetterView,
    code: Option<Vec<u8>>,
    file: Option<(String, Vec<u8>)>,
}

/// Which letter follows from an act: none from what a term ended, nor from what only corrects an earlier answer.
fn kind_after(record: &Receipt, before: &Consents) -> Option<JobKind> {
    let any = |decided| record.decisions.iter().any(|decision| decision.decided == decided);
    let stood = |decision: &Decision| before.get(&decision.purpose).is_some_and(Consent::is_given);
    match record.act {
        Act::Choices if any(Decided::Requested) => Some(JobKind::Confirm),
        Act::Choices | Act::Confirmation if any(Decided::Given) => Some(JobKind::Receipt),
        Act::Withdrawal | Act::Objection
            if record.method != CollectionMethod::Web && record.decisions.iter().any(stood) =>
        {
            Some(JobKind::Stopped)
        }
        // Nobody is written to because of a list: a letter that asks for consent needs consent itself. Nor because of a sale:
        // its shop sends what it sends.
        Act::Choices
        | Act::Confirmation
        | Act::Withdrawal
        | Act::Objection
        | Act::Expiry
        | Act::Import
        | Act::Sale => None,
    }
}

/// The same for each try, another for each time it is asked for, and no word about whom it is for.
fn own_link_id(job: &Job, key: &crate::keys::Secret) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_slice()).expect("any length");
    mac.update(b"own-link-letter/1\0");
    mac.update(&job.organisation.to_be_bytes());
    mac.update(&job.about);
    mac.update(&job.first_due().unix_seconds().to_be_bytes());
    mac.finalize().into_bytes()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The words of letters, with the organisation's name in them.
struct Words<'a> {
    language: Language,
    name: &'a str,
}

type Said = (String, LetterView, Option<String>);

impl Words<'_> {
    fn say(&self, text: LetterText) -> String {
        text.in_language(self.language).replace("{}", self.name)
    }

    fn button(&self, text: LetterText, url: String) -> MessageLink {
        MessageLink { label: self.say(text), url }
    }

    fn confirm(&self, view: LetterView, url: String) -> Said {
        let view = LetterView {
            heading: self.say(LetterText::ConfirmHeading),
            lead: self.say(LetterText::ConfirmLead),
            buttons: vec![self.button(LetterText::ConfirmButton, url)],
            after: vec![self.say(LetterText::ConfirmElse), self.say(LetterText::NotYou)],
            ..view
        };
        (self.say(LetterText::ConfirmSubject), view, None)
    }

    fn receipt(&self, view: LetterView, stop: String) -> Said {
        let view = LetterView {
            heading: self.say(LetterText::ReceiptHeading),
            lead: self.say(LetterText::ReceiptLead),
            buttons: vec![self.button(LetterText::StopButton, stop.clone())],
            code: Some(self.say(LetterText::StopCode)),
            after: vec![self.say(LetterText::ReceiptFile)],
            ..view
        };
        (self.say(LetterText::ReceiptSubject), view, Some(stop))
    }

    fn stopped(&self, view: LetterView, undo: String) -> Said {
        let view = LetterView {
            heading: self.say(LetterText::StoppedHeading),
            lead: self.say(LetterText::StoppedLead),
            after: vec![self.say(LetterText::StoppedFine), self.say(LetterText::StoppedUndo)],
            second: Some(self.button(LetterText::UndoButton, undo)),
            ..view
        };
        (self.say(LetterText::StoppedSubject), view, None)
    }
}
