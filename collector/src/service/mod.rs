//! What the collector does for people: take choices, take consent back, show what stands.
//!
//! In scope: putting `shared`'s decisions together with keys, store and sequencer.
//! Out of scope: HTTP (`http`), pages (`service::views` fills them, `widget` draws them).
//!
//! Invariant: every answer follows a durable commit, and a receipt is signed before it is queued.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::Language;
use shared::form::Form;
use shared::ids::{FormRef, OrganisationId, PurposeId, ReceiptId, SubjectId};
use shared::offer::{Nonce, Offer};
use shared::refusal::Refusal;
use shared::terms::Terms;
use shared::ticket::Ticket;
use shared::time::Timestamp;

use crate::api_keys::{ApiKey, KeyRow};
use crate::assets::Assets;
use crate::catalogue::{KnownNotice, Organisation, Registry};
use crate::clock;
use crate::cosigning::Witnesses;
use crate::endpoints::Endpoints;
use crate::journal::Journal;
use crate::keys::{Keys, random};
use crate::links;
use crate::records::{self, StoredReceipt};
use crate::sequencer::{Draft, SequenceError, Sequencer};
use crate::store::{Batch, Engine, Snapshot, StoreError};

use self::as_of::Answerer;
use self::bots::Bots;
use self::erase::Eraser;
use self::import::Importer;
pub use self::letter_limit::LetterLimit;
use self::lists::Lister;
use self::slip_limit::SlipLimit;

pub mod as_of;
pub mod bots;
pub mod bundle;
pub(crate) mod code;
pub mod deliveries;
pub mod draft;
pub mod due;
pub mod erase;
pub mod evidence;
pub mod export;
pub mod heads;
pub mod import;
pub mod inbound;
pub mod kiosk;
mod letter_limit;
pub mod letters;
pub mod list_lines;
pub mod lists;
mod log_view;
pub mod look_up;
pub mod mailings;
pub mod manage;
pub mod may_address;
pub mod object;
pub mod one_more;
pub mod owner;
pub mod owner_views;
pub mod paper;
pub mod people;
pub mod printed;
pub mod replay;
pub mod restore;
pub mod sales;
pub mod slip_limit;
pub mod slips;
pub mod snippet;
pub mod standard;
pub mod statistics;
pub mod statistics_svg;
pub mod stop;
pub mod submit;
mod swept;
mod told;
pub mod verifier;
pub mod views;

/// Everything that a service needs; handlers share one.
pub struct Service {
    /// The store, for reading.
    pub engine: Arc<dyn Engine>,
    /// The one door through which anything is written.
    pub sequencer: Sequencer,
    /// The organisations.
    pub registry: Registry,
    /// The keys.
    pub keys: Arc<Keys>,
    /// Where erased people are written down.
    pub journal: Journal,
    /// The widget's files.
    pub assets: Assets,
    /// Who else watches the logs.
    pub witnesses: Arc<Witnesses>,
    /// Who hears by itself what happened.
    pub endpoints: Arc<Endpoints>,
    /// How many letters one address gets.
    pub letter_limit: LetterLimit,
    /// How many slip codes may be tried.
    pub slip_limit: SlipLimit,
    /// What keeps programs from harming people.
    pub bots: Bots,
    /// Where people can write to unsubscribe, by organisation.
    pub stop_mail: Arc<BTreeMap<OrganisationId, String>>,
    /// The address under which people reach us, without a slash at the end.
    pub base_url: String,
}

/// A form with its organisation, and its notice in one language.
pub struct Shown {
    /// Whose form.
    pub organisation: Arc<Organisation>,
    /// Its name.
    pub form: FormRef,
    /// The wording.
    pub notice: Arc<KnownNotice>,
    /// What a kiosk sent somebody here with, if one did.
    pub ticket: Option<Ticket>,
}

/// An offer that is ours, and what it showed.
pub struct Accepted {
    /// The offer.
    pub offer: Offer,
    /// What it showed.
    pub shown: Shown,
    /// Whether something new may be answered to it: [`Refusal::OfferExpired`] or [`Refusal::OfferSuperseded`] if not.
    pub fresh: Result<(), Refusal>,
}

impl Shown {
    /// How long what is answered here may be kept.
    #[must_use]
    pub fn terms(&self) -> Terms {
        let notice = &self.notice.notice;
        let all = notice.purposes.iter().chain(notice.customers.iter().map(|told| &told.shown));
        let days = all.map(|shown| shown.purpose.terms.erasure_days);
        let proof_months = self.organisation.catalogue.proof_months;
        Terms { erasure_days: days.max().unwrap_or_default(), proof_months }
    }
}

