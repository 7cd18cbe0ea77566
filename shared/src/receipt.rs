//! A receipt: what a person did on one form or on their own page, signed.
//!
//! In scope: the members of the record, its canonical bytes, signing and verifying.
//! Out of scope: contact data; a receipt names a person by a pseudonym only, so it can be shown to others.
//!
//! Invariant: a [`Verified`] receipt exists only after its signature was found good and its bytes canonical.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::choice::{Answer, Choice, Choices};
use crate::ids::{FormId, FormVersion, NoticeHash, OrganisationId, PurposeId, PurposeVersion};
use crate::ids::{ReceiptId, SubjectId};
use crate::import::Imported;
use crate::jwk::KeySet;
use crate::jws::{Jws, JwsError};
use crate::language::Language;
use crate::lifecycle::{ConsentEvent, Consents, EventKind, apply};
use crate::registered::Registered;
use crate::sale::Sold;
use crate::time::Timestamp;

mod how;

pub use how::{AtKiosk, CollectionMethod, Ui};

/// The schema name of the receipts that this version writes.
pub const RECEIPT_SCHEMA: &str = "vinkje/receipt/1";

/// What the person did, or let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Sent choices.
    Choices,
    /// Confirmed, as the owner of the address, what was requested.
    Confirmation,
    /// Took consent back.
    Withdrawal,
    /// Objected to all advertising of the organisation (Art. 21(2)); what stood is taken back with it.
    Objection,
    /// Nothing: the term of a consent ended, or nobody confirmed it in time.
    Expiry,
    /// Nothing here: the organisation took over a list that names them.
    Import,
    /// Bought something, says the organisation.
    Sale,
}

/// What was done with one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// The box was ticked and sent.
    Given,
    /// The box was seen and left empty.
    NotGiven,
    /// The box was ticked and sent, and waits for the owner of the address.
    Requested,
    /// Nobody confirmed it in time.
    Lapsed,
    /// Consent was taken back.
    Withdrawn,
    /// The term of the consent ended.
    Expired,
    /// An imported list named them without proof.
    Unproven,
    /// No consent: they bought something and did not object to messages about the like of it.
    NotObjected,
    /// They objected to what rests on a sale.
    Objected,
    /// The term of what rests on a sale ended.
    Ended,
}

/// One purpose on a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What was decided.
    pub decided: Decided,
    /// About which purpose.
    pub purpose: PurposeId,
    /// From when it no longer counts, beside `given` and `not_objected`; until when it can be confirmed, beside `requested`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// In which version it was shown.
    pub version: PurposeVersion,
}

impl From<&ConsentEvent> for Decision {
    fn from(event: &ConsentEvent) -> Self {
        let (decided, until) = match event.kind {
            EventKind::Given { until } | EventKind::Renewed { until } => (Decided::Given, Some(until)),
            EventKind::Requested { until } => (Decided::Requested, Some(until)),
            EventKind::Refused => (Decided::NotGiven, None),
            EventKind::Lapsed => (Decided::Lapsed, None),
            EventKind::Withdrawn => (Decided::Withdrawn, None),
            EventKind::Expired => (Decided::Expired, None),
            EventKind::Unproven => (Decided::Unproven, None),
            EventKind::NotObjected { until } => (Decided::NotObjected, Some(until)),
            EventKind::Objected => (Decided::Objected, None),
            EventKind::Ended => (Decided::Ended, None),
        };
        let until = until.map(Timestamp::from_unix_seconds);
        Self { decided, purpose: event.purpose.clone(), until, version: event.version }
    }
}

/// What a receipt says about choices: a line for each box, in the order shown, by what the lifecycle made of it.
#[must_use]
pub fn decisions(before: &Consents, choices: &Choices, events: &[ConsentEvent]) -> Vec<Decision> {
    let line = |answer: &Answer| match events.iter().find(|event| event.purpose == answer.purpose) {
        Some(event) => event.into(),
        // The answer changed nothing: an empty box takes nothing back, and a tick may be for what stands already.
        None => Decision {
            decided: if answer.choice == Choice::Given { Decided::Given } else { Decided::NotGiven },
            purpose: answer.purpose.clone(),
            until: before
                .get(&answer.purpose)
                .filter(|consent| answer.choice == Choice::Given && consent.is_given())
                .and_then(|consent| consent.ends().map(Timestamp::from_unix_seconds)),
            version: answer.version,
        },
    };
    choices.answers().iter().map(line).collect()
}

