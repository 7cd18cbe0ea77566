//! Rules for how hard a text reads (GDPR Art. 7(2), 12(1): clear and plain language).
//!
//! In scope: reading ease and sentence length. Dutch: Flesch-Douma, 206.84 − 0.77 × syllables per 100 words − 0.93 ×
//! words per sentence. English: Flesch, 206.835 − 84.6 × syllables per word − 1.015 × words per sentence. Arabic is not written with
//! its vowels, so there only the length of sentences counts.
//! Out of scope: which words are vague or unfair (`words`).
//!
//! Invariant: a short text is never refused for its score; one long word would decide it.

use shared::Language;

use super::Report;

/// Below this a text is for readers with a degree (Flesch: "very difficult"); B1 starts at about 60.
const EASE_REFUSED_MAX: f64 = 30.0;
/// Below this a text is "difficult".
const EASE_ADVISED_MAX: f64 = 45.0;
/// Fewer words than this make no score.
const SCORE_WORDS_MIN: usize = 20;
/// A sentence of more words is refused.
const SENTENCE_WORDS_MAX: usize = 40;
/// A sentence of more words gets advice; B1 keeps to about 15.
const SENTENCE_WORDS_ADVISED_MAX: usize = 25;

const PLAIN: &str = "GDPR Art. 7(2), 12(1)";

/// Checks one text.
pub(super) fn check(report: &mut Report<'_>, place: &str, language: Language, text: &str) {
    let measure = measure(text, language);
    let longest = measure.longest_sentence;
    let hard = measure.words >= SCORE_WORDS_MIN && measure.ease(language) < EASE_REFUSED_MAX;
    if hard || longest > SENTENCE_WORDS_MAX {
        return report.refuse(
            "hard_to_read",
            PLAIN,
            place,
            format!(
                "Dit is te moeilijk om toestemming op te bouwen (langste zin: {longest} woorden). \
                 Schrijf korte zinnen met gewone woorden, zoals u het aan de toonbank zou zeggen."
            ),
            format!(
                "This is too hard to build consent on (longest sentence: {longest} words). \
                 Write short sentences with ordinary words, as you would say it at the counter."
            ),
        );
    }
    let tough = measure.words >= SCORE_WORDS_MIN && measure.ease(language) < EASE_ADVISED_MAX;
    if tough || longest > SENTENCE_WORDS_ADVISED_MAX {
        report.advise(
            "long_sentences",
            PLAIN,
            place,
            format!("Dit kan makkelijker (langste zin: {longest} woorden). Houd zinnen onder de 15 woorden."),
            format!("This can be easier (longest sentence: {longest} words). Keep sentences below 15 words."),
        );
    }
}

#[derive(Debug, Default)]
struct Measure {
    words: usize,
    sentences: usize,
    syllables: usize,
    longest_sentence: usize,
}

impl Measure {
    #[allow(clippy::cast_precision_loss, reason = "counts of a text of at most 2,000 bytes")]
    fn ease(&self, language: Language) -> f64 {
        let words = self.words.max(1) as f64;
        let per_word = self.syllables as f64 / words;
        let per_sentence = words / self.sentences.max(1) as f64;
        match language {
            Language::Nl => 206.84 - 77.0 * per_word - 0.93 * per_sentence,
            Language::En => 206.835 - 84.6 * per_word - 1.015 * per_sentence,
            Language::Ar => f64::INFINITY,
        }
    }
}

fn measure(text: &str, language: Language) -> Measure {
    let mut measure = Measure::default();
    for sentence in sentences(text) {
        let words = sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
        let syllables: Vec<usize> = words.map(|word| syllables(word, language)).collect();
        if syllables.is_empty() {
            continue;
        }
        measure.sentences += 1;
        measure.words += syllables.len();
        measure.syllables += syllables.iter().sum::<usize>();
        measure.longest_sentence = measure.longest_sentence.max(syllables.len());
    }
    measure
}

/// Sentences end at `.`, `!`, `?` or `:` before white space, and at empty lines; a dot in an address ends nothing.
fn sentences(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let text = text.replace("\r\n", "\n").replace("\n\n", " . ");
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let ends = matches!(c, '.' | '!' | '?' | '؟' | ':')
            && characters.peek().is_none_or(|next| next.is_whitespace());
        match all.last_mut() {
            Some(last) if !ends => last.push(c),
            _ => all.push(String::new()),
        }
    }
    all
}

/// Counts groups of vowels. A diaeresis starts a new group; a silent e at the end of an English word is none.
fn syllables(word: &str, language: Language) -> usize {
    let word = word.to_lowercase();
    let word = word.trim_matches(|c: char| !c.is_alphabetic());
    let mut count: usize = 0;
    let mut in_group = false;
    for c in word.chars() {
        let vowel = "aeiouyáàâäéèêëíìîïóòôöúùûü".contains(c);
        if vowel && (!in_group || "äëïöü".contains(c)) {
            count += 1;
        }
        in_group = vowel;
    }
    let silent = language == Language::En && word.ends_with('e') && !word.ends_with("le") && count > 1;
    (count - usize::from(silent)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, language: Language, expected: usize) {
        assert_eq!(syllables(word, language), expected, "{word}");
    }

    #[test]
    fn syllables_are_counted_as_people_say_them() {
        check("kaas", Language::Nl, 1);
        check("nieuwsbrief", Language::Nl, 2);
        check("geïnteresseerd", Language::Nl, 5);
        check("toestemming", Language::Nl, 3);
        check("cheese", Language::En, 1);
        check("newsletter", Language::En, 3);
        check("table", Language::En, 2);
        check("1000", Language::Nl, 1);
    }

    #[test]
    fn plain_words_score_as_easy_and_legal_words_as_hard() {
        let easy = "U krijgt elke maand een mail van ons. Daarin staat welke kaas er nieuw is. \
                    Ook leest u wie hem maakt. U kunt altijd stoppen.";
        let hard = "Ondergetekende verleent ondubbelzinnige toestemming betreffende verwerkingsactiviteiten \
                    ten behoeve van gepersonaliseerde communicatie-uitingen, onverminderd wettelijke \
                    bewaarverplichtingen dienaangaande jegens verwerkingsverantwoordelijke organisaties.";
        assert!(measure(easy, Language::Nl).ease(Language::Nl) > 70.0);
        assert!(measure(hard, Language::Nl).ease(Language::Nl) < EASE_REFUSED_MAX);
    }
}
