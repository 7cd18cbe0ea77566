//! What the screen at a counter loads.
//!
//! Invariant: every file is named by its hash, so the worker that keeps them changes when one of them does.

use widget::ssr::KioskFiles;

use crate::assets::Assets;
use crate::service::Service;

impl Service {
    /// The files of the screen.
    #[must_use]
    pub fn kiosk_files(&self) -> KioskFiles {
        let manifest = &self.assets.manifest;
        KioskFiles {
            styles: [&manifest.page_css, &manifest.form_css, &manifest.kiosk_css]
                .map(|name| Assets::path(name))
                .into(),
            script: Some(Assets::path(&manifest.kiosk)),
            icon: Some(Assets::path(&manifest.icon)),
            wasm: Some(Assets::path(&manifest.kiosk_wasm)),
        }
    }
}