impl Service {
    /// The clock. The only place where services read it.
    #[must_use]
    pub fn now() -> Timestamp {
        Timestamp::from_unix_seconds(i64::try_from(clock::unix_seconds()).unwrap_or(i64::MAX))
    }

    /// A form as it stands, in the visitor's language.
    ///
    /// # Errors
    ///
    /// [`Refusal::FormUnknown`].
    pub fn shown(&self, form: &FormRef, wish: &Wish<'_>) -> Result<Shown, Refusal> {
        let organisation =
            self.registry.now().named(&form.organisation).cloned().ok_or(Refusal::FormUnknown)?;
        let language = wish.language(&organisation.catalogue.languages);
        let notice = organisation.current(&form.form, language)?.clone();
        Ok(Shown { organisation, form: form.clone(), notice, ticket: None })
    }

    /// A fresh offer of what is shown.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`] when the system gives no random bytes.
    pub fn offer(&self, shown: &Shown) -> Result<String, Refusal> {
        let salt = random().map_err(|_| Refusal::StoreUnavailable)?;
        let notice = &shown.notice.notice;
        let offer = Offer {
            form: shown.form.clone(),
            form_version: notice.form_version,
            language: notice.language,
            notice: shown.notice.hash,
            widget: self.assets.build,
            issued: Self::now(),
            salt: salt[..8].try_into().expect("8 of 32 bytes"),
            ticket: shown.ticket.clone(),
        };
        Ok(offer.seal(&self.keys.offer))
    }

    /// Opens an offer and finds what it showed.
    ///
    /// # Errors
    ///
    /// The refusals about offers that hold for a retry too: forged, other form, and wording that is nowhere.
    pub fn accept(&self, token: &str, form: &FormRef) -> Result<Accepted, Refusal> {
        let offer = Offer::open(token, &self.keys.offer)?;
        let organisation =
            self.registry.now().named(&form.organisation).cloned().ok_or(Refusal::FormUnknown)?;
        let current: &Form = organisation.form(&form.form)?;
        let mut fresh = offer.check(form, Self::now());
        if fresh == Err(Refusal::OfferOtherForm) {
            return Err(Refusal::OfferOtherForm);
        }
        if fresh.is_ok() && current.version != offer.form_version {
            fresh = Err(Refusal::OfferSuperseded);
        }
        let notice = organisation.notice(&offer.notice).ok_or(Refusal::OfferSuperseded)?.clone();
        let shown = Shown { organisation, form: form.clone(), notice, ticket: offer.ticket.clone() };
        Ok(Accepted { offer, shown, fresh })
    }

    /// The page of a receipt.
    #[must_use]
    pub fn receipt_url(&self, organisation: u32, receipt: &ReceiptId) -> String {
        format!("{}/r/{}", self.base_url, links::receipt_token(organisation, receipt, &self.keys.link))
    }

    /// The page where a subject's consent can be taken back.
    #[must_use]
    pub fn manage_url(&self, organisation: u32, subject: &SubjectId) -> String {
        format!("{}/m/{}", self.base_url, links::manage_token(organisation, subject, &self.keys.link))
    }

    /// The page where a subject's consent can be taken back, and not given.
    #[must_use]
    pub fn stop_url(&self, organisation: u32, subject: &SubjectId, purpose: Option<&PurposeId>) -> String {
        let token = links::stop_token(organisation, subject, purpose, &self.keys.link);
        format!("{}/u/{token}", self.base_url)
    }

    /// The receipt behind a link.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] or [`Refusal::StoreUnavailable`].
    pub fn receipt(&self, token: &str) -> Result<(Arc<Organisation>, StoredReceipt), Refusal> {
        let (number, id) = links::read_receipt_token(token, &self.keys.link)?;
        let organisation = self.registry.now().numbered(number).cloned().ok_or(Refusal::LinkUnknown)?;
        let found = records::read_receipt(self.snapshot()?.as_ref(), number, &id).map_err(unavailable)?;
        Ok((organisation, found.ok_or(Refusal::LinkUnknown)?))
    }

    /// The signed text of a receipt.
    #[must_use]
    pub fn jws(&self, stored: &StoredReceipt) -> Option<String> {
        stored.jws(&self.keys)
    }

