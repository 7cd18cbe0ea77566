//! A purpose: one thing that a person may agree to, in one box.
//!
//! In scope: the terms of a purpose that make consent specific (GDPR Art. 4(11), 6(1)(a)).
//! Out of scope: the wording that people read (`notice`), what they answered (`choice`).
//!
//! Invariant: a purpose has no default and no "required" flag; there is no way to write either down.

use alloc::string::String;
use alloc::vec::Vec;

use crate::ids::{ProductGroup, PurposeId, PurposeVersion};

/// What the use of somebody's data for a purpose rests on (GDPR Art. 6(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Basis {
    /// The person agreed (Art. 6(1)(a)).
    Consent,
    /// The person bought something, and did not object to messages about the like of it (Art. 6(1)(f); Tw 11.7(3)).
    SoftOptIn,
}

/// By which way a purpose reaches the person. Part of the purpose: consent for mail is none for the phone (Tw 11.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Channel {
    /// Messages by e-mail.
    Email,
    /// Letters and parcels.
    Post,
    /// Phone calls.
    Phone,
    /// Text messages and messaging apps.
    Sms,
    /// Use of what is known about the person to choose what they get (GDPR Art. 4(4)).
    Profiling,
    /// Passing the data on to somebody else.
    Sharing,
}

/// A field of contact data that a purpose needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ContactField {
    /// An e-mail address.
    Email,
    /// A person's name.
    Name,
    /// A postal address.
    Address,
    /// A phone number.
    Phone,
}

impl ContactField {
    /// All fields, in the order of a form.
    pub const ALL: [Self; 4] = [Self::Email, Self::Phone, Self::Name, Self::Address];

    /// The name of the field in forms and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Address => "address",
            Self::Phone => "phone",
        }
    }
}

/// What somebody who receives data is to the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum RecipientRole {
    /// Works on the controller's instructions (Art. 4(8), 28).
    Processor,
    /// Decides for itself what to do with the data (Art. 4(10)).
    ThirdParty,
}

/// Somebody who receives the data of a purpose (Art. 13(1)(e)).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Recipient {
    /// Their name as people know it.
    pub name: String,
    /// What they are to the controller.
    pub role: RecipientRole,
    /// ISO 3166-1 alpha-2 country where they keep the data, upper case.
    pub country: String,
}

/// What a person agrees to or is told of, apart from the words. A change of any member is a material change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct PurposeTerms {
    /// How it reaches the person.
    pub channel: Channel,
    /// Which contact data it needs, in the order of a form.
    pub needs: Vec<ContactField>,
    /// Who receives the data, besides the controller.
    pub recipients: Vec<Recipient>,
    /// How long consent counts before it is asked again, in calendar months.
    pub validity_months: u16,
    /// How long after withdrawal the data is gone everywhere, in days.
    pub erasure_days: u16,
    /// The DPV 2.3 term that this purpose is a kind of, such as `dpv:DirectMarketing`.
    pub dpv: String,
    /// For messages to own customers without consent: what they bought. None where consent is asked.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub product_group: Option<ProductGroup>,
}

impl PurposeTerms {
    /// What it rests on. A purpose has one basis, so that nothing which rests on a sale can be taken for consent.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        if self.product_group.is_some() { Basis::SoftOptIn } else { Basis::Consent }
    }
}

/// A purpose as it stands: its name, its version and its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Purpose {
    /// Its name within the organisation.
    pub id: PurposeId,
    /// Rises with each material change.
    pub version: PurposeVersion,
    /// What is agreed to.
    pub terms: PurposeTerms,
}
