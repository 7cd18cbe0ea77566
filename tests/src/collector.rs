//! A collector process in a folder of its own.
//!
//! In scope: `init`, `apply`, `serve`, stopping it gently and killing it, its other commands, what it said.
//! Out of scope: talking HTTP with it (`http`, `submit`).
//!
//! Invariant: the process does not outlive its `Collector`, and the folder goes with it.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::port::free_port;
use crate::settings;
use crate::until::{PATIENCE_SECONDS, until};

/// The line of the settings that says how soon is too quick, as `init` writes it.
const QUICK_SECONDS: &str = "quick_seconds = 2\n";

/// The line that says where it listens.
const READY: &str = "vinkje listening on ";

/// What differs from one collector to another.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The level of its log.
    pub log_level: &'static str,
    /// The address in its links, where it is not the one it listens at: that of a proxy before it.
    pub base_url: Option<String>,
    /// Answers per network and minute. One machine plays all visitors, so there is no limit unless a test sets one.
    pub requests_per_minute: u32,
    /// How many files and connections the system lets it open, where that is fewer than usual.
    pub open_files_max: Option<u32>,
    /// Whether its forms ask the owner of an address to confirm, as the demo's does. Tests of something else go without.
    pub confirms: bool,
    /// How soon an answer is too quick for a person, in seconds. Tests are quick, so nothing is unless a test sets it.
    pub quick_seconds: u32,
    /// Lines for the end of its settings.
    pub settings: String,
    /// The certificate authorities that its machine trusts, where not the usual ones.
    pub trusts: Option<PathBuf>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            log_level: "info",
            base_url: None,
            requests_per_minute: 0,
            open_files_max: None,
            confirms: false,
            quick_seconds: 0,
            settings: String::new(),
            trusts: None,
        }
    }
}

/// A collector, running or stopped.
pub struct Collector {
    folder: TempDir,
    port: u16,
    setup: Setup,
    process: Option<Child>,
    starts: usize,
}

impl Collector {
    /// Creates a collector's data with this definition in it, and starts it.
    ///
    /// # Errors
    ///
    /// If any of its commands fails; what it said is in the message.
    pub async fn start(definition: &str, setup: Setup) -> Result<Self> {
        let folder = TempDir::with_prefix("vinkje-e2e-")?;
        let mut collector = Self { folder, port: free_port()?, setup, process: None, starts: 0 };
        let base = collector.setup.base_url.clone().unwrap_or_else(|| collector.base());
        collector.must(&["init", "--data", &collector.data_text(), "--base-url", &base]).await?;
        // Tests are quicker than people.
        let quick = format!("quick_seconds = {}\n", collector.setup.quick_seconds);
        collector.settings(|text| text.replace(QUICK_SECONDS, &quick) + &collector.setup.settings)?;
        collector.apply(definition).await?;
        collector.serve().await?;
        Ok(collector)
    }

    /// Applies a definition: a new organisation, or a new version of its forms.
    ///
    /// # Errors
    ///
    /// If `vinkje apply` refuses it.
    pub async fn apply(&self, definition: &str) -> Result<String> {
        let file = self.folder.path().join("shop.toml");
        tokio::fs::write(&file, definition).await?;
        let file = file.display().to_string();
        self.must(&["apply", &file, "--data", &self.data_text()]).await
    }

    /// Starts the process and waits until it listens.
    ///
    /// # Errors
    ///
    /// If it ends instead.
    pub async fn serve(&mut self) -> Result<()> {
        self.starts += 1;
        let mut command = self.command()?;
        let listen = format!("127.0.0.1:{}", self.port);
        command.args(["serve", "--data", &self.data_text(), "--listen", &listen]);
        command.args(["--requests-per-minute", &self.setup.requests_per_minute.to_string()]);
        command.arg("--assets").arg(settings::assets()?);
        command.stdout(self.log("out")?).stderr(self.log("err")?);
        let mut child = command.spawn().context("couldn't start the collector")?;
        let ready = until("the collector to listen", PATIENCE_SECONDS, async || {
            Ok(self.said_now()?.contains(READY).then_some(true))
        });
        let listens = tokio::select! {
            listens = ready => listens?,
            _ = child.wait() => false,
        };
        self.process = Some(child);
        ensure!(listens, "the collector ended at once, saying: {}", self.said()?);
        Ok(())
    }

    /// Runs `vinkje` with these arguments, and gives its output if it succeeds.
    ///
    /// # Errors
    ///
    /// If it fails; what it said is in the message.
    pub async fn must(&self, arguments: &[&str]) -> Result<String> {
        succeeded(arguments, &self.run(arguments).await?)
    }

