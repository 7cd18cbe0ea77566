//! Bells: who waits for work is woken by the commit that brings it.
//!
//! In scope: one bell for each endpoint. Out of scope: who waits (`outbox`).
//!
//! Invariant: a bell that rings while nobody listens is heard by who listens next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::store::{Batch, Space};

/// The beginning of the keys of an endpoint's rows.
type Prefix = [u8; 8];

/// The bells of all who were asked for.
#[derive(Default)]
pub struct Bells(Mutex<HashMap<Prefix, Arc<Notify>>>);

impl Bells {
    /// The bell of an endpoint.
    #[must_use]
    pub fn of(&self, prefix: Prefix) -> Arc<Notify> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(prefix).or_default().clone()
    }

    /// Takes a bell away: nobody will listen any more.
    pub fn remove(&self, prefix: Prefix) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&prefix);
    }

    /// Rings for all that a batch has something for.
    pub(super) fn ring(&self, batch: &Batch) {
        let new = batch.writes.iter().filter(|write| write.space == Space::Delivery && write.value.is_some());
        let mut prefixes = new.filter_map(|write| write.key.first_chunk::<8>()).peekable();
        if prefixes.peek().is_none() {
            return;
        }
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        prefixes.filter_map(|prefix| bells.get(prefix)).for_each(|bell| bell.notify_one());
    }
}
