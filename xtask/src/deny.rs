//! Licences, sources and known faults of what we depend on.
//!
//! Invariant: where the list of known faults cannot be fetched, that is said, and everything else is still checked.

use anyhow::Result;

use crate::shell::{cargo, output, run as run_command, step};

/// Runs `cargo deny`, and installs it first where it is missing.
///
/// # Errors
///
/// When a licence, a source or a known fault is not allowed.
pub fn run() -> Result<()> {
    if output(cargo().args(["deny", "--version"])).is_err() {
        run_command(
            "cargo-deny checks licences and sources",
            // Unoptimised: its checks take seconds, its optimised build takes many minutes.
            cargo().args(["install", "--locked", "--debug", "cargo-deny"]),
        )?;
    }
    run_command("licences and sources", cargo().args(["deny", "check", "bans", "licenses", "sources"]))?;
    match output(cargo().args(["deny", "fetch", "db"])) {
        Ok(_) => run_command("known faults", cargo().args(["deny", "check", "advisories"])),
        Err(error) => {
            let said = format!("{error:#}");
            let reason = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
            step(&format!("known faults: NOT CHECKED, the list cannot be fetched from here ({reason})"));
            Ok(())
        }
    }
}
