//! A form on paper: `/f/{organisation}/{form}/paper` to tick and sign, `/f/{organisation}/{form}/poster` to hang up.
//!
//! Invariant: both show today's notice and change nothing; no offer is made for them, since nobody answers them here.

use axum::extract::State;
use axum::response::Response;

use super::App;
use super::answer::page;
use super::caller::Caller;
use super::form::form_ref;
use super::path::Path;
use crate::service::printed::Sheet;

/// `GET /f/{organisation}/{form}/paper`
pub async fn paper(State(app): State<App>, Path(path): Path<(String, String)>, caller: Caller) -> Response {
    app.printed(&path, &caller, Sheet::Paper).await
}

/// `GET /f/{organisation}/{form}/poster`
pub async fn poster(State(app): State<App>, Path(path): Path<(String, String)>, caller: Caller) -> Response {
    app.printed(&path, &caller, Sheet::Poster).await
}

impl App {
    async fn printed(&self, path: &(String, String), caller: &Caller, sheet: Sheet) -> Response {
        let filled = form_ref(path)
            .and_then(|form| self.service.shown(&form, &caller.wish()))
            .and_then(|shown| self.service.printed_view(&shown, sheet));
        let view = match filled {
            Ok(view) => view,
            Err(refusal) => return self.refuse(refusal, caller, None).await,
        };
        let assets = self.service.page_assets();
        page(match sheet {
            Sheet::Paper => widget::ssr::paper_page(&view, &assets).await,
            Sheet::Poster => widget::ssr::poster_page(&view, &assets).await,
        })
    }
}
