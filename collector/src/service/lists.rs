//! The people who may now be addressed for a purpose, handed out piece by piece.
//!
//! In scope: finding them in many short states of the store, unsealing their contact data, the record of the download, and the
//! manifest of a mailing. Out of scope: how a line looks (`service::list_lines`), who may download (`http`).
//!
//! Invariant: nobody downloads unrecorded: the line that says who began is durable before the first person is handed out. Each
//! person may be addressed in the very state in which they were read, so whoever stops while a list runs is not in what follows.
//! Without its end a list is not whole, and says so by breaking off.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use shared::Language;
use shared::contact::Contact;
use shared::ids::{MailingId, OrganisationId, PurposeId, PurposeVersion, ReceiptId, SubjectId};
use shared::purpose::Basis;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use tokio::sync::mpsc;

use super::as_of::State;
use super::list_lines::{Format, Lines};
use super::may_address::{Sought, Weighing};
use super::{Service, refused, unavailable};
use crate::access::{self, Deed, Entry};
use crate::catalogue::Organisation;
use crate::keys::{Keys, random};
use crate::links;
use crate::mailings::{self, Mailing};
use crate::objection;
use crate::records::{self, SubjectRow};
use crate::sequencer::{Draft, Sequencer};
use crate::standing::Found;
use crate::store::{Engine, KeyRange, Space, StoreError, keys};

/// People read in one state of the store.
const PAGE_PEOPLE: usize = 512;

/// Rows looked at in one state of the store, when few of them may be addressed.
const PAGE_ROWS: usize = 16 * 1024;

/// How long a reader may take for one piece, about 100 kB: whoever is slower is cut off.
const PIECE_SECONDS_MAX: Duration = Duration::from_secs(60);

/// One person on a list.
pub struct Listed {
    /// How they are reached.
    pub contact: Contact,
    /// In which language they acted.
    pub language: Language,
    /// The receipt on which it rests.
    pub receipt: ReceiptId,
    /// On what it rests.
    pub basis: Basis,
    /// Since when it stands.
    pub since: Timestamp,
    /// Until when it counts.
    pub until: Option<Timestamp>,
    /// The page where they can see and stop everything.
    pub manage_url: String,
    /// Where this purpose is stopped: what a mail program calls for one click (RFC 8058).
    pub unsubscribe_url: String,
    /// The same by mail, where the organisation has an address for it (RFC 2369 §3.2).
    pub unsubscribe_mail: Option<String>,
}

/// What is needed to hand out a list.
#[derive(Clone)]
pub struct Lister {
    /// The store, for reading.
    pub engine: Arc<dyn Engine>,
    /// The one door through which anything is written.
    pub sequencer: Sequencer,
    /// The keys.
    pub keys: Arc<Keys>,
    /// Whose people.
    pub organisation: Arc<Organisation>,
    /// The address under which people reach the collector.
    pub base_url: Arc<str>,
    /// Where people can write to unsubscribe, by organisation.
    pub stop_mail: Arc<BTreeMap<OrganisationId, String>>,
}

/// What is to be handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Who may be addressed for this.
    pub purpose: PurposeId,
    /// In which form.
    pub format: Format,
    /// Whether a manifest of it is kept.
    pub mailing: bool,
    /// Who downloads: the name of a key, or the command line.
    pub who: String,
}

/// A download that is recorded, and can begin.
pub struct Download {
    lister: Lister,
    name: PurposeId,
    purpose: u16,
    version: PurposeVersion,
    format: Format,
    began: u64,
    mailing: Option<(MailingId, Mailing)>,
    who: String,
}

/// What a download sends: bytes, and at last how many people they were.
pub enum Piece {
    /// Some lines.
    Lines(Vec<u8>),
    /// That this was all: so many people.
    End(u64),
}

/// A download broke off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the list broke off")]
pub struct BrokenOff;

