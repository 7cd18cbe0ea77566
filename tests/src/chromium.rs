//! One headless Chromium for all tests of a process.
//!
//! In scope: starting it, and that it ends with us. Out of scope: pages (`page`).
//!
//! Invariant: the browser does not outlive the test process, however that ends.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, ensure};
use tempfile::TempDir;

use crate::settings;

/// The shell waits until our end of its standard input closes, which the kernel does when this process
/// ends for whatever reason, and then ends the browser and removes its profile.
const GUARD: &str =
    r#"profile=$1; shift; "$@" </dev/null & pid=$!; read -r _; kill $pid; wait $pid; rm -rf "$profile""#;

const FLAGS: [&str; 18] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--password-store=basic",
    "--remote-debugging-port=0",
];

struct Browser {
    // Kept so that its standard input stays open.
    _guard: Child,
    address: String,
}

static BROWSER: OnceLock<Result<Browser, String>> = OnceLock::new();

/// The file that plays for a camera, where a test has one.
static FILM: OnceLock<PathBuf> = OnceLock::new();

/// From its start on, the browser has a camera that sees this film (Y4M). The file may come later, before the camera is used.
///
/// # Errors
///
/// If the browser runs already, or has another film.
pub fn films(file: &Path) -> Result<()> {
    ensure!(BROWSER.get().is_none(), "the browser runs already");
    FILM.set(file.to_owned()).map_err(|_| anyhow!("there is a film already"))
}

/// The WebSocket address of the running browser; starts it at the first call.
///
/// # Errors
///
/// If Chromium is not installed or does not start.
pub fn address() -> Result<String> {
    let started = BROWSER.get_or_init(|| start().map_err(|error| format!("{error:#}")));
    started.as_ref().map(|browser| browser.address.clone()).map_err(|error| anyhow!("{error}"))
}

fn film() -> Vec<String> {
    FILM.get().map_or_else(Vec::new, |file| {
        let film = format!("--use-file-for-fake-video-capture={}", file.display());
        vec!["--use-fake-device-for-media-stream".into(), film]
    })
}

/// A browser of one test, with a profile that stays when it ends.
pub struct Own {
    process: Child,
    address: String,
}

impl Own {
    /// Starts one on a profile.
    ///
    /// # Errors
    ///
    /// If Chromium is not installed or does not start.
    pub fn start(profile: &Path) -> Result<Self> {
        let mut process = Command::new(settings::chromium()?)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .context("couldn't start Chromium")?;
        let address = listens(&mut process)?;
        Ok(Self { process, address })
    }

    /// Its WebSocket address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Own {
    /// As a power cut does: every process of it at once, with no chance to write anything (SIGKILL).
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
    }
}

fn start() -> Result<Browser> {
    let profile = TempDir::with_prefix("vinkje-chromium-")?.keep();
    let mut guard = Command::new("/bin/sh")
        .args(["-c", GUARD, "guard"])
        .arg(&profile)
        .arg(settings::chromium()?)
        .args(FLAGS)
        .args(film())
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("about:blank")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // Its own group: an interrupt of the test run reaches it through the guard, not by a race.
        .process_group(0)
        .spawn()
        .context("couldn't start Chromium")?;
    let address = listens(&mut guard)?;
    Ok(Browser { _guard: guard, address })
}

/// Where a browser listens, once it does.
fn listens(process: &mut Child) -> Result<String> {
    let stderr = process.stderr.take().context("couldn't read from Chromium")?;
    let mut lines = BufReader::new(stderr).lines();
    let said = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("DevTools listening on ").map(str::to_owned));
    // Chromium goes on talking; nobody listens, but a full pipe would stop it.
    std::thread::spawn(move || lines.for_each(drop));
    said.context("Chromium ended before it listened")
}
