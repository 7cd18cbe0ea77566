//! A receipt as they look under a notice: what the bodies of its receipts are compressed against.
//!
//! Invariant: it holds every text that a receipt takes from its notice, and nothing about anybody.

use shared::ids::{NoticeHash, ReceiptId, SubjectId};
use shared::notice::Notice;
use shared::offer::WidgetBuild;
use shared::receipt::{Act, CollectionMethod, Decided, Decision, RECEIPT_SCHEMA, Receipt, Ui};
use shared::time::Timestamp;

/// A receipt as they look under a notice: what their bodies are compressed against.
#[must_use]
pub fn example_receipt(notice: &Notice, hash: NoticeHash, issuer: &str, origin: Option<&str>) -> Vec<u8> {
    let at = Timestamp::from_unix_seconds(1_800_000_000);
    let decision = |decided, until| {
        move |shown: &shared::notice::NoticePurpose| Decision {
            decided,
            purpose: shown.purpose.id.clone(),
            until,
            version: shown.purpose.version,
        }
    };
    // Each purpose both given and not given, so that either is found in the example.
    let given = notice.purposes.iter().map(decision(Decided::Given, Some(at)));
    let not_given = notice.purposes.iter().map(decision(Decided::NotGiven, None));
    let receipt = Receipt {
        act: Act::Choices,
        at,
        controller: notice.controller.name.clone(),
        decisions: given.chain(not_given).collect(),
        form: notice.form.clone(),
        form_version: notice.form_version,
        imported: None,
        iss: issuer.into(),
        kiosk: None,
        language: notice.language,
        method: CollectionMethod::Web,
        notice: hash,
        offered_at: at,
        organisation: notice.organisation.clone(),
        origin: origin.map(Into::into),
        receipt: ReceiptId::from_bytes([0; 16]),
        registered: None,
        schema: RECEIPT_SCHEMA.into(),
        sold: None,
        subject: SubjectId::from_bytes([0; 16]),
        ui: Ui::Wasm,
        widget: WidgetBuild([0; 8]).to_string(),
    };
    receipt.to_bytes()
}
