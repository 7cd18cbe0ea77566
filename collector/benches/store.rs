//! Measures store and sequencer alone: durable receipts per second, waiting times, and bytes on disk per receipt.
//!
//! In scope: redb and group commit, with rows as large as the collector's. Out of scope: HTTP, signing and sealing
//! (`submit`).
//!
//! Invariant: every figure comes from commits that were answered, on a file in the folder given by `--folder`
//! (default: the system's temporary folder), and the rates of one run may be compared with each other.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use collector::log::{Entry, LogKey};
use collector::sequencer::{Draft, Ends, Limits, NewReceipt, Numbered, Sequencer};
use collector::store::redb::{CACHE_BYTES_DEFAULT, RedbEngine};
use collector::store::{Engine, Space, keys};
use ed25519_dalek::SigningKey;

const ORGANISATION: u32 = 1;
const BODY_BYTES: usize = 282;
const SUBJECT_BYTES: usize = 230;
/// What stands for somebody who was asked four things.
const STANDING_BYTES: usize = 50;
const SECONDS_PER_ROUND: u64 = 4;

/// Xorshift: fast, and random enough to defeat compression and to scatter keys.
struct Noise(u64);

impl Noise {
    fn fill<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 32) as u8
        })
    }

    /// An id that sorts by time, like `ReceiptId` and `SubjectId`.
    fn id(&mut self, milliseconds: u64) -> [u8; 16] {
        let mut id = self.fill::<16>();
        id[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
        id
    }
}

/// What one submit of a new person writes.
fn draft(noise: &mut Noise, milliseconds: u64) -> Draft {
    let id = noise.id(milliseconds);
    let body = noise.fill::<BODY_BYTES>().to_vec();
    let digest = noise.fill::<16>();
    let prefix = keys::organisation(ORGANISATION).to_vec();
    let numbered = vec![
        Numbered::key(Space::Subject, prefix.clone(), noise.fill::<SUBJECT_BYTES>().to_vec()),
        Numbered {
            space: Space::Contact,
            prefix: [&prefix[..], &digest].concat(),
            value: noise.fill::<STANDING_BYTES>().to_vec(),
            ends: Ends::Both,
        },
    ];
    let entry = Entry { origin: "c.example/log/kaas".into(), commitment: noise.fill() };
    // Of each purpose: today's counter.
    let counted = (0..4_u8).map(|purpose| vec![purpose; 40]).collect();
    let receipt = NewReceipt { organisation: ORGANISATION, id, body, entry, numbered, counted };
    Draft { receipt: Some(receipt), ..Draft::default() }
}

fn now_ms() -> u64 {
    let since =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock after 1970");
    u64::try_from(since.as_millis()).expect("a clock before the year 500 million")
}

/// CPU time of this process so far, from `/proc/self/stat` (clock ticks of 10 ms).
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

struct Round {
    per_second: f64,
    waits: Vec<Duration>,
    cpu_us: f64,
}

impl Round {
    fn wait_ms(&self, share: f64) -> f64 {
        let index = (self.waits.len() as f64 * share) as usize;
        self.waits.get(index.min(self.waits.len() - 1)).map_or(0.0, |wait| wait.as_secs_f64() * 1e3)
    }
}

async fn round(sequencer: &Sequencer, tasks: usize, seed: u64) -> Round {
    let (began, cpu_before) = (Instant::now(), cpu());
    let until = began + Duration::from_secs(SECONDS_PER_ROUND);
    let running: Vec<_> = (0..tasks as u64)
        .map(|task| {
            let sequencer = sequencer.clone();
            tokio::spawn(async move {
                let mut noise = Noise(seed << 32 | (task + 1) << 8 | 1);
                let mut waits = Vec::new();
                while Instant::now() < until {
                    let draft = draft(&mut noise, now_ms());
                    let asked = Instant::now();
                    sequencer.store(draft).await.expect("a store that works");
                    waits.push(asked.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in running {
        waits.extend(task.await.expect("a task that ends"));
    }
    waits.sort_unstable();
    let count = waits.len() as f64;
    let cpu_us = (cpu() - cpu_before).as_secs_f64() * 1e6 / count;
    Round { per_second: count / began.elapsed().as_secs_f64(), waits, cpu_us }
}

fn start(path: &Path, batch_drafts_max: usize) -> Sequencer {
    let key = LogKey::new(SigningKey::from_bytes(&[1; 32]));
    let engine: Arc<dyn Engine> =
        Arc::new(RedbEngine::create(path, CACHE_BYTES_DEFAULT).expect("a folder to write in"));
    Sequencer::start(engine, Limits { batch_drafts_max, ..Limits::default() }, key).expect("a thread")
}

async fn rates(folder: &Path) {
    println!("| tasks | batch | receipts/s | p50 ms | p99 ms | p99.9 ms | CPU µs per receipt |");
    println!("|---|---|---|---|---|---|---|");
    for (seed, tasks) in [1_usize, 16, 64, 256].into_iter().enumerate() {
        for batch in [256, 1] {
            let sequencer = start(&folder.join(format!("rate-{tasks}-{batch}")), batch);
            let round = round(&sequencer, tasks, seed as u64 + 1).await;
            let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| round.wait_ms(share));
            let (rate, cpu_us) = (round.per_second, round.cpu_us);
            println!("| {tasks} | {batch} | {rate:.0} | {p50:.2} | {p99:.2} | {p999:.2} | {cpu_us:.1} |");
            sequencer.close().await;
        }
    }
}

async fn fill(folder: &Path, receipts: u64) {
    let path = folder.join("fill");
    let sequencer = start(&path, 256);
    let left = Arc::new(AtomicU64::new(receipts));
    let began = Instant::now();
    let tasks: Vec<_> = (0..512_u64)
        .map(|task| {
            let (sequencer, left) = (sequencer.clone(), Arc::clone(&left));
            tokio::spawn(async move {
                let mut noise = Noise(0xfee1 << 40 | (task + 1) << 8 | 1);
                while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
                    sequencer.store(draft(&mut noise, now_ms())).await.expect("a store that works");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a task that ends");
    }
    let seconds = began.elapsed().as_secs_f64();
    sequencer.close().await;
    drop(sequencer);
    let bytes = path.metadata().expect("the file just written").len();
    let (rate, each) = (receipts as f64 / seconds, bytes as f64 / receipts as f64);
    println!("{receipts} receipts: {rate:.0}/s, {each:.0} bytes on disk each ({bytes} in all)");
    let opening = Instant::now();
    drop(RedbEngine::open(&path, CACHE_BYTES_DEFAULT).expect("a store that opens"));
    println!("opens in {:.1} ms", opening.elapsed().as_secs_f64() * 1e3);
}

fn value_of(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let receipts = value_of("--receipts").map_or(100_000, |n| n.parse().expect("--receipts takes a number"));
    let folder = value_of("--folder").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder).expect("a folder to write in");
    if !std::env::args().any(|argument| argument == "--no-rates") {
        rates(folder.path()).await;
    }
    fill(folder.path(), receipts).await;
}
