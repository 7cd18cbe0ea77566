//! What an entry of a kiosk does: an answer becomes a receipt, a slip is taken back.
//!
//! In scope: the same checks as for a form on the web, both clocks, and what is taken back before it arrived. Out of scope: numbers and
//! order (`super`).
//!
//! Invariant: nothing is dated back. When the collector took it counts, and what the kiosk's clock said stands beside it. A slip that was
//! taken back is never left standing by an answer that arrives later.

use std::ops::ControlFlow;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shared::choice::Choices;
use shared::ids::{FormId, FormRef, ReceiptId, SubjectId};
use shared::kiosk::{Answer, Deed, Entry, Envelope, KioskRefusal};
use shared::language::Language;
use shared::receipt::{Act, AtKiosk, CollectionMethod, Ui};
use shared::refusal::Refusal;
use shared::slip::SlipCode;
use shared::time::Timestamp;

use super::{Refused, Sender};
use crate::kiosks::{self, Fate};
use crate::sequencer::NewReceipt;
use crate::service::draft::Facts;
use crate::service::manage::{self, Request, Way, Whose};
use crate::service::submit::{FirstAnswer, subject_id};
use crate::service::{Service, Shown, unavailable};
use crate::store::{Batch, Space, keys};
use crate::{records, slips};

/// For how long it is remembered that a slip was taken back whose answer never came, and what was refused: three months, and kiosks stop
/// after a week.
const KEPT_SECONDS: i64 = 90 * 24 * 60 * 60;

/// What became of an entry, with the receipt that is still to be stored; or the code of why it is refused.
type Taken = Result<(Option<NewReceipt>, Fate), &'static str>;

/// What was taken back before it arrived.
#[derive(Serialize, Deserialize)]
struct AwaitedRow {
    /// What the kiosk says of it.
    at: AtKiosk,
    /// In which language.
    language: Language,
    /// When the collector heard of it, in Unix seconds.
    noted: i64,
}

impl Service {
    pub(super) async fn take_entry(
        &self,
        sender: &Sender,
        form: &FormId,
        number: u64,
        entry: &Entry,
    ) -> Result<Taken, Refused> {
        let at_kiosk = AtKiosk {
            at: entry.at,
            behind_seconds: sender.behind(),
            kiosk: sender.id,
            number: Some(number),
            staff: entry.staff.clone(),
        };
        match &entry.deed {
            Deed::Answer(answer) => Ok(match self.counter_answer(sender, form, number, answer, at_kiosk) {
                Ok(receipt) => Ok((Some(receipt), Fate::Receipt)),
                Err(Refused::Other(Refusal::StoreUnavailable)) => {
                    return Err(Refusal::StoreUnavailable.into());
                }
                Err(Refused::Other(refusal)) => Err(refusal.code()),
                Err(Refused::Kiosk(refusal)) => Err(refusal.code()),
            }),
            Deed::Withdraw { slip, language } => {
                self.take_back_slip(sender, slip, *language, &at_kiosk).await?;
                Ok(Ok((None, Fate::Withdrawal)))
            }
            Deed::Lost => Ok(Ok((None, Fate::Lost))),
        }
    }

    fn counter_answer(
        &self,
        sender: &Sender,
        form: &FormId,
        number: u64,
        answer: &Answer,
        at_kiosk: AtKiosk,
    ) -> Result<NewReceipt, Refused> {
        let organisation = sender.organisation.clone();
        let notice = organisation.notice(&answer.notice).ok_or(Refusal::OfferSuperseded)?.clone();
        if notice.notice.form != *form {
            return Err(Refusal::OfferOtherForm.into());
        }
        let form =
            FormRef { organisation: notice.notice.organisation.clone(), form: notice.notice.form.clone() };
        let language = notice.notice.language;
        let shown = Shown { organisation, form, notice, ticket: None };
        let choices = Choices::parse(&shown.notice.notice, &answer.ticked)?;
        let contact = answer.contact.read(&shown.notice.notice, &answer.ticked)?;
        let receipt = self.kiosk_receipt_id(sender, number, &answer.slip);
        let subject = subject_id(&receipt);
        let facts = Facts {
            act: Act::Choices,
            at: sender.at,
            decisions: Vec::new(),
            kiosk: Some(at_kiosk),
            registered: None,
            language,
            method: CollectionMethod::Kiosk,
            offered_at: answer.offered_at,
            origin: None,
            receipt,
            subject,
            ui: Ui::Wasm,
            widget: self.assets.build,
        };
        let digest = slips::digest(&answer.slip, shown.organisation.number, &self.keys.index);
        if self.slip_subject(shown.organisation.number, &digest)?.is_some() {
            return Err(KioskRefusal::SlipUsed.into());
        }
        let first = FirstAnswer {
            shown: &shown,
            choices: &choices,
            contact: &contact,
            said_at: sender.at,
            quick: false,
            slip: Some(digest),
        };
        Ok(self.first_receipt(&first, facts)?.0)
    }

