//! What a witness says to a checkpoint, given what it saw before (C2SP tlog-witness `add-checkpoint`).
//!
//! In scope: the rules and their order, without clock, store or network. Out of scope: keeping what was seen (`mod`).
//!
//! Invariant: what is accepted extends all that was accepted before, entry by entry.

use shared::log::note::NoteError;
use shared::log::{Checkpoint, Extension, NoteKey, tree};

/// Why a checkpoint is not cosigned. Each has one HTTP status (`server`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Longer than any request.
    #[error("couldn't read the request: it is too long")]
    TooLong,
    /// Not the lines that the protocol asks for, or an old size beyond the new one.
    #[error("couldn't read the request: it is not `old SIZE`, hashes, a blank line and a checkpoint")]
    Malformed,
    /// This witness was not told to watch this log.
    #[error("this witness does not watch that log; its operator can run `vinkje witness add`")]
    UnknownLog,
    /// None of the log's keys signed it, or one is used falsely.
    #[error("couldn't cosign: the log did not sign this checkpoint")]
    NotSigned,
    /// The witness saw a log of another size last, or another log of this size.
    #[error("couldn't cosign: the last checkpoint that was cosigned has {0} entries")]
    Seen(u64),
    /// The proof does not lead from what was seen to this checkpoint.
    #[error("couldn't cosign: the log does not extend what was seen before, or the proof is false")]
    NotExtended,
    /// What was seen could not be read or kept. Nothing was signed.
    #[error("couldn't cosign: the witness cannot reach its store")]
    Unavailable,
}

/// Judges a request by the keys of its log (none when the log is not known) and the last checkpoint that was cosigned.
///
/// # Errors
///
/// The [`Refusal`] that comes first in the order of the protocol's text.
pub fn judge(
    request: &Extension,
    logs: &[NoteKey],
    seen: Option<&Checkpoint>,
) -> Result<Checkpoint, Refusal> {
    let head = Checkpoint::parse(request.checkpoint.text()).map_err(|_| Refusal::Malformed)?;
    if logs.is_empty() {
        return Err(Refusal::UnknownLog);
    }
    signed(request, logs)?;
    if request.old > head.size {
        return Err(Refusal::Malformed);
    }
    let last = seen.map_or(0, |seen| seen.size);
    if request.old != last || (last == head.size && seen.is_some_and(|seen| seen.root != head.root)) {
        return Err(Refusal::Seen(last));
    }
    let nothing = tree::empty_root();
    let before = seen.map_or(&nothing, |seen| &seen.root);
    // A tree without entries has one root only; as the old tree it would let anything pass.
    let empty_is_empty = head.size != 0 || head.root == nothing;
    if empty_is_empty && tree::extends((last, before), (head.size, &head.root), &request.path) {
        Ok(head)
    } else {
        Err(Refusal::NotExtended)
    }
}

