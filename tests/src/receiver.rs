//! Receivers of webhooks in other languages, with the packages that the standard gives out for them.
//!
//! In scope: running one, and what came to it. Out of scope: the programs (`tests/verifiers/webhook.*`).
//!
//! Invariant: whether a message is good is said by the package, never by code of ours.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::settings;
use crate::until::{PATIENCE_SECONDS, until};

/// In which language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript, in Node.
    JavaScript,
}

impl Language {
    fn command(self, mode: &str, secret: &Path) -> Result<Command> {
        let verifiers = settings::root().join("tests/verifiers");
        let mut command = match self {
            Self::Python => {
                let mut python = Command::new(settings::python()?);
                python.arg(verifiers.join("webhook.py"));
                python
            }
            Self::JavaScript => {
                let modules = settings::node_modules()?;
                let mut node = Command::new("node");
                node.arg(verifiers.join("webhook.mjs"));
                node.current_dir(modules.parent().context("node_modules has no folder")?);
                node
            }
        };
        command.arg(mode).arg(secret).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        Ok(command)
    }
}

/// A message that came.
#[derive(Debug, Clone)]
pub struct Came {
    /// The whole line of the receiver.
    pub line: String,
    /// Its id.
    pub id: String,
    /// Its signatures.
    pub signatures: String,
    /// What it says.
    pub body: Value,
    /// Why the package does not take it.
    pub refused: Option<String>,
}

/// A receiver, running.
pub struct Receiver {
    _process: Child,
    /// In which language.
    language: Language,
    /// Its port.
    pub port: u16,
    secret: PathBuf,
    out: PathBuf,
}

impl Receiver {
    /// Starts one with its files in this folder, at a port, or at any if it is 0.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub async fn start(language: Language, folder: &Path, port: u16) -> Result<Self> {
        let (secret, out) =
            (folder.join(format!("{language:?}.secret")), folder.join(format!("{language:?}.out")));
        for file in [&secret, &out] {
            tokio::fs::OpenOptions::new().append(true).create(true).open(file).await?;
        }
        let mut command = language.command("serve", &secret)?;
        let mut process =
            command.arg(&out).arg(port.to_string()).spawn().context("couldn't start a receiver")?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        let port = lines.next_line().await?.context("the receiver says nothing")?.parse()?;
        Ok(Self { _process: process, language, port, secret, out })
    }

    /// Gives it the secret with which it checks from now on.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub async fn knows(&self, secret: &str) -> Result<()> {
        Ok(tokio::fs::write(&self.secret, secret).await?)
    }

    /// Everything that came so far.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub async fn came(&self) -> Result<Vec<Came>> {
        let text = tokio::fs::read_to_string(&self.out).await?;
        // The last line may be under way.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(came).collect()
    }

    /// Waits for a message of this type.
    ///
    /// # Errors
    ///
    /// If none comes.
    pub async fn hears(&self, event: &str) -> Result<Came> {
        until(&format!("a message {event}"), PATIENCE_SECONDS, async || {
            Ok(self.came().await?.into_iter().rev().find(|came| came.body["type"] == event))
        })
        .await
    }

    /// Which messages made from this one the package takes.
    ///
    /// # Errors
    ///
    /// If the program fails.
    pub async fn judge(&self, came: &Came) -> Result<Value> {
        let mut command = self.language.command("judge", &self.secret)?;
        let mut child = command.stdin(Stdio::piped()).spawn()?;
        let mut stdin = child.stdin.take().context("no input")?;
        stdin.write_all(came.line.as_bytes()).await?;
        drop(stdin);
        let output = child.wait_with_output().await?;
        serde_json::from_slice(&output.stdout).context("the package couldn't judge")
    }
}

fn came(line: &str) -> Result<Came> {
    let read: Value = serde_json::from_str(line)?;
    let head = |name: &str| read["headers"][name].as_str().unwrap_or_default().to_owned();
    Ok(Came {
        line: line.into(),
        id: head("webhook-id"),
        signatures: head("webhook-signature"),
        body: serde_json::from_str(read["body"].as_str().context("no body")?)?,
        refused: read["refused"].as_str().map(str::to_owned),
    })
}
