//! What sending needs: for the page, and for the worker that sends where no page is open.
//!
//! Invariant: nothing here draws or reads a document, so that a worker can use it.

use wasm_bindgen::prelude::wasm_bindgen;

use shared::kiosk::{Deed, KioskSetting};

use crate::browser::{moment, public_key};
use crate::entries::{Signer, Stamp};

/// A screen that hands in what it holds.
#[wasm_bindgen]
pub struct Sender {
    signer: Signer,
    setting: KioskSetting,
}

#[wasm_bindgen]
impl Sender {
    /// From what the device keeps: the setting, and the public half of the screen's key in base64url. Nothing for what is neither.
    #[must_use]
    pub fn of(setting: &str, key: &str) -> Option<Self> {
        let setting = serde_json::from_str(setting).ok()?;
        Some(Self { signer: Signer { key: public_key(key)? }, setting })
    }

    /// Where entries are sent, from the root.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/kiosk/{}/{}", self.setting.organisation, self.setting.kiosk)
    }

    /// What the kiosk says of itself, as the text to sign.
    #[must_use]
    pub fn claims(&self, held: u32, now: f64) -> String {
        self.signer.claims(self.setting.kiosk, moment(now), held)
    }

    /// That the entry of a number is lost, as the text to sign; nothing where the collector's key is none. `random`: 32 bytes.
    #[must_use]
    pub fn lost(&self, number: f64, now: f64, random: &[u8]) -> Option<String> {
        let stamp = Stamp { number: number as u64, at: moment(now), seed: random.try_into().ok()? };
        self.signer.entry(&self.setting, &stamp, Deed::Lost, None).ok()
    }
}
