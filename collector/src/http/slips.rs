//! Counter slips: the page that asks for the code, what its QR code leads to, and the slip to print once more.
//!
//! In scope: reading the code, and where it leads. Out of scope: how often it may be tried (`service::slips`).
//!
//! Invariant: no GET changes anything, also not that of the QR code: it leads to the person's own page, where a press acts.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::Language;
use shared::ids::OrganisationId;
use shared::refusal::Refusal;
use shared::slip::SlipCode;

use super::App;
use super::answer::{page, status};
use super::caller::Caller;
use super::guard::Network;
use super::path::Path;
use crate::bounded::Bounded;
use crate::catalogue::Organisation;
use crate::service::slips::Typing;

/// The code as somebody typed it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Post {
    #[serde(default)]
    code: String,
}

/// `GET /s/{organisation}`
pub async fn ask(State(app): State<App>, Path(name): Path<String>, caller: Caller) -> Response {
    app.slip_asked(&name, &caller, None).await
}

/// `POST /s/{organisation}`
pub async fn typed(
    State(app): State<App>,
    Path(name): Path<String>,
    Extension(Network(network)): Extension<Network>,
    caller: Caller,
    Bounded(body): Bounded,
) -> Response {
    let code = read(body).map(|post| post.code);
    app.slip_opened(&name, code, network, &caller).await
}

/// `GET /s/{organisation}/{code}`
pub async fn scanned(
    State(app): State<App>,
    Path((name, code)): Path<(String, String)>,
    Extension(Network(network)): Extension<Network>,
    caller: Caller,
) -> Response {
    app.slip_opened(&name, Ok(code), network, &caller).await
}

/// `GET /s/{organisation}/{code}/slip`
pub async fn slip(
    State(app): State<App>,
    Path((name, code)): Path<(String, String)>,
    Extension(Network(network)): Extension<Network>,
    caller: Caller,
) -> Response {
    let filled = app.slip_of(&name).and_then(|organisation| {
        let language = language(&organisation, &caller);
        let code = SlipCode::parse(&code)?;
        app.service.slip_view(&organisation, &code, Typing::Web(network), language)
    });
    match filled {
        Ok(view) => page(widget::ssr::slip_page(&view, &app.service.page_assets()).await),
        Err(refusal) => app.slip_asked(&name, &caller, Some(refusal)).await,
    }
}

fn read(body: Result<Bytes, Refusal>) -> Result<Post, Refusal> {
    serde_html_form::from_bytes(&body?).map_err(|_| Refusal::BodyInvalid)
}

fn language(organisation: &Organisation, caller: &Caller) -> Language {
    caller.wish().language(&organisation.catalogue.languages)
}

impl App {
    fn slip_of(&self, name: &str) -> Result<Arc<Organisation>, Refusal> {
        let name = OrganisationId::parse(name).map_err(|_| Refusal::FormUnknown)?;
        self.service.registry.now().named(&name).cloned().ok_or(Refusal::FormUnknown)
    }

    /// To the person's own page, or back to the question.
    async fn slip_opened(
        &self,
        name: &str,
        code: Result<String, Refusal>,
        network: Option<u64>,
        caller: &Caller,
    ) -> Response {
        let opened = self.slip_of(name).and_then(|organisation| {
            let code = SlipCode::parse(&code?)?;
            self.service.slip_leads_to(&organisation, &code, Typing::Web(network))
        });
        match opened {
            Ok(url) => {
                let lang = caller.asked.map_or_else(String::new, |asked| format!("?lang={}", asked.tag()));
                let head = [(LOCATION, url + &lang), (CACHE_CONTROL, "no-store".into())];
                (StatusCode::SEE_OTHER, head).into_response()
            }
            Err(refusal) => self.slip_asked(name, caller, Some(refusal)).await,
        }
    }

    async fn slip_asked(&self, name: &str, caller: &Caller, problem: Option<Refusal>) -> Response {
        let organisation = match self.slip_of(name) {
            Ok(organisation) => organisation,
            Err(refusal) => return self.refuse(refusal, caller, None).await,
        };
        if let Some(refusal) = problem.filter(|_| !caller.wants_page) {
            return self.refuse(refusal, caller, None).await;
        }
        let language = language(&organisation, caller);
        let view = self.service.slip_ask_view(&organisation, language, problem);
        let html = widget::ssr::slip_ask_page(&view, &self.service.page_assets()).await;
        (problem.map_or(StatusCode::OK, status), page(html)).into_response()
    }
}
