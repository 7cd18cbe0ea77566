//! What a letter shows, and the page behind its link.
//!
//! Invariant: the text of a letter says all that its page says, for who reads mail without pictures.

use shared::Language;

use super::{ChoiceView, ControllerView, Decided, LanguageLink, MessageLink, PurposeView};
use crate::text::LetterText;

/// A letter, ready to be written as a page and as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterView {
    /// Its language.
    pub language: Language,
    /// Who writes.
    pub controller: ControllerView,
    /// Heading.
    pub heading: String,
    /// What it is about.
    pub lead: String,
    /// Purposes with what was decided.
    pub choices: Vec<ChoiceView>,
    /// What to do: the links as buttons.
    pub buttons: Vec<MessageLink>,
    /// Beside the picture with the code, if there is one.
    pub code: Option<String>,
    /// Further sentences.
    pub after: Vec<String>,
    /// A link that is no button, for the rare case.
    pub second: Option<MessageLink>,
}

impl LetterView {
    /// The letter as text (RFC 3676 leaves it as it stands: short lines, no formatting).
    #[must_use]
    pub fn text(&self) -> String {
        let mut parts = vec![self.heading.clone(), self.lead.clone()];
        let choices: Vec<String> = self.choices.iter().map(|choice| self.line(choice)).collect();
        parts.extend((!choices.is_empty()).then(|| choices.join("\n")));
        let link = |link: &MessageLink| format!("{}:\n{}", link.label, link.url);
        parts.extend(self.buttons.iter().map(link));
        parts.extend(self.after.iter().cloned());
        parts.extend(self.second.iter().map(link));
        let from = LetterText::From.in_language(self.language);
        parts.push(format!("-- \n{from} {}\n{}", self.controller.name, self.controller.lines.join("\n")));
        parts.join("\n\n") + "\n"
    }

    fn line(&self, choice: &ChoiceView) -> String {
        format!("- {}: {}", mark(choice.decided).in_language(self.language), choice.title)
    }
}

/// The word before a purpose.
#[must_use]
pub const fn mark(decided: Decided) -> LetterText {
    match decided {
        Decided::Given | Decided::Imported | Decided::Customer => LetterText::Yes,
        Decided::NotGiven | Decided::Unproven => LetterText::No,
        Decided::Requested => LetterText::Waits,
        Decided::Lapsed | Decided::Withdrawn | Decided::Expired | Decided::Objected => LetterText::Stopped,
    }
}

/// The page behind a mailed link: what it is about, and an answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerView {
    /// The language of the page.
    pub language: Language,
    /// The page in other languages.
    pub languages: Vec<LanguageLink>,
    /// Who asks; none on a page that must not tell.
    pub controller: ControllerView,
    /// Title.
    pub title: String,
    /// Lead.
    pub lead: String,
    /// The purposes, in the words that were shown.
    pub purposes: Vec<PurposeView>,
    /// URL that takes the answer (POST).
    pub action: String,
    /// The label of the yes.
    pub yes: String,
    /// The label of the no, where there is one.
    pub no: Option<String>,
    /// Why the address is asked, where it is.
    pub address: Option<String>,
    /// What was wrong with the answer before.
    pub problem: Option<String>,
    /// Another way to the same.
    pub other: Option<MessageLink>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_letter_has_every_link_and_every_choice() {
        let link = |label: &str, url: &str| MessageLink { label: label.into(), url: url.into() };
        let view = LetterView {
            language: Language::Nl,
            controller: ControllerView { name: "De Kaasplank".into(), lines: vec!["Waagplein 12".into()] },
            heading: "Klopt dit?".into(),
            lead: "Aangevinkt:".into(),
            choices: vec![ChoiceView {
                title: "Nieuwsbrief".into(),
                decided: Decided::Requested,
                until: None,
            }],
            buttons: vec![link("Bevestig", "https://c.example/c/a")],
            code: None,
            after: vec!["Was u dit niet?".into()],
            second: Some(link("Terug", "https://c.example/b/a")),
        };
        let text = view.text();
        for part in [
            "- Nog bevestigen: Nieuwsbrief",
            "https://c.example/c/a",
            "https://c.example/b/a",
            "Was u dit niet?",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
