//! What is stored of an endpoint: what it is, and how it is doing.
//!
//! In scope: the rows in `Endpoint`, their keys, and reading what people type. Out of scope: memory (`mod`).
//!
//! Invariant: how it is doing is a row of its own, so that a delivery which fails never writes over what somebody just changed.

use hyper::Uri;
use serde::{Deserialize, Serialize};
use shared::ids::PurposeId;
use shared::limits::{ENDPOINT_ALLOWED_MAX, ENDPOINT_URL_BYTES_MAX, NAME_BYTES_MAX};

use super::event::EventType;
use crate::calls::guard::{Forbidden, Reach, bare};
use crate::seal::SealedBytes;
use crate::store::{Key, StoreError};

/// An endpoint, by its organisation and its own number; numbers are not used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId {
    /// The organisation's number.
    pub organisation: u32,
    /// Its own number within the organisation, from 1.
    pub number: u32,
}

impl EndpointId {
    /// What begins the keys of all rows of an endpoint, in every space.
    #[must_use]
    pub fn prefix(self) -> [u8; 8] {
        let [organisation, number] = [self.organisation, self.number].map(u32::to_be_bytes);
        std::array::from_fn(|at| if at < 4 { organisation[at] } else { number[at - 4] })
    }

    /// Reads the beginning of a key, and gives the rest of it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] for fewer than 8 bytes.
    pub fn read(key: &[u8]) -> Result<(Self, &[u8]), StoreError> {
        let short = || StoreError::Corrupt("an endpoint's key is cut".into());
        let (organisation, rest) = key.split_first_chunk::<4>().ok_or_else(short)?;
        let (number, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let [organisation, number] = [organisation, number].map(|bytes| u32::from_be_bytes(*bytes));
        Ok((Self { organisation, number }, rest))
    }

    /// The key of what it is.
    #[must_use]
    pub fn row_key(self) -> Key {
        [&self.prefix()[..], &[ROW]].concat()
    }

    /// The key of how it is doing.
    #[must_use]
    pub fn state_key(self) -> Key {
        [&self.prefix()[..], &[STATE]].concat()
    }
}

pub(super) const ROW: u8 = 0;
pub(super) const STATE: u8 = 1;

/// What an endpoint is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointRow {
    /// What it is called, by who made it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Hosts that may be inside, or without encryption, as `calls::guard::bare` spells them.
    pub allowed: Vec<String>,
    /// What it gets.
    pub gets: Gets,
    /// Its secret.
    pub secret: SealedBytes,
    /// The secret before, and until when it still signs, in Unix seconds.
    pub before: Option<(SealedBytes, i64)>,
    /// When it was made, in Unix seconds.
    pub made: i64,
}

/// What an endpoint gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gets {
    /// Signed messages about these types, and about every end.
    Messages(Vec<EventType>),
    /// People, who are put on a list of a newsletter tool or taken off it.
    People {
        /// Which tool.
        tool: Tool,
        /// Which of its lists.
        list: String,
        /// For which purpose.
        purpose: PurposeId,
    },
}

impl Gets {
    /// Whether it gets messages about a type.
    #[must_use]
    pub fn hears(&self, event: EventType) -> bool {
        matches!(self, Self::Messages(events) if event.is_end() || events.contains(&event))
    }
}

/// A newsletter tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// listmonk.
    Listmonk,
    /// Mailchimp's Marketing API, or one like it.
    Mailchimp,
}

impl Tool {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listmonk => "listmonk",
            Self::Mailchimp => "mailchimp",
        }
    }
}

/// How an endpoint is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Since when it gets nothing, in Unix seconds, and why.
    pub disabled: Option<(i64, Why)>,
    /// Since when every delivery failed, in Unix seconds.
    pub failing_since: Option<i64>,
}

/// Why an endpoint gets nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// It said that it is gone (410).
    Gone,
    /// It took nothing for days.
    Silent,
}

impl Why {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Gone => "it answered 410: gone",
            Self::Silent => "it took nothing for three days",
        }
    }
}

