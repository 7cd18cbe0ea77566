//! What was found in a bundle, step by step.
//!
//! In scope: steps, outcomes, stable codes. Out of scope: sentences (`words`).
//!
//! Invariant: a code never changes its meaning; independent verifiers use the same ones.

use alloc::string::String;
use alloc::vec::Vec;

use crate::jws::JwsError;
use crate::log::Checkpoint;
use crate::notice::Notice;
use crate::receipt::Receipt;

/// What is looked at, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The file is a bundle, in its one spelling.
    File,
    /// The keys are whole, and the reader knows them from elsewhere.
    Keys,
    /// Each receipt is signed.
    Receipts,
    /// The wordings are the ones that the receipts name.
    Wording,
    /// The head of the log is signed.
    Checkpoint,
    /// Each receipt stands in the log.
    Place,
    /// No receipt of the person is missing, and their order is right.
    History,
    /// The log has only grown since a checkpoint that the reader kept.
    Kept,
    /// Others have seen the log.
    Witnesses,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 9] = [
        Self::File,
        Self::Keys,
        Self::Receipts,
        Self::Wording,
        Self::Checkpoint,
        Self::Place,
        Self::History,
        Self::Kept,
        Self::Witnesses,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Keys => "keys",
            Self::Receipts => "receipts",
            Self::Wording => "wording",
            Self::Checkpoint => "checkpoint",
            Self::Place => "place",
            Self::History => "history",
            Self::Kept => "kept",
            Self::Witnesses => "witnesses",
        }
    }
}

/// Why a step fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Longer than a bundle can be.
    TooLong,
    /// No JSON.
    NotJson,
    /// JSON in another spelling than the canonical one: spaces, other order, names given twice.
    NotCanonical,
    /// Members that a bundle does not have, or the lack of those that it has.
    NotABundle,
    /// A key that is none, or under another name than its own.
    KeySet,
    /// The log's key is none.
    LogKey,
    /// A receipt that is not signed as it should be.
    Receipt(JwsError),
    /// A receipt names a wording that is not here.
    WordingMissing,
    /// A wording that no receipt names.
    WordingUnused,
    /// Not a wording as collectors write them.
    WordingInvalid,
    /// The wording is of another organisation, form, version or language than the receipt says.
    WordingOther,
    /// The receipt has other boxes than the wording.
    BoxesDiffer,
    /// The receipt of an import does not say what it must, or another one says it.
    ImportFalse,
    /// The receipt of what staff wrote down does not say what it must, or another one says it.
    RegisteredFalse,
    /// The receipt of a sale does not say what it must, or another says what only a sale does.
    SaleFalse,
    /// The checkpoint is none.
    CheckpointShape,
    /// The log's key did not sign the checkpoint.
    CheckpointUnsigned,
    /// The signature of the checkpoint is false.
    CheckpointSignature,
    /// The checkpoint is of another log than the receipts.
    OtherLog,
    /// A receipt is not at its place in the log.
    NotInLog,
    /// The lines of an organisation are not exactly its log.
    LogDiffers,
    /// No word of the collector which receipts there are.
    HistoryMissing,
    /// That word is not signed as it should be.
    HistoryInvalid,
    /// Receipts of more than one person.
    HistoryOtherPerson,
    /// Other receipts, or in another order, than the collector said.
    HistoryDiffers,
    /// Receipts that do not follow each other in the log.
    HistoryOrder,
    /// Something ends that never began.
    HistoryImpossible,
    /// The kept checkpoint is none of this log.
    KeptInvalid,
    /// The log does not contain the one that was kept.
    Forked,
    /// A witness's signature is false.
    WitnessFalse,
}

impl Fault {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::NotJson => "not_json",
            Self::NotCanonical => "not_canonical",
            Self::NotABundle => "not_a_bundle",
            Self::KeySet => "key_set",
            Self::LogKey => "log_key",
            Self::Receipt(error) => receipt_code(error),
            Self::WordingMissing => "wording_missing",
            Self::WordingUnused => "wording_unused",
            Self::WordingInvalid => "wording_invalid",
            Self::WordingOther => "wording_other",
            Self::BoxesDiffer => "boxes_differ",
            Self::ImportFalse => "import_false",
            Self::RegisteredFalse => "registered_false",
            Self::SaleFalse => "sale_false",
            Self::CheckpointShape => "checkpoint_shape",
            Self::CheckpointUnsigned => "checkpoint_unsigned",
            Self::CheckpointSignature => "checkpoint_signature",
            Self::OtherLog => "other_log",
            Self::NotInLog => "not_in_log",
            Self::LogDiffers => "log_differs",
            Self::HistoryMissing => "history_missing",
            Self::HistoryInvalid => "history_invalid",
            Self::HistoryOtherPerson => "history_other_person",
            Self::HistoryDiffers => "history_differs",
            Self::HistoryOrder => "history_order",
            Self::HistoryImpossible => "history_impossible",
            Self::KeptInvalid => "kept_invalid",
            Self::Forked => "forked",
            Self::WitnessFalse => "witness_false",
        }
    }
}

