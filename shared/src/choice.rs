//! A visitor's choices on the purposes of one notice.
//!
//! In scope: the choice type, and the rule that silence is not consent.
//! Out of scope: the wording (`notice`), what follows from a choice (`lifecycle`), signing (`receipt`).
//!
//! Invariant: [`Choices`] has exactly one choice for every purpose that was shown, in the order shown.

use alloc::vec::Vec;

use crate::ids::{PurposeId, PurposeVersion};
use crate::limits::PURPOSES_MAX;
use crate::notice::Notice;
use crate::purpose::ContactField;
use crate::refusal::Refusal;

/// What the visitor did with one box.
///
/// Not a `bool`: GDPR recital 32 rules out silence and pre-ticked boxes, so `NotGiven` is the only
/// state that exists before the visitor acts, and no code can default it to `Given`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Choice {
    /// The visitor ticked the box and sent the form.
    Given,
    /// The visitor sent the form and left the box empty.
    #[default]
    NotGiven,
}

/// The choice on one purpose that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which purpose.
    pub purpose: PurposeId,
    /// In which version it was shown.
    pub version: PurposeVersion,
    /// How long a consent to it counts, in calendar months.
    pub validity_months: u16,
    /// Whether the purpose needs the person's e-mail address, so that the owner of that address has to be asked.
    pub by_email: bool,
    /// What the visitor did with its box.
    pub choice: Choice,
}

/// One choice per purpose shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices(Vec<Answer>);

impl Choices {
    /// Matches the ticked boxes with the purposes that the notice shows.
    ///
    /// # Errors
    ///
    /// [`Refusal::PurposeNotOffered`] if a ticked purpose was not shown,
    /// [`Refusal::PurposeRepeated`] if one is named twice.
    pub fn parse(notice: &Notice, ticked: &[PurposeId]) -> Result<Self, Refusal> {
        if ticked.len() > PURPOSES_MAX {
            return Err(Refusal::PurposeRepeated);
        }
        for (index, purpose) in ticked.iter().enumerate() {
            if notice.purpose(purpose).is_none() {
                return Err(Refusal::PurposeNotOffered);
            }
            if ticked[..index].contains(purpose) {
                return Err(Refusal::PurposeRepeated);
            }
        }
        Ok(Self(notice.purposes.iter().map(|shown| answer(shown, ticked)).collect()))
    }

    /// Answers put together by the lifecycle's own tests.
    #[cfg(test)]
    pub(crate) fn from_answers(answers: Vec<Answer>) -> Self {
        Self(answers)
    }

    /// The answers, in the order shown.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.0
    }

    /// The same choices without those that were left empty: for a person who gives again on their own page, where an
    /// empty box says nothing.
    #[must_use]
    pub fn only_given(mut self) -> Self {
        self.0.retain(|answer| answer.choice == Choice::Given);
        self
    }

    /// Whether at least one box was ticked.
    #[must_use]
    pub fn any_given(&self) -> bool {
        self.0.iter().any(|answer| answer.choice == Choice::Given)
    }
}

fn answer(shown: &crate::notice::NoticePurpose, ticked: &[PurposeId]) -> Answer {
    let choice = if ticked.contains(&shown.purpose.id) { Choice::Given } else { Choice::default() };
    Answer {
        purpose: shown.purpose.id.clone(),
        version: shown.purpose.version,
        validity_months: shown.purpose.terms.validity_months,
        by_email: shown.purpose.terms.needs.contains(&ContactField::Email),
        choice,
    }
}
