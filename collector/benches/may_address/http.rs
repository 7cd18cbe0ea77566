//! The same questions over HTTP, to a server on core 0.
//!
//! Invariant: an answer counts when its line has arrived, and the last line says that it is the end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

/// A server that ends with this value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Fails when it has ended already, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Measures, and prints a row.
pub(crate) fn measure(data: &Path, assets: &Path, port: u16, key: &str, addresses: &[String]) -> Result<()> {
    let server = serve(data, assets, port)?;
    let questions: Vec<Vec<u8>> =
        addresses.chunks(super::AT_ONCE).map(|people| question(port, key, people)).collect();
    let mut best = (f64::MAX, 0.0);
    for _ in 0..4 {
        let (began, before) = (Instant::now(), cpu_seconds(&server)?);
        let mut yes = 0;
        for question in &questions {
            yes += ask(port, question)?;
        }
        let round = (began.elapsed().as_secs_f64(), cpu_seconds(&server)? - before);
        ensure!(yes == addresses.len(), "{yes} of {} are answered with yes", addresses.len());
        if round.0 < best.0 {
            best = round;
        }
    }
    super::print_row("answers over HTTP, asker on another core", addresses.len(), best.0);
    super::print_row("the same, by processor time of the server", addresses.len(), best.1);
    Ok(())
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
    // Go on reading, so that the server never waits for us.
    std::thread::spawn(move || lines.for_each(drop));
    Ok(server)
}

fn question(port: u16, key: &str, people: &[String]) -> Vec<u8> {
    let body = serde_json::json!({"purpose": super::fill::PURPOSE, "people": people}).to_string();
    let head = format!(
        "POST /v1/kaas/may-address HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {key}\r\n\
         accept: application/x-ndjson\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

/// Asks, and gives how many are answered with yes.
fn ask(port: u16, question: &[u8]) -> Result<usize> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(question)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let ends = memchr::memmem::rfind(&answer, b"\"end\":true").is_some();
    ensure!(ends, "no end: {}", String::from_utf8_lossy(&answer[..answer.len().min(400)]));
    Ok(memchr::memmem::find_iter(&answer, b"\"answer\":true").count())
}

/// Processor time so far. Linux counts in ticks of 10 ms.
fn cpu_seconds(server: &Server) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.0.id()))?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(ticks as f64 / 100.0)
}
