//! A witness process in a folder of its own, and a log that the test itself signs.
//!
//! In scope: `vinkje witness init`, `add` and `serve`, killing it, asking it. Out of scope: the collector that asks witnesses.
//!
//! Invariant: the process does not outlive its `Witness`. The test holds the log's key, so it can show any history it likes.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use ed25519_dalek::SigningKey;
use shared::jwk::PublicKey;
use shared::log::note::Kind;
use shared::log::{Checkpoint, Extension, Frontier, Hash, Note, NoteKey, tree};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::http::{Answer, Client};
use crate::port::free_port;
use crate::settings;
use crate::until::{PATIENCE_SECONDS, until};

/// A witness, running or stopped.
pub struct Witness {
    folder: TempDir,
    process: Option<Child>,
    starts: usize,
    /// Where it listens; the same again after a kill.
    port: u16,
    key: String,
    client: Client,
}

impl Witness {
    /// Makes a witness of this name and starts it.
    ///
    /// # Errors
    ///
    /// If any of its commands fails.
    pub async fn start(name: &str) -> Result<Self> {
        let folder = TempDir::with_prefix("vinkje-witness-")?;
        let client = Client::default();
        let mut witness =
            Self { folder, process: None, starts: 0, port: free_port()?, key: String::new(), client };
        let said = witness.must(&["init", "--name", name]).await?;
        let key = said.lines().find_map(|line| line.strip_prefix("key = \"")?.strip_suffix('"'));
        witness.key = key.context("`vinkje witness init` prints no key")?.to_owned();
        witness.serve().await?;
        Ok(witness)
    }

    /// Runs `vinkje witness` with these arguments on its folder.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub async fn must(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments)?.output().await?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(
            output.status.success(),
            "vinkje witness {arguments:?}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(said)
    }

    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(settings::collector_binary()?);
        command.arg("witness").args(arguments).arg("--data").arg(self.data());
        command.stdin(Stdio::null()).kill_on_drop(true);
        Ok(command)
    }

    /// Its folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("witness")
    }

    /// Its store.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.data().join("witness.redb")
    }

    /// Its verifier key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its address.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it, where it listened before.
    ///
    /// # Errors
    ///
    /// If it ends instead.
    pub async fn serve(&mut self) -> Result<()> {
        self.starts += 1;
        let out = self.log("out");
        let mut command = self.command(&["serve", "--listen", &format!("127.0.0.1:{}", self.port)])?;
        command.stdout(File::create(&out)?).stderr(File::create(self.log("err"))?);
        let mut child = command.spawn().context("couldn't start the witness")?;
        let port = || {
            let said = std::fs::read_to_string(&out)?;
            anyhow::Ok(said.trim_end().rsplit_once(":").and_then(|(_, port)| port.parse().ok()))
        };
        let port = tokio::select! {
            port = until("the witness to listen", PATIENCE_SECONDS, async || port()) => port?,
            _ = child.wait() => bail!("the witness ended at once: {}", self.said()?),
        };
        (self.port, self.process) = (port, Some(child));
        Ok(())
    }

    /// Kills it with no chance to finish anything (SIGKILL).
    ///
    /// # Errors
    ///
    /// If it does not run.
    pub async fn kill(&mut self) -> Result<()> {
        self.process.as_mut().context("the witness does not run")?.start_kill()?;
        self.gone().await
    }

    /// Kills it as soon as its store has changed what counts so many `times`: once while a commit is written, once when it
    /// counts; or when all is `over`. Blocks, so somebody else must have asked.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or nothing happens in time.
    pub fn kill_in_commit(&mut self, times: usize, over: impl Fn() -> bool) -> Result<()> {
        let store = self.store();
        let begun = Instant::now();
        let (mut seen, mut last) = (0, header(&store)?);
        while seen < times && !over() {
            ensure!(begun.elapsed().as_secs() < PATIENCE_SECONDS, "the store does not change");
            let now = header(&store)?;
            seen += usize::from(now != last);
            last = now;
        }
        self.process.as_mut().context("the witness does not run")?.start_kill()?;
        Ok(())
    }

    /// Waits until a process that was killed is gone.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn gone(&mut self) -> Result<()> {
        let mut process = self.process.take().context("the witness does not run")?;
        process.wait().await.map(drop).context("couldn't wait for the witness")
    }

    /// What it wrote to standard error, over all its starts.
    ///
    /// # Errors
    ///
    /// If that cannot be read.
    pub fn said(&self) -> Result<String> {
        let read = |start| Ok(std::fs::read_to_string(self.folder.path().join(format!("{start}.err.log")))?);
        (1..=self.starts).map(read).collect()
    }

    fn log(&self, stream: &str) -> PathBuf {
        self.folder.path().join(format!("{}.{stream}.log", self.starts))
    }

    /// `POST /add-checkpoint`.
    ///
    /// # Errors
    ///
    /// If no whole answer comes.
    pub async fn ask(&self, body: impl ToString) -> Result<Answer> {
        let url = format!("{}/add-checkpoint", self.base());
        self.client.send("POST", &url, &[], body.to_string()).await
    }
}

/// The first bytes of a store: they say which commit counts.
fn header(store: &Path) -> Result<Vec<u8>> {
    let mut bytes = vec![0; 512];
    File::open(store)?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A log of our own, in memory.
#[derive(Clone)]
pub struct OwnLog {
    signing: SigningKey,
    key: NoteKey,
    frontier: Frontier,
    nodes: HashMap<(u8, u64), Hash>,
}

impl OwnLog {
    /// An empty log.
    ///
    /// # Panics
    ///
    /// If the name cannot stand in a note.
    #[must_use]
    pub fn new(origin: &str, seed: u8) -> Self {
        let signing = SigningKey::from_bytes(&[seed; 32]);
        let public = PublicKey::from_bytes(signing.verifying_key().as_bytes()).expect("a point of our own");
        let key = NoteKey::new(origin, Kind::Log, public).expect("a plain name");
        Self { signing, key, frontier: Frontier::default(), nodes: HashMap::new() }
    }

    /// The same log with so many entries more, whose content depends on `history`.
    #[must_use]
    pub fn grown(&self, entries: u64, history: &str) -> Self {
        let mut grown = self.clone();
        for _ in 0..entries {
            let index = grown.frontier.size();
            let leaf = tree::leaf_hash(format!("{history} {index}").as_bytes());
            grown.nodes.insert((0, index), leaf);
            let nodes = &mut grown.nodes;
            grown.frontier.append(leaf, |node| {
                nodes.insert((node.level, node.index), node.hash);
            });
        }
        grown
    }

    /// Its verifier key.
    #[must_use]
    pub fn key(&self) -> &NoteKey {
        &self.key
    }

    /// How many entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Its signed checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> Note {
        let (origin, root) = (self.key.name().to_owned(), self.frontier.root());
        let text = Checkpoint { origin, size: self.size(), root }.to_string();
        let line = self.key.sign(&text, &self.signing);
        Note::new(text, vec![line])
    }

    /// What a witness is asked that saw this log at size `old`.
    ///
    /// # Panics
    ///
    /// Never: every node of a tree in memory is there.
    #[must_use]
    pub fn extension(&self, old: u64) -> Extension {
        let node = |level, index| self.nodes.get(&(level, index)).copied().ok_or(());
        let path = tree::consistency_proof(old, self.size(), node).expect("every node is kept");
        Extension { old, path, checkpoint: self.checkpoint() }
    }
}
