//! The tree against the published vectors of RFC 6962.
//!
//! In scope: roots, inclusion and consistency proofs as others published them. Out of scope: trees of our own (`main`).
//!
//! Invariant: nothing expected here was computed by this project.

use shared::log::tree::{self, Frontier};

use super::{Whole, bytes, hash};

/// The eight leaves by which implementations of RFC 6962 are compared, and the root after each: those of the reference
/// implementation of Certificate Transparency (`cpp/merkletree/merkle_tree_test.cc`).
const PUBLISHED: [(&str, &str); 8] = [
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
];

/// Hashes that stand in several of the published proofs.
const SECOND: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const THIRD_AND_FOURTH: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const FIFTH: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const FIFTH_AND_SIXTH: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const SEVENTH_AND_EIGHTH: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const SECOND_HALF: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

fn published(leaves: usize) -> Whole {
    Whole::of(&PUBLISHED[..leaves].iter().map(|(leaf, _)| bytes(leaf)).collect::<Vec<_>>())
}

#[test]
fn the_published_roots_of_rfc_6962() {
    assert_eq!(tree::empty_root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    for (index, (_, root)) in PUBLISHED.iter().enumerate() {
        let whole = published(index + 1);
        assert_eq!(whole.frontier.root(), hash(root), "{} leaves", index + 1);
    }
    let whole = published(3);
    assert!(Frontier::from_parts(3, whole.frontier.roots().to_vec()).is_some());
    assert!(Frontier::from_parts(4, whole.frontier.roots().to_vec()).is_none());
}

#[test]
fn the_published_proofs_of_rfc_6962() {
    let (root_of, hashes) = (
        |size: u64| hash(PUBLISHED[size as usize - 1].1),
        |proof: &[&str]| proof.iter().map(|one| hash(one)).collect::<Vec<_>>(),
    );
    for (index, size, path) in [
        (0, 1, &[][..]),
        (0, 8, &[SECOND, THIRD_AND_FOURTH, SECOND_HALF]),
        (5, 8, &[FIFTH, SEVENTH_AND_EIGHTH, PUBLISHED[3].1]),
        (2, 3, &[PUBLISHED[1].1]),
        (1, 5, &[PUBLISHED[0].1, THIRD_AND_FOURTH, FIFTH]),
    ] {
        let Ok(made) = tree::inclusion_proof(index, size, published(size as usize).node());
        assert_eq!(made, hashes(path), "entry {index} of {size}");
        let leaf = tree::leaf_hash(&bytes(PUBLISHED[index as usize].0));
        assert!(tree::includes(&leaf, index, size, &made, &root_of(size)), "entry {index} of {size}");
    }
    for (old, new, proof) in [
        (1, 8, &[SECOND, THIRD_AND_FOURTH, SECOND_HALF][..]),
        (6, 8, &[FIFTH_AND_SIXTH, SEVENTH_AND_EIGHTH, PUBLISHED[3].1]),
        (2, 5, &[THIRD_AND_FOURTH, FIFTH]),
    ] {
        let Ok(made) = tree::consistency_proof(old, new, published(new as usize).node());
        assert_eq!(made, hashes(proof), "from {old} to {new}");
        assert!(tree::extends((old, &root_of(old)), (new, &root_of(new)), &made), "from {old} to {new}");
    }
}
