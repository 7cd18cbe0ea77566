//! The API for an organisation's own programs: JSON in and out, with a key.
//!
//! In scope: who asks, bounds, and the shape of answers. Out of scope: the answers (`service::as_of`).
//!
//! Invariant: without a key of this very organisation nothing is said, not even whether the organisation exists. Browsers
//! cannot read an answer from another website: there is no CORS here.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::{OrganisationId, PurposeId, PurposeVersion};
use shared::limits::{API_BYTES_MAX, API_PEOPLE_MAX};
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::App;
use super::answer::problem;
use super::caller::{Caller, text};
use super::path::Path;
use crate::api_keys::ApiKey;
use crate::bounded::Bounded;
use crate::service::Service;
use crate::service::as_of::{Answer, Asked};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MayRequest {
    purpose: PurposeId,
    #[serde(default)]
    at: Option<Timestamp>,
    #[serde(default)]
    version: Option<PurposeVersion>,
    people: Vec<String>,
}

#[derive(Serialize)]
struct MayAnswer {
    answers: Vec<Answer>,
}

/// `POST /v1/{organisation}/may`: could these people's data be used for this purpose at that moment, and why?
pub async fn may(
    State(app): State<App>,
    Path(name): Path<String>,
    caller: Caller,
    headers: HeaderMap,
    Bounded(body): Bounded<API_BYTES_MAX>,
) -> Response {
    match app.may(&name, &headers, body) {
        Ok(answers) => {
            let json = serde_json::to_vec(&MayAnswer { answers }).unwrap_or_default();
            let fixed = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
            (StatusCode::OK, fixed, json).into_response()
        }
        Err(refusal) => refused(refusal, caller.language()),
    }
}

fn refused(refusal: Refusal, language: Language) -> Response {
    let mut response = problem(refusal, language);
    if refusal == Refusal::KeyUnknown {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

impl App {
    fn may(
        &self,
        name: &str,
        headers: &HeaderMap,
        body: Result<Bytes, Refusal>,
    ) -> Result<Vec<Answer>, Refusal> {
        let key = text(headers, AUTHORIZATION).and_then(ApiKey::from_header).ok_or(Refusal::KeyUnknown)?;
        let name = OrganisationId::parse(name).map_err(|_| Refusal::KeyUnknown)?;
        let organisation = self.service.organisation_of(&key, &name)?;
        let kind = text(headers, CONTENT_TYPE).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/json") {
            return Err(Refusal::ContentTypeUnsupported);
        }
        let request: MayRequest = serde_json::from_slice(&body?).map_err(|_| Refusal::BodyInvalid)?;
        if request.people.len() > API_PEOPLE_MAX {
            return Err(Refusal::BodyTooLarge);
        }
        let asked = Asked { purpose: request.purpose, at: request.at, version: request.version };
        let people = request.people.iter().map(String::as_str);
        self.service.answerer(&organisation, |answerer| {
            answerer.answer_all(&asked, (1..).zip(people), Service::now())
        })?
    }
}
