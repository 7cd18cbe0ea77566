//! What stands before every handler: the host check, the rate limit, and the security headers after it.
//!
//! Invariant: links are made from the configured address only, so a request for another host gets nothing; an address
//! is counted as its network, in memory only, under a name that lasts a day.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::DefaultClock;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use ipnet::IpNet;
use shared::refusal::Refusal;

use super::App;
use super::caller::{Caller, network, peer, text};
use super::submit::{allow, read_by_scripts};
use crate::clock::unix_seconds;
use crate::config::Config;

/// Networks in a limiter's table before it is swept.
const NETWORKS_MAX: usize = 100_000;

const DAY_SECONDS: u64 = 24 * 60 * 60;

/// How many receipts, own pages and files of logs a network may read for each answer that it may send. A receipt has
/// seven files; whoever copies a log of a million entries reads eight thousand tiles, and is done within seven minutes.
const READS_PER_ANSWER: u32 = 10;

/// Hosts, proxies and limits.
pub struct Guard {
    authority: String,
    trusted_proxies: Vec<IpNet>,
    answers: Option<Limiter>,
    reads: Option<Limiter>,
    networks: Networks,
}

/// The visitor's network by its name of the day, for what is counted further inside; none where the other end is not known.
#[derive(Clone, Copy)]
pub struct Network(pub Option<u64>);

type Limiter = RateLimiter<u64, DashMapStateStore<u64>, DefaultClock>;

/// Names of networks that nobody can read back: hashes under a key that lasts a day, is never written down, and begins anew with the
/// process.
#[derive(Default)]
struct Networks(Mutex<(u64, RandomState)>);

impl Networks {
    fn name(&self, network: u64, day: u64) -> u64 {
        let mut key = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if key.0 != day {
            *key = (day, RandomState::new());
        }
        key.1.hash_one(network)
    }
}

/// So many requests in a minute for each network; zero is no limit.
fn limiter(per_minute: u32) -> Option<Limiter> {
    NonZeroU32::new(per_minute).map(|per_minute| RateLimiter::keyed(Quota::per_minute(per_minute)))
}

impl Guard {
    /// From the settings.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            authority: config.authority().to_ascii_lowercase(),
            trusted_proxies: config.trusted_proxies.clone(),
            answers: limiter(config.requests_per_minute),
            reads: limiter(config.requests_per_minute.saturating_mul(READS_PER_ANSWER)),
            networks: Networks::default(),
        }
    }

    fn knows_host(&self, request: &Request) -> bool {
        let host =
            text(request.headers(), HOST).or_else(|| request.uri().authority().map(|host| host.as_str()));
        host.is_some_and(|host| host.eq_ignore_ascii_case(&self.authority))
    }

    fn admits(&self, request: &Request, network: Option<u64>) -> bool {
        let limiter = match *request.method() {
            Method::POST => &self.answers,
            Method::GET | Method::HEAD if costs_reads(request.uri().path()) => &self.reads,
            _ => return true,
        };
        let Some(limiter) = limiter else { return true };
        if limiter.len() > NETWORKS_MAX {
            limiter.retain_recent();
        }
        network.is_none_or(|name| limiter.check_key(&name).is_ok())
    }

    /// The visitor's network, by its name of the day.
    fn network(&self, request: &Request) -> Option<u64> {
        let today = unix_seconds() / DAY_SECONDS;
        self.address(request).map(|address| self.networks.name(network(address), today))
    }

    /// The visitor's address: the last one in `X-Forwarded-For` that no trusted proxy wrote about itself.
    fn address(&self, request: &Request) -> Option<IpAddr> {
        let trusted = |address: &IpAddr| self.trusted_proxies.iter().any(|net| net.contains(address));
        let peer = peer(request.extensions())?;
        if !trusted(&peer) {
            return Some(peer);
        }
        // A list may come in several lines; they count as one (RFC 9110 §5.3).
        let lines = request.headers().get_all("x-forwarded-for").iter().rev();
        let hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        let mut hops = hops.map_while(|hop| hop.trim().parse::<IpAddr>().ok());
        hops.find(|hop| !trusted(hop)).or(Some(peer))
    }
}

/// What is read from the store and proved anew for each request. Forms and the widget's files come from memory, and
/// whoever asks beforehand (`OPTIONS`) must hear why.
fn costs_reads(path: &str) -> bool {
    ["/log/", "/r/", "/m/", "/s/", "/k/"].iter().any(|place| path.starts_with(place))
}

/// What is the same for everybody, and what any website may read, also why there is nothing.
fn is_for_all(path: &str) -> bool {
    ["/log/", "/w/", "/.well-known/"].iter().any(|place| path.starts_with(place))
}

/// For our own host only, and only where it is reached by HTTPS (RFC 6797 §7.2).
const ALWAYS_HTTPS: &str = "max-age=31536000; includeSubDomains";

/// Refuses unknown hosts and floods before anything is read, and tells browsers which website may read the answer,
/// whatever it says.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::of(&parts);
    parts.extensions.insert(caller.clone());
    let mut request = Request::from_parts(parts, body);
    let network = app.guard.network(&request);
    request.extensions_mut().insert(Network(network));
    if !app.guard.knows_host(&request) {
        return app.refuse(Refusal::HostUnknown, &caller, None).await;
    }
    let reader = read_by_scripts(&app, request.method(), request.uri().path());
    let for_all = is_for_all(request.uri().path());
    let mut response = if app.guard.admits(&request, network) {
        next.run(request).await
    } else {
        app.refuse(Refusal::TooManyRequests, &caller, None).await
    };
    if response.status() == StatusCode::REQUEST_TIMEOUT {
        response = app.refuse(Refusal::TooSlow, &caller, None).await;
    }
    if let Some(organisation) = reader {
        allow(&mut response, &app, &organisation, caller.origin.as_deref());
    }
    if for_all {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if app.service.base_url.starts_with("https://") {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ALWAYS_HTTPS));
    }
    response
}

/// Pages load only from us, and nobody may frame them. WASM may be compiled; nothing else may be evaluated.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// Puts the security headers on every answer (ASVS 3.4).
pub async fn security_headers(request: Request, next: Next) -> Response {
    let public = ["/w/", "/f/", "/log/"].iter().any(|place| request.uri().path().starts_with(place));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let resources = if public { "cross-origin" } else { "same-origin" };
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static(resources));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // A page may be held to less than others, by a policy of its own.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(PAGE_POLICY));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_one_name_a_day_and_another_one_tomorrow() {
        let networks = Networks::default();
        let (today, again) = (networks.name(7, 1), networks.name(7, 1));
        assert_eq!(today, again);
        assert_ne!(today, networks.name(8, 1));
        assert_ne!(today, networks.name(7, 2));
        assert_ne!(today, Networks::default().name(7, 1));
    }
}
