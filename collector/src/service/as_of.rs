//! "Could we mail this person for this purpose on that date, and why?", answered from the receipts.
//!
//! In scope: the state that held at a moment, and the receipt and wording that it rests on. Out of scope: who may ask.
//!
//! Invariant: the answer follows from receipts that were stored by that moment and from nothing else. Everything that happened
//! under an address counts together, in the order of storing, so whoever stops once has stopped.

use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::{FormId, FormVersion, NoticeHash, PurposeId, PurposeVersion, ReceiptId};
use shared::lifecycle::{Consent, ConsentState, Consents};
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::people::Who;
use crate::catalogue::Organisation;
use crate::keys::Keys;
use crate::links;
use crate::records::{StoredReceipt, Subject};
use crate::store::Snapshot;

/// Where a consent stood at a moment (states of DPV 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody with this address was ever asked, or their proof is erased.
    Unknown,
    /// The box was seen and left empty.
    Refused,
    /// It stood.
    Given,
    /// It was given to another version than the one that is asked about.
    GivenToOtherVersion,
    /// It was taken back.
    Withdrawn,
    /// Its term was over.
    Expired,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AsOf {
    /// Whether the data could be used.
    pub answer: bool,
    /// For which purpose.
    pub purpose: PurposeId,
    /// At which moment.
    pub at: Timestamp,
    /// Where the consent stood.
    pub state: State,
    /// What that rests on; nothing for a person who is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
}

/// What an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// Since when it stood so.
    pub since: Timestamp,
    /// Until when it counts, if it stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The version that was agreed to, refused or stopped.
    pub version: PurposeVersion,
    /// The receipt that made it so.
    pub receipt: ReceiptId,
    /// Where the receipt is, and beside it its signed file and its place in the log.
    pub receipt_url: String,
    /// Its number, which is its place in the log.
    pub log_index: u64,
    /// On which form.
    pub form: FormId,
    /// In which version.
    pub form_version: FormVersion,
    /// In which language.
    pub language: Language,
    /// The exact wording, by its hash.
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

/// The answer about one of several people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Which of them, from 1.
    pub line: usize,
    /// The answer.
    #[serde(flatten)]
    pub as_of: Option<AsOf>,
    /// Why there is none: a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
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
        let (consent, receipt) = stood(subjects, question);
        let state = consent.as_ref().map_or(State::Unknown, |consent| state(consent, question));
        let because = consent.zip(receipt).map(|(consent, stored)| self.because(&consent, &stored));
        let (purpose, at) = (question.purpose.clone(), question.at);
        Ok(AsOf { answer: state == State::Given, purpose, at, state, because })
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
        let today =
            self.organisation.catalogue.purposes.get(&asked.purpose).ok_or(Refusal::PurposeNotOffered)?;
        let at = asked.at.unwrap_or(now);
        let version = asked.version.or_else(|| asked.at.is_none().then_some(today.version));
        let one = |(line, text): (usize, &str)| {
            let question = |who: &Who| self.answer(&Question { who, purpose: &asked.purpose, at, version });
            match Who::parse(text).and_then(|who| question(&who)) {
                Err(Refusal::StoreUnavailable) => Err(Refusal::StoreUnavailable),
                Ok(as_of) => Ok(Answer { line, as_of: Some(as_of), error: None }),
                Err(refusal) => Ok(Answer { line, as_of: None, error: Some(refusal.code()) }),
            }
        };
        people.map(one).collect()
    }

    fn because(&self, consent: &Consent, stored: &StoredReceipt) -> Because {
        let receipt = &stored.receipt;
        let token = links::receipt_token(self.organisation.number, &receipt.receipt, &self.keys.link);
        let notice = self.organisation.notice(&receipt.notice);
        let shown = notice.and_then(|known| known.notice.purpose(&consent.purpose));
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

/// The consent as it stood, and the receipt that brought it there.
fn stood(subjects: Vec<Subject>, question: &Question<'_>) -> (Option<Consent>, Option<StoredReceipt>) {
    let mut receipts: Vec<StoredReceipt> =
        subjects.into_iter().flat_map(|subject| subject.receipts).collect();
    receipts.sort_by_key(|stored| stored.sequence);
    let (mut consents, mut because) = (Consents::default(), None);
    for stored in receipts.into_iter().filter(|stored| stored.receipt.at <= question.at) {
        let before = consents.get(question.purpose).cloned();
        consents = stored.receipt.fold(consents);
        if consents.get(question.purpose) != before.as_ref() {
            because = Some(stored);
        }
    }
    (consents.get(question.purpose).cloned(), because)
}

fn state(consent: &Consent, question: &Question<'_>) -> State {
    match consent.state {
        ConsentState::Refused => State::Refused,
        ConsentState::Withdrawn => State::Withdrawn,
        ConsentState::Expired => State::Expired,
        ConsentState::Given { until } if until <= question.at.unix_seconds() => State::Expired,
        ConsentState::Given { .. } if question.version.is_some_and(|version| version != consent.version) => {
            State::GivenToOtherVersion
        }
        ConsentState::Given { .. } => State::Given,
    }
}
