//! Texts as QR codes: drawn for pages, as a picture for letters.
//!
//! Invariant: dark on light with the quiet zone around it, whatever the page's colours are, so that every reader reads it.

use qrcodegen::{QrCode, QrCodeEcc};
use widget::code::qr_view;
use widget::model::CodeView;

/// A text as a QR code: one path, dark on light, with the quiet zone of four modules.
pub(crate) fn qr_svg(text: &str) -> String {
    let Some(CodeView { side, path }) = qr_view(text) else { return String::new() };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

/// Pixels of a module: the picture is shown at about a third of its size, so it stays sharp.
const MODULE_PIXELS: usize = 8;
/// Modules of white around it (ISO/IEC 18004 §9.1).
const QUIET_MODULES: usize = 4;

/// A text as a QR code: a picture of black and white, one bit a pixel.
pub(super) fn qr_png(text: &str) -> Option<Vec<u8>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let modules = usize::try_from(code.size()).ok()?;
    let side = (modules + 2 * QUIET_MODULES) * MODULE_PIXELS;
    let mut pixels = vec![0u8; side.div_ceil(8) * side];
    let row_bytes = side.div_ceil(8);
    for y in 0..side {
        for x in 0..side {
            let module = |at: usize| i32::try_from(at / MODULE_PIXELS).ok().map(|at| at - 4);
            let dark = module(x).zip(module(y)).is_some_and(|(x, y)| code.get_module(x, y));
            if !dark {
                pixels[y * row_bytes + x / 8] |= 0x80 >> (x % 8);
            }
        }
    }
    let mut bytes = Vec::new();
    let side = u32::try_from(side).ok()?;
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_of_a_code_is_as_large_as_the_code() {
        let bytes = qr_png("https://c.example/u/AAAA").unwrap();
        let decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        let mut reader = decoder.read_info().unwrap();
        let (side, depth) = (reader.info().width, reader.info().bit_depth);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!((side, depth), ((25 + 8) * 8, png::BitDepth::One));
        assert!(pixels.contains(&0) && pixels.contains(&255), "black and white");
        assert_eq!(pixels[0], 255, "a quiet zone");
    }
}
