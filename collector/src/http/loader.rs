//! The form's own loader, and the same bundle as JSON.
//!
//! In scope: rendering once per form, language and few seconds; brotli for those who take it.
//! Out of scope: the loader's script (`www/embed`).
//!
//! Invariant: what is cached here is the same for every visitor; each browser adds a nonce of its own.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use shared::Language;
use shared::ids::{FormRef, NoticeHash};
use shared::refusal::Refusal;

use super::App;
use super::caller::{Caller, text};
use super::form::form_ref;
use super::path::Path;
use crate::assets::BUNDLE_PLACE;
use crate::service::Shown;

/// How long one rendering, and so one offer, is handed to everybody.
const SHARED_FOR: Duration = Duration::from_secs(30);

/// Renderings kept: forms times languages of a busy agency.
const KEPT_MAX: usize = 1_000;

/// Brotli: the best there is; a bundle takes some tens of milliseconds, twice a minute, and every visitor waits for half a kB less.
const BROTLI_QUALITY: u32 = 11;

type Key = (FormRef, Language, NoticeHash);

struct Rendering {
    made: Instant,
    fragment: axum::body::Bytes,
    script: axum::body::Bytes,
    script_brotli: axum::body::Bytes,
}

/// The renderings of the last seconds.
#[derive(Default)]
pub struct Loaders(Mutex<HashMap<Key, std::sync::Arc<Rendering>>>);

impl Loaders {
    fn fresh(&self, key: &Key) -> Option<std::sync::Arc<Rendering>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|rendering| rendering.made.elapsed() < SHARED_FOR).cloned()
    }

    fn keep(&self, key: Key, rendering: std::sync::Arc<Rendering>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.retain(|_, rendering| rendering.made.elapsed() < SHARED_FOR);
        }
        kept.insert(key, rendering);
    }
}

impl App {
    async fn rendering(&self, shown: &Shown) -> Result<std::sync::Arc<Rendering>, Refusal> {
        let key = (shown.form.clone(), shown.notice.notice.language, shown.notice.hash);
        if let Some(rendering) = self.loaders.fresh(&key) {
            return Ok(rendering);
        }
        let (view, notice) = self.service.form_view(shown)?;
        let assets = &self.service.assets;
        let links = self.service.bundle_links(shown);
        let fragment = widget::ssr::form_bundle(&view, &notice, &assets.form_css, &links).await;
        // `</` cannot end a script here, but `<!--` and the two line separators can confuse old parsers.
        let literal =
            fragment.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        let script = assets.element.replace(BUNDLE_PLACE, &literal);
        let rendering = std::sync::Arc::new(Rendering {
            made: Instant::now(),
            script_brotli: compress(script.as_bytes()).into(),
            fragment: fragment.into_bytes().into(),
            script: script.into_bytes().into(),
        });
        self.loaders.keep(key, rendering.clone());
        Ok(rendering)
    }
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 3);
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY as i32, lgwin: 18, ..Default::default() };
    let mut reader = bytes;
    if brotli::BrotliCompress(&mut reader, &mut out, &parameters).is_err() {
        tracing::error!("a loader could not be compressed");
    }
    out
}

/// Whether a browser takes brotli.
pub fn takes_brotli(headers: &HeaderMap) -> bool {
    text(headers, ACCEPT_ENCODING).is_some_and(|kinds| kinds.split(',').any(|kind| kind.trim() == "br"))
}

/// `GET /f/{organisation}/{form}/embed.js`
pub async fn script(
    State(app): State<App>,
    Path(names): Path<(String, String)>,
    caller: Caller,
    headers: HeaderMap,
) -> Response {
    let rendering = match form_ref(&names).and_then(|form| app.service.shown(&form, &caller.wish())) {
        Ok(shown) => app.rendering(&shown).await,
        Err(refusal) => Err(refusal),
    };
    let rendering = match rendering {
        Ok(rendering) => rendering,
        Err(refusal) => return app.refuse(refusal, &caller, None).await,
    };
    let fixed = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=60"),
        (VARY, "Accept-Encoding, Accept-Language"),
    ];
    if takes_brotli(&headers) && !rendering.script_brotli.is_empty() {
        return (fixed, [(CONTENT_ENCODING, "br")], rendering.script_brotli.clone()).into_response();
    }
    (fixed, rendering.script.clone()).into_response()
}

/// `GET /f/{organisation}/{form}/fragment`
pub async fn fragment(
    State(app): State<App>,
    Path(names): Path<(String, String)>,
    caller: Caller,
) -> Response {
    let shown = form_ref(&names).and_then(|form| app.service.shown(&form, &caller.wish()));
    let shown = match shown {
        Ok(shown) => shown,
        Err(refusal) => return app.refuse(refusal, &caller, None).await,
    };
    let mut response = match app.rendering(&shown).await {
        Ok(rendering) => {
            let fixed = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
            (fixed, rendering.fragment.clone()).into_response()
        }
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept-Language"));
    response
}
