//! A notice: the exact wording that a person sees, in one language.
//!
//! In scope: every sentence of the form and of its privacy text (GDPR Art. 13), in order.
//! Out of scope: labels of buttons and messages; they belong to the widget build, which a receipt also names.
//!
//! Invariant: what is shown is rendered from a notice and from nothing else, so its hash names what was shown
//! (EDPB 05/2020 ¶108: keep the text, do not point at today's site).

use alloc::string::String;
use alloc::vec::Vec;

use crate::ids::{FormId, FormVersion, OrganisationId, PurposeId};
use crate::language::Language;
use crate::purpose::{Purpose, Recipient};

/// Who is responsible and how to reach them (Art. 13(1)(a)).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Controller {
    /// Legal or trade name.
    pub name: String,
    /// Postal address on one line.
    pub address: String,
    /// Address for questions about privacy.
    pub email: String,
    /// Phone number. Optional.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub phone: Option<String>,
    /// Number in a trade register, with the register's name. Optional.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub register: Option<String>,
    /// ISO 3166-1 alpha-2 country whose law it is under, upper case. None in notices from before it was asked.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub country: Option<String>,
    /// Country where it keeps the data, upper case. None in notices from before it was asked.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub storage_country: Option<String>,
}

/// How to reach somebody who receives data (ISO/IEC TS 27560 6.3.6). Not part of what is agreed to: a recipient may move.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Party {
    /// Its name in the definition.
    pub id: String,
    /// Who it is.
    pub recipient: Recipient,
    /// Postal address on one line.
    pub address: String,
    /// Address for questions about privacy.
    pub email: String,
}

/// A short fact with its label, such as "Who gets it: only we".
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Detail {
    /// What the fact is about.
    pub label: String,
    /// The fact.
    pub value: String,
}

/// One box and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct NoticePurpose {
    /// The purpose with its version and terms.
    pub purpose: Purpose,
    /// The label of the box.
    pub title: String,
    /// One or two sentences below it.
    pub text: String,
    /// Which data, who gets it, how long.
    pub details: Vec<Detail>,
}

/// What customers are sent without consent, and the words by which they were told (Tw 11.7(3)).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct CustomerUse {
    /// The purpose and its words. It is no box: nobody agrees to it.
    pub shown: NoticePurpose,
    /// What they bought, in words that follow "you bought".
    pub products: String,
    /// The words beside the box by which customers object at the sale. That box is not ticked either.
    pub objection: String,
}

/// One part of the privacy text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Section {
    /// The article that asks for it, such as `13(1)(a)`.
    pub article: String,
    /// Its heading.
    pub heading: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// Everything that a form shows in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Notice {
    /// `vinkje/notice/1`.
    pub schema: String,
    /// Whose form.
    pub organisation: OrganisationId,
    /// Which form.
    pub form: FormId,
    /// Its version.
    pub form_version: FormVersion,
    /// The language of every text here.
    pub language: Language,
    /// Who asks.
    pub controller: Controller,
    /// The heading of the form.
    pub title: String,
    /// What is asked and why, in a sentence or two.
    pub intro: String,
    /// The boxes, in order. None is ticked.
    pub purposes: Vec<NoticePurpose>,
    /// What customers are sent without consent. Empty where there is no such thing.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub customers: Vec<CustomerUse>,
    /// How to reach the recipients of these purposes. Empty in notices from before it was asked.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub parties: Vec<Party>,
    /// How to take consent back (Art. 7(3)), shown before the buttons.
    pub withdrawal: String,
    /// The privacy text (Art. 13), one click from the boxes.
    pub sections: Vec<Section>,
}

/// The schema name of the notices that this version writes.
pub const NOTICE_SCHEMA: &str = "vinkje/notice/1";

impl Notice {
    /// The box of a purpose, if it was on this notice.
    #[must_use]
    pub fn purpose(&self, id: &PurposeId) -> Option<&NoticePurpose> {
        self.purposes.iter().find(|shown| shown.purpose.id == *id)
    }

    /// What customers are sent for a purpose, if the notice says so.
    #[must_use]
    pub fn customer_use(&self, id: &PurposeId) -> Option<&CustomerUse> {
        self.customers.iter().find(|told| told.shown.purpose.id == *id)
    }

    /// The words of a purpose, be it a box or something that customers are sent.
    #[must_use]
    pub fn words_of(&self, id: &PurposeId) -> Option<&NoticePurpose> {
        self.purpose(id).or_else(|| self.customer_use(id).map(|told| &told.shown))
    }

    /// How to reach a recipient, if the notice says so.
    #[must_use]
    pub fn party(&self, recipient: &Recipient) -> Option<&Party> {
        self.parties.iter().find(|party| party.recipient == *recipient)
    }
}

#[cfg(feature = "evidence")]
impl Notice {
    /// The canonical bytes (RFC 8785) and their SHA-256: what receipts point at.
    #[must_use]
    pub fn canonical(&self) -> (Vec<u8>, crate::ids::NoticeHash) {
        let bytes = crate::canonical::to_bytes(self);
        let hash = crate::ids::NoticeHash::of(&bytes);
        (bytes, hash)
    }
}
