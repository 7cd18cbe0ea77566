//! listmonk: `POST /api/subscribers` and `PUT /api/subscribers/query/lists` (listmonk.app, API / Subscribers).
//!
//! In scope: the two requests. Out of scope: subscribers of other lists: what else listmonk has of a person stays as it is.
//!
//! Invariant: the address is in bodies only. It is looked for by equality, quoted as PostgreSQL wants it.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use shared::contact::EmailAddress;

use super::{Account, Told, result};
use crate::calls::{AGENT, Answer, CallError};
use crate::service::deliveries::Place;

impl Account<'_> {
    pub(super) async fn tell_listmonk(&self, place: &Place) -> Told {
        let list: u32 = self.list.parse().map_err(|_| CallError::Broken)?;
        match place {
            Place::On(email) => {
                let made = self.listmonk(Method::POST, "/api/subscribers", &new(email, list)).await?;
                if made.status != StatusCode::CONFLICT {
                    return Ok(result(made));
                }
                // The address is known there, from another list or from before.
                let add = json!({
                    "query": is(email), "action": "add", "target_list_ids": [list], "status": "confirmed"
                });
                Ok(result(self.listmonk(Method::PUT, LISTS, &add).await?))
            }
            Place::Off(email) => {
                let off = json!({"query": is(email), "action": "unsubscribe", "target_list_ids": [list]});
                Ok(result(self.listmonk(Method::PUT, LISTS, &off).await?))
            }
        }
    }

    async fn listmonk(&self, method: Method, path: &str, body: &Value) -> Result<Answer, CallError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(AUTHORIZATION, format!("token {}", self.secret))
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, AGENT)
            .body(Full::new(Bytes::from(body.to_string())));
        self.caller.send(request.map_err(|_| CallError::Broken)?).await
    }
}

const LISTS: &str = "/api/subscribers/query/lists";

/// The owner of the address has confirmed with us, so listmonk need not ask again.
fn new(email: &EmailAddress, list: u32) -> Value {
    let address = email.canonical();
    let name = address.split('@').next().unwrap_or_default();
    json!({
        "email": address,
        "name": name,
        "status": "enabled",
        "lists": [list],
        "preconfirm_subscriptions": true,
    })
}

/// listmonk keeps addresses in lower case.
fn is(email: &EmailAddress) -> String {
    format!("subscribers.email = '{}'", email.canonical().replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_an_apostrophe_ends_no_text() {
        let email = EmailAddress::parse("O'Brien@voorbeeld.example").unwrap();
        assert_eq!(is(&email), "subscribers.email = 'o''brien@voorbeeld.example'");
        assert_eq!(new(&email, 3)["name"], "o'brien");
    }
}
