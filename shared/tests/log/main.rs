//! The evidence log against published vectors and against code of others.

use std::collections::HashMap;
use std::convert::Infallible;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use sha2::Sha256;
use shared::jwk::PublicKey;
use shared::log::checkpoint::{Checkpoint, CheckpointError};
use shared::log::entry::{self, ENTRY_BYTES};
use shared::log::extension::{Extension, ExtensionError};
use shared::log::note::{Kind, Note, NoteError, NoteKey, SignatureLine};
use shared::log::proof::{LogProof, ProofError};
use shared::log::tile::{Holds, Tile};
use shared::log::tree::{self, Frontier, Hash};

mod published;

const ORIGIN: &str = "c.example/log/kaas";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hash(hex: &str) -> Hash {
    bytes(hex).try_into().unwrap()
}

/// A tree with every complete subtree kept.
#[derive(Default)]
struct Whole {
    frontier: Frontier,
    nodes: HashMap<(u8, u64), Hash>,
    roots: Vec<Hash>,
}

impl Whole {
    fn of(entries: &[Vec<u8>]) -> Self {
        let mut whole = Self { roots: vec![tree::empty_root()], ..Self::default() };
        for (index, entry) in entries.iter().enumerate() {
            let leaf = tree::leaf_hash(entry);
            whole.nodes.insert((0, index as u64), leaf);
            whole.frontier.append(leaf, |node| {
                whole.nodes.insert((node.level, node.index), node.hash);
            });
            whole.roots.push(whole.frontier.root());
        }
        whole
    }

    fn node(&self) -> impl FnMut(u8, u64) -> Result<Hash, Infallible> + '_ {
        |level, index| Ok(self.nodes[&(level, index)])
    }
}

fn theirs(entries: &[Vec<u8>]) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    entries.iter().for_each(|entry| tree.push(entry.clone()));
    tree
}

proptest! {
    #[test]
    fn every_proof_is_the_one_that_others_make(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 1..70),
        at in any::<prop::sample::Index>(),
        old in any::<prop::sample::Index>(),
    ) {
        let (whole, other) = (Whole::of(&entries), theirs(&entries));
        let (size, at, old) = (entries.len(), at.index(entries.len()), old.index(entries.len()));
        prop_assert_eq!(whole.frontier.root().to_vec(), other.root().as_bytes().to_vec());

        let Ok(path) = tree::inclusion_proof(at as u64, size as u64, whole.node());
        prop_assert_eq!(path.concat(), other.prove_inclusion(at).as_bytes().to_vec());
        let leaf = tree::leaf_hash(&entries[at]);
        prop_assert!(tree::includes(&leaf, at as u64, size as u64, &path, &whole.frontier.root()));

        if old > 0 {
            let Ok(proof) = tree::consistency_proof(old as u64, size as u64, whole.node());
            prop_assert_eq!(proof.concat(), other.prove_consistency(size - old).as_bytes().to_vec());
            let (was, is) = ((old as u64, &whole.roots[old]), (size as u64, &whole.roots[size]));
            prop_assert!(tree::extends(was, is, &proof));
        }
    }

    #[test]
    fn no_changed_proof_is_accepted(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 2..40),
        at in any::<prop::sample::Index>(),
        flip in any::<prop::sample::Index>(),
        bit in 0u8..8,
    ) {
        let whole = Whole::of(&entries);
        let (size, at) = (entries.len() as u64, at.index(entries.len()));
        let leaf = tree::leaf_hash(&entries[at]);
        let Ok(path) = tree::inclusion_proof(at as u64, size, whole.node());
        let root = whole.frontier.root();

        let mut bytes = path.concat();
        let place = flip.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let flipped: Vec<Hash> = bytes.chunks(32).map(|chunk| chunk.try_into().unwrap()).collect();
        prop_assert!(!tree::includes(&leaf, at as u64, size, &flipped, &root));
        prop_assert!(!tree::includes(&leaf, at as u64, size, &path[1..], &root));
        prop_assert!(!tree::includes(&leaf, at as u64, size, &[&path[..], &path[..1]].concat(), &root));
        prop_assert!(!tree::includes(&leaf, at as u64 + size, size, &path, &root));
        prop_assert!(!tree::includes(&tree::leaf_hash(b"another"), at as u64, size, &path, &root));

        let old = (at as u64).max(1);
        let Ok(proof) = tree::consistency_proof(old, size, whole.node());
        let (was, is) = ((old, &whole.roots[old as usize]), (size, &root));
        prop_assert!(tree::extends(was, is, &proof));
        let forked = [7; 32];
        prop_assert!(!tree::extends((old, &forked), is, &proof));
        prop_assert!(!tree::extends(was, (size, &forked), &proof));
        prop_assert!(proof.is_empty() || !tree::extends(was, is, &proof[1..]));
        prop_assert!(!tree::extends(was, is, &[&proof[..], &[forked]].concat()));
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "(?s).{0,300}") {
        let _ = (Extension::parse(&text), Note::parse(&text), Checkpoint::parse(&text), LogProof::parse(&text), NoteKey::parse(&text), Tile::parse(&text));
    }

    #[test]
    fn every_tile_has_one_path(index in 0u64..2_000_000_000, width in 1u16..=256, level in 0u8..9) {
        let holds = if level == 8 { Holds::Entries } else { Holds::Hashes(level) };
        let tile = Tile { holds, index, width };
        prop_assert_eq!(Tile::parse(&tile.to_string()), Some(tile));
    }
}

