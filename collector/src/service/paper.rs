//! Entering what a person signed on paper or said aloud.
//!
//! In scope: the checks, the receipt, and the code that goes on a slip. Out of scope: the printed form (`printed`), HTTP and commands.
//!
//! Invariant: nothing is back-dated: the receipt's moment is that of entering, and when it was signed stands beside it as staff's claim.
//! The same paper makes one receipt and one slip code, however often it is entered.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::api::{ContactText, Outcome};
use shared::choice::Choices;
use shared::contact::{Contact, EmailAddress, PersonName, PhoneNumber, PostalAddress};
use shared::ids::{FormId, FormRef, NoticeHash, PurposeId, ReceiptId, SubjectId};
use shared::offer::{Nonce, Offer};
use shared::receipt::{Act, CollectionMethod, Decided, Decision, Receipt, Ui};
use shared::refusal::Refusal;
use shared::registered::{Registered, StaffLabel};
use shared::slip::SlipCode;
use shared::time::Timestamp;
use shared::{Language, limits::PURPOSES_MAX};

use super::draft::Facts;
use super::submit::{FirstAnswer, outcome, subject_id, ticked};
use super::told::NO_WIDGET;
use super::{Service, Shown, refused, unavailable};
use crate::catalogue::Organisation;
use crate::keys::random;
use crate::records::Subject;
use crate::sequencer::{Draft, SequenceError};
use crate::slips;

/// Codes that are tried until one is free; two would do for any number of slips that there ever are.
const CODES_MAX: u8 = 4;

/// How it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Signed on paper.
    Paper,
    /// Said aloud.
    Voice,
}

/// What staff enters. It has no `Debug` that would show a person.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// How it was said.
    pub said: Said,
    /// The wording, by the hash that stands on the paper. Optional: today's of `form` in `language`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "sha256-…")]
    pub notice: Option<NoticeHash>,
    /// The form, where no `notice` says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub form: Option<FormId>,
    /// The language of the paper, where no `notice` says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "nl")]
    pub language: Option<Language>,
    /// The purposes whose boxes the person ticked, or to which they said yes.
    #[schema(value_type = Vec<String>, max_items = 12)]
    pub ticked: Vec<PurposeId>,
    /// What the person wrote of themselves; what no ticked purpose needs is not kept.
    #[serde(default)]
    pub contact: ContactText,
    /// When it was signed or said: the first moment of that day, where the hour is not known.
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Timestamp,
    /// SHA-256 of the scan, or of the recording. A paper must have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "sha256-…")]
    pub scan: Option<NoticeHash>,
    /// Who enters it: a name, a number or a counter. The person sees it on their receipt.
    #[schema(max_length = 80)]
    pub by: String,
    /// 16 random bytes, base64url: the same twice counts once. Optional: for a paper its scan and what is entered stand in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 22, max_length = 22)]
    pub nonce: Option<String>,
}

/// What was made of it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Entered {
    /// The receipt.
    #[schema(value_type = String, format = "uuid")]
    pub receipt: ReceiptId,
    /// What became of it.
    pub outcome: Outcome,
    /// Where the receipt can be seen.
    pub receipt_url: String,
    /// The code for the person's slip, in its groups. It is said here, and is nowhere stored.
    pub slip_code: String,
    /// The slip, to print for the person.
    pub slip_url: String,
}

/// What was read of it.
struct Read {
    shown: Shown,
    choices: Choices,
    contact: Contact,
    by: StaffLabel,
    receipt: ReceiptId,
}

impl Service {
    /// Enters a paper or a voice.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]; nothing is stored then.
    pub async fn enter_paper(
        &self,
        organisation: &Arc<Organisation>,
        paper: &Paper,
    ) -> Result<Entered, Refusal> {
        let now = Self::now();
        let read = self.read_paper(organisation, paper, now)?;
        for number in 0..CODES_MAX {
            let code = self.code_of(organisation.number, &read.receipt, number)?;
            let (draft, outcome) = self.paper_draft(&read, paper, &code, now)?;
            match self.sequencer.store(draft).await {
                Ok(_) => return Ok(self.entered(organisation, read.receipt, outcome, &code)),
                // Somebody else has that code.
                Err(SequenceError::Conflict { .. }) => {}
                Err(SequenceError::Duplicate) => return self.entered_before(organisation, &read, paper),
                Err(error) => return Err(refused(error)),
            }
        }
        Err(Refusal::Overloaded)
    }

