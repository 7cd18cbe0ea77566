//! What staff wrote down for a person: a form signed on paper, a yes said aloud, a stop asked for at the counter or by phone.
//!
//! In scope: what a receipt says of it, and whether it says what it must. Out of scope: who may write it down (collector `paper`, `slips`).
//!
//! Invariant: what staff wrote down is never taken for a person's own tick: such a receipt has its own method, and names who wrote it.

use alloc::string::String;
use core::fmt;
use serde::{Deserialize, Serialize};

use crate::ids::NoticeHash;
use crate::limits::STAFF_LABEL_BYTES_MAX;
use crate::receipt::{Act, CollectionMethod, Receipt};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// What a receipt says of it. The members stand in the order of RFC 8785.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// Who wrote it down, as the organisation calls its staff.
    pub by: String,
    /// When the person signed or said it, as staff says; beside a consent only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<Timestamp>,
    /// SHA-256 of the scan of the signed paper, or of the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<NoticeHash>,
}

/// How an organisation calls somebody of its staff: a name, a number or a counter.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffLabel(String);

impl StaffLabel {
    /// Reads a label; spaces around it are dropped.
    ///
    /// # Errors
    ///
    /// [`Refusal::StaffMissing`] when it is empty, too long, or not one line.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let fits =
            !text.is_empty() && text.len() <= STAFF_LABEL_BYTES_MAX && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.into())) } else { Err(Refusal::StaffMissing) }
    }

    /// The label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StaffLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffLabel(..)")
    }
}

/// Whether a receipt says what it must: paper and voice name who wrote them down and when they were signed or said, paper also its
/// scan; a stop by staff names who wrote it down; what came from a kiosk says which one, when and under which number; who was sent from
/// there to their own phone has the kiosk and no number. Nothing else does.
#[must_use]
pub fn is_told(receipt: &Receipt) -> bool {
    let (claimed, scan) = receipt.registered.as_ref().map_or((None, None), |of| (of.claimed_at, of.scan));
    let was_before = claimed.is_some_and(|at| at <= receipt.at);
    let named = receipt.registered.as_ref().is_some_and(|of| !of.by.is_empty());
    let numbered = receipt.kiosk.as_ref().map(|kiosk| kiosk.number.is_some());
    let fits = match receipt.method {
        CollectionMethod::Kiosk => numbered == Some(true),
        CollectionMethod::Web => numbered != Some(true),
        _ => numbered.is_none(),
    };
    if !fits {
        return false;
    }
    match receipt.method {
        CollectionMethod::Paper => named && receipt.act == Act::Choices && was_before && scan.is_some(),
        CollectionMethod::Voice => named && receipt.act == Act::Choices && was_before,
        CollectionMethod::Staff => {
            let stops = matches!(receipt.act, Act::Withdrawal | Act::Objection);
            named && stops && claimed.is_none() && scan.is_none()
        }
        _ => receipt.registered.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_short_line() {
        assert_eq!(StaffLabel::parse("  balie 2 ").unwrap().as_str(), "balie 2");
        for bad in ["", "  ", "a\nb", &"x".repeat(81)] {
            assert_eq!(StaffLabel::parse(bad), Err(Refusal::StaffMissing));
        }
    }
}
