//! "Could we mail this person for this purpose on that date, and why?", answered from the receipts.
//!
//! In scope: the state that held at a moment, and the receipt and wording that it rests on. Out of scope: who may ask.
//!
//! Invariant: the answer follows from receipts that were stored by that moment and from nothing else. What happened under an
//! address by several people is weighed as `shared::address` says, so whoever stops once has stopped. About now, the answer
//! is the one that `may_address` gives from what is stored with the address.

use serde::{Deserialize, Serialize};
use shared::Language;
use shared::address::{Claim, Standing, Stands};
use shared::ids::{FormId, FormVersion, NoticeHash, PurposeId, PurposeVersion, ReceiptId};
use shared::lifecycle::{Consent, ConsentState};
use shared::purpose::Basis;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use utoipa::ToSchema;

use super::people::Who;
use super::unavailable;
use crate::catalogue::Organisation;
use crate::keys::Keys;
use crate::links;
use crate::objection::{self, Objection};
use crate::records::{self, StoredReceipt, Subject};
use crate::seal::email_digest;
use crate::store::{Snapshot, StoreError};

/// Where a consent stood at a moment (states of DPV 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody with this address is known, or their proof is erased.
    Unknown,
    /// They are known, and were never asked: no form that they answered had this box, or it rests on a sale and they bought nothing.
    NotAsked,
    /// They were asked and did not agree: the box was seen and left empty, or nobody confirmed it in time.
    NotGiven,
    /// The box was ticked, and waits for the owner of the address.
    Requested,
    /// It stood.
    Given,
    /// It was given to another version than the one that is asked about.
    GivenToOtherVersion,
    /// It was taken back.
    Withdrawn,
    /// Its term was over.
    Expired,
    /// It stood on an imported list that proves nothing.
    Unproven,
    /// Somebody objected to all advertising (Art. 21(2)), whatever stood for this purpose.
    Objected,
    /// It stood without consent: they bought something and did not object (Tw 11.7(3)).
    SoftOptIn,
}

impl State {
    /// On what the data may be used; nothing where it may not.
    #[must_use]
    pub const fn basis(self) -> Option<Basis> {
        match self {
            Self::Given => Some(Basis::Consent),
            Self::SoftOptIn => Some(Basis::SoftOptIn),
            _ => None,
        }
    }

    /// Whether the data may be used.
    #[must_use]
    pub const fn is_yes(self) -> bool {
        self.basis().is_some()
    }

    /// Of the claim that decides.
    #[must_use]
    pub fn of(claim: Claim, version: Option<PurposeVersion>, at: Timestamp) -> Self {
        match claim.state {
            ConsentState::Refused | ConsentState::Lapsed => Self::NotGiven,
            ConsentState::Requested { until } if until <= at.unix_seconds() => Self::NotGiven,
            ConsentState::Requested { .. } => Self::Requested,
            ConsentState::Withdrawn => Self::Withdrawn,
            ConsentState::Expired => Self::Expired,
            ConsentState::Unproven => Self::Unproven,
            ConsentState::Given { .. } if claim.may_process(version, at) => Self::Given,
            ConsentState::Given { .. } if claim.state.may_process(at) => Self::GivenToOtherVersion,
            ConsentState::SoftOptIn { .. } if claim.may_process(version, at) => Self::SoftOptIn,
            // What a sale allows for one version of a purpose, it does not allow for another.
            ConsentState::Given { .. } | ConsentState::SoftOptIn { .. } => Self::Expired,
        }
    }
}

/// Where the consent of an address stood, and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsOf {
    /// Whether the data could be used.
    pub answer: bool,
    /// Where the consent stood.
    pub state: State,
    /// What that rests on; nothing for a person who is unknown, or objected.
    pub because: Option<Because>,
    /// The receipt that made it so.
    pub receipt: Option<ReceiptId>,
}

/// What an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Because {
    /// Since when it stood so.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Until when it counts, if it stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// The version that was agreed to, refused or stopped.
    #[schema(value_type = u32)]
    pub version: PurposeVersion,
    /// The receipt that made it so.
    #[schema(value_type = String, format = "uuid")]
    pub receipt: ReceiptId,
    /// Where the receipt is, and beside it its signed file and its place in the log.
    pub receipt_url: String,
    /// Its number, which is its place in the log.
    pub log_index: u64,
    /// On which form.
    #[schema(value_type = String)]
    pub form: FormId,
    /// In which version.
    #[schema(value_type = u32)]
    pub form_version: FormVersion,
    /// In which language.
    #[schema(value_type = String)]
    pub language: Language,
    /// The exact wording, by its hash.
    #[schema(value_type = String)]
    pub notice: NoticeHash,
    /// The label of the box, as it was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What is asked.
