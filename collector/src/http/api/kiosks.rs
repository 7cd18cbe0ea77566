//! Kiosks by program: `POST /v1/{organisation}/kiosks` makes one, `GET` names all, `POST …/kiosks/revoke` takes one back.
//!
//! In scope: bodies and answers. Out of scope: what a kiosk must have (`service::kiosk::enrol`), what its screen does (`http::kiosk`).
//!
//! Invariant: a pairing code and a PIN stand in the answer to the request that made them, and nowhere else.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::ids::KioskId;
use shared::language::Language;
use shared::limits::SUBMIT_BYTES_MAX;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use utoipa::ToSchema;

use super::{Asker, Kiosk, json};
use crate::bounded::Bounded;
use crate::http::App;
use crate::http::answer::document;
use crate::kiosks::{Known, State as Standing};
use crate::service::code::qr_svg;
use crate::service::kiosk::enrol::{EnrolError, Kiosks, New, Unfit};

/// A kiosk that was made. The code and the PIN are not said again.
#[derive(Serialize, ToSchema)]
struct Made {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    kiosk: KioskId,
    /// Opened on the screen, this makes it the kiosk.
    pairing_url: String,
    /// The same as a QR code: an SVG picture.
    pairing_qr: String,
    /// What is typed where only the page is open.
    #[schema(example = "ABCD-EFGH-JKLM")]
    pairing_code: String,
    /// Until when, and once.
    #[schema(value_type = String, format = DateTime)]
    pairing_until: Timestamp,
    /// What opens the staff's screen.
    #[schema(example = "482913")]
    staff_pin: String,
}

/// All kiosks.
#[derive(Serialize, ToSchema)]
struct All {
    /// By name.
    kiosks: Vec<One>,
}

/// A kiosk, and how it is doing.
#[derive(Serialize, ToSchema)]
struct One {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    kiosk: KioskId,
    /// What it is called.
    name: String,
    /// Where it stands.
    place: String,
    /// Which form it shows.
    form: String,
    /// Whether it counts.
    state: StateName,
    /// When it last sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_sent: Option<Timestamp>,
    /// How many entries it held then.
    held: u32,
    /// By how many seconds its clock was behind then.
    behind_seconds: i64,
    /// Entries taken so far.
    taken: u64,
    /// Entries refused so far.
    refused: u64,
}

/// Whether a kiosk counts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StateName {
    /// It waits for its screen.
    Waiting,
    /// It works.
    Works,
    /// It was taken back.
    Revoked,
    /// Two screens used it, so it was stopped.
    Cloned,
}

/// Which kiosk.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// What it is called.
    #[schema(max_length = 200, example = "Toonbank")]
    name: String,
}

/// Makes a kiosk. The screen that opens the link, or types the code, within an hour becomes it.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/kiosks",
    operation_id = "add_kiosk",
    tag = "Counter",
    security(("key" = ["kiosk"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body = New,
    responses((status = 201, description = "It is made, and this is what pairs a screen with it", body = Made))
)]
pub(super) async fn add(
    State(app): State<App>,
    asker: Asker<Kiosk>,
    headers: HeaderMap,
    Bounded(body): Bounded<SUBMIT_BYTES_MAX>,
) -> Response {
    let new: New = match json(&headers, &body) {
        Ok(new) => new,
        Err(refusal) => return asker.refused(refusal),
    };
    let added = match app.kiosks(&asker).add(&new).await {
        Ok(added) => added,
        Err(error) => return refused(&asker, &error),
    };
    let organisation = &asker.organisation.catalogue.organisation;
    let code = added.code.grouped();
    let url = format!("{}/kiosk/{organisation}#{code}", app.service.base_url);
    let made = Made {
        kiosk: added.id,
        pairing_qr: qr_svg(&url),
        pairing_url: url,
        pairing_code: code,
        pairing_until: added.until,
        staff_pin: added.pin,
    };
    (StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(made)).into_response()
}

/// Names all kiosks, and how they are doing.
#[utoipa::path(
    get,
    path = "/v1/{organisation}/kiosks",
    operation_id = "kiosks",
    tag = "Counter",
    security(("key" = ["kiosk"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    responses((status = 200, description = "All of them", body = All))
)]
pub(super) async fn all(State(app): State<App>, asker: Asker<Kiosk>) -> Response {
    match app.kiosks(&asker).all() {
        Ok(all) => {
            let kiosks = all.into_iter().map(One::from).collect();
            ([(CACHE_CONTROL, "no-store")], Json(All { kiosks })).into_response()
        }
        Err(error) => refused(&asker, &error),
    }
}

/// Takes a kiosk back: it counts no more, from now on. What customers took back there still counts.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/kiosks/revoke",
    operation_id = "revoke_kiosk",
    tag = "Counter",
    security(("key" = ["kiosk"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body = Which,
    responses((status = 200, description = "It counts no more", body = One))
)]
pub(super) async fn revoke(
    State(app): State<App>,
    asker: Asker<Kiosk>,
    headers: HeaderMap,
    Bounded(body): Bounded<SUBMIT_BYTES_MAX>,
) -> Response {
    let which: Which = match json(&headers, &body) {
        Ok(which) => which,
        Err(refusal) => return asker.refused(refusal),
    };
    match app.kiosks(&asker).revoke(&which.name).await {
        Ok(known) => ([(CACHE_CONTROL, "no-store")], Json(One::from(known))).into_response(),
        Err(error) => refused(&asker, &error),
    }
}

impl App {
    fn kiosks<'a>(&'a self, asker: &'a Asker<Kiosk>) -> Kiosks<'a> {
        let (engine, sequencer) = (self.service.engine.as_ref(), &self.service.sequencer);
        Kiosks { engine, sequencer, organisation: &asker.organisation }
    }
}

impl From<Known> for One {
    fn from(known: Known) -> Self {
        let row = known.row;
        Self {
            kiosk: known.id,
            name: row.name,
            place: row.place,
            form: row.form.to_string(),
            state: match row.state {
                Standing::Waiting { .. } => StateName::Waiting,
                Standing::Paired(_) => StateName::Works,
                Standing::Revoked { .. } => StateName::Revoked,
                Standing::Cloned { .. } => StateName::Cloned,
            },
            last_sent: row.seen.map(Timestamp::from_unix_seconds),
            held: row.held,
            behind_seconds: row.behind,
            taken: row.next - 1,
            refused: row.refused,
        }
    }
}

fn refused(asker: &Asker<Kiosk>, error: &EnrolError) -> Response {
    let EnrolError::Unfit(unfit) = error else {
        tracing::error!(%error, "kiosks cannot be read or stored");
        return asker.refused(Refusal::StoreUnavailable);
    };
    let language: Language = asker.language;
    document((status(*unfit), unfit.code(), unfit.sentence(language)), None)
}

const fn status(unfit: Unfit) -> StatusCode {
    match unfit {
        Unfit::Many | Unfit::NameTaken => StatusCode::CONFLICT,
        Unfit::Unknown => StatusCode::NOT_FOUND,
        Unfit::Name | Unfit::Form | Unfit::Language | Unfit::Staff | Unfit::Idle => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}
