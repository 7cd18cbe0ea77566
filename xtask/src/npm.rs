//! The build's programs that come from npm: wasm-opt, esbuild, and what the tests need.
//!
//! In scope: installing exactly what the committed lock file says. Out of scope: what they are used for.
//!
//! Invariant: nothing is installed that the lock file does not name with its hash.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;

const FILES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// The folder of the packages.
#[must_use]
pub fn folder() -> PathBuf {
    shell::root().join("target/node")
}

/// Installs the packages, unless they are already there.
///
/// # Errors
///
/// When npm is missing or cannot reach its registry.
pub fn install() -> Result<()> {
    let (from, to) = (shell::root().join("xtask/npm"), folder());
    let stamp = to.join("installed");
    let wanted = fs::read_to_string(from.join("package-lock.json"))
        .context("couldn't read xtask/npm/package-lock.json")?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    fs::create_dir_all(&to)?;
    for file in FILES {
        fs::copy(from.join(file), to.join(file))
            .with_context(|| format!("couldn't copy xtask/npm/{file}"))?;
    }
    let mut npm = shell::command("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&to);
    shell::run(
        "Installing wasm-opt and esbuild into target/node, as xtask/npm/package-lock.json says",
        &mut npm,
    )
    .context("Node 20 or newer with npm is needed, and a network that reaches the npm registry")?;
    fs::write(stamp, wanted).context("couldn't write target/node/installed")
}

/// `wasm-opt` of the package binaryen.
#[must_use]
pub fn wasm_opt() -> Command {
    script("binaryen/bin/wasm-opt")
}

/// `esbuild`.
#[must_use]
pub fn esbuild() -> Command {
    let mut esbuild = shell::command(folder().join("node_modules/.bin/esbuild"));
    esbuild.arg("--log-level=error");
    esbuild
}

fn script(path: &str) -> Command {
    let mut node = shell::command("node");
    node.arg(folder().join("node_modules").join(Path::new(path)));
    node
}
