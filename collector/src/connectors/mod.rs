//! Connectors: people on the lists of newsletter tools, by the tools' own documented APIs.
//!
//! In scope: which requests put a person on a list or take them off it. Out of scope: who belongs where (`service::deliveries`), when
//! it is tried again (`outbox`), where a call may go (`calls`).
//!
//! Invariant: each request says where the person is to be, not what happened, so doing it twice or late does no harm. An address is sent
//! to a tool only to put it on a list, or to take it off one that it may be on; it is in no URL of ours.

use hyper::HeaderMap;
use hyper::StatusCode;

use crate::calls::{Answer, CallError, Caller};
use crate::endpoints::Endpoint;
use crate::endpoints::log::TryResult;
use crate::endpoints::row::{Gets, NewEndpointError, Tool};
use crate::service::deliveries::Place;

mod listmonk;
mod mailchimp;

/// What a tool said: the result of the try, and the headers of its answer.
type Told = Result<(TryResult, HeaderMap), CallError>;

/// Tells the tool of an endpoint where a person is to be.
///
/// # Errors
///
/// A [`CallError`].
pub async fn tell(caller: &Caller, endpoint: &Endpoint, place: &Place) -> Told {
    let Gets::People { tool, list, .. } = &endpoint.row.gets else { return Err(CallError::Broken) };
    let url = endpoint.row.url.trim_end_matches('/');
    let secret = std::str::from_utf8(endpoint.secret.bytes()).map_err(|_| CallError::Broken)?;
    let account = Account { caller, url, list, secret };
    match tool {
        Tool::Listmonk => account.tell_listmonk(place).await,
        Tool::Mailchimp => account.tell_mailchimp(place).await,
    }
}

/// Whether a list can be one of a tool, and a secret be how it knows us.
///
/// # Errors
///
/// [`NewEndpointError::List`] or [`NewEndpointError::Secret`].
pub fn check(tool: Tool, list: &str, secret: &str) -> Result<(), NewEndpointError> {
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_graphic());
    let list_fits = match tool {
        Tool::Listmonk => list.parse::<u32>().is_ok(),
        Tool::Mailchimp => (1..=40).contains(&list.len()) && list.chars().all(|c| c.is_ascii_alphanumeric()),
    };
    let secret_fits = (1..=shared::limits::TOOL_SECRET_BYTES_MAX).contains(&secret.len())
        && plain(secret)
        && (tool == Tool::Mailchimp || secret.split_once(':').is_some());
    match (list_fits, secret_fits) {
        (false, _) => Err(NewEndpointError::List),
        (true, false) => Err(NewEndpointError::Secret),
        (true, true) => Ok(()),
    }
}

/// A list of a tool, and how we come in.
struct Account<'a> {
    caller: &'a Caller,
    url: &'a str,
    list: &'a str,
    secret: &'a str,
}

fn result(answer: Answer) -> (TryResult, HeaderMap) {
    (TryResult::Status(answer.status.as_u16()), answer.headers)
}

/// Done, whatever the tool called it.
fn done() -> (TryResult, HeaderMap) {
    (TryResult::Status(StatusCode::OK.as_u16()), HeaderMap::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_and_a_secret_are_what_the_tool_takes() {
        assert_eq!(check(Tool::Listmonk, "3", "vinkje:abc"), Ok(()));
        assert_eq!(check(Tool::Listmonk, "three", "vinkje:abc"), Err(NewEndpointError::List));
        assert_eq!(check(Tool::Listmonk, "3", "abc"), Err(NewEndpointError::Secret));
        assert_eq!(check(Tool::Mailchimp, "9e67587f52", "0123-us6"), Ok(()));
        assert_eq!(check(Tool::Mailchimp, "../x", "0123-us6"), Err(NewEndpointError::List));
        for bad in ["", "two words", "line\nbreak", &"x".repeat(513)] {
            assert_eq!(check(Tool::Mailchimp, "9e67587f52", bad), Err(NewEndpointError::Secret), "{bad}");
        }
    }
}
