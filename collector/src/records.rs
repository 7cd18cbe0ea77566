//! The rows that services write: organisations, notices and subjects, and receipts read back.
//!
//! In scope: their bytes and keys. Out of scope: numbering of receipts (`sequencer`), rules (`service`).
//!
//! Invariant: a receipt is stored as its canonical bytes and its signature; everything else about a subject's
//! consents is read back from its receipts, so there is one truth.

use serde::{Deserialize, Serialize};
use shared::form::Catalogue;
use shared::ids::{PurposeId, ReceiptId, SubjectId};
use shared::lifecycle::Consents;
use shared::log::Salt;
use shared::notice::{NOTICE_SCHEMA, Notice};
use shared::receipt::Receipt;
use shared::time::Timestamp;

use crate::keys::Keys;
use crate::seal::{FoundBy, Sealed};
use crate::slips;
use crate::store::{Batch, Key, KeyRange, Snapshot, Space, StoreError, body, keys};
use crate::tally;

/// An organisation with its number; the number is in every key of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationRow {
    /// From 1, in the order of coming.
    pub number: u32,
    /// How many notices it has had; the next one gets this number.
    pub notices: u32,
    /// Every purpose it ever had, in the order of coming; the place of each is its number in small rows.
    pub purposes: Vec<PurposeId>,
    /// What it has defined now.
    pub catalogue: Catalogue,
}

/// A notice, kept for ever, with the example against which its receipts are compressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// The canonical bytes of the notice.
    pub canonical: Vec<u8>,
    /// A receipt as they look under this notice.
    pub example: Vec<u8>,
}

/// One person's record with one organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRow {
    /// Contact data; none where nothing was agreed to, or when it is forgotten because nothing stands any more.
    pub contact: Option<Sealed>,
    /// Where their row in `Contact` is; it outlives the contact data, as proof may. None for who agreed to nothing.
    pub found_by: Option<FoundBy>,
    /// When something is next to be done (`shared::terms`), in Unix seconds: there is a row in `Due` for it.
    pub due: i64,
    /// The digest of the code on their counter slip, where they have one: there is a row in `Slip` for it.
    pub slip: Option<[u8; 16]>,
    /// The receipts of this subject after the first, oldest first. The first one has the row's own number.
    pub later: Vec<[u8; 16]>,
}

/// What stands before the packed body of a receipt: which notice it was compressed against, which key signed it, and the
/// salt of its commitment in the log.
const BODY_PREFIX_BYTES: usize = 37;

/// A receipt as it was stored, with what is needed to show or prove it.
#[derive(Debug, Clone)]
pub struct StoredReceipt {
    /// Its number in the organisation, from 0.
    pub sequence: u64,
    /// The canonical bytes that are signed.
    pub canonical: Vec<u8>,
    /// The signature over them.
    pub signature: [u8; 64],
    /// Which receipt key signed.
    pub key_number: u8,
    /// The salt of its commitment in the log.
    pub salt: Salt,
    /// The record itself.
    pub receipt: Receipt,
}

impl StoredReceipt {
    /// The signed text; none when the key that signed is gone.
    #[must_use]
    pub fn jws(&self, keys: &Keys) -> Option<String> {
        let key = keys.receipts.get(usize::from(self.key_number))?;
        Some(shared::jws::compact(&key.header, &self.canonical, &self.signature))
    }
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.into())
}

/// Key of a notice.
#[must_use]
pub fn notice_key(organisation: u32, number: u32) -> Vec<u8> {
    [organisation.to_be_bytes(), number.to_be_bytes()].concat()
}

/// What begins the key of an entry in the index of addresses; the number of the subject's first receipt ends it, so that
/// one address may have several subjects.
#[must_use]
pub fn contact_prefix(organisation: u32, digest: &[u8; 16]) -> Vec<u8> {
    [organisation.to_be_bytes().as_slice(), digest].concat()
}

/// Bytes of a row.
///
/// # Panics
///
/// Never: the row types always encode.
#[must_use]
pub fn encode<T: Serialize>(row: &T) -> Vec<u8> {
    postcard::to_allocvec(row).expect("rows always encode")
}

/// Reads a row.
///
/// # Errors
///
/// [`StoreError::Corrupt`] when it is not what was written.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, StoreError> {
    match postcard::take_from_bytes(bytes) {
        Ok((row, [])) => Ok(row),
        _ => Err(corrupt("a row is not what was written")),
    }
}

/// Packs a receipt for the `Body` space.
///
/// # Errors
///
/// [`body::BodyError::TooLong`] for a receipt past its limit.
pub fn pack(
    notice_number: u32,
    key_number: u8,
    example: &[u8],
    canonical: &[u8],
    signature: &[u8; 64],
    salt: &Salt,
) -> Result<Vec<u8>, body::BodyError> {
    let packed = body::pack(example, canonical, signature)?;
    Ok([&notice_number.to_be_bytes()[..], &[key_number], salt, &packed].concat())
}

