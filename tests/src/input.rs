//! Real mouse and key events, counted.
//!
//! In scope: what a hand does, and the meter of it for the promise that withdrawing is as easy as giving.
//! Out of scope: script-made clicks; there are none.
//!
//! Invariant: every press of a button or key goes through the meter, and lands on what a person would see there.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::page::Page;
use crate::until::{PATIENCE_SECONDS, until};

/// Counts actions of a person.
#[derive(Default)]
pub struct Meter {
    clicks: AtomicUsize,
    keys: AtomicUsize,
}

/// What a person did since the meter was set to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actions {
    /// Presses of the mouse button.
    pub clicks: usize,
    /// Presses of keys.
    pub keys: usize,
}

impl Actions {
    /// Clicks and key presses together.
    #[must_use]
    pub const fn total(self) -> usize {
        self.clicks + self.keys
    }
}

/// Where to press, or why a person could not: the middle of the element, if that is what one sees there.
const PLACE: &str = "(e=>{if(!e)return'not there';if(!shown(e))return'not visible';if(e.disabled)return'disabled';\
    const first=e.getBoundingClientRect();\
    if(first.top<0||first.bottom>innerHeight||first.left<0||first.right>innerWidth)e.scrollIntoView({block:'center',behavior:'instant'});\
    const r=e.getBoundingClientRect(),x=r.x+r.width/2,y=r.y+Math.min(r.height/2,innerHeight/2);\
    let hit=document.elementFromPoint(x,y);while(hit?.shadowRoot){const inner=hit.shadowRoot.elementFromPoint(x,y);if(!inner||inner===hit)break;hit=inner}\
    const label=e.labels&&[...e.labels].some(l=>l.contains(hit));\
    if(hit!==e&&!e.contains(hit)&&!label)return'covered by '+(hit?.outerHTML??'nothing').slice(0,120);\
    return{x,y}})";

impl Page {
    /// What was done since the last call of this. A call that drops it sets the meter to zero.
    pub fn actions(&self) -> Actions {
        let clicks = self.meter.clicks.swap(0, Ordering::Relaxed);
        let keys = self.meter.keys.swap(0, Ordering::Relaxed);
        Actions { clicks, keys }
    }

    /// Moves the mouse to the first element that matches and clicks it, once a person could.
    ///
    /// # Errors
    ///
    /// If it does not become visible, enabled and uncovered in time.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let (x, y) = match self.place(selector).await {
            Ok(place) => place,
            Err(error) => return Err(error.context(self.describe().await)),
        };
        self.meter.clicks.fetch_add(1, Ordering::Relaxed);
        self.mouse("mouseMoved", x, y, 0).await?;
        self.mouse("mousePressed", x, y, 1).await?;
        self.mouse("mouseReleased", x, y, 1).await
    }

    /// Presses the mouse button twice, as impatient people do.
    ///
    /// # Errors
    ///
    /// If the element does not become clickable in time.
    pub async fn double_click(&self, selector: &str) -> Result<()> {
        let (x, y) = self.place(selector).await?;
        self.meter.clicks.fetch_add(2, Ordering::Relaxed);
        self.mouse("mouseMoved", x, y, 0).await?;
        for count in [1, 2] {
            self.mouse("mousePressed", x, y, count).await?;
            self.mouse("mouseReleased", x, y, count).await?;
        }
        Ok(())
    }

    pub(crate) async fn place(&self, selector: &str) -> Result<(f64, f64)> {
        // A page of several forms has hidden ones; the first that shows is meant.
        let find = format!("deepAll({0}).find(shown)??deep({0})", json!(selector));
        until(&format!("{selector} to be clickable"), PATIENCE_SECONDS, async || {
            let place = self.eval(&format!("{PLACE}({find})")).await?;
            match (place["x"].as_f64(), place["y"].as_f64()) {
                (Some(x), Some(y)) => Ok(Some((x, y))),
                _ => bail!("{selector} is {place}"),
            }
        })
        .await
    }

    async fn mouse(&self, kind: &str, x: f64, y: f64, count: u32) -> Result<()> {
        let pressed = if kind == "mouseMoved" { "none" } else { "left" };
        let event = json!({"type": kind, "x": x, "y": y, "button": pressed, "clickCount": count});
        self.session.call("Input.dispatchMouseEvent", event).await.map(drop)
    }

    /// Presses a key by its name: `Tab`, `Shift+Tab`, `Enter`, `Space`, `Escape`, or one character.
    ///
    /// # Errors
    ///
    /// If the name is none of these.
    pub async fn press(&self, name: &str) -> Result<()> {
        let key = key(name).with_context(|| format!("there is no key {name}"))?;
        self.meter.keys.fetch_add(1, Ordering::Relaxed);
        for kind in ["keyDown", "keyUp"] {
            let mut event = key.clone();
            event["type"] = json!(kind);
            if kind == "keyUp" {
                event.as_object_mut().map(|event| event.remove("text"));
            }
            self.session.call("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// Types a text into what has the focus, key by key.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        for character in text.chars() {
            let mut bytes = [0; 4];
            let key = if character == '\n' { "Enter" } else { character.encode_utf8(&mut bytes) };
            self.press(key).await?;
        }
        Ok(())
    }

    /// Clicks a field and types into it.
    ///
    /// # Errors
    ///
    /// If the field does not become clickable in time.
    pub async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        self.click(selector).await?;
        self.type_text(text).await
    }

    /// Presses Tab until the element that matches has the focus.
    ///
    /// # Errors
    ///
    /// If eighty presses do not lead there: the keyboard alone cannot reach it.
    pub async fn tab_to(&self, selector: &str) -> Result<()> {
        for _ in 0..80 {
            let there = format!("!!focused()?.matches({})", json!(selector));
            if self.eval(&there).await? == json!(true) {
                return Ok(());
            }
            self.press("Tab").await?;
        }
        bail!("Tab does not lead to {selector}; {}", self.describe().await)
    }
}

fn key(name: &str) -> Option<Value> {
    let event = |key: &str, code: &str, number: u32| json!({"key": key, "code": code, "windowsVirtualKeyCode": number});
    let mut character = name.chars();
    Some(match name {
        "Tab" => event("Tab", "Tab", 9),
        "Shift+Tab" => {
            let mut back = event("Tab", "Tab", 9);
            back["modifiers"] = json!(8);
            back
        }
        "Escape" => event("Escape", "Escape", 27),
        "Enter" => with_text(event("Enter", "Enter", 13), "\r"),
        "Space" | " " => with_text(event(" ", "Space", 32), " "),
        _ => {
            let character = character.next().filter(|_| character.next().is_none())?;
            // The number of `.` would be that of Delete: only letters and digits have their own.
            let number =
                if character.is_ascii_alphanumeric() { u32::from(character.to_ascii_uppercase()) } else { 0 };
            with_text(event(name, "", number), name)
        }
    })
}

fn with_text(mut event: Value, text: &str) -> Value {
    event["text"] = json!(text);
    event
}
