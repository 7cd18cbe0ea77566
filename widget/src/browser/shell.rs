//! Between the form on the page and the collector: one answer at a time, retried with the same nonce.
//!
//! In scope: the guard against double sending, the nonce, fresh offers, what the person is told.
//! Out of scope: how it looks (`view`).
//!
//! Invariant: a nonce belongs to one answer under one offer; a changed answer gets a new one, and says which answers of
//! this form it stands instead of.

use js_sys::{Array, Object};
use shared::limits::EARLIER_MAX;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, HtmlFormElement};
use yew::NodeRef;
use yew::html::Scope;

use super::answer::{Answer, json};
use super::host::{Host, nonce};
use super::object::{set, text};
use super::send::{Failure, post};
use crate::model::{FormView, ProblemView};
use crate::text::Text;
use crate::view::{Done, FormApp, Message};

/// The state behind one form.
pub struct Shell {
    view: Rc<FormView>,
    form: NodeRef,
    host: Host,
    offer: RefCell<String>,
    attempts: RefCell<Vec<Attempt>>,
    /// Whether the last attempt is known to be stored.
    stored: Cell<bool>,
    busy: Cell<bool>,
    scope: RefCell<Option<Scope<FormApp>>>,
}

/// An answer that was sent, and under which nonce. Earlier ones are kept until a later one is known to be stored.
struct Attempt {
    /// Nothing where it was given under other words.
    answer: Option<Answer>,
    offer: String,
    nonce: String,
}

/// Reads what [`Shell::answers`] of another shell gave.
fn sent_before(earlier: &JsValue) -> Vec<Attempt> {
    let words = earlier.as_string().unwrap_or_default();
    let mut words = words.split_terminator(' ').map(str::to_owned);
    let pairs = std::iter::from_fn(|| Some((words.next()?, words.next()?)));
    pairs.map(|(offer, nonce)| Attempt { answer: None, offer, nonce }).collect()
}

impl Shell {
    /// A shell that is not on a page yet.
    pub fn new(view: Rc<FormView>, form: NodeRef, host: Host, earlier: &JsValue) -> Self {
        let offer = RefCell::new(view.offer.clone());
        let (attempts, scope) = (RefCell::new(sent_before(earlier)), RefCell::new(None));
        let (stored, busy) = (Cell::new(false), Cell::new(false));
        Self { view, form, host, offer, attempts, stored, busy, scope }
    }

    /// From now on messages reach the page.
    pub fn attach(&self, scope: Scope<FormApp>) {
        self.scope.replace(Some(scope));
    }

    /// From now on they do not.
    pub fn detach(&self) {
        self.scope.replace(None);
    }

    /// Takes the person's press on a button: `save` or `none`. Enter in a field counts as `save`.
    pub fn send(self: &Rc<Self>, button: &str) {
        if self.busy.get() {
            return;
        }
        let none = button == "none";
        let answer = if none { Answer::nothing() } else { self.answer(&JsValue::UNDEFINED) };
        if !none && answer.ticked.is_empty() {
            return self.explain("nothing_ticked");
        }
        if let Some(problem) = answer.problem(self.view.language, &JsValue::UNDEFINED) {
            return self.tell(Message::Problem(problem));
        }
        self.start(answer, None, false);
    }

    /// Sends an answer, unless one is under way. `quietly`: a failure is reported to the loader only.
    pub fn start(self: &Rc<Self>, answer: Answer, signal: Option<AbortSignal>, quietly: bool) {
        if self.busy.replace(true) {
            return;
        }
        let shell = Rc::clone(self);
        spawn_local(async move { shell.record(answer, signal.as_ref(), quietly).await });
    }

    /// In a host's own form: sends what the page says now, unless this very answer is stored.
    pub fn record_in_host(self: &Rc<Self>, given: &JsValue, signal: Option<AbortSignal>) -> bool {
        let answer = self.answer(given);
        let same = self.attempts.borrow().last().is_some_and(|last| last.answer.as_ref() == Some(&answer));
        let anew = !(same && self.stored.get());
        if anew {
            self.start(answer, signal, true);
        }
        anew
    }

    /// What the page says now.
    pub fn answer(&self, given: &JsValue) -> Answer {
        match self.form.cast::<HtmlFormElement>() {
            Some(form) => Answer::read(&self.view, &form, given),
            None => Answer::nothing(),
        }
    }

    /// Whether the widget's own fields are in order; if not, the person is told.
    pub fn check(&self, given: &JsValue) -> bool {
        match self.answer(given).problem(self.view.language, given) {
            Some(problem) => {
                self.tell(Message::Problem(problem));
                false
            }
            None => true,
        }
    }

