//! What a phone's camera reads in a picture of the screen.

use anyhow::{Context, Result};
use rqrr::PreparedImage;

/// The text of the first QR code in a picture (PNG).
///
/// # Errors
///
/// If there is none that can be read.
pub fn text_of(picture: &[u8]) -> Result<String> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(picture));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().context("the picture is too large")?];
    let frame = reader.next_frame(&mut bytes)?;
    let samples = frame.color_type.samples();
    let (width, height) = (frame.width as usize, frame.height as usize);
    // Codes are black on white: any of the colours will do.
    let mut image =
        PreparedImage::prepare_from_greyscale(width, height, |x, y| bytes[(y * width + x) * samples]);
    let grids = image.detect_grids();
    let grid = grids.first().context("no code in the picture")?;
    Ok(grid.decode()?.1)
}
