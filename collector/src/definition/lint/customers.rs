//! Rules for messages to own customers without consent, the Dutch soft opt-in (Tw 11.7(3)).
//!
//! Out of scope: whether somebody bought anything (`shared::sale`).
//!
//! Invariant: what passes is by e-mail or text message, about named products of one's own, with the words of an objection; it is no box.

use shared::ids::ProductGroup;
use shared::purpose::{Basis, Channel};
use shared::record::terms::PurposeTerm;

use super::super::{FormEntry, PurposeEntry};
use super::texts::{self, Length};
use super::{Report, bad_id};

const LAW: &str = "Tw 11.7(3)";

/// Checks the keys of a purpose that are about customers.
pub(super) fn purpose(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry) {
    if purpose.basis == Basis::Consent {
        return without_basis(report, path, purpose);
    }
    group(report, path, purpose);
    if !matches!(purpose.channel, Channel::Email | Channel::Sms) {
        report.refuse(
            "soft_opt_in_channel",
            LAW,
            format!("{path}.channel"),
            "Zonder toestemming mag u klanten alleen mailen of een sms sturen. Bellen, post, profielen en doorgeven niet.",
            "Without consent you may only mail customers or send them a text message. No calls, post, profiling or sharing.",
        );
    }
    if purpose
        .dpv
        .as_deref()
        .is_some_and(|term| PurposeTerm::parse(term) != Some(PurposeTerm::DirectMarketing))
    {
        report.refuse(
            "soft_opt_in_kind",
            "Tw 11.7(3), GDPR Art. 22, recital 71",
            format!("{path}.dpv"),
            "Zonder toestemming mag alleen een bericht over uw eigen producten. Haal deze regel weg.",
            "Without consent only messages about your own products are allowed. Remove this line.",
        );
    }
    if texts::is_empty(&purpose.objection) {
        report.refuse(
            "no_objection_text",
            LAW,
            format!("{path}.objection"),
            "Klanten moeten bij de verkoop nee kunnen zeggen. Schrijf de tekst bij dat vakje, bijvoorbeeld: objection.nl = \
             \"Stuur mij hier geen mail over\".",
            "Customers must be able to say no at the sale. Write the words beside that box, for example: objection.en = \
             \"Do not mail me about this\".",
        );
    } else {
        texts::check(report, &format!("{path}.objection"), &purpose.objection, Length::Title);
    }
}

fn group(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry) {
    match purpose.product_group.as_deref() {
        None => report.refuse(
            "no_product_group",
            LAW,
            path,
            "Zeg welke producten klanten kochten: product_group = \"kaas\", en products.nl = \"kaas\". Alleen over zulke \
             producten mag u berichten sturen.",
            "Say which products customers bought: product_group = \"cheese\", and products.en = \"cheese\". You may send \
             messages about such products only.",
        ),
        Some(group) if ProductGroup::parse(group).is_err() => {
            report.add(bad_id(report.definition.place(format!("{path}.product_group"))));
        }
        Some(_) => texts::check(report, &format!("{path}.products"), &purpose.products, Length::Title),
    }
}

/// Who names products or an objection means a soft opt-in, and must say so.
fn without_basis(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry) {
    let named = !texts::is_empty(&purpose.products) || !texts::is_empty(&purpose.objection);
    if purpose.product_group.is_some() || named {
        report.refuse(
            "customers_without_basis",
            LAW,
            format!("{path}.basis"),
            "product_group, products en objection horen bij berichten aan klanten. Schrijf basis = \"soft_opt_in\", of haal ze weg.",
            "product_group, products and objection are for messages to customers. Write basis = \"soft_opt_in\", or remove them.",
        );
    }
}

/// Checks that no form asks consent for what rests on a sale, or tells customers of what needs consent.
pub(super) fn form(report: &mut Report<'_>, path: &str, form: &FormEntry) {
    let definition = report.definition;
    let basis =
        |id: &String| definition.purposes.iter().find(|purpose| purpose.id == *id).map(|one| one.basis);
    for (index, id) in form.purposes.iter().enumerate() {
        if basis(id) == Some(Basis::SoftOptIn) {
            report.refuse(
                "soft_opt_in_box",
                LAW,
                format!("{path}.purposes[{}]", index + 1),
                format!("\"{id}\" vraagt geen toestemming, dus het is geen vakje. Zet het bij customers = [\"{id}\"]."),
                format!("\"{id}\" asks for no consent, so it is no box. Put it under customers = [\"{id}\"]."),
            );
        }
    }
    for (index, id) in form.customers.iter().enumerate() {
        let place = format!("{path}.customers[{}]", index + 1);
        match basis(id) {
            None => report.refuse(
                "unknown_purpose",
                "",
                place,
                format!("Er is geen [[purpose]] met de naam \"{id}\"."),
                format!("There is no [[purpose]] with the name \"{id}\"."),
            ),
            Some(Basis::Consent) => report.refuse(
                "customers_need_consent",
                "Tw 11.7(1)",
                place,
                format!("Voor \"{id}\" is toestemming nodig. Maak er een vakje van, bij purposes."),
                format!("\"{id}\" needs consent. Make it a box, under purposes."),
            ),
            Some(Basis::SoftOptIn) if form.customers[..index].contains(id) => report.refuse(
                "duplicate_id",
                "",
                place,
                format!("\"{id}\" staat twee keer bij customers."),
                format!("\"{id}\" is under customers twice."),
            ),
            Some(Basis::SoftOptIn) => {}
        }
    }
}
