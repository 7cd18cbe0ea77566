//! Names of the countries where organisations are and keep data.
//!
//! In scope: the European Economic Area and the countries that shops meet most. Out of scope: which law holds there
//! (`shared::record::place`); whether a transfer is lawful, for which the owner states the safeguard (GDPR Art. 13(1)(f)).
//!
//! Invariant: a code that is not in the table is shown as it is, never hidden.

use shared::Language;

use super::texts::pick;

/// Code, Dutch, English, Arabic.
const NAMES: [(&str, &str, &str, &str); 36] = [
    ("AT", "Oostenrijk", "Austria", "النمسا"),
    ("BE", "België", "Belgium", "بلجيكا"),
    ("BG", "Bulgarije", "Bulgaria", "بلغاريا"),
    ("CY", "Cyprus", "Cyprus", "قبرص"),
    ("CZ", "Tsjechië", "Czechia", "التشيك"),
    ("DE", "Duitsland", "Germany", "ألمانيا"),
    ("DK", "Denemarken", "Denmark", "الدنمارك"),
    ("EE", "Estland", "Estonia", "إستونيا"),
    ("ES", "Spanje", "Spain", "إسبانيا"),
    ("FI", "Finland", "Finland", "فنلندا"),
    ("FR", "Frankrijk", "France", "فرنسا"),
    ("GR", "Griekenland", "Greece", "اليونان"),
    ("HR", "Kroatië", "Croatia", "كرواتيا"),
    ("HU", "Hongarije", "Hungary", "المجر"),
    ("IE", "Ierland", "Ireland", "أيرلندا"),
    ("IS", "IJsland", "Iceland", "آيسلندا"),
    ("IT", "Italië", "Italy", "إيطاليا"),
    ("LI", "Liechtenstein", "Liechtenstein", "ليختنشتاين"),
    ("LT", "Litouwen", "Lithuania", "ليتوانيا"),
    ("LU", "Luxemburg", "Luxembourg", "لوكسمبورغ"),
    ("LV", "Letland", "Latvia", "لاتفيا"),
    ("MT", "Malta", "Malta", "مالطا"),
    ("NL", "Nederland", "the Netherlands", "هولندا"),
    ("NO", "Noorwegen", "Norway", "النرويج"),
    ("PL", "Polen", "Poland", "بولندا"),
    ("PT", "Portugal", "Portugal", "البرتغال"),
    ("RO", "Roemenië", "Romania", "رومانيا"),
    ("SE", "Zweden", "Sweden", "السويد"),
    ("SI", "Slovenië", "Slovenia", "سلوفينيا"),
    ("SK", "Slowakije", "Slovakia", "سلوفاكيا"),
    ("CA", "Canada", "Canada", "كندا"),
    ("CH", "Zwitserland", "Switzerland", "سويسرا"),
    ("GB", "Verenigd Koninkrijk", "the United Kingdom", "المملكة المتحدة"),
    ("IN", "India", "India", "الهند"),
    ("TR", "Turkije", "Türkiye", "تركيا"),
    ("US", "Verenigde Staten", "the United States", "الولايات المتحدة"),
];

/// Whether the text has the form of an ISO 3166-1 alpha-2 code.
pub(super) fn is_code(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The country's name, or its code.
pub(super) fn name(code: &str, language: Language) -> &str {
    let known = NAMES.iter().find(|(known, ..)| *known == code);
    match known {
        Some((_, nl, en, ar)) => pick(language, nl, en, ar),
        None => code,
    }
}
