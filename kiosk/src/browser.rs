//! The browser's side: what the page's script calls, and drawing.
//!
//! In scope: exports, the root component. Out of scope: touches, storage, keys, network, timers (`www/kiosk`).
//!
//! Invariant: what goes out to be stored is sealed already.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::Language;
use shared::api::ContactText;
use shared::jwk::PublicKey;
use shared::kiosk::{Deed, KioskSetting, PhoneAnswer, PhoneState};
use shared::time::Timestamp;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, HtmlElement};
use widget::model::KioskView;
use widget::view::{KioskNodes, kiosk};
use yew::{AppHandle, Component, Context, Html};

use crate::entries::{Signer, Stamp};
use crate::session::{Answered, Sending, Sent, Session};

/// The root: draws what it is told, and moves focus to what changed.
struct Root {
    view: Option<KioskView>,
    nodes: KioskNodes,
    focus_due: bool,
}

struct Draw {
    view: KioskView,
    focus: bool,
}

impl Component for Root {
    type Message = Draw;
    type Properties = ();

    fn create(_: &Context<Self>) -> Self {
        Self { view: None, nodes: KioskNodes::default(), focus_due: false }
    }

    fn update(&mut self, _: &Context<Self>, draw: Draw) -> bool {
        self.view = Some(draw.view);
        self.focus_due = draw.focus;
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        self.view.as_ref().map_or_else(Html::default, |view| kiosk(view, &self.nodes))
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if std::mem::take(&mut self.focus_due)
            && let Some(element) = self.nodes.focus.cast::<HtmlElement>()
        {
            // An element that has left the page cannot take focus; there is nothing to do about it then.
            let _ = element.focus();
        }
    }
}

/// The page.
#[wasm_bindgen]
pub struct Kiosk {
    session: Session,
    signer: Option<Signer>,
    /// What is shown when what was sealed is stored.
    pending: Option<Answered>,
    root: AppHandle<Root>,
}

pub(crate) fn moment(milliseconds: f64) -> Timestamp {
    Timestamp::from_unix_seconds((milliseconds / 1_000.0) as i64)
}

/// A public key from its 32 bytes in base64url.
pub(crate) fn public_key(text: &str) -> Option<PublicKey> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    PublicKey::from_bytes(&bytes).ok()
}

