//! Sending deliveries once more: one that is in the log of deliveries, or all since a moment.
//!
//! In scope: finding what is to be sent. Out of scope: sending.
//!
//! Invariant: what is sent again has the id that it had the first time, so a receiver that remembers ids takes it once. Replaying
//! changes no consent and no receipt.

use shared::lifecycle::Consents;
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::deliveries::waiting;
use super::{Service, unavailable};
use crate::endpoints::row::Gets;
use crate::endpoints::waiting::{About, Waiting};
use crate::endpoints::{Endpoint, log};
use crate::records::{Subject, find_numbered};
use crate::store::{Batch, KeyRange, Space, keys};

/// Rows of one commit of a replay.
const ROWS_MAX: usize = 512;

impl Service {
    /// Asks for a delivery of the log once more. Says whether there is such a one.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`], or what the sequencer refuses.
    pub async fn replay_one(&self, endpoint: &Endpoint, id: &str) -> Result<bool, Refusal> {
        let tries = log::read(self.snapshot()?.as_ref(), endpoint.id).map_err(unavailable)?;
        let Some(found) = tries.into_iter().find(|one| one.id == id) else { return Ok(false) };
        let (about, asked) = (found.about().map_err(unavailable)?, Timestamp::from_unix_seconds(found.asked));
        let mut rows = Batch::default();
        match about {
            About::Decision { sequence, .. } => {
                let all = self.of_receipt(endpoint, sequence)?;
                all.iter().filter(|waiting| waiting.about == about).for_each(|one| put_now(one, &mut rows));
            }
            About::Erased(_) => put_now(&Waiting::new(endpoint.id, about, None, asked), &mut rows),
        }
        let any = !rows.writes.is_empty();
        self.write(rows).await?;
        Ok(any)
    }

    /// Asks for everything once more that happened since a moment. Gives how many deliveries that is.
    ///
    /// # Errors
    ///
    /// As [`Service::replay_one`]; then some of it may be asked for.
    pub async fn replay_since(&self, endpoint: &Endpoint, since: Timestamp) -> Result<u64, Refusal> {
        let organisation = endpoint.id.organisation;
        let mut all = 0;
        let mut next = self.first_since(organisation, since)?;
        loop {
            let mut rows = Batch::default();
            let range = KeyRange::between(keys::body(organisation, next), keys::body(organisation, u64::MAX));
            let found = self.snapshot()?.page(Space::Body, &range, ROWS_MAX / 16).map_err(unavailable)?;
            let Some((last, _)) = found.last() else { break };
            for (key, _) in &found {
                let (_, sequence) = keys::read_body_key(key).map_err(unavailable)?;
                self.of_receipt(endpoint, sequence)?.iter().for_each(|one| put_now(one, &mut rows));
            }
            all += rows.writes.len() as u64;
            next = keys::read_body_key(last).map_err(unavailable)?.1 + 1;
            self.write(rows).await?;
        }
        Ok(all + self.erased_since(endpoint, since).await?)
    }

    /// The number of the first receipt since a moment; receipts lie in the order of time.
    fn first_since(&self, organisation: u32, since: Timestamp) -> Result<u64, Refusal> {
        let snapshot = self.snapshot()?;
        let size = crate::log::read::Log::new(snapshot.as_ref(), organisation).head().map_err(unavailable)?;
        let (mut from, mut until) = (0, size.map_or(0, |head| head.frontier.size()));
        while from < until {
            let middle = from + (until - from) / 2;
            let range = KeyRange::between(keys::body(organisation, middle), keys::body(organisation, until));
            // What is erased leaves gaps.
            let row = snapshot.page(Space::Body, &range, 1).map_err(unavailable)?.pop();
            let Some((key, _)) = row else {
                until = middle;
                continue;
            };
            let (_, sequence) = keys::read_body_key(&key).map_err(unavailable)?;
            let stored = find_numbered(snapshot.as_ref(), organisation, sequence).map_err(unavailable)?;
            match stored.is_some_and(|stored| stored.receipt.at < since) {
                true => from = sequence + 1,
                false => until = middle,
            }
        }
        Ok(from)
    }

    /// What an endpoint hears of a stored receipt; nothing of one that is erased.
    fn of_receipt(&self, endpoint: &Endpoint, sequence: u64) -> Result<Vec<Waiting>, Refusal> {
        let (snapshot, organisation) = (self.snapshot()?, endpoint.id.organisation);
        let stored = find_numbered(snapshot.as_ref(), organisation, sequence).map_err(unavailable)?;
        let Some(stored) = stored else { return Ok(Vec::new()) };
        let subject = Subject::read(snapshot.as_ref(), organisation, &stored.receipt.subject);
        let Some(subject) = subject.map_err(unavailable)? else { return Ok(Vec::new()) };
        let earlier = subject.receipts.iter().take_while(|earlier| earlier.sequence != sequence);
        let before = earlier.fold(Consents::default(), |state, earlier| earlier.receipt.fold(state));
        let told = (subject.row.contact.as_ref(), sequence);
        waiting(&self.keys.master, endpoint, &stored.receipt, &before, told)
    }

    /// Who was erased since a moment stands in the journal; their receipts are gone.
    async fn erased_since(&self, endpoint: &Endpoint, since: Timestamp) -> Result<u64, Refusal> {
        let erased = self.journal.read().map_err(|error| {
            tracing::error!(%error, "the erasure journal cannot be read");
            Refusal::StoreUnavailable
        })?;
        let registry = self.registry.now();
        let Some(organisation) = registry.numbered(endpoint.id.organisation) else { return Ok(0) };
        let name = &organisation.catalogue.organisation;
        let own = erased.into_iter().filter(|erased| erased.at >= since && erased.organisation == *name);
        let (own, mut all) = (own.collect::<Vec<_>>(), 0);
        if matches!(endpoint.row.gets, Gets::People { .. }) {
            // Their addresses are gone, so a newsletter tool cannot be told.
            return Ok(0);
        }
        for some in own.chunks(ROWS_MAX) {
            let mut rows = Batch::default();
            for erased in some {
                let about = About::Erased(erased.subject);
                put_now(&Waiting::new(endpoint.id, about, None, erased.at), &mut rows);
            }
            all += some.len() as u64;
            self.write(rows).await?;
        }
        Ok(all)
    }
}

/// Due now, whenever it was asked for.
fn put_now(waiting: &Waiting, rows: &mut Batch) {
    waiting.again(Service::now()).put(rows);
}
