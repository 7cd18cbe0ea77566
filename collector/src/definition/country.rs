//! Names of the countries where organisations are and keep data.
//!
//! In scope: the European Economic Area and the countries that shops meet most. Out of scope: which law holds there
//! (`shared::record::place`); whether a transfer is lawful, for which the owner states the safeguard (GDPR Art. 13(1)(f)).
//!
//! Invariant: a code that is not in the table is shown as it is, never hidden.

use shared::Language;

/// Code, Dutch, English.
const NAMES: [(&str, &str, &str); 36] = [
    ("AT", "Oostenrijk", "Austria"),
    ("BE", "België", "Belgium"),
    ("BG", "Bulgarije", "Bulgaria"),
    ("CY", "Cyprus", "Cyprus"),
    ("CZ", "Tsjechië", "Czechia"),
    ("DE", "Duitsland", "Germany"),
    ("DK", "Denemarken", "Denmark"),
    ("EE", "Estland", "Estonia"),
    ("ES", "Spanje", "Spain"),
    ("FI", "Finland", "Finland"),
    ("FR", "Frankrijk", "France"),
    ("GR", "Griekenland", "Greece"),
    ("HR", "Kroatië", "Croatia"),
    ("HU", "Hongarije", "Hungary"),
    ("IE", "Ierland", "Ireland"),
    ("IS", "IJsland", "Iceland"),
    ("IT", "Italië", "Italy"),
    ("LI", "Liechtenstein", "Liechtenstein"),
    ("LT", "Litouwen", "Lithuania"),
    ("LU", "Luxemburg", "Luxembourg"),
    ("LV", "Letland", "Latvia"),
    ("MT", "Malta", "Malta"),
    ("NL", "Nederland", "the Netherlands"),
    ("NO", "Noorwegen", "Norway"),
    ("PL", "Polen", "Poland"),
    ("PT", "Portugal", "Portugal"),
    ("RO", "Roemenië", "Romania"),
    ("SE", "Zweden", "Sweden"),
    ("SI", "Slovenië", "Slovenia"),
    ("SK", "Slowakije", "Slovakia"),
    ("CA", "Canada", "Canada"),
    ("CH", "Zwitserland", "Switzerland"),
    ("GB", "Verenigd Koninkrijk", "the United Kingdom"),
    ("IN", "India", "India"),
    ("TR", "Turkije", "Türkiye"),
    ("US", "Verenigde Staten", "the United States"),
];

/// Whether the text has the form of an ISO 3166-1 alpha-2 code.
pub(super) fn is_code(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The country's name, or its code.
pub(super) fn name(code: &str, language: Language) -> &str {
    let known = NAMES.iter().find(|(known, ..)| *known == code);
    match (known, language) {
        (Some((_, nl, _)), Language::Nl) => nl,
        (Some((_, _, en)), Language::En) => en,
        (None, _) => code,
    }
}
