//! Text from the view's data as nodes and attributes.
//!
//! Each conversion stands here once and is not inlined: fifty copies of it would be a tenth of the download.

use yew::virtual_dom::AttrValue;
use yew::{Html, html};

/// A text node.
#[inline(never)]
pub fn words(text: &str) -> Html {
    html! { { attribute(text) } }
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
