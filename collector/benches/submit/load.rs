//! The load: visitors on kept-alive connections, each with a new nonce and a new address every time.
//!
//! In scope: what visitors send, and when they end. Out of scope: HTTP (`wire`), those who only read (`read`).
//!
//! Invariant: an answer counts when its status is 201 and its body has arrived; anything else ends the run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::task::LocalSet;

use super::wire::{Connection, Round};

/// What the empty handler is sent in place of an offer: about as many bytes.
const OFFER_BYTES: usize = 220;

/// How long an offer is used before a new one is fetched.
const OFFER_LIFE: Duration = Duration::from_secs(1);

/// Of so many receipts one is remembered, for those who read afterwards.
const REMEMBERED: u64 = 64;

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

    pub(crate) fn has_come(self, since: Instant, sent: u64) -> bool {
        match self {
            Self::Time(time) => since.elapsed() >= time,
            Self::Answers(count) => sent >= count,
        }
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
    /// Paths of receipts.
    receipts: Rc<RefCell<Vec<String>>>,
}

impl Load {
    pub(crate) async fn new(target: Target, address: &str) -> Result<Self> {
        let address = address.to_owned();
        let (path, offer) = match target {
            Target::Empty => ("/".to_owned(), "0".repeat(OFFER_BYTES)),
            Target::Form(form) => {
                let path = format!("/f/{form}");
                let mut connection = Connection::open(&address).await?;
                let offer = fetch_offer(&mut connection, &address, &path).await?;
                (path, offer)
            }
        };
        let renews_offer = path != "/";
        let offer = Rc::new(RefCell::new(offer));
        Ok(Self { address, path, offer, renews_offer, visitors: Rc::default(), receipts: Rc::default() })
    }

    /// Host and port of the server.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The paths of some of the receipts that were given.
    pub(crate) fn receipts(&self) -> Vec<String> {
        self.receipts.borrow().clone()
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
                    receipts: Rc::clone(&self.receipts),
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
        Round::of(waits_us, seconds)
    }
}

/// Fetches a new offer every second, as visitors who come later would.
async fn renew(offer: Rc<RefCell<String>>, address: String, path: String) -> Result<()> {
    let mut connection = Connection::open(&address).await?;
    loop {
        tokio::time::sleep(OFFER_LIFE).await;
        let fresh = fetch_offer(&mut connection, &address, &path).await?;
        *offer.borrow_mut() = fresh;
    }
}

/// One connection's worth of visitors.
struct Visitor {
    address: String,
    path: String,
    offer: Rc<RefCell<String>>,
    visitors: Rc<Cell<u64>>,
    receipts: Rc<RefCell<Vec<String>>>,
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
            if self.path != "/" && self.visitors.get().is_multiple_of(REMEMBERED) {
                self.receipts.borrow_mut().push(receipt_path(body)?);
            }
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

async fn fetch_offer(connection: &mut Connection, address: &str, path: &str) -> Result<String> {
    let body = connection.get(address, &format!("{path}/fragment?lang=nl")).await?;
    let bundle: serde_json::Value = serde_json::from_slice(body)?;
    bundle["view"]["offer"].as_str().map(str::to_owned).context("the form has no offer")
}

fn receipt_path(answer: &[u8]) -> Result<String> {
    let answer: serde_json::Value = serde_json::from_slice(answer)?;
    let url = answer["receipt_url"].as_str().context("an answer without receipt")?;
    let path = url.find("/r/").and_then(|at| url.get(at..)).context("a receipt without path")?;
    Ok(path.to_owned())
}
