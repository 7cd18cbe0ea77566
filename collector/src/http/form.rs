//! The hosted page of a form, and the exact text of its notices.
//!
//! Invariant: the page works without scripts; its offer is fresh for every view.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use shared::ids::{FormId, FormRef, NoticeHash, OrganisationId};
use shared::refusal::Refusal;
use widget::model::{ProblemView, Typed};

use super::App;
use super::answer::page as as_page;
use super::caller::Caller;
use super::path::Path;
use crate::service::Shown;

/// Reads the two names in a form's path.
///
/// # Errors
///
/// [`Refusal::FormUnknown`].
pub fn form_ref(names: &(String, String)) -> Result<FormRef, Refusal> {
    let organisation = OrganisationId::parse(&names.0).map_err(|_| Refusal::FormUnknown)?;
    let form = FormId::parse(&names.1).map_err(|_| Refusal::FormUnknown)?;
    Ok(FormRef { organisation, form })
}

/// `GET /f/{organisation}/{form}`
pub async fn page(State(app): State<App>, Path(names): Path<(String, String)>, caller: Caller) -> Response {
    let shown = form_ref(&names).and_then(|form| app.service.shown(&form, &caller.wish()));
    let rendered = match &shown {
        Ok(shown) => app.form_page(shown, None).await,
        Err(refusal) => Err(*refusal),
    };
    match rendered {
        Ok(html) => as_page(html),
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}

/// A form post that was not accepted: why, and what had been typed. The boxes come back empty.
pub struct Again {
    /// Why.
    pub refusal: Refusal,
    /// What had been typed.
    pub typed: Typed,
}

impl App {
    /// The hosted page, fresh or shown again.
    pub async fn form_page(&self, shown: &Shown, again: Option<Again>) -> Result<String, Refusal> {
        let (mut view, notice) = self.service.form_view(shown)?;
        if let Some(again) = again {
            view.problem = Some(ProblemView {
                code: again.refusal.code().into(),
                text: again.refusal.sentence(view.language).into(),
                field: again.refusal.field(),
            });
            view.typed = again.typed;
        }
        let links = self.service.bundle_links(shown);
        let organisation = &shown.notice.notice.controller.name;
        Ok(widget::ssr::form_page(&view, &notice, organisation, &links, &self.service.page_assets()).await)
    }

    /// The hosted page again, with what was wrong.
    pub async fn form_again(&self, shown: &Shown, again: Again, caller: &Caller) -> Response {
        let status = super::answer::status(again.refusal);
        match self.form_page(shown, Some(again)).await {
            Ok(html) => (status, as_page(html)).into_response(),
            Err(refusal) => self.refuse(refusal, caller, Some(&shown.form)).await,
        }
    }
}

/// Reads a form's path with a hash behind it.
fn hashed(organisation: String, form: String, hash: &str) -> Result<(FormRef, NoticeHash), Refusal> {
    let form = form_ref(&(organisation, form))?;
    Ok((form, NoticeHash::parse(hash).map_err(|_| Refusal::PageUnknown)?))
}

/// `GET /f/{organisation}/{form}/notice/{hash}`: the exact bytes that receipts point at.
pub async fn notice(
    State(app): State<App>,
    Path((organisation, form, hash)): Path<(String, String, String)>,
    caller: Caller,
) -> Response {
    let found = hashed(organisation, form, &hash).and_then(|(form, hash)| {
        let organisation =
            app.service.registry.now().named(&form.organisation).cloned().ok_or(Refusal::FormUnknown)?;
        organisation
            .notice(&hash)
            .filter(|known| known.notice.form == form.form)
            .cloned()
            .ok_or(Refusal::PageUnknown)
    });
    match found {
        Ok(known) => {
            let fixed =
                [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (StatusCode::OK, fixed, known.canonical.clone()).into_response()
        }
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}

/// `GET /f/{organisation}/{form}/wording/{hash}`: the exact words that an imported list names.
pub async fn wording(
    State(app): State<App>,
    Path((organisation, form, hash)): Path<(String, String, String)>,
    caller: Caller,
) -> Response {
    let found = hashed(organisation, form, &hash).and_then(|(form, hash)| app.service.wording(&form, &hash));
    match found {
        Ok(words) => {
            let fixed = [
                (CONTENT_TYPE, "text/plain; charset=utf-8"),
                (CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (StatusCode::OK, fixed, words).into_response()
        }
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}
