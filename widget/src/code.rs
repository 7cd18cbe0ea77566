//! Texts as QR codes.
//!
//! Invariant: the quiet zone of four modules is part of every code (ISO/IEC 18004 §9.1).

use qrcodegen::{QrCode, QrCodeEcc};

use crate::model::CodeView;

/// A text as a QR code, for a view to draw. None for a text longer than any code holds.
#[must_use]
pub fn qr_view(text: &str) -> Option<CodeView> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let dark =
        (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.map(|(x, y)| format!("M{},{}h1v1h-1z", x + 4, y + 4)).collect();
    Some(CodeView { side: u32::try_from(size + 8).ok()?, path })
}