    /// Sends an answer; shows and reports what became of it.
    async fn record(&self, answer: Answer, signal: Option<&AbortSignal>, quietly: bool) {
        self.tell(Message::Busy);
        let outcome = self.deliver(&answer, signal).await;
        self.busy.set(false);
        match outcome {
            Ok(receipt) => {
                self.settled();
                self.tell(Message::Done(Done {
                    ticked: answer.ticked,
                    receipt_url: text(&receipt, "receipt_url"),
                    manage_url: text(&receipt, "manage_url"),
                    waits: text(&receipt, "outcome") == "requested",
                    in_host: quietly,
                }));
                // A host page's listener that throws must not undo what is stored.
                let _ = self.host.recorded(&receipt);
            }
            Err(failure) => self.fail(failure, quietly),
        }
    }

    /// Sends; where the offer is too old, once more under a fresh one, if not a word has changed.
    async fn deliver(&self, answer: &Answer, signal: Option<&AbortSignal>) -> Result<JsValue, Failure> {
        let first = self.attempt(answer, signal).await;
        let stale = |code: &str| code == "offer_expired" || code == "offer_superseded";
        match &first {
            Err(Failure::Refused(problem)) if stale(&problem.code) => {
                let offer = self.fresh_offer().await.ok_or_else(|| Failure::Refused(problem.clone()))?;
                self.offer.replace(offer.clone());
                self.tell(Message::Offer(offer));
                self.tell(Message::Busy);
                self.attempt(answer, signal).await
            }
            _ => first,
        }
    }

    async fn fresh_offer(&self) -> Option<String> {
        let promise = self.host.renew().ok()?;
        JsFuture::from(promise).await.ok()?.as_string()
    }

    async fn attempt(&self, answer: &Answer, signal: Option<&AbortSignal>) -> Result<JsValue, Failure> {
        let offer = self.offer.borrow().clone();
        let nonce = self.nonce(answer, &offer).ok_or(Failure::Unreachable)?;
        let body = answer.body(&offer);
        set(&body, "nonce", &nonce.into());
        set(&body, "instead_of", &self.earlier());
        post(&self.view.action, json(&body), signal).await
    }

    /// The nonce of the last attempt if it was this very answer, else a new one.
    fn nonce(&self, answer: &Answer, offer: &str) -> Option<String> {
        let mut attempts = self.attempts.borrow_mut();
        if let Some(last) =
            attempts.last().filter(|last| last.answer.as_ref() == Some(answer) && last.offer == offer)
        {
            return Some(last.nonce.clone());
        }
        let nonce = nonce()?;
        attempts.push(Attempt {
            answer: Some(answer.clone()),
            offer: offer.to_owned(),
            nonce: nonce.clone(),
        });
        self.stored.set(false);
        Some(nonce)
    }

    /// The answers that were sent and may stand, each as offer and nonce.
    pub fn answers(&self) -> JsValue {
        let words = |attempt: &Attempt| [attempt.offer.clone(), attempt.nonce.clone()];
        let words: Vec<String> = self.attempts.borrow().iter().flat_map(words).collect();
        words.join(" ").into()
    }

    /// The newest answers that the last one stands instead of.
    fn earlier(&self) -> JsValue {
        let attempts = self.attempts.borrow();
        let before = attempts.split_last().map_or(&[][..], |(_, before)| before);
        let member = |attempt: &Attempt| {
            let object = Object::new();
            set(&object, "offer", &attempt.offer.as_str().into());
            set(&object, "nonce", &attempt.nonce.as_str().into());
            object
        };
        let newest = before.iter().skip(before.len().saturating_sub(EARLIER_MAX));
        newest.map(member).collect::<Array>().into()
    }

    /// The last answer is stored, and none before it stands.
    fn settled(&self) {
        let mut attempts = self.attempts.borrow_mut();
        let last = attempts.pop();
        attempts.clear();
        attempts.extend(last);
        self.stored.set(true);
    }

    /// Shows a failure, unless quietly, and reports it.
    fn fail(&self, failure: Failure, quietly: bool) {
        let problem = match failure {
            Failure::Refused(problem) => problem,
            Failure::Unreachable => self.own("unreachable", Text::Unreachable),
        };
        let code = problem.code.clone();
        self.tell(if quietly { Message::Idle } else { Message::Problem(problem) });
        let _ = self.host.failed(&code);
    }

    /// Shows one of the widget's own messages.
    pub fn explain(&self, code: &str) {
        let text = match code {
            "nothing_ticked" => Text::NothingTickedText,
            "wording_changed" => Text::WordingChanged,
            _ => Text::Unreachable,
        };
        self.tell(Message::Problem(self.own(code, text)));
    }

    fn own(&self, code: &str, text: Text) -> ProblemView {
        ProblemView { code: code.into(), text: text.in_language(self.view.language).into(), field: None }
    }

    /// Hands a message to the form, while it is on the page.
    pub fn tell(&self, message: Message) {
        if let Some(scope) = self.scope.borrow().as_ref() {
            scope.send_message(message);
        }
    }
}