#[wasm_bindgen]
impl Kiosk {
    /// Draws into `root`, in the language of the page.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(root: Element, language: &str) -> Self {
        let language = Language::parse(language).unwrap_or(Language::Nl);
        root.set_inner_html("");
        Self {
            session: Session::new(language),
            signer: None,
            pending: None,
            root: yew::Renderer::<Root>::with_root(root).render(),
        }
    }

    /// Draws what there is now; `focus` after a change of the screen.
    pub fn draw(&self, now: f64, focus: bool) {
        self.root.send_message(Draw { view: self.session.view(moment(now)), focus });
    }

    /// What this screen is; `false` for what is no setting.
    pub fn set(&mut self, setting: &str) -> bool {
        let setting: Option<KioskSetting> = serde_json::from_str(setting).ok();
        setting.map(|setting| self.session.set(setting)).is_some()
    }

    /// The public half of the screen's key, base64url; `false` for what is none.
    pub fn sign_with(&mut self, key: &str) -> bool {
        self.signer = public_key(key).map(|key| Signer { key });
        self.signer.is_some()
    }

    /// How sending stands: entries that wait, and when something was last sent in milliseconds. `offset`: minutes from UTC.
    pub fn sending(&mut self, waiting: u32, last_sent: Option<f64>, offset: f64) {
        let last_sent = last_sent.map(moment);
        self.session.sending(Sending { waiting, last_sent, offset: (offset * 60.0) as i64 });
    }

    /// Whether nobody is in the middle of anything.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.session.is_free()
    }

    /// Whether it waits for a customer's phone, with nothing of them on it.
    #[must_use]
    pub fn waits_for_phone(&self) -> bool {
        self.session.waits_for_phone()
    }

    /// What the kiosk says where a customer would rather answer on their own phone, as the text to sign.
    #[must_use]
    pub fn phone_claims(&self, now: f64) -> Option<String> {
        let (signer, setting) = (self.signer.as_ref()?, self.session.setting()?);
        Some(signer.phone(setting.kiosk, moment(now), self.session.on_duty()))
    }

    /// The collector's answer to that; nothing where none came. Gives the link.
    pub fn phone_link(&mut self, answer: Option<String>) -> Option<String> {
        let answer: Option<PhoneAnswer> = answer.and_then(|answer| serde_json::from_str(&answer).ok());
        self.session.phone_link(answer.as_ref());
        answer.map(|answer| answer.url)
    }

    /// What became of the link, as the collector said it. Says whether that changed the screen.
    pub fn phone_state(&mut self, state: &str) -> bool {
        serde_json::from_str(state).is_ok_and(|state: PhoneState| self.session.phone_state(state))
    }

    /// Seconds without a touch after which somebody is asked.
    #[must_use]
    pub fn idle_seconds(&self) -> u16 {
        self.session.setting().map_or(60, |setting| setting.idle_seconds)
    }

    /// A touch that only changes the screen.
    pub fn touch(&mut self, deed: &str, value: &str, now: f64) {
        match deed {
            "begin" => self.session.begin(value, moment(now)),
            "phone" => self.session.begin_phone(value),
            "take-back" => self.session.begin_taking_back(value),
            "staff" => self.session.ask_pin(),
            "digit" => self.session.key(value.chars().next()),
            "erase" => self.session.key(None),
            "on-duty" => {
                self.session.put_on_duty(Some(value.into()).filter(|name: &String| !name.is_empty()))
            }
            "pair" => self.session.unpaired(None),
            _ => self.session.start(),
        }
    }

    /// Who hands the screen over.
    #[must_use]
    pub fn on_duty(&self) -> Option<String> {
        self.session.on_duty()
    }

    /// The PIN that was typed.
    #[must_use]
    pub fn pin(&self) -> Option<String> {
        self.session.pin().map(Into::into)
    }

    /// What became of the PIN: `right`, `wrong` or `locked`.
    pub fn pin_was(&mut self, what: &str) {
        match what {
            "right" => self.session.open_staff(),
            other => self.session.refuse_pin(other == "locked"),
        }
    }

    /// Somebody is asked whether they are there.
    pub fn warn(&mut self, seconds: Option<u32>) {
        self.session.warn(seconds);
    }

    /// Pairing did not work.
    pub fn not_paired(&mut self, problem: Option<String>) {
        self.session.not_paired(problem.as_deref());
    }

    /// It counts no more.
    pub fn close(&mut self, reason: String) {
        self.session.close(reason);
    }

    /// A customer's answer, sealed, as the text to sign; nothing where the form says what is missing. `random`: 48 bytes.
    #[expect(clippy::too_many_arguments, reason = "what a form has, and what an entry needs")]
    pub fn answer(
        &mut self,
        ticked: Vec<String>,
        email: Option<String>,
        phone: Option<String>,
        name: Option<String>,
        address: Option<String>,
        refuses: bool,
        number: f64,
        now: f64,
        random: &[u8],
    ) -> Option<String> {
        let (slip, seed) = random.split_first_chunk::<16>()?;
        let contact = ContactText { email, phone, name, address };
        let sent = Sent { ticked: &ticked, contact, refuses, at: moment(now), random: *slip };
        let answered = self.session.answer(&sent)?;
        let text = self.sealed(answered.deed.clone(), number, now, seed)?;
        self.pending = Some(answered);
        Some(text)
    }

    /// What a customer takes back, sealed, as the text to sign; nothing where the code is mistyped. `random`: 32 bytes.
    pub fn withdraw(&mut self, number: f64, now: f64, random: &[u8]) -> Option<String> {
        let deed = self.session.code()?;
        self.sealed(deed, number, now, random)
    }

    /// The language that is spoken, as a tag.
    #[must_use]
    pub fn language(&self) -> String {
        self.session.language().tag().into()
    }

    /// What was sealed is stored.
    pub fn stored(&mut self) {
        match self.pending.take() {
            Some(answered) => self.session.recorded(answered),
            None => self.session.taken_back(),
        }
    }

    /// What was sealed could not be stored.
    pub fn not_stored(&mut self) {
        self.pending = None;
        self.session.not_kept();
    }
}

impl Kiosk {
    fn sealed(&self, deed: Deed, number: f64, now: f64, seed: &[u8]) -> Option<String> {
        let (signer, setting) = (self.signer.as_ref()?, self.session.setting()?);
        let stamp = Stamp { number: number as u64, at: moment(now), seed: seed.try_into().ok()? };
        let staff = self.session.on_duty();
        signer.entry(setting, &stamp, deed, staff).ok()
    }
}