/// Where pieces go.
pub type Pieces = mpsc::Sender<Result<Piece, BrokenOff>>;

struct Page {
    people: Vec<Listed>,
    numbers: Vec<u64>,
    /// What has not been looked at; nothing after the last page.
    rest: Option<KeyRange>,
}

impl Lister {
    /// Records that a download begins; a mailing gets its id.
    ///
    /// # Errors
    ///
    /// [`Refusal::PurposeNotOffered`], or what the sequencer refuses.
    pub async fn begin(self, wanted: Wanted) -> Result<Download, Refusal> {
        let known = self.organisation.catalogue.purposes.get(&wanted.purpose);
        let version = known.ok_or(Refusal::PurposeNotOffered)?.version;
        let number = self.organisation.number_of(&wanted.purpose).ok_or(Refusal::PurposeNotOffered)?;
        let at = Service::now().unix_seconds();
        let mailing = wanted.mailing.then(|| {
            let mailing = Mailing {
                purpose: wanted.purpose.clone(),
                version,
                who: wanted.who.clone(),
                began: at,
                ended: None,
                people: 0,
            };
            new_id(at).map(|id| (id, mailing))
        });
        let mailing = mailing.transpose()?;
        if let Some((id, mailing)) = &mailing {
            let mut draft = Draft::default();
            let key = mailings::mailing_key(self.organisation.number, id);
            draft.rows.expect_absent(Space::Mailing, key.clone()).put(Space::Mailing, key, mailing.encode());
            self.sequencer.store(draft).await.map_err(refused)?;
        }
        let name = wanted.purpose;
        let id = mailing.as_ref().map(|(id, _)| *id.as_bytes());
        let deed = Deed::Began { purpose: name.clone(), mailing: id };
        let began = self.note(at, &wanted.who, deed).await?;
        let (format, who) = (wanted.format, wanted.who);
        Ok(Download { lister: self, name, purpose: number, version, format, began, mailing, who })
    }

    async fn note(&self, at: i64, who: &str, deed: Deed) -> Result<u64, Refusal> {
        let entry = Entry { at, who: who.into(), deed };
        let (engine, number) = (self.engine.as_ref(), self.organisation.number);
        access::add(engine, &self.sequencer, number, entry).await.map_err(refused)
    }

