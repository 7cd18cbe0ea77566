//! Calling others over HTTP(S): witnesses, the owner's own programs, newsletter tools.
//!
//! In scope: one exchange, bounded in time and size, to where it may go (`guard`). Out of scope: what is asked, and what an
//! answer means.
//!
//! Invariant: an answer is read up to its limit, a redirect is not followed, and certificates are checked against those that
//! the machine trusts. Each caller has connections of its own, so none goes where its own guard would not let it.

use std::error::Error;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::{HeaderMap, Request, StatusCode};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use tower::Service;

pub mod guard;

pub use guard::{Forbidden, Reach};

/// How long a connection is kept for the next exchange: shorter than servers keep theirs, so that none is cut as it is used.
const IDLE_SECONDS_MAX: Duration = Duration::from_secs(4);

/// Most bytes of the head of an answer.
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// Whom we say we are.
pub const AGENT: &str = concat!("Vinkje/", env!("CARGO_PKG_VERSION"));

/// The certificate authorities of this machine, read once.
#[derive(Clone)]
pub struct Trust(ClientConfig);

impl Trust {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// When the machine has none.
    pub fn of_this_machine() -> std::io::Result<Self> {
        Ok(Self(ClientConfig::builder().with_native_roots()?.with_no_client_auth()))
    }
}

/// How far an exchange may go.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The longest that it may take: from looking up the name to the last byte.
    pub time: Duration,
    /// Most bytes of the answer's body.
    pub body_bytes_max: usize,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Why nothing came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// It may not be called.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Nobody answers there, or their certificate is not good.
    #[error("no connection")]
    Connect,
    /// The time for it was over.
    #[error("too slow")]
    TimedOut,
    /// The answer was too long, or broke off.
    #[error("no whole answer")]
    Broken,
}

/// Calls others. Clones share connections.
#[derive(Clone)]
pub struct Caller {
    pool: Pool<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>,
    reach: Arc<Reach>,
    bounds: Bounds,
}

impl Caller {
    /// A caller that goes no further than this, and keeps so many idle connections to each host.
    #[must_use]
    pub fn new(trust: &Trust, reach: Reach, bounds: Bounds, idle_max: usize) -> Self {
        let reach = Arc::new(reach);
        let mut http = HttpConnector::new_with_resolver(Resolver(reach.clone()));
        http.enforce_http(false);
        http.set_nodelay(true);
        let https = HttpsConnectorBuilder::new().with_tls_config(trust.0.clone());
        let connector = https.https_or_http().enable_http1().wrap_connector(http);
        let mut builder = Pool::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_SECONDS_MAX);
        builder.pool_max_idle_per_host(idle_max).http1_max_buf_size(HEAD_BYTES_MAX);
        Self { pool: builder.build(connector), reach, bounds }
    }

    /// Sends a request and gives its whole answer.
    ///
    /// # Errors
    ///
    /// A [`CallError`]; whether the other side got the request is then not known, unless it is forbidden.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, CallError> {
        self.reach.admits(request.uri())?;
        let exchange = async {
            let answer = self.pool.request(request).await.map_err(|error| why(&error))?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, self.bounds.body_bytes_max).collect().await;
            let body = body.map_err(|_| CallError::Broken)?.to_bytes();
            Ok(Answer { status: head.status, headers: head.headers, body })
        };
        tokio::time::timeout(self.bounds.time, exchange).await.unwrap_or(Err(CallError::TimedOut))
    }
}

fn why(error: &hyper_util::client::legacy::Error) -> CallError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if let Some(forbidden) = one.downcast_ref::<Forbidden>() {
            return CallError::Forbidden(*forbidden);
        }
        cause = one.source();
    }
    if error.is_connect() { CallError::Connect } else { CallError::Broken }
}

/// Looks names up, and gives only addresses where a call may go.
#[derive(Clone)]
struct Resolver(Arc<Reach>);

type Found = std::vec::IntoIter<SocketAddr>;
type AnyError = Box<dyn Error + Send + Sync>;

impl Service<Name> for Resolver {
    type Response = Found;
    type Error = AnyError;
    type Future = Pin<Box<dyn Future<Output = Result<Found, AnyError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), AnyError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let reach = self.0.clone();
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            reach.admits_all(name.as_str(), &found)?;
            Ok(found.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    const BOUNDS: Bounds = Bounds { time: Duration::from_secs(5), body_bytes_max: 64 };

    fn caller(allowed: &[&str]) -> Caller {
        let allowed = allowed.iter().map(|name| (*name).to_owned()).collect();
        Caller::new(&Trust::of_this_machine().unwrap(), Reach::Public { allowed }, BOUNDS, 1)
    }

    fn get(url: &str) -> Request<Full<Bytes>> {
        Request::get(url).body(Full::default()).unwrap()
    }

    /// A server that says the same to everybody, on a port of its own.
    async fn saying(answer: String) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_unless_it_is_allowed() {
        let port = saying("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".into()).await;
        let plain = format!("http://localhost:{port}/");
        assert_eq!(caller(&["localhost"]).send(get(&plain)).await.unwrap().status, 204);
        assert_eq!(caller(&[]).send(get(&plain)).await, Err(CallError::Forbidden(Forbidden::Scheme)));
        // The name is resolved, and then no connection is made: there would be one, though no TLS.
        let refused = caller(&[]).send(get(&format!("https://localhost:{port}/"))).await;
        assert_eq!(refused, Err(CallError::Forbidden(Forbidden::Inside)));
    }

    #[tokio::test]
    async fn whatever_a_name_looks_like_its_addresses_are_judged() {
        let reach = Arc::new(Reach::Public { allowed: vec!["localhost".into()] });
        let look_up = async |host: &str| Resolver(reach.clone()).call(host.parse().unwrap()).await;
        for host in ["127.1", "2130706433", "0x7f000001", "017700000001", "0", "10.1", "::1"] {
            let refused = look_up(host).await.unwrap_err();
            assert!(refused.is::<Forbidden>(), "{host}: {refused}");
        }
        assert!(look_up("LOCALHOST").await.unwrap().all(|address| address.ip().is_loopback()));
    }

    #[tokio::test]
    async fn an_answer_is_bounded_and_a_redirect_is_only_an_answer() {
        let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 65\r\n\r\n{}", "x".repeat(65));
        let long = format!("http://127.0.0.1:{}/", saying(long).await);
        assert_eq!(caller(&["127.0.0.1"]).send(get(&long)).await, Err(CallError::Broken));
        let moved =
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        let moved = format!("http://127.0.0.1:{}/", saying(moved.into()).await);
        assert_eq!(caller(&["127.0.0.1"]).send(get(&moved)).await.unwrap().status, 307);
    }

    #[tokio::test]
    async fn nobody_there_and_nobody_who_speaks_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
        let mut impatient = caller(&["127.0.0.1"]);
        impatient.bounds.time = Duration::from_millis(200);
        assert_eq!(impatient.send(get(&silent)).await, Err(CallError::TimedOut));
        drop(listener);
        assert_eq!(caller(&["127.0.0.1"]).send(get(&silent)).await, Err(CallError::Connect));
    }
}
