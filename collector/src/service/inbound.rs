//! What follows from mail that comes back: somebody stops by mail, or a message did not arrive.
//!
//! In scope: acting on one message, and telling what did not arrive. Out of scope: reading the message (`mail::inbound`).
//!
//! Invariant: a message can do no more than the links that were in the mail before it. A report that something did not arrive is
//! noted and changes no consent: an address that does not work today may work tomorrow, and its owner has said nothing.

use serde::Serialize;
use shared::ids::ReceiptId;
use shared::receipt::Decided;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use utoipa::ToSchema;

use super::as_of::Answerer;
use super::{Service, unavailable};
use crate::catalogue::Organisation;
use crate::links;
use crate::mail::inbound::{Inbound, read};
use crate::records::{self, Subject};
use crate::store::jobs::JobKind;
use crate::store::{Batch, StoreError};
use crate::undelivered::{self, Undelivered, What};

/// What was done with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// What its stop link is about is taken back, or was before.
    Stopped,
    /// That something did not arrive is noted.
    Noted,
    /// Nothing: it is about nothing of this organisation.
    Nothing,
}

/// Something that did not arrive, for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UndeliveredView {
    /// When that was last known.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// A letter of ours (`confirm`, `receipt`, `stopped`, `own_link`), or a `message` of a program of yours.
    pub what: &'static str,
    /// Why, by RFC 3463: `5.1.1` is an address that does not exist. Absent where no server said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "5.1.1")]
    pub status: Option<String>,
    /// On which receipt the person was addressed. Absent when they are erased, and for `own_link`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub receipt: Option<ReceiptId>,
}

impl Service {
    /// Acts on a message that came in for an organisation.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`], or as [`Service::stop`].
    pub async fn take_mail(&self, organisation: &Organisation, message: &[u8]) -> Result<Did, Refusal> {
        match read(message) {
            Inbound::Written(words) => self.stop_by_mail(organisation.number, &words).await,
            Inbound::Failed { status, letter, stop } => {
                let about = match letter.and_then(|token| self.letter_of(organisation.number, &token)) {
                    Some(letter) => Some(letter),
                    None => stop.and_then(|token| self.message_of(organisation.number, &token)),
                };
                let Some((what, id)) = about else { return Ok(Did::Nothing) };
                let number = records::number_of(self.snapshot()?.as_ref(), organisation.number, &id);
                let Some(number) = number.map_err(unavailable)? else { return Ok(Did::Nothing) };
                let about = number.to_be_bytes().to_vec();
                let mut rows = Batch::default();
                Undelivered { what, about, at: Self::now(), status: Some(status) }
                    .note(organisation.number, &mut rows);
                self.write(rows).await?;
                Ok(Did::Noted)
            }
            Inbound::Other => Ok(Did::Nothing),
        }
    }

    async fn stop_by_mail(&self, organisation: u32, words: &[String]) -> Result<Did, Refusal> {
        let stops = words.iter().filter_map(|word| self.to_stop(word).ok());
        let Some(stop) = stops.filter(|stop| stop.organisation == organisation).last() else {
            return Ok(Did::Nothing);
        };
        match self.stop(&stop, stop.purpose.as_ref(), None).await {
            Ok(()) => Ok(Did::Stopped),
            // They were erased: nothing is left to stop.
            Err(Refusal::LinkUnknown) => Ok(Did::Nothing),
            Err(refusal) => Err(refusal),
        }
    }

    fn letter_of(&self, organisation: u32, token: &str) -> Option<(What, [u8; 16])> {
        let (of, receipt, kind) = links::read_letter_token(token, &self.keys.link).ok()?;
        (of == organisation).then_some(())?;
        Some((What::Letter(JobKind::read(kind)?), *receipt.as_bytes()))
    }

    fn message_of(&self, organisation: u32, token: &str) -> Option<(What, [u8; 16])> {
        let stop = self.to_stop(token).ok()?;
        // A subject has the id of their first receipt.
        (stop.organisation == organisation).then_some((What::Message, *stop.subject.as_bytes()))
    }

    /// Removes what did not arrive so long ago that it says nothing any more.
    ///
    /// # Errors
    ///
    /// What the store or the sequencer refuses; what was not removed is at the next look.
    pub async fn end_old_undelivered(&self, now: Timestamp) -> Result<(), Refusal> {
        const ROWS_MAX: usize = 256;
        loop {
            let rows = undelivered::over(self.snapshot()?.as_ref(), now, ROWS_MAX).map_err(unavailable)?;
            let last = rows.writes.len() < ROWS_MAX;
            self.write(rows).await?;
            if last {
                return Ok(());
            }
        }
    }
}

impl Answerer<'_> {
    /// What did not arrive since a moment, the newest first.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`].
    pub fn undelivered(&self, since: Timestamp) -> Result<Vec<UndeliveredView>, Refusal> {
        let all = undelivered::since(self.snapshot, self.organisation.number, since).map_err(unavailable)?;
        all.iter().map(|one| self.undelivered_view(one).map_err(unavailable)).collect()
    }

    fn undelivered_view(&self, one: &Undelivered) -> Result<UndeliveredView, StoreError> {
        let number = self.organisation.number;
        let receipt = match (one.what, one.sequence()) {
            (_, None) => None,
            (What::Letter(_), Some(sequence)) => {
                records::find_numbered(self.snapshot, number, sequence)?.map(|stored| stored.receipt.receipt)
            }
            (What::Message, Some(first)) => {
                let subject = Subject::numbered(self.snapshot, number, first)?;
                subject.as_ref().and_then(addressed_on)
            }
        };
        let status = one.status.map(|status| status.to_string());
        Ok(UndeliveredView { at: one.at, what: one.what.name(), status, receipt })
    }
}

/// The last receipt on which somebody could be addressed.
fn addressed_on(subject: &Subject) -> Option<ReceiptId> {
    let given =
        subject.receipts.iter().rev().find(|stored| {
            stored.receipt.decisions.iter().any(|decision| decision.decided == Decided::Given)
        });
    given.or(subject.receipts.first()).map(|stored| stored.receipt.receipt)
}
