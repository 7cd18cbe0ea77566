//! `vinkje fsck`: computes everything anew that the store claims, and names what does not hold.
//!
//! In scope: receipts, their signatures and indices, the log over them, people and the index of addresses. Out of scope:
//! mending anything; what redb itself checks when it opens a file.
//!
//! Invariant: findings name organisations and numbers only, never a person; nothing is written.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;

use shared::jwk::KeySet;
use shared::log::entry::{self, Commitment};
use shared::log::tree::Complete;
use shared::log::{Frontier, NoteKey};

use crate::catalogue::{Organisation, Organisations};
use crate::keys::Keys;
use crate::log::read::Log;
use crate::log::{self, Head};
use crate::records::{self, StoredReceipt, SubjectRow};
use crate::seal::email_digest;
use crate::store::{Engine, KeyRange, Snapshot, Space, StoreError, keys};

/// Findings kept at most; a store that is broken through and through is said to be so in fewer lines.
pub const FINDINGS_MAX: usize = 100;

/// What does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A receipt is missing between others.
    ReceiptMissing,
    /// A receipt cannot be read.
    ReceiptUnreadable,
    /// Its signature is false, or its key is gone.
    SignatureFalse,
    /// It is not found by its id, or something else is.
    NotById,
    /// Its entry in the log is missing or another one.
    NotInLog,
    /// A node of the log is missing or another one.
    NodeFalse,
    /// The head of the log is not that of its entries.
    HeadFalse,
    /// The signature of the head is false.
    HeadSignatureFalse,
    /// Rows are left over that belong to no receipt.
    LeftOver,
    /// A person's row cannot be read, or names receipts that are not theirs.
    PersonFalse,
    /// A person's contact data cannot be opened with these keys.
    ContactClosed,
    /// An address is missing in the index, or the index has one too many.
    IndexFalse,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReceiptMissing => "the receipt is missing",
            Self::ReceiptUnreadable => "the receipt cannot be read",
            Self::SignatureFalse => "the signature is false, or the key that made it is gone",
            Self::NotById => "the receipt is not found by its id",
            Self::NotInLog => "the log does not have this receipt at this place",
            Self::NodeFalse => "a node of the log is not the one that follows from its entries",
            Self::HeadFalse => "the head of the log is not the one that follows from its entries",
            Self::HeadSignatureFalse => "the signature of the log's head is false",
            Self::LeftOver => "there are rows that belong to no receipt",
            Self::PersonFalse => "a person's row does not fit their receipts",
            Self::ContactClosed => "contact data cannot be opened with these keys",
            Self::IndexFalse => "the index of addresses does not fit the contact data",
        })
    }
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// With which organisation.
    pub organisation: String,
    /// At which receipt, if it is about one.
    pub number: Option<u64>,
    /// What.
    pub what: What,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "{}, receipt {number}: {}", self.organisation, self.what),
            None => write!(f, "{}: {}", self.organisation, self.what),
        }
    }
}

/// What was looked at and what was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Receipts.
    pub receipts: u64,
    /// People.
    pub people: u64,
    /// Everything that does not hold, up to [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
}

/// Receipts that the heads of the logs speak of.
///
/// # Errors
///
/// What the store says.
pub fn receipts_in(engine: &dyn Engine) -> Result<u64, StoreError> {
    let mut receipts = 0;
    engine.snapshot()?.scan(Space::Head, &KeyRange::all(), &mut |_, row| {
        receipts += Head::decode(row).map_or(0, |head| head.frontier.size());
        ControlFlow::Continue(())
    })?;
    Ok(receipts)
}

/// Looks at everything. `looked` hears of each receipt.
///
/// # Errors
///
/// What the store says when it cannot be read at all.
pub fn check(
    engine: &dyn Engine,
    signing: &Keys,
    base_url: &str,
    looked: &mut dyn FnMut(),
) -> Result<Report, StoreError> {
    let snapshot = engine.snapshot()?;
    let mut report = Report::default();
    let known = Organisations::read(snapshot.as_ref())?;
    for organisation in known.all() {
        let origin = log::origin(base_url, organisation.catalogue.organisation.as_str());
        let mut check = Check {
            snapshot: snapshot.as_ref(),
            signing,
            receipt_keys: signing.key_set(),
            log_key: signing.log.named(&origin),
            origin,
            organisation,
            report: &mut report,
            addresses: BTreeMap::new(),
        };
        let size = check.receipts(looked)?;
        check.leftovers(size)?;
        check.people()?;
    }
    Ok(report)
}

