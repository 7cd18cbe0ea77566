//! What the loader lends to the widget, and what the widget asks of the browser.
//!
//! Invariant: every call across this border can fail without a panic.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The loader's object.
    pub type Host;

    /// Called when an answer was stored.
    #[wasm_bindgen(method, catch)]
    pub fn recorded(this: &Host, receipt: &JsValue) -> Result<(), JsValue>;

    /// Called when it was not, with a stable code.
    #[wasm_bindgen(method, catch)]
    pub fn failed(this: &Host, code: &str) -> Result<(), JsValue>;

    /// Asks for a fresh offer. Fulfilled with the offer when every word of the form is still the same; with
    /// nothing when the words changed, and then the loader shows the new form.
    #[wasm_bindgen(method, catch)]
    pub fn renew(this: &Host) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn random_values(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// 16 random bytes as 22 characters of base64url, or nothing where the browser has no random source.
pub fn nonce() -> Option<String> {
    let bytes = Uint8Array::new_with_length(16);
    random_values(&bytes).ok()?;
    Some(base64url(&bytes.to_vec()))
}

/// RFC 4648 §5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..=group.len() {
            let index = (bits >> (18 - 6 * digit)) & 63;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64url;

    #[test]
    fn base64url_agrees_with_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xff; 16]), "_____________________w");
    }
}
