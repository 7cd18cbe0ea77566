//! The answer that the person has put on the page, and the check before it is sent.
//!
//! Invariant: an answer without ticks carries no contact data, and one with ticks carries only what they need.

use js_sys::{Array, JSON, Object};
use shared::Language;
use shared::purpose::ContactField;
use wasm_bindgen::JsValue;
use web_sys::{FormData, HtmlFormElement};

use super::object::{member, set};
use crate::model::{FormView, ProblemView};
use crate::text::Text;

/// What was ticked and typed. Not `Debug`: it holds contact data.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Ids of the ticked boxes, in the order of the form.
    pub ticked: Vec<String>,
    /// The contact data that they need.
    pub contact: Vec<(ContactField, String)>,
}

impl Answer {
    /// Reads the page. `given` are contact fields from elsewhere (a host's form), which then count instead.
    pub fn read(view: &FormView, form: &HtmlFormElement, given: &JsValue) -> Self {
        let Ok(data) = FormData::new_with_form(form) else { return Self::default() };
        let on_page: Vec<String> = data.get_all("ticked").iter().filter_map(|id| id.as_string()).collect();
        let ticked: Vec<_> = view.purposes.iter().filter(|purpose| on_page.contains(&purpose.id)).collect();
        let needed = |field: &ContactField| ticked.iter().any(|purpose| purpose.needs.contains(field));
        let typed = |field: ContactField| {
            let elsewhere = member(given, field.name()).as_string();
            let text = elsewhere.or_else(|| data.get(field.name()).as_string()).unwrap_or_default();
            (field, text.trim_ascii().to_owned())
        };
        let contact = ContactField::ALL.into_iter().filter(needed).map(typed).collect();
        Self { ticked: ticked.iter().map(|purpose| purpose.id.clone()).collect(), contact }
    }

    /// The refusal of everything.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// The first field that cannot be right. Fields in `given` are the host's to judge.
    pub fn problem(&self, language: Language, given: &JsValue) -> Option<ProblemView> {
        let own = self.contact.iter().filter(|(field, _)| member(given, field.name()).is_undefined());
        own.filter_map(|(field, text)| fault(*field, text).map(|words| (*field, words))).next().map(
            |(field, words)| ProblemView {
                code: "contact_invalid".into(),
                text: words.in_language(language).into(),
                field: Some(field),
            },
        )
    }

    /// The body of the submit, without its nonce: the same answer gives the same text.
    pub fn body(&self, offer: &str) -> Object {
        let contact = Object::new();
        for (field, text) in self.contact.iter().filter(|(_, text)| !text.is_empty()) {
            set(&contact, field.name(), &text.into());
        }
        let body = Object::new();
        set(&body, "offer", &offer.into());
        set(&body, "ticked", &self.ticked.iter().map(JsValue::from).collect::<Array>());
        set(&body, "contact", &contact);
        set(&body, "ui", &"wasm".into());
        body
    }
}

/// An object as JSON text.
pub fn json(object: &Object) -> String {
    JSON::stringify(object).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Catches slips only: something, one @, something. The collector judges by `shared::contact`; its whole parser here
/// would cost every visitor a kilobyte.
fn like_email(text: &str) -> bool {
    let at = |byte: &u8| *byte == b'@';
    let bytes = text.as_bytes();
    let inside = !bytes.first().is_none_or(at) && !bytes.last().is_none_or(at);
    inside && bytes.iter().filter(|byte| at(byte)).count() == 1 && !bytes.contains(&b' ')
}

fn fault(field: ContactField, text: &str) -> Option<Text> {
    match field {
        ContactField::Email if text.is_empty() => Some(Text::EmailMissing),
        ContactField::Email => (!like_email(text)).then_some(Text::EmailInvalid),
        ContactField::Address if text.is_empty() => Some(Text::AddressMissing),
        ContactField::Phone if text.is_empty() => Some(Text::PhoneMissing),
        ContactField::Address | ContactField::Name | ContactField::Phone => None,
    }
}

#[cfg(test)]
mod tests {
    use super::like_email;

    #[test]
    fn a_slip_in_an_email_address_is_seen_before_it_is_sent() {
        for good in ["jan@voorbeeld.nl", "a@b", "jan+kaas@x.example"] {
            assert!(like_email(good), "{good}");
        }
        for slip in ["", "@", "jan", "jan@", "@voorbeeld.nl", "jan@@b.nl", "jan @b.nl", "a@b@c"] {
            assert!(!like_email(slip), "{slip}");
        }
    }
}
