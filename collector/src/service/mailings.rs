//! What a mailing rested on, asked later: which mailings there were, and whether somebody was addressed on which receipt.
//!
//! In scope: reading manifests, and removing those whose term is over. Out of scope: making them (`service::lists`).
//!
//! Invariant: an answer names the receipt that counted when the list was handed out. Of a person who is erased since, a manifest
//! still has the number and nobody can say whose it was.

use std::collections::HashMap;
use std::ops::ControlFlow;

use serde::Serialize;
use shared::ids::{MailingId, ReceiptId};
use shared::purpose::Basis;
use shared::receipt::{Decided, Receipt};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use utoipa::ToSchema;

use super::as_of::Answerer;
use super::people::Who;
use super::{Service, refused, unavailable};
use crate::links;
use crate::mailings::{self, Mailing};
use crate::records::Subject;
use crate::sequencer::Draft;
use crate::store::{Snapshot, Space, StoreError};

/// Mailings that are named at once, the newest first.
pub const NAMED_MAX: usize = 100;

/// Pages removed in one commit.
const PAGES_AT_ONCE: usize = 256;

/// A mailing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MailingView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub mailing: MailingId,
    /// For which purpose.
    pub purpose: String,
    /// In which version.
    pub version: u32,
    /// By which key.
    pub by: String,
    /// When its list began to be handed out.
    #[schema(value_type = String, format = DateTime)]
    pub began: Timestamp,
    /// When that ended; missing when it broke off or still goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// To how many people it was handed out, once it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
}

impl MailingView {
    fn of(id: MailingId, mailing: &Mailing) -> Self {
        Self {
            mailing: id,
            purpose: mailing.purpose.to_string(),
            version: mailing.version.get(),
            by: mailing.who.clone(),
            began: Timestamp::from_unix_seconds(mailing.began),
            ended: mailing.ended.map(Timestamp::from_unix_seconds),
            people: mailing.ended.map(|_| mailing.people),
        }
    }
}

/// Whether one of several people was addressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WasAddressed {
    /// Which of them, from 1.
    pub line: usize,
    /// Whether they were on the list that was handed out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addressed: Option<bool>,
    /// On what it rested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The receipt that counted then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub receipt: Option<ReceiptId>,
    /// Where that receipt is, and beside it its signed file and its place in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<String>,
    /// Why there is no answer: a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
}

impl WasAddressed {
    const fn no(line: usize) -> Self {
        Self { line, addressed: Some(false), basis: None, receipt: None, receipt_url: None, error: None }
    }

    fn error(line: usize, refusal: Refusal) -> Self {
        Self { addressed: None, error: Some(refusal.code()), ..Self::no(line) }
    }
}

impl Answerer<'_> {
    /// A mailing by its id.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] or [`Refusal::StoreUnavailable`].
    pub fn mailing(&self, id: &MailingId) -> Result<MailingView, Refusal> {
        let found = mailings::read(self.snapshot, self.organisation.number, id).map_err(unavailable)?;
        found.map(|(mailing, _)| MailingView::of(*id, &mailing)).ok_or(Refusal::NotFound)
    }

    /// The newest mailings, the last one first.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`].
    pub fn mailings(&self) -> Result<Vec<MailingView>, Refusal> {
        let mut all = std::collections::VecDeque::new();
        let show = |id, mailing: Mailing| {
            all.push_front(MailingView::of(id, &mailing));
            all.truncate(NAMED_MAX);
            ControlFlow::Continue(())
        };
        mailings::all(self.snapshot, self.organisation.number, show).map_err(unavailable)?;
        Ok(all.into())
    }

    /// Whether these people were addressed, in their order.
    ///
    /// # Errors
    ///
    /// As [`Answerer::mailing`].
    pub fn was_addressed<'a>(
        &self,
        id: &MailingId,
        people: impl Iterator<Item = (usize, &'a str)>,
    ) -> Result<Vec<WasAddressed>, Refusal> {
        let purpose = self.mailing(id)?.purpose;
        let mut answers = Vec::new();
        // Of each receipt of these people: whose it is.
        let mut whose: HashMap<u64, Vec<(usize, ReceiptId, Basis)>> = HashMap::new();
        for (line, text) in people {
            let found =
                Who::parse(text).and_then(|who| who.subjects(self.snapshot, self.organisation, self.keys));
            match found {
                Ok(subjects) => {
                    for stored in subjects.iter().flat_map(|subject: &Subject| &subject.receipts) {
                        let basis = basis(&stored.receipt, &purpose);
                        let mine = (answers.len(), stored.receipt.receipt, basis);
                        whose.entry(stored.sequence).or_default().push(mine);
                    }
                    answers.push(WasAddressed::no(line));
                }
                Err(Refusal::StoreUnavailable) => return Err(Refusal::StoreUnavailable),
                Err(refusal) => answers.push(WasAddressed::error(line, refusal)),
            }
        }
        let hit = |number: u64| {
            for (place, receipt, basis) in whose.get(&number).into_iter().flatten() {
                let token = links::receipt_token(self.organisation.number, receipt, &self.keys.link);
                let answer = &mut answers[*place];
                answer.addressed = Some(true);
                answer.basis = Some(*basis);
                answer.receipt = Some(*receipt);
                answer.receipt_url = Some(format!("{}/r/{token}", self.base_url));
            }
        };
        each_number(self.snapshot, self.organisation.number, id, hit).map_err(unavailable)?;
        Ok(answers)
    }
}