#[test]
fn tile_paths_are_those_of_c2sp() {
    let full = Tile { holds: Holds::Hashes(0), index: 1_234_067, width: 256 };
    assert_eq!(full.to_string(), "0/x001/x234/067");
    let part = Tile { holds: Holds::Entries, index: 3, width: 8 };
    assert_eq!(part.to_string(), "entries/003.p/8");
    assert!(part.exists_at(776) && !part.exists_at(775));
    assert!(Tile { holds: Holds::Hashes(1), index: 0, width: 2 }.exists_at(512));
    for bad in
        ["0/1", "0/0001", "0/x000/001", "0/001.p/256", "0/001.p/0", "0/001.p/08", "8/000", "entries/", "/000"]
    {
        assert_eq!(Tile::parse(bad), None, "{bad}");
    }
    assert_eq!(Tile::parse(&format!("0/{}000", "x999/".repeat(12))), None, "past 64 bits");
}

/// The note of signed-note.md, by the key that C2SP publishes for its examples, and Go's own example of a note.
#[test]
fn published_notes_verify() {
    let key = NoteKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let note = Note::parse(concat!(
        "If you think cryptography is the answer to your problem,\n",
        "then you don't know what your problem is.\n\n",
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    ))
    .unwrap();
    assert_eq!(note.signed_by(&key), Ok(0));
    assert_eq!(key.to_string(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    let other =
        NoteKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").unwrap();
    assert_eq!(note.signed_by(&other), Err(NoteError::NotSigned));
}

fn key(seed: u8, name: &str, kind: Kind) -> (SigningKey, NoteKey) {
    let signing = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::from_bytes(signing.verifying_key().as_bytes()).unwrap();
    (signing, NoteKey::new(name, kind, public).unwrap())
}

fn head() -> Checkpoint {
    Checkpoint { origin: ORIGIN.into(), size: 1, root: [9; 32] }
}

#[test]
fn a_note_is_believed_by_exactly_its_keys() {
    let (log, log_key) = key(1, ORIGIN, Kind::Log);
    let (witness, witness_key) = key(2, "witness.example", Kind::Witness);
    let text = head().to_string();
    let lines = vec![log_key.sign(&text, &log), witness_key.cosign(&text, 1_800_000_000, &witness)];
    let note = Note::parse(&Note::new(text.clone(), lines).to_string()).unwrap();
    assert_eq!(note.signed_by(&log_key), Ok(0));
    assert_eq!(note.signed_by(&witness_key), Ok(1_800_000_000));
    assert_eq!(note.signed_by(&key(1, "other.example", Kind::Log).1), Err(NoteError::NotSigned));
    assert_eq!(note.signed_by(&key(3, ORIGIN, Kind::Log).1), Err(NoteError::NotSigned));

    // The same name and id, another text: false. A known key with one false signature spoils the note.
    let forged = note.to_string().replacen("\n1\n", "\n2\n", 1);
    assert_eq!(Note::parse(&forged).unwrap().signed_by(&log_key), Err(NoteError::False));
    let mut two = note.clone();
    two.signatures.push(log_key.sign("another\n", &log));
    assert_eq!(two.signed_by(&log_key), Err(NoteError::False));
}

#[test]
fn bad_notes_are_refused_each_for_its_reason() {
    let (log, log_key) = key(1, ORIGIN, Kind::Log);
    let line = log_key.sign("text\n", &log).to_string();
    let many = line.repeat(65);
    for (note, reason) in [
        ("text\n".to_owned(), NoteError::Shape),
        (format!("text\n\n{}", line.trim_end()), NoteError::Shape),
        (format!("te\rxt\n\n{line}"), NoteError::Shape),
        ("text\n\n- name AAAAAAAA\n".to_owned(), NoteError::SignatureLine),
        ("text\n\n— na me AAAAAAAA\n".to_owned(), NoteError::SignatureLine),
        ("text\n\n— name AAAA\n".to_owned(), NoteError::SignatureLine),
        ("text\n\n— name+ AAAAAAAA\n".to_owned(), NoteError::SignatureLine),
        (format!("text\n\n{many}"), NoteError::TooMany),
        (format!("{}\n\n{line}", "x".repeat(200_000)), NoteError::TooLong),
    ] {
        assert_eq!(Note::parse(&note), Err(reason), "{}", &note[..note.len().min(60)]);
    }
    for bad in [
        "",
        "name",
        "name+00000000",
        "name+00000000+AAAA",
        "na me+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
        assert_eq!(NoteKey::parse(bad), Err(NoteError::Key), "{bad}");
    }
    assert!(SignatureLine::parse("— name AAAAAAAA").is_ok());
}

#[test]
fn bad_checkpoints_are_refused_each_for_its_reason() {
    let root = STANDARD.encode([9; 32]);
    assert_eq!(Checkpoint::parse(&head().to_string()), Ok(head()));
    for (text, reason) in [
        (format!("{ORIGIN}\n1\n{root}"), CheckpointError::Shape),
        (format!("{ORIGIN}\n1\n"), CheckpointError::Shape),
        (format!("{ORIGIN}\n1\n{root}\nmore\n"), CheckpointError::Shape),
        (format!("\n1\n{root}\n"), CheckpointError::Origin),
        (format!("{ORIGIN}\n01\n{root}\n"), CheckpointError::Size),
        (format!("{ORIGIN}\n+1\n{root}\n"), CheckpointError::Size),
        (format!("{ORIGIN}\n\n{root}\n"), CheckpointError::Size),
        (format!("{ORIGIN}\n99999999999999999999\n{root}\n"), CheckpointError::Size),
        (format!("{ORIGIN}\n1\n{}\n", root.trim_end_matches('=')), CheckpointError::Root),
        (format!("{ORIGIN}\n1\nAAAA\n"), CheckpointError::Root),
    ] {
        assert_eq!(Checkpoint::parse(&text), Err(reason), "{text}");
    }
}

/// A log of 13 receipts and the proof of the sixth.
fn proven() -> (LogProof, NoteKey, String) {
    let (log, log_key) = key(1, ORIGIN, Kind::Log);
    let receipt = |number: u64| format!("header.payload-{number}.signature");
    let salt = |number: u64| [number as u8; 32];
    let entries: Vec<_> =
        (0..13).map(|n| entry::entry(&entry::commit(&salt(n), &receipt(n))).into_bytes()).collect();
    let whole = Whole::of(&entries);
    let Ok(path) = tree::inclusion_proof(5, 13, whole.node());
    let text = Checkpoint { origin: ORIGIN.into(), size: 13, root: whole.frontier.root() }.to_string();
    let line = log_key.sign(&text, &log);
    (LogProof { salt: salt(5), index: 5, path, checkpoint: Note::new(text, vec![line]) }, log_key, receipt(5))
}

#[test]
fn a_receipt_is_proven_by_its_own_proof_only() {
    let (proof, log, receipt) = proven();
    let read = LogProof::parse(&proof.to_string()).unwrap();
    assert_eq!(read, proof);
    assert_eq!(read.check(&receipt, &log).map(|head| head.size), Ok(13));
    assert_eq!(read.check("header.other.signature", &log), Err(ProofError::Path));

    let changed = |change: fn(&mut LogProof)| {
        let mut other = proof.clone();
        change(&mut other);
        other.check(&receipt, &log).map(|_| ())
    };
    assert_eq!(changed(|p| p.salt[0] ^= 1), Err(ProofError::Path));
    assert_eq!(changed(|p| p.index += 1), Err(ProofError::Path));
    assert_eq!(changed(|p| p.path.truncate(1)), Err(ProofError::Path));
    assert_eq!(changed(|p| p.checkpoint.signatures.clear()), Err(ProofError::Note(NoteError::NotSigned)));
    let (other, other_key) = key(4, "other.example/log", Kind::Log);
    let resigned =
        Note::new(proof.checkpoint.text().into(), vec![other_key.sign(proof.checkpoint.text(), &other)]);
    let elsewhere = LogProof { checkpoint: resigned, ..proof.clone() };
    assert_eq!(elsewhere.check(&receipt, &other_key), Err(ProofError::Origin));
}

#[test]
fn bad_proofs_are_refused_each_for_its_reason() {
    let good = proven().0.to_string();
    for (text, reason) in [
        (good.replacen("@v1", "@v2", 1), ProofError::Shape),
        (good.replacen("extra ", "other ", 1), ProofError::Salt),
        (good.replacen("extra B", "extra ", 1), ProofError::Salt),
        (good.replacen("index 5", "index 05", 1), ProofError::Shape),
        (good.replacen("index 5\n", "index 5\nAAAA\n", 1), ProofError::Shape),
        (good.replacen("\n\n", "\n", 1), ProofError::Shape),
        ("x".repeat(200_000), ProofError::TooLong),
    ] {
        assert_eq!(LogProof::parse(&text), Err(reason), "{}", &text[..text.len().min(80)]);
    }
}

#[test]
fn a_log_that_has_grown_is_told_from_one_that_was_rewritten() {
    let (log, log_key) = key(1, ORIGIN, Kind::Log);
    let head = |whole: &Whole, size: usize, signing: &SigningKey| {
        let text =
            Checkpoint { origin: ORIGIN.into(), size: size as u64, root: whole.roots[size] }.to_string();
        let line = log_key.sign(&text, signing);
        Note::new(text, vec![line])
    };
    let entries: Vec<Vec<u8>> = (0u8..20).map(|n| vec![n]).collect();
    let whole = Whole::of(&entries);
    let Ok(path) = tree::consistency_proof(7, 20, whole.node());
    let good = Extension { old: 7, path, checkpoint: head(&whole, 20, &log) };
    let kept = head(&whole, 7, &log);
    assert_eq!(Extension::parse(&good.to_string()), Ok(good.clone()));
    assert_eq!(good.check(&kept, &log_key).map(|now| now.size), Ok(20));

    let mut rewritten = entries.clone();
    rewritten[3] = b"another".to_vec();
    let other = Whole::of(&rewritten);
    let Ok(path) = tree::consistency_proof(7, 20, other.node());
    let forged = Extension { old: 7, path, checkpoint: head(&other, 20, &log) };
    assert_eq!(forged.check(&kept, &log_key), Err(ExtensionError::Rewritten));
    assert_eq!(good.check(&head(&whole, 8, &log), &log_key), Err(ExtensionError::Size));
    let stranger = SigningKey::from_bytes(&[9; 32]);
    let falsely = head(&whole, 7, &stranger);
    assert_eq!(good.check(&falsely, &log_key), Err(ExtensionError::Note(NoteError::False)));
    let shorter = Extension { path: good.path[1..].to_vec(), ..good.clone() };
    assert_eq!(shorter.check(&kept, &log_key), Err(ExtensionError::Rewritten));
    for (text, reason) in [
        (good.to_string().replacen("old 7", "old 07", 1), ExtensionError::Shape),
        (good.to_string().replacen("old 7\n", "old 7\nAAAA\n", 1), ExtensionError::Shape),
        (good.to_string().replacen("old", "new", 1), ExtensionError::Shape),
        ("x".repeat(200_000), ExtensionError::TooLong),
    ] {
        assert_eq!(Extension::parse(&text), Err(reason));
    }
}

#[test]
fn an_entry_is_the_bytes_that_are_agreed_on() {
    let commitment = entry::commit(&[0; 32], "a.b.c");
    let entry = entry::entry(&commitment);
    assert_eq!(entry, format!("{{\"v\":1,\"k\":\"evt\",\"c\":\"{}\"}}", URL_SAFE_NO_PAD.encode(commitment)));
    assert_eq!(entry.len(), ENTRY_BYTES);
    assert_ne!(commitment, entry::commit(&[1; 32], "a.b.c"));
}