    /// Runs `vinkje` with these arguments.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub async fn run(&self, arguments: &[&str]) -> Result<Output> {
        self.command()?.args(arguments).output().await.context("couldn't run vinkje")
    }

    /// Runs `vinkje` with these arguments and this on standard input, and gives its output if it succeeds.
    ///
    /// # Errors
    ///
    /// If it fails; what it said is in the message.
    pub async fn told(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut command = self.command()?;
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let mut stdin = child.stdin.take().context("no standard input")?;
        // It may refuse before it reads.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        succeeded(arguments, &child.wait_with_output().await?)
    }

    fn command(&self) -> Result<Command> {
        let binary = settings::collector_binary()?;
        let mut command = match self.setup.open_files_max {
            None => Command::new(binary),
            Some(files) => {
                let mut shell = Command::new("/bin/sh");
                shell.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]).arg(binary);
                shell
            }
        };
        if let Some(file) = &self.setup.trusts {
            command.env("SSL_CERT_FILE", file).env_remove("SSL_CERT_DIR");
        }
        command.env("RUST_LOG", self.setup.log_level).stdin(Stdio::null()).kill_on_drop(true);
        Ok(command)
    }

    /// Kills it with no chance to finish anything (SIGKILL).
    ///
    /// # Errors
    ///
    /// If it does not run.
    pub async fn kill(&mut self) -> Result<()> {
        let mut process = self.process.take().context("the collector does not run")?;
        process.start_kill()?;
        process.wait().await.map(drop).context("couldn't wait for the collector")
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    ///
    /// # Errors
    ///
    /// If it does not stop in time.
    pub async fn stop(&mut self) -> Result<ExitStatus> {
        self.ask_to_stop().await?;
        let mut process = self.process.take().context("the collector does not run")?;
        let patience = std::time::Duration::from_secs(PATIENCE_SECONDS);
        let ended = tokio::time::timeout(patience, process.wait()).await;
        Ok(ended.context("the collector goes on after SIGTERM")??)
    }

    /// Asks it to stop (SIGTERM) and does not wait.
    ///
    /// # Errors
    ///
    /// If it does not run.
    pub async fn ask_to_stop(&self) -> Result<()> {
        let id = self.process.as_ref().and_then(Child::id).context("the collector does not run")?;
        let status = Command::new("/bin/sh").args(["-c", &format!("kill -TERM {id}")]).status().await?;
        ensure!(status.success(), "couldn't send SIGTERM");
        Ok(())
    }

    /// Changes its settings; they count from the next start.
    ///
    /// # Errors
    ///
    /// If the file cannot be changed.
    pub fn settings(&self, change: impl Fn(String) -> String) -> Result<()> {
        let path = self.data().join("vinkje.toml");
        let text = std::fs::read_to_string(&path)?;
        Ok(std::fs::write(path, change(text))?)
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where it puts letters while it has no mail server.
    #[must_use]
    pub fn mail(&self) -> PathBuf {
        self.data().join("mail")
    }

    /// A folder for files of the test that go away with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn data_text(&self) -> String {
        self.data().display().to_string()
    }

    /// Every event of the organisation, as `vinkje export` writes it.
    ///
    /// # Errors
    ///
    /// If the export fails.
    pub async fn export(&self, organisation: &str) -> Result<String> {
        self.must(&["export", "--data", &self.data_text(), organisation]).await
    }

    /// Every receipt of the organisation as a standard record, as `vinkje export` writes them.
    ///
    /// # Errors
    ///
    /// If the export fails.
    pub async fn export_records(&self, organisation: &str, format: &str) -> Result<String> {
        self.must(&["export", "--data", &self.data_text(), "--format", format, organisation]).await
    }

    /// The lines for a page, as `vinkje snippet` prints them.
    ///
    /// # Errors
    ///
    /// If there is no such form.
    pub async fn snippet(&self, form: &str, more: &[&str]) -> Result<String> {
        self.must(&[&["snippet", "--data", &self.data_text(), form], more].concat()).await
    }

    /// Everything it wrote to standard output and standard error, over all its starts.
    ///
    /// # Errors
    ///
    /// If that cannot be read.
    pub fn said(&self) -> Result<String> {
        let mut said = String::new();
        for start in 1..=self.starts {
            for stream in ["out", "err"] {
                said += &std::fs::read_to_string(self.log_path(start, stream))?;
            }
        }
        Ok(said)
    }

    fn said_now(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.log_path(self.starts, "out"))?)
    }

    fn log_path(&self, start: usize, stream: &str) -> PathBuf {
        self.folder.path().join(format!("{start}.{stream}.log"))
    }

    fn log(&self, stream: &str) -> Result<Stdio> {
        Ok(std::fs::File::create(self.log_path(self.starts, stream))?.into())
    }
}

/// What a command said that succeeded.
fn succeeded(arguments: &[&str], output: &Output) -> Result<String> {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    bail!("vinkje {} failed: {said}{}", arguments.join(" "), String::from_utf8_lossy(&output.stderr))
}

/// Copies a folder with all that is in it: what an owner can do who puts an old state back.
///
/// # Errors
///
/// What the system says.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