/// On what a receipt lets its person be addressed for a purpose.
fn basis(receipt: &Receipt, purpose: &str) -> Basis {
    let of = receipt.decisions.iter().find(|decision| decision.purpose.as_str() == purpose);
    match of.map(|decision| decision.decided) {
        Some(Decided::NotObjected) => Basis::SoftOptIn,
        _ => Basis::Consent,
    }
}

/// Shows every number of a mailing.
///
/// # Errors
///
/// What the store says.
pub fn each_number(
    snapshot: &dyn Snapshot,
    organisation: u32,
    id: &MailingId,
    mut show: impl FnMut(u64),
) -> Result<(), StoreError> {
    let mut broken = None;
    snapshot.scan(
        Space::Mailing,
        &mailings::pages(organisation, id),
        &mut |_, row| match mailings::numbers(row) {
            Ok(numbers) => {
                numbers.into_iter().for_each(&mut show);
                ControlFlow::Continue(())
            }
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        },
    )?;
    broken.map_or(Ok(()), Err)
}

impl Service {
    /// Removes the manifests whose term is over: they are kept as long as proof is.
    ///
    /// # Errors
    ///
    /// What the store or the sequencer refuses; what was not removed is still due.
    pub async fn end_old_mailings(&self, now: Timestamp) -> Result<u64, Refusal> {
        let mut ended = 0;
        for organisation in self.registry.now().all() {
            let months = organisation.catalogue.proof_months;
            while let Some(id) = self.oldest_mailing(organisation.number, months, now)? {
                self.remove_mailing(organisation.number, &id).await?;
                ended += 1;
            }
        }
        Ok(ended)
    }

    fn oldest_mailing(
        &self,
        organisation: u32,
        months: u16,
        now: Timestamp,
    ) -> Result<Option<MailingId>, Refusal> {
        let mut oldest = None;
        let snapshot = self.snapshot()?;
        mailings::all(snapshot.as_ref(), organisation, |id, mailing| {
            let over = Timestamp::from_unix_seconds(mailing.began).plus_months(months) <= now;
            oldest = over.then_some(id);
            // Ids sort by time, so the first one is the oldest.
            ControlFlow::Break(())
        })
        .map_err(unavailable)?;
        Ok(oldest)
    }

    /// Its pages first: a mailing that is still named is still there.
    async fn remove_mailing(&self, organisation: u32, id: &MailingId) -> Result<(), Refusal> {
        let range = mailings::pages(organisation, id);
        loop {
            let snapshot = self.snapshot()?;
            let rows = snapshot.page(Space::Mailing, &range, PAGES_AT_ONCE).map_err(unavailable)?;
            drop(snapshot);
            let mut draft = Draft::default();
            if rows.is_empty() {
                draft.rows.delete(Space::Mailing, mailings::mailing_key(organisation, id));
            }
            for (key, _) in &rows {
                draft.rows.delete(Space::Mailing, key.clone());
            }
            self.sequencer.store(draft).await.map_err(refused)?;
            if rows.is_empty() {
                return Ok(());
            }
        }
    }
}
