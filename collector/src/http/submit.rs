//! Taking answers: JSON from scripts, form posts from pages; CORS for the origins that the organisation named.
//!
//! Invariant: both kinds end in the same service call. An origin is matched exactly and never reflected otherwise, and a
//! website that may read an answer may read every refusal too.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE, LOCATION, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sha2::Digest;
use shared::Language;
use shared::api::{ContactText, SubmitRequest, SubmitResponse};
use shared::ids::{FormRef, OrganisationId, PurposeId};
use shared::offer::{Nonce, Offer};
use shared::receipt::Ui;
use shared::refusal::Refusal;
use shared::ticket::Ticket;
use widget::model::Typed;

use super::App;
use super::answer::problem;
use super::caller::{Caller, text};
use super::form::{Again, form_ref};
use super::path::Path;
use crate::bounded::Bounded;
use crate::catalogue::Organisation;
use crate::service::submit::{Submission, Taken};
use crate::service::{Service, Shown};

/// The organisation whose websites may read the answer to this request: that of a form that scripts post to or fetch.
pub fn read_by_scripts(app: &App, method: &Method, path: &str) -> Option<Arc<Organisation>> {
    let mut names = path.strip_prefix("/f/")?.split('/');
    let (organisation, _form, more) = (names.next()?, names.next()?, names.next());
    let ours = match more {
        None => method != Method::GET,
        Some(more) => more == "fragment" && names.next().is_none(),
    };
    let organisation = OrganisationId::parse(organisation).ok().filter(|_| ours)?;
    app.service.registry.now().named(&organisation).cloned()
}

/// Lets a page of an allowed origin read the answer.
pub fn allow(response: &mut Response, app: &App, organisation: &Organisation, origin: Option<&str>) {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let allowed = origin.filter(|origin| organisation.allows(origin) || *origin == app.service.base_url);
    if let Some(value) = allowed.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
}

/// `OPTIONS` before a POST from another origin. Whether that origin may go on stands in a header of every answer.
pub async fn preflight() -> Response {
    let fixed = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    (StatusCode::NO_CONTENT, fixed).into_response()
}

/// A visitor's answer to a form, as a script sends it. A plain form post to the same address does the same and answers with a page.
///
/// The `offer` comes with the form: `GET /f/{organisation}/{form}/fragment`. The same offer and nonce make one receipt.
#[utoipa::path(
    post,
    path = "/f/{organisation}/{form}",
    operation_id = "submit",
    tag = "Forms",
    security(()),
    params(
        ("organisation" = String, Path, description = "The organisation's name"),
        ("form" = String, Path, description = "The form's name"),
    ),
    request_body(content = SubmitRequest, content_type = "application/json"),
    responses(
        (status = 201, description = "It is stored", body = SubmitResponse),
        (status = 200, description = "It was stored already", body = SubmitResponse),
    )
)]
pub async fn submit(
    State(app): State<App>,
    Path(names): Path<(String, String)>,
    caller: Caller,
    headers: HeaderMap,
    Bounded(body): Bounded,
) -> Response {
    let form = match form_ref(&names) {
        Ok(form) => form,
        Err(refusal) => return app.refuse(refusal, &caller, None).await,
    };
    let kind = text(&headers, CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match (kind.as_str(), body) {
        ("application/json", Ok(body)) => app.submit_json(&form, &caller, &body).await,
        ("application/x-www-form-urlencoded", Ok(body)) => app.submit_form(&form, &caller, &body).await,
        (_, Err(refusal)) => app.refuse(refusal, &caller, Some(&form)).await,
        (_, Ok(_)) => app.refuse(Refusal::ContentTypeUnsupported, &caller, Some(&form)).await,
    }
}

impl App {
    async fn submit_json(&self, form: &FormRef, caller: &Caller, body: &[u8]) -> Response {
        let read = read_json(body);
        // What is wrong is said in the language of the form, whatever the browser prefers.
        let offered = read.as_ref().ok().and_then(|request| self.offered(&request.offer));
        let language = caller.asked.or(offered).unwrap_or_else(|| caller.language());
        let taken = match read {
            Ok(request) => self.take(form, caller.origin.as_deref(), &request).await,
            Err(refusal) => Err(refusal),
        };
        match taken {
            Ok(taken) => {
                let status = if taken.replayed { StatusCode::OK } else { StatusCode::CREATED };
                let json = serde_json::to_vec(&taken.response).unwrap_or_default();
                let fixed = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
                (status, fixed, json).into_response()
            }
            Err(refusal) => problem(refusal, language),
        }
    }

    /// The language of a form, by its offer.
    fn offered(&self, offer: &str) -> Option<Language> {
        Offer::open(offer, &self.service.keys.offer).ok().map(|offer| offer.language)
    }

    /// The ticket of a form, by its offer.
    fn ticket(&self, offer: &str) -> Option<Ticket> {
        let ticket = Offer::open(offer, &self.service.keys.offer).ok()?.ticket;
        ticket.filter(|ticket| ticket.may_be_answered(Service::now()))
    }

    async fn take(
        &self,
        form: &FormRef,
        origin: Option<&str>,
        request: &SubmitRequest,
    ) -> Result<Taken, Refusal> {
        self.service.submit(&Submission { form, request, origin }).await
    }

    async fn submit_form(&self, form: &FormRef, caller: &Caller, body: &[u8]) -> Response {
        let post: FormPost = match read_form(body) {
            Ok(post) => post,
            Err(refusal) => return self.refuse(refusal, caller, Some(form)).await,
        };
        // Browsers say "null" for the posts of a page that names no referrer, as ours do. A script always has an origin.
        let origin = caller.origin.as_deref().filter(|origin| *origin != "null");
        let taken = match post.request() {
            Ok(request) => self.take(form, origin, &request).await,
            Err(refusal) => Err(refusal),
        };
        let refusal = match taken {
            Ok(taken) => {
                let headers = [(LOCATION, taken.response.receipt_url.as_str()), (CACHE_CONTROL, "no-store")];
                return (StatusCode::SEE_OTHER, headers).into_response();
            }
            Err(refusal) => refusal,
        };
        let wish = crate::service::Wish {
            asked: caller.asked.or(self.offered(&post.offer)),
            accept: caller.language().tag(),
        };
        match self.service.shown(form, &wish) {
            Ok(shown) if !matches!(refusal, Refusal::OriginNotAllowed | Refusal::PhoneLinkOver) => {
                let shown = Shown { ticket: self.ticket(&post.offer), ..shown };
                self.form_again(&shown, Again { refusal, typed: post.typed() }, caller).await
            }
            _ => self.refuse(refusal, caller, Some(form)).await,
        }
    }
}

/// Reads a JSON answer.
///
/// # Errors
///
/// [`Refusal::BodyInvalid`].
pub fn read_json(body: &[u8]) -> Result<SubmitRequest, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::BodyInvalid)
}

