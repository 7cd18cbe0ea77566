//! The browser shell: hydrates the form that the server rendered, reads the answer from the page, and sends it.
//!
//! In scope: what is exported to the loader (`www/embed`). Out of scope: the custom element, styles, the host page.
//!
//! Invariant: nothing here ticks a box, and an answer holds what the page says at the moment of sending.

#[cfg(target_arch = "wasm32")]
mod allocator;
mod answer;
mod host;
mod object;
mod send;
mod shell;

use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{AbortSignal, Element};
use yew::{AppHandle, NodeRef};

use crate::view::{FormApp, FormProps, Message};
use host::Host;
use shell::Shell;

/// A hydrated form.
#[wasm_bindgen]
pub struct Widget {
    app: AppHandle<FormApp>,
    shell: Rc<Shell>,
}

/// Takes over the form in `root`, which the server rendered from `view`. `earlier` is what [`Widget::answers`] gave where the
/// same person goes on with the form in other words.
///
/// # Errors
///
/// A string when `view` is not a form of this build. Nothing in the page has changed then.
#[wasm_bindgen]
pub fn hydrate(root: Element, view: &JsValue, host: Host, earlier: &JsValue) -> Result<Widget, JsValue> {
    let view = object::form_view(view).ok_or("view_unreadable")?;
    let (view, form) = (Rc::new(view), NodeRef::default());
    let shell = Rc::new(Shell::new(Rc::clone(&view), form.clone(), host, earlier));
    let props = FormProps { view, form };
    let app = yew::Renderer::<FormApp>::with_root_and_props(root, props).hydrate();
    shell.attach((*app).clone());
    Ok(Widget { app, shell })
}

/// Ends a form: its listeners and its nodes are gone, and an answer that is still under way shows nowhere.
#[wasm_bindgen]
pub fn unmount(widget: Widget) {
    widget.shell.detach();
    widget.app.destroy();
}

#[wasm_bindgen]
impl Widget {
    /// Takes the person's press on a button: `save` or `none`. Enter in a field counts as `save`.
    pub fn send(&self, button: &str) {
        self.shell.send(button);
    }

    /// Says that the manage link was copied.
    pub fn copied(&self) {
        self.shell.tell(Message::Copied);
    }

    /// In a host's own form: whether the widget's own fields hold what the ticked boxes need. `given` are the
    /// contact fields that the host supplies. If not, the person is told and the widget has focus.
    #[must_use]
    pub fn check(&self, given: &JsValue) -> bool {
        self.shell.check(given)
    }

    /// In a host's own form: sends the answer, with contact data from the host's fields. The loader's `recorded` or
    /// `failed` is called with what became of it. Does nothing and gives `false` when this very answer is stored.
    pub fn record(&self, given: &JsValue, signal: Option<AbortSignal>) -> bool {
        self.shell.record_in_host(given, signal)
    }

    /// The answers that were sent and may stand, by what only this browser knows of them.
    #[must_use]
    pub fn answers(&self) -> JsValue {
        self.shell.answers()
    }

    /// Shows one of the widget's own messages: `wording_changed` or `unreachable`.
    pub fn explain(&self, code: &str) {
        self.shell.explain(code);
    }
}