const fn receipt_code(error: JwsError) -> &'static str {
    use crate::canonical::CanonicalError::{Shape, Spelling};
    match error {
        JwsError::TooLong => "receipt_too_long",
        JwsError::Shape => "receipt_shape",
        JwsError::Header => "receipt_header",
        JwsError::Algorithm => "receipt_algorithm",
        JwsError::Type => "receipt_type",
        JwsError::UnknownKey => "receipt_unknown_key",
        JwsError::Signature => "receipt_signature",
        JwsError::Payload(Shape) => "receipt_payload_shape",
        JwsError::Payload(Spelling) => "receipt_payload_spelling",
    }
}

/// Why a step was not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// The reader knows no keys from elsewhere; those in the file were used.
    OwnKeys,
    /// There are no keys: the file has none, and the reader gave none.
    NoKeys,
    /// A receipt without the rest of its evidence says nothing about this.
    Alone,
    /// A bundle of one receipt says nothing about others.
    OneReceipt,
    /// The reader kept no checkpoint.
    NothingKept,
    /// The bundle has no proof for the checkpoint that was kept.
    OtherSize,
    /// The reader named no witnesses.
    NoWitnesses,
    /// None of the named witnesses has signed.
    NoCosignature,
    /// Something that it rests on fails.
    Earlier,
}

impl Open {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnKeys => "own_keys",
            Self::NoKeys => "no_keys",
            Self::Alone => "alone",
            Self::OneReceipt => "one_receipt",
            Self::NothingKept => "nothing_kept",
            Self::OtherSize => "other_size",
            Self::NoWitnesses => "no_witnesses",
            Self::NoCosignature => "no_cosignature",
            Self::Earlier => "earlier",
        }
    }
}

/// How a step came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It fails; for a step about each receipt, at which one, from 1.
    Fails(Fault, Option<usize>),
    /// It was not checked.
    NotChecked(Open),
}

/// A step and how it came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// The step.
    pub step: Step,
    /// How it came out.
    pub outcome: Outcome,
}

/// What all steps come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All that was checked holds, by keys that the reader knew.
    Holds,
    /// All that was checked holds, if the keys in the file are the collector's.
    HoldsByItsOwnKeys,
    /// Nothing could be judged: there are no keys.
    Open,
    /// Something fails.
    Fails,
}

/// All steps, and what the bundle says where they hold.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The steps, in order.
    pub steps: Vec<Checked>,
    /// Names of the receipt keys that were used.
    pub keys: Vec<String>,
    /// The log's key that was used.
    pub log_key: String,
    /// The head of the log; only where its signature is good.
    pub head: Option<Checkpoint>,
    /// How many of the named witnesses have signed it.
    pub witnesses: usize,
    /// The receipts; empty unless every signature is good.
    pub receipts: Vec<Receipt>,
    /// The wordings; empty unless they are the ones that the receipts name.
    pub notices: Vec<Notice>,
    /// The words that imported lists name; empty unless they are those.
    pub wordings: Vec<String>,
}

impl Report {
    /// What all steps come to.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.fault().is_some() {
            return Verdict::Fails;
        }
        match self.outcome(Step::Keys) {
            Some(Outcome::NotChecked(Open::NoKeys)) => Verdict::Open,
            Some(Outcome::NotChecked(_)) => Verdict::HoldsByItsOwnKeys,
            _ => Verdict::Holds,
        }
    }

    /// The first step that fails, and why.
    #[must_use]
    pub fn fault(&self) -> Option<(Step, Fault)> {
        self.steps.iter().find_map(|checked| match checked.outcome {
            Outcome::Fails(fault, _) => Some((checked.step, fault)),
            Outcome::Holds | Outcome::NotChecked(_) => None,
        })
    }

    /// How a step came out.
    #[must_use]
    pub fn outcome(&self, step: Step) -> Option<Outcome> {
        self.steps.iter().find(|checked| checked.step == step).map(|checked| checked.outcome)
    }
}
