//! The load: visitors on kept-alive connections, each with a new nonce and a new address every time.
//!
//! In scope: a client lean enough that one core suffices. Out of scope: everything of HTTP that the two servers do not
//! send (chunks, trailers).
//!
//! Invariant: an answer counts when its status is 201 and its body has arrived; anything else ends the run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// What the empty handler is sent in place of an offer: about as many bytes.
const OFFER_BYTES: usize = 220;

/// How long an offer is used before a new one is fetched.
const OFFER_LIFE: Duration = Duration::from_secs(1);

/// What is asked for.
pub(crate) enum Target {
    /// The empty handler.
    Empty,
    /// A form, by its path.
    Form(String),
}

/// When a round ends.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    Time(Duration),
    Answers(u64),
}

impl Until {
    pub(crate) const fn seconds(seconds: u64) -> Self {
        Self::Time(Duration::from_secs(seconds))
    }

    pub(crate) const fn answers(count: u64) -> Self {
        Self::Answers(count)
    }

    fn has_come(self, since: Instant, sent: u64) -> bool {
        match self {
            Self::Time(time) => since.elapsed() >= time,
            Self::Answers(count) => sent >= count,
        }
    }
}

/// What one round showed.
pub(crate) struct Round {
    waits_us: Vec<u32>,
    seconds: f64,
    /// Processor time of the server per answer, in µs.
    pub(crate) cpu_us: f64,
}

impl Round {
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

/// Visitors of one server.
pub(crate) struct Load {
    address: String,
    path: String,
    offer: Rc<RefCell<String>>,
    renews_offer: bool,
    /// Makes every address of this load another one.
    visitors: Rc<Cell<u64>>,
}

impl Load {
    pub(crate) async fn new(target: Target, address: &str) -> Result<Self> {
        let address = address.to_owned();
        let (path, offer) = match target {
            Target::Empty => ("/".to_owned(), "0".repeat(OFFER_BYTES)),
            Target::Form(form) => {
                let path = format!("/f/{form}");
                let mut connection = Connection::open(&address).await?;
                let offer = connection.offer(&address, &path).await?;
                (path, offer)
            }
        };
        let renews_offer = path != "/";
        Ok(Self { address, path, offer: Rc::new(RefCell::new(offer)), renews_offer, visitors: Rc::default() })
    }

    /// Keeps so many connections busy until the end comes.
    pub(crate) async fn run(&self, connections: usize, until: Until) -> Result<Round> {
        LocalSet::new().run_until(self.run_here(connections, until)).await
    }

    async fn run_here(&self, connections: usize, until: Until) -> Result<Round> {
        let began = Instant::now();
        let sent = Rc::new(Cell::new(0));
        let renewal = self.renews_offer.then(|| {
            let offer = Rc::clone(&self.offer);
            tokio::task::spawn_local(renew(offer, self.address.clone(), self.path.clone()))
        });
        let running: Vec<_> = (0..connections)
            .map(|_| {
                let visitor = Visitor {
                    address: self.address.clone(),
                    path: self.path.clone(),
                    offer: Rc::clone(&self.offer),
                    visitors: Rc::clone(&self.visitors),
                };
                tokio::task::spawn_local(visitor.visit(began, until, Rc::clone(&sent)))
            })
            .collect();
        let mut waits_us = Vec::new();
        for visitor in running {
            waits_us.extend(visitor.await??);
        }
        let seconds = began.elapsed().as_secs_f64();
        if let Some(renewal) = renewal {
            if renewal.is_finished() {
                renewal.await??;
            } else {
                renewal.abort();
            }
        }
        waits_us.sort_unstable();
        ensure!(!waits_us.is_empty(), "no answer came");
        Ok(Round { waits_us, seconds, cpu_us: 0.0 })
    }
}

/// Fetches a new offer every second, as visitors who come later would.
async fn renew(offer: Rc<RefCell<String>>, address: String, path: String) -> Result<()> {
    let mut connection = Connection::open(&address).await?;
    loop {
        tokio::time::sleep(OFFER_LIFE).await;
        let fresh = connection.offer(&address, &path).await?;
        *offer.borrow_mut() = fresh;
    }
}

/// One connection's worth of visitors.
struct Visitor {
    address: String,
    path: String,
    offer: Rc<RefCell<String>>,
    visitors: Rc<Cell<u64>>,
}

impl Visitor {
    async fn visit(self, began: Instant, until: Until, sent: Rc<Cell<u64>>) -> Result<Vec<u32>> {
        let mut connection = Connection::open(&self.address).await?;
        let mut waits_us = Vec::new();
        let mut request = Vec::new();
        while !until.has_come(began, sent.get()) {
            sent.set(sent.get() + 1);
            self.write_request(&mut request)?;
            let asked = Instant::now();
            let (status, body) = connection.exchange(&request).await?;
            if status != 201 {
                bail!("the server answered {status}: {}", String::from_utf8_lossy(body));
            }
            waits_us.push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        Ok(waits_us)
    }

    fn write_request(&self, request: &mut Vec<u8>) -> Result<()> {
        use std::io::Write as _;
        let visitor = self.visitors.get();
        self.visitors.set(visitor + 1);
        let offer = self.offer.borrow();
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        let body = format!(
            r#"{{"offer":"{offer}","nonce":"{nonce}","ticked":["nieuwsbrief"],"contact":{{"email":"bezoeker-{visitor}@example.org"}},"ui":"wasm"}}"#
        );
        request.clear();
        write!(
            request,
            "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.path,
            self.address,
            body.len()
        )?;
        Ok(())
    }
}

/// A kept-alive HTTP/1.1 connection.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("couldn't connect")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends one request and reads its answer: status and body.
    async fn exchange(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
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

    async fn offer(&mut self, address: &str, path: &str) -> Result<String> {
        let request = format!("GET {path}/fragment?lang=nl HTTP/1.1\r\nhost: {address}\r\n\r\n");
        let (status, body) = self.exchange(request.as_bytes()).await?;
        ensure!(status == 200, "no form: {status} {}", String::from_utf8_lossy(body));
        let bundle: serde_json::Value = serde_json::from_slice(body)?;
        bundle["view"]["offer"].as_str().map(str::to_owned).context("the form has no offer")
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
