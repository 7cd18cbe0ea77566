//! Where the things under test are: environment variables with defaults for a checkout.
//!
//! Invariant: what is missing is named together with the command that makes it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The root of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The collector binary: `VINKJE_BIN`, or the release or debug build of this checkout.
///
/// # Errors
///
/// If there is none.
pub fn collector_binary() -> Result<PathBuf> {
    let candidates = ["target/release/vinkje", "target/debug/vinkje"];
    find("VINKJE_BIN", &candidates, "the collector; `cargo build --release -p collector` builds it")
}

/// The assets that the collector serves: `VINKJE_ASSETS`, or those of this checkout.
///
/// # Errors
///
/// If there are none.
pub fn assets() -> Result<PathBuf> {
    find("VINKJE_ASSETS", &["target/vinkje-assets"], "the widget's assets; `cargo xtask assets` builds them")
}

/// The browser: `CHROMIUM`, or Debian's.
///
/// # Errors
///
/// If there is none.
pub fn chromium() -> Result<PathBuf> {
    find("CHROMIUM", &["/usr/bin/chromium"], "Chromium; `apt-get install chromium` installs it")
}

/// The folder with `axe-core` and `jose`: `VINKJE_NODE_MODULES`, or the one `cargo xtask test` fills.
///
/// # Errors
///
/// If there is none.
pub fn node_modules() -> Result<PathBuf> {
    let what = "the npm packages axe-core and jose; `cargo xtask test` installs them";
    find("VINKJE_NODE_MODULES", &["target/node/node_modules"], what)
}

/// Python with the packages of `tests/verifiers`: `VINKJE_PYTHON`, or the one `cargo xtask test` makes.
///
/// # Errors
///
/// If there is none.
pub fn python() -> Result<PathBuf> {
    let what =
        "Python with the packages of tests/verifiers/requirements.txt; `cargo xtask test` installs them";
    find("VINKJE_PYTHON", &["target/python/bin/python"], what)
}

fn find(variable: &str, candidates: &[&str], what: &str) -> Result<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let built = candidates.iter().map(|candidate| root().join(candidate));
    match named.into_iter().chain(built).find(|path| path.exists()) {
        Some(path) => Ok(path),
        None => bail!("couldn't find {what} ({variable} may point at it)"),
    }
}
