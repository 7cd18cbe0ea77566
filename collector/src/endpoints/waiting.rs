//! Deliveries that wait: rows of the commit that they are about, one for each endpoint and event.
//!
//! In scope: the rows in `Delivery`. Out of scope: doing them (`outbox::deliveries`), what they say (`service::deliveries`).
//!
//! Invariant: a row is there exactly when the commit that asks for it is, and is removed only after its endpoint took it or it was
//! given up. The rows of an endpoint lie together, so one that is dead is in nobody's way.

use serde::{Deserialize, Serialize};
use shared::contact::Contact;
use shared::contact::EmailAddress;
use shared::ids::SubjectId;
use shared::time::Timestamp;

use super::event::EventType;
use super::row::EndpointId;
use crate::keys::Secret;
use crate::records::{decode, encode};
use crate::seal::{SealError, Sealed};
use crate::sequencer::Numbered;
use crate::store::{Batch, Key, KeyRange, Space, StoreError};

/// What a delivery is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// A decision of a receipt.
    Decision {
        /// What it was.
        event: EventType,
        /// Which of the receipt's decisions.
        index: u8,
        /// The number of the receipt.
        sequence: u64,
    },
    /// A person who is erased.
    Erased(SubjectId),
}

impl About {
    /// What happened.
    #[must_use]
    pub const fn event(self) -> EventType {
        match self {
            Self::Decision { event, .. } => event,
            Self::Erased(_) => EventType::Erased,
        }
    }

    /// Whether it can be about a log of this size.
    #[must_use]
    pub const fn fits(self, size: u64) -> bool {
        match self {
            Self::Decision { sequence, .. } => sequence < size,
            Self::Erased(_) => true,
        }
    }

    /// Its bytes, by which it is known for good.
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::Decision { event, index, sequence } => {
                [&[event.into(), index][..], &sequence.to_be_bytes()].concat()
            }
            Self::Erased(subject) => [&[EventType::Erased.into(), 0][..], subject.as_bytes()].concat(),
        }
    }

    /// Reads bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] when they are none of ours.
    pub fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        let bad = || StoreError::Corrupt("a delivery is not what was written".into());
        let ([event, index], rest) = bytes.split_first_chunk::<2>().ok_or_else(bad)?;
        let event = EventType::try_from(*event).map_err(|_| bad())?;
        match event {
            EventType::Erased => {
                let subject = rest.try_into().map_err(|_| bad())?;
                Ok(Self::Erased(SubjectId::from_bytes(subject)))
            }
            event => {
                let sequence = u64::from_be_bytes(rest.try_into().map_err(|_| bad())?);
                Ok(Self::Decision { event, index: *index, sequence })
            }
        }
    }
}

/// The address of a person, sealed for the one delivery that needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    subject: [u8; 16],
    address: Sealed,
}

impl Person {
    /// Seals an address.
    ///
    /// # Errors
    ///
    /// [`SealError`].
    pub fn seal(subject: &SubjectId, email: EmailAddress, master: &Secret) -> Result<Self, SealError> {
        let contact = Contact { email: Some(email), ..Contact::default() };
        Ok(Self { subject: *subject.as_bytes(), address: Sealed::seal(&contact, subject, master)? })
    }

    /// Opens it.
    ///
    /// # Errors
    ///
    /// [`SealError::Broken`].
    pub fn open(&self, master: &Secret) -> Result<EmailAddress, SealError> {
        let contact = self.address.open(&SubjectId::from_bytes(self.subject), master)?;
        contact.email.ok_or(SealError::Broken)
    }
}

/// A delivery that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// For whom.
    pub endpoint: EndpointId,
    /// Not before.
    pub due: Timestamp,
    /// About what.
    pub about: About,
    /// How often it was tried.
    pub tries: u16,
    /// When it was asked for.
    pub asked: Timestamp,
    /// Whom to put on a list or take off it, for newsletter tools.
    pub person: Option<Person>,
    /// The row as stored: the precondition of removing it.
    stored: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    tries: u16,
    asked: i64,
    person: Option<Person>,
}

impl Waiting {
    /// One that was never tried.
    #[must_use]
    pub const fn new(endpoint: EndpointId, about: About, person: Option<Person>, asked: Timestamp) -> Self {
        Self { endpoint, due: asked, about, tries: 0, asked, person, stored: Vec::new() }
    }

    /// Reads a row.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] when it is none of ours.
    pub fn read(key: &[u8], value: &[u8]) -> Result<Self, StoreError> {
        let (endpoint, rest) = EndpointId::read(key)?;
        let short = || StoreError::Corrupt("a delivery's key is cut".into());
        let (due, about) = rest.split_first_chunk::<8>().ok_or_else(short)?;
        let Row { tries, asked, person } = decode(value)?;
        Ok(Self {
            endpoint,
            due: Timestamp::from_unix_seconds(i64::from_be_bytes(*due)),
            about: About::read(about)?,
            tries,
            asked: Timestamp::from_unix_seconds(asked),
            person,
            stored: value.to_vec(),
        })
    }

