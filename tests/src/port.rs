//! Ports for servers whose address must be known before they listen.
//!
//! In scope: handing one out to one test at a time, over all test processes. Out of scope: listening.
//!
//! Invariant: a port that was handed out is nobody else's until this process ends: no other test's, because its file is locked, and
//! no connection's, because it lies below those that the system picks from.

use std::fs::{File, TryLockError};
use std::net::TcpListener;
use std::ops::Range;
use std::sync::Mutex;

use anyhow::{Context, Result};

/// Below the ports that systems give to outgoing connections (from 32768 on Linux, from 49152 by RFC 6335).
const PORTS: Range<u16> = 20_000..32_000;

/// The locks of this process; the system lets go of them when it ends, however it ends.
static HELD: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A port of 127.0.0.1 that is this process's until it ends.
///
/// # Errors
///
/// If none is left, or the folder of the locks cannot be written.
pub fn free_port() -> Result<u16> {
    let folder = std::env::temp_dir().join("vinkje-e2e-ports");
    std::fs::create_dir_all(&folder)?;
    // Where tests start to look differs, so that they seldom look at the same port.
    let first = usize::try_from(std::process::id())? % PORTS.len();
    for port in PORTS.cycle().skip(first).take(PORTS.len()) {
        let file = File::create(folder.join(port.to_string()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => continue,
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        // Something else on this machine may listen there.
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            HELD.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(file);
            return Ok(port);
        }
    }
    None.context("no port is left")
}
