//! Mailchimp's Marketing API, and those like it: `PUT` and `PATCH /3.0/lists/{list}/members/{hash}`.
//!
//! In scope: the two requests. Out of scope: tags, merge fields, other audiences.
//!
//! Invariant: nobody comes to the tool by being taken off a list: who was never there stays unknown there. The member is named by
//! the hash that this API defines (MD5 of the address in lower case), over an encrypted connection.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use hyper::{HeaderMap, Method, Request, StatusCode};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use shared::contact::EmailAddress;

use super::{Account, Told, done, result};
use crate::calls::{AGENT, Answer, CallError};
use crate::endpoints::log::TryResult;
use crate::service::deliveries::Place;

/// What Mailchimp calls somebody who must sign up there in person: they unsubscribed there, or their mail came back.
const MUST_COME_IN_PERSON: &str = "Member In Compliance State";

/// What it calls an address that it takes for invented, or that was erased there for good.
const NEVER: [&str; 2] = ["Invalid Resource", "Forgotten Email Not Subscribed"];

impl Account<'_> {
    pub(super) async fn tell_mailchimp(&self, place: &Place) -> Told {
        match place {
            Place::On(email) => {
                let on = json!({
                    "email_address": email.as_str(), "status_if_new": "subscribed", "status": "subscribed"
                });
                let answer = self.mailchimp(Method::PUT, email, &on).await?;
                if answer.status == StatusCode::BAD_REQUEST && refuses(&answer.body) {
                    return Ok((TryResult::Refused, HeaderMap::new()));
                }
                Ok(result(answer))
            }
            Place::Off(email) => {
                let answer = self.mailchimp(Method::PATCH, email, &json!({"status": "unsubscribed"})).await?;
                Ok(if answer.status == StatusCode::NOT_FOUND { done() } else { result(answer) })
            }
        }
    }

    async fn mailchimp(
        &self,
        method: Method,
        email: &EmailAddress,
        body: &Value,
    ) -> Result<Answer, CallError> {
        // Any name will do beside an API key.
        let key = STANDARD.encode(format!("vinkje:{}", self.secret));
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/3.0/lists/{}/members/{}", self.url, self.list, hash(email)))
            .header(AUTHORIZATION, format!("Basic {key}"))
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, AGENT)
            .body(Full::new(Bytes::from(body.to_string())));
        self.caller.send(request.map_err(|_| CallError::Broken)?).await
    }
}

fn hash(email: &EmailAddress) -> String {
    Md5::digest(email.canonical().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a problem document says no to this person, which no second try changes.
fn refuses(body: &[u8]) -> bool {
    let title = serde_json::from_slice::<Value>(body).ok();
    let title = title.as_ref().and_then(|problem| problem["title"].as_str()).unwrap_or_default();
    title == MUST_COME_IN_PERSON || NEVER.contains(&title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_address_in_lower_case() {
        let email = EmailAddress::parse("Eva@Voorbeeld.example").unwrap();
        assert_eq!(hash(&email), "abbe6e4fb93d60dfaa4e495bc9e4a76c");
    }

    #[test]
    fn a_no_to_a_person_is_told_from_a_bad_request() {
        assert!(refuses(br#"{"title":"Member In Compliance State","status":400}"#));
        assert!(!refuses(br#"{"title":"Bad Request"}"#) && !refuses(b"") && !refuses(b"<html>"));
    }
}
