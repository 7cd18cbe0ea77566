//! A kiosk's link to a customer's own phone: making one, the form behind it, and what became of it.
//!
//! In scope: bodies, status codes. Out of scope: how long a link works (`service::kiosk`), taking the answer (`submit`).
//!
//! Invariant: opening a link uses nothing up, so whatever fetches it beforehand harms nobody.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use shared::ids::{KioskId, OrganisationId};
use shared::kiosk::{KioskRefusal, PhoneRequest};
use shared::refusal::Refusal;

use super::App;
use super::answer::page as as_page;
use super::caller::Caller;
use super::kiosk::{answered, read};
use super::path::Path;
use crate::bounded::Bounded;

/// `POST /kiosk/{organisation}/{kiosk}/phone`
pub async fn link(
    State(app): State<App>,
    Path((name, kiosk)): Path<(String, String)>,
    caller: Caller,
    Bounded(body): Bounded,
) -> Response {
    let unknown = |_| KioskRefusal::KioskUnknown;
    let answer = || {
        let name = OrganisationId::parse(&name).map_err(unknown)?;
        let kiosk = KioskId::parse(&kiosk).map_err(unknown)?;
        let request: PhoneRequest = read(body)?;
        app.service.kiosk_phone(&name, kiosk, &request)
    };
    answered(answer(), caller.language())
}

/// `GET /k/{organisation}/{ticket}`
pub async fn page(
    State(app): State<App>,
    Path((name, ticket)): Path<(String, String)>,
    caller: Caller,
) -> Response {
    let name = OrganisationId::parse(&name).map_err(|_| Refusal::LinkUnknown);
    let shown = name.and_then(|name| app.service.shown_on_phone(&name, &ticket, &caller.wish()));
    let rendered = match &shown {
        Ok(shown) => app.form_page(shown, None).await,
        Err(refusal) => Err(*refusal),
    };
    match rendered {
        Ok(html) => as_page(html),
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}

/// `GET /k/{organisation}/{ticket}/state`
pub async fn state(
    State(app): State<App>,
    Path((name, ticket)): Path<(String, String)>,
    caller: Caller,
) -> Response {
    let name = OrganisationId::parse(&name).map_err(|_| Refusal::LinkUnknown);
    match name.and_then(|name| app.service.phone_state(&name, &ticket)) {
        Ok(state) => ([(CACHE_CONTROL, "no-store")], Json(state)).into_response(),
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}
