//! The widget's files, read into memory once.
//!
//! In scope: the manifest, the files and their brotli forms. Out of scope: how they are built (`xtask`).
//!
//! Invariant: a file is served only under the hash that its own name carries, so it may be cached for ever.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use shared::offer::WidgetBuild;

/// Names in the build's manifest.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// First 16 hexadecimal digits of the hash over WASM and glue.
    pub build: String,
    /// The WASM.
    pub wasm: String,
    /// Its JavaScript side.
    pub glue: String,
    /// The loader, with a place for a form's bundle.
    pub element: String,
    /// The pinned loader.
    pub pinned: String,
    /// The script of hosted pages.
    pub page: String,
    /// Styles of the form.
    pub form_css: String,
    /// Styles of pages.
    pub page_css: String,
    /// The verifier's WASM.
    pub verify_wasm: String,
    /// The script of the verifier's page, with the JavaScript side of its WASM.
    pub verify: String,
    /// Styles of the verifier's page.
    pub verify_css: String,
    /// The WASM of the screen at a counter.
    pub kiosk_wasm: String,
    /// Its script, with the JavaScript side of its WASM.
    pub kiosk: String,
    /// Its service worker.
    pub kiosk_worker: String,
    /// Its styles.
    pub kiosk_css: String,
    /// The icon.
    pub icon: String,
    /// `sha384-…` per file.
    pub integrity: HashMap<String, String>,
}

/// One file.
pub struct Asset {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The same, compressed.
    pub brotli: Option<Vec<u8>>,
    /// Its media type.
    pub media_type: &'static str,
}

/// All files.
pub struct Assets {
    /// What is what.
    pub manifest: Manifest,
    /// The build, as offers carry it.
    pub build: WidgetBuild,
    /// The loader's text.
    pub element: String,
    /// The form's styles.
    pub form_css: String,
    files: HashMap<String, Asset>,
}

/// The place in the loader where the bundle goes.
pub const BUNDLE_PLACE: &str = "\"__VINKJE_BUNDLE__\"";

/// Why the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// Could not be read.
    #[error(
        "couldn't read {0}: {1}. Build the widget with `cargo xtask assets`, and name its folder with --assets"
    )]
    Read(PathBuf, std::io::Error),
    /// The manifest is not ours.
    #[error("couldn't use the manifest of the widget's files: {0}")]
    Manifest(String),
}

impl Assets {
    /// Reads a folder.
    ///
    /// # Errors
    ///
    /// An [`AssetError`] that names the file.
    pub fn load(folder: &Path) -> Result<Self, AssetError> {
        let bad = |what: &str| AssetError::Manifest(what.into());
        let manifest: Manifest = serde_json::from_slice(&read(&folder.join("manifest.json"))?)
            .map_err(|error| AssetError::Manifest(error.to_string()))?;
        let build = WidgetBuild::parse(&manifest.build).ok_or_else(|| bad("its build is not 16 digits"))?;
        let mut files = HashMap::new();
        for name in manifest.names() {
            let path = folder.join(name);
            let brotli = std::fs::read(folder.join(format!("{name}.br"))).ok();
            files
                .insert(name.to_owned(), Asset { bytes: read(&path)?, brotli, media_type: media_type(name) });
        }
        let text = |name: &str| String::from_utf8_lossy(&files[name].bytes).into_owned();
        let (element, form_css) = (text(&manifest.element), text(&manifest.form_css));
        if element.matches(BUNDLE_PLACE).count() != 1 {
            return Err(bad("the loader has no one place for a form"));
        }
        // In a saved page they stand between tags.
        let (verify, css) = (text(&manifest.verify), text(&manifest.verify_css) + &text(&manifest.page_css));
        if ["</script", "<!--"].iter().any(|end| verify.contains(end)) || css.contains("</") {
            return Err(bad("the verifier's script or styles would end early in a saved page"));
        }
        Ok(Self { manifest, build, element, form_css, files })
    }

    /// A file by the two last parts of its URL.
    #[must_use]
    pub fn get(&self, hash: &str, name: &str) -> Option<&Asset> {
        self.files.get(name).filter(|_| hash_of(name) == hash)
    }

    /// The bytes of a file that the manifest names; none for any other name.
    #[must_use]
    pub fn bytes(&self, name: &str) -> &[u8] {
        self.files.get(name).map_or(&[], |asset| &asset.bytes)
    }

    /// The WASM.
    ///
    /// # Panics
    ///
    /// Never: [`Assets::load`] reads every file of the manifest.
    #[must_use]
    pub fn wasm(&self) -> &Asset {
        &self.files[&self.manifest.wasm]
    }

    /// The path of a file, from the root.
    #[must_use]
    pub fn path(name: &str) -> String {
        format!("/w/{}/{name}", hash_of(name))
    }
}

impl Manifest {
    fn names(&self) -> [&str; 15] {
        [
            &self.wasm,
            &self.glue,
            &self.element,
            &self.pinned,
            &self.page,
            &self.form_css,
            &self.page_css,
            &self.verify_wasm,
            &self.verify,
            &self.verify_css,
            &self.kiosk_wasm,
            &self.kiosk,
            &self.kiosk_worker,
            &self.kiosk_css,
            &self.icon,
        ]
    }
}

/// `name-hash.ext` carries its hash between the last hyphen and the first dot after it.
fn hash_of(name: &str) -> &str {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.rsplit_once('-').map_or("", |(_, hash)| hash)
}

fn read(path: &Path) -> Result<Vec<u8>, AssetError> {
    std::fs::read(path).map_err(|error| AssetError::Read(path.into(), error))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("wasm") => "application/wasm",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
