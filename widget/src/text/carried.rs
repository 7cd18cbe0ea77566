//! Words of the form that came with it, so that the WASM holds no language (docs/decisions/0307).
//!
//! Invariant: what a language's words are is settled by the first form in that language, and they are those of this build's list of texts.

use std::cell::Cell;

use shared::Language;

/// The words of one language, in the order of `Text::ALL`.
type Words = &'static [String];

thread_local! {
    static WORDS: [Cell<Words>; Language::ALL.len()] = const { [const { Cell::new(&[]) }; Language::ALL.len()] };
}

/// Tells this build's list of texts from that of another: FNV-1a (32 bits) of their names.
pub const LIST: u32 = fingerprint(super::Text::NAMES);

/// Keeps the words of a language for as long as the page lives. `false` for words of another list: then none are kept.
#[must_use]
pub fn keep(language: Language, list: u32, words: Vec<String>) -> bool {
    if list != LIST || words.len() != super::Text::ALL.len() {
        return false;
    }
    WORDS.with(|all| {
        let kept = &all[language as usize];
        if kept.get().is_empty() {
            // Once for each language of a page: what is leaked here has a bound.
            kept.set(words.leak());
        }
    });
    true
}

/// The word at a place of `Text::ALL`, or nothing where no form came in that language.
#[must_use]
pub fn word(language: Language, place: usize) -> &'static str {
    WORDS.with(|words| words[language as usize].get()).get(place).map_or("", String::as_str)
}

const fn fingerprint(names: &[&str]) -> u32 {
    let (mut hash, mut at) = (0x811c_9dc5, 0);
    while at < names.len() {
        let (bytes, mut byte) = (names[at].as_bytes(), 0);
        while byte < bytes.len() {
            hash = (hash ^ bytes[byte] as u32).wrapping_mul(0x0100_0193);
            byte += 1;
        }
        // A border, so that two names are not one long name.
        hash = (hash ^ 0xff).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn words(of: &str) -> Vec<String> {
        Text::NAMES.iter().map(|name| format!("{of} {name}")).collect()
    }

    #[test]
    fn words_come_once_and_stay() {
        assert_eq!(word(Language::En, 0), "");
        assert!(keep(Language::En, LIST, words("first")) && keep(Language::En, LIST, words("second")));
        assert_eq!(word(Language::En, 0), format!("first {}", Text::NAMES[0]));
        assert_eq!((word(Language::Nl, 0), word(Language::En, usize::MAX)), ("", ""));
    }

    #[test]
    fn words_of_another_list_are_not_taken() {
        assert!(!keep(Language::Nl, LIST ^ 1, words("other")) && !keep(Language::Nl, LIST, Vec::new()));
        assert_eq!(word(Language::Nl, 0), "");
    }

    #[test]
    fn lists_differ_by_names_and_order() {
        assert_eq!(fingerprint(&[]), 0x811c_9dc5);
        let all = [
            fingerprint(&["ab", "c"]),
            fingerprint(&["a", "bc"]),
            fingerprint(&["c", "ab"]),
            fingerprint(&["abc"]),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(one));
        }
    }
}
