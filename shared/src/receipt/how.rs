//! How an answer came: by which way, sent by what, and what a kiosk says of it.
//!
//! Invariant: a way keeps its name; what was signed once says the same for ever.

use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::ids::KioskId;
use crate::time::Timestamp;

/// How consent was collected (ISO/IEC TS 27560 `collection_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CollectionMethod {
    /// A form on a website, by the person.
    Web,
    /// The person's own page, behind their link.
    ManagePage,
    /// A kiosk at a counter, by the person.
    Kiosk,
    /// A page behind a link that was mailed to the address, so whoever acted can read its mail.
    Mail,
    /// By nobody: a term ended.
    Term,
    /// On a list that the organisation took over.
    Import,
    /// On a paper that the person signed; staff entered it.
    Paper,
    /// Said aloud; staff entered it.
    Voice,
    /// By staff, because the person asked them at the counter or by phone.
    Staff,
    /// At a sale, by the organisation's own till or shop.
    Sale,
}

/// Which machinery sent the answer.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ui {
    /// A plain form post, no script.
    Html,
    /// The loader's script, before or without WASM.
    Script,
    /// The WASM widget.
    Wasm,
    /// Nothing: no answer was sent.
    None,
}

/// Where and when at a counter, as its kiosk wrote it down under its own signature. Beside it stands when the collector took it;
/// neither is made to fit the other. Who answered on their own phone has it too: the kiosk that sent them there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtKiosk {
    /// When, by the kiosk's clock.
    pub at: Timestamp,
    /// By how many seconds that clock was behind the collector's when it was sent.
    pub behind_seconds: i64,
    /// Which kiosk.
    pub kiosk: KioskId,
    /// The how-manieth entry of this kiosk; none where the answer came from the person's own phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Who handed the screen over, by the name they have at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
}
