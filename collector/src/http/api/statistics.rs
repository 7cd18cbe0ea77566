//! `GET /v1/{organisation}/statistics`: how often what happened, in numbers or as a picture.
//!
//! In scope: the question's query and the form of the answer. Out of scope: the numbers (`service::statistics`).
//!
//! Invariant: nothing here is about one person, so it needs no more than a key that may ask.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use shared::refusal::Refusal;

use super::{Ask, Asker, Kind};
use crate::http::App;
use crate::service::Service;
use crate::service::statistics::{Asked, Statistics};
use crate::service::statistics_svg::draw;

/// How often each purpose was given, refused, withdrawn or let expire, per day, form and language. Small numbers are held back.
#[utoipa::path(
    get,
    path = "/v1/{organisation}/statistics",
    operation_id = "statistics",
    tag = "Statistics",
    security(("key" = ["ask"])),
    params(("organisation" = String, Path, description = "The organisation's name"), Asked),
    responses((status = 200, description = "The numbers", content(
        (Statistics = "application/json"),
        (String = "text/csv"),
        (String = "image/svg+xml"),
    )))
)]
pub(super) async fn statistics(
    State(app): State<App>,
    asker: Asker<Ask>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = Kind::wanted(&headers, &[Kind::Json, Kind::Csv, Kind::Svg]).and_then(|kind| {
        let asked: Result<Asked, _> = serde_html_form::from_str(query.as_deref().unwrap_or_default());
        Ok((kind, asked.map_err(|_| Refusal::BodyInvalid)?))
    });
    let (kind, asked) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return asker.refused(refusal),
    };
    let (service, organisation) = (app.service.clone(), asker.organisation.clone());
    let answered = tokio::task::spawn_blocking(move || {
        let answer = service.answerer(&organisation, |answerer| {
            asked.answer(answerer.snapshot, organisation.number, Service::now())
        });
        answer.and_then(|answer| answer)
    });
    let statistics = match answered.await {
        Ok(Ok(statistics)) => statistics,
        Ok(Err(refusal)) => return asker.refused(refusal),
        Err(_) => return asker.refused(Refusal::StoreUnavailable),
    };
    let fixed = [(CONTENT_TYPE, kind.media_type()), (CACHE_CONTROL, "no-store")];
    match kind {
        Kind::Csv => (fixed, statistics.csv()).into_response(),
        Kind::Svg => (fixed, draw(&statistics, asker.language)).into_response(),
        _ => (fixed, Json(statistics)).into_response(),
    }
}
