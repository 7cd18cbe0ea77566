//! Whether a text is in the language whose place it has (GDPR Art. 12(1)).
//!
//! In scope: telling the languages of the product apart by their small words. Out of scope: how hard a text reads
//! (`reading`), texts that are missing (`texts`).
//!
//! Invariant: only words that one language has and the others have not count, and a text of a few words, a name or a
//! slogan in another language is never refused: it takes several such words, and hardly any of the language itself.

use std::collections::BTreeSet;

use shared::Language;

use super::Report;
use super::texts::{dutch_name, english_name};

/// Fewer words of another language prove nothing.
const FOREIGN_WORDS_MIN: usize = 2;
/// How many words of another language outweigh one of the text's own.
const OUTWEIGH: usize = 3;

/// A language that a text may be in by mistake: one of the product, or one that is spoken next door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tongue {
    Ours(Language),
    German,
    French,
}

impl Tongue {
    const ALL: [Self; 5] = [
        Self::Ours(Language::Nl),
        Self::Ours(Language::En),
        Self::Ours(Language::Ar),
        Self::German,
        Self::French,
    ];

    const fn in_dutch(self) -> &'static str {
        match self {
            Self::Ours(language) => dutch_name(language),
            Self::German => "Duits",
            Self::French => "Frans",
        }
    }

    const fn in_english(self) -> &'static str {
        match self {
            Self::Ours(language) => english_name(language),
            Self::German => "German",
            Self::French => "French",
        }
    }

    /// Its small words. Words that others have too stand in none of the lists: "in", "is", "we", "of", "over", "die",
    /// "want", "door", "mail", "post"; nor do those of names: "der", "den", "des".
    const fn small_words(self) -> &'static [&'static str] {
        match self {
            Self::Ours(Language::Nl) => &[
                "aan", "alleen", "altijd", "bij", "dat", "de", "deze", "dit", "een", "eén", "één", "elk",
                "elke", "en", "er", "geen", "gegevens", "hebben", "heeft", "het", "hij", "hoe", "ik", "ja",
                "jaar", "je", "jouw", "keer", "krijg", "krijgt", "kunt", "maand", "mag", "met", "mij",
                "mijn", "naar", "niet", "nieuwe", "nieuws", "ons", "onze", "ook", "op", "stuur", "sturen",
                "te", "tot", "u", "uit", "uw", "van", "vinkje", "voor", "waar", "wat", "welke", "werken",
                "wie", "wij", "wil", "wilt", "worden", "wordt", "zijn", "zonder", "zij",
            ],
            Self::Ours(Language::En) => &[
                "about", "all", "and", "any", "are", "at", "by", "can", "do", "every", "for", "from", "has",
                "have", "how", "i", "if", "it", "its", "may", "month", "my", "new", "news", "no", "not",
                "on", "only", "or", "our", "receive", "send", "that", "the", "their", "there", "they",
                "this", "to", "us", "what", "when", "which", "who", "will", "with", "without", "yes", "you",
                "your",
            ],
            Self::Ours(Language::Ar) => &[
                "في",
                "من",
                "على",
                "إلى",
                "عن",
                "مع",
                "أن",
                "إن",
                "هذا",
                "هذه",
                "ذلك",
                "التي",
                "الذي",
                "ما",
                "لا",
                "كل",
                "أو",
                "ثم",
                "لك",
                "لنا",
                "لي",
                "نحن",
                "أنت",
                "إلي",
                "إليك",
                "عند",
                "بعد",
                "قبل",
                "فقط",
                "أي",
                "بدون",
                "مرة",
                "شهر",
                "سنة",
                "بريدك",
                "بياناتك",
            ],
            Self::German => &[
                "auch", "auf", "bei", "bitte", "das", "ein", "eine", "einem", "einen", "für", "ich", "ihnen",
                "ihre", "ihren", "ist", "jeden", "kann", "können", "mein", "meine", "mich", "mir", "mit",
                "monat", "nicht", "nur", "oder", "schicken", "senden", "sie", "und", "uns", "unser",
                "unsere", "von", "wenn", "werden", "wir", "wird", "zu", "zum", "zur", "über",
            ],
            Self::French => &[
                "avec", "aux", "chaque", "dans", "du", "envoyez", "est", "et", "la", "le", "les", "mes",
                "moi", "mois", "mon", "nos", "notre", "nous", "par", "pas", "pour", "que", "qui", "recevoir",
                "sur", "une", "vos", "votre", "vous",
            ],
        }
    }
}

