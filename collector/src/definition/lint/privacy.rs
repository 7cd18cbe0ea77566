//! Rules for the privacy text: every item of Art. 13 is there, or does not apply for a stated reason.
//!
//! Out of scope: the standard words (`super::super::texts`).
//!
//! Invariant: where this passes, no section of a notice is empty.

use shared::limits::PARAGRAPHS_MAX;
use shared::purpose::{Basis, Channel};
use shared::record::place;

use super::super::privacy::Item;
use super::super::{PrivacyEntry, country, notice};
use super::texts::{self, Length};
use super::{Report, reading};

/// Checks the table `[privacy]`.
pub(super) fn check(report: &mut Report<'_>) {
    for item in Item::ALL {
        let path = format!("privacy.{}", item.key());
        match item.entry(&report.definition.privacy) {
            None if needs_owner(report, item) => missing(report, item, &path),
            None => {}
            Some(entry) if entry.not_applicable => not_applicable(report, item, &path, entry),
            Some(entry) => written(report, item, &path, entry),
        }
    }
}

/// Whether only the owner can know what to say.
fn needs_owner(report: &Report<'_>, item: Item) -> bool {
    let definition = report.definition;
    match item {
        Item::Representative | Item::Dpo => true,
        Item::Transfers => {
            let own = definition.organisation.storage_country.iter();
            let own = own.chain(std::iter::once(&definition.organisation.country)).next();
            let theirs = definition.recipients.iter().map(|recipient| &recipient.country);
            own.into_iter().chain(theirs).any(|code| !code.is_empty() && !place::is_eea(code))
        }
        Item::Complaint => {
            let country = &definition.organisation.country;
            country::is_code(country) && place::authority(country).is_none()
        }
        Item::AutomatedDecisions => {
            definition.purposes.iter().any(|purpose| purpose.channel == Channel::Profiling)
        }
        _ => false,
    }
}

fn missing(report: &mut Report<'_>, item: Item, path: &str) {
    let (nl, en) = match item {
        Item::Transfers => (
            "U of een ontvanger bewaart gegevens buiten de Europese Economische Ruimte. Zeg waarom dat mag en hoe \
             mensen de afspraken kunnen zien",
            "You or a recipient keep data outside the European Economic Area. Say why that is allowed and how people \
             can see the safeguards",
        ),
        Item::Complaint => (
            "Voor uw land is er geen standaardtekst. Zeg bij welke toezichthouder mensen kunnen klagen, met de website",
            "There is no standard text for your country. Say to which supervisory authority people can complain, with \
             its website",
        ),
        Item::AutomatedDecisions => (
            "U kiest per persoon wat iemand krijgt. Zeg hoe dat gaat en wat het voor mensen betekent",
            "You choose per person what they get. Say how that works and what it means for people",
        ),
        Item::Dpo => (
            "Zeg wie uw functionaris voor gegevensbescherming is en hoe die te bereiken is",
            "Say who your data protection officer is and how to reach them",
        ),
        _ => (
            "Zeg wie u in de Europese Unie vertegenwoordigt, als u zelf daarbuiten zit",
            "Say who represents you in the European Union, if you are outside it",
        ),
    };
    let (or_nl, or_en) = if item.always_applies() {
        (String::new(), String::new())
    } else {
        (
            format!("; of schrijf in [{path}]: not_applicable = true, met een reason"),
            format!("; or write in [{path}]: not_applicable = true, with a reason"),
        )
    };
    report.refuse("privacy_item_missing", item.law(), path, format!("{nl}{or_nl}."), format!("{en}{or_en}."));
}

fn not_applicable(report: &mut Report<'_>, item: Item, path: &str, entry: &PrivacyEntry) {
    if item.always_applies() {
        report.refuse(
            "privacy_item_always_applies",
            item.law(),
            path,
            "Dit onderdeel geldt altijd waar toestemming wordt gevraagd. Haal het weg voor de standaardtekst.",
            "This item always applies where consent is asked. Remove it to get the standard text.",
        );
    }
    let customers = report.definition.purposes.iter().any(|purpose| purpose.basis == Basis::SoftOptIn);
    if item == Item::LegitimateInterest && customers {
        report.refuse(
            "legitimate_interest_applies",
            item.law(),
            path,
            "U stuurt klanten berichten zonder toestemming, dus dit onderdeel geldt. Haal het weg voor de standaardtekst.",
            "You send customers messages without consent, so this item applies. Remove it to get the standard text.",
        );
    }
    if !texts::is_empty(&entry.text) {
        report.refuse(
            "privacy_item_contradiction",
            item.law(),
            format!("{path}.text"),
            "Hier staat een tekst én not_applicable = true. Kies één van de twee.",
            "There is a text here and not_applicable = true. Choose one of the two.",
        );
    }
    if texts::is_empty(&entry.reason) {
        return report.refuse(
            "not_applicable_without_reason",
            item.law(),
            format!("{path}.reason"),
            "Zeg waarom dit niet van toepassing is, bijvoorbeeld: reason.nl = \"Wij zijn gevestigd in Nederland.\"",
            "Say why this does not apply, for example: reason.en = \"We are based in the Netherlands.\"",
        );
    }
    texts::check(report, &format!("{path}.reason"), &entry.reason, Length::Text);
}

fn written(report: &mut Report<'_>, item: Item, path: &str, entry: &PrivacyEntry) {
    if texts::is_empty(&entry.text) {
        return report.refuse(
            "privacy_item_missing",
            item.law(),
            path,
            "Dit onderdeel is leeg. Schrijf een tekst, haal het weg voor de standaardtekst, \
             of zeg not_applicable = true met een reason.",
            "This item is empty. Write a text, remove it to get the standard text, \
             or say not_applicable = true with a reason.",
        );
    }
    let place = format!("{path}.text");
    texts::check(report, &place, &entry.text, Length::Text);
    for (language, text) in &entry.text {
        let here = format!("{place}.{}", language.tag());
        super::organisation::too_many(report, &here, notice::split(text).len(), PARAGRAPHS_MAX);
        reading::check(report, &here, *language, text);
    }
}
