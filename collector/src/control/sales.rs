//! Telling of sales through the control socket.
//!
//! Invariant: no answer names an address; each sale has its fate, in order.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::limits::{SALES_BYTES_MAX, SALES_MAX};

use super::Named;
use crate::cli::sales::{Asked, fates};
use crate::service::Service;

/// As many sales as one request may have, with what stands around them.
pub(super) const BYTES_MAX: usize = 2 * SALES_BYTES_MAX;

/// The fates of some sales, as JSON.
pub(super) async fn take(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    body: Bytes,
) -> Response {
    let refuse = |said: &str| (StatusCode::UNPROCESSABLE_ENTITY, said.to_owned()).into_response();
    let Ok(asked) = serde_json::from_slice::<Asked>(&body) else {
        return refuse("this program and the collector are of other versions");
    };
    if asked.sales.len() > SALES_MAX {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    match service.importer(organisation).tell(asked.sales, asked.dry_run).await {
        Ok(told) => serde_json::to_string(&fates(&told)).unwrap_or_default().into_response(),
        Err(refusal) => refuse(refusal.sentence(shared::Language::En)),
    }
}
