//! What a visitor downloads, held against the agreed sizes.
//!
//! Invariant: sizes are those of the brotli files that the collector serves.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::assets;

/// The WASM and its glue. The aim is 50.
const WASM_KIB_MAX: f64 = 60.0;

/// Loader and styles; the end-to-end tests measure them with a form in them.
const LOADER_KIB_MAX: f64 = 12.0;

/// The verifier with its script and styles: for who opens its page, and nobody else.
const VERIFIER_KIB_MAX: f64 = 260.0;

/// The screen at a counter in every language, with a worker that can send by itself: loaded once, and kept on the device.
const KIOSK_KIB_MAX: f64 = 160.0;

/// Prints the sizes and holds them against their limits.
///
/// # Errors
///
/// When something is missing or too large.
pub fn run() -> Result<()> {
    let folder = assets::folder();
    let manifest = std::fs::read(folder.join("manifest.json")).context("run `cargo xtask assets` first")?;
    let manifest: Value = serde_json::from_slice(&manifest)?;
    let kib = |entries: &[&str]| -> Result<f64> {
        let sizes = entries.iter().map(|entry| {
            let name = manifest[*entry].as_str().with_context(|| format!("the manifest has no {entry}"))?;
            Ok(std::fs::metadata(folder.join(format!("{name}.br")))?.len() as f64)
        });
        Ok(sizes.sum::<Result<f64>>()? / 1024.0)
    };
    let rows = [
        ("WASM and glue", kib(&["wasm", "glue"])?, WASM_KIB_MAX),
        ("loader and styles", kib(&["element", "form_css"])?, LOADER_KIB_MAX),
        ("verifier, its page only", kib(&["verify_wasm", "verify", "verify_css"])?, VERIFIER_KIB_MAX),
        ("screen at a counter", kib(&["kiosk_wasm", "kiosk", "kiosk_worker", "kiosk_css"])?, KIOSK_KIB_MAX),
    ];
    println!("{:<24} {:>8} {:>8}", "brotli", "KiB", "limit");
    for (what, size, limit) in rows {
        println!("{what:<24} {size:>8.1} {limit:>8.1}");
    }
    for (what, size, limit) in rows {
        ensure!(size <= limit, "{what}: {size:.1} KiB are more than {limit:.1}");
    }
    Ok(())
}
