//! Kantara Consent Receipt 1.1 (2018-02-20): the older, smaller format, for systems that read it.
//!
//! In scope: its members, of which sections 4.3 to 4.6 say what must be there. Out of scope: refusal, withdrawal and expiry, for which the
//! format has no words; such purposes are left out, so a receipt without an agreed purpose lists none.
//!
//! Invariant: a purpose is listed only where its consent stands.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::terms::PurposeTerm;
use super::{Line, Record, Status, dpv, withdraw_at};
use crate::language::Language;
use crate::notice::Controller;
use crate::purpose::{ContactField, RecipientRole};

/// The receipt.
pub(super) fn receipt(record: &Record<'_>) -> Value {
    let now = record.now;
    let country = now.notice.controller.country.as_deref();
    let agreed = record.lines.iter().filter(|line| matches!(line.status, Status::Given | Status::Renewed));
    json!({
        "version": "KI-CR-v1.1.0",
        "jurisdiction": country.unwrap_or("EU"),
        "consentTimestamp": dpv::indicated_at(now.receipt).unix_seconds(),
        "collectionMethod": dpv::how(&now),
        "consentReceiptID": now.receipt.receipt,
        "language": now.notice.language.tag(),
        "piiPrincipalId": now.receipt.subject,
        "piiControllers": [controller(&now.notice.controller)],
        "policyUrl": super::notice_url(&now),
        "services": [{"service": now.notice.title, "purposes": agreed.map(purpose).collect::<Vec<_>>()}],
        "sensitive": false,
        "spiCat": [],
    })
}

/// The phone number must be there; an organisation without one has an empty one.
fn controller(controller: &Controller) -> Value {
    let mut address = json!({"@type": "PostalAddress", "streetAddress": controller.address});
    if let Some(country) = &controller.country {
        address["addressCountry"] = json!(country);
    }
    json!({
        "piiController": controller.name,
        "contact": controller.name,
        "address": address,
        "email": controller.email,
        "phone": controller.phone.as_deref().unwrap_or_default(),
        "onBehalf": false,
    })
}

fn purpose(line: &Line<'_>) -> Value {
    let terms = &line.purpose.purpose.terms;
    let partners = terms.recipients.iter().filter(|recipient| recipient.role == RecipientRole::ThirdParty);
    let partners: Vec<&str> = partners.map(|recipient| recipient.name.as_str()).collect();
    let mut purpose = json!({
        "purpose": line.purpose.title,
        "consentType": "EXPLICIT",
        "purposeCategory": [category(PurposeTerm::of(terms))],
        "piiCategory": data(&terms.needs),
        "termination": termination(line),
        "thirdPartyDisclosure": !partners.is_empty(),
    });
    if !partners.is_empty() {
        purpose["thirdPartyName"] = json!(partners.join(", "));
    }
    purpose
}

/// The categories by which the specification's own example sorts purposes.
const fn category(term: PurposeTerm) -> &'static str {
    match term {
        PurposeTerm::PersonalisedAdvertising
        | PurposeTerm::PersonalisedRecommendations
        | PurposeTerm::EventRecommendations
        | PurposeTerm::PersonalisedBenefits => "5 - Personalize Experience",
        PurposeTerm::DirectMarketing
        | PurposeTerm::SocialMediaMarketing
        | PurposeTerm::CommercialResearch
        | PurposeTerm::SharingWithThirdParties => "6 - Marketing",
    }
}

fn data(needs: &[ContactField]) -> Vec<&'static str> {
    let mut categories: Vec<&str> = needs
        .iter()
        .map(|field| match field {
            ContactField::Name => "1 - Biographical",
            ContactField::Email | ContactField::Phone | ContactField::Address => "2 - Contact",
        })
        .collect();
    categories.sort_unstable();
    categories.dedup();
    categories
}

/// When the use of the data ends, and how to end it before.
fn termination(line: &Line<'_>) -> String {
    let at = withdraw_at(line.asked.receipt);
    let months = line.purpose.purpose.terms.validity_months;
    let until = line.until.map(|until| format!("{until}"));
    match (line.asked.notice.language, until) {
        (Language::Nl, Some(until)) => format!("{until}, of eerder als u stopt: {at}"),
        (Language::Nl, None) => format!("na {months} maanden, of eerder als u stopt: {at}"),
        (Language::En, Some(until)) => format!("{until}, or sooner when you stop: {at}"),
        (Language::En, None) => format!("after {months} months, or sooner when you stop: {at}"),
        (Language::Ar, Some(until)) => format!("{until}، أو قبل ذلك عندما تتوقف: {at}"),
        (Language::Ar, None) => format!("بعد {months} من الأشهر، أو قبل ذلك عندما تتوقف: {at}"),
    }
}
