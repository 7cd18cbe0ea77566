//! Who asks and how: language, wished format, origin and network, read from a request's head.
//!
//! Invariant: nothing here is kept after the answer, and an address is only ever known as its network.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Query};
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use serde::Deserialize;
use shared::Language;
use widget::model::ManageNote;

use crate::service::Wish;

/// Longest `Accept-Language` that is looked at.
const ACCEPT_LANGUAGE_BYTES_MAX: usize = 256;

/// What a request says about its sender.
#[derive(Debug, Clone)]
pub struct Caller {
    /// `?lang=`.
    pub asked: Option<Language>,
    /// `Accept-Language`, cut at its limit.
    accept_language: String,
    /// Whether a person looks at the answer, rather than a program.
    pub wants_page: bool,
    /// The website that asks, as the browser names it; `null` where it will not say.
    pub origin: Option<String>,
    /// What has just been done on the manage page: `?done=`.
    pub done: Option<ManageNote>,
    /// The size of the log that a bundle should begin with: `?since=`.
    pub since: Option<u64>,
}

#[derive(Deserialize, Default)]
struct Asked {
    lang: Option<String>,
    done: Option<String>,
    since: Option<String>,
}

impl Caller {
    /// What a visitor wishes.
    #[must_use]
    pub fn wish(&self) -> Wish<'_> {
        Wish { asked: self.asked, accept: &self.accept_language }
    }

    /// The language to speak where no form decides.
    #[must_use]
    pub fn language(&self) -> Language {
        self.wish().language(&Language::ALL)
    }
}

fn note(done: &str) -> Option<ManageNote> {
    match done {
        "stopped" => Some(ManageNote::Stopped),
        "given" => Some(ManageNote::Given),
        "requested" => Some(ManageNote::Requested),
        "link_sent" => Some(ManageNote::LinkSent),
        "objected" => Some(ManageNote::Objected),
        _ => None,
    }
}

/// A header as text, if it is text.
pub fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

impl Caller {
    /// Reads a request's head.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let asked = Query::<Asked>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
        let headers = &parts.headers;
        let accept_language = text(headers, ACCEPT_LANGUAGE).unwrap_or_default();
        let short = accept_language.len() <= ACCEPT_LANGUAGE_BYTES_MAX;
        let json_body = text(headers, CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
        let accepts_page = text(headers, ACCEPT).is_some_and(|kinds| kinds.contains("text/html"));
        Self {
            asked: asked.lang.as_deref().and_then(Language::parse),
            done: asked.done.as_deref().and_then(note),
            since: asked.since.and_then(|size| size.parse().ok()),
            accept_language: if short { accept_language.to_owned() } else { String::new() },
            wants_page: accepts_page && !json_body,
            origin: text(headers, ORIGIN).map(Into::into),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // The guard has read it already.
        Ok(parts.extensions.remove().unwrap_or_else(|| Self::of(parts)))
    }
}

/// The network an address is in: IPv4 /24, IPv6 /64.
#[must_use]
pub fn network(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(address) => u64::from(address.to_bits() >> 8),
        IpAddr::V6(address) => (address.to_bits() >> 64) as u64,
    }
}

/// The other end of the connection.
#[must_use]
pub fn peer(parts: &axum::http::Extensions) -> Option<IpAddr> {
    parts.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip())
}
