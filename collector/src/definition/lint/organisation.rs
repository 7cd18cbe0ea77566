//! Rules for who asks and who else receives data (GDPR Art. 4(7), 13(1)(a), 13(1)(e)).
//!
//! Out of scope: whether the address exists.
//!
//! Invariant: an organisation that passes can be named and reached by everybody who reads the form.

use shared::contact::EmailAddress;
use shared::form::Origin;
use shared::ids::OrganisationId;
use shared::limits::{ADDRESS_BYTES_MAX, NAME_BYTES_MAX, ORIGINS_MAX, PROOF_MONTHS_MAX, RECIPIENTS_MAX};

use super::super::{RecipientEntry, country};
use super::{Report, bad_id, bad_origin, texts};

const IDENTITY: &str = "GDPR Art. 13(1)(a)";

/// Checks the table `[organisation]`.
pub(super) fn check(report: &mut Report<'_>) {
    let organisation = &report.definition.organisation;
    if OrganisationId::parse(&organisation.id).is_err() {
        report.add(bad_id(report.definition.place("organisation.id")));
    }
    identity(report);
    contact(report);
    countries(report);
    languages(report);
    origins(report);
    proof_term(report);
}

/// The proof of a consent is personal data too: it may be kept while a claim can be made, and no longer.
fn proof_term(report: &mut Report<'_>) {
    let months = report.definition.organisation.proof_months;
    if months.is_some_and(|months| !(1..=PROOF_MONTHS_MAX).contains(&months)) {
        report.refuse(
            "bad_proof_term",
            "GDPR Art. 5(1)(e), 17(3)(e)",
            "organisation.proof_months",
            format!("Zeg hoe lang u het bewijs bewaart: 1 tot {PROOF_MONTHS_MAX} maanden. Gewoon is 60."),
            format!("Say how long you keep the proof: 1 to {PROOF_MONTHS_MAX} months. Usual is 60."),
        );
    }
}

fn identity(report: &mut Report<'_>) {
    let organisation = &report.definition.organisation;
    if organisation.name.trim().is_empty() {
        report.refuse(
            "no_controller_identity",
            IDENTITY,
            "organisation.name",
            "Zeg wie om toestemming vraagt: de naam van uw bedrijf of vereniging.",
            "Say who asks for consent: the name of your company or association.",
        );
    }
    if organisation.address.trim().is_empty() {
        report.refuse(
            "no_controller_identity",
            IDENTITY,
            "organisation.address",
            "Geef uw postadres, op één regel: straat, nummer, postcode en plaats.",
            "Give your postal address, on one line: street, number, postcode and town.",
        );
    }
    texts::bounded(report, "organisation.name", &organisation.name, NAME_BYTES_MAX);
    texts::bounded(report, "organisation.address", &organisation.address, ADDRESS_BYTES_MAX);
    for (key, text) in [("phone", &organisation.phone), ("register", &organisation.register)] {
        let text = text.as_deref().unwrap_or_default();
        texts::bounded(report, &format!("organisation.{key}"), text, NAME_BYTES_MAX);
    }
}

fn contact(report: &mut Report<'_>) {
    let email = report.definition.organisation.email.trim();
    if EmailAddress::parse(email).is_err() {
        report.refuse(
            "no_controller_contact",
            IDENTITY,
            "organisation.email",
            "Geef een werkend e-mailadres voor vragen over privacy, zoals privacy@winkel.example.",
            "Give a working e-mail address for questions about privacy, such as privacy@shop.example.",
        );
    }
}

fn countries(report: &mut Report<'_>) {
    let organisation = &report.definition.organisation;
    if organisation.country.is_empty() {
        report.refuse(
            "no_country",
            "GDPR Art. 13(2)(d), ISO/IEC TS 27560 6.3.4.16",
            "organisation.country",
            "Zeg in welk land u gevestigd bent: country = \"NL\". Daaruit volgt wie toezicht op u houdt.",
            "Say in which country you are based: country = \"NL\". It says who watches over you.",
        );
    } else {
        country(report, "organisation.country", &organisation.country);
    }
    if let Some(code) = &organisation.storage_country {
        country(report, "organisation.storage_country", code);
    }
}

