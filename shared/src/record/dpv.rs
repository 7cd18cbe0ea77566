//! ISO/IEC TS 27560 in the DPV profile: `dpv:ConsentReceipt` around a `dpv:ConsentRecord` per purpose, as JSON-LD.
//!
//! In scope: the members of `record-eu-gdpr` and `receipt-eu-gdpr`, clause by clause. Out of scope: what each record says
//! (`record`).
//!
//! Invariant: the context is in the file, so that reading it needs no network; every `dpv`, `pd`, `loc`, `eu-gdpr` and `legal`
//! term exists in DPV 2.3; a member that may have several values is always a list.

mod process;
mod sale;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::place::{location, watched_by};
use super::{Answered, Line, Record, Status, notice_url, wording_url};
use crate::ids::ReceiptId;
use crate::purpose::{Recipient, RecipientRole};
use crate::receipt::{Act, AtKiosk, CollectionMethod, Receipt, Ui};
use crate::time::Timestamp;

const RECORD_PROFILE: &str = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr";
const RECEIPT_PROFILE: &str = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr";

/// Members whose values are IRIs; without this they would be plain strings.
const IRI_MEMBERS: [&str; 22] = [
    "dct:audience",
    "dct:conformsTo",
    "dct:isVersionOf",
    "dct:publisher",
    "dct:replaces",
    "dpv:hasApplicableLaw",
    "dpv:hasAuthority",
    "dpv:hasDataController",
    "dpv:hasDataProcessor",
    "dpv:hasDataSource",
    "dpv:hasJurisdiction",
    "dpv:hasLegalBasis",
    "dpv:hasLocation",
    "dpv:hasNecessity",
    "dpv:hasProcessing",
    "dpv:hasRecipient",
    "dpv:hasRecipientThirdParty",
    "dpv:isExercisedAt",
    "dpv:isIndicatedBy",
    "skos:broader",
    "dpv:hasIdentifier",
    "dpv:hasPersonalData",
];

fn context() -> Value {
    let mut context = json!({
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "legal-at": "https://w3id.org/dpv/legal/at#",
        "legal-be": "https://w3id.org/dpv/legal/be#",
        "legal-dk": "https://w3id.org/dpv/legal/dk#",
        "legal-eu": "https://w3id.org/dpv/legal/eu#",
        "legal-fr": "https://w3id.org/dpv/legal/fr#",
        "legal-ie": "https://w3id.org/dpv/legal/ie#",
        "legal-lu": "https://w3id.org/dpv/legal/lu#",
        "legal-nl": "https://w3id.org/dpv/legal/nl#",
        "loc": "https://w3id.org/dpv/loc#",
        "pd": "https://w3id.org/dpv/pd#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "dct:created": {"@type": "xsd:dateTime"},
        "dpv:isIndicatedAtTime": {"@type": "xsd:dateTime"},
    });
    for member in IRI_MEMBERS {
        context[member] = json!({"@type": "@id"});
    }
    context
}

/// The receipt with all its records.
pub(super) fn receipt(record: &Record<'_>) -> Value {
    let now = record.now;
    let id = urn(now.receipt.receipt);
    let is_of_a_sale = |line: &Line<'_>| line.status.is_of_a_sale();
    let consents = record.lines.iter().filter(|line| !is_of_a_sale(line));
    let mut receipt = json!({
        "@context": context(),
        "@id": id,
        "@type": ["dpv:ConsentReceipt"],
        "dct:identifier": id,
        "dct:conformsTo": [RECEIPT_PROFILE],
        "dct:created": now.receipt.at,
        "dct:publisher": controller_iri(&now),
        "dct:audience": "dpv:DataSubject",
        "dpv:hasRecordOfActivity": consents.map(consent_record).collect::<Vec<_>>(),
    });
    let sales: Vec<&Line<'_>> = record.lines.iter().filter(|line| is_of_a_sale(line)).collect();
    if let Some(first) = sales.first() {
        receipt["dpv:hasEntity"] = json!(entities(first));
        receipt["dpv:hasProcess"] = sales.iter().map(|line| sale::process(line)).collect();
    }
    if now.receipt.act == Act::Objection {
        // The right that was used, also where no consent stood that it could take back.
        receipt["dpv:hasRight"] = json!([{"@type": ["dpv:DataSubjectRight", "eu-gdpr:A21"]}]);
    }
    receipt
}

