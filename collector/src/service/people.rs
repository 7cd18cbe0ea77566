//! Finding people for staff: by an address, or by a link that the person shows.
//!
//! In scope: reading what was typed, and whose records that are. Out of scope: what is done with them (`erase`, `as_of`).
//!
//! Invariant: what was typed is never logged and never repeated in an answer.

use shared::contact::EmailAddress;
use shared::refusal::Refusal;

use super::{Service, unavailable};
use crate::catalogue::Organisation;
use crate::keys::Keys;
use crate::links;
use crate::records::{self, Subject};
use crate::seal::email_digest;
use crate::store::Snapshot;

/// By what somebody is found. It has no `Debug`: both are secrets of the person.
pub enum Who {
    /// Everybody who gave this address.
    Email(EmailAddress),
    /// The person behind this token of an own page.
    Link(String),
}

impl Who {
    /// Reads an e-mail address, or the link of an own page.
    ///
    /// # Errors
    ///
    /// [`Refusal::ContactInvalid`] when it can be neither.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        match text.split_once("/m/") {
            Some((_, token)) => Ok(Self::Link(token.split('?').next().unwrap_or_default().into())),
            None => EmailAddress::parse(text).map(Self::Email),
        }
    }

    /// Their records with an organisation, oldest first.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] for a link that is none of this organisation, or [`Refusal::StoreUnavailable`].
    pub fn subjects(
        &self,
        snapshot: &dyn Snapshot,
        organisation: &Organisation,
        keys: &Keys,
    ) -> Result<Vec<Subject>, Refusal> {
        match self {
            Self::Email(email) => {
                let digest = email_digest(email, organisation.number, &keys.index);
                records::subjects_of(snapshot, organisation.number, &digest).map_err(unavailable)
            }
            Self::Link(token) => {
                let (number, id) = links::read_manage_token(token, Service::now(), &keys.link)?;
                if number != organisation.number {
                    return Err(Refusal::LinkUnknown);
                }
                let subject = Subject::read(snapshot, number, &id).map_err(unavailable)?;
                subject.map(|subject| vec![subject]).ok_or(Refusal::LinkUnknown)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_a_link_are_told_apart() {
        assert!(matches!(Who::parse(" eva@voorbeeld.example\r"), Ok(Who::Email(_))));
        let link = Who::parse("https://c.example/m/AAAA?lang=nl");
        assert!(matches!(link, Ok(Who::Link(token)) if token == "AAAA"));
        for bad in ["", "eva", "https://c.example/r/AAAA"] {
            assert!(matches!(Who::parse(bad), Err(Refusal::ContactInvalid(_))), "{bad}");
        }
    }
}
