//! Asking a witness over HTTP(S).
//!
//! In scope: one exchange, and its bounds. Out of scope: what is asked, and what an answer means (`mod`), connections (`calls`).
//!
//! Invariant: a witness is asked where the settings say, and nowhere else: a redirect is not followed.

use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Request, StatusCode, Uri};

use crate::calls::{Bounds, Caller, Reach, Trust};

/// Most bytes of an answer: a few cosignatures, also those of tomorrow with 3 kB each.
const BOUNDS: Bounds = Bounds { time: Duration::from_secs(10), body_bytes_max: 32 * 1024 };

/// A client that keeps one connection to each witness.
#[derive(Clone)]
pub struct Client(Caller);

impl Client {
    /// A client that trusts the certificate authorities of this machine.
    ///
    /// # Errors
    ///
    /// When the machine has none.
    pub fn new() -> Result<Self> {
        let trust = Trust::of_this_machine();
        let trust = trust.context("couldn't find the certificate authorities of this machine")?;
        Ok(Self(Caller::new(&trust, Reach::Anywhere, BOUNDS, 1)))
    }

    /// Posts a text and gives status and text of the answer; `None` when no whole answer came in time, or too much of it.
    pub async fn post(&self, uri: Uri, text: String) -> Option<(StatusCode, String)> {
        let request = Request::post(uri).header(CONTENT_TYPE, "text/plain; charset=utf-8");
        let request = request.body(Full::new(Bytes::from(text))).ok()?;
        let answer = self.0.send(request).await.ok()?;
        Some((answer.status, String::from_utf8(answer.body.into()).ok()?))
    }
}
