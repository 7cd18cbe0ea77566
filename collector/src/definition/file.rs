//! `shop.toml` as it stands in the file, before anybody judged it.
//!
//! In scope: the names of the keys and their defaults. Out of scope: whether the contents will do (`lint`).
//!
//! Invariant: there is no key by which a box could start ticked or be required, and unknown keys are refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::Language;
use shared::purpose::{Basis, Channel, ContactField, RecipientRole};

/// A text in each language of the organisation.
pub type Texts = BTreeMap<Language, String>;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Who asks.
    pub organisation: Organisation,
    /// Who else receives data.
    #[serde(default, rename = "recipient")]
    pub recipients: Vec<RecipientEntry>,
    /// The purposes: one box each.
    #[serde(default, rename = "purpose")]
    pub purposes: Vec<PurposeEntry>,
    /// The forms: which boxes, in which order.
    #[serde(default, rename = "form")]
    pub forms: Vec<FormEntry>,
    /// The privacy text of Art. 13, where the standard words do not fit.
    #[serde(default)]
    pub privacy: Privacy,
    /// Line and column of every key, by path. Not in the file.
    #[serde(skip)]
    pub(super) lines: BTreeMap<String, (usize, usize)>,
}

/// The organisation (GDPR Art. 4(7), 13(1)(a)).
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Organisation {
    /// Its name in URLs: `a-z`, `0-9`, `-`.
    pub id: String,
    /// Legal or trade name.
    pub name: String,
    /// Postal address on one line.
    pub address: String,
    /// Where people write with questions about privacy.
    pub email: String,
    /// Phone number. Optional.
    pub phone: Option<String>,
    /// Trade register and number, such as `KvK 12345678`. Optional.
    pub register: Option<String>,
    /// Country whose law it is under, two letters. It says who watches over it.
    pub country: String,
    /// Country where it keeps the data, two letters. Optional: its own country.
    pub storage_country: Option<String>,
    /// Languages; the first is for visitors who ask for another.
    pub languages: Vec<Language>,
    /// Origins of the pages that may embed the forms, such as `https://shop.example`.
    pub origins: Vec<String>,
    /// Months for which the proof is kept after a person's last consent has ended. Optional; usually 60.
    pub proof_months: Option<u16>,
}

/// A recipient (Art. 4(9), 13(1)(e)).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientEntry {
    /// The name by which purposes refer to it.
    pub id: String,
    /// Its name as people know it.
    pub name: String,
    /// `processor` or `third_party`.
    pub role: RecipientRole,
    /// Country where it keeps the data, two letters.
    pub country: String,
    /// Postal address on one line. No default: the record of a consent names it.
    #[serde(default)]
    pub address: String,
    /// Where it is reached with questions about privacy. No default: the record of a consent names it.
    #[serde(default)]
    pub email: String,
}

/// A purpose: one box, or something that customers are sent without one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeEntry {
    /// Its name: `a-z`, `0-9`, `-`.
    pub id: String,
    /// What it rests on: `consent`, or `soft_opt_in` for messages to own customers (Tw 11.7(3)). Optional: consent.
    #[serde(default = "consent")]
    pub basis: Basis,
    /// What customers bought, as sales name it: `a-z`, `0-9`, `-`. For `soft_opt_in` only.
    pub product_group: Option<String>,
    /// The same in words that follow "you bought". For `soft_opt_in` only.
    #[serde(default)]
    pub products: Texts,
    /// The words of the box by which customers object at the sale. For `soft_opt_in` only.
    #[serde(default)]
    pub objection: Texts,
    /// How it reaches the person.
    pub channel: Channel,
    /// Which contact data it needs.
    #[serde(default)]
    pub needs: Vec<ContactField>,
    /// Recipients, by their id.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// How long consent counts, in months.
    #[serde(default = "two_years")]
    pub validity_months: u16,
    /// How long after withdrawal the data is gone everywhere, in days. No default: the owner must know it.
    pub erasure_days: Option<u16>,
    /// DPV 2.3 term, out of a closed list. Optional: follows from the channel.
    pub dpv: Option<String>,
    /// The label of the box.
    #[serde(default)]
    pub title: Texts,
    /// A sentence or two below it.
    #[serde(default)]
    pub text: Texts,
    /// Why a change of words since the last version changes nothing in what people agreed to. Optional.
    pub wording_only: Option<String>,
}

const fn consent() -> Basis {
    Basis::Consent
}

/// No law names a term (EDPB 05/2020 ¶110-111); two years is short enough to remember having said yes.
const fn two_years() -> u16 {
    24
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormEntry {
    /// Its name: `a-z`, `0-9`, `-`.
    pub id: String,
    /// Heading.
    #[serde(default)]
    pub title: Texts,
    /// What is asked and why.
    #[serde(default)]
    pub intro: Texts,
    /// How to take consent back (Art. 7(3)).
    #[serde(default)]
    pub withdrawal: Texts,
    /// The boxes, by purpose id, in order.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// What customers are sent without consent, by purpose id: its privacy text tells of it. Optional.
    #[serde(default)]
    pub customers: Vec<String>,
    /// Whether what needs an e-mail address counts only after the owner of that address confirmed it. Optional: yes.
    #[serde(default = "yes")]
    pub double_opt_in: bool,
}

const fn yes() -> bool {
    true
}

/// One item of Art. 13: a text, or "not applicable" with a reason.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrivacyEntry {
    /// Paragraphs, parted by an empty line.
    pub text: Texts,
    /// The item does not apply to this organisation.
    pub not_applicable: bool,
    /// Why it does not apply.
    pub reason: Texts,
}

/// The items of Art. 13, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Privacy {
    /// 13(1)(a): who is responsible.
    pub controller: Option<PrivacyEntry>,
    /// 13(1)(a): the representative in the EU of an organisation outside it.
    pub representative: Option<PrivacyEntry>,
    /// 13(1)(b): the data protection officer.
    pub dpo: Option<PrivacyEntry>,
    /// 13(1)(c): what the data is for, and the legal basis.
    pub purposes: Option<PrivacyEntry>,
    /// 13(1)(d): legitimate interests, where they are the basis.
    pub legitimate_interest: Option<PrivacyEntry>,
    /// 13(1)(e): who receives the data.
    pub recipients: Option<PrivacyEntry>,
    /// 13(1)(f): transfer out of the European Economic Area.
    pub transfers: Option<PrivacyEntry>,
    /// 13(2)(a): how long the data is kept.
    pub storage: Option<PrivacyEntry>,
    /// 13(2)(b): rights.
    pub rights: Option<PrivacyEntry>,
    /// 13(2)(c): the right to withdraw.
    pub withdrawal: Option<PrivacyEntry>,
    /// 13(2)(d): the complaint at the supervisory authority.
    pub complaint: Option<PrivacyEntry>,
    /// 13(2)(e): whether the data must be given.
    pub obligation: Option<PrivacyEntry>,
    /// 13(2)(f): automated decisions and profiling.
    pub automated_decisions: Option<PrivacyEntry>,
    /// 13(3): what happens before the data gets a new purpose.
    pub new_purposes: Option<PrivacyEntry>,
}

impl Definition {
    /// A place in the file, with its line; the nearest enclosing key where the key itself is absent.
    pub(super) fn place(&self, path: impl Into<String>) -> super::Place {
        let path = path.into();
        let mut key = path.as_str();
        loop {
            if let Some(&at) = self.lines.get(key) {
                return super::Place { at: Some(at), path };
            }
            let Some(end) = key.rfind(['.', '[']) else { return super::Place { at: None, path } };
            key = &key[..end];
        }
    }
}
