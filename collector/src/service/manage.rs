//! A person's own page: what stands, taking it back, and giving again by a fresh tick.
//!
//! In scope: the acts behind a manage link. Out of scope: how the page looks (`views`, `widget`).
//!
//! Invariant: taking back needs the link and nothing else: no fresh offer, no reason, no address. Giving again needs a
//! fresh offer of today's wording.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use shared::Language;
use shared::choice::Choices;
use shared::ids::{FormRef, PurposeId, ReceiptId, SubjectId};
use shared::lifecycle::{Command, Consent, Consents, decide};
use shared::offer::{Nonce, Offer, WidgetBuild};
use shared::purpose::ContactField;
use shared::receipt::{Act, AtKiosk, CollectionMethod, Decided, Decision, Receipt, Ui};
use shared::refusal::Refusal;
use shared::registered::Registered;

use super::draft::Facts;
use super::submit::recorded;
use super::{Accepted, Service, Shown, fresh_nonce, refused, unavailable};
use crate::catalogue::Organisation;
use crate::links;
use crate::records::{Subject, read_receipt};
use crate::sequencer::{Draft, SequenceError};

/// How often a change is decided anew when somebody else changed the same subject meanwhile.
pub(super) const ATTEMPTS_MAX: usize = 4;

/// A subject behind a manage link.
pub struct Managed {
    /// Whose form it was.
    pub organisation: Arc<Organisation>,
    /// Who.
    pub id: SubjectId,
    /// What is stored.
    pub subject: Subject,
}

impl Managed {
    /// The form that this person answered.
    #[must_use]
    pub fn form(&self) -> Option<FormRef> {
        let receipt = &self.subject.receipts.first()?.receipt;
        Some(FormRef { organisation: receipt.organisation.clone(), form: receipt.form.clone() })
    }

    /// What was shown for one of this person's receipts.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] when the wording is nowhere.
    pub fn shown_on(&self, receipt: &Receipt) -> Result<Shown, Refusal> {
        let notice = self.organisation.notice(&receipt.notice).ok_or(Refusal::LinkUnknown)?;
        let form = self.form().ok_or(Refusal::LinkUnknown)?;
        Ok(Shown { organisation: self.organisation.clone(), form, notice: notice.clone(), ticket: None })
    }
}

/// What the person did on their page.
pub enum Deed {
    /// Took back one consent.
    Withdraw(PurposeId),
    /// Took back everything.
    WithdrawAll,
    /// Objected to all advertising.
    Object,
    /// Ticked boxes anew.
    Give(Vec<PurposeId>),
}

impl Deed {
    /// Its one spelling, whatever the order of boxes.
    fn spelled(&self) -> String {
        match self {
            Self::Withdraw(purpose) => format!("withdraw {purpose}"),
            Self::WithdrawAll => "withdraw_all".into(),
            Self::Object => "object".into(),
            Self::Give(ticked) => {
                let mut ticked: Vec<&str> = ticked.iter().map(PurposeId::as_str).collect();
                ticked.sort_unstable();
                format!("give {}", ticked.join(" "))
            }
        }
    }

    /// Whether its outcome is what stands now.
    fn stands(&self, consents: &Consents) -> bool {
        let given = |purpose: &PurposeId| consents.get(purpose).is_some_and(Consent::is_open);
        match self {
            Self::Withdraw(purpose) => !given(purpose),
            Self::WithdrawAll | Self::Object => !consents.any_open(),
            Self::Give(ticked) => ticked.iter().all(given),
        }
    }
}

/// A person at an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// Number of the organisation.
    pub organisation: u32,
    /// The person.
    pub subject: SubjectId,
}

/// A post to the manage page.
pub struct Request<'a> {
    /// Whose consent.
    pub whose: Whose,
    /// What was done.
    pub deed: Deed,
    /// The nonce of the page, so that a repeated post counts once.
    pub nonce: Option<Nonce>,
    /// The offer of the page.
    pub offer: &'a str,
    /// The language of the page.
    pub language: Language,
    /// How it was done.
    pub way: Way<'a>,
}

/// How an act reached us, as its receipt says.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    /// On the person's own page, or in a form.
    pub method: CollectionMethod,
    /// The website it came from.
    pub origin: Option<&'a str>,
    /// What sent it.
    pub ui: Ui,
    /// What a kiosk says of it.
    pub kiosk: Option<&'a AtKiosk>,
    /// What staff wrote down, where they did it for the person.
    pub registered: Option<&'a Registered>,
}