    /// The next people in the order of their digests, in one state of the store.
    fn page(&self, range: KeyRange, sought: &Sought, purpose: &PurposeId) -> Result<Page, StoreError> {
        let snapshot = self.engine.snapshot()?;
        let number = self.organisation.number;
        let mut groups = Groups::new(sought);
        let mut broken = None;
        snapshot.scan(Space::Contact, &range, &mut |key, row| match groups.add(key, row) {
            Ok(more) => more,
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = broken {
            return Err(error);
        }
        let (found, rest) = groups.end(&range);
        let mut page = Page { people: Vec::with_capacity(found.len()), numbers: Vec::new(), rest };
        let objections = objection::any(snapshot.as_ref(), number)?;
        for (first, found) in found {
            let corrupt = || StoreError::Corrupt("somebody on a list has no record".into());
            let row = snapshot.get(Space::Subject, &keys::body(number, first))?.ok_or_else(corrupt)?;
            let row: SubjectRow = records::decode(&row)?;
            if objections && let Some(by) = &row.found_by {
                let objection = objection::of(snapshot.as_ref(), number, by.digest())?;
                if objection.is_some_and(|objection| objection.decides_over(Some(&found))) {
                    continue;
                }
            }
            let subject = self.subject_id(snapshot.as_ref(), first, &found)?;
            let sealed = row.contact.ok_or_else(corrupt)?;
            let contact = sealed.open(&subject, &self.keys.master).map_err(|_| corrupt())?;
            page.numbers.extend(found.proof.number);
            page.people.push(self.listed(contact, &subject, purpose, &found));
        }
        Ok(page)
    }

    /// A subject has the id of their first receipt, which most often is the one that counts.
    fn subject_id(
        &self,
        snapshot: &dyn crate::store::Snapshot,
        first: u64,
        found: &Found,
    ) -> Result<SubjectId, StoreError> {
        if found.proof.number == Some(first) {
            return Ok(SubjectId::from_bytes(*found.proof.receipt.as_bytes()));
        }
        let subject = records::read_receipt(snapshot, self.organisation.number, &found.proof.receipt)?;
        let gone = || StoreError::Corrupt("the receipt of somebody on a list is gone".into());
        Ok(subject.ok_or_else(gone)?.receipt.subject)
    }

    fn listed(&self, contact: Contact, subject: &SubjectId, purpose: &PurposeId, found: &Found) -> Listed {
        let number = self.organisation.number;
        let manage = links::manage_token(number, subject, &self.keys.link);
        let stop = links::stop_token(number, subject, Some(purpose), &self.keys.link);
        Listed {
            contact,
            language: found.proof.language,
            receipt: found.proof.receipt,
            basis: found.claim.basis(),
            since: Timestamp::from_unix_seconds(found.since),
            until: found.claim.state.ends().map(Timestamp::from_unix_seconds),
            manage_url: format!("{}/m/{manage}", self.base_url),
            unsubscribe_mail: self
                .stop_mail
                .get(&self.organisation.catalogue.organisation)
                .map(|address| format!("mailto:{address}?subject={stop}")),
            unsubscribe_url: format!("{}/u/{stop}", self.base_url),
        }
    }
}

/// An id that sorts by time and cannot be guessed.
fn new_id(at: i64) -> Result<MailingId, Refusal> {
    let bits = random().map_err(|_| Refusal::StoreUnavailable)?;
    let milliseconds = at.unsigned_abs() * 1_000;
    Ok(MailingId::from_time_and_bits(milliseconds, *bits.first_chunk().expect("10 of 32 bytes")))
}

/// The rows of one address after another: who of them may be addressed.
struct Groups<'a> {
    sought: &'a Sought,
    /// The organisation and digest that the rows at hand belong to.
    prefix: Vec<u8>,
    weighing: Weighing<u64>,
    found: Vec<(u64, Found)>,
    rows: usize,
    stopped: bool,
}

impl<'a> Groups<'a> {
    fn new(sought: &'a Sought) -> Self {
        let weighing = Weighing::default();
        Self { sought, prefix: Vec::new(), weighing, found: Vec::new(), rows: 0, stopped: false }
    }

    fn add(&mut self, key: &[u8], row: &[u8]) -> Result<ControlFlow<()>, StoreError> {
        let corrupt = || StoreError::Corrupt("an address has a bad key".into());
        let (prefix, first) = key.split_last_chunk::<8>().ok_or_else(corrupt)?;
        if prefix != self.prefix {
            self.close();
            if self.found.len() >= PAGE_PEOPLE || self.rows >= PAGE_ROWS {
                self.stopped = true;
                return Ok(ControlFlow::Break(()));
            }
            self.prefix = prefix.to_vec();
        }
        self.rows += 1;
        self.weighing.add(row, self.sought, u64::from_be_bytes(*first))?;
        Ok(ControlFlow::Continue(()))
    }

    /// All rows of an address are seen.
    fn close(&mut self) {
        let Some((first, found)) = std::mem::take(&mut self.weighing).heaviest() else { return };
        if State::of(found.claim, self.sought.version, self.sought.at).is_yes() {
            self.found.push((first, found));
        }
    }

    fn end(mut self, range: &KeyRange) -> (Vec<(u64, Found)>, Option<KeyRange>) {
        if !self.stopped {
            self.close();
            return (self.found, None);
        }
        let behind = KeyRange::prefix(&self.prefix).until().map(<[u8]>::to_vec);
        let rest = behind.zip(range.until()).map(|(from, until)| KeyRange::between(from, until));
        (self.found, rest)
    }
}

impl Download {
    /// The mailing that it is for.
    #[must_use]
    pub fn mailing(&self) -> Option<MailingId> {
        self.mailing.as_ref().map(|(id, _)| *id)
    }

