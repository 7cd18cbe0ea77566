//! What staff does for people at a counter: `POST /v1/{organisation}/paper` enters what was signed or said,
//! `POST /v1/{organisation}/slips/stop` stops everything for whoever calls with the code on their slip.
//!
//! In scope: bodies and answers. Out of scope: the rules (`service::paper`, `service::slips`).
//!
//! Invariant: a code comes in a body, never in an address, so no log of a proxy has one.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::ids::ReceiptId;
use shared::limits::SUBMIT_BYTES_MAX;
use shared::registered::StaffLabel;
use shared::slip::SlipCode;
use utoipa::ToSchema;

use super::{Asker, Paper as PaperScope, Slip, json};
use crate::bounded::Bounded;
use crate::http::App;
use crate::service::paper::{Entered, Paper};

/// A person who asks staff to stop everything.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// The code on their slip, as they read it aloud.
    #[schema(max_length = 64)]
    code: String,
    /// Who does it for them: a name, a number or a counter. The person sees it on their receipt.
    #[schema(max_length = 80)]
    by: String,
}

/// What was done.
#[derive(Serialize, ToSchema)]
struct Stopped {
    /// The receipt of it.
    #[schema(value_type = String, format = "uuid")]
    receipt: ReceiptId,
    /// Where the receipt can be seen.
    receipt_url: String,
}

/// Enters what a person signed on paper or said aloud. The answer has the code for their slip; entering the same again gives it again.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/paper",
    operation_id = "enter_paper",
    tag = "Counter",
    security(("key" = ["paper"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body = Paper,
    responses((status = 201, description = "The receipt, and the code for the person's slip", body = Entered))
)]
pub(super) async fn enter(
    State(app): State<App>,
    asker: Asker<PaperScope>,
    headers: HeaderMap,
    Bounded(body): Bounded<SUBMIT_BYTES_MAX>,
) -> Response {
    let entered = async {
        let paper: Paper = json(&headers, &body)?;
        app.service.enter_paper(&asker.organisation, &paper).await
    };
    match entered.await {
        Ok(entered) => (StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(entered)).into_response(),
        Err(refusal) => asker.refused(refusal),
    }
}

/// Stops everything for a person who asks staff and has the code on their slip. Recorded, as every download is.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/slips/stop",
    operation_id = "stop_by_slip",
    tag = "Counter",
    security(("key" = ["slip"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body = Asked,
    responses((status = 200, description = "It is stopped, and this is the receipt", body = Stopped))
)]
pub(super) async fn stop(
    State(app): State<App>,
    asker: Asker<Slip>,
    headers: HeaderMap,
    Bounded(body): Bounded<SUBMIT_BYTES_MAX>,
) -> Response {
    let stopped = async {
        let Asked { code, by } = json(&headers, &body)?;
        let (code, by) = (SlipCode::parse(&code)?, StaffLabel::parse(&by)?);
        app.service.stop_by_slip(&asker.organisation, &code, &by, &asker.key).await
    };
    match stopped.await {
        Ok(receipt) => {
            let receipt_url = app.service.receipt_url(asker.organisation.number, &receipt);
            ([(CACHE_CONTROL, "no-store")], Json(Stopped { receipt, receipt_url })).into_response()
        }
        Err(refusal) => asker.refused(refusal),
    }
}
