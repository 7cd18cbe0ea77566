//! What is wrong with a definition, said so that a shop owner can mend it.
//!
//! In scope: the shape of a finding and how it prints. Out of scope: the rules that make findings (`lint`, `parse`).
//!
//! Invariant: a finding has a stable code, the article it stands on, a place, and a sentence in every language.

use shared::Language;

/// Whether a definition can be used with this finding in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The definition is not applied until this is mended.
    Refused,
    /// The definition works; this would make it better.
    Advice,
}

/// One sentence in each language of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}

impl Sentence {
    /// Puts the two languages together.
    pub fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self { nl: nl.into(), en: en.into() }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Nl => &self.nl,
            Language::En | Language::Ar => &self.en,
        }
    }
}

/// Where in the file: a path such as `purpose[2].text.nl` (counted from 1), with line and column where known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The path of the key. Empty for the file as a whole.
    pub path: String,
    /// Line and column, both counted from 1.
    pub at: Option<(usize, usize)>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.at, self.path.as_str()) {
            (Some((line, column)), "") => write!(f, "{line}:{column}"),
            (Some((line, column)), path) => write!(f, "{line}:{column} {path}"),
            (None, path) => f.write_str(path),
        }
    }
}

/// Something that the law, or good sense, wants otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether the definition can be used as it is.
    pub severity: Severity,
    /// Stable snake_case name of the rule; `docs/forms.md` lists them all.
    pub code: &'static str,
    /// The article behind the rule, such as `GDPR Art. 7(3)`. Empty for rules of the file itself.
    pub article: &'static str,
    /// Where.
    pub place: Place,
    /// What is wrong and what to write instead.
    pub sentence: Sentence,
}

impl Finding {
    /// The finding on one line, for a terminal.
    #[must_use]
    pub fn line(&self, language: Language) -> String {
        let severity = match (self.severity, language) {
            (Severity::Refused, Language::Nl) => "geweigerd",
            (Severity::Refused, Language::En | Language::Ar) => "refused",
            (Severity::Advice, Language::Nl) => "advies",
            (Severity::Advice, Language::En | Language::Ar) => "advice",
        };
        let law = if self.article.is_empty() { String::new() } else { format!(", {}", self.article) };
        format!("{}: {severity} [{}{law}] {}", self.place, self.code, self.sentence.get(language))
    }
}

/// Whether the findings leave the definition usable.
#[must_use]
pub fn usable(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity == Severity::Advice)
}
