//! One try of one delivery.
//!
//! In scope: the request, and what its answer means. Out of scope: when it is tried again (`lane`).
//!
//! Invariant: only 2xx is "taken". A redirect is a failure and is not followed.

use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use hyper::{HeaderMap, Request};
use shared::refusal::Refusal;
use shared::time::Timestamp;

use crate::calls::{AGENT, Bounds, CallError, Caller, Reach, Trust};
use crate::connectors;
use crate::endpoints::Endpoint;
use crate::endpoints::log::TryResult;
use crate::endpoints::row::Gets;
use crate::endpoints::waiting::Waiting;
use crate::keys::random;
use crate::service::Service;
use crate::service::deliveries::Message;

/// How far a call may go. The standard says 15 to 30 seconds; a stop of the collector waits for it.
const BOUNDS: Bounds = Bounds { time: Duration::from_secs(15), body_bytes_max: 64 * 1024 };

/// The longest wait that an endpoint can ask for.
const RETRY_AFTER_SECONDS_MAX: i64 = 24 * 60 * 60;

/// What came of a try.
pub struct Came {
    /// Its message's id; none when there was nothing to tell any more.
    pub id: Option<String>,
    /// What came of it.
    pub result: TryResult,
    /// For how many seconds the endpoint wants to be left alone, if it said so.
    pub retry_after: Option<i64>,
    /// How long it took.
    pub milliseconds: u32,
}

/// A caller for an endpoint: it reaches what that endpoint is allowed to, and keeps its own connections.
#[must_use]
pub fn caller(trust: &Trust, endpoint: &Endpoint, at_once: usize) -> Caller {
    let reach = Reach::Public { allowed: endpoint.row.allowed.clone() };
    Caller::new(trust, reach, BOUNDS, at_once)
}

/// Tries a delivery.
///
/// # Errors
///
/// [`Refusal::StoreUnavailable`] when what it says cannot be read; then nothing was sent.
pub async fn try_once(
    service: &Service,
    caller: &Caller,
    endpoint: &Endpoint,
    waiting: &Waiting,
) -> Result<Came, Refusal> {
    let (began, now) = (Instant::now(), Service::now());
    let mut id = None;
    let told = match &waiting.person {
        Some(person) => match service.place(endpoint, person, now)? {
            Some(place) => {
                id = Some(service.message_id(waiting.endpoint, waiting.about));
                connectors::tell(caller, endpoint, &place).await
            }
            None => Ok((TryResult::Status(204), HeaderMap::new())),
        },
        None => match service.message(waiting)? {
            Some(message) => {
                id = Some(message.id.clone());
                send(caller, endpoint, message, now).await
            }
            None => Ok((TryResult::Status(204), HeaderMap::new())),
        },
    };
    let (result, headers) = told.unwrap_or_else(|error| (failed(error), HeaderMap::new()));
    let milliseconds = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
    Ok(Came { id, result, retry_after: retry_after(&headers, now), milliseconds })
}

/// Sends a signed message (Standard Webhooks).
///
/// # Errors
///
/// A [`CallError`].
pub async fn send(
    caller: &Caller,
    endpoint: &Endpoint,
    message: Message,
    now: Timestamp,
) -> Result<(TryResult, HeaderMap), CallError> {
    let at = now.unix_seconds();
    let before = endpoint.before.as_ref().filter(|(_, until)| at < *until).map(|(secret, _)| secret);
    let secrets = std::iter::once(&endpoint.secret).chain(before);
    let signatures: Vec<String> = secrets.map(|secret| secret.sign(&message.id, at, &message.body)).collect();
    let request = Request::post(&endpoint.row.url)
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, AGENT)
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", at)
        .header("webhook-signature", signatures.join(" "));
    let request = request.body(Full::new(Bytes::from(message.body))).map_err(|_| CallError::Broken)?;
    let answer = caller.send(request).await?;
    Ok((TryResult::Status(answer.status.as_u16()), answer.headers))
}

/// Sends a message that says nothing, and gives what came of it.
///
/// # Errors
///
/// When this machine trusts no certificate authority or has no random bytes, or the endpoint gets no messages.
pub async fn test(endpoint: &Endpoint, organisation: &str) -> anyhow::Result<TryResult> {
    anyhow::ensure!(
        matches!(endpoint.row.gets, Gets::Messages(_)),
        "only a webhook can be tested: a connector changes the tool's list"
    );
    let (now, random) = (Service::now(), random()?);
    let id = random[..16].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let body = serde_json::json!({
        "type": "webhook.test", "timestamp": now.to_string(), "data": {"organisation": organisation}
    });
    let message = Message { id: format!("msg_{id}"), body: body.to_string().into_bytes() };
    let caller = caller(&Trust::of_this_machine()?, endpoint, 0);
    let sent = send(&caller, endpoint, message, now).await;
    Ok(sent.map_or_else(failed, |(result, _)| result))
}

/// In the words of the log.
#[must_use]
pub const fn failed(error: CallError) -> TryResult {
    match error {
        CallError::Forbidden(_) => TryResult::Forbidden,
        CallError::Connect => TryResult::NoConnection,
        CallError::TimedOut => TryResult::TooSlow,
        CallError::Broken => TryResult::Broken,
    }
}

/// Seconds or a date (RFC 9110 §10.2.3), up to a limit.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds = value.parse::<i64>().ok().or_else(|| {
        let until = httpdate::parse_http_date(value).ok()?;
        let until = until.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
        Some(i64::try_from(until).ok()? - now.unix_seconds())
    })?;
    (seconds > 0).then(|| seconds.min(RETRY_AFTER_SECONDS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: Option<i64>) {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        // 1994-11-06T08:49:37Z
        let now = Timestamp::from_unix_seconds(784_111_777);
        assert_eq!(retry_after(&headers, now), expected, "{value}");
    }

    #[test]
    fn an_endpoint_may_ask_to_be_left_alone_for_a_day_at_most() {
        check("120", Some(120));
        check("99999999999", Some(RETRY_AFTER_SECONDS_MAX));
        check("Sun, 06 Nov 1994 08:50:37 GMT", Some(60));
        check("Sun, 06 Nov 1994 08:40:37 GMT", None);
        check("-1", None);
        check("soon", None);
    }
}
