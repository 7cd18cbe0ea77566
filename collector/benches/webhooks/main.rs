//! Tells a receiver on this machine about many receipts: webhook deliveries a second.
//!
//! In scope: reading the receipt, writing and signing the message, the call over plain HTTP, and the commit that notes what came of it,
//! with the server on core 0 and the receiver on core 1. Out of scope: TLS, networks, and what the receiver does.
//!
//! Invariant: a delivery counts when the receiver has it whole, and each message counts once.
//!
//! `--people N` sets how many receipts there are (default 20,000), `--folder DIR` where the data lies (default: the system's temporary
//! folder), `--assets DIR` where the built widget is (default: this checkout's).

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use tokio::sync::mpsc;

#[allow(dead_code)] // It fills the store for `may_address` as well.
#[path = "../may_address/fill.rs"]
mod fill;

fn main() -> Result<()> {
    let people = number("--people", 20_000)?;
    let folder = value_of("--folder").map_or_else(std::env::temp_dir, PathBuf::from);
    let assets = value_of("--assets").map_or_else(|| root().join("target/vinkje-assets"), PathBuf::from);
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-acp", "1", &own]).output();
    ensure!(pinned.context("couldn't run taskset")?.status.success(), "this needs a second core");
    let folder = tempfile::tempdir_in(folder)?;
    let data = folder.path().join("data");
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    fill::fill(&data, &assets, port, people)?.close()?;
    println!("| endpoints | deliveries/s | µs each | server CPU µs each |");
    println!("|---|---|---|---|");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for endpoints in [1, 4] {
        let server = serve(&data, &assets, port)?;
        runtime.block_on(measure(&data, &server, endpoints, people))?;
    }
    Ok(())
}

/// Everything since the beginning goes to so many endpoints at once.
async fn measure(data: &Path, server: &Server, endpoints: usize, people: usize) -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://127.0.0.1:{}/", listener.local_addr()?.port());
    let (sender, mut came) = mpsc::unbounded_channel();
    let router = Router::new().fallback(take).with_state(sender);
    let receiving = tokio::spawn(async move { axum::serve(listener, router).await });
    let name = |at: usize| format!("bench-{endpoints}-{at}");
    for at in 0..endpoints {
        let add = ["webhook", "add", "kaas", "--name", &name(at), "--url", &url, "--allow", "127.0.0.1"];
        vinkje(data, &add).await?;
    }
    let (began, before) = (Instant::now(), cpu_seconds(server)?);
    for at in 0..endpoints {
        let since = ["--since", "2000-01-01T00:00:00Z"];
        vinkje(data, &[&["webhook", "replay", "kaas", "--name", &name(at)], &since[..]].concat()).await?;
    }
    let mut ids = HashSet::new();
    while ids.len() < people * endpoints {
        ids.insert(came.recv().await.context("the receiver ended")?);
    }
    let (all, cpu) = ((people * endpoints) as f64, cpu_seconds(server)? - before);
    let seconds = began.elapsed().as_secs_f64();
    let each = |seconds: f64| seconds * 1e6 / all;
    println!("| {endpoints} | {:.0} | {:.0} | {:.0} |", all / seconds, each(seconds), each(cpu));
    for at in 0..endpoints {
        vinkje(data, &["webhook", "remove", "kaas", "--name", &name(at)]).await?;
    }
    receiving.abort();
    Ok(())
}

async fn take(
    State(came): State<mpsc::UnboundedSender<String>>,
    headers: HeaderMap,
    _body: axum::body::Bytes,
) -> StatusCode {
    let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    match came.send(id.to_owned()) {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A server that ends with this value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Fails when it has ended already, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(data: &Path, assets: &Path, port: u16) -> Result<Server> {
    let mut command = Command::new("taskset");
    command.args(["-c", "0", env!("CARGO_BIN_EXE_vinkje"), "serve", "--requests-per-minute", "0"]);
    command.args(["--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(data).arg("--assets").arg(assets);
    let mut process = command.stdout(Stdio::piped()).spawn().context("couldn't start the server")?;
    let output = process.stdout.take().context("the server has no output")?;
    let server = Server(process);
    let mut lines = BufReader::new(output).lines();
    let ready = lines.by_ref().any(|line| line.is_ok_and(|line| line.contains("listening on")));
    ensure!(ready, "the server ended at once");
    std::thread::spawn(move || lines.for_each(drop));
    Ok(server)
}

/// Processor time of the server, from the system's table of processes: in hundredths of a second.
fn cpu_seconds(server: &Server) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.0.id()))?;
    let (_, fields) = stat.rsplit_once(')').context("no table of processes")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    Ok((ticks(11) + ticks(12)) / 100.0)
}

async fn vinkje(data: &Path, arguments: &[&str]) -> Result<()> {
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let data = data.to_owned();
    let ran = tokio::task::spawn_blocking(move || {
        Command::new(env!("CARGO_BIN_EXE_vinkje")).args(&arguments).arg("--data").arg(data).output()
    });
    let output = ran.await?.context("couldn't run vinkje")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

fn value_of(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

fn number(name: &str, default: usize) -> Result<usize> {
    value_of(name).map_or(Ok(default), |n| n.parse().with_context(|| format!("{name} takes a number")))
}
