//! The lines that a site owner pastes into a page.
//!
//! In scope: both snippets, the plain and the pinned one. Out of scope: what they load (`www/embed`).
//!
//! Invariant: without scripts, or without the collector, what stays on the page is a link that says what it is about.

use shared::Language;
use shared::ids::FormRef;
use shared::refusal::Refusal;

use super::Wish;
use crate::assets::{Assets, Manifest};
use crate::catalogue::Organisations;

/// What a snippet is made from.
pub struct Snippet<'a> {
    base_url: &'a str,
    form: &'a FormRef,
    language: Language,
    /// The fallback link's words: the form's title.
    title: String,
}

impl<'a> Snippet<'a> {
    /// For a form in the language asked for, or the form's first.
    ///
    /// # Errors
    ///
    /// [`Refusal::FormUnknown`] when there is no such form.
    pub fn new(
        known: &Organisations,
        base_url: &'a str,
        form: &'a FormRef,
        asked: Option<Language>,
    ) -> Result<Self, Refusal> {
        let organisation = known.named(&form.organisation).ok_or(Refusal::FormUnknown)?;
        organisation.form(&form.form)?;
        let language = Wish { asked, accept: "" }.language(&organisation.catalogue.languages);
        let title = organisation.current(&form.form, language)?.notice.title.clone();
        Ok(Self { base_url, form, language, title })
    }

    /// The one for most pages. Its addresses stay the same when the collector is renewed.
    #[must_use]
    pub fn plain(&self) -> String {
        let Self { base_url: base, form, .. } = self;
        let tag = self.language.tag();
        // The loader first: what is asked for first comes first where a network is slow.
        format!(
            "<script async fetchpriority=\"high\" src=\"{base}/f/{form}/embed.js?lang={tag}\"></script>\n{}\n\
             <link rel=\"preload\" as=\"fetch\" crossorigin fetchpriority=\"low\" href=\"{base}/w/vinkje.wasm\">\n",
            self.element()
        )
    }

    /// The one that is held to a hash, for those who review what they load. A renewed collector needs a new one.
    #[must_use]
    pub fn pinned(&self, manifest: &Manifest) -> String {
        let file = &manifest.pinned;
        let address = format!("{}{}", self.base_url, Assets::path(file));
        let integrity = manifest.integrity.get(file).map_or("", String::as_str);
        format!(
            "{}\n<script type=\"module\" crossorigin src=\"{address}\" integrity=\"{integrity}\"></script>\n",
            self.element()
        )
    }

    fn element(&self) -> String {
        let Self { base_url, form, language, title } = self;
        let tag = language.tag();
        let words = escaped(title);
        format!(
            "<vinkje-consent form=\"{form}\" lang=\"{tag}\">\n  <a href=\"{base_url}/f/{form}?lang={tag}\">{words}</a>\n</vinkje-consent>"
        )
    }
}

/// Text between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
