//! Licences, sources and known faults of what we depend on.
//!
//! Invariant: where no network leads to the list of known faults, that is said, and everything else is still checked; any
//! other failure counts.

use anyhow::{Result, bail};

use crate::shell::{cargo, output, run as run_command, step};

/// What git, curl and cargo-deny say when the other side cannot be reached.
const UNREACHABLE: [&str; 9] = [
    "could not resolve host",
    "could not resolve proxy",
    "failed to connect to",
    "couldn't connect to server",
    "connection refused",
    "connection timed out",
    "connection reset",
    "network is unreachable",
    "error sending request for url",
];

/// One line a finding: `cargo deny check` alone shows the way that leads there.
const CHECK: [&str; 3] = ["deny", "check", "--hide-inclusion-graph"];

/// Runs `cargo deny`, and installs it first where it is missing.
///
/// # Errors
///
/// When a licence, a source or a known fault is not allowed, or a check itself fails.
pub fn run() -> Result<()> {
    if output(cargo().args(["deny", "--version"])).is_err() {
        run_command(
            "cargo-deny checks licences and sources",
            // Unoptimised: its checks take seconds, its optimised build takes many minutes.
            cargo().args(["install", "--locked", "--debug", "cargo-deny"]),
        )?;
    }
    run_command("licences and sources", cargo().args(CHECK).args(["bans", "licenses", "sources"]))?;
    match output(cargo().args(["deny", "fetch", "db"])) {
        Ok(_) => run_command("known faults", cargo().args(CHECK).arg("advisories")),
        Err(error) => match out_of_reach(&format!("{error:#}")) {
            Some(reason) => {
                step(&format!("known faults: NOT CHECKED, the list is out of reach from here ({reason})"));
                Ok(())
            }
            None => bail!("couldn't fetch the list of known faults: {error:#}"),
        },
    }
}

/// The line that says so, if a fetch failed because the other side could not be reached.
fn out_of_reach(said: &str) -> Option<&str> {
    let unreachable = |line: &&str| {
        let line = line.to_lowercase();
        UNREACHABLE.iter().any(|words| line.contains(words))
    };
    said.lines().map(str::trim).find(unreachable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: &str =
        "`cargo deny fetch db` failed (exit status: 1): [ERROR] failed to fetch advisory database";

    #[test]
    fn a_network_that_leads_nowhere_is_said_and_passed_over() {
        for reason in [
            "fatal: unable to access 'https://a.example/db/': Could not resolve host: a.example",
            "fatal: unable to access 'https://a.example/db/': Failed to connect to a.example port 443 after 5 ms",
            "ssh: connect to host a.example port 22: Connection timed out",
        ] {
            let said = format!("{FAILED}\nCloning into 'db'...\n{reason}\n");
            assert_eq!(out_of_reach(&said), Some(reason));
        }
    }

    #[test]
    fn any_other_failure_counts() {
        for reason in [
            "fatal: could not create work tree dir 'db': Permission denied",
            "[ERROR] failed to deserialize config from 'deny.toml': unexpected key",
            "fatal: Remote branch main not found in upstream origin",
            "fatal: unable to access 'https://a.example/db/': The requested URL returned error: 404",
            "error: no such command: `deny`",
        ] {
            assert_eq!(out_of_reach(&format!("{FAILED}\n{reason}\n")), None, "{reason}");
        }
    }
}
