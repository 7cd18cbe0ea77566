//! Mailings: handing a list out with a manifest, and asking later what it rested on.
//!
//! In scope: `POST /v1/{organisation}/mailings` and what can be read of them. Out of scope: manifests (`service::mailings`).
//!
//! Invariant: no address is in a path or query; whoever asks about people sends them in the body.

use std::borrow::Cow;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::ids::{MailingId, PurposeId};
use shared::limits::{API_BYTES_MAX, API_HISTORIES_MAX};
use shared::refusal::Refusal;
use utoipa::ToSchema;

use super::lists::format;
use super::pieces::{self, Around};
use super::{Ask, Asker, Download, Kind, json};
use crate::bounded::Bounded;
use crate::http::App;
use crate::http::path::Path;
use crate::service::lists::Wanted;
use crate::service::mailings::{MailingView, WasAddressed};

/// Which mailing is to begin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMailing {
    /// The purpose's name in your definition.
    #[schema(value_type = String, pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", example = "nieuwsbrief")]
    purpose: PurposeId,
}

/// The newest mailings, the last one first.
#[derive(Serialize, ToSchema)]
struct Mailings {
    /// A hundred at most.
    mailings: Vec<MailingView>,
}

/// A question about people.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WasAddressedRequest<'a> {
    /// E-mail addresses, or links of people's own pages: 1,000 at most.
    #[serde(borrow)]
    #[schema(value_type = Vec<String>, max_items = 1000, example = json!(["eva@voorbeeld.example"]))]
    people: Vec<Person<'a>>,
}

#[derive(Deserialize)]
struct Person<'a>(#[serde(borrow)] Cow<'a, str>);

/// The answers, in the order of the people.
#[derive(Serialize, ToSchema)]
#[allow(dead_code)] // The answer is written piece by piece; this is its shape.
struct WasAddressedAnswers {
    /// Of which mailing.
    mailing: String,
    /// One for each of the people.
    answers: Vec<WasAddressed>,
}

/// Begins a mailing: hands out who may now be addressed for a purpose, as `lists` does, and keeps on which receipt each of them
/// was. Nobody is handed out before that is durable.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/mailings",
    operation_id = "begin_mailing",
    tag = "Mailings",
    security(("key" = ["download"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body = NewMailing,
    responses((status = 201, description = "The people; `Location` names the mailing", content(
        (String = "application/x-ndjson"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn begin(
    State(app): State<App>,
    asker: Asker<Download>,
    headers: HeaderMap,
    Bounded(body): Bounded,
) -> Response {
    let wanted = json::<NewMailing>(&headers, &body).and_then(|NewMailing { purpose }| {
        Ok(Wanted { purpose, format: format(&headers)?, mailing: true, who: asker.key.clone() })
    });
    app.download(&asker, wanted).await.unwrap_or_else(|refusal| asker.refused(refusal))
}

/// The newest mailings.
#[utoipa::path(
    get,
    path = "/v1/{organisation}/mailings",
    operation_id = "mailings",
    tag = "Mailings",
    security(("key" = ["ask"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    responses((status = 200, description = "The mailings", body = Mailings))
)]
pub(super) async fn all(State(app): State<App>, asker: Asker<Ask>) -> Response {
    let found = app.service.answerer(&asker.organisation, |answerer| answerer.mailings());
    match found.and_then(|found| found) {
        Ok(mailings) => ([(CACHE_CONTROL, "no-store")], Json(Mailings { mailings })).into_response(),
        Err(refusal) => asker.refused(refusal),
    }
}

/// A mailing.
#[utoipa::path(
    get,
    path = "/v1/{organisation}/mailings/{mailing}",
    operation_id = "mailing",
    tag = "Mailings",
    security(("key" = ["ask"])),
    params(
        ("organisation" = String, Path, description = "The organisation's name"),
        ("mailing" = String, Path, description = "Its id"),
    ),
    responses((status = 200, description = "What it was", body = MailingView))
)]
pub(super) async fn one(
    State(app): State<App>,
    asker: Asker<Ask>,
    Path((_, mailing)): Path<(String, String)>,
) -> Response {
    let found = id(&mailing).and_then(|id| {
        app.service.answerer(&asker.organisation, |answerer| answerer.mailing(&id)).and_then(|found| found)
    });
    match found {
        Ok(mailing) => ([(CACHE_CONTROL, "no-store")], Json(mailing)).into_response(),
        Err(refusal) => asker.refused(refusal),
    }
}

/// Were these people on the list that was handed out for a mailing, and on which receipt?
#[utoipa::path(
    post,
    path = "/v1/{organisation}/mailings/{mailing}/was-addressed",
    operation_id = "was_addressed",
    tag = "Mailings",
    security(("key" = ["ask"])),
    params(
        ("organisation" = String, Path, description = "The organisation's name"),
        ("mailing" = String, Path, description = "Its id"),
    ),
    request_body = WasAddressedRequest,
    responses((status = 200, description = "The answers", content(
        (WasAddressedAnswers = "application/json"),
        (String = "application/x-ndjson"),
    )))
)]
pub(super) async fn was_addressed(
    State(app): State<App>,
    asker: Asker<Ask>,
    Path((_, mailing)): Path<(String, String)>,
    headers: HeaderMap,
    Bounded(body): Bounded<API_BYTES_MAX>,
) -> Response {
    let asked = id(&mailing).and_then(|id| Ok((id, Kind::wanted(&headers, &[Kind::Json, Kind::Lines])?)));
    let (id, kind) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return asker.refused(refusal),
    };
    let (service, organisation) = (app.service.clone(), asker.organisation.clone());
    let answered = tokio::task::spawn_blocking(move || {
        let request: WasAddressedRequest<'_> = json(&headers, &body)?;
        if request.people.len() > API_HISTORIES_MAX {
            return Err(Refusal::BodyTooLarge);
        }
        let people = request.people.iter().map(|person| &*person.0);
        service.answerer(&organisation, |answerer| answerer.was_addressed(&id, (1..).zip(people)))?
    });
    match answered.await {
        Ok(Ok(answers)) => {
            let head = serde_json::Map::from_iter([("mailing".into(), id.to_string().into())]);
            pieces::answer(Around { kind, head, name: "answers" }, answers.into_iter())
        }
        Ok(Err(refusal)) => asker.refused(refusal),
        Err(_) => asker.refused(Refusal::StoreUnavailable),
    }
}

fn id(text: &str) -> Result<MailingId, Refusal> {
    MailingId::parse(text).map_err(|_| Refusal::NotFound)
}
