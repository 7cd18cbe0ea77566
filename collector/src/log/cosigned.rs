//! What witnesses said of a log: rows of checkpoints with the log's own signature and that of one witness.
//!
//! In scope: writing and reading the rows, and putting together what belongs to one checkpoint. Out of scope: asking
//! (`cosigning`); a row is written only after its cosignature was checked.
//!
//! Invariant: one row per log and witness, with the newest checkpoint that it cosigned. Signatures stand under the checkpoint
//! that they were made for, and under no other.

use shared::log::note::SignatureLine;
use shared::log::{Checkpoint, Note, NoteKey};

use super::Head;
use crate::log::LogKey;
use crate::store::{Batch, KEY_BYTES_MAX, Snapshot, Space, StoreError, keys};

fn key(organisation: u32, witness: &NoteKey) -> Option<Vec<u8>> {
    let key = [&keys::organisation(organisation)[..], witness.to_string().as_bytes()].concat();
    (key.len() <= KEY_BYTES_MAX).then_some(key)
}

/// Whether cosignatures of this witness can be kept: its name is not too long.
#[must_use]
pub fn fits(witness: &NoteKey) -> bool {
    key(0, witness).is_some()
}

/// The row for what a witness said of a head.
#[must_use]
pub fn row(organisation: u32, witness: &NoteKey, head: Note, line: SignatureLine) -> Batch {
    let mut cosigned = head;
    cosigned.signatures.push(line);
    let mut batch = Batch::default();
    if let Some(key) = key(organisation, witness) {
        batch.put(Space::Cosignature, key, cosigned.to_string());
    }
    batch
}

/// The newest checkpoint of a log that a witness cosigned, with the time at which it did. What was said of a log that had
/// another name, before a backup was put back, counts no more.
///
/// # Errors
///
/// What the store says, or [`StoreError::Corrupt`] when the row is not what was written.
pub fn last(
    snapshot: &dyn Snapshot,
    (organisation, origin): (u32, &str),
    witness: &NoteKey,
) -> Result<Option<(Checkpoint, Note, u64)>, StoreError> {
    let Some(key) = key(organisation, witness) else { return Ok(None) };
    let Some(row) = snapshot.get(Space::Cosignature, &key)? else { return Ok(None) };
    let read = || {
        let note = Note::parse(std::str::from_utf8(&row).ok()?).ok()?;
        let (head, time) = (Checkpoint::parse(note.text()).ok()?, note.signed_by(witness).ok()?);
        Some((head, note, time))
    };
    let last = read().ok_or_else(|| StoreError::Corrupt("a cosignature is not what was written".into()))?;
    Ok(Some(last).filter(|(head, ..)| head.origin == origin))
}

/// The checkpoints of a log that these witnesses cosigned, each with all its signatures; and today's, cosigned or not.
pub struct Cosigned {
    heads: Vec<(u64, Note)>,
    newest: Note,
}

impl Cosigned {
    /// Reads them beside the head of the same state.
    ///
    /// # Errors
    ///
    /// As [`last`].
    pub fn read<'a>(
        snapshot: &dyn Snapshot,
        (organisation, origin): (u32, &str),
        (head, log): (&Head, &LogKey),
        witnesses: impl Iterator<Item = &'a NoteKey>,
    ) -> Result<Self, StoreError> {
        let mut heads: Vec<(u64, Note)> = Vec::new();
        for witness in witnesses {
            let Some((at, note, _)) = last(snapshot, (organisation, origin), witness)? else { continue };
            match heads.iter_mut().find(|(_, known)| known.text() == note.text()) {
                Some((_, known)) => known.signatures.extend(note.signatures.into_iter().skip(1)),
                None => heads.push((at.size, note)),
            }
        }
        let newest = log.note(origin, head);
        Ok(Self { heads, newest })
    }

    /// Today's checkpoint, with the cosignatures that were made for exactly this one.
    #[must_use]
    pub fn newest(&self) -> &Note {
        let cosigned = self.heads.iter().map(|(_, note)| note).find(|note| note.text() == self.newest.text());
        cosigned.unwrap_or(&self.newest)
    }

    /// The checkpoint with the most cosignatures, of those the newest; among checkpoints of `size` entries at least.
    #[must_use]
    pub fn best(&self, size: u64) -> Option<(u64, &Note)> {
        let heads = self.heads.iter().filter(|(at, _)| *at >= size);
        heads.max_by_key(|(at, note)| (note.signatures.len(), *at)).map(|(at, note)| (*at, note))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Engine;
    use crate::store::redb::RedbEngine;
    use ed25519_dalek::SigningKey;
    use shared::jwk::PublicKey;
    use shared::log::Frontier;
    use shared::log::note::Kind;

    const ORIGIN: &str = "c.example/log/kaas";

    fn witness(seed: u8) -> (SigningKey, NoteKey) {
        let signing = SigningKey::from_bytes(&[seed; 32]);
        let public = PublicKey::from_bytes(signing.verifying_key().as_bytes()).unwrap();
        (signing, NoteKey::new(&format!("w{seed}.example"), Kind::Witness, public).unwrap())
    }

    #[test]
    fn signatures_stand_under_their_own_checkpoint_only() {
        let folder = tempfile::tempdir().unwrap();
        let engine = RedbEngine::create(&folder.path().join("x.redb"), 1 << 20).unwrap();
        let log = LogKey::new(SigningKey::from_bytes(&[1; 32]));
        let mut frontier = Frontier::default();
        let heads: Vec<Head> = (0..4)
            .map(|leaf| {
                frontier.append([leaf; 32], |_| {});
                log.head(ORIGIN, frontier.clone())
            })
            .collect();
        let [(two, w2), (three, w3), (four, w4)] = [witness(2), witness(3), witness(4)];
        // Two witnesses saw two entries, one saw three, nobody saw four.
        for (signing, named, at) in [(&two, &w2, 1), (&three, &w3, 1), (&four, &w4, 2)] {
            let note = log.note(ORIGIN, &heads[at]);
            let line = named.cosign(note.text(), 1_800_000_000, signing);
            engine.commit(&row(7, named, note, line)).unwrap();
        }
        let snapshot = engine.snapshot().unwrap();
        let read = |head: &Head, witnesses: &[&NoteKey]| {
            Cosigned::read(snapshot.as_ref(), (7, ORIGIN), (head, &log), witnesses.iter().copied()).unwrap()
        };
        let now = read(&heads[3], &[&w2, &w3, &w4]);
        assert_eq!(now.newest().signatures.len(), 1);
        let (size, best) = now.best(1).unwrap();
        assert_eq!((size, best.signatures.len()), (2, 3));
        assert_eq!((best.signed_by(&w2), best.signed_by(&w3)), (Ok(1_800_000_000), Ok(1_800_000_000)));
        assert_eq!(now.best(3).unwrap().0, 3);
        assert!(now.best(4).is_none());
        assert_eq!(read(&heads[2], &[&w2, &w3, &w4]).newest().signatures.len(), 2);
        // A witness that was taken out of the settings counts no more.
        assert_eq!(read(&heads[2], &[&w2]).newest().signatures.len(), 1);
        assert_eq!(last(snapshot.as_ref(), (8, ORIGIN), &w2), Ok(None));
        assert_eq!(last(snapshot.as_ref(), (7, "c.example/log/kaas/2"), &w2), Ok(None), "a log started anew");
    }
}
