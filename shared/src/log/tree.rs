//! The Merkle tree (RFC 6962 §2.1, the same as RFC 9162 §2.1, SHA-256).
//!
//! In scope: hashes, growing a tree by its right edge, making and checking both proofs. Out of scope: where the hashes of
//! complete subtrees are kept; they come in as a function of level and index.
//!
//! Invariant: the algorithms follow the sections named beside them step by step, and both checks refuse a proof that has one
//! hash too many or too few.

use alloc::vec::Vec;
use sha2::{Digest, Sha256};

/// A node's hash.
pub type Hash = [u8; 32];

/// Levels that a tree of at most 2^63 leaves can have; no proof is longer than twice this.
pub const LEVELS_MAX: usize = 64;

/// The root of a tree without leaves.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The hash of a leaf.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(entry).finalize().into()
}

/// The hash of an inner node.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A tree as far as appending needs it: its size and the roots of its complete subtrees, from left to right.
///
/// There are as many as the size has ones in binary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

/// A subtree that an append completed: level 0 are leaves, index counts the subtrees of that level from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Complete {
    /// Its height.
    pub level: u8,
    /// Its place among the subtrees of its height.
    pub index: u64,
    /// Its root.
    pub hash: Hash,
}

impl Frontier {
    /// Puts a frontier together from what was kept; `None` when the parts do not belong together.
    #[must_use]
    pub fn from_parts(size: u64, roots: Vec<Hash>) -> Option<Self> {
        (roots.len() == size.count_ones() as usize).then_some(Self { size, roots })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of its complete subtrees, from left to right.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// The root of the whole tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut from_right = self.roots.iter().rev();
        let Some(last) = from_right.next() else { return empty_root() };
        from_right.fold(*last, |right, left| node_hash(left, &right))
    }

    /// Appends a leaf; `completed` hears of each subtree above it that is complete now, from below.
    pub fn append(&mut self, leaf: Hash, mut completed: impl FnMut(Complete)) {
        let (mut hash, mut level) = (leaf, 0);
        // A one in the size is a complete subtree that waits for its right neighbour.
        while self.size >> level & 1 == 1 {
            let Some(left) = self.roots.pop() else { break };
            hash = node_hash(&left, &hash);
            level += 1;
            completed(Complete { level, index: self.size >> level, hash });
        }
        self.roots.push(hash);
        self.size += 1;
    }
}

/// The largest power of two below `count`; `count` is at least 2.
const fn split(count: u64) -> u64 {
    1 << (u64::BITS - 1 - (count - 1).leading_zeros())
}

/// The root of leaves `from..until`, made of complete subtrees.
fn range_root<E>(
    from: u64,
    until: u64,
    node: &mut impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Hash, E> {
    let count = until - from;
    if count.is_power_of_two() {
        let level = count.trailing_zeros();
        return node(level as u8, from >> level);
    }
    let middle = from + split(count);
    let left = range_root(from, middle, node)?;
    Ok(node_hash(&left, &range_root(middle, until, node)?))
}

/// The proof that leaf `index` is in the tree of `size` leaves (RFC 6962 §2.1.1), from the leaf upwards.
///
/// `node` gives the root of a complete subtree. Empty when `index` is not below `size`.
///
/// # Errors
///
/// What `node` says.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    mut node: impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let (mut from, mut until, mut path) = (0, size, Vec::new());
    while index < size && until - from > 1 {
        let middle = from + split(until - from);
        if index < middle {
            path.push(range_root(middle, until, &mut node)?);
            until = middle;
        } else {
            path.push(range_root(from, middle, &mut node)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `new` leaves begins with that of `old` leaves (RFC 6962 §2.1.2).
///
/// Empty for the same tree, for an empty one, and when `old` is larger than `new`.
///
/// # Errors
///
/// What `node` says.
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    mut node: impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut path = Vec::new();
    if old == 0 || old >= new {
        return Ok(path);
    }
    let (mut from, mut until) = (0, new);
    while old != until {
        let middle = from + split(until - from);
        if old <= middle {
            path.push(range_root(middle, until, &mut node)?);
            until = middle;
        } else {
            path.push(range_root(from, middle, &mut node)?);
            from = middle;
        }
    }
    // The old tree's own root is known to who asks; only a part of it is not.
    if from > 0 {
        path.push(range_root(from, until, &mut node)?);
    }
    path.reverse();
    Ok(path)
}

/// Whether a proof shows that a leaf with this hash stands at `index` in the tree (RFC 9162 §2.1.3.2).
#[must_use]
pub fn includes(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut climb, mut hash) = (Climb { place: index, last: size - 1 }, *leaf);
    for sibling in proof {
        hash = match climb.next() {
            Some(Side::Left) => node_hash(sibling, &hash),
            Some(Side::Right) => node_hash(&hash, sibling),
            None => return false,
        };
    }
    climb.is_at_the_root() && hash == *root
}

/// Whether a proof shows that the new tree begins with the old one (RFC 9162 §2.1.4.2).
///
/// Every tree begins with the empty one; that needs no proof and takes none.
#[must_use]
pub fn extends(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == 0 {
        return proof.is_empty() && *old_root == empty_root();
    }
    if old_size >= new_size {
        return old_size == new_size && proof.is_empty() && old_root == new_root;
    }
    let complete = old_size.trailing_zeros();
    let mut climb = Climb { place: (old_size - 1) >> complete, last: (new_size - 1) >> complete };
    let known = old_size.is_power_of_two().then_some(old_root);
    let mut hashes = known.into_iter().chain(proof);
    let Some(first) = hashes.next() else { return false };
    let (mut of_old, mut of_new) = (*first, *first);
    for hash in hashes {
        match climb.next() {
            Some(Side::Left) => (of_old, of_new) = (node_hash(hash, &of_old), node_hash(hash, &of_new)),
            Some(Side::Right) => of_new = node_hash(&of_new, hash),
            None => return false,
        }
    }
    climb.is_at_the_root() && of_old == *old_root && of_new == *new_root
}

/// On which side the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

/// The way up from a leaf, as both checks of RFC 9162 go it: `fn` and `sn` of its text.
struct Climb {
    place: u64,
    last: u64,
}

impl Climb {
    /// Goes up past the next sibling; `None` at the root.
    fn next(&mut self) -> Option<Side> {
        if self.is_at_the_root() {
            return None;
        }
        if self.place & 1 == 0 && self.place != self.last {
            self.up(1);
            return Some(Side::Right);
        }
        // The right edge has no siblings on the levels where it stands alone. Its place is not 0 here: that is the root's.
        self.up(self.place.trailing_zeros() + 1);
        Some(Side::Left)
    }

    const fn is_at_the_root(&self) -> bool {
        self.last == 0
    }

    fn up(&mut self, levels: u32) {
        self.place = self.place.checked_shr(levels).unwrap_or(0);
        self.last = self.last.checked_shr(levels).unwrap_or(0);
    }
}
