//! The evidence log as C2SP tlog-tiles serves it.
//!
//! Invariant: a tile never changes once it is there, so it may be cached for ever; the checkpoint may be some seconds old.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use shared::ids::OrganisationId;
use shared::refusal::Refusal;

use super::App;
use super::caller::Caller;
use super::path::Path;

const TEXT: &str = "text/plain; charset=utf-8";
const SOON: &str = "public, max-age=5";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// `GET /log/{organisation}`: the page that shows its state, to keep.
pub async fn page(State(app): State<App>, Path(name): Path<String>, caller: Caller) -> Response {
    match named(&name).and_then(|organisation| app.service.log_view(&organisation, &caller.wish())) {
        Ok(view) => super::answer::page(widget::ssr::log_page(&view, &app.service.page_assets()).await),
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}

/// `GET /log/{organisation}/checkpoint`
pub async fn checkpoint(State(app): State<App>, Path(name): Path<String>, caller: Caller) -> Response {
    let found = named(&name).and_then(|organisation| app.service.checkpoint(&organisation));
    app.log_file(found.map(|note| note.to_string().into_bytes()), (TEXT, SOON), &caller).await
}

/// `GET /log/{organisation}/witnessed`: the checkpoint that most witnesses cosigned.
pub async fn witnessed(State(app): State<App>, Path(name): Path<String>, caller: Caller) -> Response {
    let found = named(&name).and_then(|organisation| app.service.witnessed(&organisation));
    app.log_file(found.map(|note| note.to_string().into_bytes()), (TEXT, SOON), &caller).await
}

/// `GET /log/{organisation}/key`: the verifier key of the log.
pub async fn key(State(app): State<App>, Path(name): Path<String>, caller: Caller) -> Response {
    let found = named(&name).and_then(|organisation| app.service.log_key(&organisation));
    app.log_file(found.map(String::into_bytes), (TEXT, SOON), &caller).await
}

/// `GET /log/{organisation}/tile/{path}`
pub async fn tile(
    State(app): State<App>,
    Path((name, path)): Path<(String, String)>,
    caller: Caller,
) -> Response {
    let found = named(&name).and_then(|organisation| app.service.tile(&organisation, &path));
    app.log_file(found, ("application/octet-stream", FOR_EVER), &caller).await
}

/// `GET /log/{organisation}/extension/{size}`: that today's log begins with the log of this size.
pub async fn extension(
    State(app): State<App>,
    Path((name, size)): Path<(String, String)>,
    caller: Caller,
) -> Response {
    let size = size.parse::<u64>().map_err(|_| Refusal::PageUnknown);
    let found = named(&name).and_then(|organisation| app.service.extension(&organisation, size?));
    app.log_file(found.map(|proof| proof.to_string().into_bytes()), (TEXT, SOON), &caller).await
}

fn named(name: &str) -> Result<OrganisationId, Refusal> {
    OrganisationId::parse(name).map_err(|_| Refusal::PageUnknown)
}

impl App {
    async fn log_file(
        &self,
        found: Result<Vec<u8>, Refusal>,
        (kind, caching): (&'static str, &'static str),
        caller: &Caller,
    ) -> Response {
        match found {
            Ok(bytes) => ([(CONTENT_TYPE, kind), (CACHE_CONTROL, caching)], bytes).into_response(),
            Err(refusal) => self.refuse(refusal, caller, None).await,
        }
    }
}
