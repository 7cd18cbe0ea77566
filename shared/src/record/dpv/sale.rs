//! What rests on a sale, beside records of consent: a `dpv:Process` on the basis of Art. 6(1)(f) with whether it was objected to.
//!
//! In scope: basis, status and the way to object. Out of scope: the rest of the processing (`process`).
//!
//! Invariant: no state of consent is in it, so nobody who reads it can take it for consent.

use serde_json::{Value, json};

use super::super::{Line, Status, withdraw_at};
use super::{indicated_at, process, until_event, validity};

/// The processing with its status.
pub(super) fn process(line: &Line<'_>) -> Value {
    let (state, how, holds) = status(line);
    let mut process = process::process(line);
    process["dpv:hasLegalBasis"] = json!(["eu-gdpr:A6-1-f"]);
    process["dpv:hasDataSource"] = json!(["dpv:DataSubjectDataSource"]);
    if let Some(members) = process.as_object_mut() {
        members.remove("dpv:hasConsentControl");
    }
    process["dpv:hasRight"] = json!([{
        "@type": ["dpv:DataSubjectRight", "eu-gdpr:A21"],
        "dpv:isExercisedAt": [withdraw_at(line.asked.receipt)],
    }]);
    process["dpv:hasStatus"] = json!([{
        "@type": [state],
        "dct:created": line.made.receipt.at,
        "dpv:isIndicatedAtTime": indicated_at(line.made.receipt),
        "dpv:hasIndicationMethod": how,
        "dpv:hasDuration": [holds],
    }]);
    process
}

/// Whether it was objected to, how that is known, and for how long it holds.
pub(super) fn status(line: &Line<'_>) -> (&'static str, &'static str, Value) {
    match line.status {
        Status::Objected => ("dpv:LegitimateInterestObjected", "objected", until_event("another choice")),
        Status::Ended => ("dpv:ActivityCompleted", "term ended", until_event("another choice")),
        _ => ("dpv:LegitimateInterestNotObjected", "sale, objection offered", validity(line)),
    }
}
