//! The processing that a person was asked about: one `dpv:Process` per purpose.
//!
//! In scope: purpose, basis, data, storage, recipients, place, rights (ISO/IEC TS 27560 6.3.4, 6.3.5). Out of scope: who the
//! parties are and what the person did (`dpv`).
//!
//! Invariant: nothing here is about the person; it follows from the wording alone.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::super::place::{authority, is_eea, jurisdiction, location};
use super::super::terms::PurposeTerm;
use super::super::{Line, notice_url, withdraw_at};
use super::{controller_iri, namespace, recipients, text, until_event};
use crate::purpose::{Channel, ContactField, RecipientRole};

/// The process of a purpose.
pub(super) fn process(line: &Line<'_>) -> Value {
    let controller = controller_iri(&line.asked);
    let mut everybody = recipients(line, None);
    everybody.insert(0, controller.clone());
    json!({
        "@id": format!("{}#process-{}", notice_url(&line.asked), line.purpose.purpose.id),
        "@type": ["dpv:Process"],
        "dpv:hasPurpose": [purpose(line)],
        "dpv:hasLegalBasis": ["eu-gdpr:A6-1-a"],
        "dpv:hasPersonalData": line.purpose.purpose.terms.needs.iter().map(|field| data(*field)).collect::<Vec<_>>(),
        "dpv:hasDataSource": [source(line)],
        "dpv:hasProcessing": processing(line.purpose.purpose.terms.channel),
        "dpv:hasStorageCondition": storage(line),
        "dpv:hasProcessingCondition": [{"@type": ["dpv:ProcessingLocation"], "dpv:hasLocation": places(line)}],
        "dpv:hasDataController": [controller],
        "dpv:hasDataProcessor": recipients(line, Some(RecipientRole::Processor)),
        "dpv:hasRecipient": everybody,
        "dpv:hasRecipientThirdParty": recipients(line, Some(RecipientRole::ThirdParty)),
        "dpv:hasJurisdiction": jurisdiction(line.asked.notice.controller.country.as_deref()),
        "dpv:hasConsentControl": [{
            "@type": ["dpv:WithdrawConsent", "dpv:ReaffirmConsent"],
            "dct:description": text(line, &line.asked.notice.withdrawal),
            "dpv:isExercisedAt": [withdraw_at(line.asked.receipt)],
        }],
        "dpv:hasRight": rights(line),
    })
}

/// 6.3.4.4: the purpose in the words that were shown, and what it is a kind of.
fn purpose(line: &Line<'_>) -> Value {
    let purpose = &line.purpose.purpose;
    json!({
        "@id": format!("{}#purpose-{}-{}", namespace(&line.asked), purpose.id, purpose.version),
        "@type": ["dpv:Purpose"],
        "dct:identifier": format!("{}@{}", purpose.id, purpose.version),
        "dct:title": text(line, &line.purpose.title),
        "dct:description": text(line, &line.purpose.text),
        "skos:broader": PurposeTerm::of(&purpose.terms).broader(),
    })
}

/// 6.3.4.9: the person, or where a list came from (Art. 14(2)(f)).
fn source(line: &Line<'_>) -> Value {
    match line.imported {
        None => "dpv:DataSubjectDataSource".into(),
        Some(imported) => json!({
            "@type": ["dpv:DataSource"],
            "dct:description": imported.source,
        }),
    }
}

/// 6.3.5: a kind of data, the field in which it is typed, and whether the purpose cannot do without. A name is never demanded.
fn data(field: ContactField) -> Value {
    let (kind, necessity) = match field {
        ContactField::Email => ("pd:EmailAddress", "dpv:Required"),
        ContactField::Phone => ("pd:TelephoneNumber", "dpv:Required"),
        ContactField::Name => ("pd:Name", "dpv:Optional"),
        ContactField::Address => ("pd:PhysicalAddress", "dpv:Required"),
    };
    json!({
        "@type": ["dpv:PersonalData"],
        "skos:broader": [kind],
        "dct:identifier": format!("field:{}", field.name()),
        "dpv:hasNecessity": [necessity],
    })
}