/// Reads a row of the `Body` space.
///
/// # Errors
///
/// [`StoreError::Corrupt`] when it is not what was written, or its notice is gone.
pub fn unpack(
    snapshot: &dyn Snapshot,
    organisation: u32,
    sequence: u64,
    row: &[u8],
) -> Result<StoredReceipt, StoreError> {
    let (prefix, packed) =
        row.split_first_chunk::<BODY_PREFIX_BYTES>().ok_or_else(|| corrupt("a receipt is cut"))?;
    let [a, b, c, d, key_number, ref salt @ ..] = *prefix;
    let key = notice_key(organisation, u32::from_be_bytes([a, b, c, d]));
    let notice = snapshot.get(Space::Notice, &key)?.ok_or_else(|| corrupt("a receipt's notice is gone"))?;
    let notice: NoticeRow = decode(&notice)?;
    let (canonical, signature) =
        body::unpack(&notice.example, packed).map_err(|_| corrupt("a receipt cannot be unpacked"))?;
    let receipt =
        shared::canonical::from_bytes(&canonical).map_err(|_| corrupt("a receipt is not canonical"))?;
    Ok(StoredReceipt { sequence, canonical, signature, key_number, salt: *salt, receipt })
}

/// A receipt by its id.
///
/// # Errors
///
/// As [`unpack`], or what the store says.
pub fn read_receipt(
    snapshot: &dyn Snapshot,
    organisation: u32,
    id: &ReceiptId,
) -> Result<Option<StoredReceipt>, StoreError> {
    let sequence = number_of(snapshot, organisation, id.as_bytes())?;
    sequence.map(|sequence| read_numbered(snapshot, organisation, sequence)).transpose()
}

/// The number of a receipt.
///
/// # Errors
///
/// What the store says.
pub fn number_of(
    snapshot: &dyn Snapshot,
    organisation: u32,
    id: &[u8; 16],
) -> Result<Option<u64>, StoreError> {
    let row = snapshot.get(Space::ById, &keys::by_id(organisation, id))?;
    row.as_deref().map(keys::read_sequence).transpose()
}

/// A receipt by its number; none when its person was erased.
///
/// # Errors
///
/// As [`unpack`], or what the store says.
pub fn find_numbered(
    snapshot: &dyn Snapshot,
    organisation: u32,
    sequence: u64,
) -> Result<Option<StoredReceipt>, StoreError> {
    let row = snapshot.get(Space::Body, &keys::body(organisation, sequence))?;
    row.map(|row| unpack(snapshot, organisation, sequence, &row)).transpose()
}

fn read_numbered(
    snapshot: &dyn Snapshot,
    organisation: u32,
    sequence: u64,
) -> Result<StoredReceipt, StoreError> {
    find_numbered(snapshot, organisation, sequence)?.ok_or_else(|| corrupt("a receipt's body is gone"))
}

/// A subject's row as stored and as read, with all its receipts, oldest first.
#[derive(Clone)]
pub struct Subject {
    /// The key of the row.
    pub key: Key,
    /// The bytes in the store: the precondition of every change.
    pub stored: Vec<u8>,
    /// The row.
    pub row: SubjectRow,
    /// Its receipts.
    pub receipts: Vec<StoredReceipt>,
}

impl Subject {
    /// Reads a subject.
    ///
    /// # Errors
    ///
    /// As [`read_receipt`].
    pub fn read(
        snapshot: &dyn Snapshot,
        organisation: u32,
        id: &SubjectId,
    ) -> Result<Option<Self>, StoreError> {
        // A subject has the id of their first receipt.
        match number_of(snapshot, organisation, id.as_bytes())? {
            Some(first) => Self::numbered(snapshot, organisation, first),
            None => Ok(None),
        }
    }

    /// Reads the subject whose first receipt has this number.
    ///
    /// # Errors
    ///
    /// As [`read_receipt`].
    pub fn numbered(
        snapshot: &dyn Snapshot,
        organisation: u32,
        first: u64,
    ) -> Result<Option<Self>, StoreError> {
        let key = keys::body(organisation, first);
        let Some(stored) = snapshot.get(Space::Subject, &key)? else { return Ok(None) };
        let row: SubjectRow = decode(&stored)?;
        let read = |id: &[u8; 16]| {
            read_receipt(snapshot, organisation, &ReceiptId::from_bytes(*id))?
                .ok_or_else(|| corrupt("a subject's receipt is gone"))
        };
        let first = read_numbered(snapshot, organisation, first);
        let receipts = std::iter::once(first).chain(row.later.iter().map(read)).collect::<Result<_, _>>()?;
        Ok(Some(Self { key, stored, row, receipts }))
    }

