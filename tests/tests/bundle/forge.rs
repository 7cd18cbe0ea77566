//! An owner with every key in hand, who changes what is written.
//!
//! Invariant: what comes out is signed as well as the real thing, so only what the formats themselves forbid gives it away.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use shared::bundle::{Base64, Bundle, HISTORY_TYP, HistoryDigest};
use shared::jwk::{KeySet, PublicKey};
use shared::jws::{self, SigningKey};
use shared::log::note::Kind;
use shared::log::{Checkpoint, Frontier, Note, NoteKey, entry, tree};

/// The keys of a collector.
pub struct Owner {
    receipts: SigningKey,
    log: SigningKey,
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey::from_bytes(key.verifying_key().as_bytes()).expect("a point of our own")
}

impl Owner {
    /// Reads them where the collector keeps them.
    pub fn read(data: &Path) -> Result<Self> {
        let key = |name: &str| {
            let bytes = std::fs::read(data.join("keys").join(name))?;
            let seed: [u8; 32] = bytes.as_slice().try_into().context("a key of 32 bytes")?;
            anyhow::Ok(SigningKey::from_bytes(&seed))
        };
        Ok(Self { receipts: key("receipt-000.key")?, log: key("log.key")? })
    }

    /// Somebody else, with keys of their own.
    pub fn other() -> Self {
        Self { receipts: SigningKey::from_bytes(&[3; 32]), log: SigningKey::from_bytes(&[4; 32]) }
    }

    pub fn kid(&self) -> String {
        public(&self.receipts).thumbprint()
    }

    pub fn key_set(&self) -> KeySet {
        KeySet::new([public(&self.receipts)])
    }

    pub fn log_key(&self, origin: &str) -> NoteKey {
        NoteKey::new(origin, Kind::Log, public(&self.log)).expect("a plain name")
    }

    /// Signs any payload under any header.
    pub fn sign(&self, header: &str, payload: &[u8]) -> String {
        jws::signed(&URL_SAFE_NO_PAD.encode(header), payload, &self.receipts).0
    }

    /// A receipt that says something else, signed as receipts are.
    pub fn receipt(&self, jws: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut payload = payload(jws);
        change(&mut payload);
        jws::signed(&jws::header(&self.kid()), &shared::canonical::to_bytes(&payload), &self.receipts).0
    }

    /// The head of a log, signed.
    pub fn head(&self, origin: &str, text: &str) -> String {
        Note::new(text.into(), vec![self.log_key(origin).sign(text, &self.log)]).to_string()
    }

    /// The word which receipts there are, for those that are there now.
    pub fn resign_history(&self, bundle: &mut Bundle) {
        let mut said = payload(bundle.history.as_deref().expect("a history"));
        let mut digest = HistoryDigest::default();
        bundle.receipts.iter().for_each(|entry| digest.add(&entry.receipt));
        said["digest"] = digest.finish().to_string().into();
        said["receipts"] = bundle.receipts.len().into();
        said["size"] = size(bundle).into();
        let header = jws::header_of(HISTORY_TYP, &self.kid());
        bundle.history = Some(jws::signed(&header, &shared::canonical::to_bytes(&said), &self.receipts).0);
    }

    /// A new log with the receipts of the bundle in their order and nothing else, all of it signed.
    pub fn rewrite_log(&self, bundle: &mut Bundle) {
        let leaves: Vec<_> = bundle
            .receipts
            .iter()
            .map(|one| entry::leaf(&entry::commit(&one.salt.0, &one.receipt)))
            .collect();
        let node = |level: u8, index: u64| {
            let (from, count) = ((index << level) as usize, 1 << level);
            Ok::<_, std::convert::Infallible>(root(&leaves[from..from + count]))
        };
        for (index, one) in bundle.receipts.iter_mut().enumerate() {
            one.index = index as u64;
            let Ok(path) = tree::inclusion_proof(one.index, leaves.len() as u64, node);
            one.path = Bundle::path(path);
        }
        let origin = origin(bundle);
        let head = Checkpoint { origin: origin.clone(), size: leaves.len() as u64, root: root(&leaves) };
        bundle.checkpoint = self.head(&origin, &head.to_string());
        bundle.since = None;
        if bundle.history.is_some() {
            self.resign_history(bundle);
        }
    }
}

fn root(leaves: &[tree::Hash]) -> tree::Hash {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.append(*leaf, |_| {}));
    frontier.root()
}

/// What a signed text says.
pub fn payload(jws: &str) -> Value {
    let part = jws.split('.').nth(1).expect("three parts");
    let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// The line of a checkpoint.
pub fn line(bundle: &Bundle, at: usize) -> String {
    bundle.checkpoint.lines().nth(at).unwrap_or_default().to_owned()
}

pub fn origin(bundle: &Bundle) -> String {
    line(bundle, 0)
}

fn size(bundle: &Bundle) -> u64 {
    line(bundle, 1).parse().expect("a size")
}

/// One bit of a hash is another.
pub fn flip(hash: &mut Base64) {
    hash.0[7] ^= 4;
}
