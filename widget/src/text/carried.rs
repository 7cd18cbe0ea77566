//! Words of the form that came with it, so that the WASM holds no language (docs/decisions/0307).
//!
//! Invariant: what a language's words are is settled by the first form in that language; they live as long as the page.

use std::cell::Cell;

use shared::Language;

/// The words of one language, in the order of `Text::ALL`.
type Words = &'static [String];

thread_local! {
    static WORDS: [Cell<Words>; Language::ALL.len()] = const { [const { Cell::new(&[]) }; Language::ALL.len()] };
}

/// Keeps the words of a language. `read` gives the word of a name; it is asked once for each, and not again for a language
/// that is here already.
pub fn keep(language: Language, read: impl Fn(&str) -> String) {
    WORDS.with(|words| {
        let words = &words[language as usize];
        if words.get().is_empty() {
            // Once per language of a page: what is leaked here has a bound.
            words.set(super::Text::NAMES.iter().map(|name| read(name)).collect::<Vec<_>>().leak());
        }
    });
}

/// The word at a place of `Text::ALL`, or nothing where no form came in that language.
#[must_use]
pub fn word(language: Language, place: usize) -> &'static str {
    WORDS.with(|words| words[language as usize].get()).get(place).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_once_and_stay() {
        assert_eq!(word(Language::En, 0), "");
        keep(Language::En, str::to_uppercase);
        keep(Language::En, |_| "again".into());
        assert_eq!(word(Language::En, 0), super::super::Text::NAMES[0].to_uppercase());
        assert_eq!((word(Language::Nl, 0), word(Language::En, usize::MAX)), ("", ""));
    }
}
