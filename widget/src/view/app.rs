//! The form's root component: the same type on the server and in the browser, so that hydration agrees.
//!
//! In scope: the steps open, busy, problem, done, and where focus goes after each. Out of scope: reading the page
//! and sending (`browser`).
//!
//! Invariant: what is ticked is not state here. It is read from the page at the moment of sending, so a box that
//! was ticked before this code arrived counts like any other.

use std::rc::Rc;
use yew::{Component, Context, Html, NodeRef, Properties};

use super::form::{Links, Open, open_form};
use crate::model::{FormView, ProblemView};

/// What the root component is given.
#[derive(Properties, Clone)]
pub struct FormProps {
    /// The form.
    pub view: Rc<FormView>,
    /// The form element, for reading the answer.
    #[prop_or_default]
    pub form: NodeRef,
}

impl PartialEq for FormProps {
    /// A form is given once; comparing its words would only cost.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.view, &other.view)
    }
}

/// A stored answer.
#[cfg(feature = "browser")]
#[derive(Debug, Clone)]
pub struct Done {
    /// The ids of the boxes that were ticked.
    pub ticked: Vec<String>,
    /// The receipt page.
    pub receipt_url: String,
    /// The manage page.
    pub manage_url: String,
    /// Whether what needs an e-mail address waits until its owner confirms it.
    pub waits: bool,
    /// Whether it stood in a host's own form: that may come back with a question, so the boxes stay.
    pub in_host: bool,
}

/// A refusal or failure to show.
#[cfg(feature = "browser")]
pub type Problem = ProblemView;

/// What can happen to the form.
#[cfg(feature = "browser")]
#[derive(Debug, Clone)]
pub enum Message {
    /// An answer is on its way.
    Busy,
    /// It was not taken, and the host's form tells the person.
    Idle,
    /// It was not taken.
    Problem(Problem),
    /// It was stored.
    Done(Done),
    /// The offer was renewed; the words are the same.
    Offer(String),
    /// The manage link was copied.
    Copied,
}

/// The form.
pub struct FormApp {
    problem: Option<ProblemView>,
    focus: NodeRef,
    #[cfg(feature = "browser")]
    offer: Option<String>,
    #[cfg(feature = "browser")]
    busy: bool,
    #[cfg(feature = "browser")]
    done: Option<Done>,
    #[cfg(feature = "browser")]
    copied: bool,
    #[cfg(feature = "browser")]
    focus_due: bool,
}

impl Component for FormApp {
    #[cfg(feature = "browser")]
    type Message = Message;
    #[cfg(not(feature = "browser"))]
    type Message = ();
    type Properties = FormProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self {
            problem: ctx.props().view.problem.clone(),
            focus: NodeRef::default(),
            #[cfg(feature = "browser")]
            offer: None,
            #[cfg(feature = "browser")]
            busy: false,
            #[cfg(feature = "browser")]
            done: None,
            #[cfg(feature = "browser")]
            copied: false,
            #[cfg(feature = "browser")]
            focus_due: false,
        }
    }

    #[cfg(feature = "browser")]
    fn update(&mut self, _ctx: &Context<Self>, message: Message) -> bool {
        self.busy = matches!(message, Message::Busy);
        match message {
            Message::Busy | Message::Idle => {}
            Message::Problem(problem) => {
                self.problem = Some(problem);
                self.focus_due = true;
            }
            Message::Done(done) => {
                // In a host's form the person goes on there.
                self.focus_due = !done.in_host;
                self.done = Some(done);
                self.problem = None;
                self.copied = false;
            }
            Message::Offer(offer) => self.offer = Some(offer),
            Message::Copied => self.copied = true,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        #[cfg(feature = "browser")]
        if let Some(done) = self.done.as_ref().filter(|done| !done.in_host) {
            return self.result(ctx, done);
        }
        let props = ctx.props();
        let open = Open {
            problem: self.problem.as_ref(),
            busy: self.busy(),
            kept: self.kept(),
            form: &props.form,
            focus: &self.focus,
        };
        match self.renewed(&props.view) {
            Some(view) => open_form(&view, &open),
            None => open_form(&props.view, &open),
        }
    }

    #[cfg(feature = "browser")]
    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        if std::mem::take(&mut self.focus_due)
            && let Some(element) = self.focus.cast::<web_sys::HtmlElement>()
        {
            // An element that has left the page cannot take focus; there is nothing to do about it then.
            let _ = element.focus();
        }
    }
}

#[cfg(feature = "browser")]
impl FormApp {
    fn busy(&self) -> bool {
        self.busy
    }

    fn kept(&self) -> Option<Links<'_>> {
        self.done.as_ref().map(|done| self.links(done))
    }

    fn links<'a>(&self, done: &'a Done) -> Links<'a> {
        Links { receipt_url: &done.receipt_url, manage_url: &done.manage_url, copied: self.copied }
    }

    /// The view with a renewed offer, if there is one.
    fn renewed(&self, view: &FormView) -> Option<FormView> {
        self.offer.as_ref().map(|offer| FormView { offer: offer.clone(), ..view.clone() })
    }

    fn result(&self, ctx: &Context<Self>, done: &Done) -> Html {
        let result = super::form::Result {
            ticked: &done.ticked,
            waits: done.waits,
            links: self.links(done),
            focus: &self.focus,
        };
        super::form::result(&ctx.props().view, &result)
    }
}

#[cfg(not(feature = "browser"))]
impl FormApp {
    const fn busy(&self) -> bool {
        false
    }

    const fn kept(&self) -> Option<Links<'_>> {
        None
    }

    const fn renewed(&self, _view: &FormView) -> Option<FormView> {
        None
    }
}
