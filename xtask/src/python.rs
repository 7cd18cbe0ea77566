//! The packages from PyPI with which the tests check receipts in Python.
//!
//! In scope: an environment of their own in `target`, with exactly what the committed list says. Out of scope: what they
//! are used for (`tests/verifiers`).
//!
//! Invariant: nothing is installed that the list does not name with its hash, and the machine's own Python stays as it is.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{shell, toolchain};

const LIST: &str = "tests/verifiers/requirements.txt";

/// The folder of the environment.
#[must_use]
pub fn folder() -> PathBuf {
    shell::root().join("target/python")
}

/// The interpreter that has the packages.
#[must_use]
pub fn interpreter() -> PathBuf {
    folder().join("bin/python")
}

/// Makes the environment and installs the packages, unless they are already there.
///
/// # Errors
///
/// When Python is missing or cannot reach PyPI.
pub fn install() -> Result<()> {
    let stamp = folder().join("installed");
    let wanted =
        fs::read_to_string(shell::root().join(LIST)).with_context(|| format!("couldn't read {LIST}"))?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    environment()?;
    let mut pip = shell::command(interpreter());
    pip.args(["-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", LIST]);
    shell::run(&format!("Installing into target/python what {LIST} says"), &mut pip)
        .context("Python 3.10 or newer is needed, and a network that reaches PyPI")?;
    fs::write(stamp, wanted).context("couldn't write target/python/installed")
}

/// Debian has the module `venv` in a package of its own.
fn environment() -> Result<()> {
    let venv = || shell::output(shell::command("python3").args(["-m", "venv", "--clear"]).arg(folder()));
    if venv().is_err() {
        toolchain::install_packages(&["python3-venv"], "Python with room for packages of its own").context(
            "the tests check receipts with Python. Next step: install Python 3.10 or newer with `venv`",
        )?;
        venv()?;
    }
    Ok(())
}