fn consent_record(line: &Line<'_>) -> Value {
    let made = line.made.receipt;
    let id = record_iri(made.receipt, line);
    let country = line.asked.notice.controller.country.as_deref();
    let mut record = json!({
        "@id": id,
        "@type": ["dpv:ConsentRecord"],
        "dct:identifier": id,
        "dct:conformsTo": [RECORD_PROFILE],
        "dct:created": made.at,
        "dpv:hasDataSubject": [{
            "@id": format!("urn:uuid:{}#subject", made.subject),
            "@type": ["dpv:DataSubject"],
            "dct:identifier": made.subject,
            "skos:broader": ["dpv:Subscriber"],
        }],
        "dpv:hasApplicableLaw": ["legal-eu:law-GDPR"],
        "dpv:hasAuthority": [watched_by(country)],
        "dpv:hasNotice": notices(line),
        "dpv:hasProcess": [process::process(line)],
        "dpv:hasEntity": entities(line),
        "dpv:hasConsentStatus": [status(line)],
    });
    if let Some(replaces) = line.replaces {
        record["dct:replaces"] = json!([record_iri(replaces, line)]);
        record["dct:isVersionOf"] = json!([record_iri(line.began, line)]);
    }
    record
}

/// A record has the name of the receipt that made it, and of its purpose.
fn record_iri(receipt: ReceiptId, line: &Line<'_>) -> String {
    format!("{}#record-{}", urn(receipt), line.purpose.purpose.id)
}

fn urn(receipt: ReceiptId) -> String {
    format!("urn:uuid:{receipt}")
}

/// 6.3.4.1-2: the exact version that was shown, in its language. Of an imported list also the words that it names; what the
/// organisation says itself is then about data that came from elsewhere (Art. 14).
fn notices(line: &Line<'_>) -> Vec<Value> {
    let words = line.imported.and_then(|imported| imported.wording);
    let words = words.map(|words| {
        json!({
            "@id": wording_url(&line.asked, words),
            "@type": ["dpv:ConsentNotice"],
            "dct:identifier": words,
        })
    });
    let kind = if line.imported.is_some() { "Indirect" } else { "Direct" };
    words.into_iter().chain([notice(line, &format!("eu-gdpr:{kind}DataCollectionNotice"))]).collect()
}

fn notice(line: &Line<'_>, kind: &str) -> Value {
    let shown = line.asked.notice;
    json!({
        "@id": notice_url(&line.asked),
        "@type": ["dpv:ConsentNotice", kind],
        "dct:identifier": format!("{}/{}@{}", shown.organisation, shown.form, shown.form_version),
        "dct:language": shown.language.tag(),
        "dct:title": text(line, &shown.title),
    })
}

