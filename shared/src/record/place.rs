//! Countries: which of them DPV 2.3 names, which law holds there, and who watches over it.
//!
//! In scope: ISO 3166-1 alpha-2 codes, as far as a record needs them. Out of scope: the names that people read.
//!
//! Invariant: an IRI is given only for a place or an authority that DPV 2.3 has.

use alloc::vec::Vec;
use serde_json::{Value, json};

/// The European Economic Area, as `loc:EEA30`.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// In the area and not in the Union.
const EEA_ONLY: [&str; 3] = ["IS", "LI", "NO"];

/// Whether the GDPR itself applies there (EU, Iceland, Liechtenstein, Norway).
#[must_use]
pub fn is_eea(code: &str) -> bool {
    EEA.contains(&code)
}

/// Who watches over the GDPR in a country (Art. 51).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// Its term in DPV 2.3.
    pub term: &'static str,
    /// Its website.
    pub home: &'static str,
}

/// The one supervisory authority of a country, as far as it was looked up. Germany has one per state, so the country alone does not
/// say which.
#[must_use]
pub fn authority(country: &str) -> Option<Authority> {
    let (term, home) = match country {
        "AT" => ("legal-at:DPA-AT", "https://www.dsb.gv.at/"),
        "BE" => ("legal-be:DPA-BE", "https://www.dataprotectionauthority.be/"),
        "DK" => ("legal-dk:DPA-DK", "https://www.datatilsynet.dk/"),
        "FR" => ("legal-fr:DPA-FR", "https://www.cnil.fr/"),
        "IE" => ("legal-ie:DPA-IE", "https://www.dataprotection.ie/"),
        "LU" => ("legal-lu:DPA-LU", "https://cnpd.public.lu/"),
        "NL" => ("legal-nl:DPA-NL", "https://autoriteitpersoonsgegevens.nl/"),
        _ => return None,
    };
    Some(Authority { term, home })
}

/// A country as a node: its IRI where DPV has one that we know of, otherwise its code.
pub(super) fn location(code: &str) -> Value {
    if is_eea(code) || code == "GB" {
        Value::from(alloc::format!("loc:{code}"))
    } else {
        json!({"@type": ["dpv:Country"], "dct:identifier": code})
    }
}

/// Where the law that a controller is under applies: its country, and the union through which the GDPR does.
pub(super) fn jurisdiction(country: Option<&str>) -> Vec<Value> {
    let union = if country.is_some_and(|code| EEA_ONLY.contains(&code)) { "loc:EEA" } else { "loc:EU" };
    country.map(location).into_iter().chain([Value::from(union)]).collect()
}

/// Who watches over a controller: by name where the country says it, otherwise as "the authority of that place".
pub(super) fn watched_by(country: Option<&str>) -> Value {
    let place = || match country.filter(|code| is_eea(code)) {
        Some(code) => location(code),
        None => Value::from("loc:EU"),
    };
    country.and_then(authority).map_or_else(
        || json!({"@type": ["eu-gdpr:DataProtectionAuthority"], "dpv:hasJurisdiction": [place()]}),
        |authority| Value::from(authority.term),
    )
}
