//! The parts of a path, as text.
//!
//! Invariant: a path that is no text leads nowhere, and says so like every other unknown link.

use axum::extract::{FromRequestParts, path};
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;
use shared::refusal::Refusal;

use super::App;
use super::caller::Caller;

/// What stands in the places that a route names.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match path::Path::from_request_parts(parts, app).await {
            Ok(path::Path(names)) => Ok(Self(names)),
            Err(_) => Err(app.refuse(Refusal::LinkUnknown, &Caller::of(parts), None).await),
        }
    }
}
