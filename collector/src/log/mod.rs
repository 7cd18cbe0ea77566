//! The evidence log of each organisation: what is stored of it, who signs it, and how it is read.
//!
//! In scope: the head row, the key that signs checkpoints, entries and nodes read back (`read`). Out of scope: the tree and
//! its formats (`shared::log`), when something is appended (`sequencer`), who may ask (`service`).
//!
//! Invariant: an organisation's log has exactly one entry per receipt, at the receipt's own number. A head is signed once,
//! stored in the commit that made it, and shown only from there.

use ed25519_dalek::SigningKey;
use shared::ids::OrganisationId;
use shared::jwk::PublicKey;
use shared::log::entry::Commitment;
use shared::log::note::Kind;
use shared::log::{Checkpoint, Frontier, Note, NoteKey};

use crate::store::StoreError;

pub mod cosigned;
pub mod read;

/// What the log says of one receipt.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The log's name: host and path, without `https://`.
    pub origin: String,
    /// What ties the entry to the receipt.
    pub commitment: Commitment,
}

/// The name of an organisation's log under a base URL (C2SP tlog-checkpoint: a schema-less URL).
///
/// A log that had to be started anew, because a backup was put back that is older than what had been shown, goes on under
/// another name: `…/2` is the second. Nobody can take its checkpoints for those of the first.
#[must_use]
pub fn origin(base_url: &str, organisation: &str, generation: u32) -> String {
    let authority = base_url.split_once("://").map_or(base_url, |(_, authority)| authority);
    match generation {
        0 | 1 => format!("{authority}/log/{organisation}"),
        later => format!("{authority}/log/{organisation}/{later}"),
    }
}

/// A tree's head as it is stored: its right edge, and the log's signature over its checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The tree.
    pub frontier: Frontier,
    /// Over the checkpoint that follows from it.
    pub signature: [u8; 64],
}

impl Default for Head {
    /// Before the first entry there is nothing to sign.
    fn default() -> Self {
        Self { frontier: Frontier::default(), signature: [0; 64] }
    }
}

impl Head {
    /// The row: size, signature, roots of the complete subtrees.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let roots = self.frontier.roots().concat();
        [&self.frontier.size().to_be_bytes()[..], &self.signature, &roots].concat()
    }

    /// Reads a row.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] when it is not what was written.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        let read = || {
            let (size, rest) = row.split_first_chunk::<8>()?;
            let (signature, roots) = rest.split_first_chunk::<64>()?;
            let (roots, rest) = roots.as_chunks::<32>();
            let frontier = Frontier::from_parts(u64::from_be_bytes(*size), roots.to_vec())?;
            rest.is_empty().then_some(Self { frontier, signature: *signature })
        };
        read().ok_or_else(|| StoreError::Corrupt("the head of a log is not what was written".into()))
    }

    /// What it says, as text that is signed.
    #[must_use]
    pub fn checkpoint(&self, origin: &str) -> Checkpoint {
        let Self { frontier, .. } = self;
        Checkpoint { origin: origin.into(), size: frontier.size(), root: frontier.root() }
    }
}

/// The key that signs the heads of all logs of a collector. Each log is another name, so each has a key id of its own.
#[derive(Clone)]
pub struct LogKey {
    signing: SigningKey,
    public: PublicKey,
    generation: u32,
}

impl LogKey {
    /// Takes a private key.
    ///
    /// # Panics
    ///
    /// Never: a private key's public key is on the curve and not weak.
    #[must_use]
    pub fn new(signing: SigningKey) -> Self {
        let public = PublicKey::from_bytes(signing.verifying_key().as_bytes()).expect("a point of our own");
        Self { signing, public, generation: 1 }
    }

    /// The same key for the logs of a store that were started anew so many times; the first are of generation 1.
    #[must_use]
    pub fn of_generation(self, generation: u32) -> Self {
        Self { generation, ..self }
    }

    /// Which one these logs are.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// The name of an organisation's log, as [`origin`].
    #[must_use]
    pub fn origin(&self, base_url: &str, organisation: &OrganisationId) -> String {
        origin(base_url, organisation.as_str(), self.generation)
    }

    /// The public key of a log, as verifiers want it.
    ///
    /// # Panics
    ///
    /// Never: names of organisations and hosts have no spaces and no plus signs.
    #[must_use]
    pub fn named(&self, origin: &str) -> NoteKey {
        NoteKey::new(origin, Kind::Log, self.public).expect("a host and a plain word")
    }

    /// Signs a tree's head.
    #[must_use]
    pub fn head(&self, origin: &str, frontier: Frontier) -> Head {
        use ed25519_dalek::Signer as _;
        let mut head = Head { frontier, signature: [0; 64] };
        head.signature = self.signing.sign(head.checkpoint(origin).to_string().as_bytes()).to_bytes();
        head
    }

    /// A stored head as a signed note.
    #[must_use]
    pub fn note(&self, origin: &str, head: &Head) -> Note {
        let line = self.named(origin).line(head.signature.to_vec());
        Note::new(head.checkpoint(origin).to_string(), vec![line])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_and_its_note_verifies() {
        let key = LogKey::new(SigningKey::from_bytes(&[5; 32]));
        let mut frontier = Frontier::default();
        (0..11).for_each(|leaf| frontier.append([leaf; 32], |_| {}));
        let head = key.head("c.example/log/kaas", frontier);
        assert_eq!(Head::decode(&head.encode()), Ok(head.clone()));
        let note = key.note("c.example/log/kaas", &head);
        assert_eq!(note.signed_by(&key.named("c.example/log/kaas")), Ok(0));
        assert!(note.signed_by(&key.named("c.example/log/other")).is_err());
        for cut in 0..head.encode().len() {
            assert!(Head::decode(&head.encode()[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_log_is_named_without_a_scheme() {
        assert_eq!(origin("https://c.example:8443", "kaas", 1), "c.example:8443/log/kaas");
        assert_eq!(origin("https://c.example:8443", "kaas", 2), "c.example:8443/log/kaas/2");
    }
}
