//! Finding a QR code in a picture.
//!
//! Invariant: a picture is a frame of bytes within bounds; what is found is text, and nothing is believed of it.

use rqrr::{BitGrid, Grid, PreparedImage};
use shared::limits::PICTURE_PIXELS_MAX;

/// A picture as brightness, a byte a pixel.
pub struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

/// Pictures up to this many pixels are looked at in twice their size too.
const SMALL_PIXELS_MAX: usize = 1_000_000;

impl Picture {
    /// From what a canvas gives: four bytes a pixel, red, green, blue, opacity. Nothing unless these are exactly the bytes of the size.
    #[must_use]
    pub fn new(width: usize, height: usize, rgba: &[u8]) -> Option<Self> {
        let pixels = width.checked_mul(height).filter(|pixels| (1..=PICTURE_PIXELS_MAX).contains(pixels))?;
        let grey = (rgba.len() == pixels * 4).then(|| rgba.chunks_exact(4).map(brightness).collect())?;
        Some(Self { width, height, grey })
    }

    /// The texts of the codes in it.
    ///
    /// Where black ends is told from the surroundings of each pixel first, which forgives shadows; then by one measure for the whole
    /// picture, which is sharper. Large pictures are looked at in half their size as well, where the grain of a photo is gone; small
    /// ones in twice their size, where a blurred edge is a smaller part of a module.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let (width, height) = (self.width, self.height);
        let found = texts_around(width, height, |x, y| self.at(x, y));
        if !found.is_empty() {
            return found;
        }
        let measure = self.measure();
        let mut image = PreparedImage::prepare_from_bitmap(width, height, |x, y| self.at(x, y) < measure);
        let found = decoded(&image.detect_grids());
        if !found.is_empty() {
            found
        } else if width * height <= SMALL_PIXELS_MAX {
            texts_around(width * 2, height * 2, |x, y| self.at(x / 2, y / 2))
        } else {
            texts_around(width / 2, height / 2, |x, y| self.mean(x * 2, y * 2))
        }
    }

    fn at(&self, x: usize, y: usize) -> u8 {
        self.grey[y * self.width + x]
    }

    /// Of four pixels.
    fn mean(&self, x: usize, y: usize) -> u8 {
        let four = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)].map(|(x, y)| u16::from(self.at(x, y)));
        u8::try_from(four.iter().sum::<u16>() / 4).unwrap_or(u8::MAX)
    }

    /// Below it lies what is dark: the middle between the darkest and the lightest twentieth.
    fn measure(&self) -> u8 {
        let mut counts = [0usize; 256];
        self.grey.iter().for_each(|value| counts[usize::from(*value)] += 1);
        let (dark, light) =
            (self.twentieth(&counts, 0..=u8::MAX, 0), self.twentieth(&counts, (0..=u8::MAX).rev(), u8::MAX));
        u8::try_from((u16::from(dark) + u16::from(light)) / 2).unwrap_or(u8::MAX)
    }

    /// Where a twentieth of the picture is passed, counted in this order.
    fn twentieth(&self, counts: &[usize; 256], mut order: impl Iterator<Item = u8>, or: u8) -> u8 {
        let mut seen = 0;
        let passed = order.find(|value| {
            seen += counts[usize::from(*value)];
            seen > self.grey.len() / 20
        });
        passed.unwrap_or(or)
    }
}

/// ITU-R BT.601; what is see-through lies on white paper.
fn brightness(pixel: &[u8]) -> u8 {
    let [red, green, blue, opacity] = [0, 1, 2, 3].map(|part| u32::from(pixel[part]));
    let colour = (299 * red + 587 * green + 114 * blue) / 1000;
    u8::try_from((colour * opacity + 255 * (255 - opacity)) / 255).unwrap_or(u8::MAX)
}

fn texts_around(width: usize, height: usize, at: impl FnMut(usize, usize) -> u8) -> Vec<String> {
    decoded(&PreparedImage::prepare_from_greyscale(width, height, at).detect_grids())
}

