//! The contact fields of the form.
//!
//! In scope: label, hint, error and purpose of each input (WCAG 1.3.5, 3.3.1, 3.3.2). Out of scope: when a field is
//! shown; the style sheet decides by what is ticked, so it works without script.
//!
//! Invariant: inputs are uncontrolled; a render never changes what was typed.

use shared::limits::{ADDRESS_BYTES_MAX, EMAIL_BYTES_MAX, NAME_BYTES_MAX};
use shared::purpose::ContactField;
use yew::{Html, html};

use crate::model::{FormView, ProblemView};
use crate::text::{Text, field_label};

/// The id of a field's input.
pub fn input_id(field: ContactField) -> &'static str {
    match field {
        ContactField::Email => "vk-email",
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
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let hint = (field == ContactField::Address).then_some(Text::AddressHint);
    let described: Vec<&str> =
        [hint.map(|_| hint_id.as_str()), problem.map(|_| error_id.as_str())].into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    html! {
        <div class={format!("field field-{}", field.name())} part="field">
            <label for={id}>{ field_label(field).in_language(view.language) }</label>
            if let Some(hint) = hint {
                <p class="hint" id={hint_id.clone()}>{ hint.in_language(view.language) }</p>
            }
            { input(view, field, described, problem.is_some()) }
            if let Some(problem) = problem {
                <p class="error" id={error_id.clone()}>{ problem.text.clone() }</p>
            }
        </div>
    }
}

fn input(view: &FormView, field: ContactField, described: Option<String>, invalid: bool) -> Html {
    let id = input_id(field);
    let name = field.name();
    let typed = view.typed.get(field).map(str::to_owned);
    let invalid = invalid.then_some("true");
    match field {
        ContactField::Email => html! {
            <input {id} {name} type="email" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false"
                maxlength={EMAIL_BYTES_MAX.to_string()} value={typed} aria-describedby={described}
                aria-invalid={invalid} part="input" />
        },
        ContactField::Name => html! {
            <input {id} {name} type="text" autocomplete="name" maxlength={NAME_BYTES_MAX.to_string()} value={typed}
                aria-describedby={described} aria-invalid={invalid} part="input" />
        },
        ContactField::Address => html! {
            <textarea {id} {name} autocomplete="street-address" rows="3" maxlength={ADDRESS_BYTES_MAX.to_string()}
                defaultvalue={typed} aria-describedby={described} aria-invalid={invalid} part="input" />
        },
    }
}
