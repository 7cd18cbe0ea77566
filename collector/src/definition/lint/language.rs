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

/// Small words of one language. Words that others have too stand in none of the lists: "in", "is", "we", "of", "over",
/// "die", "want", "door", "mail", "post".
const fn small_words(language: Language) -> &'static [&'static str] {
    match language {
        Language::Nl => &[
            "aan", "alleen", "altijd", "bij", "dat", "de", "deze", "dit", "een", "eén", "één", "elk", "elke",
            "en", "er", "geen", "gegevens", "hebben", "heeft", "het", "hij", "hoe", "ik", "ja", "jaar", "je",
            "jouw", "keer", "krijg", "krijgt", "kunt", "maand", "mag", "met", "mij", "mijn", "naar", "niet",
            "nieuwe", "nieuws", "ons", "onze", "ook", "op", "stuur", "sturen", "te", "tot", "u", "uit", "uw",
            "van", "vinkje", "voor", "waar", "wat", "welke", "werken", "wie", "wij", "wil", "wilt", "worden",
            "wordt", "zijn", "zonder", "zij",
        ],
        Language::En => &[
            "about", "all", "and", "any", "are", "at", "by", "can", "do", "every", "for", "from", "has",
            "have", "how", "i", "if", "it", "its", "may", "month", "my", "new", "news", "no", "not", "on",
            "only", "or", "our", "receive", "send", "that", "the", "their", "there", "they", "this", "to",
            "us", "what", "when", "which", "who", "will", "with", "without", "yes", "you", "your",
        ],
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
            dutch_name(other),
            dutch_name(language)
        ),
        format!(
            "This looks like {} (\"{quoted}\"), but {} belongs here. Translate the text, \
             or remove the language from organisation.languages.",
            english_name(other),
            english_name(language)
        ),
    );
}

/// The other language that a text is in, with the first words that say so.
fn foreign(text: &str, language: Language) -> Option<(Language, Vec<&str>)> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // Each word counts once: a name may say "the" twice.
    let of = |language: Language| -> Vec<&str> {
        let small = small_words(language);
        let mut seen = BTreeSet::new();
        let mut counts = |word: &str| small.contains(&word) && seen.insert(word.to_owned());
        words.iter().copied().filter(|word| counts(&word.to_lowercase())).collect()
    };
    let own = of(language).len();
    let others = Language::ALL.into_iter().filter(|other| *other != language);
    let heaviest = others.map(|other| (other, of(other))).max_by_key(|(_, words)| words.len())?;
    let (other, mut found) = heaviest;
    if found.len() < FOREIGN_WORDS_MIN || found.len() < own * OUTWEIGH {
        return None;
    }
    found.truncate(3);
    Some((other, found))
}

#[cfg(test)]
mod tests {
    use super::{foreign, small_words};
    use proptest::prelude::*;
    use shared::Language::{self, En, Nl};

    #[track_caller]
    fn check(text: &str, written: Language) {
        for language in Language::ALL {
            let found = foreign(text, language).map(|(other, _)| other);
            assert_eq!(found, (language != written).then_some(written), "{text}");
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
        for word in small_words(Nl) {
            assert!(!small_words(En).contains(word), "{word}");
        }
    }

    proptest! {
        #[test]
        fn own_words_around_a_text_keep_it_in_its_language(count in 1usize..20, at in 0usize..60) {
            // Two foreign words among many own ones, in any place.
            let own = small_words(Nl);
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