pub struct Question<'a> {
    /// About whom.
    pub who: &'a Who,
    /// For which purpose.
    pub purpose: &'a PurposeId,
    /// At which moment.
    pub at: Timestamp,
    /// Consent to which version counts; without one, whichever was given.
    pub version: Option<PurposeVersion>,
}

/// What is asked about several people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// For which purpose.
    pub purpose: PurposeId,
    /// At which moment; otherwise now.
    pub at: Option<Timestamp>,
    /// Consent to which version counts; otherwise now today's, and on a date whichever was given.
    pub version: Option<PurposeVersion>,
}

impl Asked {
    /// At which moment, and consent to which version counts.
    ///
    /// # Errors
    ///
    /// [`Refusal::PurposeNotOffered`] for a purpose that the organisation never had.
    pub fn resolved(
        &self,
        organisation: &Organisation,
        now: Timestamp,
    ) -> Result<(Timestamp, Option<PurposeVersion>), Refusal> {
        let today = organisation.catalogue.purposes.get(&self.purpose).ok_or(Refusal::PurposeNotOffered)?;
        let version = self.version.or_else(|| self.at.is_none().then_some(today.version));
        Ok((self.at.unwrap_or(now), version))
    }
}

/// The answer about one of several people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Answer {
    /// Which of them, from 1.
    pub line: usize,
    /// Whether the data may, or at that moment could, be used: the only thing that says yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<bool>,
    /// Where the consent stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// What a yes rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The receipt that made it so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub receipt: Option<ReceiptId>,
    /// What the answer rests on, for who asks why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
    /// Why there is no answer: a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
}

impl Answer {
    /// That there is none.
    #[must_use]
    pub const fn error(line: usize, refusal: Refusal) -> Self {
        let error = Some(refusal.code());
        Self { line, answer: None, state: None, basis: None, receipt: None, because: None, error }
    }

    /// With all that it rests on.
    #[must_use]
    pub fn long(line: usize, as_of: AsOf) -> Self {
        let AsOf { answer, state, because, receipt } = as_of;
        let basis = state.basis();
        Self { line, answer: Some(answer), state: Some(state), basis, receipt, because, error: None }
    }
}

/// What is needed to answer.
pub struct Answerer<'a> {
    /// The store as it is now.
    pub snapshot: &'a dyn Snapshot,
    /// Whose people.
    pub organisation: &'a Organisation,
    /// The keys.
    pub keys: &'a Keys,
    /// The address under which people reach the collector.
    pub base_url: &'a str,
}

