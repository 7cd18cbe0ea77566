//! Rules for the terms of a purpose: which data, who gets it, how long (GDPR Art. 5, 13).
//!
//! Out of scope: its words (`words`).
//!
//! Invariant: a purpose that passes has a term, an end, and recipients that fit what it says it is.

use shared::ids::PurposeId;
use shared::limits::{DEFINITION_PURPOSES_MAX, VALIDITY_MONTHS_MAX};
use shared::purpose::{Channel, ContactField, RecipientRole};
use shared::record::terms::PurposeTerm;

use super::super::{FormEntry, PurposeEntry, RecipientEntry};
use super::organisation::too_many;
use super::texts::{self, Length};
use super::{Report, bad_id, customers, no_erasure};

/// After three years few people know what they ticked (EDPB 05/2020 ¶111: refresh at fitting intervals).
const MONTHS_ADVISED_MAX: u16 = 36;
/// "Without undue delay" (Art. 17(1)) is not more than the month of Art. 12(3).
const ERASURE_DAYS_ADVISED_MAX: u16 = 30;

/// Checks the tables `[[purpose]]`.
pub(super) fn check(report: &mut Report<'_>) {
    let definition = report.definition;
    report.unique("purpose", definition.purposes.iter().map(|purpose| &purpose.id));
    too_many(report, "purpose", definition.purposes.len(), DEFINITION_PURPOSES_MAX);
    for (index, purpose) in definition.purposes.iter().enumerate() {
        let path = format!("purpose[{}]", index + 1);
        if PurposeId::parse(&purpose.id).is_err() {
            report.add(bad_id(definition.place(format!("{path}.id"))));
        }
        texts::check(report, &format!("{path}.title"), &purpose.title, Length::Title);
        texts::check(report, &format!("{path}.text"), &purpose.text, Length::Text);
        retention(report, &path, purpose);
        needs(report, &path, purpose);
        recipients(report, &path, purpose);
        kind(report, &path, purpose);
        customers::purpose(report, &path, purpose);
        unused(report, &path, purpose);
    }
}

fn retention(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry) {
    const LAW: &str = "GDPR Art. 13(2)(a), 5(1)(e)";
    let months = format!("{path}.validity_months");
    match purpose.validity_months {
        0 | VALIDITY_MONTHS_TOO_MANY.. => report.refuse(
            "no_retention",
            LAW,
            months,
            format!("Zeg hoe lang een ja geldt: 1 tot {VALIDITY_MONTHS_MAX} maanden. Gewoon is 24."),
            format!("Say how long a yes counts: 1 to {VALIDITY_MONTHS_MAX} months. Usual is 24."),
        ),
        count if count > MONTHS_ADVISED_MAX => report.advise(
            "long_retention",
            "EDPB 05/2020 ¶111",
            months,
            "Dit is lang; na drie jaar weten mensen niet meer wat ze kozen. Vraag het eerder opnieuw.",
            "This is long; after three years people do not know what they chose. Ask again sooner.",
        ),
        _ => {}
    }
    match purpose.erasure_days {
        None => report.add(no_erasure(report.definition.place(path))),
        Some(days) if days > ERASURE_DAYS_ADVISED_MAX => report.advise(
            "slow_erasure",
            "GDPR Art. 17(1)",
            format!("{path}.erasure_days"),
            "Na intrekken moeten gegevens snel weg. Langer dan 30 dagen is moeilijk uit te leggen.",
            "After withdrawal the data must go soon. More than 30 days is hard to explain.",
        ),
        Some(_) => {}
    }
}

const VALIDITY_MONTHS_TOO_MANY: u16 = VALIDITY_MONTHS_MAX + 1;

