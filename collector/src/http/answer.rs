//! Answers: pages, problem documents, and the one place where a refusal becomes a status.
//!
//! Invariant: an answer says the stable code and a plain sentence, and nothing of what went on inside.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use shared::Language;
use shared::api::Problem;
use shared::ids::FormRef;
use shared::refusal::Refusal;
use widget::model::MessageView;

use super::App;
use super::caller::Caller;

/// Status of a refusal.
#[must_use]
pub const fn status(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::PurposeNotOffered
        | Refusal::PurposeRepeated
        | Refusal::ContactMissing(_)
        | Refusal::ContactInvalid(_)
        | Refusal::NothingTicked
        | Refusal::UnseenFilled
        | Refusal::SlipMistyped
        | Refusal::StaffMissing
        | Refusal::SignedWhen
        | Refusal::ScanMissing => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::OfferForged | Refusal::BodyInvalid => StatusCode::BAD_REQUEST,
        Refusal::OfferExpired
        | Refusal::OfferOtherForm
        | Refusal::OfferSuperseded
        | Refusal::AlreadyAnswered
        | Refusal::NothingToWithdraw
        | Refusal::NothingToConfirm => StatusCode::CONFLICT,
        Refusal::LinkUnknown
        | Refusal::SlipUnknown
        | Refusal::PageUnknown
        | Refusal::FormUnknown
        | Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::PhoneLinkOver => StatusCode::GONE,
        Refusal::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Refusal::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Refusal::KeyUnknown => StatusCode::UNAUTHORIZED,
        Refusal::OriginNotAllowed | Refusal::ScopeMissing => StatusCode::FORBIDDEN,
        Refusal::HostUnknown => StatusCode::MISDIRECTED_REQUEST,
        Refusal::ContentTypeUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Refusal::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Refusal::TooManyRequests | Refusal::SlipTooMany => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Overloaded | Refusal::StoreUnavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A problem document (RFC 9457).
#[must_use]
pub fn problem(refusal: Refusal, language: Language) -> Response {
    let field = refusal.field().map(|field| field.name().into());
    let said = (status(refusal), refusal.code(), refusal.sentence(language));
    (retry_after(refusal), document(said, field)).into_response()
}

/// A problem document of something that is no refusal of its own, but has a code and a sentence too.
#[must_use]
pub fn document((status, code, sentence): (StatusCode, &str, &str), field: Option<String>) -> Response {
    let body = Problem {
        kind: format!("urn:vinkje:problem:{code}"),
        code: code.into(),
        status: status.as_u16(),
        title: code.replace('_', " "),
        detail: sentence.into(),
        field,
    };
    let json = serde_json::to_vec(&body).unwrap_or_default();
    let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
    (status, headers, json).into_response()
}

/// When another try makes sense.
fn retry_after(refusal: Refusal) -> HeaderMap {
    let seconds = match refusal {
        Refusal::Overloaded => "2",
        Refusal::TooManyRequests => "60",
        Refusal::SlipTooMany => "3600",
        _ => return HeaderMap::new(),
    };
    HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(seconds))])
}

/// A page that holds something of one person: never cached.
#[must_use]
pub fn page(html: String) -> Response {
    ([(CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

impl App {
    /// A refusal, as a page for a person or a problem document for a program.
    pub async fn refuse(&self, refusal: Refusal, caller: &Caller, form: Option<&FormRef>) -> Response {
        let language = caller.language();
        if !caller.wants_page {
            return problem(refusal, language);
        }
        let url = form.filter(|_| refusal != Refusal::FormUnknown);
        let url = url.map(|form| format!("{}/f/{form}?lang={}", self.service.base_url, language.tag()));
        let view = match refusal {
            Refusal::LinkUnknown => MessageView::link_unknown(language),
            _ => MessageView::problem(language, refusal.sentence(language), url.as_deref()),
        };
        let html = widget::ssr::message_page(&view, &self.service.page_assets()).await;
        (status(refusal), retry_after(refusal), page(html)).into_response()
    }
}

/// Any path that leads nowhere.
pub async fn no_such_page(State(app): State<App>, caller: Caller) -> Response {
    app.refuse(Refusal::PageUnknown, &caller, None).await
}

/// A known path with another method.
pub async fn no_such_method(State(app): State<App>, caller: Caller) -> Response {
    app.refuse(Refusal::MethodNotAllowed, &caller, None).await
}
