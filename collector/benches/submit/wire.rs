//! A client lean enough that one core suffices, and what a round of it showed.
//!
//! In scope: kept-alive HTTP/1.1 with answers of a known length. Out of scope: everything of HTTP that the servers under
//! load do not send (chunks, trailers).

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What one round showed.
pub(crate) struct Round {
    waits_us: Vec<u32>,
    seconds: f64,
    /// Processor time of the server per answer, in µs.
    pub(crate) cpu_us: f64,
}

impl Round {
    /// Of all waits of a round, and how long it took.
    pub(crate) fn of(mut waits_us: Vec<u32>, seconds: f64) -> Result<Self> {
        ensure!(!waits_us.is_empty(), "no answer came");
        waits_us.sort_unstable();
        Ok(Self { waits_us, seconds, cpu_us: 0.0 })
    }

    pub(crate) fn answers(&self) -> u64 {
        self.waits_us.len() as u64
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.waits_us.len() as f64 / self.seconds
    }

    pub(crate) fn wait_ms(&self, share: f64) -> f64 {
        let index =
            ((self.waits_us.len() as f64 * share) as usize).min(self.waits_us.len().saturating_sub(1));
        self.waits_us.get(index).map_or(0.0, |wait| f64::from(*wait) / 1e3)
    }
}

/// A kept-alive HTTP/1.1 connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("couldn't connect")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends one request and reads its answer: status and body.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (status, from, until) = loop {
            if let Some((status, head, length)) = answer_head(&self.buffer)?
                && self.buffer.len() >= head + length
            {
                break (status, head, head + length);
            }
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server hung up");
        };
        Ok((status, &self.buffer[from..until]))
    }

    /// Fetches what there must be.
    pub(crate) async fn get(&mut self, address: &str, path: &str) -> Result<&[u8]> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        let (status, body) = self.exchange(request.as_bytes()).await?;
        ensure!(status == 200, "{path}: {status} {}", String::from_utf8_lossy(body));
        Ok(body)
    }
}

/// Status, length of the head, and length of the body, once the head is complete.
fn answer_head(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..end])?;
    let status = head.get(9..12).context("no status")?.parse()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
    });
    Ok(Some((status, end + 4, length.context("an answer without length")??)))
}
