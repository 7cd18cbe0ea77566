//! `POST /v1/{organisation}/may-address`: may, or could, these people's data be used for a purpose, and by which receipt?
//!
//! In scope: reading the question, its bounds, and the form of the answer. Out of scope: the answer (`service::may_address`
//! about now, `service::as_of` about a date or with reasons).
//!
//! Invariant: one question is answered from one state of the store, which is let go before the first byte is sent: whoever
//! reads slowly holds nothing up.

use std::borrow::Cow;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use shared::ids::{PurposeId, PurposeVersion};
use shared::limits::{API_BYTES_MAX, API_HISTORIES_MAX, API_PEOPLE_MAX};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use utoipa::ToSchema;

use super::pieces::{self, Around};
use super::{Ask, Asker, Kind, json};
use crate::bounded::Bounded;
use crate::http::App;
use crate::service::Service;
use crate::service::as_of::{Answer, Asked};
use crate::service::may_address::Short;

/// A question about people.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MayAddressRequest<'a> {
    /// The purpose's name in your definition.
    #[schema(value_type = String, pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", example = "nieuwsbrief")]
    purpose: PurposeId,
    /// E-mail addresses, or links of people's own pages: one to 10,000, with `at` or `why` to 1,000.
    #[serde(borrow)]
    #[schema(value_type = Vec<String>, max_items = 10000, example = json!(["eva@voorbeeld.example"]))]
    people: Vec<Person<'a>>,
    /// The moment that is asked about, in UTC to the second; otherwise now.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
    at: Option<Timestamp>,
    /// Consent to this version only counts; otherwise now today's, and on a date whichever was given.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1)]
    version: Option<PurposeVersion>,
    /// Say what each answer rests on.
    #[serde(default)]
    why: bool,
}

#[derive(Deserialize)]
struct Person<'a>(#[serde(borrow)] Cow<'a, str>);

/// The answers, in the order of the people.
#[derive(Serialize, ToSchema)]
#[allow(dead_code)] // The answer is written piece by piece; this is its shape.
struct MayAddressAnswers {
    /// About which purpose.
    purpose: String,
    /// About which moment.
    at: String,
    /// One for each of the people.
    answers: Vec<Answer>,
}

/// May these people be addressed for a purpose now, or could they at a moment? One state of the store answers for all.
///
/// `answer` is the only thing that says yes. `application/x-ndjson` gives a line for each of the people, and a last one with `end`.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/may-address",
    operation_id = "may_address",
    tag = "Asking",
    security(("key" = ["ask"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body = MayAddressRequest,
    responses((status = 200, description = "The answers", content(
        (MayAddressAnswers = "application/json"),
        (String = "application/x-ndjson"),
    )))
)]
pub(super) async fn may_address(
    State(app): State<App>,
    asker: Asker<Ask>,
    headers: HeaderMap,
    Bounded(body): Bounded<API_BYTES_MAX>,
) -> Response {
    let kind = match Kind::wanted(&headers, &[Kind::Json, Kind::Lines]) {
        Ok(kind) => kind,
        Err(refusal) => return asker.refused(refusal),
    };
    let (service, organisation) = (app.service.clone(), asker.organisation.clone());
    let answered = tokio::task::spawn_blocking(move || {
        let now = Service::now();
        let request: MayAddressRequest<'_> = json(&headers, &body)?;
        service.answerer(&organisation, |answerer| request.answers(answerer, now))?
    });
    match answered.await {
        Ok(Ok(answers)) => answers.response(kind),
        Ok(Err(refusal)) => asker.refused(refusal),
        Err(_) => asker.refused(Refusal::StoreUnavailable),
    }
}

struct Answered {
    purpose: PurposeId,
    at: Timestamp,
    answers: Answers,
}

enum Answers {
    Short(Vec<Short>),
    Long(Vec<Answer>),
}

impl MayAddressRequest<'_> {
    fn answers(
        self,
        answerer: &crate::service::as_of::Answerer<'_>,
        now: Timestamp,
    ) -> Result<Answered, Refusal> {
        let from_receipts = self.at.is_some() || self.why;
        let people_max = if from_receipts { API_HISTORIES_MAX } else { API_PEOPLE_MAX };
        if self.people.len() > people_max {
            return Err(Refusal::BodyTooLarge);
        }
        let asked = Asked { purpose: self.purpose, at: self.at, version: self.version };
        let people = self.people.iter().map(|person| &*person.0);
        let answers = if from_receipts {
            let mut answers = answerer.answer_all(&asked, (1..).zip(people), now)?;
            if !self.why {
                answers.iter_mut().for_each(|answer| answer.because = None);
            }
            Answers::Long(answers)
        } else {
            Answers::Short(answerer.may_address(&asked, people, now)?)
        };
        Ok(Answered { at: self.at.unwrap_or(now), purpose: asked.purpose, answers })
    }
}

impl Answered {
    fn response(self, kind: Kind) -> Response {
        let head = [("at", self.at.to_string()), ("purpose", self.purpose.to_string())];
        let head = head.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let around = Around { kind, head, name: "answers" };
        match self.answers {
            Answers::Short(answers) => {
                let lines = (1..).zip(answers).map(|(line, short)| short.line(line));
                pieces::answer(around, lines)
            }
            Answers::Long(answers) => pieces::answer(around, answers.into_iter()),
        }
    }
}
