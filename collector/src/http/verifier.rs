//! The page that judges evidence, and the file in which it can be kept.
//!
//! Invariant: the page gets a policy of its own, which lets it load its own files and nothing else.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use widget::ssr::{Parts, verify_page};

use super::App;
use super::answer::page;
use super::caller::Caller;

/// `GET /verify`
pub async fn show(State(app): State<App>, caller: Caller) -> Response {
    let view = app.service.verify_view(caller.language());
    let html = verify_page(&view, Parts::Linked(&app.service.verify_assets())).await;
    ([(CONTENT_SECURITY_POLICY, app.service.verify_policy())], page(html)).into_response()
}

/// `GET /verify/vinkje-verify.html`: the same page as one file, for where there is no network.
pub async fn saved(State(app): State<App>, caller: Caller) -> Response {
    let view = app.service.saved_view(caller.language());
    let html = verify_page(&view, Parts::Inlined(&app.service.saved_parts())).await;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"vinkje-verify.html\""),
        (CACHE_CONTROL, "no-cache"),
        (VARY, "Accept-Language"),
    ];
    (headers, html).into_response()
}
