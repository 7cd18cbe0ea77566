//! The screen at a counter: its page, its service worker, becoming a kiosk, and handing in what happened.
//!
//! In scope: bodies, status codes, what a browser may keep. Out of scope: what is taken (`service::kiosk`).
//!
//! Invariant: the page is the same for everybody and holds nobody's data, so a browser may keep it for when there is no network.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use shared::Language;
use shared::ids::{KioskId, OrganisationId};
use shared::kiosk::{KioskRefusal, Pairing, SyncRequest};
use shared::limits::KIOSK_BATCH_BYTES_MAX;
use shared::refusal::Refusal;
use widget::ssr::kiosk_page;

use super::App;
use super::answer::{document, problem};
use super::caller::Caller;
use super::path::Path;
use crate::assets::Assets;
use crate::bounded::Bounded;
use crate::service::kiosk::Refused;

/// The page loads its own files and talks to its own collector; nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Where the worker's list of files goes.
const FILES_PLACE: &str = "\"__VINKJE_FILES__\"";

/// `GET /kiosk/{organisation}`
pub async fn page(State(app): State<App>, Path(name): Path<String>, caller: Caller) -> Response {
    let known = OrganisationId::parse(&name).ok();
    let organisation = known.and_then(|name| app.service.registry.now().named(&name).cloned());
    let Some(organisation) = organisation else {
        return app.refuse(Refusal::PageUnknown, &caller, None).await;
    };
    let language = caller.wish().language(&organisation.catalogue.languages);
    let html = kiosk_page(language, &name, &app.service.kiosk_files()).await;
    ([(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-cache")], Html(html)).into_response()
}

/// `GET /kiosk/{organisation}/app.webmanifest`
pub async fn manifest(State(app): State<App>, Path(name): Path<String>, caller: Caller) -> Response {
    if OrganisationId::parse(&name).is_err() {
        return app.refuse(Refusal::PageUnknown, &caller, None).await;
    }
    let start = format!("/kiosk/{name}");
    let icon = Assets::path(&app.service.assets.manifest.icon);
    let manifest = json!({
        "name": "Vinkje kiosk",
        "short_name": "Vinkje",
        "id": start,
        "start_url": start,
        "scope": start,
        "display": "fullscreen",
        "background_color": "#fbfaf7",
        "theme_color": "#fbfaf7",
        "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    });
    let head = [(CONTENT_TYPE, "application/manifest+json"), (CACHE_CONTROL, "no-cache")];
    (head, manifest.to_string()).into_response()
}

/// `GET /kiosk/sw.js`: the worker that keeps the screen going without network. It changes with every build of the files.
pub async fn worker(State(app): State<App>) -> Response {
    let files = app.service.kiosk_files();
    let all: Vec<&String> =
        files.styles.iter().chain(&files.script).chain(&files.icon).chain(&files.wasm).collect();
    let list = serde_json::to_string(&all).unwrap_or_default();
    let worker = app.service.assets.bytes(&app.service.assets.manifest.kiosk_worker);
    let script = String::from_utf8_lossy(worker).replace(FILES_PLACE, &list);
    let head = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (head, script).into_response()
}

/// `POST /kiosk/{organisation}/pair`
pub async fn pair(
    State(app): State<App>,
    Path(name): Path<String>,
    caller: Caller,
    Bounded(body): Bounded,
) -> Response {
    let language = caller.language();
    let answer = async {
        let name = OrganisationId::parse(&name).map_err(|_| KioskRefusal::KioskUnknown)?;
        let pairing: Pairing = read(body)?;
        app.service.pair(&name, &pairing).await
    };
    answered(answer.await, language)
}

/// `POST /kiosk/{organisation}/{kiosk}`
pub async fn sync(
    State(app): State<App>,
    Path((name, kiosk)): Path<(String, String)>,
    caller: Caller,
    Bounded(body): Bounded<KIOSK_BATCH_BYTES_MAX>,
) -> Response {
    let language = caller.language();
    let answer = async {
        let unknown = |_| KioskRefusal::KioskUnknown;
        let name = OrganisationId::parse(&name).map_err(unknown)?;
        let kiosk = KioskId::parse(&kiosk).map_err(unknown)?;
        let request: SyncRequest = read(body)?;
        app.service.kiosk_sync(&name, kiosk, &request).await
    };
    answered(answer.await, language)
}

pub(super) fn read<T: DeserializeOwned>(body: Result<axum::body::Bytes, Refusal>) -> Result<T, Refused> {
    Ok(serde_json::from_slice(&body?).map_err(|_| Refusal::BodyInvalid)?)
}

pub(super) fn answered<T: Serialize>(answer: Result<T, Refused>, language: Language) -> Response {
    match answer {
        Ok(answer) => ([(CACHE_CONTROL, "no-store")], axum::Json(answer)).into_response(),
        Err(Refused::Other(refusal)) => problem(refusal, language),
        Err(Refused::Kiosk(refusal)) => {
            document((status(refusal), refusal.code(), refusal.sentence(language)), None)
        }
    }
}

const fn status(refusal: KioskRefusal) -> StatusCode {
    match refusal {
        KioskRefusal::PairingUnknown | KioskRefusal::KioskUnknown => StatusCode::NOT_FOUND,
        KioskRefusal::KioskRevoked | KioskRefusal::KioskCloned => StatusCode::FORBIDDEN,
        KioskRefusal::EntryMalformed
        | KioskRefusal::EntryForged
        | KioskRefusal::EntryForeign
        | KioskRefusal::EntryUnreadable => StatusCode::BAD_REQUEST,
        KioskRefusal::EntryOutOfOrder | KioskRefusal::EntryNumberUsed | KioskRefusal::SlipUsed => {
            StatusCode::CONFLICT
        }
    }
}
