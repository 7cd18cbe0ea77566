//! Who checks a receipt: our own command, a JOSE library that we did not write, and Python with no code of ours behind it.
//!
//! Invariant: receipts are checked from files alone; only the log is fetched, as anybody may.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::collector::Collector;
use crate::settings;

/// Checks each compact JWS against the key set and prints the payloads as one JSON list.
const JOSE: &str = "import {createLocalJWKSet,compactVerify} from 'jose';import {readFileSync} from 'node:fs';\
    const keys=createLocalJWKSet(JSON.parse(readFileSync(process.argv[1],'utf8')));const read=[];\
    for(const file of process.argv.slice(2)){\
    const {payload}=await compactVerify(readFileSync(file,'utf8').trim(),keys,{algorithms:['Ed25519','EdDSA']});\
    read.push(JSON.parse(new TextDecoder().decode(payload)))}console.log(JSON.stringify(read))";

/// Checks receipts with `jose` and gives their payloads.
///
/// # Errors
///
/// If the library is not there or refuses one.
pub async fn jose(keys: &Path, receipts: &[&Path]) -> Result<Vec<Value>> {
    // Import looks beside the script: the folder that holds node_modules.
    let modules = settings::node_modules()?;
    let folder = modules.parent().context("node_modules has no folder")?;
    let mut command = Command::new("node");
    command.current_dir(folder).args(["--input-type=module", "--eval", JOSE]).arg(keys).args(receipts);
    let output = command.stdin(Stdio::null()).output().await.context("couldn't run node")?;
    ensure!(output.status.success(), "jose refuses: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("couldn't read what jose read")
}

/// Checks receipts with `tests/verifiers/verify.py`: for each what it says, as `{"accepted": payload}` or
/// `{"refused": reason}`; for a key set that cannot be used just `{"refused": "key_set"}`.
///
/// # Errors
///
/// If Python is not there, or says something else.
pub async fn python(keys: &Path, receipts: &[PathBuf]) -> Result<Value> {
    let mut command = verifier(settings::python()?, "verify.py");
    judge(command.arg(keys).args(receipts)).await
}

/// Checks standard records with `tests/verifiers/records.py`: for each what it says, as `{"accepted": …}`, or why it is refused.
///
/// # Errors
///
/// If Python is not there, or says something else.
pub async fn records(files: &[PathBuf]) -> Result<Value> {
    judge(verifier(settings::python()?, "records.py").args(files)).await
}

/// Checks a log and what goes with it, twice: with `tests/verifiers/log.py` and with `log.mjs`, which fetch it over HTTP as any
/// client would. Gives what both say: `{"size": …, "refused": {file: reason}}`, or `{"log": reason}` when they do not believe the
/// log at all.
///
/// # Errors
///
/// If Python or Node.js is not there, or the two say different things.
pub async fn log(log: &str, key: &Path, files: &[PathBuf]) -> Result<Value> {
    cosigned(log, key, &[], files).await
}

/// The same, where these witnesses must have cosigned every checkpoint among the files.
///
/// # Errors
///
/// As [`log`].
pub async fn cosigned(log: &str, key: &Path, witnesses: &[&str], files: &[PathBuf]) -> Result<Value> {
    let mut python = verifier(settings::python()?, "log.py");
    let mut node = verifier("node", "log.mjs");
    let witnesses: Vec<&str> = witnesses.iter().flat_map(|key| ["--witness", key]).collect();
    let python = judge(python.arg(log).arg(key).args(&witnesses).args(files)).await?;
    let node = judge(node.arg(log).arg(key).args(&witnesses).args(files)).await?;
    ensure!(python == node, "Python says {python}, JavaScript says {node}");
    Ok(python)
}

/// A server with HTTPS before a plain one (`tests/verifiers/https.py`), and where it listens. It ends when it is dropped.
///
/// # Errors
///
/// If Python is not there, or does not serve.
pub async fn https(certificate: &Path, target: &str) -> Result<(Child, String)> {
    let mut command = verifier(settings::python()?, "https.py");
    let mut child = command.arg(certificate).arg(target).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let mut said = BufReader::new(child.stdout.take().context("no output")?);
    let mut port = String::new();
    said.read_line(&mut port).await?;
    ensure!(!port.is_empty(), "the server with HTTPS ended at once");
    Ok((child, format!("https://127.0.0.1:{}", port.trim())))
}

/// Checks bundles twice, with `tests/verifiers/bundle.py` and with `bundle.mjs`: for each file what Python and what JavaScript
/// says, as `{"accepted": receipts}` or `{"refused": code}`.
///
/// # Errors
///
/// If Python or Node.js is not there.
pub async fn bundles(trust: &[String], files: &[PathBuf]) -> Result<Vec<[Value; 2]>> {
    let mut said = Vec::new();
    for mut command in [verifier(settings::python()?, "bundle.py"), verifier("node", "bundle.mjs")] {
        let list = judge(command.args(trust).args(files)).await?;
        said.push(list.as_array().cloned().context("a verifier gives no list")?);
    }
    let [python, node] = said.try_into().map_err(|_| anyhow::anyhow!("two verifiers"))?;
    ensure!(python.len() == files.len() && node.len() == files.len(), "a verifier left one out");
    Ok(python.into_iter().zip(node).map(|(python, node)| [python, node]).collect())
}

/// A program with one of our scripts.
fn verifier(program: impl AsRef<OsStr>, script: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(settings::root().join("tests/verifiers").join(script)).stdin(Stdio::null());
    command
}

/// What a script says on its standard output, as JSON.
async fn judge(command: &mut Command) -> Result<Value> {
    let output = command.output().await.context("couldn't run a verifier")?;
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).with_context(|| format!("a verifier couldn't judge: {said}"))
}

/// Whether `vinkje verify` takes a receipt, and what it said.
///
/// # Errors
///
/// If it cannot be started.
pub async fn vinkje(collector: &Collector, keys: &Path, receipt: &Path) -> Result<(bool, String)> {
    let (keys, receipt) = (keys.display().to_string(), receipt.display().to_string());
    let output = collector.run(&["verify", &receipt, "--keys", &keys]).await?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}
