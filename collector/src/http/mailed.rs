//! The pages behind mailed links: confirm, stop, undo, and the way to the own link for who lost it.
//!
//! Invariant: GET and HEAD show and change nothing, whoever follows the link; only a POST acts. A mail program's one-click
//! POST (RFC 8058) is answered with 200 and never sent on.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::Language;
use shared::contact::EmailAddress;
use shared::ids::{OrganisationId, PurposeId, ReceiptId};
use shared::refusal::Refusal;
use widget::model::{ManageNote, MessageView};
use widget::text::OwnerText;

use super::App;
use super::answer::{page, status};
use super::caller::{Caller, text};
use super::path::Path;
use crate::bounded::Bounded;
use crate::links::Stop;
use crate::service::owner::Question;
use crate::service::owner_views::{Asks, lost_view, owner_view};

/// What a person answered on a page behind a mailed link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Post {
    #[serde(rename = "do", default)]
    deed: Word,
    #[serde(default)]
    purpose: Option<String>,
    #[serde(default)]
    email: Option<String>,
    // What the shared form of the own page sends along.
    #[serde(rename = "nonce", default)]
    _nonce: String,
    #[serde(rename = "offer", default)]
    _offer: String,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Word {
    #[default]
    Yes,
    No,
    Withdraw,
    WithdrawAll,
    Object,
    MailLink,
}

fn read(body: Result<Bytes, Refusal>) -> Result<Post, Refusal> {
    serde_html_form::from_bytes(&body?).map_err(|_| Refusal::BodyInvalid)
}

/// `GET /c/{token}`
pub async fn to_confirm(State(app): State<App>, Path(token): Path<String>, caller: Caller) -> Response {
    let question = app.service.to_confirm(&token);
    app.asked(question, &caller, Asks::Confirm(&token), None).await
}

/// `POST /c/{token}`
pub async fn confirm(
    State(app): State<App>,
    Path(token): Path<String>,
    caller: Caller,
    Bounded(body): Bounded,
) -> Response {
    let language = caller.language();
    let post = match read(body) {
        Ok(post) => post,
        Err(refusal) => return app.refuse(refusal, &caller, None).await,
    };
    let question = app.service.to_confirm(&token);
    let spoken = question.as_ref().map_or(language, |question| app.language_of(question, &caller));
    let done = match post.deed {
        Word::Yes => app.service.confirm(&token, spoken).await,
        Word::No => match app.service.disown(&token, spoken).await {
            Ok(_) => return app.say(spoken, OwnerText::DisownedTitle, OwnerText::DisownedText).await,
            Err(refusal) => Err(refusal),
        },
        Word::Withdraw | Word::WithdrawAll | Word::Object | Word::MailLink => Err(Refusal::BodyInvalid),
    };
    app.answered(question, done, &caller, Asks::Confirm(&token)).await
}

/// `GET /b/{token}`
pub async fn to_undo(State(app): State<App>, Path(token): Path<String>, caller: Caller) -> Response {
    let question = app.service.to_undo(&token);
    app.asked(question, &caller, Asks::Undo(&token), None).await
}

/// `POST /b/{token}`
pub async fn undo(
    State(app): State<App>,
    Path(token): Path<String>,
    caller: Caller,
    Bounded(body): Bounded,
) -> Response {
    let question = app.service.to_undo(&token);
    let spoken = question.as_ref().map_or(caller.language(), |question| app.language_of(question, &caller));
    let done = match read(body) {
        Ok(post) => app.service.undo(&token, post.email.as_deref(), spoken).await,
        Err(refusal) => Err(refusal),
    };
    app.answered(question, done, &caller, Asks::Undo(&token)).await
}

