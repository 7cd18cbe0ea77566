//! Customers who may be sent messages without consent: each sale is judged, and becomes a receipt of its own or is reported.
//!
//! In scope: the order of things, the receipt, storing. Out of scope: what a sale allows (`shared::sale`), reading requests (`http`).
//!
//! Invariant: nothing here makes consent. A sale is stored only on the condition that its address is still what was judged, and the same
//! sale makes no second receipt however often it is told.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::Language;
use shared::contact::EmailAddress;
use shared::ids::{FormRef, ProductGroup, PurposeId, PurposeVersion, ReceiptId, SubjectId};
use shared::import::{Known, read_date};
use shared::lifecycle::{Command, Consents, decide};
use shared::receipt::{Act, CollectionMethod, Decision, Receipt, Ui};
use shared::refusal::Refusal;
use shared::sale::{Objection, SaleFate, Sold};
use shared::time::Timestamp;
use tokio::task::JoinSet;

use super::draft::{Facts, record};
use super::import::Importer;
use super::import::rows::names_nobody;
use super::may_address::Sought;
use super::told::NO_WIDGET;
use super::{Service, Shown, refused, unavailable};
use crate::links;
use crate::seal::email_digest;
use crate::sequencer::{Draft, SequenceError};
use crate::store::Batch;

/// How often a sale is judged anew because its person did something meanwhile.
const ATTEMPTS_MAX: usize = 4;

/// A sale as a shop tells it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    /// The customer's address.
    pub email: String,
    /// The number of the sale.
    pub sale: String,
    /// What was sold.
    pub product_group: ProductGroup,
    /// What the customer is sent.
    pub purpose: PurposeId,
    /// In which language they bought; otherwise the organisation's first.
    pub language: Option<Language>,
    /// On which day, or at which moment.
    pub sold_at: String,
    /// Whether they could object at the sale, and did.
    pub objection: Objection,
}

/// What became of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its fate.
    pub fate: SaleFate,
    /// The receipt, where it made one.
    pub receipt: Option<ReceiptId>,
    /// Where the customer stops it and sees everything, where it made a receipt.
    pub links: Option<Links>,
}

/// What belongs in every message to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// Their own page.
    pub manage_url: String,
    /// Where this purpose is stopped by one press.
    pub unsubscribe_url: String,
}

impl From<SaleFate> for Told {
    fn from(fate: SaleFate) -> Self {
        Self { fate, receipt: None, links: None }
    }
}

/// A sale that can be read.
#[derive(Clone)]
struct Readable {
    email: EmailAddress,
    digest: [u8; 16],
    sold: Sold,
    purpose: PurposeId,
    version: PurposeVersion,
    /// The purpose's number, and for how many months a sale counts.
    numbers: (u16, u16),
    objection: Objection,
    shown: std::sync::Arc<Shown>,
}

impl Importer {
    /// Writes down what was sold, in the order in which it is told. A dry run says what each would become by itself, and writes nothing.
    ///
    /// # Errors
    ///
    /// What the store or the sequencer refuses. What was stored by then stays; the same sales told once more make no second receipt.
    pub async fn tell(self, sales: Vec<Sale>, dry_run: bool) -> Result<Vec<Told>, Refusal> {
        let mut told: Vec<Told> = Vec::with_capacity(sales.len());
        // Of one address one after the other, of many side by side: in one commit or a few.
        let mut rounds: Vec<Vec<(usize, Readable)>> = Vec::new();
        let mut seen: HashMap<[u8; 16], usize> = HashMap::new();
        for (place, sale) in sales.into_iter().enumerate() {
            match self.read(sale) {
                Err(fate) => told.push(fate.into()),
                Ok(sale) => {
                    let before = seen.entry(sale.digest).or_default();
                    if rounds.len() == *before {
                        rounds.push(Vec::new());
                    }
                    rounds[*before].push((place, sale));
                    *before += 1;
                    told.push(SaleFate::AlreadyRecorded.into());
                }
            }
        }
        for round in rounds {
            let mut storing = JoinSet::new();
            for (place, sale) in round {
                let with = self.clone();
                storing.spawn(async move { (place, with.tell_one(&sale, dry_run).await) });
            }
            while let Some(stored) = storing.join_next().await {
                let (place, one) = stored.map_err(|_| Refusal::StoreUnavailable)?;
                told[place] = one?;
            }
        }
        Ok(told)
    }