    /// The organisation that a key belongs to, if it is the one that is named, and what is known of the key.
    ///
    /// # Errors
    ///
    /// [`Refusal::KeyUnknown`] or [`Refusal::StoreUnavailable`].
    pub fn organisation_of(
        &self,
        key: &ApiKey,
        name: &OrganisationId,
    ) -> Result<(Arc<Organisation>, KeyRow), Refusal> {
        let row = key.known(self.snapshot()?.as_ref(), Self::now()).map_err(unavailable)?;
        let organisation = self.registry.now().named(name).cloned();
        let own = organisation.zip(row).filter(|(organisation, row)| organisation.number == row.organisation);
        own.ok_or(Refusal::KeyUnknown)
    }

    /// What handing out a list needs.
    #[must_use]
    pub fn lister(&self, organisation: Arc<Organisation>) -> Lister {
        Lister {
            engine: self.engine.clone(),
            sequencer: self.sequencer.clone(),
            keys: self.keys.clone(),
            organisation,
            base_url: self.base_url.as_str().into(),
            stop_mail: self.stop_mail.clone(),
        }
    }

    /// What taking over a list needs.
    #[must_use]
    pub fn importer(&self, organisation: Arc<Organisation>) -> Importer {
        let (engine, sequencer) = (self.engine.clone(), self.sequencer.clone());
        let (keys, base_url) = (self.keys.clone(), self.base_url.as_str().into());
        Importer { engine, sequencer, keys, organisation, base_url, endpoints: self.endpoints.clone() }
    }

    /// What erasing needs.
    #[must_use]
    pub fn eraser(&self) -> Eraser<'_> {
        Eraser {
            engine: self.engine.as_ref(),
            sequencer: &self.sequencer,
            keys: &self.keys,
            journal: &self.journal,
            endpoints: &self.endpoints,
        }
    }

    /// Answers from one state of the store.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`].
    pub fn answerer<T>(
        &self,
        organisation: &Organisation,
        answer: impl FnOnce(&Answerer<'_>) -> T,
    ) -> Result<T, Refusal> {
        let snapshot = self.snapshot()?;
        let (keys, base_url) = (&self.keys, self.base_url.as_str());
        Ok(answer(&Answerer { snapshot: snapshot.as_ref(), organisation, keys, base_url }))
    }

    /// Stores rows that stand for themselves. No rows are no commit.
    async fn write(&self, rows: Batch) -> Result<(), Refusal> {
        if rows.writes.is_empty() {
            return Ok(());
        }
        self.sequencer.store(Draft { rows, ..Draft::default() }).await.map(drop).map_err(refused)
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot>, Refusal> {
        self.engine.snapshot().map_err(unavailable)
    }
}

/// A nonce for a page that we make ourselves.
///
/// # Errors
///
/// [`Refusal::StoreUnavailable`] when the system gives no random bytes.
pub fn fresh_nonce() -> Result<Nonce, Refusal> {
    let bytes = random().map_err(|_| Refusal::StoreUnavailable)?;
    Ok(Nonce(bytes[..16].try_into().expect("16 of 32 bytes")))
}

/// The id of a receipt that follows from no offer.
///
/// # Errors
///
/// [`Refusal::StoreUnavailable`] when the system gives no random bytes.
pub(crate) fn fresh_receipt_id(now: Timestamp) -> Result<ReceiptId, Refusal> {
    let bits = random().map_err(|_| Refusal::StoreUnavailable)?;
    let milliseconds = now.unix_seconds().unsigned_abs() * 1_000;
    Ok(ReceiptId::from_time_and_bits(milliseconds, *bits.first_chunk().expect("10 of 32 bytes")))
}

/// What a visitor asked for by URL, and what their browser prefers.
pub struct Wish<'a> {
    /// `?lang=`.
    pub asked: Option<Language>,
    /// `Accept-Language`.
    pub accept: &'a str,
}

impl Wish<'_> {
    /// The best of the languages on offer.
    #[must_use]
    pub fn language(&self, offered: &[Language]) -> Language {
        let asked = self.asked.filter(|asked| offered.contains(asked));
        asked.unwrap_or_else(|| Language::negotiate(self.accept, offered))
    }
}

/// Logged once, here; what the store said never leaves.
fn unavailable(error: StoreError) -> Refusal {
    tracing::error!(%error, "the store cannot be read");
    Refusal::StoreUnavailable
}

fn refused(error: SequenceError) -> Refusal {
    match error {
        SequenceError::Overloaded | SequenceError::Closed | SequenceError::Conflict { .. } => {
            Refusal::Overloaded
        }
        SequenceError::Duplicate => Refusal::AlreadyAnswered,
        SequenceError::TooLarge => Refusal::BodyTooLarge,
        // The sequencer has logged why.
        SequenceError::InDoubt | SequenceError::Full | SequenceError::Corrupt => Refusal::StoreUnavailable,
    }
}
