//! One thing that happened at a counter, and the envelope in which it travels.
//!
//! In scope: what an entry says, the signed envelope around its sealed form. Out of scope: the seal itself (`seal`).
//!
//! Invariant: an entry is read only out of an envelope whose signature was found good, by the key of the kiosk that it names.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::KioskRefusal;
use super::seal::Sealed;
use crate::api::ContactText;
use crate::canonical;
use crate::ids::{KioskId, NoticeHash, PurposeId};
use crate::jwk::{KeySet, PublicKey};
use crate::jws::{self, Jws, JwsError};
use crate::language::Language;
use crate::slip::SlipCode;
use crate::time::Timestamp;

/// The `typ` of an entry.
pub const ENTRY_TYP: &str = "vinkje-kiosk-entry+jws";

/// The `typ` of what a kiosk says of itself when it sends.
pub const SYNC_TYP: &str = "vinkje-kiosk-sync+jws";

/// The `typ` of a kiosk's question for a link to a customer's own phone.
pub const PHONE_TYP: &str = "vinkje-kiosk-phone+jws";

/// One thing that happened at a counter. It has no `Debug`: it holds contact data.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When, by the kiosk's clock.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
    /// Who handed the screen over, by the name they have at work; none where nobody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
}

/// What happened.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// A customer answered the form.
    Answer(Answer),
    /// A customer took back everything that they agreed to on the slip with this code.
    Withdraw {
        /// What stands on the slip.
        #[serde(with = "digits")]
        slip: SlipCode,
        /// In which language the screen was.
        language: Language,
    },
    /// The kiosk made something under this number and has it no more.
    Lost,
}

/// An answer to the form.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Contact data, as typed.
    #[serde(default)]
    pub contact: ContactText,
    /// The exact wording that was shown.
    pub notice: NoticeHash,
    /// When the form came on the screen, by the kiosk's clock.
    pub offered_at: Timestamp,
    /// What stands on the customer's slip.
    #[serde(with = "digits")]
    pub slip: SlipCode,
    /// The purposes whose boxes were ticked.
    pub ticked: Vec<PurposeId>,
}

/// A sealed entry with what its signature binds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Which kiosk.
    pub kiosk: KioskId,
    /// The how-manieth entry of this kiosk, from 1, without gaps.
    pub number: u64,
    /// The entry.
    pub sealed: Sealed,
}

/// The text that a kiosk signs (RFC 7515 §5.1): the key itself stays in the browser, which signs the bytes.
#[must_use]
pub fn unsigned<T: Serialize>(typ: &str, key: &PublicKey, payload: &T) -> String {
    jws::signing_input(&jws::header_of(typ, &key.thumbprint()), &canonical::to_bytes(payload))
}

/// Reads a signed text of a kiosk.
///
/// # Errors
///
/// [`KioskRefusal::EntryMalformed`] for what is no such text, [`KioskRefusal::EntryForged`] for another key or a false signature.
pub fn read_signed<T: Serialize + serde::de::DeserializeOwned>(
    typ: &str,
    text: &str,
    key: PublicKey,
) -> Result<T, KioskRefusal> {
    let malformed = |_| KioskRefusal::EntryMalformed;
    let payload = Jws::parse_as(typ, text).map_err(malformed)?.verify(&KeySet::new([key])).map_err(
        |error| match error {
            JwsError::UnknownKey | JwsError::Signature => KioskRefusal::EntryForged,
            _ => KioskRefusal::EntryMalformed,
        },
    )?;
    canonical::from_bytes(&payload).map_err(|_| KioskRefusal::EntryMalformed)
}

/// A slip's code as its digits.
mod digits {
    use alloc::borrow::Cow;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::slip::SlipCode;

    pub fn serialize<S: Serializer>(code: &SlipCode, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&code.digits())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SlipCode, D::Error> {
        SlipCode::parse(&Cow::<'de, str>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