/// Checks one text.
pub(super) fn check(report: &mut Report<'_>, place: &str, language: Language, text: &str) {
    let Some((other, words)) = foreign(text, language) else { return };
    let quoted = words.join(", ");
    report.refuse(
        "wrong_language",
        "GDPR Art. 12(1), 7(2)",
        place,
        format!(
            "Dit lijkt {} (\"{quoted}\"), maar hier hoort {}. Vertaal de tekst, \
             of haal de taal weg bij organisation.languages.",
            other.in_dutch(),
            dutch_name(language)
        ),
        format!(
            "This looks like {} (\"{quoted}\"), but {} belongs here. Translate the text, \
             or remove the language from organisation.languages.",
            other.in_english(),
            english_name(language)
        ),
    );
}

/// The other language that a text is in, with the first words that say so.
fn foreign(text: &str, language: Language) -> Option<(Tongue, Vec<&str>)> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // Each word counts once: a name may say "the" twice.
    let of = |tongue: Tongue| -> Vec<&str> {
        let small = tongue.small_words();
        let mut seen = BTreeSet::new();
        let mut counts = |word: &str| small.contains(&word) && seen.insert(word.to_owned());
        words.iter().copied().filter(|word| counts(&word.to_lowercase())).collect()
    };
    let own = Tongue::Ours(language);
    let others = Tongue::ALL.into_iter().filter(|other| *other != own);
    let heaviest = others.map(|other| (other, of(other))).max_by_key(|(_, words)| words.len())?;
    let (other, mut found) = heaviest;
    if found.len() < FOREIGN_WORDS_MIN || found.len() < of(own).len() * OUTWEIGH {
        return None;
    }
    found.truncate(3);
    Some((other, found))
}

#[cfg(test)]
mod tests {
    use super::{Tongue, foreign};
    use proptest::prelude::*;
    use shared::Language::{self, En, Nl};

    #[track_caller]
    fn check(text: &str, written: Language) {
        for language in Language::ALL {
            let found = foreign(text, language).map(|(other, _)| other);
            assert_eq!(found, (language != written).then_some(Tongue::Ours(written)), "{text}");
        }
    }

    #[test]
    fn the_languages_next_door_are_seen_too() {
        for (text, tongue) in [
            ("Schicken Sie mir den Newsletter", Tongue::German),
            ("Jeden Monat eine E-Mail mit neuem Käse und wer ihn macht.", Tongue::German),
            ("Envoyez-moi les nouvelles par courriel", Tongue::French),
            ("Chaque mois un message sur nos fromages, avec leur histoire.", Tongue::French),
        ] {
            for language in Language::ALL {
                assert_eq!(foreign(text, language).map(|(other, _)| other), Some(tongue), "{text}");
            }
        }
    }

    #[test]
    fn sentences_of_a_form_are_told_apart() {
        check("Stuur mij de nieuwsbrief per e-mail", Nl);
        check("Mail mij één keer per maand", Nl);
        check("Wat mogen wij u sturen?", Nl);
        check("Bel mij als mijn bestelling klaarligt", Nl);
        check("Send me the newsletter by e-mail", En);
        check("E-mail me about your cheese", En);
        check("What may we send you?", En);
        check("You can stop at any time with the link on your receipt.", En);
    }

    #[test]
    fn names_and_slogans_in_another_language_prove_nothing() {
        for dutch in [
            "Mail mij over The Battle of the Bands",
            "Nieuwsbrief",
            "Post van The Cheese Company",
            "U krijgt elke maand onze mail Only for you",
            "Save the Date",
            "Kom naar Songs from the Heart",
            "Mail mij over Von Trier en Die Zauberflöte",
            "Nieuws van Chez Nous en La Place",
        ] {
            assert_eq!(foreign(dutch, Nl), None, "{dutch}");
        }
        for english in ["Newsletter", "News from Het Loo", "E-mail me about De Avond van de Kaas", "Ons Huis"]
        {
            assert_eq!(foreign(english, En), None, "{english}");
        }
    }

    #[test]
    fn no_word_belongs_to_two_languages() {
        let all: Vec<&str> = Tongue::ALL.iter().flat_map(|tongue| tongue.small_words()).copied().collect();
        let twice = all.iter().filter(|word| all.iter().filter(|other| other == word).count() > 1);
        assert_eq!(twice.count(), 0);
    }

    proptest! {
        #[test]
        fn own_words_around_a_text_keep_it_in_its_language(count in 1usize..20, at in 0usize..60) {
            // Two foreign words among many own ones, in any place.
            let own = Tongue::Ours(Nl).small_words();
            let mut words: Vec<&str> = (0..count + 1).map(|index| own[(at + index) % own.len()]).collect();
            words.insert(at % words.len(), "the");
            words.insert(at % words.len(), "with");
            let text = words.join(" ");
            prop_assert_eq!(foreign(&text, Nl), None);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = (foreign(&text, Nl), foreign(&text, En));
        }
    }
}