fn decoded<G: BitGrid>(grids: &[Grid<G>]) -> Vec<String> {
    grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use qrcodegen::{QrCode, QrCodeEcc};

    use super::*;

    /// A code as pixels, so many to a module, dark on light or as `colours` say.
    fn draw(text: &str, module: usize, [dark, light]: [[u8; 4]; 2]) -> (usize, Vec<u8>) {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("short enough");
        let side = (code.size() as usize + 8) * module;
        let at = |place: usize| (place / module) as i32 - 4;
        let pixels = (0..side * side)
            .flat_map(|pixel| if code.get_module(at(pixel % side), at(pixel / side)) { dark } else { light });
        (side, pixels.collect())
    }

    const PAPER: [[u8; 4]; 2] = [[0, 0, 0, 255], [255, 255, 255, 255]];

    #[track_caller]
    fn check(text: &str, module: usize, colours: [[u8; 4]; 2]) {
        let (side, pixels) = draw(text, module, colours);
        let picture = Picture::new(side, side, &pixels).expect("its own size");
        assert_eq!(picture.texts(), [text], "{module} pixels to a module");
    }

    #[test]
    fn a_code_is_read_at_every_size_in_which_it_can_be_seen() {
        let checkpoint = "c.example/log/kaas\n12345\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u{2014} c.example/log/kaas AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n";
        for module in [3, 4, 7, 16] {
            check(checkpoint, module, PAPER);
        }
    }

    /// The same with soft edges, as a lens makes them: each pixel is the mean of those around it.
    #[test]
    fn a_small_code_with_soft_edges_on_a_large_sheet_is_read() {
        let (side, pixels) = draw(&"blurred ".repeat(22), 6, PAPER);
        let (width, height) = (side + 240, side + 80);
        let sharp = |x: usize, y: usize| {
            let inside = (120..120 + side).contains(&x) && (40..40 + side).contains(&y);
            if inside { u32::from(pixels[((y - 40) * side + x - 120) * 4]) } else { 255 }
        };
        let soft = |x: usize, y: usize| {
            let around =
                (0..9).map(|at| sharp((x + at % 3).saturating_sub(1), (y + at / 3).saturating_sub(1)));
            u8::try_from(around.sum::<u32>() / 9).expect("a mean")
        };
        let rgba: Vec<u8> = (0..width * height)
            .flat_map(|at| [soft(at % width, at / width); 3].into_iter().chain([255]))
            .collect();
        assert_eq!(
            Picture::new(width, height, &rgba).expect("its own size").texts(),
            ["blurred ".repeat(22)]
        );
    }

    #[test]
    fn a_code_on_grey_paper_or_on_nothing_is_read() {
        check("hello", 6, [[70, 60, 50, 255], [190, 185, 170, 255]]);
        check("hello", 6, [[0, 0, 0, 255], [0, 0, 0, 0]]);
    }

    #[test]
    fn a_picture_of_another_size_than_its_bytes_is_none() {
        assert!(Picture::new(2, 2, &[0; 15]).is_none());
        assert!(Picture::new(0, 2, &[]).is_none());
        assert!(Picture::new(usize::MAX, 2, &[]).is_none());
        assert!(Picture::new(PICTURE_PIXELS_MAX + 1, 1, &vec![0; (PICTURE_PIXELS_MAX + 1) * 4]).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn no_picture_breaks_the_reader(width in 1usize..90, bytes in proptest::collection::vec(any::<u8>(), 0..30_000)) {
            let height = bytes.len() / 4 / width;
            if let Some(picture) = Picture::new(width, height, &bytes[..width * height * 4]) {
                let _ = picture.texts();
            }
        }

        #[test]
        fn no_damage_to_a_code_breaks_the_reader(spots in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..400)) {
            let (side, mut pixels) = draw("https://c.example/r/0123456789", 4, PAPER);
            for (at, value) in spots {
                let at = at.index(side * side) * 4;
                pixels[at..at + 3].fill(value);
            }
            let _ = Picture::new(side, side, &pixels).expect("its own size").texts();
        }
    }
}
