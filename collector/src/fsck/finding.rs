//! What `fsck` can find, in words.
//!
//! In scope: the kinds of fault and their sentences. Out of scope: finding them.
//!
//! Invariant: a finding names an organisation and a number, never a person.

use std::fmt;

/// What does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A receipt is missing between others.
    ReceiptMissing,
    /// A receipt cannot be read.
    ReceiptUnreadable,
    /// Its signature is false, or its key is gone.
    SignatureFalse,
    /// It is not found by its id, or something else is.
    NotById,
    /// Its entry in the log is missing or another one.
    NotInLog,
    /// A node of the log is missing or another one.
    NodeFalse,
    /// The head of the log is not that of its entries.
    HeadFalse,
    /// The signature of the head is false.
    HeadSignatureFalse,
    /// A checkpoint that a witness cosigned is none of this log, or a signature on it is false.
    CosignatureFalse,
    /// Rows are left over that belong to no receipt.
    LeftOver,
    /// The receipt of an erased person is still there.
    NotErased,
    /// What time will do for a person is not noted, or noted at another moment.
    DueFalse,
    /// A person's row cannot be read, or names receipts that are not theirs.
    PersonFalse,
    /// A person's contact data cannot be opened with these keys.
    ContactClosed,
    /// An address is missing in the index, or the index has one too many.
    IndexFalse,
    /// What stands under a person's address is not what their receipts add up to.
    StandingFalse,
    /// A line of the access record was changed or taken out.
    AccessFalse,
    /// The manifest of a mailing is not what was written.
    MailingFalse,
    /// The words that an imported list names are gone or were changed.
    WordingFalse,
    /// An objection is not noted where its address is looked up.
    ObjectionFalse,
    /// The slip of a person does not lead to them, or there is one too many.
    SlipFalse,
    /// A counter is not what the receipts add up to.
    TallyFalse,
    /// An endpoint cannot be read, or its secret cannot be opened with these keys.
    EndpointFalse,
    /// A delivery cannot be read, or is about a receipt that never was.
    DeliveryFalse,
    /// A kiosk cannot be read, or its entries are not one for each number that it used up.
    KioskFalse,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReceiptMissing => "the receipt is missing",
            Self::ReceiptUnreadable => "the receipt cannot be read",
            Self::SignatureFalse => "the signature is false, or the key that made it is gone",
            Self::NotById => "the receipt is not found by its id",
            Self::NotInLog => "the log does not have this receipt at this place",
            Self::NodeFalse => "a node of the log is not the one that follows from its entries",
            Self::HeadFalse => "the head of the log is not the one that follows from its entries",
            Self::HeadSignatureFalse => "the signature of the log's head is false",
            Self::CosignatureFalse => {
                "a checkpoint that a witness cosigned is none of this log, or is not truly signed"
            }
            Self::LeftOver => "there are rows that belong to no receipt",
            Self::NotErased => "the receipt is still there though its person was erased",
            Self::DueFalse => "what time will do for a person is not noted",
            Self::PersonFalse => "a person's row does not fit their receipts",
            Self::ContactClosed => "contact data cannot be opened with these keys",
            Self::IndexFalse => "the index of addresses does not fit the contact data",
            Self::StandingFalse => "what stands under the address is not what the receipts add up to",
            Self::AccessFalse => "a line of the access record was changed or taken out",
            Self::MailingFalse => "the manifest of a mailing is not what was written",
            Self::WordingFalse => "the words that an imported list names are gone or were changed",
            Self::ObjectionFalse => "an objection is not noted where its address is looked up",
            Self::SlipFalse => "a counter slip does not lead to its person",
            Self::TallyFalse => "a counter of the statistics is not what the receipts add up to",
            Self::EndpointFalse => {
                "an endpoint cannot be read, or its secret cannot be opened with these keys"
            }
            Self::DeliveryFalse => "what an endpoint is to be told is not what was written",
            Self::KioskFalse => "what is kept of a kiosk is not what was written",
        })
    }
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// With which organisation.
    pub organisation: String,
    /// At which receipt, if it is about one.
    pub number: Option<u64>,
    /// What.
    pub what: What,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "{}, receipt {number}: {}", self.organisation, self.what),
            None => write!(f, "{}: {}", self.organisation, self.what),
        }
    }
}
