//! Running other programs.
//!
//! In scope: a printed step, an environment without the leftovers of the cargo that started us, an error that names the
//! command. Out of scope: which programs.
//!
//! Invariant: a child never inherits the toolchain choice or flags of the parent unless a task sets them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// What cargo and rustup leave in the environment of a program they start, and flags that would change a build.
const LEFTOVERS: [&str; 12] = [
    "CARGO",
    "CARGO_CRATE_NAME",
    "CARGO_BIN_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TARGET_DIR",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTUP_TOOLCHAIN",
    "LD_LIBRARY_PATH",
    "OUT_DIR",
];
const LEFTOVER_STARTS: [&str; 4] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BUILD_", "CARGO_PROFILE_"];

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A command in the root, with a clean environment.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if LEFTOVERS.contains(&&*text) || LEFTOVER_STARTS.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}

/// `cargo`, of the toolchain that started this task.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = command("cargo");
    if let Some(toolchain) = std::env::var_os("RUSTUP_TOOLCHAIN") {
        cargo.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    cargo
}

/// Prints what happens now.
pub fn step(text: &str) {
    eprintln!("==> {text}");
}

/// The command as a person would type it.
#[must_use]
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Prints a step and runs a command, its output shown.
///
/// # Errors
///
/// Names the command when it cannot start or fails.
pub fn run(what: &str, command: &mut Command) -> Result<()> {
    step(what);
    let status = command.status().with_context(|| format!("couldn't start `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a command and returns what it printed.
///
/// # Errors
///
/// Names the command when it cannot start or fails, with what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("couldn't start `{}`", shown(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({}): {}", shown(command), output.status, said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
