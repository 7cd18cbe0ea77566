//! The contact fields of the form.
//!
//! In scope: label, hint, error and purpose of each input (WCAG 1.3.5, 3.3.1, 3.3.2). Out of scope: when a field is
//! shown; the style sheet decides by what is ticked, so it works without script.
//!
//! Invariant: inputs are uncontrolled; a render never changes what was typed.

use shared::purpose::ContactField;
use yew::{Html, html};

use super::words::words;
use crate::model::{FormView, ProblemView};
use crate::text::{Text, field_label};

/// The id of a field's input.
pub fn input_id(field: ContactField) -> &'static str {
    match field {
        ContactField::Email => "vk-email",
        ContactField::Phone => "vk-phone",
        ContactField::Name => "vk-name",
        ContactField::Address => "vk-address",
    }
}

/// All fields that any box of the form needs.
pub fn fields(view: &FormView, problem: Option<&ProblemView>) -> Html {
    let wanted = view.fields();
    if wanted.is_empty() {
        return Html::default();
    }
    let text = |text: Text| text.in_language(view.language);
    html! {
        <fieldset class="fields" part="fields">
            <legend>{ text(Text::YourDetails) }</legend>
            <p class="without-has">{ text(Text::DetailsOnlyIfTicked) }</p>
            { for wanted.into_iter().map(|field| one(view, field, problem.filter(|p| p.field == Some(field)))) }
        </fieldset>
    }
}

fn one(view: &FormView, field: ContactField, problem: Option<&ProblemView>) -> Html {
    let id = input_id(field);
    let hint = (field == ContactField::Address).then_some(Text::AddressHint);
    html! {
        <div class="field" data-field={field.name()} part="field">
            <label for={id}>{ words(field_label(field).in_language(view.language)) }</label>
            if let Some(hint) = hint {
                <p class="hint" id="vk-hint">{ hint.in_language(view.language) }</p>
            }
            { input(view, field, problem.is_some()) }
            if let Some(problem) = problem {
                <p class="error" id="vk-error">{ words(&problem.text) }</p>
            }
        </div>
    }
}

/// At most one field has a hint and one an error, so their ids need no field in them.
fn input(view: &FormView, field: ContactField, invalid: bool) -> Html {
    let (id, name) = (input_id(field), field.name());
    let typed = view.typed.get(field).map(str::to_owned);
    let hint = field == ContactField::Address;
    let described = match (hint, invalid) {
        (true, true) => Some("vk-hint vk-error"),
        (true, false) => Some("vk-hint"),
        (false, true) => Some("vk-error"),
        (false, false) => None,
    };
    let invalid = invalid.then_some("true");
    let remembered = |kind: &'static str| if view.shared_screen { "off" } else { kind };
    if field == ContactField::Address {
        return html! {
            <textarea {id} {name} autocomplete={remembered("street-address")} rows="3" maxlength={ADDRESS_MAX} defaultvalue={typed}
                aria-describedby={described} aria-invalid={invalid} part="input" />
        };
    }
    let (kind, complete, longest) = match field {
        ContactField::Email => ("email", "email", EMAIL_MAX),
        ContactField::Phone => ("tel", "tel", PHONE_MAX),
        ContactField::Name | ContactField::Address => ("text", "name", NAME_MAX),
    };
    html! {
        <input {id} {name} type={kind} autocomplete={remembered(complete)} maxlength={longest} value={typed} aria-describedby={described}
            aria-invalid={invalid} part="input" />
    }
}

// As text, because numbers to text cost the browser a formatter; a test holds them to `shared::limits`.
const EMAIL_MAX: &str = "254";
const PHONE_MAX: &str = "32";
const NAME_MAX: &str = "200";
const ADDRESS_MAX: &str = "400";

#[cfg(test)]
mod tests {
    use shared::limits::{ADDRESS_BYTES_MAX, EMAIL_BYTES_MAX, NAME_BYTES_MAX, PHONE_CHARS_MAX};

    #[test]
    fn the_inputs_stop_where_the_limits_are() {
        assert_eq!(super::EMAIL_MAX, EMAIL_BYTES_MAX.to_string());
        assert_eq!(super::PHONE_MAX, PHONE_CHARS_MAX.to_string());
        assert_eq!(super::NAME_MAX, NAME_BYTES_MAX.to_string());
        assert_eq!(super::ADDRESS_MAX, ADDRESS_BYTES_MAX.to_string());
    }
}
