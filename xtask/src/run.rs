//! Everything on this machine: the widget, a collector with the demo organisation, and the demo shop.
//!
//! In scope: building, making `./data`, starting, printing the links, stopping. Out of scope: how any of these work.
//!
//! Invariant: what this task starts, it stops; an existing data folder is used as it is.

use std::fs;
use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::shop::{self, Shop};
use crate::{assets, mailbox, shell};

const START_SECONDS: u64 = 20;
const STOP_SECONDS: u64 = 20;
const SHOP_PORT: u16 = 8090;
const MAIL_PORT: u16 = 8025;

/// Where things run.
#[derive(clap::Args)]
pub struct Args {
    /// Port of the collector
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the demo shop
    #[arg(long, default_value_t = SHOP_PORT)]
    shop_port: u16,
    /// Port of the mailbox page, which shows what would be mailed
    #[arg(long, default_value_t = MAIL_PORT)]
    mail_port: u16,
    /// The collector's data folder, made when it isn't there
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

impl Args {
    fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Builds what has changed, starts everything, and stops it on Ctrl-C.
///
/// # Errors
///
/// Names the step that failed, or the flag that avoids a busy port.
pub fn run(mut args: Args) -> Result<()> {
    args.data = std::path::absolute(&args.data).context("the data folder's path")?;
    let runtime = tokio::runtime::Runtime::new().context("couldn't start")?;
    let listeners = runtime.block_on(async {
        drop(listen(args.port, "--port").await?);
        let shop = listen(args.shop_port, "--shop-port").await?;
        anyhow::Ok((shop, listen(args.mail_port, "--mail-port").await?))
    })?;
    assets::build()?;
    let mut cargo = shell::cargo();
    cargo.args(["build", "--release", "-p", "collector", "--bin", "vinkje", "--target-dir", "target"]);
    shell::run("Building the collector", &mut cargo)?;
    prepare(&args)?;
    let shop = Shop::load(&shell::root().join("www/shop/site"), &args.base_url())?;
    runtime.block_on(serve(&args, listeners, shop))
}

async fn listen(port: u16, flag: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    listener.with_context(|| format!("couldn't listen on port {port}. Choose another one with {flag}"))
}

fn vinkje() -> PathBuf {
    shell::root().join("target/release/vinkje")
}

/// The data folder and the demo organisation in it.
fn prepare(args: &Args) -> Result<()> {
    let settings = args.data.join("vinkje.toml");
    if let Ok(text) = fs::read_to_string(&settings) {
        if !text.contains(&format!("base_url = \"{}\"", args.base_url())) {
            bail!(
                "{} was made for another address than {}. Give --port the one that stands there, or name another folder with --data",
                args.data.display(),
                args.base_url()
            );
        }
    } else {
        let mut init = shell::command(vinkje());
        init.arg("init").arg("--data").arg(&args.data).args(["--base-url", &args.base_url()]);
        shell::run("Making the data folder", &mut init)?;
    }
    let mut apply = shell::command(vinkje());
    apply.arg("apply").arg(definition(args)?).arg("--data").arg(&args.data);
    shell::run("Putting the demo shop's form in place", &mut apply)
}

/// The shop's definition, with the origin where the shop runs.
fn definition(args: &Args) -> Result<PathBuf> {
    let written = shell::root().join("www/shop/shop.toml");
    if args.shop_port == SHOP_PORT {
        return Ok(written);
    }
    let text = fs::read_to_string(&written).context("couldn't read www/shop/shop.toml")?;
    let moved = shell::root().join("target/vinkje-shop.toml");
    fs::write(&moved, text.replace(&format!(":{SHOP_PORT}\""), &format!(":{}\"", args.shop_port)))?;
    Ok(moved)
}

async fn serve(args: &Args, (shop_at, mail_at): (TcpListener, TcpListener), shop: Shop) -> Result<()> {
    let mut collector = start(args)?;
    let (stop, stopped) = watch::channel(false);
    let stopping = stop_signal()?;
    let shop = tokio::spawn(shop::serve(shop_at, shop, until(stopped.clone())));
    let mailbox = tokio::spawn(mailbox::serve(mail_at, args.data.join("mail"), until(stopped)));
    let outcome = tokio::select! {
        outcome = watch_over(args, &mut collector) => outcome,
        () = stopping => Ok(()),
    };
    let _ = stop.send(true);
    let ended = end(collector).await;
    let limit = Duration::from_secs(STOP_SECONDS);
    // A browser may hold an idle connection open; that is no reason to wait longer.
    let both = async { (shop.await, mailbox.await) };
    let _ = tokio::time::timeout(limit.min(Duration::from_secs(2)), both).await;
    outcome.and(ended)
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn start(args: &Args) -> Result<Child> {
    let mut vinkje = shell::command(vinkje());
    vinkje.arg("serve").arg("--data").arg(&args.data).arg("--assets").arg(assets::folder());
    vinkje.args(["--listen", &format!("127.0.0.1:{}", args.port)]);
    Command::from(vinkje).kill_on_drop(true).spawn().context("couldn't start the collector")
}

/// Waits for the collector to be ready, prints the links, and ends when the collector ends.
async fn watch_over(args: &Args, collector: &mut Child) -> Result<()> {
    tokio::select! {
        status = collector.wait() => bail!("the collector didn't start ({})", status?),
        ready = tokio::time::timeout(Duration::from_secs(START_SECONDS), healthy(args.port)) => {
            ready.with_context(|| format!("the collector didn't answer within {START_SECONDS} seconds"))?;
        }
    }
    print_links(args);
    let status = collector.wait().await?;
    bail!("the collector stopped by itself ({status})")
}

async fn healthy(port: u16) {
    let mut tick = tokio::time::interval(Duration::from_millis(25));
    loop {
        tick.tick().await;
        if asks_health(port).await.is_ok_and(|answer| answer.contains(" 200 ")) {
            return;
        }
    }
}

/// The first bytes of the answer to `GET /health`.
async fn asks_health(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!("GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = [0; 64];
    let read = stream.read(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer[..read]).into_owned())
}

fn print_links(args: &Args) {
    let (collector, shop) = (args.base_url(), format!("http://127.0.0.1:{}", args.shop_port));
    println!();
    println!("  Shop page     {shop}/            (English: {shop}/en/)");
    println!("  Sign-up page  {shop}/lid-worden.html");
    println!("  Hosted form   {collector}/f/kaas/aanmelden");
    println!("  Mailbox       http://127.0.0.1:{}/            (what would be mailed)", args.mail_port);
    println!("  Manage page   {collector}/m/…     the receipt shows your own link");
    println!("  Counter       {collector}/kiosk/kaas   pair it with the code that this prints:");
    println!(
        "                target/release/vinkje kiosk add kaas --name Toonbank --place Winkel --form aanmelden --data {}",
        args.data.display()
    );
    println!();
    println!("  Stop with Ctrl-C. Data is in {}", args.data.display());
    println!();
}

/// Asks the collector to stop (Ctrl-C in a terminal has asked it already) and waits for that.
async fn end(mut collector: Child) -> Result<()> {
    if let Some(id) = collector.id() {
        let _ = Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
    }
    let limit = Duration::from_secs(STOP_SECONDS);
    let waited = tokio::time::timeout(limit, collector.wait()).await;
    waited.with_context(|| {
        format!("the collector didn't stop within {STOP_SECONDS} seconds, and was ended")
    })??;
    Ok(())
}

fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
