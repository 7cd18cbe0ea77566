//! Rules for forms: their boxes, their heading, and the way back (GDPR Art. 7).
//!
//! Out of scope: the words of each box (`words`).
//!
//! Invariant: a form that passes tells how to take consent back before anybody gives it.

use shared::Language;
use shared::ids::FormId;
use shared::limits::{FORMS_MAX, PURPOSES_MAX};
use shared::purpose::ContactField;

use super::super::FormEntry;
use super::organisation::too_many;
use super::phrases::{self, find};
use super::texts::{self, Length};
use super::{Report, bad_id, customers, reading, words};

const WITHDRAWAL: &str = "GDPR Art. 7(3), 13(2)(c)";

/// Checks the tables `[[form]]`.
pub(super) fn check(report: &mut Report<'_>) {
    let definition = report.definition;
    report.unique("form", definition.forms.iter().map(|form| &form.id));
    too_many(report, "form", definition.forms.len(), FORMS_MAX);
    if definition.forms.is_empty() {
        report.refuse(
            "no_form",
            "",
            "form",
            "Er is nog geen formulier. Voeg [[form]] toe met een naam, een titel en de doelen.",
            "There is no form yet. Add [[form]] with a name, a title and the purposes.",
        );
    }
    for (index, form) in definition.forms.iter().enumerate() {
        let path = format!("form[{}]", index + 1);
        if FormId::parse(&form.id).is_err() {
            report.add(bad_id(definition.place(format!("{path}.id"))));
        }
        texts::check(report, &format!("{path}.title"), &form.title, Length::Title);
        texts::check(report, &format!("{path}.intro"), &form.intro, Length::Text);
        boxes(report, &path, form);
        customers::form(report, &path, form);
        withdrawal(report, &path, form);
        confirmation(report, &path, form);
        wording(report, &path, form);
    }
}

fn boxes(report: &mut Report<'_>, path: &str, form: &FormEntry) {
    let definition = report.definition;
    let place = format!("{path}.purposes");
    too_many(report, &place, form.purposes.len(), PURPOSES_MAX);
    if form.purposes.is_empty() {
        report.refuse(
            "no_purpose",
            "GDPR Art. 6(1)(a)",
            place.clone(),
            "Dit formulier vraagt niets. Noem de doelen, bijvoorbeeld: purposes = [\"nieuwsbrief\"].",
            "This form asks for nothing. Name the purposes, for example: purposes = [\"newsletter\"].",
        );
    }
    for (index, id) in form.purposes.iter().enumerate() {
        let here = format!("{place}[{}]", index + 1);
        if !definition.purposes.iter().any(|purpose| purpose.id == *id) {
            report.refuse(
                "unknown_purpose",
                "",
                here,
                format!("Er is geen [[purpose]] met de naam \"{id}\"."),
                format!("There is no [[purpose]] with the name \"{id}\"."),
            );
        } else if form.purposes[..index].contains(id) {
            report.refuse(
                "duplicate_id",
                "",
                here,
                format!("Het vakje \"{id}\" staat twee keer op dit formulier."),
                format!("The box \"{id}\" is on this form twice."),
            );
        }
    }
}

/// Whoever switches the confirmation off is told what that costs.
fn confirmation(report: &mut Report<'_>, path: &str, form: &FormEntry) {
    let needs_email = |id: &String| {
        let of = report.definition.purposes.iter().find(|purpose| purpose.id == *id);
        of.is_some_and(|purpose| purpose.needs.contains(&ContactField::Email))
    };
    if !form.double_opt_in && form.purposes.iter().any(needs_email) {
        report.advise(
            "no_double_opt_in",
            "GDPR Art. 7(1)",
            format!("{path}.double_opt_in"),
            "Zonder bevestiging per mail kunt u niet bewijzen dat de eigenaar van het adres ja zei. Haal deze regel weg.",
            "Without a confirmation by mail you cannot prove that the owner of the address said yes. Remove this line.",
        );
    }
}

fn withdrawal(report: &mut Report<'_>, path: &str, form: &FormEntry) {
    let place = format!("{path}.withdrawal");
    if texts::is_empty(&form.withdrawal) {
        return report.refuse(
            "no_withdrawal_text",
            WITHDRAWAL,
            place,
            "Zeg vooraf hoe mensen hun ja terugnemen. Bijvoorbeeld: \"U kunt elk vakje altijd weer uitzetten. \
             De link staat op uw bewijs.\"",
            "Say beforehand how people take their yes back. For example: \"You can switch off any box at any \
             time. The link is on your receipt.\"",
        );
    }
    texts::check(report, &place, &form.withdrawal, Length::Text);
    for (language, text) in &form.withdrawal {
        way_back(report, &format!("{place}.{}", language.tag()), *language, text);
    }
}

/// The sentence must speak of taking back, and must not make it harder than giving.
fn way_back(report: &mut Report<'_>, place: &str, language: Language, text: &str) {
    if !text.trim().is_empty() && find(text, phrases::taking_back(language)).is_none() {
        report.refuse(
            "no_withdrawal_text",
            WITHDRAWAL,
            place,
            "Deze zin zegt niet dat mensen hun ja kunnen terugnemen. Gebruik een woord als intrekken, stoppen of uitzetten.",
            "This sentence does not say that people can take their yes back. Use words such as take back, stop or switch off.",
        );
    }
    if let Some(hurdle) = words::said(text, phrases::hurdles(language), language) {
        report.refuse(
            "withdrawal_not_as_easy",
            "GDPR Art. 7(3)",
            place,
            format!("Stoppen moet net zo makkelijk zijn als ja zeggen; \"{hurdle}\" maakt het moeilijker. Noem de link."),
            format!("Stopping must be as easy as saying yes; \"{hurdle}\" makes it harder. Name the link."),
        );
    }
}

fn wording(report: &mut Report<'_>, path: &str, form: &FormEntry) {
    for (key, texts) in [("title", &form.title), ("intro", &form.intro), ("withdrawal", &form.withdrawal)] {
        for (language, text) in texts {
            let place = format!("{path}.{key}.{}", language.tag());
            words::emotion(report, &place, *language, text);
            words::tying(report, &place, *language, text);
            if key != "title" {
                reading::check(report, &place, *language, text);
            }
            if key == "intro" {
                words::terms(report, &place, *language, text);
            }
        }
    }
}
