//! The API for an organisation's own programs: JSON in and out, with a key.
//!
//! In scope: who asks and whether their key is for it, which form of answer they want, and the routes. Out of scope: the answers
//! themselves (`service`).
//!
//! Invariant: without a key of this very organisation nothing is said, not even whether the organisation exists, and no body
//! is read. Browsers cannot read an answer from another website: there is no CORS here.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::Deserialize;
use shared::Language;
use shared::ids::OrganisationId;
use shared::refusal::Refusal;
use tokio::sync::OwnedSemaphorePermit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::problem;
use super::caller::{Caller, text};
use super::path::Path;
use super::submit::{__path_submit, submit};
use crate::api_keys::{ApiKey, Scope};
use crate::catalogue::Organisation;

mod imports;
mod inbound;
mod kiosks;
pub(crate) mod lists;
mod mailings;
mod may_address;
mod openapi;
mod paper;
mod pieces;
mod receipts;
mod sales;
mod statistics;

/// Lists that are handed out at the same time; more are asked to come back.
pub(super) const LISTS_AT_ONCE_MAX: usize = 4;

/// Questions that are worked on at the same time; others wait, with their bodies unread.
pub(super) const AT_ONCE_MAX: usize = 16;

/// All routes of programs, and the public submit, each with what OpenAPI says of it.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(may_address::may_address))
        .routes(routes!(lists::list))
        .routes(routes!(mailings::begin, mailings::all))
        .routes(routes!(mailings::one))
        .routes(routes!(mailings::was_addressed))
        .routes(routes!(receipts::receipt))
        .routes(routes!(statistics::statistics))
        .routes(routes!(paper::enter))
        .routes(routes!(paper::stop))
        .routes(routes!(kiosks::add, kiosks::all))
        .routes(routes!(kiosks::revoke))
        .routes(routes!(imports::import))
        .routes(routes!(sales::tell))
        .routes(routes!(inbound::take))
        .routes(routes!(inbound::undelivered))
        .routes(routes!(submit))
        .routes(routes!(openapi::document))
}

pub(super) use openapi::Document;

/// What a route needs of a key.
pub(super) trait Needs: Send + Sync {
    /// The scope.
    const SCOPE: Scope;
}

macro_rules! needs {
    ($($name:ident),*) => {$(
        /// The scope of this name.
        pub(super) struct $name;
        impl Needs for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )*};
}

needs!(Ask, Download, Kiosk, Mail, Manage, Paper, Sales, Slip);

/// A program whose key counts for what it asks.
pub(super) struct Asker<S> {
    /// Whose key it is.
    pub(super) organisation: Arc<Organisation>,
    /// What the key is called, by who made it.
    pub(super) key: String,
    /// In which language refusals are said.
    pub(super) language: Language,
    /// Held while the question is worked on.
    _place: OwnedSemaphorePermit,
    scope: PhantomData<S>,
}

impl<S: Needs> FromRequestParts<App> for Asker<S> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let language = Caller::of(parts).language();
        let Path(names) = Path::<HashMap<String, String>>::from_request_parts(parts, app).await?;
        let name = names.get("organisation").map_or("", String::as_str);
        let known =
            app.known(&parts.headers, name, S::SCOPE).map_err(|refusal| refused(refusal, language))?;
        let (organisation, key) = known;
        // It is never closed, so there is always a place at last; the time limit of all requests holds here too.
        let place = app.asking.clone().acquire_owned().await.expect("the places are never closed");
        Ok(Self { organisation, key, language, _place: place, scope: PhantomData })
    }
}

impl<S> Asker<S> {
    /// A refusal in their language.
    pub(super) fn refused(&self, refusal: Refusal) -> Response {
        refused(refusal, self.language)
    }
}

fn refused(refusal: Refusal, language: Language) -> Response {
    let mut response = problem(refusal, language);
    // RFC 6750 §3.
    let challenge = match refusal {
        Refusal::KeyUnknown => "Bearer",
        Refusal::ScopeMissing => "Bearer error=\"insufficient_scope\"",
        _ => return response,
    };
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    response
}