    fn key(&self) -> Key {
        let due = self.due.unix_seconds().to_be_bytes();
        [&self.endpoint.prefix()[..], &due, &self.about.bytes()].concat()
    }

    fn value(&self) -> Vec<u8> {
        let (asked, person) = (self.asked.unix_seconds(), self.person.clone());
        encode(&Row { tries: self.tries, asked, person })
    }

    /// The row of a receipt that has no number yet: the number that it is about ends its key.
    #[must_use]
    pub fn numbered(&self) -> Numbered {
        let mut prefix = self.key();
        prefix.truncate(prefix.len() - size_of::<u64>());
        Numbered::key(Space::Delivery, prefix, self.value())
    }

    /// The same as if it was never tried, due at a moment.
    #[must_use]
    pub fn again(&self, due: Timestamp) -> Self {
        Self { due, tries: 0, ..self.clone() }
    }

    /// Asks for it.
    pub fn put(&self, rows: &mut Batch) {
        rows.put(Space::Delivery, self.key(), self.value());
    }

    /// Removes it, if nobody did before.
    pub fn remove(&self, rows: &mut Batch) {
        rows.expect_unchanged(Space::Delivery, self.key(), Some(self.stored.clone()));
        rows.delete(Space::Delivery, self.key());
    }

    /// Puts it off after one more try.
    pub fn put_off(&self, rows: &mut Batch, until: Timestamp) {
        self.remove(rows);
        Self { due: until, tries: self.tries.saturating_add(1), ..self.clone() }.put(rows);
    }
}

/// All that wait for an endpoint.
#[must_use]
pub fn of(endpoint: EndpointId) -> KeyRange {
    KeyRange::prefix(&endpoint.prefix())
}

/// Those of them that are due at a moment.
#[must_use]
pub fn due_by(endpoint: EndpointId, now: Timestamp) -> KeyRange {
    let from = endpoint.prefix();
    let until = [&from[..], &now.plus_seconds(1).unix_seconds().to_be_bytes()].concat();
    KeyRange::between(from, until)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDPOINT: EndpointId = EndpointId { organisation: 7, number: 2 };

    fn waiting(at: i64) -> Waiting {
        let about = About::Decision { event: EventType::Withdrawn, index: 3, sequence: 9 };
        Waiting::new(ENDPOINT, about, None, Timestamp::from_unix_seconds(at))
    }

    fn stored(rows: &Batch) -> Waiting {
        let last = rows.writes.last().unwrap();
        Waiting::read(&last.key, last.value.as_ref().unwrap()).unwrap()
    }

    #[test]
    fn a_delivery_reads_back_whichever_way_it_came() {
        let asked = waiting(1_000);
        let (mut one, mut other) = (Batch::default(), Batch::default());
        asked.put(&mut one);
        other.writes.push(asked.numbered().row(9));
        assert!(one == other);
        let read = stored(&one);
        assert_eq!((read.about, read.due, read.tries), (asked.about, asked.due, 0));
        let is_due = |now| {
            let range = due_by(ENDPOINT, Timestamp::from_unix_seconds(now));
            let key = &one.writes[0].key[..];
            range.from() <= key && range.until().is_some_and(|until| key < until)
        };
        assert!(is_due(1_000) && !is_due(999));
        let mut later = Batch::default();
        read.put_off(&mut later, Timestamp::from_unix_seconds(1_060));
        let later = stored(&later);
        assert_eq!((later.due.unix_seconds(), later.tries, later.asked), (1_060, 1, asked.asked));
    }

    #[test]
    fn the_address_goes_with_it_sealed() {
        let (subject, master) = (SubjectId::from_bytes([4; 16]), Secret::new([1; 32]));
        let email = EmailAddress::parse("eva@voorbeeld.example").unwrap();
        let person = Person::seal(&subject, email.clone(), &master).unwrap();
        let about = About::Erased(subject);
        let mut rows = Batch::default();
        Waiting::new(ENDPOINT, about, Some(person), Timestamp::from_unix_seconds(1)).put(&mut rows);
        let value = rows.writes[0].value.clone().unwrap();
        assert!(!value.windows(3).any(|window| window == b"eva"));
        let read = stored(&rows);
        assert_eq!(read.about, about);
        assert_eq!(read.person.unwrap().open(&master).unwrap(), email);
    }

    #[test]
    fn bytes_of_something_else_are_no_delivery() {
        for about in [&[][..], &[1], &[0; 10], &[2; 9], &[2; 11], &[8; 10]] {
            assert!(About::read(about).is_err(), "{about:?}");
        }
        assert!(Waiting::read(&[0; 12], &waiting(1).value()).is_err());
    }
}