    /// Which organisation and which first receipt, from its key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] for a key that is none of ours.
    pub fn place(&self) -> Result<(u32, u64), StoreError> {
        keys::read_body_key(&self.key)
    }

    /// Writes another row in place of this one, if it is still what was read, and moves what is due.
    ///
    /// # Errors
    ///
    /// As [`Subject::place`].
    pub fn change(&self, rows: &mut Batch, after: &SubjectRow) -> Result<(), StoreError> {
        let (organisation, first) = self.place()?;
        rows.expect_unchanged(Space::Subject, self.key.clone(), Some(self.stored.clone()));
        rows.put(Space::Subject, self.key.clone(), encode(after));
        if after.due != self.row.due {
            rows.delete(Space::Due, due_key(&self.row, organisation, first));
            rows.put(Space::Due, due_key(after, organisation, first), []);
        }
        Ok(())
    }

    /// Removes the person: contact data, look-ups, receipts and their salts. Of each receipt stays that there was one, and
    /// its entry in the log, which without the salt says nothing. Gives the counters that they were in.
    ///
    /// # Errors
    ///
    /// As [`Subject::place`].
    pub fn erase(&self, rows: &mut Batch, at: Timestamp) -> Result<Vec<Key>, StoreError> {
        let (organisation, first) = self.place()?;
        rows.expect_unchanged(Space::Subject, self.key.clone(), Some(self.stored.clone()));
        rows.delete(Space::Subject, self.key.clone());
        rows.delete(Space::Due, due_key(&self.row, organisation, first));
        if let Some(key) = self.row.contact_key(organisation, first) {
            rows.delete(Space::Contact, key);
        }
        if let Some(digest) = &self.row.slip {
            rows.delete(Space::Slip, slips::key(organisation, digest));
        }
        let mut uncounted = Vec::new();
        for stored in &self.receipts {
            let place = keys::body(organisation, stored.sequence);
            rows.delete(Space::ById, keys::by_id(organisation, stored.receipt.receipt.as_bytes()));
            rows.delete(Space::Body, place.clone());
            rows.put(Space::Erased, place, keys::moment_value(at));
            uncounted.extend(tally::counters(organisation, &stored.receipt));
        }
        Ok(uncounted)
    }

    /// Where its consents stand, read back from its receipts.
    #[must_use]
    pub fn consents(&self) -> Consents {
        self.receipts.iter().fold(Consents::default(), |state, stored| stored.receipt.fold(state))
    }
}

impl SubjectRow {
    /// The digest of their e-mail address, if they are found by one.
    #[must_use]
    pub const fn email_digest(&self) -> Option<&[u8; 16]> {
        match &self.found_by {
            Some(FoundBy::Email(digest)) => Some(digest),
            Some(FoundBy::Pseudonym(_)) | None => None,
        }
    }

    /// Where what stands for them is stored.
    #[must_use]
    pub fn contact_key(&self, organisation: u32, first: u64) -> Option<Key> {
        let prefix = contact_prefix(organisation, self.found_by.as_ref()?.digest());
        Some([&prefix[..], &first.to_be_bytes()].concat())
    }
}

/// Key of what is due for a subject.
#[must_use]
pub fn due_key(row: &SubjectRow, organisation: u32, first: u64) -> Key {
    keys::due(Timestamp::from_unix_seconds(row.due), organisation, first)
}

/// All subjects of an address, oldest first.
///
/// # Errors
///
/// As [`read_receipt`].
pub fn subjects_of(
    snapshot: &dyn Snapshot,
    organisation: u32,
    digest: &[u8; 16],
) -> Result<Vec<Subject>, StoreError> {
    let mut firsts = Vec::new();
    let range = KeyRange::prefix(&contact_prefix(organisation, digest));
    snapshot.scan(Space::Contact, &range, &mut |key, _| {
        firsts.push(key.last_chunk::<8>().map(|first| u64::from_be_bytes(*first)));
        std::ops::ControlFlow::Continue(())
    })?;
    let read = |first: Option<u64>| {
        let first = first.ok_or_else(|| corrupt("an address has a bad key"))?;
        let subject = Subject::numbered(snapshot, organisation, first)?;
        subject.ok_or_else(|| corrupt("an address has no subject"))
    };
    firsts.into_iter().map(read).collect()
}

/// Reads a notice back from its canonical bytes.
///
/// # Errors
///
/// [`StoreError::Corrupt`] when they are not a notice of ours.
pub fn read_notice(row: &NoticeRow) -> Result<Notice, StoreError> {
    let notice: Notice =
        shared::canonical::from_bytes(&row.canonical).map_err(|_| corrupt("a notice is not canonical"))?;
    if notice.schema == NOTICE_SCHEMA { Ok(notice) } else { Err(corrupt("a notice is of an unknown schema")) }
}