    /// The form of the list.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Hands out everybody, and records the end. A reader that goes away or is too slow ends it early.
    pub async fn run(self, pieces: Pieces) {
        let mut people = 0;
        let complete = self.all(&pieces, &mut people).await.is_ok();
        let deed = Deed::Ended { began: self.began, people, complete };
        let noted = self.lister.note(Service::now().unix_seconds(), &self.who, deed).await;
        if noted.is_err() {
            tracing::error!("the end of a download could not be recorded");
        }
    }

    async fn all(&self, pieces: &Pieces, people: &mut u64) -> Result<(), BrokenOff> {
        let mut lines = Lines::new(self.format);
        let mut range = Some(keys::of_organisation(self.lister.organisation.number));
        let mut pages = 0;
        while let Some(at) = range {
            let page = match self.read(at).await {
                Ok(page) => page,
                Err(refusal) => {
                    tracing::error!(code = refusal.code(), "a list broke off");
                    let _ = send(pieces, Err(BrokenOff)).await;
                    return Err(BrokenOff);
                }
            };
            range = page.rest;
            if page.people.is_empty() {
                continue;
            }
            if self.keep(pages, page.numbers).await.is_err() {
                let _ = send(pieces, Err(BrokenOff)).await;
                return Err(BrokenOff);
            }
            pages += 1;
            *people += page.people.len() as u64;
            send(pieces, Ok(Piece::Lines(lines.people(&page.people)))).await?;
        }
        if self.finish(*people).await.is_err() {
            let _ = send(pieces, Err(BrokenOff)).await;
            return Err(BrokenOff);
        }
        send(pieces, Ok(Piece::Lines(lines.end(*people, self.mailing())))).await?;
        send(pieces, Ok(Piece::End(*people))).await
    }

    async fn read(&self, range: KeyRange) -> Result<Page, Refusal> {
        let sought = Sought { purpose: self.purpose, version: Some(self.version), at: Service::now() };
        let (lister, name) = (self.lister.clone(), self.name.clone());
        let read = tokio::task::spawn_blocking(move || lister.page(range, &sought, &name)).await;
        read.map_err(|_| Refusal::StoreUnavailable)?.map_err(unavailable)
    }

    /// Puts a page into the manifest, before anybody gets it.
    async fn keep(&self, page: u32, numbers: Vec<u64>) -> Result<(), Refusal> {
        let Some((id, _)) = &self.mailing else { return Ok(()) };
        let mut draft = Draft::default();
        let key = mailings::page_key(self.lister.organisation.number, id, page);
        draft.rows.put(Space::Mailing, key, mailings::page(numbers));
        self.lister.sequencer.store(draft).await.map(drop).map_err(refused)
    }

    /// Says in the manifest that it is whole.
    async fn finish(&self, people: u64) -> Result<(), Refusal> {
        let Some((id, before)) = &self.mailing else { return Ok(()) };
        let ended = Some(Service::now().unix_seconds());
        let after = Mailing { ended, people, ..before.clone() };
        let mut draft = Draft::default();
        let key = mailings::mailing_key(self.lister.organisation.number, id);
        draft.rows.expect_unchanged(Space::Mailing, key.clone(), Some(before.encode()));
        draft.rows.put(Space::Mailing, key, after.encode());
        self.lister.sequencer.store(draft).await.map(drop).map_err(refused)
    }
}

async fn send(pieces: &Pieces, piece: Result<Piece, BrokenOff>) -> Result<(), BrokenOff> {
    let sent = tokio::time::timeout(PIECE_SECONDS_MAX, pieces.send(piece)).await;
    if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(BrokenOff) }
}