/// The signed record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// What the person did.
    pub act: Act,
    /// When the collector took it, by the collector's clock.
    pub at: Timestamp,
    /// Who asked (Art. 4(7)), by name.
    pub controller: String,
    /// What was decided, in the order shown.
    pub decisions: Vec<Decision>,
    /// On which form.
    pub form: FormId,
    /// In which version.
    pub form_version: FormVersion,
    /// What the list says, beside `import`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Imported>,
    /// The collector that signs, by its base URL.
    pub iss: String,
    /// What the kiosk says, beside `kiosk`; beside `web` the kiosk that sent somebody to their own phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kiosk: Option<AtKiosk>,
    /// The language shown.
    pub language: Language,
    /// How it was collected.
    pub method: CollectionMethod,
    /// The exact wording shown; beside `import` the wording under which it is gone on with.
    pub notice: NoticeHash,
    /// When the form was made for this person.
    pub offered_at: Timestamp,
    /// The organisation's name in URLs.
    pub organisation: OrganisationId,
    /// The website on which the form stood, where the browser said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// This receipt.
    pub receipt: ReceiptId,
    /// What staff wrote down, beside `paper`, `voice` and `staff`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<Registered>,
    /// `vinkje/receipt/1`.
    pub schema: String,
    /// What was sold, beside `sale`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold: Option<Sold>,
    /// Whose choices: a pseudonym.
    pub subject: SubjectId,
    /// What sent it.
    pub ui: Ui,
    /// The build of the widget that showed the form.
    pub widget: String,
}

/// A receipt whose signature has been found good. Only [`verify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified(Receipt);

impl Verified {
    /// The receipt.
    #[must_use]
    pub const fn receipt(&self) -> &Receipt {
        &self.0
    }

    /// The receipt itself.
    #[must_use]
    pub fn into_receipt(self) -> Receipt {
        self.0
    }
}

/// Reads a compact JWS, checks it against a key set, and gives the receipt.
///
/// # Errors
///
/// The first [`JwsError`] met, in the order of its members.
pub fn verify(text: &str, keys: &KeySet) -> Result<Verified, JwsError> {
    let payload = Jws::parse(text)?.verify(keys)?;
    let receipt: Receipt = canonical::from_bytes(&payload)?;
    let numbered = receipt.kiosk.as_ref().is_none_or(|kiosk| kiosk.number.is_some());
    if receipt.schema != RECEIPT_SCHEMA || (receipt.method == CollectionMethod::Kiosk && !numbered) {
        return Err(JwsError::Payload(canonical::CanonicalError::Shape));
    }
    Ok(Verified(receipt))
}

impl Receipt {
    /// The canonical bytes that are signed.
    ///
    /// As [`canonical::to_bytes`], in a tenth of the time: the members above stand in the order of RFC 8785, so a plain writer
    /// that escapes as RFC 8785 does gives the same bytes.
    ///
    /// # Panics
    ///
    /// Never: a receipt holds strings and integers only.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a receipt is strings and integers")
    }

    /// What this receipt changed, given what stood before it: the lifecycle's events, read back from the record.
    #[must_use]
    pub fn events(&self, before: &Consents) -> Vec<ConsentEvent> {
        events(&self.decisions, before)
    }

    /// What stands after this receipt.
    #[must_use]
    pub fn fold(&self, before: Consents) -> Consents {
        fold(before, &self.decisions, self.at)
    }

    /// Whether at least one purpose was agreed to.
    #[must_use]
    pub fn any_given(&self) -> bool {
        self.decisions.iter().any(|decision| decision.decided == Decided::Given)
    }
}

fn events(decisions: &[Decision], before: &Consents) -> Vec<ConsentEvent> {
    decisions.iter().filter_map(|decision| event(decision, before)).collect()
}

/// What stands after these decisions.
#[must_use]
pub fn fold(before: Consents, decisions: &[Decision], at: Timestamp) -> Consents {
    let events = events(decisions, &before);
    events.iter().fold(before, |state, event| apply(state, event, at))
}