    fn read_paper(
        &self,
        organisation: &Arc<Organisation>,
        paper: &Paper,
        now: Timestamp,
    ) -> Result<Read, Refusal> {
        let shown = printed_on(organisation, paper)?;
        if paper.ticked.len() > PURPOSES_MAX {
            return Err(Refusal::BodyInvalid);
        }
        if paper.said == Said::Paper && paper.scan.is_none() {
            return Err(Refusal::ScanMissing);
        }
        if paper.signed_at > now {
            return Err(Refusal::SignedWhen);
        }
        let choices = Choices::parse(&shown.notice.notice, &paper.ticked)?;
        let contact = paper.contact.read(&shown.notice.notice, &paper.ticked)?;
        let by = StaffLabel::parse(&paper.by)?;
        let receipt = self.paper_id(&shown, paper, &contact)?;
        Ok(Read { shown, choices, contact, by, receipt })
    }

    /// Follows from the nonce, or from the scan with what was entered of it; a voice without either is a new one each time.
    fn paper_id(&self, shown: &Shown, paper: &Paper, contact: &Contact) -> Result<ReceiptId, Refusal> {
        let notice = &shown.notice;
        let offer = Offer {
            form: shown.form.clone(),
            form_version: notice.notice.form_version,
            language: notice.notice.language,
            notice: notice.hash,
            widget: NO_WIDGET,
            issued: paper.signed_at,
            salt: [0; 8],
            ticket: None,
        };
        let mut hash = Sha256::new_with_prefix(b"vinkje/paper/1\0");
        match (&paper.nonce, &paper.scan) {
            (Some(nonce), _) => hash.update(Nonce::parse(nonce)?.0),
            (None, Some(scan)) => {
                hash.update(scan.as_bytes());
                let texts = [
                    contact.email.as_ref().map(EmailAddress::as_str),
                    contact.phone.as_ref().map(PhoneNumber::as_str),
                    contact.name.as_ref().map(PersonName::as_str),
                    contact.address.as_ref().map(PostalAddress::as_str),
                ];
                let ticked = paper.ticked.iter().map(|purpose| Some(purpose.as_str()));
                for text in texts.into_iter().chain(ticked) {
                    hash.update(text.unwrap_or_default());
                    hash.update([0]);
                }
            }
            (None, None) => hash.update(random().map_err(|_| Refusal::StoreUnavailable)?.as_slice()),
        }
        let bound: [u8; 32] = hash.finalize().into();
        let (bound, _) = bound.split_at(16);
        Ok(offer.receipt_id(&Nonce(bound.try_into().expect("16 of 32 bytes")), &self.keys.offer))
    }

    /// The code of a slip follows from the receipt, under a key that never leaves the collector, so that a retry gets it again.
    fn code_of(&self, organisation: u32, receipt: &ReceiptId, number: u8) -> Result<SlipCode, Refusal> {
        let mac = Hmac::<Sha256>::new_from_slice(self.keys.link.as_slice());
        let mut mac = mac.map_err(|_| Refusal::StoreUnavailable)?;
        mac.update(b"slip-code/1\0");
        mac.update(&organisation.to_be_bytes());
        mac.update(receipt.as_bytes());
        mac.update(&[number]);
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        Ok(SlipCode::from_random(bytes.first_chunk().expect("16 of 32 bytes")))
    }

    fn paper_draft(
        &self,
        read: &Read,
        paper: &Paper,
        code: &SlipCode,
        now: Timestamp,
    ) -> Result<(Draft, Outcome), Refusal> {
        let shown = &read.shown;
        let digest = slips::digest(code, shown.organisation.number, &self.keys.index);
        let answer = FirstAnswer {
            shown,
            choices: &read.choices,
            contact: &read.contact,
            // A consent counts from the day on which it was given, not from the day on which it was typed in.
            said_at: paper.signed_at,
            quick: false,
            slip: Some(digest),
        };
        let (receipt, outcome) = self.first_receipt(&answer, self.paper_facts(read, paper, now))?;
        let mut draft = Draft { receipt: Some(receipt), ..Draft::default() };
        slips::expect_free(&mut draft.rows, shown.organisation.number, &digest);
        Ok((draft, outcome))
    }

