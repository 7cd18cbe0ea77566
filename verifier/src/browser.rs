//! The browser's side: what the page's script calls, and drawing.
//!
//! In scope: exports, the root component. Out of scope: files, camera, events (`www/verify`).
//!
//! Invariant: nothing is drawn but nodes: no text from a file is ever read as markup.

use js_sys::Function;
use shared::Language;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use widget::model::CheckedView;
use widget::text::VerifyText;
use widget::view::{Acts, checked};
use yew::{AppHandle, Callback, Component, Context, Html, Properties};

use crate::fill;
use crate::given::{Given, Plan};
use crate::scan::Picture;
use crate::session::{Judged, Session};

/// The root: draws what it is told.
struct Root {
    view: Option<CheckedView>,
}

#[derive(Properties, PartialEq)]
struct RootProps {
    remove: Callback<usize>,
    show_all: Callback<()>,
}

impl Component for Root {
    type Message = CheckedView;
    type Properties = RootProps;

    fn create(_: &Context<Self>) -> Self {
        Self { view: None }
    }

    fn update(&mut self, _: &Context<Self>, view: CheckedView) -> bool {
        self.view = Some(view);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let RootProps { remove, show_all } = ctx.props();
        self.view.as_ref().map_or_else(Html::default, |view| checked(view, &Acts { remove, show_all }))
    }
}

/// The page.
#[wasm_bindgen]
pub struct Verifier {
    session: Session,
    judged: Judged,
    language: Language,
    site: String,
    root: AppHandle<Root>,
}

#[wasm_bindgen]
impl Verifier {
    /// Draws into `root`, in a language. `acted` is called with a place when somebody takes away what stands there, and with -1
    /// when somebody asks for all receipts. `site` is the page's origin.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(root: Element, language: &str, site: String, acted: Function) -> Self {
        // The script answers with a promise; a throw from it is the page's to see.
        let tell = move |place: i32| drop(acted.call1(&JsValue::NULL, &place.into()));
        let (remove, show_all) = (tell.clone(), tell);
        let props = RootProps {
            remove: Callback::from(move |at: usize| remove(i32::try_from(at).unwrap_or(i32::MAX))),
            show_all: Callback::from(move |()| show_all(-1)),
        };
        Self {
            session: Session::default(),
            judged: Judged::Nothing,
            language: Language::parse(language).unwrap_or(Language::Nl),
            site,
            root: yew::Renderer::<Root>::with_root_and_props(root, props).render(),
        }
    }

    /// How a file is to be read: `whole`, `lines`, `picture` or `too_long`.
    #[must_use]
    pub fn plan(name: &str, size: f64, start: &[u8]) -> String {
        Plan::of(name, size, start).name().into()
    }

    /// Takes a whole file.
    pub fn take(&mut self, name: &str, bytes: &[u8]) {
        self.session.take(name, Given::read(name, bytes));
    }

    /// Takes a file that comes in pieces.
    pub fn take_lines(&mut self, name: &str) {
        self.session.take(name, Given::Lines);
    }

    /// Takes note of a file that is too long to be read.
    pub fn take_too_long(&mut self, name: &str) {
        self.session.take(name, Given::TooLong);
    }

    /// Takes the first code in a picture that says something to us; `false` when there is no code. Without a name it came from the
    /// camera.
    pub fn take_codes(&mut self, name: Option<String>, width: usize, height: usize, rgba: &[u8]) -> bool {
        let texts = Picture::new(width, height, rgba).map_or_else(Vec::new, |picture| picture.texts());
        if texts.is_empty() {
            return false;
        }
        let given = texts.iter().find_map(|text| Given::of_text(text)).unwrap_or(Given::OtherCode);
        let name = name.unwrap_or_else(|| VerifyText::Scanned.in_language(self.language).into());
        self.session.take(&name, given);
        true
    }

    /// Takes away what stands at a place.
    pub fn remove(&mut self, at: usize) {
        self.session.remove(at);
    }

    /// Whether the evidence comes in pieces: then they follow through [`Verifier::feed`] before [`Verifier::judge`].
    #[must_use]
    pub fn begin(&mut self) -> bool {
        let lines = self.session.wants_lines();
        if lines {
            self.session.begin();
        }
        lines
    }

    /// Takes a piece, and says whether more is wanted.
    pub fn feed(&mut self, piece: &[u8]) -> bool {
        self.session.feed(piece)
    }

    /// Judges.
    pub fn judge(&mut self) {
        self.judged = self.session.judge();
    }

    /// Draws what was given and found, and gives the sentence about it for who cannot see it.
    #[must_use]
    pub fn draw(&self, all: bool) -> String {
        let view = fill::checked(self.session.items(), &self.judged, self.language, all, &self.site);
        let said = match (&view.found, view.given.is_empty()) {
            (Some(found), _) => found.sentence.to_owned(),
            (None, true) => self.word(VerifyText::Ready),
            (None, false) => self.word(VerifyText::NeedsEvidence),
        };
        self.root.send_message(view);
        said
    }

    /// What the page itself says: `ready`, `busy`, `no_code`, `no_camera`, `looking`, `code_found`, `too_many`, or else that a file
    /// cannot be read.
    #[must_use]
    pub fn say(&self, what: &str) -> String {
        self.word(match what {
            "ready" => VerifyText::Ready,
            "busy" => VerifyText::Busy,
            "no_code" => VerifyText::NoCode,
            "no_camera" => VerifyText::NoCamera,
            "looking" => VerifyText::Looking,
            "code_found" => VerifyText::CodeFound,
            "too_many" => VerifyText::TooMany,
            _ => VerifyText::Unread,
        })
    }

    fn word(&self, text: VerifyText) -> String {
        text.in_language(self.language).into()
    }
}