    fn read(&self, sale: Sale) -> Result<Readable, SaleFate> {
        let email = EmailAddress::parse(sale.email.trim()).map_err(|_| SaleFate::EmailInvalid)?;
        if sale.sale.is_empty() || !names_nobody(&sale.sale) {
            return Err(SaleFate::SaleInvalid);
        }
        let sold_at = read_date(&sale.sold_at, None).ok_or(SaleFate::DateInvalid)?;
        let shown = self.shown_to_customers(&sale).ok_or(SaleFate::PurposeUnfit)?;
        let told = shown.notice.notice.customer_use(&sale.purpose).ok_or(SaleFate::PurposeUnfit)?;
        let purpose = &told.shown.purpose;
        if purpose.terms.product_group.as_ref() != Some(&sale.product_group) {
            return Err(SaleFate::ProductGroupDiffers);
        }
        let number = self.organisation.number_of(&sale.purpose).ok_or(SaleFate::PurposeUnfit)?;
        let (version, numbers) = (purpose.version, (number, purpose.terms.validity_months));
        let digest = email_digest(&email, self.organisation.number, &self.keys.index);
        let sold = Sold { product_group: sale.product_group, sale: sale.sale, sold_at };
        let (purpose, objection) = (sale.purpose, sale.objection);
        Ok(Readable { email, digest, sold, purpose, version, numbers, objection, shown: shown.into() })
    }

    /// Today's wording that tells customers of this purpose, in their language where there is one.
    fn shown_to_customers(&self, sale: &Sale) -> Option<Shown> {
        let catalogue = &self.organisation.catalogue;
        let spoken = sale.language.filter(|language| catalogue.languages.contains(language));
        let language = spoken.or(catalogue.languages.first().copied())?;
        catalogue.forms.keys().find_map(|form| {
            let notice = self.organisation.current(form, language).ok()?;
            notice.notice.customer_use(&sale.purpose)?;
            let form = FormRef { organisation: catalogue.organisation.clone(), form: form.clone() };
            Some(Shown {
                organisation: self.organisation.clone(),
                form,
                notice: notice.clone(),
                ticket: None,
            })
        })
    }

    async fn tell_one(&self, sale: &Readable, dry_run: bool) -> Result<Told, Refusal> {
        for _ in 0..ATTEMPTS_MAX {
            let (fate, draft) = self.judge(sale)?;
            let Some((draft, record)) = draft.filter(|_| !dry_run) else { return Ok(fate.into()) };
            match self.sequencer.store(draft).await {
                Ok(_) => return Ok(self.taken(fate, sale, &record)),
                Err(SequenceError::Duplicate) => return Ok(SaleFate::AlreadyRecorded.into()),
                Err(SequenceError::Conflict { .. }) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        Err(Refusal::Overloaded)
    }

    fn judge(&self, sale: &Readable) -> Result<(SaleFate, Option<(Draft, Receipt)>), Refusal> {
        let now = Service::now();
        let (purpose, months) = sale.numbers;
        let sought = Sought { purpose, version: Some(sale.version), at: now };
        let snapshot = self.engine.snapshot().map_err(unavailable)?;
        let mut rows = Batch::default();
        let (known, found): (Known, _) =
            self.known(snapshot.as_ref(), &sale.digest, &sought, &mut rows).map_err(unavailable)?;
        let stands = found.filter(|_| known.stands).and_then(|found| found.claim.state.ends());
        let until = sale.sold.sold_at.plus_months(months);
        let fate = SaleFate::of((sale.sold.sold_at, until), sale.objection, known, stands, now);
        if !fate.is_taken() {
            return Ok((fate, None));
        }
        let record = self.sale_record(sale, fate, now)?;
        let draft = self.first(&sale.shown, &record, &sale.email, rows)?;
        Ok((fate, Some((draft, record))))
    }

    fn sale_record(&self, sale: &Readable, fate: SaleFate, now: Timestamp) -> Result<Receipt, Refusal> {
        let until = match fate {
            SaleFate::Recorded(until) => Some(until),
            _ => None,
        };
        let mut told = Sha256::new_with_prefix(b"vinkje/sale/1\0");
        told.update(sale.digest);
        told.update([u8::from(until.is_some())]);
        for name in [sale.purpose.as_str(), &sale.sold.sale] {
            told.update(name);
            told.update([0]);
        }
        let receipt = self.told_id(&sale.shown, sale.sold.sold_at, told);
        let command = Command::Buy(sale.purpose.clone(), sale.version, until);
        let events = decide(&Consents::default(), &command, &|_| 0)?;
        let facts = Facts {
            act: Act::Sale,
            at: now,
            decisions: events.iter().map(Decision::from).collect(),
            kiosk: None,
            language: sale.shown.notice.notice.language,
            method: CollectionMethod::Sale,
            offered_at: now,
            origin: None,
            receipt,
            registered: None,
            subject: SubjectId::from_bytes(*receipt.as_bytes()),
            ui: Ui::None,
            widget: NO_WIDGET,
        };
        let mut record = record(&sale.shown, &self.base_url, facts);
        record.sold = Some(sale.sold.clone());
        Ok(record)
    }

    fn taken(&self, fate: SaleFate, sale: &Readable, record: &Receipt) -> Told {
        let number = self.organisation.number;
        let manage = links::manage_token(number, &record.subject, &self.keys.link);
        let stop = links::stop_token(number, &record.subject, Some(&sale.purpose), &self.keys.link);
        let links = Links {
            manage_url: format!("{}/m/{manage}", self.base_url),
            unsubscribe_url: format!("{}/u/{stop}", self.base_url),
        };
        Told { fate, receipt: Some(record.receipt), links: Some(links) }
    }
}
