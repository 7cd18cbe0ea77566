//! What the form shows.
//!
//! Invariant: contact data that somebody typed never leaves this process in a bundle: `typed` is skipped.

use shared::Language;
use shared::purpose::ContactField;

/// A form in one language, with the offer that binds it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct FormView {
    /// `organisation/form`.
    pub form: String,
    /// Absolute URL that takes the answer (POST), without query.
    pub action: String,
    /// The offer, as text.
    pub offer: String,
    /// The language of every text here.
    pub language: Language,
    /// Heading.
    pub title: String,
    /// What is asked and why, in a sentence or two.
    pub intro: String,
    /// The boxes, in order.
    pub purposes: Vec<PurposeView>,
    /// Who asks, on one line (Art. 13(1)(a)).
    pub controller: String,
    /// How to take consent back (Art. 7(3)).
    pub withdrawal: String,
    /// The languages of this form with their links; one alone shows no switch. Not in a bundle: its markup has them.
    #[cfg_attr(feature = "ssr", serde(skip))]
    pub languages: Vec<LanguageLink>,
    /// Why a plain form post was not accepted; only on a page that is shown again.
    #[cfg_attr(feature = "ssr", serde(default, skip_serializing_if = "Option::is_none"))]
    pub problem: Option<ProblemView>,
    /// Whether it stands on a screen that many people use: then no field remembers or proposes what somebody typed.
    #[cfg_attr(feature = "ssr", serde(skip))]
    pub shared_screen: bool,
    /// What was typed, when the page is shown again. Never in a bundle.
    #[cfg_attr(feature = "ssr", serde(skip))]
    pub typed: Typed,
}

/// One box.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct PurposeView {
    /// The purpose's name within the organisation: letters, digits, hyphens.
    pub id: String,
    /// The label of the box.
    pub title: String,
    /// One or two sentences below it.
    pub text: String,
    /// Which data, who gets it, how long.
    pub details: Vec<DetailView>,
    /// The contact data that it needs.
    pub needs: Vec<ContactField>,
}

/// A short fact with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct DetailView {
    /// What the fact is about.
    pub label: String,
    /// The fact.
    pub value: String,
}

/// A language in which the form can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct LanguageLink {
    /// BCP 47 tag.
    pub code: String,
    /// Its name in itself.
    pub label: String,
    /// The page in that language.
    pub url: String,
}

/// Why an answer was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct ProblemView {
    /// The stable code.
    pub code: String,
    /// A sentence for the person.
    pub text: String,
    /// The field it is about.
    #[cfg_attr(feature = "ssr", serde(default, skip_serializing_if = "Option::is_none"))]
    pub field: Option<ContactField>,
}

/// What somebody typed into the contact fields. No `Debug` of its words.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// E-mail address.
    pub email: String,
    /// Phone number.
    pub phone: String,
    /// Name.
    pub name: String,
    /// Postal address.
    pub address: String,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(sealed)")
    }
}

impl Typed {
    /// What was typed into one field, if anything.
    #[must_use]
    pub fn get(&self, field: ContactField) -> Option<&str> {
        let text = match field {
            ContactField::Email => &self.email,
            ContactField::Phone => &self.phone,
            ContactField::Name => &self.name,
            ContactField::Address => &self.address,
        };
        (!text.is_empty()).then_some(text.as_str())
    }
}

/// The privacy text (Art. 13): static, beside the form, never hydrated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeView {
    /// Its parts, in order.
    pub sections: Vec<SectionView>,
}

/// One part of the privacy text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionView {
    /// Its heading.
    pub heading: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

impl FormView {
    /// The contact fields that any box needs, in the order of a form.
    #[must_use]
    pub fn fields(&self) -> Vec<ContactField> {
        let needed = |field: &ContactField| self.purposes.iter().any(|purpose| purpose.needs.contains(field));
        ContactField::ALL.into_iter().filter(needed).collect()
    }

    /// The writing direction, for `dir`.
    #[must_use]
    pub const fn direction(&self) -> &'static str {
        self.language.direction()
    }
}
