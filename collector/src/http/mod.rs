//! HTTP: the route table, and the layers around it.
//!
//! In scope: which path leads where, limits, headers. Out of scope: rules (`service`), drawing (`widget`).
//!
//! Invariant: a GET changes nothing; every answer has the security headers; a body is read only up to its limit.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Extension, Router};
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutLayer;

use crate::config::Config;
use crate::service::Service;

mod answer;
pub(crate) mod api;
mod caller;
mod files;
mod form;
mod guard;
mod kiosk;
mod loader;
mod log;
mod mailed;
mod manage;
mod path;
mod phone;
pub mod places;
mod printed;
mod receipt;
pub mod server;
mod slips;
mod submit;
mod verifier;

pub use guard::Guard;
pub use submit::read_form;

/// The longest that a request may take, from its first byte to the last of the answer's head.
const REQUEST_SECONDS_MAX: Duration = Duration::from_secs(10);

/// What every handler shares.
#[derive(Clone)]
pub struct App {
    /// The services.
    pub service: Arc<Service>,
    /// Hosts, proxies and rate limits.
    pub guard: Arc<Guard>,
    /// Loaders and fragments of the last seconds.
    pub(crate) loaders: Arc<loader::Loaders>,
    /// Places for questions of programs.
    asking: Arc<Semaphore>,
    /// Places for lists.
    downloading: Arc<Semaphore>,
}

impl App {
    /// Puts services and settings together.
    #[must_use]
    pub fn new(service: Arc<Service>, config: &Config) -> Self {
        let asking = Arc::new(Semaphore::new(api::AT_ONCE_MAX));
        let downloading = Arc::new(Semaphore::new(api::LISTS_AT_ONCE_MAX));
        let guard = Arc::new(Guard::new(config));
        Self { service, guard, loaders: Arc::default(), asking, downloading }
    }
}

/// All routes.
pub fn router(app: App) -> Router {
    let (programs, document) = api::routes().split_for_parts();
    Router::new()
        .merge(programs)
        .layer(Extension(api::Document::new(document)))
        .route("/f/{organisation}/{form}", get(form::page).options(submit::preflight))
        .route("/f/{organisation}/{form}/embed.js", get(loader::script))
        .route("/f/{organisation}/{form}/fragment", get(loader::fragment).options(submit::preflight))
        .route("/f/{organisation}/{form}/paper", get(printed::paper))
        .route("/f/{organisation}/{form}/poster", get(printed::poster))
        .route("/f/{organisation}/{form}/notice/{hash}", get(form::notice))
        .route("/f/{organisation}/{form}/wording/{hash}", get(form::wording))
        .route("/r/{token}", get(receipt::show))
        .route("/m", get(manage::own_link))
        .route("/m/{token}", get(manage::show).merge(post(manage::act)))
        .route("/c/{token}", get(mailed::to_confirm).post(mailed::confirm))
        .route("/u/{token}", get(mailed::to_stop).post(mailed::stop))
        .route("/b/{token}", get(mailed::to_undo).post(mailed::undo))
        .route("/link/{organisation}", get(mailed::lost).post(mailed::mail_link))
        .route("/s/{organisation}", get(slips::ask).post(slips::typed))
        .route("/s/{organisation}/{code}", get(slips::scanned))
        .route("/s/{organisation}/{code}/slip", get(slips::slip))
        .route("/kiosk/sw.js", get(kiosk::worker))
        .route("/kiosk/{organisation}", get(kiosk::page))
        .route("/kiosk/{organisation}/app.webmanifest", get(kiosk::manifest))
        .route("/kiosk/{organisation}/pair", post(kiosk::pair))
        .route("/kiosk/{organisation}/{kiosk}", post(kiosk::sync))
        .route("/kiosk/{organisation}/{kiosk}/phone", post(phone::link))
        .route("/k/{organisation}/{ticket}", get(phone::page))
        .route("/k/{organisation}/{ticket}/state", get(phone::state))
        .route("/.well-known/jwks.json", get(files::jwks))
        .route("/log/{organisation}", get(log::page))
        .route("/log/{organisation}/checkpoint", get(log::checkpoint))
        .route("/log/{organisation}/witnessed", get(log::witnessed))
        .route("/log/{organisation}/key", get(log::key))
        .route("/log/{organisation}/extension/{size}", get(log::extension))
        .route("/log/{organisation}/tile/{*path}", get(log::tile))
        .route("/verify", get(verifier::show))
        .route("/verify/vinkje-verify.html", get(verifier::saved))
        .route("/w/vinkje.wasm", get(files::wasm))
        .route("/w/{hash}/{name}", get(files::asset))
        .route("/health", get(files::health))
        .fallback(answer::no_such_page)
        .method_not_allowed_fallback(answer::no_such_method)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_SECONDS_MAX))
        .layer(from_fn_with_state(app.clone(), guard::check))
        .layer(from_fn(guard::security_headers))
        .with_state(app)
}
