//! What time does: consents end, contact data is forgotten, proof is erased.
//!
//! In scope: finding what is due, and doing it. Out of scope: what is due when (`shared::terms`), when to look (`cli::serve`).
//!
//! Invariant: the end of a consent is a receipt like any other, signed and in the log. Nothing is done before its moment, and
//! whatever was missed while the collector stood still is done at the next look.

use std::sync::Arc;

use shared::lifecycle::{Command, decide};
use shared::receipt::{Act, CollectionMethod, Decision, Ui};
use shared::refusal::Refusal;
use shared::terms::{self, Duty};
use shared::time::Timestamp;

use super::deliveries::after_erasing;
use super::draft::Facts;
use super::manage::{Managed, last_shown};
use super::{Service, Shown, fresh_receipt_id, refused, unavailable};
use crate::records::{Subject, SubjectRow};
use crate::sequencer::{Draft, SequenceError};
use crate::store::{Key, KeyRange, Space, keys};

/// Rows looked at together.
const PAGE_ROWS: usize = 256;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// People of whom a consent ended.
    pub expired: u64,
    /// People whose contact data was forgotten.
    pub forgotten: u64,
    /// People whose proof was erased.
    pub erased: u64,
}

impl Done {
    const fn any(self) -> bool {
        self.expired + self.forgotten + self.erased > 0
    }
}

impl Service {
    /// Does everything that is due at a moment.
    ///
    /// # Errors
    ///
    /// What the store or the sequencer refuses; what was not done is still due.
    pub async fn do_what_is_due(&self, now: Timestamp) -> Result<Done, Refusal> {
        let mut all = Done::default();
        let organisations: Vec<u32> = self.registry.now().all().map(|known| known.number).collect();
        for organisation in organisations {
            self.settle_slips(organisation).await?;
            self.forget_what_kiosks_left(organisation, now).await?;
        }
        // One thing may be due after another: after a long stop, both at once.
        loop {
            let done = self.look_once(now).await?;
            all.expired += done.expired;
            all.forgotten += done.forgotten;
            all.erased += done.erased;
            if !done.any() {
                return Ok(all);
            }
        }
    }

    async fn look_once(&self, now: Timestamp) -> Result<Done, Refusal> {
        let mut range = KeyRange::between([], keys::due_prefix(now.plus_seconds(1), 0));
        let mut done = Done::default();
        loop {
            let rows = self.snapshot()?.page(Space::Due, &range, PAGE_ROWS).map_err(unavailable)?;
            let Some((last, _)) = rows.last() else { return Ok(done) };
            range = range.after(last);
            for (key, _) in &rows {
                match self.do_one(key, now).await? {
                    Some(Duty::Expire) => done.expired += 1,
                    Some(Duty::ForgetContact) => done.forgotten += 1,
                    Some(Duty::Erase) => done.erased += 1,
                    None => {}
                }
            }
        }
    }

    /// Does what is due for one person. Nothing, when the person or another look was quicker.
    async fn do_one(&self, key: &Key, now: Timestamp) -> Result<Option<Duty>, Refusal> {
        let (noted, number, first) = keys::read_due(key).map_err(unavailable)?;
        let subject = Subject::numbered(self.snapshot()?.as_ref(), number, first).map_err(unavailable)?;
        let organisation = self.registry.now().numbered(number).cloned();
        let subject = subject.filter(|subject| subject.row.due == noted.unix_seconds());
        let (Some(subject), Some(organisation)) = (subject, organisation) else { return Ok(None) };
        let id = subject.receipts.first().ok_or(Refusal::StoreUnavailable)?.receipt.subject;
        let managed = Managed { organisation, id, subject };
        let shown = last_shown(&managed)?;
        let (has_contact, consents) = (managed.subject.row.contact.is_some(), managed.subject.consents());
        let (duty, at) = terms::next(&consents, has_contact, shown.terms());
        let draft = if at > now {
            // The terms were changed since: it is due later.
            changed(&managed.subject, managed.subject.row.clone(), at)?
        } else {
            match duty {
                Duty::Expire => self.expiry(&managed, &shown, now)?,
                Duty::ForgetContact => forgetting(&managed.subject, &shown)?,
                Duty::Erase => self.erasure(&managed, now)?,
            }
        };
        match self.sequencer.store(draft).await {
            Ok(_) => Ok((at <= now).then_some(duty)),
            Err(SequenceError::Conflict { .. }) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn erasure(&self, managed: &Managed, now: Timestamp) -> Result<Draft, Refusal> {
        let (subject, mut draft) = (&managed.subject, Draft::default());
        draft.uncounted = subject.erase(&mut draft.rows, now).map_err(unavailable)?;
        let person = (managed.organisation.number, subject);
        after_erasing(&self.endpoints, &self.keys, person, now, &mut draft.rows)?;
        Ok(draft)
    }

    /// The receipt of consents whose term is over.
    fn expiry(&self, managed: &Managed, shown: &Shown, now: Timestamp) -> Result<Draft, Refusal> {
        let over = decide(&managed.subject.consents(), &Command::Expire(now.unix_seconds()), &|_| 0)?;
        let facts = Facts {
            act: Act::Expiry,
            at: now,
            decisions: over.iter().map(Decision::from).collect(),
            kiosk: None,
            language: shown.notice.notice.language,
            method: CollectionMethod::Term,
            offered_at: now,
            origin: None,
            receipt: fresh_receipt_id(now)?,
            registered: None,
            subject: managed.id,
            ui: Ui::None,
            widget: self.assets.build,
        };
        self.one_more(&managed.subject, shown, facts)
    }
}

/// Contact data goes; the proof stays, and is found by the digest of the address until its own term is over.
fn forgetting(subject: &Subject, shown: &Shown) -> Result<Draft, Refusal> {
    let (_, due) = terms::next(&subject.consents(), false, shown.terms());
    changed(subject, SubjectRow { contact: None, ..subject.row.clone() }, due)
}

/// The subject with another row, and the moment at which something is due next.
fn changed(subject: &Subject, row: SubjectRow, due: Timestamp) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    let row = SubjectRow { due: due.unix_seconds(), ..row };
    subject.change(&mut draft.rows, &row).map_err(unavailable)?;
    Ok(draft)
}

/// Looks at once and then again and again, until the task is ended.
pub async fn look_on(service: Arc<Service>, mut pace: tokio::time::Interval) {
    loop {
        pace.tick().await;
        let now = Service::now();
        if let Err(refusal) = service.end_old_mailings(now).await {
            tracing::warn!(code = refusal.code(), "old mailings were not all removed");
        }
        if let Err(refusal) = service.end_old_undelivered(now).await {
            tracing::warn!(code = refusal.code(), "old notes of what did not arrive were not all removed");
        }
        match service.do_what_is_due(now).await {
            Ok(done) if done.any() => {
                let Done { expired, forgotten, erased } = done;
                tracing::info!(expired, forgotten, erased, "what was due is done");
            }
            Ok(_) => {}
            Err(refusal) => tracing::warn!(code = refusal.code(), "what is due was not all done"),
        }
    }
}