/// The fields of a plain form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormPost {
    offer: String,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    ticked: Vec<String>,
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    website: String,
    #[serde(default)]
    answer: Answer,
}

#[derive(Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Answer {
    #[default]
    Save,
    None,
}

/// Reads a form post.
///
/// # Errors
///
/// [`Refusal::BodyInvalid`].
pub fn read_form(body: &[u8]) -> Result<FormPost, Refusal> {
    serde_html_form::from_bytes(body).map_err(|_| Refusal::BodyInvalid)
}

impl FormPost {
    /// The answer in it. "No, nothing" outweighs whatever is ticked; nothing ticked without it is a slip.
    ///
    /// # Errors
    ///
    /// [`Refusal::NothingTicked`], [`Refusal::PurposeNotOffered`], or [`Refusal::BodyInvalid`] for a strange nonce.
    pub fn request(&self) -> Result<SubmitRequest, Refusal> {
        let refuses = self.answer == Answer::None;
        if self.ticked.is_empty() && !refuses {
            return Err(Refusal::NothingTicked);
        }
        let ticked: Result<Vec<_>, _> = self.ticked.iter().map(|name| PurposeId::parse(name)).collect();
        let ticked = ticked.map_err(|_| Refusal::PurposeNotOffered)?;
        let contact = ContactText {
            email: Some(self.email.clone()),
            phone: Some(self.phone.clone()),
            name: Some(self.name.clone()),
            address: Some(self.address.clone()),
        };
        Ok(SubmitRequest {
            offer: self.offer.clone(),
            nonce: self.nonce_of_content()?.to_string(),
            ticked: if refuses { Vec::new() } else { ticked },
            contact: if refuses { ContactText::default() } else { contact },
            ui: Ui::Html,
            instead_of: Vec::new(),
            website: self.website.clone(),
        })
    }

    /// The same answer to the same page is the same act, and a changed answer is another. A hosted page has an offer of its
    /// own; where many share one, the loader tells their pages apart by a nonce.
    fn nonce_of_content(&self) -> Result<Nonce, Refusal> {
        let mut hash = sha2::Sha256::new();
        if let Some(nonce) = &self.nonce {
            hash.update(Nonce::parse(nonce)?.0);
        }
        let refuses = if self.answer == Answer::None { "none" } else { "save" };
        let parts = [self.offer.as_str(), refuses, &self.email, &self.phone, &self.name, &self.address];
        for part in parts.into_iter().chain(self.ticked.iter().map(String::as_str)) {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Ok(Nonce(hash.finalize()[..16].try_into().expect("16 of 32 bytes")))
    }

    fn typed(self) -> Typed {
        Typed { email: self.email, phone: self.phone, name: self.name, address: self.address }
    }
}
