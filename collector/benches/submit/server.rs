//! The servers under load, as processes on core 0.
//!
//! Invariant: a process does not outlive its [`Server`].

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::load::{Load, Target};

const FORM: &str = "kaas/aanmelden";

/// What both servers say when they listen, before their address.
const READY: &str = "vinkje listening on ";

/// A server on core 0.
pub(crate) struct Server {
    process: Child,
}

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The demo shop's definition for a crowd that counts at once: nobody here reads the mail that would ask them.
fn shop(folder: &Path) -> Result<PathBuf> {
    let demo = std::fs::read_to_string(root().join("www/shop/shop.toml"))?;
    let path = folder.join("shop.toml");
    std::fs::write(&path, demo.replace("[[form]]\n", "[[form]]\ndouble_opt_in = false\n"))?;
    Ok(path)
}

impl Server {
    /// An axum handler that reads the body and does nothing.
    pub(crate) async fn empty() -> Result<(Self, Load)> {
        let mut command = on_core_0(std::env::current_exe()?);
        command.arg(empty::ARGUMENT);
        let (server, address) = Self::start(command)?;
        Ok((server, Load::new(Target::Empty, &address).await?))
    }

    /// A collector with the demo shop's form, in a new folder.
    pub(crate) async fn collector(
        folder: &Path,
        assets: &Path,
        batch: Option<usize>,
    ) -> Result<(Self, Load)> {
        let data = data(folder);
        let listen = format!("127.0.0.1:{}", free_port()?);
        run(vinkje().args(["init", "--base-url", &format!("http://{listen}"), "--data"]).arg(&data))?;
        // The load is quicker than people.
        let (settings, quick) = (data.join("vinkje.toml"), "quick_seconds = 2");
        let text = std::fs::read_to_string(&settings)?;
        ensure!(text.contains(quick), "the settings have no line {quick}");
        std::fs::write(&settings, text.replace(quick, "quick_seconds = 0"))?;
        run(vinkje().arg("apply").arg(shop(folder)?).arg("--data").arg(&data))?;
        let mut command = on_core_0(env!("CARGO_BIN_EXE_vinkje").into());
        command.args(["serve", "--listen", &listen, "--data"]).arg(&data).arg("--assets").arg(assets);
        // All the load comes from one address, which the limit per address would slow down.
        command.args(["--requests-per-minute", "0"]);
        if let Some(batch) = batch {
            command.args(["--max-batch", &batch.to_string()]);
        }
        let (server, _) = Self::start(command)?;
        Ok((server, Load::new(Target::Form(FORM.into()), &listen).await?))
    }

    fn start(mut command: Command) -> Result<(Self, String)> {
        command.env("RUST_LOG", "warn,vinkje=info").stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut process = command.spawn().context("couldn't start the server")?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut server = Self { process };
        let mut lines = BufReader::new(output).lines();
        let ready =
            lines.by_ref().find_map(|line| line.ok()?.split_once(READY).map(|(_, rest)| rest.to_owned()));
        let Some(rest) = ready else {
            anyhow::bail!("the server ended at once: {}", server.process.wait()?);
        };
        // Go on reading, so that the server never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        let address = rest.trim_start_matches("http://").split_whitespace().next().unwrap_or_default();
        Ok((server, address.trim_end_matches('/').to_owned()))
    }

    /// Processor time so far. Linux counts in ticks of 10 ms.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Resident memory in KiB.
    pub(crate) fn memory_kib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        line.split_whitespace().next().context("no figure")?.parse().context("not a figure")
    }

    /// Asks it to stop in order, and waits for that.
    pub(crate) fn stop(mut self) -> Result<()> {
        run(Command::new("kill").args(["-TERM", &self.process.id().to_string()]))?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails when it has ended already, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn vinkje() -> Command {
    Command::new(env!("CARGO_BIN_EXE_vinkje"))
}

/// `taskset` becomes the program it starts, so the process id is the server's.
fn on_core_0(program: PathBuf) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("couldn't run {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed: {said}");
    Ok(())
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Has a stopped collector's store looked at from end to end; gives how long that took.
pub(crate) fn fsck(folder: &Path) -> Result<Duration> {
    let began = Instant::now();
    run(vinkje().arg("fsck").arg("--data").arg(data(folder)))?;
    Ok(began.elapsed())
}

/// The data folder of the collector in a folder.
pub(crate) fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// Bytes that the store's file takes of the disk: what it has reserved and never written takes none. Letters that the collector
/// wrote for their readers lie beside it.
pub(crate) fn store_bytes(folder: &Path) -> Result<u64> {
    Ok(std::fs::metadata(data(folder).join("vinkje.redb"))?.blocks() * 512)
}

/// The yardstick: what HTTP alone costs.
pub(crate) mod empty {
    use anyhow::Result;
    use axum::Router;
    use axum::body::Bytes;
    use axum::http::{StatusCode, header};
    use axum::routing::post;

    /// Makes this program the empty server.
    pub(crate) const ARGUMENT: &str = "--empty-server";

    /// As long as a real answer: two links with tokens and an id.
    const ANSWER: [u8; 290] = [b' '; 290];

    /// Serves until it is stopped.
    pub(crate) fn serve() -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            println!("{}http://{}", super::READY, listener.local_addr()?);
            let answer = (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], &ANSWER[..]);
            let app = Router::new().route("/", post(async move |_body: Bytes| answer));
            axum::serve(listener, app).await?;
            Ok(())
        })
    }
}
