//! A witness on the network: `POST /add-checkpoint`, with the statuses of C2SP tlog-witness; and what it saw last of a log, for
//! whoever must know whether a log is still the one that was shown.
//!
//! Invariant: a body is read only up to its limit, and every answer follows from [`Witness::add_checkpoint`].

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use shared::limits::LOG_PROOF_BYTES_MAX;
use tower_http::timeout::TimeoutLayer;

use super::Witness;
use super::judge::Refusal;
use crate::bounded::Bounded;

/// The longest that a request may take.
const REQUEST_SECONDS_MAX: Duration = Duration::from_secs(10);

const TEXT: &str = "text/plain; charset=utf-8";

/// All routes.
pub fn router(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/seen/{*log}", get(seen))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_SECONDS_MAX))
        .with_state(witness)
}

async fn add_checkpoint(
    State(witness): State<Arc<Witness>>,
    Bounded(body): Bounded<LOG_PROOF_BYTES_MAX>,
) -> Response {
    let body = match body {
        Ok(body) => String::from_utf8(body.into()),
        Err(shared::refusal::Refusal::BodyTooLarge) => return refuse(Refusal::TooLong),
        Err(_) => return refuse(Refusal::Malformed),
    };
    let Ok(body) = body else { return refuse(Refusal::Malformed) };
    match tokio::task::spawn_blocking(move || witness.add_checkpoint(&body)).await {
        Ok(Ok(line)) => ([(CONTENT_TYPE, TEXT)], line).into_response(),
        Ok(Err(refusal)) => refuse(refusal),
        Err(_) => refuse(Refusal::Unavailable),
    }
}

/// `GET /seen/{log}`: the last checkpoint that was cosigned of a log, with the log's own signature.
async fn seen(State(witness): State<Arc<Witness>>, Path(log): Path<String>) -> Response {
    match tokio::task::spawn_blocking(move || witness.seen(&log)).await {
        Ok(Ok(Some(note))) => ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")], note).into_response(),
        Ok(Ok(None)) => refuse(Refusal::UnknownLog),
        Ok(Err(_)) | Err(_) => refuse(Refusal::Unavailable),
    }
}

fn refuse(refusal: Refusal) -> Response {
    let status = match refusal {
        Refusal::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Malformed => StatusCode::BAD_REQUEST,
        Refusal::UnknownLog => StatusCode::NOT_FOUND,
        Refusal::NotSigned => StatusCode::FORBIDDEN,
        Refusal::NotExtended => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Seen(size) => {
            let kind = [(CONTENT_TYPE, "text/x.tlog.size")];
            return (StatusCode::CONFLICT, kind, format!("{size}\n")).into_response();
        }
    };
    (status, [(CONTENT_TYPE, TEXT)], format!("{refusal}\n")).into_response()
}
