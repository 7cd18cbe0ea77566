//! Mail as people get it: a real SMTP server, or the folder that stands in for one, and reading what came.
//!
//! Invariant: a letter is read from the bytes that were sent, with its links as a mail program would show them.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use mailparse::{MailHeaderMap as _, ParsedMail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::settings;
use crate::until::{PATIENCE_SECONDS, until};

/// A letter that came.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The whole, as it was sent.
    pub raw: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its page.
    pub html: String,
    /// Its message id.
    pub id: String,
    /// Its files, by name.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Letter {
    fn parse(bytes: &[u8]) -> Result<Self> {
        let mail = mailparse::parse_mail(bytes)?;
        let head = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
        let body = |kind: &str| {
            let part = mail.parts().find(|part| part.ctype.mimetype == kind);
            part.and_then(|part| part.get_body().ok()).unwrap_or_default()
        };
        let file = |part: &ParsedMail<'_>| {
            let name = part.get_content_disposition().params.get("filename").cloned()?;
            Some((name, part.get_body_raw().ok()?))
        };
        Ok(Self {
            raw: String::from_utf8_lossy(bytes).into_owned(),
            to: head("To"),
            subject: head("Subject"),
            text: body("text/plain"),
            html: body("text/html"),
            id: head("Message-ID"),
            files: mail.parts().filter_map(file).collect(),
        })
    }

    /// Every link in it, of both its text and its page.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        let both = format!("{} {}", self.text, self.html.replace("&amp;", "&"));
        let mut links: Vec<String> = both
            .split(|c: char| c.is_whitespace() || "\"'<>".contains(c))
            .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
            .map(str::to_owned)
            .collect();
        links.sort_unstable();
        links.dedup();
        links
    }

    /// The link with this path, such as `/c/`.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn link(&self, path: &str) -> Result<String> {
        let found = self.links().into_iter().find(|link| link.contains(path));
        found.with_context(|| format!("no link with {path} in: {}", self.text))
    }
}

/// All letters of a folder, in the order in which they came.
///
/// # Errors
///
/// If one cannot be read.
pub fn letters(folder: &Path) -> Result<Vec<Letter>> {
    let mut paths: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "eml") {
            paths.push((path.metadata()?.modified()?, path));
        }
    }
    paths.sort_unstable();
    paths.iter().map(|(_, path)| Letter::parse(&std::fs::read(path)?)).collect()
}

/// Waits until a folder has so many letters, and gives them.
///
/// # Errors
///
/// If fewer come in time.
pub async fn wait_for(folder: &Path, count: usize) -> Result<Vec<Letter>> {
    let what = format!("{count} letters in {}", folder.display());
    until(&what, PATIENCE_SECONDS * 2, async || {
        let all = letters(folder)?;
        Ok((all.len() >= count).then_some(all))
    })
    .await
}

/// Waits for a letter with a link that holds this, such as `/c/`, whatever other letters come before it.
///
/// # Errors
///
/// If none comes in time.
pub async fn wait_for_link(folder: &Path, part: &str) -> Result<Letter> {
    until(&format!("a letter with {part}"), PATIENCE_SECONDS * 2, async || {
        Ok(letters(folder)?.into_iter().rev().find(|letter| letter.link(part).is_ok()))
    })
    .await
}

/// A mail server, running.
pub struct MailServer {
    process: Child,
    /// Where its letters are.
    pub folder: PathBuf,
    /// Where it listens.
    pub port: u16,
}

impl MailServer {
    /// Starts one at a port, for letters in a folder.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub async fn start(port: u16, folder: &Path, more: &[&str]) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut command = Command::new(settings::python()?);
        command.arg(settings::root().join("tests/verifiers/smtp.py")).arg(port.to_string()).arg(folder);
        command.args(more).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().context("couldn't start the mail server")?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        let said = lines.next_line().await?;
        ensure!(said.as_deref() == Some("listening"), "the mail server says {said:?}");
        Ok(Self { process, folder: folder.into(), port })
    }

    /// Kills it.
    ///
    /// # Errors
    ///
    /// If it does not run.
    pub async fn kill(&mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }

    /// Waits until it has died by itself.
    ///
    /// # Errors
    ///
    /// If it goes on.
    pub async fn died(&mut self) -> Result<()> {
        let patience = std::time::Duration::from_secs(PATIENCE_SECONDS);
        tokio::time::timeout(patience, self.process.wait()).await.context("the mail server lives on")??;
        Ok(())
    }
}

/// The settings that make a collector send to a mail server at a port of this machine.
#[must_use]
pub fn smtp_settings(port: u16) -> String {
    format!(
        "\n[mail]\nfrom = \"post@c.example\"\n\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n"
    )
}
