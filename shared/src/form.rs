//! What an organisation has defined: itself, its purposes and its forms, as they stand now.
//!
//! In scope: the stored shape of a definition after it has been checked. Out of scope: reading and judging
//! `shop.toml` (collector `definition`), old versions (their notices stay in the store for ever).
//!
//! Invariant: every form has a notice for every language of its organisation, all of the same form version.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::ids::{FormId, FormVersion, OrganisationId, PurposeId};
use crate::language::Language;
use crate::limits::ORIGIN_BYTES_MAX;
use crate::notice::{Controller, Notice};
use crate::purpose::Purpose;

/// A web origin, exactly as a browser writes it in the `Origin` header (RFC 6454 §6.2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// Reads `https://host` or `https://host:port`; `http` as well, for shops on a local network.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (host, default_port) = match text.strip_prefix("https://") {
            Some(host) => (host, ":443"),
            None => (text.strip_prefix("http://")?, ":80"),
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
        let fits = text.len() <= ORIGIN_BYTES_MAX && !host.is_empty() && host.bytes().all(plain);
        // Browsers leave the port out where it is the usual one.
        fits.then(|| Self(text.strip_suffix(default_port).unwrap_or(text).into()))
    }

    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
            .ok_or("couldn't read an origin: expected https://host or https://host:port, lower case")
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// One form with what it shows in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its name within the organisation.
    pub id: FormId,
    /// Rises with every change to what is shown.
    pub version: FormVersion,
    /// The wording, per language.
    pub notices: BTreeMap<Language, Notice>,
    /// Whether what needs an e-mail address counts only when the owner of that address has confirmed it. Forms of before it
    /// was asked did not.
    #[serde(default)]
    pub double_opt_in: bool,
}

/// An organisation with all that it has defined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Its name in URLs.
    pub organisation: OrganisationId,
    /// Who it is.
    pub controller: Controller,
    /// Its languages; the first is the one for visitors who ask for another.
    pub languages: Vec<Language>,
    /// The origins whose pages may embed its forms.
    pub origins: Vec<Origin>,
    /// Its purposes with their terms.
    pub purposes: BTreeMap<PurposeId, Purpose>,
    /// Its forms.
    pub forms: BTreeMap<FormId, Form>,
    /// Calendar months for which the proof is kept after the last consent of a person has ended (Art. 17(3)(e)); then
    /// the person is erased.
    #[serde(default = "proof_months_default")]
    pub proof_months: u16,
}

/// Five years: as long as most claims can be made under Dutch law (art. 3:310 BW).
pub const PROOF_MONTHS_DEFAULT: u16 = 60;

const fn proof_months_default() -> u16 {
    PROOF_MONTHS_DEFAULT
}
