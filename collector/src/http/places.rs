//! How many connections there may be, in all and from one network.
//!
//! Invariant: no network can take all places, and there are never more of them than the process has file descriptors for.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::caller::network;

/// Connections at the same time: each costs tens of kilobytes.
const PLACES_MAX: usize = 4_096;

/// File descriptors that are kept for the store, the log, and people at the command line.
const RESERVED_FILES: usize = 64;

/// The part of all places that one network may take, unless it is a trusted proxy.
const NETWORK_PART: usize = 8;

/// The places that there are.
pub struct Places {
    all: Arc<Semaphore>,
    per_network: usize,
    taken: Mutex<HashMap<u64, usize>>,
    trusted_proxies: Vec<IpNet>,
}

/// One place; it is free again when this is dropped.
pub struct Place {
    _one_of_all: OwnedSemaphorePermit,
    counted: Option<(Arc<Places>, u64)>,
}

impl Places {
    /// As many places as the system lets this process have, up to a fixed number.
    #[must_use]
    pub fn new(trusted_proxies: Vec<IpNet>) -> Arc<Self> {
        // Without an answer from the system the usual limit is taken to hold.
        let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1_024);
        let files = usize::try_from(files).unwrap_or(usize::MAX).saturating_sub(RESERVED_FILES);
        Self::with(files.clamp(1, PLACES_MAX), trusted_proxies)
    }

    fn with(places: usize, trusted_proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self {
            all: Arc::new(Semaphore::new(places)),
            per_network: (places / NETWORK_PART).max(1),
            taken: Mutex::default(),
            trusted_proxies,
        })
    }

    /// Waits until there is a place for somebody.
    pub async fn free(&self) -> OwnedSemaphorePermit {
        // It is never closed, so there is always a place at last.
        self.all.clone().acquire_owned().await.expect("the places are never closed")
    }

    /// Gives a place to a peer, unless its network has its part already.
    #[must_use]
    pub fn take(self: &Arc<Self>, one_of_all: OwnedSemaphorePermit, peer: SocketAddr) -> Option<Place> {
        let place = |counted| Some(Place { _one_of_all: one_of_all, counted });
        if self.trusts(peer.ip()) {
            return place(None);
        }
        let network = network(peer.ip());
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(network).or_default();
        if *count == self.per_network {
            return None;
        }
        *count += 1;
        drop(taken);
        place(Some((self.clone(), network)))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(&address))
    }

    fn leave(&self, network: u64) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = taken.get_mut(&network) else { return };
        *count -= 1;
        if *count == 0 {
            taken.remove(&network);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((places, network)) = self.counted.take() {
            places.leave(network);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> SocketAddr {
        SocketAddr::new(address.parse().unwrap(), 1)
    }

    #[tokio::test]
    async fn a_network_has_its_part_and_no_more_and_gets_it_back() {
        let places = Places::with(16, vec!["10.0.0.0/8".parse().unwrap()]);
        let first = places.take(places.free().await, peer("192.0.2.1"));
        let second = places.take(places.free().await, peer("192.0.2.200"));
        assert!(first.is_some() && second.is_some());
        assert!(places.take(places.free().await, peer("192.0.2.3")).is_none(), "a third of the same network");
        let other = places.take(places.free().await, peer("198.51.100.1"));
        assert!(other.is_some(), "another network");
        drop(first);
        assert!(places.take(places.free().await, peer("192.0.2.3")).is_some(), "after one has left");
        let mut proxied = Vec::new();
        while proxied.len() < 10 {
            proxied.push(places.take(places.free().await, peer("10.1.2.3")).unwrap());
        }
        drop((second, other, proxied));
        assert_eq!(places.all.available_permits(), 16);
        assert!(places.taken.lock().unwrap().is_empty(), "nothing is remembered of those who left");
    }
}
