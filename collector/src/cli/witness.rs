//! `vinkje witness`: watches the logs of others, so that they cannot be rewritten unseen.
//!
//! Invariant: `init` creates, `serve` only opens; a log is watched only after `add`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use super::serve::{log_to_stderr, stop_signal};
use crate::http::places::Places;
use crate::http::server;
use crate::witness::server::router;
use crate::witness::{self, Settings, Witness, logs};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make a new witness: key, settings and an empty store.
    Init(InitArgs),
    /// Watch a log; works while the witness is serving.
    Add(AddArgs),
    /// Answer collectors that ask for cosignatures.
    Serve(ServeArgs),
}

#[derive(clap::Args)]
struct Folder {
    /// The witness's folder.
    #[arg(long, value_name = "DIR", default_value = "witness")]
    data: PathBuf,
}

#[derive(clap::Args)]
struct InitArgs {
    #[command(flatten)]
    folder: Folder,
    /// Its name in cosignatures: the address under which collectors reach it, without https://.
    #[arg(long)]
    name: String,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
}

#[derive(clap::Args)]
struct AddArgs {
    #[command(flatten)]
    folder: Folder,
    /// The log's key, as published under /log/ORGANISATION/key.
    #[arg(value_name = "LOG-KEY")]
    log: String,
}

#[derive(clap::Args)]
struct ServeArgs {
    #[command(flatten)]
    folder: Folder,
    /// Where to listen; otherwise `listen` of the settings.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    match &args.command {
        Command::Init(args) => init(args)?,
        Command::Add(args) => add(args)?,
        Command::Serve(args) => open_and_serve(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn init(args: &InitArgs) -> Result<()> {
    let folder = &args.folder.data;
    witness::create(folder, &Settings { name: args.name.clone(), listen: args.listen })?;
    let key = witness::key(folder)?;
    let shown = folder.display();
    println!("made {shown}: key, settings and an empty store");
    println!("next: vinkje witness add LOG-KEY --data {shown}, then vinkje witness serve --data {shown}");
    println!("for the vinkje.toml of each collector that asks this witness:\n");
    println!("[[witness]]\nurl = \"https://{}\"\nkey = \"{key}\"", args.name);
    Ok(())
}

fn add(args: &AddArgs) -> Result<()> {
    let folder = &args.folder.data;
    // A folder without a witness gets no list either.
    witness::key(folder)?;
    let said =
        if logs::add(folder, &args.log)? { "watching it from now on" } else { "it is watched already" };
    println!("{said}: {}", logs::path(folder).display());
    Ok(())
}

fn open_and_serve(args: &ServeArgs) -> Result<()> {
    log_to_stderr();
    let witness = Witness::open(&args.folder.data)?;
    let address = args.listen.unwrap_or(witness.settings.listen);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(witness, address))
}

async fn serve(witness: Witness, address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address).await;
    let listener =
        listener.with_context(|| format!("couldn't listen on {address}: choose another --listen"))?;
    println!("vinkje witness {} listening on http://{}", witness.key(), listener.local_addr()?);
    let stop = stop_signal()?;
    server::serve(listener, Places::new(Vec::new()), router(Arc::new(witness)), stop).await;
    Ok(())
}
