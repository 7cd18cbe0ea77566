//! Asking a witness over HTTP(S).
//!
//! In scope: one exchange, bounded in time and size. Out of scope: what is asked, and what an answer means (`mod`).
//!
//! Invariant: an answer is read up to its limit, a redirect is not followed, and certificates are checked against those that
//! the machine trusts.

use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Request, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// The longest that one exchange may take: from looking up the name to the last byte.
const EXCHANGE_SECONDS_MAX: Duration = Duration::from_secs(10);

/// How long a connection is kept for the next exchange: shorter than servers keep theirs, so that none is cut as it is used.
const IDLE_SECONDS_MAX: Duration = Duration::from_secs(4);

/// Most bytes of an answer: a few cosignatures, also those of tomorrow with 3 kB each.
const ANSWER_BYTES_MAX: usize = 32 * 1024;

/// A client that keeps one connection to each witness.
#[derive(Clone)]
pub struct Client(Pool<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Client {
    /// A client that trusts the certificate authorities of this machine.
    ///
    /// # Errors
    ///
    /// When the machine has none.
    pub fn new() -> Result<Self> {
        let connector = HttpsConnectorBuilder::new().with_native_roots();
        let connector = connector.context("couldn't find the certificate authorities of this machine")?;
        let connector = connector.https_or_http().enable_http1().build();
        let mut builder = Pool::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_SECONDS_MAX).pool_max_idle_per_host(1);
        builder.http1_max_buf_size(ANSWER_BYTES_MAX);
        Ok(Self(builder.build(connector)))
    }

    /// Posts a text and gives status and text of the answer; `None` when no whole answer came in time, or too much of it.
    pub async fn post(&self, uri: Uri, text: String) -> Option<(StatusCode, String)> {
        let request = Request::post(uri).header(CONTENT_TYPE, "text/plain; charset=utf-8");
        let request = request.body(Full::new(Bytes::from(text))).ok()?;
        let exchange = async {
            let answer = self.0.request(request).await.ok()?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await.ok()?;
            Some((status, String::from_utf8(body.to_bytes().into()).ok()?))
        };
        tokio::time::timeout(EXCHANGE_SECONDS_MAX, exchange).await.ok().flatten()
    }
}
