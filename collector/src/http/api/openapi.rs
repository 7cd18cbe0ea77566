//! The OpenAPI document: what programs may ask, generated from the code that answers.
//!
//! In scope: what stands around the routes, and serving the document. Out of scope: the routes, which say their own part.
//!
//! Invariant: the document is made at the start from the routes that are served, so neither can have what the other lacks.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use shared::api::Problem;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Info, License, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

/// The name of the way in which programs show their key.
pub(super) const KEY: &str = "key";

/// The document, written out.
#[derive(Clone)]
pub(in crate::http) struct Document(Arc<[u8]>);

impl Document {
    /// Of all routes.
    pub(in crate::http) fn new(mut api: OpenApi) -> Self {
        for item in api.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
                operation.responses.responses.insert("default".into(), RefOr::T(refusal()));
            }
        }
        let json = serde_json::to_vec(&api).unwrap_or_default();
        Self(json.into())
    }
}

/// Whatever is refused says so in the same way.
fn refusal() -> utoipa::openapi::Response {
    let schema = RefOr::Ref(Ref::from_schema_name(Problem::name()));
    ResponseBuilder::new()
        .description("A refusal (RFC 9457) with a stable `code` and a sentence for people")
        .content("application/problem+json", ContentBuilder::new().schema(Some(schema)).build())
        .build()
}

/// What stands around the routes.
pub(super) fn frame() -> OpenApi {
    let mut info = Info::new("Vinkje", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "What an organisation's own programs may ask of its collector. Keys are made with `vinkje key add`; each says what it is for."
            .into(),
    );
    info.license = Some(License::new("MIT OR Apache-2.0"));
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description = Some("A key that `vinkje key add` printed".into());
    let components = ComponentsBuilder::new()
        .schema(Problem::name(), Problem::schema())
        .security_scheme(KEY, SecurityScheme::Http(bearer))
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// This document.
#[utoipa::path(
    get,
    path = "/v1/openapi.json",
    operation_id = "openapi",
    tag = "About",
    responses((status = 200, description = "This document", body = Object, content_type = "application/json"))
)]
pub(super) async fn document(Extension(Document(json)): Extension<Document>) -> Response {
    let fixed = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=60")];
    (fixed, Bytes::from_owner(json)).into_response()
}