    /// Follows from the kiosk, the number and the slip.
    fn kiosk_receipt_id(&self, sender: &Sender, number: u64, slip: &SlipCode) -> ReceiptId {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.keys.index.as_slice()).expect("any length");
        mac.update(b"vinkje/kiosk-receipt/1\0");
        mac.update(sender.id.as_bytes());
        mac.update(&number.to_be_bytes());
        mac.update(slip.digits().as_bytes());
        let bits: [u8; 32] = mac.finalize().into_bytes().into();
        let milliseconds = sender.at.unix_seconds().unsigned_abs() * 1_000;
        ReceiptId::from_time_and_bits(milliseconds, *bits.first_chunk().expect("10 of 32 bytes"))
    }

    /// Takes back everything on a slip; what is not there yet is noted, and taken back when it arrives.
    async fn take_back_slip(
        &self,
        sender: &Sender,
        slip: &SlipCode,
        language: Language,
        at_kiosk: &AtKiosk,
    ) -> Result<(), Refused> {
        let number = sender.organisation.number;
        let digest = slips::digest(slip, number, &self.keys.index);
        let mut rows = Batch::default();
        let awaited = AwaitedRow { at: at_kiosk.clone(), language, noted: sender.at.unix_seconds() };
        rows.put(Space::SlipWithdrawn, slips::key(number, &digest), records::encode(&awaited));
        self.write(rows).await?;
        let Some(subject) = self.slip_subject(number, &digest)? else { return Ok(()) };
        Ok(self.withdraw_slip(Whose { organisation: number, subject }, &digest, &awaited).await?)
    }

    fn slip_subject(&self, organisation: u32, digest: &[u8; 16]) -> Result<Option<SubjectId>, Refusal> {
        let snapshot = self.snapshot()?;
        let Some(first) = slips::find(snapshot.as_ref(), organisation, digest).map_err(unavailable)? else {
            return Ok(None);
        };
        let found = records::find_numbered(snapshot.as_ref(), organisation, first).map_err(unavailable)?;
        Ok(found.map(|stored| stored.receipt.subject))
    }

    async fn withdraw_slip(
        &self,
        whose: Whose,
        digest: &[u8; 16],
        AwaitedRow { at, language, .. }: &AwaitedRow,
    ) -> Result<(), Refusal> {
        let request = Request {
            whose,
            deed: manage::Deed::WithdrawAll,
            nonce: None,
            offer: "",
            language: *language,
            way: Way { kiosk: Some(at), ..Way::by(CollectionMethod::Kiosk, Ui::Wasm) },
        };
        match self.act(&request).await {
            // Taken back before, or never agreed to.
            Ok(_) | Err(Refusal::NothingToWithdraw | Refusal::LinkUnknown) => {}
            Err(refusal) => return Err(refusal),
        }
        let mut rows = Batch::default();
        rows.delete(Space::SlipWithdrawn, slips::key(whose.organisation, digest));
        self.write(rows).await
    }

    /// Does what an entry takes back, whatever became of its kiosk.
    pub(super) async fn hear_withdrawal(&self, sender: &Sender, envelope: &Envelope) -> Result<(), Refused> {
        let opened = self.keys.kiosk.open(&sender.id, envelope.number, &envelope.sealed);
        match opened {
            Ok(Entry { at, deed: Deed::Withdraw { slip, language }, staff }) => {
                let (number, behind_seconds) = (Some(envelope.number), sender.behind());
                let at_kiosk = AtKiosk { at, behind_seconds, kiosk: sender.id, number, staff };
                self.take_back_slip(sender, &slip, language, &at_kiosk).await
            }
            _ => Ok(()),
        }
    }

    /// Takes back what was taken back before it arrived, and forgets slips that never came.
    ///
    /// # Errors
    ///
    /// What the store or the sequencer says.
    pub async fn settle_slips(&self, organisation: u32) -> Result<(), Refusal> {
        let mut rows = Vec::new();
        let snapshot = self.snapshot()?;
        let visit = &mut |key: &[u8], row: &[u8]| {
            rows.push((key.last_chunk::<16>().copied().unwrap_or_default(), row.to_vec()));
            ControlFlow::Continue(())
        };
        snapshot
            .scan(Space::SlipWithdrawn, &keys::of_organisation(organisation), visit)
            .map_err(unavailable)?;
        drop(snapshot);
        let long_ago = Self::now().unix_seconds() - KEPT_SECONDS;
        for (digest, row) in rows {
            let awaited: AwaitedRow = records::decode(&row).map_err(unavailable)?;
            if let Some(subject) = self.slip_subject(organisation, &digest)? {
                self.withdraw_slip(Whose { organisation, subject }, &digest, &awaited).await?;
            } else if awaited.noted < long_ago {
                let mut rows = Batch::default();
                rows.delete(Space::SlipWithdrawn, slips::key(organisation, &digest));
                self.write(rows).await?;
            }
        }
        Ok(())
    }

    /// Forgets what kiosks were refused long ago, and links to phones that nobody can use any more.
    ///
    /// # Errors
    ///
    /// What the store or the sequencer says.
    pub async fn forget_what_kiosks_left(&self, organisation: u32, now: Timestamp) -> Result<(), Refusal> {
        let before = now.plus_seconds(-KEPT_SECONDS);
        let old = kiosks::refused_before(self.snapshot()?.as_ref(), organisation, before);
        let mut rows = Batch::default();
        for key in old.map_err(unavailable)? {
            rows.delete(Space::KioskRefused, key);
        }
        let over = kiosks::tickets_over(self.snapshot()?.as_ref(), organisation, now);
        for key in over.map_err(unavailable)? {
            rows.delete(Space::KioskTicket, key);
        }
        self.write(rows).await
    }
}

/// Asks that no other slip has the code of a new receipt's.
pub(super) fn expect_free_slip(rows: &mut Batch, receipt: &NewReceipt) {
    for row in receipt.numbered.iter().filter(|row| row.space == Space::Slip) {
        rows.expect_absent(Space::Slip, row.prefix.clone());
    }
}