/// `GET /u/{token}`
pub async fn to_stop(State(app): State<App>, Path(token): Path<String>, caller: Caller) -> Response {
    match app.stop_page(&token, &caller, None).await {
        Ok(html) => page(html),
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}

/// `POST /u/{token}`: by a mail program, or from the page.
pub async fn stop(
    State(app): State<App>,
    Path(token): Path<String>,
    caller: Caller,
    headers: HeaderMap,
    Bounded(body): Bounded,
) -> Response {
    let kind = text(&headers, CONTENT_TYPE).unwrap_or_default().to_owned();
    let done = match body {
        Ok(body) if is_one_click(&kind, &body).await => return app.one_click(&token, &caller).await,
        Ok(body) => app.stop_by_hand(&token, &caller, Ok(body)).await,
        Err(refusal) => Err(refusal),
    };
    let refusal = match done {
        Ok(note) => {
            let lang = caller.asked.map_or_else(String::new, |asked| format!("&lang={}", asked.tag()));
            let location = format!("{}/u/{token}?done={note}{lang}", app.service.base_url);
            return (StatusCode::SEE_OTHER, [(LOCATION, location), (CACHE_CONTROL, "no-store".into())])
                .into_response();
        }
        Err(refusal) => refusal,
    };
    let note = ManageNote::Problem(refusal.sentence(caller.language()).into());
    match app.stop_page(&token, &caller, Some(note)).await {
        Ok(html) if caller.wants_page => (status(refusal), page(html)).into_response(),
        _ => app.refuse(refusal, &caller, None).await,
    }
}

/// Whether a body is the one that RFC 8058 §3.1 tells mail programs to send, in either of its two encodings.
async fn is_one_click(kind: &str, body: &Bytes) -> bool {
    const NAME: &str = "List-Unsubscribe";
    const VALUE: &str = "One-Click";
    if let Ok(boundary) = multer::parse_boundary(kind) {
        let whole = body.clone();
        let stream = tokio_stream::once(Ok::<_, std::convert::Infallible>(whole));
        let mut parts = multer::Multipart::new(stream, boundary);
        while let Ok(Some(part)) = parts.next_field().await {
            if part.name() == Some(NAME) && part.text().await.is_ok_and(|value| value == VALUE) {
                return true;
            }
        }
        return false;
    }
    let pairs: Result<Vec<(String, String)>, _> = serde_html_form::from_bytes(body);
    pairs.is_ok_and(|pairs| pairs.iter().any(|(name, value)| name == NAME && value == VALUE))
}

/// `GET /link/{organisation}`: for who lost their own link.
pub async fn lost(State(app): State<App>, Path(name): Path<String>, caller: Caller) -> Response {
    app.lost_page(&name, &caller, None).await
}

/// `POST /link/{organisation}`: the answer is the same for every address.
pub async fn mail_link(
    State(app): State<App>,
    Path(name): Path<String>,
    caller: Caller,
    Bounded(body): Bounded,
) -> Response {
    let asked = async {
        let post = read(body)?;
        let name = OrganisationId::parse(&name).map_err(|_| Refusal::FormUnknown)?;
        let organisation = app.service.registry.now().named(&name).cloned().ok_or(Refusal::FormUnknown)?;
        let email = EmailAddress::parse(post.email.as_deref().unwrap_or_default())?;
        app.service.mail_own_link(organisation.number, &email).await
    };
    match asked.await {
        Ok(()) => app.say(caller.language(), OwnerText::LostDoneTitle, OwnerText::LostDoneText).await,
        Err(refusal) => app.lost_page(&name, &caller, Some(refusal)).await,
    }
}

impl App {
    fn language_of(&self, question: &Question, caller: &Caller) -> Language {
        let offered = &question.managed.organisation.catalogue.languages;
        let asked = caller.asked.filter(|asked| offered.contains(asked));
        asked.unwrap_or(question.stored.receipt.language)
    }

    async fn say(&self, language: Language, heading: OwnerText, text: OwnerText) -> Response {
        let view = MessageView::owner(language, heading, text);
        page(widget::ssr::message_page(&view, &self.service.page_assets()).await)
    }

    /// The page that asks; or that nothing is open any more, which is no error for who presses twice.
    async fn asked(
        &self,
        question: Result<Question, Refusal>,
        caller: &Caller,
        asks: Asks<'_>,
        problem: Option<Refusal>,
    ) -> Response {
        let question = match question {
            Ok(question) => question,
            Err(refusal) => return self.refuse(refusal, caller, None).await,
        };
        let language = self.language_of(&question, caller);
        if question.open.is_empty() {
            let (heading, text) = match question.done {
                true => (OwnerText::DoneTitle, OwnerText::DoneText),
                false => (OwnerText::NothingTitle, OwnerText::NothingText),
            };
            return self.say(language, heading, text).await;
        }
        let view = owner_view(&self.service.base_url, &question, asks, language, problem);
        let html = widget::ssr::owner_page(&view, &self.service.page_assets()).await;
        let code = problem.map_or(StatusCode::OK, status);
        (code, page(html)).into_response()
    }

    /// After an answer: to its receipt, or back to the question with what was wrong.
    async fn answered(
        &self,
        question: Result<Question, Refusal>,
        done: Result<ReceiptId, Refusal>,
        caller: &Caller,
        asks: Asks<'_>,
    ) -> Response {
        match (done, question) {
            (Ok(receipt), Ok(question)) => {
                let url = self.service.receipt_url(question.managed.organisation.number, &receipt);
                (StatusCode::SEE_OTHER, [(LOCATION, url), (CACHE_CONTROL, "no-store".into())]).into_response()
            }
            (Ok(_), Err(refusal)) => self.refuse(refusal, caller, None).await,
            (Err(refusal), question) if caller.wants_page => {
                self.asked(question, caller, asks, Some(refusal)).await
            }
            (Err(refusal), _) => self.refuse(refusal, caller, None).await,
        }
    }

    /// Acts at once for a mail program. Nobody reads the answer, and a link that leads nowhere has nothing left to stop.
    async fn one_click(&self, token: &str, caller: &Caller) -> Response {
        let done = async {
            let stop = self.service.to_stop(token)?;
            self.service.stop(&stop, stop.purpose.as_ref(), None).await
        };
        match done.await {
            Ok(()) | Err(Refusal::LinkUnknown) => {
                let fixed = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")];
                (StatusCode::OK, fixed, "Gestopt. Stopped.\n").into_response()
            }
            Err(refusal) => self.refuse(refusal, caller, None).await,
        }
    }

    async fn stop_by_hand(
        &self,
        token: &str,
        caller: &Caller,
        body: Result<Bytes, Refusal>,
    ) -> Result<&'static str, Refusal> {
        let post = read(body)?;
        let stop: Stop = self.service.to_stop(token)?;
        match post.deed {
            Word::Withdraw => {
                let purpose = post.purpose.as_deref().ok_or(Refusal::BodyInvalid)?;
                let purpose = PurposeId::parse(purpose).map_err(|_| Refusal::PurposeNotOffered)?;
                self.service.stop(&stop, Some(&purpose), caller.asked).await?;
                Ok("stopped")
            }
            Word::WithdrawAll => self.service.stop(&stop, None, caller.asked).await.map(|()| "stopped"),
            Word::Object => self.service.object(&stop, caller.asked).await.map(|()| "objected"),
            Word::MailLink => {
                let managed = self.service.managed_by(stop.organisation, &stop.subject)?;
                self.service.mail_own_link_to(&managed).await?;
                Ok("link_sent")
            }
            Word::Yes | Word::No => Err(Refusal::BodyInvalid),
        }
    }

    async fn stop_page(
        &self,
        token: &str,
        caller: &Caller,
        note: Option<ManageNote>,
    ) -> Result<String, Refusal> {
        let stop = self.service.to_stop(token)?;
        let managed = self.service.managed_by(stop.organisation, &stop.subject)?;
        let last = managed.subject.receipts.last().map(|stored| stored.receipt.language);
        let offered = &managed.organisation.catalogue.languages;
        let asked = caller.asked.filter(|asked| offered.contains(asked));
        let language = asked.or(last).unwrap_or_else(|| caller.wish().language(offered));
        let view = self.service.stop_view(&managed, &stop, language, note.or(caller.done.clone()))?;
        Ok(widget::ssr::manage_page(&view, &self.service.page_assets()).await)
    }

    async fn lost_page(&self, name: &str, caller: &Caller, problem: Option<Refusal>) -> Response {
        let organisation = OrganisationId::parse(name).ok();
        let organisation = organisation.and_then(|name| self.service.registry.now().named(&name).cloned());
        let Some(organisation) = organisation else {
            return self.refuse(Refusal::FormUnknown, caller, None).await;
        };
        let language = caller.wish().language(&organisation.catalogue.languages);
        let view = lost_view(&self.service.base_url, &organisation, language, problem);
        let html = widget::ssr::owner_page(&view, &self.service.page_assets()).await;
        (problem.map_or(StatusCode::OK, status), page(html)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_mail_programs_send_is_known_in_both_encodings() {
        let one = Bytes::from_static(b"List-Unsubscribe=One-Click");
        assert!(is_one_click("application/x-www-form-urlencoded", &one).await);
        let parts =
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        let parts = Bytes::from_static(parts.as_bytes());
        assert!(is_one_click("multipart/form-data; boundary=b", &parts).await);
        for (kind, body) in [
            ("application/x-www-form-urlencoded", "do=withdraw_all"),
            ("application/x-www-form-urlencoded", "List-Unsubscribe=Two-Clicks"),
            ("multipart/form-data; boundary=b", "--b\r\n"),
            ("multipart/form-data", "List-Unsubscribe"),
        ] {
            assert!(!is_one_click(kind, &Bytes::from_static(body.as_bytes())).await, "{body}");
        }
    }
}