struct Check<'a> {
    snapshot: &'a dyn Snapshot,
    signing: &'a Keys,
    receipt_keys: KeySet,
    log_key: NoteKey,
    origin: String,
    organisation: &'a Organisation,
    report: &'a mut Report,
    /// What the index of addresses should hold, by its key.
    addresses: BTreeMap<Vec<u8>, u64>,
}

impl Check<'_> {
    fn found(&mut self, number: impl Into<Option<u64>>, what: What) {
        if self.report.findings.len() < FINDINGS_MAX {
            let organisation = self.organisation.catalogue.organisation.to_string();
            self.report.findings.push(Finding { organisation, number: number.into(), what });
        }
    }

    /// Every receipt in order, the log grown over them, and the head at the end. Gives how many there should be.
    fn receipts(&mut self, looked: &mut dyn FnMut()) -> Result<u64, StoreError> {
        let number = self.organisation.number;
        let (mut frontier, mut next) = (Frontier::default(), 0);
        let mut range = keys::of_organisation(number);
        loop {
            let rows = self.snapshot.page(Space::Body, &range, PAGE_ROWS)?;
            let Some((last, _)) = rows.last() else { break };
            range = range.after(last);
            let (_, until) = keys::read_body_key(last)?;
            let from = next;
            let entries =
                Log::new(self.snapshot, number).commitments(from, until - from + 1).unwrap_or_default();
            for (key, row) in &rows {
                let (_, sequence) = keys::read_body_key(key)?;
                let entry = |sequence: u64| entries.get((sequence - from) as usize).copied();
                for missing in next..sequence {
                    self.found(missing, What::ReceiptMissing);
                    self.grow(&mut frontier, entry(missing))?;
                }
                let own = self.receipt(sequence, row)?;
                if own.is_some() && own != entry(sequence) {
                    self.found(sequence, What::NotInLog);
                }
                self.grow(&mut frontier, entry(sequence).or(own))?;
                next = sequence + 1;
                self.report.receipts += 1;
                looked();
            }
        }
        self.head(&frontier)?;
        Ok(next)
    }

    /// One receipt; gives the commitment that follows from it.
    fn receipt(&mut self, sequence: u64, row: &[u8]) -> Result<Option<Commitment>, StoreError> {
        let number = self.organisation.number;
        let Ok(stored) = records::unpack(self.snapshot, number, sequence, row) else {
            self.found(sequence, What::ReceiptUnreadable);
            return Ok(None);
        };
        let by_id = keys::by_id(number, stored.receipt.receipt.as_bytes());
        if self.snapshot.get(Space::ById, &by_id)?.as_deref() != Some(&sequence.to_be_bytes()) {
            self.found(sequence, What::NotById);
        }
        let Some(jws) = self.jws(&stored) else {
            self.found(sequence, What::SignatureFalse);
            return Ok(None);
        };
        Ok(Some(entry::commit(&stored.salt, &jws)))
    }

    fn jws(&self, stored: &StoredReceipt) -> Option<String> {
        let key = self.signing.receipts.get(usize::from(stored.key_number))?;
        let jws = shared::jws::compact(&key.header, &stored.canonical, &stored.signature);
        shared::receipt::verify(&jws, &self.receipt_keys).is_ok().then_some(jws)
    }

    fn grow(&mut self, frontier: &mut Frontier, commitment: Option<Commitment>) -> Result<(), StoreError> {
        let Some(commitment) = commitment else { return Ok(()) };
        let mut complete: Vec<Complete> = Vec::new();
        frontier.append(entry::leaf(&commitment), |node| complete.push(node));
        for node in complete.iter().filter(|node| node.level.is_multiple_of(8)) {
            let key = keys::node(self.organisation.number, node.level / 8, node.index);
            if self.snapshot.get(Space::Node, &key)?.as_deref() != Some(&node.hash) {
                self.found(frontier.size() - 1, What::NodeFalse);
            }
        }
        Ok(())
    }

    fn head(&mut self, frontier: &Frontier) -> Result<(), StoreError> {
        let head = match Log::new(self.snapshot, self.organisation.number).head() {
            Ok(head) => head.unwrap_or_default(),
            Err(StoreError::Corrupt(_)) => Head::default(),
            Err(error) => return Err(error),
        };
        if head.frontier != *frontier {
            self.found(None, What::HeadFalse);
        } else if head.frontier.size() > 0
            && self.signing.log.note(&self.origin, &head).signed_by(&self.log_key).is_err()
        {
            self.found(None, What::HeadSignatureFalse);
        }
        Ok(())
    }

    /// Indices and nodes have no row too many.
    fn leftovers(&mut self, size: u64) -> Result<(), StoreError> {
        let range = keys::of_organisation(self.organisation.number);
        let nodes: u64 = (1..8).map(|level: u32| size >> (8 * level)).sum();
        let by_id = count(self.snapshot, Space::ById, &range)?;
        let found = count(self.snapshot, Space::Node, &range)?;
        if by_id > size || found > nodes {
            self.found(None, What::LeftOver);
        }
        Ok(())
    }

    fn people(&mut self) -> Result<(), StoreError> {
        let mut range = keys::of_organisation(self.organisation.number);
        loop {
            let rows = self.snapshot.page(Space::Subject, &range, PAGE_ROWS)?;
            let Some((last, _)) = rows.last() else { break };
            range = range.after(last);
            for (key, row) in &rows {
                let (_, first) = keys::read_body_key(key)?;
                self.report.people += 1;
                self.person(first, row)?;
            }
        }
        self.index()
    }

    fn person(&mut self, first: u64, row: &[u8]) -> Result<(), StoreError> {
        let number = self.organisation.number;
        let Ok(row) = records::decode::<SubjectRow>(row) else {
            self.found(first, What::PersonFalse);
            return Ok(());
        };
        let body = self.snapshot.get(Space::Body, &keys::body(number, first))?;
        let receipt = body.and_then(|body| records::unpack(self.snapshot, number, first, &body).ok());
        let Some(receipt) = receipt.map(|stored| stored.receipt) else {
            self.found(first, What::PersonFalse);
            return Ok(());
        };
        let own = receipt.subject.as_bytes() == receipt.receipt.as_bytes();
        let later = row.later.iter().map(|id| {
            let id = shared::ids::ReceiptId::from_bytes(*id);
            let stored = records::read_receipt(self.snapshot, number, &id).ok().flatten();
            stored.is_some_and(|stored| stored.receipt.subject == receipt.subject)
        });
        if !own || !later.into_iter().all(|fits| fits) {
            self.found(first, What::PersonFalse);
        }
        let Some(sealed) = row.contact else { return Ok(()) };
        match sealed.open(&receipt.subject, &self.signing.master) {
            Ok(contact) => {
                if let Some(email) = &contact.email {
                    let digest = email_digest(email, number, &self.signing.index);
                    let prefix = records::contact_prefix(number, &digest);
                    self.addresses.insert([&prefix[..], &first.to_be_bytes()].concat(), first);
                }
            }
            Err(_) => self.found(first, What::ContactClosed),
        }
        Ok(())
    }

    /// The index of addresses has exactly the rows that follow from the contact data.
    fn index(&mut self) -> Result<(), StoreError> {
        let mut strange = false;
        let addresses = &mut self.addresses;
        let range = keys::of_organisation(self.organisation.number);
        self.snapshot.scan(Space::Contact, &range, &mut |key, _| {
            strange |= addresses.remove(key).is_none();
            ControlFlow::Continue(())
        })?;
        let missing: Vec<u64> = std::mem::take(&mut self.addresses).into_values().collect();
        missing.into_iter().for_each(|first| self.found(first, What::IndexFalse));
        if strange {
            self.found(None, What::IndexFalse);
        }
        Ok(())
    }
}

const PAGE_ROWS: usize = 512;

fn count(snapshot: &dyn Snapshot, space: Space, range: &KeyRange) -> Result<u64, StoreError> {
    let mut rows = 0;
    snapshot.scan(space, range, &mut |_, _| {
        rows += 1;
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}
