//! Text from the view's data as nodes and attributes.
//!
//! Each conversion stands here once and is not inlined: fifty copies of it would be a tenth of the download.

use yew::virtual_dom::AttrValue;
use yew::{Html, html};

/// A text as nodes. A line may break at a hyphen, so a word that begins with "e-mail" stands in a span of its own that the
/// style sheet keeps whole; the characters stay as they are, for searching and for reading aloud.
#[inline(never)]
pub fn words(text: &str) -> Html {
    let Some((start, end)) = email_word(text.as_bytes()) else { return plain(text) };
    html! {
        <>
            { plain(&text[..start]) }
            <span class="whole">{ plain(&text[start..end]) }</span>
            { words(&text[end..]) }
        </>
    }
}

#[inline(never)]
fn plain(text: &str) -> Html {
    html! { { attribute(text) } }
}

/// Where the first word stands that begins with "e-mail". Its ends lie between ASCII letters, so they cut no character.
fn email_word(text: &[u8]) -> Option<(usize, usize)> {
    let start = text.windows(6).position(|part| part.eq_ignore_ascii_case(b"e-mail"))?;
    let letters = text[start + 6..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    Some((start, start + 6 + letters))
}

/// An attribute value.
#[inline(never)]
pub fn attribute(text: &str) -> AttrValue {
    AttrValue::from(text.to_owned())
}

/// `prefix` and `text` as one attribute value.
#[inline(never)]
pub fn prefixed(prefix: &str, text: &str) -> AttrValue {
    AttrValue::from(String::from(prefix) + text)
}

#[cfg(test)]
mod tests {
    use super::email_word;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(email_word(text.as_bytes()).map(|(start, end)| &text[start..end]), expected, "{text}");
    }

    #[test]
    fn a_word_with_a_hyphen_that_readers_see_as_one_is_found() {
        check("E-mailadres", Some("E-mailadres"));
        check("Stuur mij één nieuwsbrief per e-mail.", Some("e-mail"));
        check("één e-mailadres, één e-mail", Some("e-mailadres"));
        check("a mail to an e-reader", None);
        check("", None);
        check("e-mai", None);
    }
}