fn event(decision: &Decision, before: &Consents) -> Option<ConsentEvent> {
    let stood = before.get(&decision.purpose);
    let kind = match (decision.decided, decision.until) {
        (Decided::Given, until) => {
            let until = until.map_or(i64::MAX, Timestamp::unix_seconds);
            let renewed = stood.is_some_and(|c| c.is_given() && c.version == decision.version);
            if renewed { EventKind::Renewed { until } } else { EventKind::Given { until } }
        }
        (Decided::NotGiven, _) if stood.is_none() => EventKind::Refused,
        (Decided::NotGiven, _) => return None,
        (Decided::Requested, until) => {
            let until = until.map_or(i64::MIN, Timestamp::unix_seconds);
            EventKind::Requested { until }
        }
        (Decided::Lapsed, _) => EventKind::Lapsed,
        (Decided::Withdrawn, _) => EventKind::Withdrawn,
        (Decided::Expired, _) => EventKind::Expired,
        (Decided::Unproven, _) if stood.is_none() => EventKind::Unproven,
        (Decided::Unproven, _) => return None,
        (Decided::NotObjected, until) => {
            EventKind::NotObjected { until: until.map_or(i64::MIN, Timestamp::unix_seconds) }
        }
        (Decided::Objected, _) => EventKind::Objected,
        (Decided::Ended, _) => EventKind::Ended,
    };
    Some(ConsentEvent { purpose: decision.purpose.clone(), version: decision.version, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::KioskId;
    use crate::ids::ProductGroup;
    use proptest::prelude::*;

    fn decision() -> impl Strategy<Value = Decision> {
        let until = proptest::option::of((0i64..4_000_000_000).prop_map(Timestamp::from_unix_seconds));
        let decided = proptest::sample::select(&[
            Decided::Given,
            Decided::NotGiven,
            Decided::Requested,
            Decided::Lapsed,
            Decided::Withdrawn,
            Decided::Expired,
            Decided::Unproven,
            Decided::NotObjected,
            Decided::Objected,
            Decided::Ended,
        ]);
        (decided, "[a-z]{1,8}", until, 1u32..9).prop_map(|(decided, purpose, until, version)| Decision {
            decided,
            purpose: PurposeId::parse(&purpose).expect("a plain word"),
            until,
            version: PurposeVersion::try_from(version).expect("from 1"),
        })
    }

    proptest! {
        #[test]
        fn the_quick_writer_gives_the_canonical_bytes(
            controller in any::<String>(),
            iss in any::<String>(),
            origin in proptest::option::of(any::<String>()),
            decisions in proptest::collection::vec(decision(), 0..5),
            bytes: [u8; 32],
            by in proptest::option::of(any::<String>()),
            staff in proptest::option::of(any::<String>()),
            listed in proptest::option::of((any::<String>(), proptest::option::of(any::<String>()))),
            sold in proptest::option::of(any::<String>()),
        ) {
            let at = Timestamp::from_unix_seconds(1_800_000_000);
            let receipt = Receipt {
                act: Act::Choices,
                at,
                controller,
                decisions,
                form: FormId::parse("aanmelden").expect("a plain word"),
                form_version: FormVersion::FIRST,
                imported: listed.map(|(source, reference)| Imported {
                    claimed_at: reference.is_some().then_some(at),
                    file: NoticeHash::from_bytes(bytes),
                    wording: reference.is_none().then_some(NoticeHash::from_bytes(bytes)),
                    reference,
                    source,
                }),
                iss,
                kiosk: staff.map(|staff| AtKiosk {
                    at,
                    behind_seconds: -7,
                    kiosk: KioskId::from_bytes([3; 16]),
                    number: staff.is_ascii().then_some(41),
                    staff: (!staff.is_empty()).then_some(staff),
                }),
                language: Language::Nl,
                method: CollectionMethod::Web,
                notice: NoticeHash::from_bytes(bytes),
                offered_at: at,
                organisation: OrganisationId::parse("kaas").expect("a plain word"),
                origin,
                receipt: ReceiptId::from_time_and_bits(1, [7; 10]),
                registered: by.map(|by| Registered {
                    claimed_at: by.is_empty().then_some(at),
                    scan: by.is_ascii().then_some(NoticeHash::from_bytes(bytes)),
                    by,
                }),
                schema: RECEIPT_SCHEMA.into(),
                sold: sold.map(|sale| Sold {
                    product_group: ProductGroup::parse("kaas").expect("a plain word"),
                    sale,
                    sold_at: at,
                }),
                subject: SubjectId::from_bytes([9; 16]),
                ui: Ui::Wasm,
                widget: "0011223344556677".into(),
            };
            prop_assert_eq!(receipt.to_bytes(), canonical::to_bytes(&receipt));
        }
    }
}
