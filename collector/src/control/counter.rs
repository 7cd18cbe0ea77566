//! What staff does at a counter, through the control socket: entering papers, and stopping for who calls.
//!
//! Invariant: what is refused is said in a sentence that repeats nothing of what was entered.

use std::sync::Arc;

use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::Language;

use super::{Named, said};
use crate::cli::slip;
use crate::service::Service;
use crate::service::paper::Paper;

/// Enters a paper or a voice.
pub(super) async fn enter(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    Json(paper): Json<Paper>,
) -> Response {
    match service.enter_paper(&organisation, &paper).await {
        Ok(entered) => Json(entered).into_response(),
        Err(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.sentence(Language::En)).into_response(),
    }
}

/// Stops everything for a person.
pub(super) async fn stop(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    Json(asked): Json<slip::Asked>,
) -> Response {
    said(Ok(slip::stop(&service, &organisation, &asked).await))
}
