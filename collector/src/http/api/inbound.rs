//! Mail that comes back: `POST /v1/{organisation}/mail` takes a message, `GET /v1/{organisation}/undelivered` tells what did not arrive.
//!
//! In scope: the body and the answers. Out of scope: what a message does (`service::inbound`).
//!
//! Invariant: a message is read once and kept nowhere; no answer names an address.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::limits::MAIL_BYTES_MAX;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

use super::{Ask, Asker, Mail};
use crate::bounded::Bounded;
use crate::http::App;
use crate::http::caller::text;
use crate::service::inbound::{Did, UndeliveredView};

/// What was done with a message.
#[derive(Serialize, ToSchema)]
struct Taken {
    did: Did,
}

/// Since when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Since {
    /// Only what was known at this moment or later. Optional: everything of the last year.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

/// What did not arrive.
#[derive(Serialize, ToSchema)]
struct Undelivered {
    /// The newest first.
    undelivered: Vec<UndeliveredView>,
}

/// A message that came in: somebody unsubscribes by mail, or a mail server reports that something did not arrive. Hand in every
/// message of the mailbox; what is about neither does nothing.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/mail",
    operation_id = "take_mail",
    tag = "Mail",
    security(("key" = ["mail"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body(content_type = "message/rfc822", description = "The message as it came, a megabyte at most"),
    responses((status = 200, description = "What was done with it", body = Taken))
)]
pub(super) async fn take(
    State(app): State<App>,
    asker: Asker<Mail>,
    headers: HeaderMap,
    Bounded(body): Bounded<MAIL_BYTES_MAX>,
) -> Response {
    let kind = text(&headers, CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let done = async {
        if !kind.starts_with("message/rfc822") {
            return Err(Refusal::ContentTypeUnsupported);
        }
        app.service.take_mail(&asker.organisation, &body?).await
    };
    match done.await {
        Ok(did) => ([(CACHE_CONTROL, "no-store")], Json(Taken { did })).into_response(),
        Err(refusal) => asker.refused(refusal),
    }
}

/// What did not arrive in the last year, the newest first: letters of ours, and messages of yours whose reports were handed in.
#[utoipa::path(
    get,
    path = "/v1/{organisation}/undelivered",
    operation_id = "undelivered",
    tag = "Mail",
    security(("key" = ["ask"])),
    params(("organisation" = String, Path, description = "The organisation's name"), Since),
    responses((status = 200, description = "What did not arrive", body = Undelivered))
)]
pub(super) async fn undelivered(
    State(app): State<App>,
    asker: Asker<Ask>,
    RawQuery(query): RawQuery,
) -> Response {
    let asked: Result<Since, _> = serde_html_form::from_str(query.as_deref().unwrap_or_default());
    let Ok(Since { since }) = asked else { return asker.refused(Refusal::BodyInvalid) };
    let since = since.unwrap_or(Timestamp::from_unix_seconds(0));
    let (service, organisation) = (app.service.clone(), asker.organisation.clone());
    let told = tokio::task::spawn_blocking(move || {
        service.answerer(&organisation, |answerer| answerer.undelivered(since)).and_then(|told| told)
    });
    match told.await.unwrap_or(Err(Refusal::StoreUnavailable)) {
        Ok(undelivered) => ([(CACHE_CONTROL, "no-store")], Json(Undelivered { undelivered })).into_response(),
        Err(refusal) => asker.refused(refusal),
    }
}
