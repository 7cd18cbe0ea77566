//! Those who read evidence: proofs of receipts, proofs that the log only grew, tiles.
//!
//! Invariant: an answer counts when its status is 200 and its body has arrived; anything else ends the run. What is asked
//! for changes from request to request, over the whole of the log.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, Result};
use shared::log::tile::{Holds, Tile, WIDTH};
use tokio::task::LocalSet;

use super::load::{Load, Until};
use super::wire::{Connection, Round};

/// The log of the demo shop.
const LOG: &str = "/log/kaas";

/// Different paths of one kind at most.
const PATHS_MAX: u64 = 4_096;

/// What is read: a name for it, and its paths.
pub(crate) struct Reading {
    pub(crate) name: &'static str,
    address: String,
    paths: Vec<String>,
}

/// Everything that there is to read after a load.
pub(crate) async fn all(load: &Load) -> Result<Vec<Reading>> {
    let size = log_size(load.address()).await?;
    let tile = |holds| {
        let tiles = (0..size / WIDTH).map(move |index| Tile { holds, index, width: WIDTH as u16 });
        spread(tiles.map(|tile| format!("{LOG}/tile/{tile}")).collect())
    };
    let step = (size / PATHS_MAX).max(1);
    let extensions = (1..=PATHS_MAX).map(|count| count * step).filter(|old| *old <= size);
    let proofs = load.receipts().iter().map(|path| format!("{path}.tlog-proof")).collect();
    let bundles = load.receipts().iter().map(|path| format!("{path}.bundle")).collect();
    let reading = |name, paths| Reading { name, address: load.address().to_owned(), paths };
    Ok(vec![
        reading("proof that a receipt is in the log", spread(proofs)),
        reading(
            "proof that the log only grew",
            spread(extensions.map(|old| format!("{LOG}/extension/{old}")).collect()),
        ),
        reading("tile of hashes", tile(Holds::Hashes(0))),
        reading("tile of entries", tile(Holds::Entries)),
        reading("whole bundle of a receipt", spread(bundles)),
    ])
}

/// Not one after another: a multiplication by a large prime, modulo the length, goes everywhere once.
fn spread(paths: Vec<String>) -> Vec<String> {
    let length = paths.len();
    (0..length).filter_map(|at| paths.get(at.wrapping_mul(1_000_003) % length).cloned()).collect()
}

/// How many receipts the log has: the second line of its checkpoint.
async fn log_size(address: &str) -> Result<u64> {
    let mut connection = Connection::open(address).await?;
    let checkpoint = connection.get(address, &format!("{LOG}/checkpoint")).await?;
    let size = std::str::from_utf8(checkpoint)?.lines().nth(1).context("a checkpoint without size")?;
    Ok(size.parse()?)
}

impl Reading {
    /// Keeps so many connections busy until the end comes.
    pub(crate) async fn run(&self, connections: usize, until: Until) -> Result<Round> {
        LocalSet::new().run_until(self.run_here(connections, until)).await
    }

    async fn run_here(&self, connections: usize, until: Until) -> Result<Round> {
        let began = Instant::now();
        let sent = Rc::new(Cell::new(0));
        let requests: Rc<Vec<Vec<u8>>> = Rc::new(self.paths.iter().map(|path| self.request(path)).collect());
        let running: Vec<_> = (0..connections)
            .map(|_| {
                let reader = read(self.address.clone(), Rc::clone(&requests), Rc::clone(&sent), began, until);
                tokio::task::spawn_local(reader)
            })
            .collect();
        let mut waits_us = Vec::new();
        for reader in running {
            waits_us.extend(reader.await??);
        }
        Round::of(waits_us, began.elapsed().as_secs_f64())
    }

    fn request(&self, path: &str) -> Vec<u8> {
        format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.address).into_bytes()
    }
}

async fn read(
    address: String,
    requests: Rc<Vec<Vec<u8>>>,
    sent: Rc<Cell<u64>>,
    began: Instant,
    until: Until,
) -> Result<Vec<u32>> {
    let mut connection = Connection::open(&address).await?;
    let mut waits_us = Vec::new();
    while !until.has_come(began, sent.get()) {
        let at = sent.get();
        sent.set(at + 1);
        let request =
            requests.get((at % requests.len().max(1) as u64) as usize).context("nothing to read")?;
        let asked = Instant::now();
        let (status, body) = connection.exchange(request).await?;
        if status != 200 {
            anyhow::bail!("the server answered {status}: {}", String::from_utf8_lossy(body));
        }
        waits_us.push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(waits_us)
}