impl Way<'_> {
    /// A button on the person's own page.
    pub const OWN_PAGE: Self = Self::by(CollectionMethod::ManagePage, Ui::Html);

    /// An act by the person, from no website.
    #[must_use]
    pub const fn by(method: CollectionMethod, ui: Ui) -> Self {
        Self { method, origin: None, ui, kiosk: None, registered: None }
    }
}

impl Service {
    /// The subject behind a manage link.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] or [`Refusal::StoreUnavailable`].
    pub fn managed(&self, token: &str) -> Result<Managed, Refusal> {
        let whose = self.whose(token)?;
        self.managed_by(whose.organisation, &whose.subject)
    }

    /// Whose own page a manage link leads to. They may have been erased.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`].
    pub fn whose(&self, token: &str) -> Result<Whose, Refusal> {
        let (organisation, subject) = links::read_manage_token(token, Self::now(), &self.keys.link)?;
        Ok(Whose { organisation, subject })
    }

    /// A subject of an organisation.
    ///
    /// # Errors
    ///
    /// As [`Service::managed`].
    pub fn managed_by(&self, number: u32, id: &SubjectId) -> Result<Managed, Refusal> {
        let organisation = self.registry.now().numbered(number).cloned().ok_or(Refusal::LinkUnknown)?;
        let subject = Subject::read(self.snapshot()?.as_ref(), number, id).map_err(unavailable)?;
        Ok(Managed { organisation, id: *id, subject: subject.ok_or(Refusal::LinkUnknown)? })
    }

