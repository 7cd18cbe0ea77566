//! Tells endpoints what happened, in the background: a lane for each.
//!
//! In scope: starting and ending lanes, and removing what endpoints that are gone left behind. Out of scope: what a lane does (`lane`).
//!
//! Invariant: every endpoint has one lane, so one that is dead or slow is in nobody else's way, and letters never wait for any.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::lane::Lane;
use crate::calls::Trust;
use crate::endpoints;
use crate::endpoints::row::EndpointId;
use crate::sequencer::Draft;
use crate::service::Service;

/// Calls under way at once, over all endpoints: each holds a connection and a few kilobytes.
const AT_ONCE_MAX: usize = 256;

/// Rows of endpoints that are gone, removed in one commit.
const LEFTOVERS_MAX: usize = 1_024;

/// Tells endpoints until told to stop; then finishes what is under way.
///
/// # Errors
///
/// When nobody can be called: this machine trusts no certificate authority.
pub fn run(
    service: Arc<Service>,
    mut stop: watch::Receiver<bool>,
) -> Result<impl Future<Output = ()> + Send> {
    let trust = Trust::of_this_machine();
    let trust = trust.context("couldn't find the certificate authorities of this machine")?;
    Ok(async move {
        let (mut lanes, mut running) = (JoinSet::new(), HashSet::<EndpointId>::new());
        let places = Arc::new(Semaphore::new(AT_ONCE_MAX));
        let mut changes = service.endpoints.changes();
        loop {
            clear(&service).await;
            for id in service.endpoints.ids() {
                if running.insert(id) {
                    let lane = Lane::new(service.clone(), trust.clone(), places.clone(), id);
                    lanes.spawn(lane.run(stop.clone()));
                }
            }
            tokio::select! {
                _ = changes.changed() => running.iter().for_each(|id| service.sequencer.bells().of(id.prefix()).notify_one()),
                Some(ended) = lanes.join_next() => {
                    if let Ok(id) = ended {
                        running.remove(&id);
                        service.sequencer.bells().remove(id.prefix());
                    }
                }
                _ = stop.changed() => break,
            }
        }
        running.iter().for_each(|id| service.sequencer.bells().of(id.prefix()).notify_one());
        while lanes.join_next().await.is_some() {}
    })
}

/// Removes what endpoints that are gone left behind.
async fn clear(service: &Service) {
    loop {
        let mut draft = Draft::default();
        let is_there = |id| service.endpoints.get(id).is_some();
        let found = service.engine.snapshot().and_then(|snapshot| {
            endpoints::leftovers(snapshot.as_ref(), is_there, LEFTOVERS_MAX, &mut draft.rows)
        });
        let more = found.unwrap_or_else(|error| {
            tracing::warn!(%error, "deliveries to endpoints that are gone cannot be read");
            false
        });
        if draft.rows.writes.is_empty() || service.sequencer.store(draft).await.is_err() || !more {
            return;
        }
    }
}