/// 6.3.7: what happened, when, by whom, how, and for how long it holds.
fn status(line: &Line<'_>) -> Value {
    let (state, method, holds) = match line.status {
        Status::Given if line.made.receipt.act == Act::Confirmation => {
            ("dpv:ConsentGiven", "box ticked, form sent, then confirmed behind a mailed link", validity(line))
        }
        Status::Given if line.made.receipt.act == Act::Import => {
            ("dpv:ConsentGiven", "said by an imported list", validity(line))
        }
        Status::Unproven => {
            ("dpv:ConsentUnknown", "on an imported list without proof", until_event("another choice"))
        }
        Status::Given => ("dpv:ConsentGiven", "box ticked, form sent", validity(line)),
        Status::Requested => ("dpv:ConsentRequested", "box ticked, form sent", validity(line)),
        Status::Lapsed => {
            ("dpv:ConsentRequestDeferred", "not confirmed in time", until_event("another choice"))
        }
        Status::Renewed => ("dpv:RenewedConsentGiven", "box ticked again, form sent", validity(line)),
        Status::Refused => ("dpv:ConsentRefused", "box left empty, form sent", until_event("another choice")),
        Status::Withdrawn if line.made.receipt.act == Act::Objection => {
            ("dpv:ConsentWithdrawn", "objection to all advertising", until_event("another choice"))
        }
        Status::Withdrawn => ("dpv:ConsentWithdrawn", "stop pressed", until_event("another choice")),
        Status::Expired => ("dpv:ConsentExpired", "term ended", until_event("another choice")),
        Status::NotObjected | Status::Objected | Status::Ended => sale::status(line),
    };
    // The end of a term is noted by the controller; everything else the person does.
    let by = match line.status {
        Status::Expired | Status::Lapsed | Status::Unproven => controller_iri(&line.asked),
        Status::Given if line.made.receipt.act == Act::Import => controller_iri(&line.asked),
        _ => "dpv:DataSubject".into(),
    };
    json!({
        "@type": [state, "dpv:ExpressedConsent"],
        "dpv:isIndicatedAtTime": indicated_at(line.made.receipt),
        "dpv:isIndicatedBy": [by],
        "dpv:hasIndicationMethod": format!("{method} ({})", how(&line.made)),
        "dpv:hasDuration": [holds],
    })
}

/// When it was said: where a list was taken over, staff wrote it down, or something was sold, when that says it was; the signed receipt has
/// both moments.
pub(super) fn indicated_at(receipt: &Receipt) -> Timestamp {
    let imported = receipt.imported.as_ref().and_then(|imported| imported.claimed_at);
    let registered = receipt.registered.as_ref().and_then(|registered| registered.claimed_at);
    let sold = receipt.sold.as_ref().map(|sold| sold.sold_at);
    imported.or(registered).or(sold).unwrap_or(receipt.at)
}

/// How an answer came, for both kinds of record.
pub(super) fn how(made: &Answered<'_>) -> String {
    if let Some(imported) = &made.receipt.imported {
        return format!("imported list, {}, file {}", imported.source, imported.file);
    }
    if let Some(registered) = &made.receipt.registered {
        let what = match made.receipt.method {
            CollectionMethod::Paper => "signed paper form",
            CollectionMethod::Voice => "said aloud",
            _ => "asked of staff",
        };
        let scan = registered.scan.map_or_else(String::new, |scan| format!(", scan {scan}"));
        return format!("{what}, entered by {}{scan}", registered.by);
    }
    if let Some(AtKiosk { at, kiosk, number, staff, .. }) = &made.receipt.kiosk {
        let staff = staff.as_ref().map_or_else(String::new, |name| format!(", handed over by {name}"));
        return match number {
            Some(number) => {
                format!("kiosk {kiosk} at a counter, its entry {number}, at {at} by its clock{staff}")
            }
            None => {
                format!("own phone, sent there by kiosk {kiosk} at a counter, at {at} by its clock{staff}")
            }
        };
    }
    let place = match (made.receipt.method, made.receipt.act) {
        (CollectionMethod::Web, Act::Choices) => "form on a website",
        (CollectionMethod::Web, Act::Withdrawal | Act::Objection | Act::Confirmation) => "website",
        (
            CollectionMethod::ManagePage,
            Act::Choices | Act::Withdrawal | Act::Objection | Act::Confirmation,
        ) => "the person's own page",
        (CollectionMethod::Mail, Act::Choices | Act::Withdrawal | Act::Objection | Act::Confirmation) => {
            "page behind a link mailed to the person"
        }
        (CollectionMethod::Kiosk, Act::Choices | Act::Withdrawal | Act::Objection | Act::Confirmation) => {
            "kiosk at a counter"
        }
        (CollectionMethod::Import, _) | (_, Act::Import) => "imported list",
        (CollectionMethod::Paper | CollectionMethod::Voice | CollectionMethod::Staff, _) => "staff",
        (CollectionMethod::Sale, _) | (_, Act::Sale) => "sale",
        (CollectionMethod::Term, _) | (_, Act::Expiry) => "the collector's clock",
    };
    let sent = match made.receipt.ui {
        Ui::Html => "plain form post",
        Ui::Script => "script",
        Ui::Wasm => "WebAssembly",
        Ui::None => "nothing sent",
    };
    format!("{place}, {sent}")
}