    /// Does what the person did, and stores a receipt of it.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]; nothing is stored then.
    pub async fn act(&self, act: &Request<'_>) -> Result<ReceiptId, Refusal> {
        let nonce = act.nonce.map_or_else(fresh_nonce, Ok)?;
        for _ in 0..ATTEMPTS_MAX {
            let managed = self.managed_by(act.whose.organisation, &act.whose.subject)?;
            if let (Deed::Object, Some(done)) = (&act.deed, self.objected_before(&managed)?) {
                return Ok(done);
            }
            let mut id = self.act_id(&managed, &nonce, act);
            if managed.subject.row.later.contains(id.as_bytes()) {
                if act.deed.stands(&managed.subject.consents()) {
                    return Ok(id);
                }
                // The same page once more (Back), after the opposite was done meanwhile: a new act.
                id = self.act_id(&managed, &fresh_nonce()?, act);
            }
            let draft = self.act_draft(&managed, act, id)?;
            match self.sequencer.store(draft).await {
                Ok(_) => return Ok(id),
                Err(SequenceError::Conflict { .. } | SequenceError::Duplicate) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        Err(Refusal::Overloaded)
    }

    /// Whether something in a receipt waits for the owner of the address.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] or [`Refusal::StoreUnavailable`].
    pub fn waits(&self, whose: &Whose, receipt: &ReceiptId) -> Result<bool, Refusal> {
        let found = read_receipt(self.snapshot()?.as_ref(), whose.organisation, receipt);
        let stored = found.map_err(unavailable)?.ok_or(Refusal::LinkUnknown)?;
        Ok(stored.receipt.decisions.iter().any(|decision| decision.decided == Decided::Requested))
    }

    /// The id of the receipt of an act: follows from the page's offer and nonce, the subject, and what is done, so a repeated
    /// post has it too, and another press on the same page has not.
    fn act_id(&self, managed: &Managed, nonce: &Nonce, act: &Request<'_>) -> ReceiptId {
        let offer = Offer::open(act.offer, &self.keys.offer).unwrap_or_else(|_| anonymous_offer(managed));
        let mut hash = Sha256::new_with_prefix(nonce.0).chain_update(managed.id.as_bytes());
        hash.update(act.deed.spelled());
        let bound: [u8; 32] = hash.finalize().into();
        let (bound, _) = bound.split_at(nonce.0.len());
        offer.receipt_id(&Nonce(bound.try_into().expect("16 of 32 bytes")), &self.keys.offer)
    }

    fn act_draft(&self, managed: &Managed, act: &Request<'_>, id: ReceiptId) -> Result<Draft, Refusal> {
        let (shown, facts) = match &act.deed {
            Deed::Withdraw(purpose) => {
                self.withdrawal(managed, act, id, &Command::Withdraw(purpose.clone()))?
            }
            Deed::WithdrawAll => self.withdrawal(managed, act, id, &Command::WithdrawAll)?,
            Deed::Object if !managed.may_object() => return Err(Refusal::NothingToWithdraw),
            Deed::Object => {
                let (shown, facts) = self.withdrawal(managed, act, id, &Command::Object)?;
                (shown, Facts { act: Act::Objection, ..facts })
            }
            Deed::Give(ticked) => self.given_again(managed, act, id, ticked)?,
        };
        self.one_more(&managed.subject, &shown, facts)
    }

    fn withdrawal(
        &self,
        managed: &Managed,
        act: &Request<'_>,
        receipt: ReceiptId,
        command: &Command,
    ) -> Result<(Shown, Facts), Refusal> {
        let events = decide(&managed.subject.consents(), command, &|_| 0)?;
        let shown = last_shown(managed)?;
        let offered_at =
            Offer::open(act.offer, &self.keys.offer).map_or_else(|_| Self::now(), |offer| offer.issued);
        let facts = Facts {
            act: Act::Withdrawal,
            decisions: events.iter().map(Decision::from).collect(),
            offered_at,
            ..self.facts(managed, act, receipt)
        };
        Ok((shown, facts))
    }

    fn given_again(
        &self,
        managed: &Managed,
        act: &Request<'_>,
        receipt: ReceiptId,
        ticked: &[PurposeId],
    ) -> Result<(Shown, Facts), Refusal> {
        if ticked.is_empty() {
            return Err(Refusal::NothingTicked);
        }
        let form = managed.form().ok_or(Refusal::LinkUnknown)?;
        let Accepted { offer, shown, fresh } = self.accept(act.offer, &form)?;
        fresh?;
        let choices = Choices::parse(&shown.notice.notice, ticked)?.only_given();
        if let Some(refusal) = ticked.iter().find_map(|purpose| self.cannot_give(managed, &shown, purpose)) {
            return Err(refusal);
        }
        let waits = self.must_confirm(&shown, managed.subject.row.email_digest())?;
        let now = Self::now();
        let decisions = recorded(&managed.subject.consents(), &choices, waits, now, now)?;
        let facts = Facts {
            act: Act::Choices,
            decisions,
            // That of the words that were shown, whatever the page around them was in.
            language: shown.notice.notice.language,
            offered_at: offer.issued,
            widget: offer.widget,
            ..self.facts(managed, act, receipt)
        };
        Ok((shown, facts))
    }

    /// What stands in the way of giving a purpose here: the form is gone, or the first contact field that is needed and
    /// not there. A name is never demanded.
    #[must_use]
    pub fn cannot_give(&self, managed: &Managed, shown: &Shown, purpose: &PurposeId) -> Option<Refusal> {
        if let Err(refusal) = managed.organisation.form(&shown.form.form) {
            return Some(refusal);
        }
        let Some(purpose) = shown.notice.notice.purpose(purpose) else {
            return Some(Refusal::PurposeNotOffered);
        };
        let sealed = managed.subject.row.contact.as_ref();
        let contact = sealed.and_then(|sealed| sealed.open(&managed.id, &self.keys.master).ok());
        let missing = |field: &&ContactField| match &contact {
            Some(contact) => **field != ContactField::Name && !contact.has(**field),
            None => true,
        };
        purpose.purpose.terms.needs.iter().find(missing).map(|field| Refusal::ContactMissing(*field))
    }

    fn facts(&self, managed: &Managed, act: &Request<'_>, receipt: ReceiptId) -> Facts {
        let at = Self::now();
        Facts {
            act: Act::Withdrawal,
            at,
            decisions: Vec::new(),
            kiosk: act.way.kiosk.cloned(),
            language: act.language,
            method: act.way.method,
            offered_at: at,
            origin: act.way.origin.map(Into::into),
            receipt,
            registered: act.way.registered.cloned(),
            subject: managed.id,
            ui: act.way.ui,
            widget: self.assets.build,
        }
    }
}

/// What the person saw last: the wording that a withdrawal is about.
///
/// # Errors
///
/// [`Refusal::LinkUnknown`] for a subject without a receipt.
pub fn last_shown(managed: &Managed) -> Result<Shown, Refusal> {
    managed.shown_on(&managed.subject.receipts.last().ok_or(Refusal::LinkUnknown)?.receipt)
}

/// Stands in where a page was posted without its offer: only its time and bytes matter, for the receipt id.
fn anonymous_offer(managed: &Managed) -> Offer {
    let first = managed.subject.receipts.first().map(|stored| &stored.receipt);
    Offer {
        form: managed.form().unwrap_or_else(|| FormRef::parse("x/x").expect("a plain name")),
        form_version: first.map_or(shared::ids::FormVersion::FIRST, |receipt| receipt.form_version),
        language: Language::Nl,
        notice: shared::ids::NoticeHash::from_bytes([0; 32]),
        widget: WidgetBuild([0; 8]),
        issued: first.map_or_else(Service::now, |receipt| receipt.at),
        salt: [0; 8],
        ticket: None,
    }
}