impl Answerer<'_> {
    /// Answers.
    ///
    /// # Errors
    ///
    /// [`Refusal::PurposeNotOffered`] for a purpose that the organisation never had, or as [`Who::subjects`].
    pub fn answer(&self, question: &Question<'_>) -> Result<AsOf, Refusal> {
        if !self.organisation.catalogue.purposes.contains_key(question.purpose) {
            return Err(Refusal::PurposeNotOffered);
        }
        let subjects = question.who.subjects(self.snapshot, self.organisation, self.keys)?;
        let objection = self.objection(&subjects, question).map_err(unavailable)?;
        let known = subjects.iter().flat_map(|subject| &subject.receipts);
        let nothing = match known.into_iter().any(|stored| stored.receipt.at <= question.at) {
            true => State::NotAsked,
            false => State::Unknown,
        };
        let stood = stood(subjects, question);
        let stands = stood.as_ref().map(|(stands, _)| (stands.consent.state, Some(stands.by)));
        if let Some((_, receipt)) = objection.filter(|(objection, _)| objection.decides(stands)) {
            return Ok(AsOf { answer: false, state: State::Objected, because: None, receipt });
        }
        let claim = stood.as_ref().map(|(stands, _)| stands.claim());
        let state = claim.map_or(nothing, |claim| State::of(claim, question.version, question.at));
        let because = stood.map(|(stands, stored)| self.because(&stands.consent, &stored));
        let receipt = because.as_ref().map(|because| because.receipt);
        Ok(AsOf { answer: state.is_yes(), state, because, receipt })
    }

    /// Answers about several people: addresses or links of own pages, with their line numbers. Whoever cannot be read has the
    /// reason in their own answer.
    ///
    /// # Errors
    ///
    /// [`Refusal::PurposeNotOffered`] or [`Refusal::StoreUnavailable`]; then nobody has an answer.
    pub fn answer_all<'a>(
        &self,
        asked: &Asked,
        people: impl Iterator<Item = (usize, &'a str)>,
        now: Timestamp,
    ) -> Result<Vec<Answer>, Refusal> {
        let (at, version) = asked.resolved(self.organisation, now)?;
        let one = |(line, text): (usize, &str)| {
            let question = |who: &Who| self.answer(&Question { who, purpose: &asked.purpose, at, version });
            match Who::parse(text).and_then(|who| question(&who)) {
                Err(Refusal::StoreUnavailable) => Err(Refusal::StoreUnavailable),
                Ok(as_of) => Ok(Answer::long(line, as_of)),
                Err(refusal) => Ok(Answer::error(line, refusal)),
            }
        };
        people.map(one).collect()
    }

    /// The newest objection that was made by then, and its receipt: from the receipts, or from the row that outlives them.
    fn objection(
        &self,
        subjects: &[Subject],
        question: &Question<'_>,
    ) -> Result<Option<(Objection, Option<ReceiptId>)>, StoreError> {
        let digest = match question.who {
            Who::Email(email) => Some(email_digest(email, self.organisation.number, &self.keys.index)),
            Who::Link(_) => subjects.first().and_then(|subject| subject.row.found_by).map(|by| *by.digest()),
        };
        let receipts = subjects.iter().flat_map(|subject| &subject.receipts);
        let newest = objection::among(receipts, question.at);
        let newest = newest.map(|(objection, receipt)| (objection, Some(receipt)));
        let Some(digest) = digest else { return Ok(newest) };
        let row = objection::of(self.snapshot, self.organisation.number, &digest)?;
        match row.filter(|row| row.at <= question.at) {
            Some(row) if newest.as_ref().is_none_or(|(newest, _)| newest.number < row.number) => {
                let stored = records::find_numbered(self.snapshot, self.organisation.number, row.number)?;
                Ok(Some((row, stored.map(|stored| stored.receipt.receipt))))
            }
            _ => Ok(newest),
        }
    }

    fn because(&self, consent: &Consent, stored: &StoredReceipt) -> Because {
        let receipt = &stored.receipt;
        let token = links::receipt_token(self.organisation.number, &receipt.receipt, &self.keys.link);
        let notice = self.organisation.notice(&receipt.notice);
        let shown = notice.and_then(|known| known.notice.words_of(&consent.purpose));
        Because {
            since: Timestamp::from_unix_seconds(consent.since),
            until: consent.ends().map(Timestamp::from_unix_seconds),
            version: consent.version,
            receipt: receipt.receipt,
            receipt_url: format!("{}/r/{token}", self.base_url),
            log_index: stored.sequence,
            form: receipt.form.clone(),
            form_version: receipt.form_version,
            language: receipt.language,
            notice: receipt.notice,
            title: shown.map(|shown| shown.title.clone()),
        }
    }
}

/// The consent that decided for all these subjects, and the receipt that brought it where it stood.
fn stood(subjects: Vec<Subject>, question: &Question<'_>) -> Option<(Stands<u64>, StoredReceipt)> {
    let one = |subject: Subject| {
        let before = |stored: &&StoredReceipt| stored.receipt.at <= question.at;
        let step = |standing: Standing<u64>, stored: &StoredReceipt| {
            standing.after(&stored.receipt.decisions, stored.receipt.at, &stored.sequence)
        };
        let standing = subject.receipts.iter().filter(before).fold(Standing::default(), step);
        let stands = standing.get(question.purpose)?.clone();
        let by = subject.receipts.into_iter().find(|stored| stored.sequence == stands.by)?;
        Some((stands, by))
    };
    let weight = |(stands, _): &(Stands<u64>, StoredReceipt)| {
        (stands.claim().weight(question.version, question.at), stands.by)
    };
    subjects.into_iter().filter_map(one).max_by_key(weight)
}