fn country(report: &mut Report<'_>, place: &str, code: &str) {
    if !country::is_code(code) {
        report.refuse(
            "bad_country",
            "GDPR Art. 13(1)(f)",
            place,
            "Schrijf het land met twee hoofdletters, zoals \"NL\".",
            "Write the country as two capital letters, such as \"NL\".",
        );
    }
}

fn languages(report: &mut Report<'_>) {
    let mut languages = report.definition.organisation.languages.clone();
    let count = languages.len();
    languages.sort();
    languages.dedup();
    if languages.is_empty() || languages.len() < count {
        report.refuse(
            "no_language",
            "GDPR Art. 12(1)",
            "organisation.languages",
            "Noem elke taal van uw formulieren één keer, bijvoorbeeld: languages = [\"nl\", \"en\"].",
            "Name each language of your forms once, for example: languages = [\"nl\", \"en\"].",
        );
    }
}

fn origins(report: &mut Report<'_>) {
    let origins = &report.definition.organisation.origins;
    for (index, origin) in origins.iter().enumerate() {
        if Origin::parse(origin).is_none() {
            report.add(bad_origin(report.definition.place(format!("organisation.origins[{}]", index + 1))));
        }
    }
    too_many(report, "organisation.origins", origins.len(), ORIGINS_MAX);
}

/// Checks the tables `[[recipient]]`.
pub(super) fn recipients(report: &mut Report<'_>) {
    let recipients = &report.definition.recipients;
    report.unique("recipient", recipients.iter().map(|recipient| &recipient.id));
    too_many(report, "recipient", recipients.len(), RECIPIENTS_MAX);
    for (index, recipient) in recipients.iter().enumerate() {
        let path = format!("recipient[{}]", index + 1);
        if recipient.name.trim().is_empty() {
            report.refuse(
                "recipient_not_named",
                "GDPR Art. 13(1)(e)",
                format!("{path}.name"),
                "Noem de ontvanger bij de naam die mensen kennen.",
                "Name the recipient as people know it.",
            );
        }
        texts::bounded(report, &format!("{path}.name"), &recipient.name, NAME_BYTES_MAX);
        country(report, &format!("{path}.country"), &recipient.country);
        reachable(report, &path, recipient);
    }
}

/// Who receives data can be reached: the standard record of a consent names everybody's address (ISO/IEC TS 27560 6.3.6).
fn reachable(report: &mut Report<'_>, path: &str, recipient: &RecipientEntry) {
    const LAW: &str = "GDPR Art. 13(1)(e), ISO/IEC TS 27560 6.3.6";
    if recipient.address.trim().is_empty() {
        report.refuse(
            "recipient_not_reachable",
            LAW,
            format!("{path}.address"),
            "Geef het postadres van deze ontvanger, op één regel. Het staat in het bewijs van mensen.",
            "Give the postal address of this recipient, on one line. It is in people's receipts.",
        );
    }
    if EmailAddress::parse(recipient.email.trim()).is_err() {
        report.refuse(
            "recipient_not_reachable",
            LAW,
            format!("{path}.email"),
            "Geef het e-mailadres van deze ontvanger voor vragen over privacy. Het staat in het bewijs van mensen.",
            "Give this recipient's e-mail address for questions about privacy. It is in people's receipts.",
        );
    }
    texts::bounded(report, &format!("{path}.address"), &recipient.address, ADDRESS_BYTES_MAX);
}

/// Refuses a list that is longer than its bound.
pub(super) fn too_many(report: &mut Report<'_>, path: &str, count: usize, count_max: usize) {
    if count > count_max {
        report.refuse(
            "too_many",
            "",
            path,
            format!("Dit zijn er {count}; er passen er {count_max}."),
            format!("There are {count} of these; there is room for {count_max}."),
        );
    }
}
