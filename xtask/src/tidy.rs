//! The task `tidy`.

use anyhow::{Result, bail};

/// Runs it.
///
/// # Errors
///
/// When something is not as agreed.
pub fn run() -> Result<()> {
    bail!("not built yet")
}
