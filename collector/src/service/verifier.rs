//! The page that judges evidence, as it is served and as one file to keep.
//!
//! In scope: which files the page may load, and the file that needs none. Out of scope: judging (`verifier`, in the browser).
//!
//! Invariant: nobody's data is on either; both are the same for everybody who reads the same language.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use shared::Language;
use widget::model::VerifyView;
use widget::ssr::{Inlined, PageAssets};

use super::Service;
use super::views::language_links;
use crate::assets::Assets;

/// Where the page is, from the root.
pub const PATH: &str = "/verify";

/// Where the file to keep is.
pub const SAVED_PATH: &str = "/verify/vinkje-verify.html";

/// What neither page may do: load anything that is not named, send forms, be evaluated, make markup out of text.
const SHUT: &str = "default-src 'none'; img-src data:; form-action 'none'; base-uri 'none'; \
                    require-trusted-types-for 'script'; trusted-types 'none'";

impl Service {
    /// The address of the page, for links.
    #[must_use]
    pub fn verify_url(&self, language: Language) -> String {
        format!("{}{PATH}?lang={}", self.base_url, language.tag())
    }

    /// The page.
    #[must_use]
    pub fn verify_view(&self, language: Language) -> VerifyView {
        let language = language.for_owners();
        VerifyView {
            language,
            languages: language_links(&format!("{}{PATH}", self.base_url), &[Language::Nl, Language::En]),
            wasm_url: Some(Assets::path(&self.assets.manifest.verify_wasm)),
            save_url: Some(format!("{SAVED_PATH}?lang={}", language.tag())),
        }
    }

    /// Its files.
    #[must_use]
    pub fn verify_assets(&self) -> PageAssets {
        let manifest = &self.assets.manifest;
        PageAssets {
            styles: vec![Assets::path(&manifest.page_css), Assets::path(&manifest.verify_css)],
            script: Some(Assets::path(&manifest.verify)),
            // In the page: when a browser asks for it, the page is shut already.
            icon: Some(self.inline_icon()),
        }
    }

    fn inline_icon(&self) -> String {
        let icon = self.assets.bytes(&self.assets.manifest.icon);
        format!("data:image/svg+xml;base64,{}", STANDARD.encode(icon))
    }

    /// What it may load: these files by their whole addresses, so that no other address can be asked for anything.
    #[must_use]
    pub fn verify_policy(&self) -> String {
        let manifest = &self.assets.manifest;
        let at = |name: &str| format!("{}{}", self.base_url, Assets::path(name));
        format!(
            "{SHUT}; script-src {} 'wasm-unsafe-eval'; style-src {} {}; connect-src {}; frame-ancestors 'none'",
            at(&manifest.verify),
            at(&manifest.page_css),
            at(&manifest.verify_css),
            at(&manifest.verify_wasm),
        )
    }

    /// The page as one file.
    #[must_use]
    pub fn saved_view(&self, language: Language) -> VerifyView {
        VerifyView { language: language.for_owners(), languages: Vec::new(), wasm_url: None, save_url: None }
    }

    /// What is in that file.
    #[must_use]
    pub fn saved_parts(&self) -> Inlined {
        let manifest = &self.assets.manifest;
        let text = |name: &str| String::from_utf8_lossy(self.assets.bytes(name)).into_owned();
        let css = text(&manifest.page_css) + &text(&manifest.verify_css);
        let script = text(&manifest.verify);
        let policy = format!(
            "{SHUT}; script-src {} 'wasm-unsafe-eval'; style-src {}",
            policy_hash(&script),
            policy_hash(&css)
        );
        let wasm = STANDARD.encode(self.assets.bytes(&manifest.verify_wasm));
        Inlined { policy, icon: self.inline_icon(), css, script, wasm }
    }
}

/// A text that stands in the page, as its policy names it (CSP level 3, §2.3.1).
fn policy_hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
