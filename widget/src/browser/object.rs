//! Reads the form's view and the collector's answers from JavaScript objects.
//!
//! Narrow on purpose: `JSON.parse` by the browser and a few look-ups cost a tenth of a JSON library.
//!
//! Invariant: a missing or strange member gives an empty text or nothing, never a panic.

use js_sys::{Array, Object, Reflect};
use shared::Language;
use shared::purpose::ContactField;
use wasm_bindgen::JsValue;

use crate::model::{DetailView, FormView, ProblemView, PurposeView, Typed};
use crate::text::carried;

/// A member of an object; `undefined` where there is none.
pub fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A text member; empty where there is none.
pub fn text(object: &JsValue, name: &str) -> String {
    member(object, name).as_string().unwrap_or_default()
}

/// Sets a member.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object that we made takes every member.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// The contact field of a name.
pub fn field(name: &str) -> Option<ContactField> {
    ContactField::ALL.into_iter().find(|field| field.name() == name)
}

/// The language of a tag exactly as the collector writes it.
fn language(tag: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.tag() == tag)
}

/// The form's view, if the object is one for this build. The words of its buttons and messages are kept ([`carried`]).
pub fn form_view(object: &JsValue) -> Option<FormView> {
    let problem = member(object, "problem");
    let language = language(&text(object, "language"))?;
    let words = list(object, "texts", |word| word.as_string().unwrap_or_default());
    let of = member(object, "texts_of").as_f64()? as u32;
    carried::keep(language, of, words).then_some(())?;
    Some(FormView {
        form: text(object, "form"),
        action: member(object, "action").as_string()?,
        offer: member(object, "offer").as_string()?,
        language,
        title: text(object, "title"),
        intro: text(object, "intro"),
        purposes: list(object, "purposes", purpose),
        controller: text(object, "controller"),
        withdrawal: text(object, "withdrawal"),
        languages: Vec::new(),
        problem: problem.is_object().then(|| self::problem(&problem)),
        shared_screen: false,
        typed: Typed::default(),
    })
}

fn list<T>(object: &JsValue, name: &str, read: fn(&JsValue) -> T) -> Vec<T> {
    let members = member(object, name);
    if Array::is_array(&members) {
        Array::from(&members).iter().map(|member| read(&member)).collect()
    } else {
        Vec::new()
    }
}

fn purpose(object: &JsValue) -> PurposeView {
    PurposeView {
        id: text(object, "id"),
        title: text(object, "title"),
        text: text(object, "text"),
        details: list(object, "details", |detail| DetailView {
            label: text(detail, "label"),
            value: text(detail, "value"),
        }),
        needs: list(object, "needs", |name| name.as_string().as_deref().and_then(field))
            .into_iter()
            .flatten()
            .collect(),
    }
}

/// A problem document of the collector (RFC 9457), or the view of one.
pub fn problem(object: &JsValue) -> ProblemView {
    let words = match text(object, "text") {
        words if words.is_empty() => text(object, "detail"),
        words => words,
    };
    ProblemView { code: text(object, "code"), text: words, field: field(&text(object, "field")) }
}
