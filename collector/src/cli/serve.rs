//! `vinkje serve`: opens what `init` made, and serves until it is told to stop.
//!
//! Invariant: the line that says where it listens is printed when it does; on SIGTERM or Ctrl-C requests that were
//! accepted finish, and the store is closed in order. A store that turns out to be damaged ends it too, with an error.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::{Data, open};
use crate::assets::Assets;
use crate::catalogue::Registry;
use crate::control;
use crate::cosigning::{Witnesses, Work, configured};
use crate::endpoints::Endpoints;
use crate::http::places::Places;
use crate::http::{App, router, server};
use crate::journal::Journal;
use crate::mail::Mailer;
use crate::outbox;
use crate::sequencer::{Limits, Sequencer};
use crate::service::bots::Bots;
use crate::service::due::look_on;
use crate::service::{LetterLimit, Service};

/// Between two looks for what time has brought. Terms are days and months, so minutes do not matter.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(10 * 60);

/// How long a stop waits for letters and deliveries that are under way.
const OUTBOX_SECONDS_MAX: std::time::Duration = std::time::Duration::from_secs(25);

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
    /// The folder of the widget's files; otherwise `assets` of the settings.
    #[arg(long, value_name = "DIR")]
    assets: Option<PathBuf>,
    /// Where to listen; otherwise `listen` of the settings.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Answers per network and minute; 0 for no limit; otherwise `requests_per_minute` of the settings.
    #[arg(long, value_name = "N")]
    requests_per_minute: Option<u32>,
    /// Receipts in one commit at most: 1 to measure what gathering is worth.
    #[arg(long, value_name = "N")]
    max_batch: Option<usize>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    log_to_stderr();
    let data = &args.data.data;
    let held = || format!("couldn't open the store in {}: another process holds it", data.display());
    let mut opened = open::open(data)?.with_context(held)?;
    if let Some(per_minute) = args.requests_per_minute {
        opened.config.requests_per_minute = per_minute;
    }
    let assets = args.assets.clone().or_else(|| opened.config.assets.clone());
    let assets =
        Assets::load(&assets.context("couldn't find the widget's files: name their folder with --assets")?)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve(args, opened, assets))?;
    Ok(ExitCode::SUCCESS)
}

/// Logs to standard error what `RUST_LOG` asks for; of other crates warnings at most. At their lower levels they
/// show what they work on: yew writes the form that it draws, with the address that somebody typed.
pub(super) fn log_to_stderr() {
    let asked = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let ours = filter_fn(|about| about.target().starts_with("collector") || *about.level() <= Level::WARN);
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry().with(log.with_filter(asked.and(ours))).init();
}

async fn serve(args: &Args, opened: open::Opened, assets: Assets) -> Result<()> {
    let open::Opened { config, keys, engine } = opened;
    let mut limits = Limits::default();
    if let Some(batch) = args.max_batch {
        limits.batch_drafts_max = batch;
    }
    let registry = Registry::open(engine.clone(), &config.base_url)?;
    let sequencer = Sequencer::start(engine.clone(), limits, keys.log.clone())?;
    let base_url = config.base_url.clone();
    let journal = Journal::new(&args.data.data);
    let endpoints = Arc::new(Endpoints::open(engine.clone(), keys.clone())?);
    let witnesses = Witnesses::new(configured::read(&config.witness)?, config.witness_pace());
    let service = Service {
        engine,
        sequencer: sequencer.clone(),
        registry,
        keys,
        journal,
        assets,
        witnesses,
        endpoints,
        letter_limit: LetterLimit::new()?,
        slip_limit: Default::default(),
        bots: Bots::new(config.quick_seconds, config.confirm_letters_per_hour),
        stop_mail: Arc::new(config.mail.unsubscribe.clone()),
        base_url,
    };
    let service = Arc::new(service);
    let asking = ask(&service)?;
    let address = args.listen.unwrap_or(config.listen);
    let listener = TcpListener::bind(address).await;
    let listener =
        listener.with_context(|| format!("couldn't listen on {address}: choose another --listen"))?;
    let mut pace = tokio::time::interval(LOOK_EVERY);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let due = tokio::spawn(look_on(service.clone(), pace));
    let mailer = Arc::new(Mailer::new(&config.mail, config.authority(), &args.data.data)?);
    let (stop_outbox, stopping) = watch::channel(false);
    let outbox = outbox::start(service.clone(), mailer, stopping.clone())?;
    let deliveries = tokio::spawn(outbox::deliveries::run(service.clone(), stopping)?);
    let control = tokio::spawn(control::serve(control::listen(&args.data.data)?, service.clone()));
    println!("vinkje listening on http://{}", listener.local_addr()?);
    let stop = stopped(stop_signal()?, &sequencer);
    let places = Places::new(config.trusted_proxies.clone());
    server::serve(listener, places, router(App::new(service, &config)), stop).await;
    let damaged = !sequencer.is_open();
    control.abort();
    due.abort();
    asking.abort();
    // What is under way is finished, as far as the other side lets it: what is not comes again at the next start.
    stop_outbox.send_replace(true);
    let both = async { tokio::join!(outbox, deliveries) };
    if tokio::time::timeout(OUTBOX_SECONDS_MAX, both).await.is_err() {
        tracing::warn!("something was under way at the end; it is sent again at the next start");
    }
    let _ = std::fs::remove_file(control::path(&args.data.data));
    sequencer.close().await;
    ensure!(
        !damaged,
        "the store is damaged, so nothing is taken any more. Keep {}, look with `vinkje fsck`, and put back a backup with \
         `vinkje restore`",
        open::store_path(&args.data.data).display()
    );
    tracing::info!("stopped: everything that was accepted is stored");
    Ok(())
}

/// Until somebody asks to stop, or the store turns out to be damaged.
async fn stopped(asked: impl Future<Output = ()>, sequencer: &Sequencer) {
    tokio::select! {
        () = asked => {}
        () = sequencer.ended() => {}
    }
}

/// Asks the witnesses in the background, if there are any.
fn ask(service: &Arc<Service>) -> Result<JoinHandle<()>> {
    if service.witnesses.keys().next().is_none() {
        return Ok(tokio::spawn(async {}));
    }
    let work = Work {
        engine: service.engine.clone(),
        sequencer: service.sequencer.clone(),
        log: service.keys.log.clone(),
        base_url: service.base_url.clone(),
    };
    let (witnesses, service) = (service.witnesses.clone(), service.clone());
    Ok(tokio::spawn(witnesses.rounds(work, move || service.registry.now())?))
}

pub(super) fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