    fn paper_facts(&self, read: &Read, paper: &Paper, now: Timestamp) -> Facts {
        Facts {
            act: Act::Choices,
            at: now,
            decisions: Vec::new(),
            kiosk: None,
            language: read.shown.notice.notice.language,
            method: match paper.said {
                Said::Paper => CollectionMethod::Paper,
                Said::Voice => CollectionMethod::Voice,
            },
            offered_at: paper.signed_at,
            origin: None,
            receipt: read.receipt,
            registered: Some(Registered {
                by: read.by.as_str().into(),
                claimed_at: Some(paper.signed_at),
                scan: paper.scan,
            }),
            subject: subject_id(&read.receipt),
            ui: Ui::None,
            widget: NO_WIDGET,
        }
    }

    fn entered(
        &self,
        organisation: &Organisation,
        receipt: ReceiptId,
        outcome: Outcome,
        code: &SlipCode,
    ) -> Entered {
        Entered {
            receipt,
            outcome,
            receipt_url: self.receipt_url(organisation.number, &receipt),
            slip_code: code.grouped(),
            slip_url: format!("{}/{}/slip", self.slip_url(organisation), code.digits()),
        }
    }

    /// What was answered when the same was entered before.
    fn entered_before(
        &self,
        organisation: &Organisation,
        read: &Read,
        paper: &Paper,
    ) -> Result<Entered, Refusal> {
        let snapshot = self.snapshot()?;
        let id = SubjectId::from_bytes(*read.receipt.as_bytes());
        let found = Subject::read(snapshot.as_ref(), organisation.number, &id).map_err(unavailable)?;
        let subject = found.ok_or(Refusal::StoreUnavailable)?;
        let first = &subject.receipts.first().ok_or(Refusal::StoreUnavailable)?.receipt;
        let sealed =
            subject.row.contact.as_ref().map(|sealed| sealed.open(&id, &self.keys.master)).transpose();
        let contact = sealed.map_err(|_| Refusal::StoreUnavailable)?.unwrap_or_default();
        if !is_same(first, read, paper) || contact != read.contact {
            return Err(Refusal::AlreadyAnswered);
        }
        for number in 0..CODES_MAX {
            let code = self.code_of(organisation.number, &read.receipt, number)?;
            let digest = slips::digest(&code, organisation.number, &self.keys.index);
            if subject.row.slip == Some(digest) {
                return Ok(self.entered(organisation, read.receipt, outcome(&first.decisions), &code));
            }
        }
        Err(Refusal::AlreadyAnswered)
    }
}

/// Whether a receipt says what is entered now.
fn is_same(first: &Receipt, read: &Read, paper: &Paper) -> bool {
    let of = |registered: &Registered| (registered.claimed_at, registered.scan);
    let is_tick = |decision: &&Decision| matches!(decision.decided, Decided::Given | Decided::Requested);
    first.registered.as_ref().map(of) == Some((Some(paper.signed_at), paper.scan))
        && first.decisions.iter().filter(is_tick).map(|decision| &decision.purpose).eq(ticked(&read.choices))
        && first.notice == read.shown.notice.hash
}

/// The wording that was on the paper.
fn printed_on(organisation: &Arc<Organisation>, paper: &Paper) -> Result<Shown, Refusal> {
    let notice = match (&paper.notice, &paper.form) {
        (Some(hash), None) if paper.language.is_none() => {
            organisation.notice(hash).ok_or(Refusal::NotFound)?
        }
        (None, Some(form)) => {
            let language = paper.language.unwrap_or(organisation.catalogue.languages[0]);
            organisation.current(form, language)?
        }
        _ => return Err(Refusal::BodyInvalid),
    };
    let form = FormRef {
        organisation: organisation.catalogue.organisation.clone(),
        form: notice.notice.form.clone(),
    };
    Ok(Shown { organisation: organisation.clone(), form, notice: notice.clone(), ticket: None })
}
