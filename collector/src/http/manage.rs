//! A person's own page: GET shows, POST acts.
//!
//! Invariant: the link is all it takes; there is no cookie, so no other site can act in a person's name.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::ids::PurposeId;
use shared::offer::Nonce;
use shared::refusal::Refusal;
use widget::model::{ManageNote, MessageView};

use super::App;
use super::answer::page;
use super::caller::Caller;
use super::path::Path;
use super::receipt::bundle_file;
use crate::bounded::Bounded;
use crate::service::manage::{Deed, Request, Way};

/// `GET /m`: how to take consent back, for who holds a record and not the link.
pub async fn own_link(State(app): State<App>, caller: Caller) -> Response {
    let view = MessageView::own_link(caller.language());
    page(widget::ssr::message_page(&view, &app.service.page_assets()).await)
}

/// `GET /m/{token}`, `/m/{token}.bundle`
pub async fn show(State(app): State<App>, Path(token): Path<String>, caller: Caller) -> Response {
    if let Some(token) = token.strip_suffix(".bundle") {
        return match app.service.subject_bundle(token, caller.since) {
            Ok(filled) => bundle_file(filled),
            Err(refusal) => app.refuse(refusal, &caller, None).await,
        };
    }
    match app.manage_page(&token, &caller, None).await {
        Ok(html) => page(html),
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Post {
    #[serde(rename = "do")]
    deed: Word,
    #[serde(default)]
    purpose: Vec<String>,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    offer: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Word {
    Withdraw,
    WithdrawAll,
    Object,
    Give,
}

impl Post {
    fn deed(&self) -> Result<Deed, Refusal> {
        let purposes: Result<Vec<_>, _> = self.purpose.iter().map(|name| PurposeId::parse(name)).collect();
        let purposes = purposes.map_err(|_| Refusal::PurposeNotOffered)?;
        match (self.deed, purposes.as_slice()) {
            (Word::Withdraw, [purpose]) => Ok(Deed::Withdraw(purpose.clone())),
            (Word::Withdraw, _) => Err(Refusal::BodyInvalid),
            (Word::WithdrawAll, _) => Ok(Deed::WithdrawAll),
            (Word::Object, _) => Ok(Deed::Object),
            (Word::Give, _) => Ok(Deed::Give(purposes)),
        }
    }
}

/// `POST /m/{token}`
pub async fn act(
    State(app): State<App>,
    Path(token): Path<String>,
    caller: Caller,
    Bounded(body): Bounded,
) -> Response {
    let done = app.manage_act(&token, &caller, body).await;
    let refusal = match done {
        Ok(note) => {
            // See Other, so that going back or reloading does not post again.
            let location = format!("{}/m/{token}?done={note}{}", app.service.base_url, lang(&caller));
            return (StatusCode::SEE_OTHER, [(LOCATION, location), (CACHE_CONTROL, "no-store".into())])
                .into_response();
        }
        Err(refusal) => refusal,
    };
    let language = caller.language();
    let note = ManageNote::Problem(refusal.sentence(language).into());
    match app.manage_page(&token, &caller, Some(note)).await {
        Ok(html) if caller.wants_page => (super::answer::status(refusal), page(html)).into_response(),
        _ => app.refuse(refusal, &caller, None).await,
    }
}

fn lang(caller: &Caller) -> String {
    caller.asked.map_or_else(String::new, |language| format!("&lang={}", language.tag()))
}

impl App {
    async fn manage_act(
        &self,
        token: &str,
        caller: &Caller,
        body: Result<Bytes, Refusal>,
    ) -> Result<&'static str, Refusal> {
        let post: Post = serde_html_form::from_bytes(&body?).map_err(|_| Refusal::BodyInvalid)?;
        // The person goes on in the language they read, whatever the browser prefers.
        let last = self.service.managed(token)?.subject.receipts.last().map(|stored| stored.receipt.language);
        let request = Request {
            whose: self.service.whose(token)?,
            deed: post.deed()?,
            nonce: Nonce::parse(&post.nonce).ok(),
            offer: &post.offer,
            language: caller.asked.or(last).unwrap_or_else(|| caller.language()),
            way: Way::OWN_PAGE,
        };
        let receipt = self.service.act(&request).await?;
        Ok(match post.deed {
            Word::Withdraw | Word::WithdrawAll => "stopped",
            Word::Object => "objected",
            Word::Give if self.service.waits(&request.whose, &receipt)? => "requested",
            Word::Give => "given",
        })
    }

    async fn manage_page(
        &self,
        token: &str,
        caller: &Caller,
        note: Option<ManageNote>,
    ) -> Result<String, Refusal> {
        let managed = self.service.managed(token)?;
        let last = managed.subject.receipts.last().map(|stored| stored.receipt.language);
        let offered = &managed.organisation.catalogue.languages;
        let asked = caller.asked.filter(|asked| offered.contains(asked));
        let language = asked.or(last).unwrap_or_else(|| caller.wish().language(offered));
        let note = note.or(caller.done.clone());
        let view = self.service.manage_view(&managed, language, note)?;
        Ok(widget::ssr::manage_page(&view, &self.service.page_assets()).await)
    }
}
