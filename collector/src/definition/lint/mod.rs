//! The rules: what keeps a definition from being lawful, clear or whole.
//!
//! In scope: which rules there are, and collecting what they find. Each file here owns one group of rules.
//! Out of scope: keys that do not exist (`parse`), versions (`compile`).
//!
//! Invariant: rules only read; a definition that passes is compiled as it stands. `docs/forms.md` lists every code.

mod arabic;
mod customers;
mod form;
mod language;
mod organisation;
mod phrases;
mod privacy;
mod purpose;
mod reading;
mod texts;
mod words;

use std::collections::BTreeSet;

use super::{Definition, Finding, Place, Sentence, Severity};

/// Judges a definition by every rule. Findings come in the order of the file.
#[must_use]
pub fn lint(definition: &Definition) -> Vec<Finding> {
    let mut report = Report { definition, findings: Vec::new() };
    organisation::check(&mut report);
    organisation::recipients(&mut report);
    purpose::check(&mut report);
    words::check(&mut report);
    form::check(&mut report);
    privacy::check(&mut report);
    let mut findings = report.findings;
    findings.sort_by(|a, b| (a.place.at, a.severity, a.code).cmp(&(b.place.at, b.severity, b.code)));
    findings
}

/// What the rules found so far.
struct Report<'a> {
    definition: &'a Definition,
    findings: Vec<Finding>,
}

impl Report<'_> {
    fn refuse(
        &mut self,
        code: &'static str,
        article: &'static str,
        path: impl Into<String>,
        nl: impl Into<String>,
        en: impl Into<String>,
    ) {
        let place = self.definition.place(path);
        self.findings.push(finding(Severity::Refused, code, article, place, Sentence::new(nl, en)));
    }

    fn advise(
        &mut self,
        code: &'static str,
        article: &'static str,
        path: impl Into<String>,
        nl: impl Into<String>,
        en: impl Into<String>,
    ) {
        let place = self.definition.place(path);
        self.findings.push(finding(Severity::Advice, code, article, place, Sentence::new(nl, en)));
    }

    fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Every id once; `kind` is the table's name.
    fn unique<'i>(&mut self, kind: &str, ids: impl Iterator<Item = &'i String>) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.refuse(
                    "duplicate_id",
                    "",
                    format!("{kind}[{}].id", index + 1),
                    format!("De naam \"{id}\" komt twee keer voor. Geef elk onderdeel een eigen naam."),
                    format!("The name \"{id}\" is used twice. Give each part a name of its own."),
                );
            }
        }
    }
}

fn finding(
    severity: Severity,
    code: &'static str,
    article: &'static str,
    place: Place,
    sentence: Sentence,
) -> Finding {
    Finding { severity, code, article, place, sentence }
}

/// A text that is no id.
pub(super) fn bad_id(place: Place) -> Finding {
    let sentence = Sentence::new(
        "Een naam bestaat uit 1 tot 40 tekens: a-z, 0-9 en het streepje, zoals \"nieuwsbrief\".",
        "A name has 1 to 40 characters: a-z, 0-9 and the hyphen, such as \"newsletter\".",
    );
    finding(Severity::Refused, "bad_id", "", place, sentence)
}

/// A text that is no web origin.
pub(super) fn bad_origin(place: Place) -> Finding {
    let sentence = Sentence::new(
        "Schrijf alleen het begin van het webadres, in kleine letters en zonder pad: \"https://winkel.example\".",
        "Write only the beginning of the web address, in lower case and without a path: \"https://shop.example\".",
    );
    finding(Severity::Refused, "bad_origin", "", place, sentence)
}

/// A purpose that does not say when the data is gone.
pub(super) fn no_erasure(place: Place) -> Finding {
    let sentence = Sentence::new(
        "Zeg hoe snel de gegevens overal weg zijn nadat iemand stopt, bijvoorbeeld: erasure_days = 7.",
        "Say how soon the data is gone everywhere after somebody stops, for example: erasure_days = 7.",
    );
    finding(Severity::Refused, "no_retention", "GDPR Art. 13(2)(a), 5(1)(e)", place, sentence)
}