fn validity(line: &Line<'_>) -> Value {
    match line.until {
        Some(until) => json!({
            "@type": ["dpv:UntilTimeDuration"],
            "rdf:value": {"@type": "xsd:dateTime", "@value": until},
        }),
        None => process::months(line.purpose.purpose.terms.validity_months),
    }
}

fn until_event(event: &str) -> Value {
    json!({"@type": ["dpv:UntilEventDuration"], "rdf:value": event})
}

/// A text in the language in which it was shown.
fn text(line: &Line<'_>, words: &str) -> Value {
    json!({"@language": line.asked.notice.language.tag(), "@value": words})
}

/// What names of an organisation begin with. They are names: there is no page behind them.
fn namespace(asked: &Answered<'_>) -> String {
    format!("{}/f/{}", asked.receipt.iss, asked.notice.organisation)
}

fn controller_iri(asked: &Answered<'_>) -> String {
    format!("{}#controller", namespace(asked))
}

/// 6.3.6: everybody who has a part in it, with how to reach them.
fn entities(line: &Line<'_>) -> Vec<Value> {
    let recipients = &line.purpose.purpose.terms.recipients;
    let named = recipients.iter().enumerate().map(|(index, recipient)| party(line, index, recipient));
    core::iter::once(controller(&line.asked)).chain(named).collect()
}

fn controller(asked: &Answered<'_>) -> Value {
    let iri = controller_iri(asked);
    let controller = &asked.notice.controller;
    let mut entity = json!({
        "@id": iri,
        "@type": ["dpv:Organisation", "dpv:DataController"],
        "dpv:hasIdentifier": [iri],
        "dpv:hasName": controller.name,
        "dpv:hasAddress": controller.address,
        "dpv:hasContact": controller.email,
        "schema:email": controller.email,
    });
    if let Some(phone) = &controller.phone {
        entity["schema:telephone"] = json!(phone);
    }
    if let Some(register) = &controller.register {
        entity["dct:identifier"] = json!(register);
    }
    if let Some(country) = &controller.country {
        entity["dpv:hasLocation"] = json!([location(country)]);
    }
    entity
}

/// A recipient. Notices of before addresses were asked have none; the controller, who must name them (Art. 19), is the way
/// to them then.
fn party(line: &Line<'_>, index: usize, recipient: &Recipient) -> Value {
    let iri = recipient_iri(line, index, recipient);
    let known = line.asked.notice.party(recipient);
    let through = &line.asked.notice.controller;
    json!({
        "@id": iri,
        "@type": ["dpv:Organisation", role(recipient.role)],
        "dpv:hasIdentifier": [iri],
        "dpv:hasName": recipient.name,
        "dpv:hasAddress": known.map_or(recipient.country.as_str(), |known| &known.address),
        "dpv:hasContact": known.map_or(through.email.as_str(), |known| &known.email),
        "dpv:hasLocation": [location(&recipient.country)],
    })
}

const fn role(role: RecipientRole) -> &'static str {
    match role {
        RecipientRole::Processor => "dpv:DataProcessor",
        RecipientRole::ThirdParty => "dpv:ThirdParty",
    }
}

fn recipient_iri(line: &Line<'_>, index: usize, recipient: &Recipient) -> String {
    match line.asked.notice.party(recipient) {
        Some(known) => format!("{}#recipient-{}", namespace(&line.asked), known.id),
        None => format!("{}#recipient-{}-{index}", notice_url(&line.asked), line.purpose.purpose.id),
    }
}

/// The names of the recipients in one role, or in any.
fn recipients(line: &Line<'_>, wanted: Option<RecipientRole>) -> Vec<String> {
    let all = line.purpose.purpose.terms.recipients.iter().enumerate();
    all.filter(|(_, recipient)| wanted.is_none_or(|wanted| recipient.role == wanted))
        .map(|(index, recipient)| recipient_iri(line, index, recipient).to_string())
        .collect()
}
