//! The code on a counter slip: how a person without an e-mail address finds their own page again.
//!
//! In scope: its digits, its check digit, how it is shown and how it is read when somebody types it. Out of scope: randomness, which
//! comes in as bytes; what the code opens (collector `slips`).
//!
//! Invariant: a code is never shown by accident: its `Debug` is silent, and only [`SlipCode::grouped`] and [`SlipCode::digits`] tell it.
//! One wrong digit, or two neighbours that changed places, never make another code.

use alloc::string::String;
use core::fmt;

use crate::limits::SLIP_CODE_CHARS_MAX;
use crate::refusal::Refusal;

/// Random digits of a code: 10^15 of them, about 50 bits.
const RANDOM_DIGITS: u32 = 15;

/// All digits: the random ones and one that checks them.
pub const SLIP_CODE_DIGITS: usize = RANDOM_DIGITS as usize + 1;

/// Digits that stand together, so that they can be read aloud.
const GROUP_DIGITS: usize = 4;

/// A code. It is a secret of the person who holds the slip.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SlipCode([u8; SLIP_CODE_DIGITS]);

impl SlipCode {
    /// Makes a code of random bytes. Of 2^128 values to 10^15 codes none is likelier than another by more than one part in 10^23.
    #[must_use]
    pub fn from_random(bytes: &[u8; 16]) -> Self {
        let mut rest = u128::from_be_bytes(*bytes) % 10u128.pow(RANDOM_DIGITS);
        let mut digits = [0; SLIP_CODE_DIGITS];
        for digit in digits[..SLIP_CODE_DIGITS - 1].iter_mut().rev() {
            *digit = (rest % 10) as u8;
            rest /= 10;
        }
        // A row of digits with its own sum behind it sums to nothing.
        digits[SLIP_CODE_DIGITS - 1] = sum(&digits[..SLIP_CODE_DIGITS - 1]);
        Self(digits)
    }

    /// Reads what somebody typed: digits of the Latin, Arabic or Persian script, with spaces, dots or hyphens anywhere.
    ///
    /// # Errors
    ///
    /// [`Refusal::SlipMistyped`] for anything that cannot be a code.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut digits = [0; SLIP_CODE_DIGITS];
        let mut read = 0;
        for (place, c) in text.chars().enumerate() {
            if place >= SLIP_CODE_CHARS_MAX {
                return Err(Refusal::SlipMistyped);
            }
            if is_between(c) {
                continue;
            }
            *digits.get_mut(read).ok_or(Refusal::SlipMistyped)? = digit(c).ok_or(Refusal::SlipMistyped)?;
            read += 1;
        }
        if read == SLIP_CODE_DIGITS && sum(&digits) == 0 {
            Ok(Self(digits))
        } else {
            Err(Refusal::SlipMistyped)
        }
    }

    /// The digits, as they stand in a link.
    #[must_use]
    pub fn digits(&self) -> String {
        self.0.iter().map(|digit| char::from(b'0' + digit)).collect()
    }

    /// The digits in groups of four, as a slip shows them.
    pub fn groups(&self) -> impl Iterator<Item = String> + '_ {
        self.0.chunks(GROUP_DIGITS).map(|group| group.iter().map(|digit| char::from(b'0' + digit)).collect())
    }

    /// The groups in one line.
    #[must_use]
    pub fn grouped(&self) -> String {
        let mut line = String::with_capacity(SLIP_CODE_DIGITS + 3);
        for group in self.groups() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&group);
        }
        line
    }
}

impl fmt::Debug for SlipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SlipCode(..)")
    }
}

/// What people put between groups.
const fn is_between(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '-' | '.' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}'..='\u{2013}'
    )
}

fn digit(c: char) -> Option<u8> {
    const SCRIPTS: [u32; 3] = ['0' as u32, '\u{660}' as u32, '\u{6f0}' as u32];
    let values = SCRIPTS.iter().filter_map(|zero| (c as u32).checked_sub(*zero));
    values.filter(|value| *value <= 9).find_map(|value| u8::try_from(value).ok())
}

/// A totally anti-symmetric quasigroup of order ten with zeros on its diagonal (H. M. Damm, 2004): every single wrong digit and every
/// swap of neighbours changes the sum.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

fn sum(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |sum, digit| DAMM[usize::from(sum)][usize::from(*digit)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_shown_in_groups_and_read_however_it_is_typed() {
        let code = SlipCode::from_random(&[7; 16]);
        let digits = code.digits();
        assert_eq!(code.grouped().replace(' ', ""), digits);
        assert_eq!(code.groups().map(|group| group.len()).collect::<alloc::vec::Vec<_>>(), [4; 4]);
        let arabic: String = digits.chars().map(|c| char::from_u32(c as u32 - 48 + 0x660).unwrap()).collect();
        let persian: String =
            digits.chars().map(|c| char::from_u32(c as u32 - 48 + 0x6f0).unwrap()).collect();
        let hyphens = code.grouped().replace(' ', "-");
        for typed in [digits.clone(), code.grouped(), hyphens, arabic, persian, format!("  {digits}\r\n")] {
            assert_eq!(SlipCode::parse(&typed), Ok(code), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_mistyped() {
        let code = SlipCode::from_random(&[7; 16]).digits();
        for bad in ["", "1", "kaas", &code[1..], &format!("{code}0"), &format!("{code}x"), &" ".repeat(500)] {
            assert_eq!(SlipCode::parse(bad), Err(Refusal::SlipMistyped), "{bad}");
        }
        assert_eq!(SlipCode::parse(&format!("{}{code}", " ".repeat(500))), Err(Refusal::SlipMistyped));
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        assert_eq!(format!("{:?}", SlipCode::from_random(&[7; 16])), "SlipCode(..)");
    }

    proptest! {
        #[test]
        fn a_wrong_digit_or_a_swap_of_neighbours_is_always_seen(bytes: [u8; 16], place in 0usize..16, other in 0u8..10) {
            let code = SlipCode::from_random(&bytes);
            prop_assert_eq!(SlipCode::parse(&code.grouped()), Ok(code));
            let mut wrong = code;
            wrong.0[place] = other;
            prop_assert_eq!(SlipCode::parse(&wrong.digits()).is_ok(), wrong == code);
            let mut swapped = code;
            swapped.0.swap(place, (place + 1).min(15));
            prop_assert_eq!(SlipCode::parse(&swapped.digits()).is_ok(), swapped == code);
        }

        #[test]
        fn all_digits_depend_on_the_random_bytes(number in 0u64..1_000_000_000_000_000) {
            let code = SlipCode::from_random(&u128::from(number).to_be_bytes());
            prop_assert_eq!(&code.digits()[..15], format!("{number:015}").to_string());
        }

        #[test]
        fn anything_may_be_typed(text in ".{0,60}") {
            if let Ok(code) = SlipCode::parse(&text) {
                prop_assert_eq!(SlipCode::parse(&code.digits()), Ok(code));
            }
        }
    }
}
