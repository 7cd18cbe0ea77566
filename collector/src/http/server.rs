//! The listening side: accepting, bounding and gently ending connections.
//!
//! Invariant: a connection that sends its head too slowly is closed, there are never more connections than the limit,
//! and a stop lets requests that were accepted finish.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::Service;

/// Connections at the same time: each costs tens of kilobytes.
const CONNECTIONS_MAX: usize = 4_096;

/// How long a client may take to send a request's head.
const HEAD_SECONDS_MAX: Duration = Duration::from_secs(10);

/// How long a stop waits for requests that run.
const STOP_SECONDS_MAX: Duration = Duration::from_secs(15);

/// Most bytes of a request's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Serves until `stop` resolves, then lets running requests finish.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_SECONDS_MAX)
        .max_buf_size(HEAD_BYTES_MAX);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(HEAD_BYTES_MAX as u32);
    let builder = Arc::new(builder);
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        // All of it waits for the stop too: also while every place is taken.
        let next = async { (places.clone().acquire_owned().await, listener.accept().await) };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (Ok((stream, peer)), Ok(place)) = (accepted, place) else { continue };
        let watcher = graceful.watcher();
        let (builder, router) = (builder.clone(), router.clone());
        tokio::spawn(async move {
            connection(&builder, router, stream, peer, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_SECONDS_MAX, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections were cut: they did not end in time");
    }
}

async fn connection(
    builder: &Builder<TokioExecutor>,
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    watcher: hyper_util::server::graceful::Watcher,
) {
    // Answers are small: waiting to fill a segment would only delay them.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let served = builder.serve_connection(TokioIo::new(stream), service);
    // Errors here are the client's: cut wires and slow heads. They are counted nowhere and logged at debug only.
    if let Err(error) = watcher.watch(served.into_owned()).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
