//! What is behind a receipt: `GET /v1/{organisation}/receipts/{receipt}`, for programs that a webhook told of it.
//!
//! In scope: the route. Out of scope: what is said (`service::look_up`).
//!
//! Invariant: it needs a key that may download, because contact data leaves.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use shared::ids::ReceiptId;
use shared::refusal::Refusal;

use super::{Asker, Download};
use crate::http::App;
use crate::http::path::Path;
use crate::service::look_up::LookedUp;

/// What is behind a receipt: what stands now, and for whom. Recorded, as every download is.
#[utoipa::path(
    get,
    path = "/v1/{organisation}/receipts/{receipt}",
    operation_id = "receipt",
    tag = "Receipts",
    security(("key" = ["download"])),
    params(
        ("organisation" = String, Path, description = "The organisation's name"),
        ("receipt" = String, Path, description = "The receipt's id, as a webhook names it"),
    ),
    responses((status = 200, description = "The receipt, what stands now, and for whom", body = LookedUp))
)]
pub(super) async fn receipt(
    State(app): State<App>,
    asker: Asker<Download>,
    Path((_, receipt)): Path<(String, String)>,
) -> Response {
    let Ok(id) = ReceiptId::parse(&receipt) else { return asker.refused(Refusal::NotFound) };
    match app.service.look_up(&asker.organisation, &id, &asker.key).await {
        Ok(found) => ([(CACHE_CONTROL, "no-store")], Json(found)).into_response(),
        Err(refusal) => asker.refused(refusal),
    }
}
