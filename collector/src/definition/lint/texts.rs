//! Rules for every text: there in each language, within bounds, no control characters.
//!
//! Out of scope: what a text says (`words`, `reading`).
//!
//! Invariant: a text that passes is there for every language of the organisation and for no other.

use shared::Language;
use shared::limits::{TEXT_BYTES_MAX, TITLE_BYTES_MAX};

use super::super::Texts;
use super::{Report, language};

/// How long a text may be.
#[derive(Clone, Copy)]
pub(super) enum Length {
    /// A heading or label.
    Title,
    /// A sentence or two.
    Text,
}

impl Length {
    const fn bytes_max(self) -> usize {
        match self {
            Self::Title => TITLE_BYTES_MAX,
            Self::Text => TEXT_BYTES_MAX,
        }
    }
}

/// Whether any language has words here.
pub(super) fn is_empty(texts: &Texts) -> bool {
    texts.values().all(|text| text.trim().is_empty())
}

/// Checks one text in all its languages.
pub(super) fn check(report: &mut Report<'_>, path: &str, texts: &Texts, length: Length) {
    let languages = report.definition.organisation.languages.clone();
    for language in &languages {
        if texts.get(language).is_none_or(|text| text.trim().is_empty()) {
            missing(report, path, *language);
        }
    }
    for (language, text) in texts {
        let here = format!("{path}.{}", language.tag());
        if !languages.contains(language) && !languages.is_empty() {
            report.advise(
                "extra_language",
                "",
                here.clone(),
                "Deze taal staat niet bij organisation.languages en wordt niet getoond.",
                "This language is not in organisation.languages and is not shown.",
            );
        }
        bounded(report, &here, text, length.bytes_max());
        language::check(report, &here, *language, text);
    }
}

fn missing(report: &mut Report<'_>, path: &str, language: Language) {
    let tag = language.tag();
    report.refuse(
        "missing_language",
        "GDPR Art. 12(1)",
        format!("{path}.{tag}"),
        format!("Hier ontbreekt de tekst in het {}. Schrijf: {tag} = \"…\".", dutch_name(language)),
        format!("The text in {} is missing here. Write: {tag} = \"…\".", english_name(language)),
    );
}

/// Checks the length of a text, and that it holds nothing unseen.
pub(super) fn bounded(report: &mut Report<'_>, path: &str, text: &str, bytes_max: usize) {
    if text.len() > bytes_max {
        report.refuse(
            "text_too_long",
            "GDPR Art. 12(1)",
            path,
            format!("Deze tekst is te lang: hooguit {bytes_max} tekens. Kort hem in."),
            format!("This text is too long: at most {bytes_max} characters. Shorten it."),
        );
    }
    let unseen = |c: char| (c.is_control() && !c.is_whitespace()) || is_direction_override(c);
    if text.chars().any(unseen) {
        report.refuse(
            "hidden_characters",
            "GDPR Art. 5(1)(a)",
            path,
            "Hier staan onzichtbare tekens. Typ de tekst opnieuw.",
            "There are invisible characters here. Type the text again.",
        );
    }
}

/// Characters that make a text read otherwise than it is stored (Unicode bidirectional controls, zero width).
const fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The name of a language, in Dutch.
pub(super) const fn dutch_name(language: Language) -> &'static str {
    match language {
        Language::Nl => "Nederlands",
        Language::En => "Engels",
        Language::Ar => "Arabisch",
    }
}

/// The name of a language, in English.
pub(super) const fn english_name(language: Language) -> &'static str {
    match language {
        Language::Nl => "Dutch",
        Language::En => "English",
        Language::Ar => "Arabic",
    }
}