fn needs(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry) {
    let place = format!("{path}.needs");
    if purpose.needs.is_empty() {
        return report.refuse(
            "no_data_named",
            "GDPR Art. 4(11), 13(1)(c)",
            place,
            "Zeg welke gegevens dit doel nodig heeft, bijvoorbeeld: needs = [\"email\"].",
            "Say which data this purpose needs, for example: needs = [\"email\"].",
        );
    }
    let wanted = match purpose.channel {
        Channel::Email => Some(ContactField::Email),
        Channel::Post => Some(ContactField::Address),
        Channel::Phone | Channel::Sms => Some(ContactField::Phone),
        _ => None,
    };
    if wanted.is_some_and(|field| !purpose.needs.contains(&field)) {
        report.refuse(
            "channel_needs_field",
            "GDPR Art. 5(1)(c)",
            place.clone(),
            "Met dit kanaal bereikt u niemand: \"email\" heeft \"email\" nodig, \"post\" \"address\", en \"phone\" en \"sms\" hebben \"phone\" nodig.",
            "This channel reaches nobody: \"email\" needs \"email\", \"post\" needs \"address\", \"phone\" and \"sms\" need \"phone\".",
        );
    }
    let other = [ContactField::Address, ContactField::Phone];
    if purpose.channel == Channel::Email && purpose.needs.iter().any(|field| other.contains(field)) {
        report.advise(
            "more_data_than_needed",
            "GDPR Art. 5(1)(c)",
            place,
            "Voor mail is geen postadres of telefoonnummer nodig. Vraag alleen wat u gebruikt.",
            "Mail needs no postal address or phone number. Ask only for what you use.",
        );
    }
}

fn recipients(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry) {
    let definition = report.definition;
    let find = |id: &String| definition.recipients.iter().find(|recipient| recipient.id == *id);
    for (index, id) in purpose.recipients.iter().enumerate() {
        if find(id).is_none() {
            report.refuse(
                "unknown_recipient",
                "GDPR Art. 13(1)(e)",
                format!("{path}.recipients[{}]", index + 1),
                format!("Er is geen [[recipient]] met de naam \"{id}\"."),
                format!("There is no [[recipient]] with the name \"{id}\"."),
            );
        }
    }
    let found: Vec<&RecipientEntry> = purpose.recipients.iter().filter_map(find).collect();
    let partners = found.iter().filter(|recipient| recipient.role == RecipientRole::ThirdParty).count();
    partners_fit(report, &format!("{path}.recipients"), purpose.channel, partners);
}

fn partners_fit(report: &mut Report<'_>, place: &str, channel: Channel, partners: usize) {
    match (channel, partners) {
        (Channel::Sharing, 0) => report.refuse(
            "partner_not_named",
            "GDPR Art. 4(11), 13(1)(e)",
            place,
            "Wie krijgt de gegevens? Noem de partner bij naam als [[recipient]] met role = \"third_party\".",
            "Who gets the data? Name the partner as a [[recipient]] with role = \"third_party\".",
        ),
        (Channel::Sharing, 2..) => report.advise(
            "several_partners",
            "GDPR recital 43, EDPB 05/2020 §3.1.3",
            place,
            "Geef elke partner een eigen vakje, dan kunnen mensen per partner kiezen.",
            "Give each partner a box of its own, so that people can choose per partner.",
        ),
        (Channel::Sharing, _) | (_, 0) => {}
        (_, _) => report.refuse(
            "two_purposes",
            "GDPR Art. 6(1)(a), recital 43",
            place,
            "Doorgeven aan een ander die er zelf iets mee doet, is een eigen doel. \
             Maak er een apart vakje van met channel = \"sharing\".",
            "Passing data to somebody who uses it for themselves is a purpose of its own. \
             Make it a separate box with channel = \"sharing\".",
        ),
    }
}

fn kind(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry) {
    if purpose.dpv.as_deref().is_some_and(|text| PurposeTerm::parse(text).is_none()) {
        let known = PurposeTerm::ALL.map(PurposeTerm::term).join(", ");
        report.refuse(
            "bad_dpv_term",
            "ISO/IEC TS 27560 6.3.4.5",
            format!("{path}.dpv"),
            format!("Deze term is er niet. Kies een van deze, of laat de regel weg: {known}."),
            format!("There is no such term. Choose one of these, or leave the line out: {known}."),
        );
    }
    if let Some(reason) = &purpose.wording_only {
        texts::bounded(report, &format!("{path}.wording_only"), reason, shared::limits::TEXT_BYTES_MAX);
        if reason.trim().is_empty() {
            report.refuse(
                "wording_only_without_reason",
                "GDPR Art. 7(1)",
                format!("{path}.wording_only"),
                "Zeg waarom de nieuwe woorden hetzelfde betekenen, of haal deze regel weg.",
                "Say why the new words mean the same, or remove this line.",
            );
        }
    }
}

fn unused(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry) {
    let names =
        |form: &FormEntry| form.purposes.contains(&purpose.id) || form.customers.contains(&purpose.id);
    if !report.definition.forms.iter().any(names) {
        report.advise(
            "unused_purpose",
            "",
            format!("{path}.id"),
            "Dit doel staat op geen formulier.",
            "This purpose is on no form.",
        );
    }
}
