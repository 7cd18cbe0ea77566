//! Files: the widget's, the key set, and the sign of life.
//!
//! Invariant: a widget file under its hash may be cached for ever. Only the WASM has a lasting address too, for snippets;
//! there it says of which build it is.

use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use shared::refusal::Refusal;

use super::App;
use super::caller::{Caller, text};
use super::loader::takes_brotli;
use super::path::Path;
use crate::assets::Asset;

/// `GET /w/{hash}/{name}`
pub async fn asset(
    State(app): State<App>,
    Path((hash, name)): Path<(String, String)>,
    caller: Caller,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = app.service.assets.get(&hash, &name) else {
        return app.refuse(Refusal::PageUnknown, &caller, None).await;
    };
    (CACHED_FOR_EVER, body(asset, &headers)).into_response()
}

/// `GET /w/vinkje.wasm`: the WASM of today, for the `preload` in a snippet.
///
/// Loaders compare the build and ask for their own by its hash where it is another.
pub async fn wasm(State(app): State<App>, headers: HeaderMap) -> Response {
    let assets = &app.service.assets;
    let tag = format!("\"{}\"", assets.manifest.build);
    let fixed = [
        (CACHE_CONTROL, "public, max-age=3600"),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "vinkje-build"),
        (ETAG, &tag),
        (HeaderName::from_static("vinkje-build"), &assets.manifest.build),
    ];
    // A proxy that compresses by itself makes the tag weak; the bytes behind it are the same.
    if text(&headers, IF_NONE_MATCH).is_some_and(|kept| kept.trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, fixed, BY_ENCODING).into_response();
    }
    (fixed, body(assets.wasm(), &headers)).into_response()
}

const CACHED_FOR_EVER: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "public, max-age=31536000, immutable")];
const BY_ENCODING: [(HeaderName, &str); 1] = [(VARY, "Accept-Encoding")];

fn body(asset: &Asset, headers: &HeaderMap) -> Response {
    let kind = [(CONTENT_TYPE, asset.media_type)];
    match &asset.brotli {
        Some(brotli) if takes_brotli(headers) => {
            (kind, BY_ENCODING, [(CONTENT_ENCODING, "br")], brotli.clone()).into_response()
        }
        _ => (kind, BY_ENCODING, asset.bytes.clone()).into_response(),
    }
}

/// `GET /.well-known/jwks.json`
pub async fn jwks(State(app): State<App>) -> Response {
    let fixed = [(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, "public, max-age=300")];
    (fixed, app.service.keys.key_set().to_json()).into_response()
}

/// `GET /health`: 200 while answers are taken; 503 when the store cannot be read, or did not take the last one.
pub async fn health(State(app): State<App>) -> Response {
    let readable = app.service.engine.snapshot().is_ok();
    let status = if readable && app.service.sequencer.is_well() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let mut body = json!({"status": if status == StatusCode::OK { "ok" } else { "unavailable" }});
    let witnesses = app.service.witnesses.summaries();
    // How it stands with them is said beside, and changes nothing: answers are taken all the same.
    if !witnesses.is_empty() {
        body["witnesses"] = json!(witnesses);
    }
    let head = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (status, head, body.to_string()).into_response()
}
