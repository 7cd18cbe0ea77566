//! A plain HTTP client, and a raw one for what no honest client sends.
//!
//! Invariant: redirects are not followed; the test sees what the collector answered.

use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long one request may take.
const REQUEST_SECONDS_MAX: u64 = 30;

/// A client that keeps its connections; cheap to clone.
#[derive(Clone)]
pub struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
}

impl Default for Client {
    fn default() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { pool: Pool::builder(TokioExecutor::new()).build(connector) }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("{} is not JSON: {}", self.status, self.text()))
    }

    /// A header as text, empty if it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Client {
    /// Sends a request.
    ///
    /// # Errors
    ///
    /// If no whole answer comes.
    pub async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let method = Method::from_bytes(method.as_bytes())?;
        let mut request = Request::builder().method(method).uri(url).body(Full::new(body.into()))?;
        for (name, value) in headers {
            request.headers_mut().insert(HeaderName::try_from(*name)?, HeaderValue::from_str(value)?);
        }
        let exchange = async {
            let (parts, body) = self.pool.request(request).await.context("no answer")?.into_parts();
            let body = body.collect().await.context("half an answer")?.to_bytes();
            Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
        };
        let patience = Duration::from_secs(REQUEST_SECONDS_MAX);
        tokio::time::timeout(patience, exchange).await.context("no answer in time")?
    }

    /// Gets an address.
    ///
    /// # Errors
    ///
    /// If no whole answer comes.
    pub async fn get(&self, url: &str) -> Result<Answer> {
        self.send("GET", url, &[], "").await
    }

    /// Posts a form, already percent-encoded.
    ///
    /// # Errors
    ///
    /// If no whole answer comes.
    pub async fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
        self.send("POST", url, &[("content-type", "application/x-www-form-urlencoded")], body.join("&")).await
    }
}

/// Percent-encodes everything but letters, digits, `-`, `.` and `_`.
#[must_use]
pub fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Sends bytes as they are, half-closes if told, and gives all that comes back until the other side closes.
///
/// # Errors
///
/// If the other side neither answers nor closes within `seconds`.
pub async fn raw(port: u16, bytes: &[u8], half_close: bool, seconds: u64) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    // The other side may have heard enough and answered already.
    if stream.write_all(bytes).await.is_ok() && half_close {
        let _ = stream.shutdown().await;
    }
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let read = tokio::time::timeout(Duration::from_secs(seconds), reading).await;
    match read.context("the collector kept a useless connection open")? {
        // A reset after the answer is as good as an end.
        Ok(_) | Err(_) => Ok(String::from_utf8_lossy(&answer).into_owned()),
    }
}
