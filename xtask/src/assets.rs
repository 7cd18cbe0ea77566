//! What browsers load, as the collector serves it: `target/vinkje-assets`.
//!
//! In scope: bundling scripts and styles, names with hashes, compression, the manifest. Out of scope: the WASM build (`wasm`).
//!
//! Invariant: a file's name carries the hash of its bytes, and the manifest names only files that are there.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256, Sha384};

use crate::toolchain::Way;
use crate::{npm, shell, toolchain, wasm};

/// What a build depends on. A change in any of these makes a new one.
const INPUTS: [&str; 16] = [
    "Cargo.toml",
    "Cargo.lock",
    "widget",
    "verifier",
    "kiosk",
    "shared",
    "www/embed",
    "www/kiosk",
    "www/verify",
    "www/css",
    "www/icons",
    "xtask/npm",
    "xtask/src/assets.rs",
    "xtask/src/names.rs",
    "xtask/src/toolchain.rs",
    "xtask/src/wasm.rs",
];

/// Where the files go.
#[must_use]
pub fn folder() -> PathBuf {
    shell::root().join("target/vinkje-assets")
}

/// Builds the files, unless nothing changed since the last time.
///
/// # Errors
///
/// Names the step that failed. The files of an earlier build stay as they were.
pub fn build() -> Result<()> {
    let way = toolchain::ensure()?;
    let inputs = inputs(way)?;
    let stamp = shell::root().join("target/vinkje-assets.inputs");
    if folder().join("manifest.json").exists()
        && fs::read_to_string(&stamp).is_ok_and(|built| built == inputs)
    {
        shell::step("The widget's files are up to date");
        return Ok(());
    }
    npm::install()?;
    let [widget, verifier, kiosk] = [wasm::WIDGET, wasm::VERIFIER, wasm::KIOSK];
    let built = |module| wasm::build(way, module);
    let files = collect(&built(widget)?, &built(verifier)?, &built(kiosk)?)?;
    replace(&files)?;
    fs::write(stamp, inputs).context("couldn't write target/vinkje-assets.inputs")
}

/// Named files and the manifest, all in memory.
struct Files {
    named: BTreeMap<String, Vec<u8>>,
    manifest: serde_json::Map<String, serde_json::Value>,
}

impl Files {
    fn add(&mut self, entry: &str, stem: &str, extension: &str, bytes: Vec<u8>) -> String {
        let name = format!("{stem}-{}.{extension}", digits16(&Sha256::digest(&bytes)));
        self.manifest.insert(entry.into(), json!(name));
        self.named.insert(name.clone(), bytes);
        name
    }
}

fn collect(widget: &wasm::Built, verifier: &wasm::Built, kiosk: &wasm::Built) -> Result<Files> {
    shell::step("Bundling scripts and styles");
    let mut files = Files { named: BTreeMap::new(), manifest: serde_json::Map::new() };
    add_widget(&mut files, widget)?;
    add_verifier(&mut files, verifier)?;
    add_kiosk(&mut files, kiosk)?;
    let www = shell::root().join("www");
    files.add("page_css", "page", "css", esbuild(&www.join("css/page.css"), &[])?);
    files.add("icon", "icon", "svg", read(&www.join("icons/vinkje.svg"))?);
    let hashes =
        files.named.iter().map(|(name, bytes)| (name.clone(), json!(self::integrity(bytes)))).collect();
    files.manifest.insert("integrity".into(), serde_json::Value::Object(hashes));
    Ok(files)
}

/// A classic script has no `import.meta`; the glue only wants it where nobody names the WASM.
const QUIET: &str = "--log-override:empty-import-meta=silent";

/// The form, its loaders, and the script of hosted pages.
fn add_widget(files: &mut Files, built: &wasm::Built) -> Result<()> {
    let module = read(&built.wasm)?;
    let glue = esbuild(&built.glue, &["--format=esm"])?;
    let build = digits16(&Sha256::new().chain_update(&module).chain_update(&glue).finalize());
    let integrity = integrity(&module);
    let wasm = files.add("wasm", "vinkje", "wasm", module);
    files.add("glue", "vinkje", "js", glue);

    let www = shell::root().join("www");
    let alias = alias("vinkje-glue", &built.glue);
    for (entry, format) in [("element", "iife"), ("page", "esm"), ("pinned", "esm")] {
        let format = format!("--format={format}");
        let source = www.join("embed").join(entry).with_extension("js");
        // Only the pinned loader finds the WASM by itself; in the others every byte counts.
        let own =
            if entry == "pinned" { wasm_of(&build, &wasm, &integrity) } else { json!({ "build": build }) };
        let own = format!("--define:VINKJE_WASM={own}");
        files.add(entry, entry, "js", esbuild(&source, &["--bundle", &format, &alias, &own, QUIET])?);
    }
    files.manifest.insert("build".into(), json!(build));
    files.add("form_css", "form", "css", esbuild(&www.join("css/form.css"), &[])?);
    Ok(())
}

