//! What travels over HTTP: the submit, its answer, and the problem document.
//!
//! In scope: shapes and bounds. Out of scope: status codes, headers (collector `http`).
//!
//! Invariant: unknown members are refused, so a misspelt field is an error and not a lost choice.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

use crate::contact::{Contact, EmailAddress, PersonName, PhoneNumber, PostalAddress};
use crate::ids::{PurposeId, ReceiptId};
use crate::notice::Notice;
use crate::purpose::ContactField;
use crate::receipt::Ui;
use crate::refusal::Refusal;

/// Contact fields as typed: not yet read, so without a `Debug` that could show them.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactText {
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number: `+` or `00` and the country's code, or as it is dialled within the controller's country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl fmt::Debug for ContactText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactText(sealed)")
    }
}

impl ContactText {
    /// Reads the fields that the ticked purposes need, and drops the rest: what no purpose needs is not kept
    /// (Art. 5(1)(c)). A name is never demanded.
    ///
    /// # Errors
    ///
    /// [`Refusal::ContactMissing`] or [`Refusal::ContactInvalid`], for the first such field of the form.
    pub fn read(&self, notice: &Notice, ticked: &[PurposeId]) -> Result<Contact, Refusal> {
        let needed = |field: ContactField| {
            ticked
                .iter()
                .filter_map(|id| notice.purpose(id))
                .any(|shown| shown.purpose.terms.needs.contains(&field))
        };
        let email = field(needed(ContactField::Email), self.email.as_deref(), EmailAddress::parse)?;
        let country = notice.controller.country.as_deref();
        let phone = |text: &str| PhoneNumber::parse(text, country);
        let phone = field(needed(ContactField::Phone), self.phone.as_deref(), phone)?;
        let name = field(needed(ContactField::Name), self.name.as_deref(), PersonName::parse)?;
        let address = field(needed(ContactField::Address), self.address.as_deref(), PostalAddress::parse)?;
        let contact = Contact { email, phone, name, address };
        let missing = [ContactField::Email, ContactField::Phone, ContactField::Address];
        match missing.into_iter().find(|field| needed(*field) && !contact.has(*field)) {
            Some(field) => Err(Refusal::ContactMissing(field)),
            None => Ok(contact),
        }
    }
}

fn field<T>(
    needed: bool,
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    match text.map(str::trim).filter(|text| needed && !text.is_empty()) {
        Some(text) => parse(text).map(Some),
        None => Ok(None),
    }
}

/// A visitor's answer to a form.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitRequest {
    /// The offer that the form carried.
    pub offer: String,
    /// 16 random bytes, base64url; the same on a retry.
    #[cfg_attr(feature = "openapi", schema(min_length = 22, max_length = 22))]
    pub nonce: String,
    /// The purposes whose boxes were ticked.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, max_items = 12))]
    pub ticked: Vec<PurposeId>,
    /// Contact data; left out when nothing is ticked.
    #[serde(default)]
    pub contact: ContactText,
    /// What sent it.
    pub ui: Ui,
    /// Answers that the same person gave to the same form a moment ago, and this one corrects: what they agreed to is
    /// taken back, as far as it was stored at all. At most [`crate::limits::EARLIER_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<Earlier>,
    /// Stays empty: a field of the form that people do not see. What is in it was filled in by a program.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_length = 0))]
    pub website: String,
}

/// An answer by what only its sender knows.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// The offer that it was given to.
    pub offer: String,
    /// The nonce that it had.
    pub nonce: String,
}

/// What became of a submit.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// At least one purpose was agreed to.
    Given,
    /// At least one purpose waits until the owner of the address confirms it: a mail is on its way.
    Requested,
    /// Nothing was agreed to; that is stored too.
    Refused,
}

/// The answer to a submit.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitResponse {
    /// The receipt.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "uuid"))]
    pub receipt: ReceiptId,
    /// What became of it.
    pub outcome: Outcome,
    /// Where the receipt can be seen.
    pub receipt_url: String,
    /// Where consent can be taken back.
    pub manage_url: String,
}

/// A problem document (RFC 9457) with our stable code.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code, for programs.
    pub code: String,
    /// HTTP status.
    pub status: u16,
    /// Short name of the problem: the code in words.
    pub title: String,
    /// A sentence for the person, in their language.
    pub detail: String,
    /// The field it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}
