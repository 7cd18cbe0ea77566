//! People on standard input, one a line, for the commands that work on them.
//!
//! An address in the arguments of a command would stand in the shell's history and in the list of processes.
//!
//! Invariant: what comes in is bounded, and goes nowhere but to the collector.

use std::io::{BufRead, IsTerminal, Read};

use anyhow::{Context, Result, ensure};
use shared::limits::DEFINITION_BYTES_MAX;

/// Reads standard input to its end. A person at a keyboard is told what to type.
///
/// # Errors
///
/// When there is too much of it, or it is no text.
pub(super) fn read() -> Result<String> {
    let text = all("Type e-mail addresses or links of people's own pages, one a line; end with Ctrl-D.")?;
    ensure!(text.lines().any(|line| !line.trim().is_empty()), "couldn't find anybody on standard input");
    Ok(text)
}

/// Reads one line. A person at a keyboard is told what to type.
///
/// # Errors
///
/// When there is too much of it, or it is no text.
pub(super) fn one(what: &str) -> Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("{what}");
    }
    let mut line = String::new();
    input.lock().take(DEFINITION_BYTES_MAX as u64).read_line(&mut line).context(NO_TEXT)?;
    Ok(line.trim().to_owned())
}

const NO_TEXT: &str = "couldn't read standard input: it is no UTF-8 text";

/// Reads standard input to its end, also where nothing is on it.
///
/// # Errors
///
/// When there is too much of it, or it is no text.
pub(super) fn all(what: &str) -> Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("{what}");
    }
    let mut text = String::new();
    input.lock().take(DEFINITION_BYTES_MAX as u64 + 1).read_to_string(&mut text).context(NO_TEXT)?;
    ensure!(
        text.len() <= DEFINITION_BYTES_MAX,
        "couldn't take so much at once: at most {} KiB, so split it",
        DEFINITION_BYTES_MAX / 1024
    );
    Ok(text)
}