/// The page that judges evidence: files that no other page asks for.
fn add_verifier(files: &mut Files, built: &wasm::Built) -> Result<()> {
    let www = shell::root().join("www");
    files.add("verify_wasm", "verifier", "wasm", read(&built.wasm)?);
    let source = www.join("verify/verify.js");
    let alias = alias("verifier-glue", &built.glue);
    files.add("verify", "verify", "js", esbuild(&source, &["--bundle", "--format=esm", &alias])?);
    files.add("verify_css", "verify", "css", esbuild(&www.join("css/verify.css"), &[])?);
    Ok(())
}

/// The screen at a counter, with the worker that keeps it going without network.
fn add_kiosk(files: &mut Files, built: &wasm::Built) -> Result<()> {
    let www = shell::root().join("www");
    files.add("kiosk_wasm", "kiosk", "wasm", read(&built.wasm)?);
    let alias = alias("kiosk-glue", &built.glue);
    let source = www.join("kiosk/kiosk.js");
    files.add("kiosk", "kiosk", "js", esbuild(&source, &["--bundle", "--format=esm", &alias])?);
    // A classic script: a worker of modules is not for every browser.
    let worker = ["--bundle", "--format=iife", &alias, QUIET];
    files.add("kiosk_worker", "worker", "js", esbuild(&www.join("kiosk/sw.js"), &worker)?);
    files.add("kiosk_css", "kiosk", "css", esbuild(&www.join("css/kiosk.css"), &[])?);
    Ok(())
}

fn alias(name: &str, glue: &Path) -> String {
    format!("--alias:{name}={}", glue.display())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("couldn't read {}", file.display()))
}

/// What the pinned loader knows about the WASM of its own glue: the build, the address (relative to `/w/{hash}/{file}`), the hash.
fn wasm_of(build: &str, wasm: &str, integrity: &str) -> serde_json::Value {
    let hash = wasm.trim_end_matches(".wasm").rsplit('-').next().unwrap_or_default();
    json!({ "build": build, "url": format!("../{hash}/{wasm}"), "integrity": integrity })
}

fn esbuild(source: &Path, args: &[&str]) -> Result<Vec<u8>> {
    let mut esbuild = npm::esbuild();
    esbuild.arg(source).arg("--minify").args(args);
    Ok(shell::output(&mut esbuild)?.into_bytes())
}

/// Writes a whole new folder beside the old one and puts it in its place.
fn replace(files: &Files) -> Result<()> {
    shell::step("Compressing");
    let (folder, new) = (folder(), folder().with_extension("new"));
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    fs::create_dir_all(&new)?;
    for (name, bytes) in &files.named {
        fs::write(new.join(name), bytes)?;
        let compressed = compress(bytes)?;
        println!("{:>9} {:>9} {name}", bytes.len(), compressed.len());
        fs::write(new.join(format!("{name}.br")), compressed)?;
    }
    fs::write(new.join("manifest.json"), serde_json::to_vec_pretty(&files.manifest)?)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(&new, &folder).with_context(|| format!("couldn't put {} in place", folder.display()))
}

/// Brotli, quality 11.
fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 11, 22);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(compressed)
}

fn inputs(way: Way) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(way.name());
    for input in INPUTS {
        add(&mut hash, &shell::root().join(input)).with_context(|| format!("couldn't read {input}"))?;
    }
    Ok(digits(&hash.finalize()))
}

/// Every file under a path, in the order of names.
fn add(hash: &mut Sha256, path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| add(hash, entry));
    }
    let bytes = fs::read(path)?;
    hash.update(path.to_string_lossy().as_bytes());
    hash.update(bytes.len().to_le_bytes());
    hash.update(bytes);
    Ok(())
}

fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digits16(bytes: &[u8]) -> String {
    digits(&bytes[..8])
}

#[cfg(test)]
mod tests {
    use super::{compress, integrity, wasm_of};

    #[test]
    fn a_loader_knows_where_the_wasm_of_its_build_is() {
        let known = wasm_of("77", "vinkje-0011.wasm", "sha384-x");
        assert_eq!(known["url"], "../0011/vinkje-0011.wasm");
    }

    #[test]
    fn integrity_is_the_hash_that_browsers_compute() {
        // RFC 6234's SHA-384 of the empty text.
        let empty = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
        assert_eq!(integrity(b""), empty);
    }

    #[test]
    fn compressed_bytes_come_back() {
        let text = b"vinkje ".repeat(500);
        let compressed = compress(&text).expect("memory only");
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut compressed.as_slice(), &mut back).expect("own output");
        assert_eq!(back, text);
        assert!(compressed.len() < 100);
    }
}