/// At least one of the log's keys signed, and none of them falsely.
fn signed(request: &Extension, logs: &[NoteKey]) -> Result<(), Refusal> {
    let mut any = false;
    for log in logs {
        match request.checkpoint.signed_by(log) {
            Ok(_) => any = true,
            Err(NoteError::NotSigned) => {}
            Err(_) => return Err(Refusal::NotSigned),
        }
    }
    if any { Ok(()) } else { Err(Refusal::NotSigned) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;
    use shared::log::{Frontier, Hash, Note};
    use std::collections::HashMap;

    use crate::log::LogKey;

    const ORIGIN: &str = "c.example/log/kaas";

    /// A log whose entries depend on `history`, with all its nodes.
    #[derive(Default)]
    struct Grown {
        frontier: Frontier,
        nodes: HashMap<(u8, u64), Hash>,
    }

    impl Grown {
        fn new(entries: u8, history: impl Fn(u8) -> u8) -> Self {
            let mut grown = Self::default();
            let Self { frontier, nodes } = &mut grown;
            for entry in 0..entries {
                let leaf = tree::leaf_hash(&[history(entry)]);
                nodes.insert((0, u64::from(entry)), leaf);
                frontier.append(leaf, |node| {
                    nodes.insert((node.level, node.index), node.hash);
                });
            }
            grown
        }

        fn head(&self) -> Checkpoint {
            Checkpoint { origin: ORIGIN.into(), size: self.frontier.size(), root: self.frontier.root() }
        }

        fn from(&self, old: u64, key: &LogKey) -> Extension {
            let node = |level, index| self.nodes.get(&(level, index)).copied().ok_or(());
            let path = tree::consistency_proof(old, self.frontier.size(), node).unwrap();
            Extension { old, path, checkpoint: key.note(ORIGIN, &key.head(ORIGIN, self.frontier.clone())) }
        }
    }

    fn key(seed: u8) -> LogKey {
        LogKey::new(SigningKey::from_bytes(&[seed; 32]))
    }

    fn judged(request: &Extension, seen: Option<&Checkpoint>) -> Result<u64, Refusal> {
        judge(request, &[key(1).named(ORIGIN)], seen).map(|head| head.size)
    }

    #[test]
    fn a_log_that_only_grows_is_cosigned_from_any_size_to_any_other() {
        for old in 0..20 {
            for new in old..20 {
                let (before, now) = (Grown::new(old, |n| n), Grown::new(new, |n| n));
                let seen = (old > 0).then(|| before.head());
                assert_eq!(
                    judged(&now.from(u64::from(old), &key(1)), seen.as_ref()),
                    Ok(u64::from(new)),
                    "{old} {new}"
                );
            }
        }
    }

    #[test]
    fn a_rewritten_log_is_refused_at_every_size() {
        for old in 1..20_u8 {
            for new in old..20 {
                let (before, fork) = (Grown::new(old, |n| n), Grown::new(new, |n| n ^ 1));
                let refused = if old == new { Refusal::Seen(u64::from(old)) } else { Refusal::NotExtended };
                let said = judged(&fork.from(u64::from(old), &key(1)), Some(&before.head()));
                assert_eq!(said, Err(refused), "{old} {new}");
            }
        }
    }

    #[test]
    fn refusals_come_in_the_order_of_the_protocol() {
        let (five, nine) = (Grown::new(5, |n| n), Grown::new(9, |n| n));
        let seen = five.head();
        let good = nine.from(5, &key(1));
        assert_eq!(judged(&good, Some(&seen)), Ok(9));
        assert_eq!(judge(&good, &[], Some(&seen)), Err(Refusal::UnknownLog));
        assert_eq!(judged(&nine.from(5, &key(2)), Some(&seen)), Err(Refusal::NotSigned));
        assert_eq!(judged(&Extension { old: 10, ..good.clone() }, Some(&seen)), Err(Refusal::Malformed));
        assert_eq!(judged(&good, None), Err(Refusal::Seen(0)));
        assert_eq!(judged(&nine.from(0, &key(1)), Some(&seen)), Err(Refusal::Seen(5)));
        assert_eq!(judged(&nine.from(4, &key(1)), Some(&seen)), Err(Refusal::Seen(5)));
        // An older log of ours, as after a backup was put back.
        assert_eq!(judged(&five.from(5, &key(1)), Some(&nine.head())), Err(Refusal::Seen(9)));
        let mut short = good.clone();
        short.path.pop();
        assert_eq!(judged(&short, Some(&seen)), Err(Refusal::NotExtended));
        let mut long = five.from(5, &key(1));
        long.path.push([0; 32]);
        assert_eq!(judged(&long, Some(&seen)), Err(Refusal::NotExtended));
        let odd = Extension { checkpoint: Note::new("no checkpoint\n".into(), Vec::new()), ..good };
        assert_eq!(judged(&odd, Some(&seen)), Err(Refusal::Malformed));
    }

    #[test]
    fn signatures_of_others_count_for_nothing_and_a_false_one_of_the_log_spoils_all() {
        let nine = Grown::new(9, |n| n);
        let mut request = nine.from(0, &key(1));
        request.checkpoint.signatures.extend(nine.from(0, &key(2)).checkpoint.signatures);
        assert_eq!(judged(&request, None), Ok(9));
        request.checkpoint.signatures.push(key(1).named(ORIGIN).line(vec![0; 64]));
        assert_eq!(judged(&request, None), Err(Refusal::NotSigned));
    }

    #[test]
    fn an_empty_log_has_one_root() {
        let empty = Grown::default();
        assert_eq!(judged(&empty.from(0, &key(1)), None), Ok(0));
        assert_eq!(judged(&Grown::new(3, |n| n).from(0, &key(1)), Some(&empty.head())), Ok(3));
        let text = Checkpoint { root: [7; 32], ..empty.head() }.to_string();
        let line = key(1).named(ORIGIN).sign(&text, &SigningKey::from_bytes(&[1; 32]));
        let odd = Extension { old: 0, path: Vec::new(), checkpoint: Note::new(text, vec![line]) };
        assert_eq!(judged(&odd, None), Err(Refusal::NotExtended));
    }
}