impl App {
    /// The organisation and the name of a key that is for this.
    fn known(
        &self,
        headers: &HeaderMap,
        name: &str,
        scope: Scope,
    ) -> Result<(Arc<Organisation>, String), Refusal> {
        let key = text(headers, AUTHORIZATION).and_then(ApiKey::from_header).ok_or(Refusal::KeyUnknown)?;
        let name = OrganisationId::parse(name).map_err(|_| Refusal::KeyUnknown)?;
        let (organisation, row) = self.service.organisation_of(&key, &name)?;
        if row.scopes.contains(&scope) { Ok((organisation, row.name)) } else { Err(Refusal::ScopeMissing) }
    }
}

/// Reads a body that is JSON.
///
/// # Errors
///
/// [`Refusal::ContentTypeUnsupported`], [`Refusal::BodyTooLarge`] or [`Refusal::BodyInvalid`].
pub(super) fn json<'a, T: Deserialize<'a>>(
    headers: &HeaderMap,
    body: &'a Result<Bytes, Refusal>,
) -> Result<T, Refusal> {
    let kind = text(headers, CONTENT_TYPE).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("application/json") {
        return Err(Refusal::ContentTypeUnsupported);
    }
    let body = body.as_ref().map_err(|refusal| *refusal)?;
    serde_json::from_slice(body).map_err(|_| Refusal::BodyInvalid)
}

/// A form in which an answer can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Lines,
    Csv,
    Svg,
}

impl Kind {
    /// Its media type.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Lines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Svg => "image/svg+xml",
        }
    }

    fn is_meant_by(self, range: &str) -> bool {
        let own = self.media_type().split(';').next().unwrap_or_default();
        let (of, _) = own.split_once('/').unwrap_or((own, ""));
        range == "*/*" || range.eq_ignore_ascii_case(own) || range.strip_suffix("/*") == Some(of)
    }

    /// The form that is asked for (RFC 9110 §12.5.1), of those that there are; the first where nothing is asked.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotAcceptable`].
    pub(super) fn wanted(headers: &HeaderMap, offered: &[Self]) -> Result<Self, Refusal> {
        let Some(accept) = text(headers, ACCEPT) else { return Ok(offered[0]) };
        let ranges = accept.split(',').take(RANGES_MAX).map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let q = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok());
            (name, q.unwrap_or(1.0))
        });
        let ranges: Vec<_> = ranges.filter(|(_, q)| *q > 0.0).collect();
        let weight = |kind: &Self| {
            let meant = ranges.iter().filter(|(range, _)| kind.is_meant_by(range));
            meant.map(|(_, q)| *q).reduce(f32::max)
        };
        let best = offered.iter().filter_map(|kind| Some((weight(kind)?, *kind)));
        // The first of equals.
        let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(_, kind)| kind).ok_or(Refusal::NotAcceptable)
    }
}

/// Media ranges of an `Accept` header that are looked at.
const RANGES_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: Option<&str>, expected: Result<Kind, Refusal>) {
        let value = accept.map(|accept| (ACCEPT, HeaderValue::from_str(accept).unwrap()));
        let headers = HeaderMap::from_iter(value);
        assert_eq!(Kind::wanted(&headers, &[Kind::Json, Kind::Lines]), expected, "{accept:?}");
    }

    #[test]
    fn the_program_says_in_which_form_it_reads() {
        check(None, Ok(Kind::Json));
        check(Some("*/*"), Ok(Kind::Json));
        check(Some("application/x-ndjson"), Ok(Kind::Lines));
        check(Some("application/json;q=0.5, application/x-ndjson"), Ok(Kind::Lines));
        check(Some("application/*"), Ok(Kind::Json));
        check(Some("text/html, application/json;q=0"), Err(Refusal::NotAcceptable));
        check(Some("image/png, text/*"), Err(Refusal::NotAcceptable));
    }
}
