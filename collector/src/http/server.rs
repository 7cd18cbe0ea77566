//! The listening side: accepting, bounding and gently ending connections.
//!
//! It speaks HTTP/1.1: TLS and HTTP/2 are the work of the proxy before it, and no browser speaks HTTP/2 without TLS.
//!
//! Invariant: a connection that sends its head too slowly, or takes no bytes, is closed; there are never more connections
//! than places; and a stop lets requests that were accepted finish.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tower::Service;

use super::places::Places;

/// How long a client may take to send a request's head, the first as well as the next.
const HEAD_SECONDS_MAX: Duration = Duration::from_secs(10);

#[cfg(target_os = "linux")]
/// How long a client may leave bytes untaken that were sent to it.
const UNTAKEN_SECONDS_MAX: Duration = Duration::from_secs(20);

/// How long a stop waits for requests that run.
const STOP_SECONDS_MAX: Duration = Duration::from_secs(15);

/// Most bytes of a request's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Between tries when the system gives no connection, for want of memory or files: others must end first.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves, then lets running requests finish.
pub async fn serve(
    listener: TcpListener,
    places: Arc<Places>,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_SECONDS_MAX).max_buf_size(HEAD_BYTES_MAX);
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    let mut accepting = Accepting::new(listener);
    loop {
        // All of it waits for the stop too: also while every place is taken.
        let next = async { (places.free().await, accepting.next().await) };
        let (free, (stream, peer)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let Some(place) = places.take(free, peer) else { continue };
        let watcher = graceful.watcher();
        let (builder, router) = (builder.clone(), router.clone());
        tokio::spawn(async move {
            connection(&builder, router, stream, peer, watcher).await;
            drop(place);
        });
    }
    drop(accepting);
    if tokio::time::timeout(STOP_SECONDS_MAX, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections were cut: they did not end in time");
    }
}

struct Accepting {
    listener: TcpListener,
    /// Whether the fault that lasts has been logged.
    said: bool,
    /// Of the tries while it lasts.
    pace: Interval,
}

impl Accepting {
    fn new(listener: TcpListener) -> Self {
        let mut pace = interval(ACCEPT_AGAIN);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { listener, said: false, pace }
    }

    async fn next(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok(accepted) => {
                    self.said = false;
                    return accepted;
                }
                Err(error) => {
                    if !std::mem::replace(&mut self.said, true) {
                        tracing::error!(%error, "the system gives no connection; trying again until it does");
                    }
                    self.pace.tick().await;
                }
            }
        }
    }
}

async fn connection(
    builder: &Builder,
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    watcher: Watcher,
) {
    // Answers are small: waiting to fill a segment would only delay them.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(UNTAKEN_SECONDS_MAX));
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let served = builder.serve_connection(TokioIo::new(stream), service);
    // Errors here are the client's: cut wires and slow heads. They are counted nowhere and logged at debug only.
    if let Err(error) = watcher.watch(served).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
