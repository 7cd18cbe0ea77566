//! The evidence log: proof that a receipt was there, and that nothing was taken away or changed since.
//!
//! In scope: the tree (`tree`), what is in it (`entry`), signed heads (`note`, `checkpoint`), what witnesses say of them
//! (`cosignature`), its public layout (`tile`), and the proofs (`proof`, `extension`). Formats: RFC 6962 §2.1; C2SP
//! signed-note, tlog-checkpoint, tlog-cosignature, tlog-witness, tlog-tiles, tlog-proof. Out of scope: where tiles are kept
//! and who signs (collector).
//!
//! Invariant: nothing in a log says who somebody is; a leaf can be tied to its receipt only with the receipt and its salt
//! in hand, so erasing those erases the tie and leaves every other proof as it was.

pub mod checkpoint;
pub mod cosignature;
pub mod entry;
pub mod extension;
pub mod note;
pub mod proof;
pub mod tile;
pub mod tree;

pub use checkpoint::Checkpoint;
pub use entry::{Commitment, Salt};
pub use extension::Extension;
pub use note::{Note, NoteKey};
pub use proof::LogProof;
pub use tree::{Frontier, Hash};