/// 6.3.4.10.
const fn processing(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::Email | Channel::Post | Channel::Phone | Channel::Sms => {
            &["dpv:Collect", "dpv:Store", "dpv:Use"]
        }
        Channel::Profiling => &["dpv:Collect", "dpv:Store", "dpv:Use", "dpv:Profiling"],
        Channel::Sharing => &["dpv:Collect", "dpv:Store", "dpv:Share"],
    }
}

/// 6.3.4.11-12: where, until when, and how soon it is gone after that.
fn storage(line: &Line<'_>) -> Vec<Value> {
    let terms = &line.purpose.purpose.terms;
    let deletion = format!("P{}D", terms.erasure_days);
    alloc::vec![
        json!({"@type": ["dpv:StorageLocation"], "dpv:hasLocation": places(line)}),
        json!({
            "@type": ["dpv:StorageDuration"],
            "dpv:hasDuration": [until_event("withdrawal"), months(terms.validity_months)],
        }),
        json!({
            "@type": ["dpv:StorageDeletion"],
            "dpv:hasDuration": [{"@type": ["dpv:TemporalDuration"], "rdf:value": deletion}],
        }),
    ]
}

/// A number of calendar months (ISO 8601).
pub(super) fn months(count: u16) -> Value {
    json!({"@type": ["dpv:TemporalDuration"], "rdf:value": format!("P{count}M")})
}

/// The countries in which the controller and the recipients keep the data, each once.
///
/// A notice of before the own country was asked said that data stays in the Economic Area, unless a recipient is outside it.
fn places(line: &Line<'_>) -> Vec<Value> {
    let own = line.asked.notice.controller.storage_country.as_ref();
    let theirs = line.purpose.purpose.terms.recipients.iter().map(|recipient| &recipient.country);
    let mut codes: Vec<&String> = own.into_iter().chain(theirs).collect();
    codes.sort();
    codes.dedup();
    let area = own.is_none() && codes.iter().all(|code| is_eea(code));
    let area = area.then(|| Value::from("loc:EEA"));
    area.into_iter().chain(codes.into_iter().map(|code| location(code))).collect()
}

/// 6.3.4.19: the rights, and where each is exercised.
fn rights(line: &Line<'_>) -> Vec<Value> {
    let controller = &line.asked.notice.controller;
    let watch = controller.country.as_deref().and_then(authority).map(|authority| authority.home.into());
    let mail = Some(mailto(&controller.email));
    let first = [
        ("eu-gdpr:A7-3", Some(withdraw_at(line.asked.receipt))),
        ("eu-gdpr:A13", Some(notice_url(&line.asked))),
    ];
    let asked = [
        "eu-gdpr:A15",
        "eu-gdpr:A16",
        "eu-gdpr:A17",
        "eu-gdpr:A18",
        "eu-gdpr:A19",
        "eu-gdpr:A20",
        "eu-gdpr:A21",
    ];
    let all =
        first.into_iter().chain(asked.map(|right| (right, mail.clone()))).chain([("eu-gdpr:A77", watch)]);
    all.map(|(right, at)| {
        let mut node = json!({"@type": ["dpv:DataSubjectRight", right]});
        if let Some(at) = at {
            node["dpv:isExercisedAt"] = json!([at]);
        }
        node
    })
    .collect()
}

/// An address as an IRI (RFC 6068): what has a meaning in IRIs is written in percent form.
fn mailto(address: &str) -> String {
    use core::fmt::Write;
    let mut iri = String::from("mailto:");
    for character in address.chars() {
        if character.is_alphanumeric() || "-._~@+".contains(character) {
            iri.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(iri, "%{byte:02X}");
            }
        }
    }
    iri
}

#[cfg(test)]
mod tests {
    use super::mailto;

    #[test]
    fn an_address_is_an_iri_whatever_it_holds() {
        assert_eq!(mailto("privacy+web@kaas.example"), "mailto:privacy+web@kaas.example");
        assert_eq!(mailto("a#b?c%d/e@josé.example"), "mailto:a%23b%3Fc%25d%2Fe@josé.example");
    }
}