/// Why an endpoint cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NewEndpointError {
    /// The name is empty, too long, or not one line.
    #[error("give it a short name of one line")]
    Name,
    /// The address is none.
    #[error("its url is no address, or longer than {ENDPOINT_URL_BYTES_MAX} bytes")]
    Url,
    /// A call may not go there.
    #[error(
        "its url cannot be used: {0}. A host inside, or without encryption, is allowed by name with --allow HOST"
    )]
    Forbidden(#[from] Forbidden),
    /// Too many hosts are allowed, or one is no host.
    #[error("--allow takes the name or address of a host, {ENDPOINT_ALLOWED_MAX} times at most")]
    Allowed,
    /// There is no such type of event.
    #[error("there is no such event; `vinkje webhook add --help` names them")]
    Event,
    /// The list's name cannot be one of this tool.
    #[error("--list takes the number of a list for listmonk, and the id of an audience for mailchimp")]
    List,
    /// The secret cannot be one of this tool.
    #[error("the secret is one line: user:token for listmonk, an API key for mailchimp")]
    Secret,
}

/// What somebody typed for an endpoint, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Hosts that are allowed.
    pub allowed: Vec<String>,
}

impl Address {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// A [`NewEndpointError`].
    pub fn parse(name: &str, url: &str, allowed: &[String]) -> Result<Self, NewEndpointError> {
        let name = name.trim();
        if name.is_empty() || name.len() > NAME_BYTES_MAX || name.chars().any(char::is_control) {
            return Err(NewEndpointError::Name);
        }
        let host = |text: &String| {
            let host = bare(text.trim());
            let plain = |c: char| c.is_ascii_alphanumeric() || "-.:_".contains(c);
            let fits = (1..=253).contains(&host.len()) && host.chars().all(plain);
            if fits { Ok(host) } else { Err(NewEndpointError::Allowed) }
        };
        if allowed.len() > ENDPOINT_ALLOWED_MAX {
            return Err(NewEndpointError::Allowed);
        }
        let allowed: Vec<String> = allowed.iter().map(host).collect::<Result<_, _>>()?;
        let url = url.trim();
        if url.len() > ENDPOINT_URL_BYTES_MAX || url.contains('#') {
            return Err(NewEndpointError::Url);
        }
        let uri: Uri = url.parse().map_err(|_| NewEndpointError::Url)?;
        Reach::Public { allowed: allowed.clone() }.admits(&uri)?;
        Ok(Self { name: name.into(), url: url.into(), allowed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, allowed: &[&str], expected: Result<(), NewEndpointError>) {
        let allowed: Vec<String> = allowed.iter().map(|host| (*host).to_owned()).collect();
        assert_eq!(Address::parse(" crm ", url, &allowed).map(drop), expected, "{url} {allowed:?}");
    }

    #[test]
    fn an_address_is_read_before_it_is_stored() {
        check("https://crm.example/hook?x=1", &[], Ok(()));
        check("http://localhost:9000/", &["LocalHost."], Ok(()));
        check("http://[::1]:9000/", &["[::1]"], Ok(()));
        check("http://crm.example/", &[], Err(NewEndpointError::Forbidden(Forbidden::Scheme)));
        check("https://10.0.0.1/", &[], Err(NewEndpointError::Forbidden(Forbidden::Inside)));
        check("crm", &[], Err(NewEndpointError::Forbidden(Forbidden::Scheme)));
        check("https://crm.example/#part", &[], Err(NewEndpointError::Url));
        check("https://crm.example/a b", &[], Err(NewEndpointError::Url));
        check(&format!("https://crm.example/{}", "x".repeat(2_000)), &[], Err(NewEndpointError::Url));
        check("https://crm.example/", &["a b"], Err(NewEndpointError::Allowed));
        check("https://crm.example/", &["h"; 9], Err(NewEndpointError::Allowed));
        assert_eq!(Address::parse("", "https://crm.example/", &[]), Err(NewEndpointError::Name));
        assert_eq!(Address::parse("a\nb", "https://crm.example/", &[]), Err(NewEndpointError::Name));
    }

    #[test]
    fn keys_of_an_endpoint_begin_alike_and_read_back() {
        let id = EndpointId { organisation: 7, number: 0x0102_0304 };
        assert_eq!(EndpointId::read(&id.state_key()), Ok((id, &[STATE][..])));
        assert!(id.row_key() < id.state_key() && EndpointId::read(&[0; 7]).is_err());
    }

    #[test]
    fn every_receiver_hears_of_ends() {
        let gets = Gets::Messages(vec![EventType::Given]);
        assert!(gets.hears(EventType::Given) && !gets.hears(EventType::Refused));
        assert!(EventType::ALL.into_iter().filter(|event| event.is_end()).all(|event| gets.hears(event)));
    }
}
