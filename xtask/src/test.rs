//! The tests, benchmarks and fuzz targets.

use anyhow::{Result, bail};

/// Runs the tests.
///
/// # Errors
///
/// When a test fails.
pub fn run(_args: &[String]) -> Result<()> {
    bail!("not built yet")
}

/// Runs the benchmarks.
///
/// # Errors
///
/// When one fails.
pub fn bench(_args: &[String]) -> Result<()> {
    bail!("not built yet")
}

/// Runs the fuzz targets.
///
/// # Errors
///
/// When one finds something.
pub fn fuzz(_args: &[String]) -> Result<()> {
    bail!("not built yet")
}
