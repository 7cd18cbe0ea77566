//! Files: the widget's, the key set, and the sign of life.
//!
//! Invariant: a widget file is served under its hash only, and so may be cached for ever.

use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared::refusal::Refusal;

use super::App;
use super::caller::Caller;
use super::loader::takes_brotli;

/// `GET /w/{hash}/{name}`
pub async fn asset(
    State(app): State<App>,
    Path((hash, name)): Path<(String, String)>,
    caller: Caller,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = app.service.assets.get(&hash, &name) else {
        return app.refuse(Refusal::LinkUnknown, &caller, None).await;
    };
    let fixed = [
        (CONTENT_TYPE, asset.media_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (VARY, "Accept-Encoding"),
    ];
    match &asset.brotli {
        Some(brotli) if takes_brotli(&headers) => {
            (fixed, [(CONTENT_ENCODING, "br")], brotli.clone()).into_response()
        }
        _ => (fixed, asset.bytes.clone()).into_response(),
    }
}

/// `GET /.well-known/jwks.json`
pub async fn jwks(State(app): State<App>) -> Response {
    let fixed = [
        (CONTENT_TYPE, "application/jwk-set+json"),
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (fixed, app.service.keys.key_set().to_json()).into_response()
}

/// `GET /health`: 200 while answers are taken.
pub async fn health(State(app): State<App>) -> Response {
    let readable = app.service.engine.snapshot().is_ok();
    let status = if readable && app.service.sequencer.is_open() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = if status == StatusCode::OK { "{\"status\":\"ok\"}" } else { "{\"status\":\"unavailable\"}" };
    (status, [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], body).into_response()
}
