//! The verifier's page before anything was given: how to give files, what more can be given, and how to save the page.
//!
//! Invariant: without script it says what to do instead, and nothing on it looks as if it worked.

use yew::{Html, html};

use super::words::words;
use crate::model::VerifyView;
use crate::text::VerifyText;

/// What to type instead.
const COMMAND: &str = "vinkje verify bundle bewijs.vinkje.json";
const COMMAND_EN: &str = "vinkje verify bundle evidence.vinkje.json";

/// The content of the verifier's page.
pub fn verify(view: &VerifyView) -> Html {
    let text = |text: VerifyText| words(text.in_language(view.language));
    html! {
        <div class="card verify" data-vinkje-verify="" data-wasm={view.wasm_url.clone()}>
            <h1>{ text(VerifyText::Title) }</h1>
            <p class="lead">{ text(VerifyText::Lead) }</p>
            { without_script(view) }
            <p class="problem" data-broken="" hidden=true>{ text(VerifyText::Broken) }</p>
            { give(view) }
            <p class="status" role="status" data-status=""></p>
            <div data-result=""></div>
            { more(view) }
            { save(view) }
        </div>
    }
}

fn without_script(view: &VerifyView) -> Html {
    let text = |text: VerifyText| words(text.in_language(view.language));
    let command = if view.language == shared::Language::Nl { COMMAND } else { COMMAND_EN };
    html! {
        <noscript>
            <section class="problem" aria-labelledby="vk-noscript">
                <h2 id="vk-noscript">{ text(VerifyText::NoScriptHeading) }</h2>
                <p>{ text(VerifyText::NoScriptText) }</p>
                <p class="code">{ command }</p>
            </section>
        </noscript>
    }
}

/// Hidden until the script can do its work.
fn give(view: &VerifyView) -> Html {
    let text = |text: VerifyText| words(text.in_language(view.language));
    html! {
        <div class="give-files" data-give="" hidden=true>
            <div class="drop" data-drop="">
                <p class="links">
                    <input type="file" id="vk-files" class="unseen" multiple=true aria-describedby="vk-which" />
                    <label for="vk-files" class="button">{ text(VerifyText::Choose) }</label>
                    <button type="button" class="quiet" data-camera="" hidden=true>{ text(VerifyText::Camera) }</button>
                    <span class="or" aria-hidden="true">{ text(VerifyText::OrDrop) }</span>
                </p>
                <p class="hint" id="vk-which">{ text(VerifyText::Which) }</p>
            </div>
            <div class="camera" data-viewer="" hidden=true>
                <video playsinline=true muted=true aria-label={VerifyText::CameraPicture.in_language(view.language)}></video>
                <button type="button" class="quiet" data-camera-stop="">{ text(VerifyText::CameraStop) }</button>
            </div>
        </div>
    }
}

fn more(view: &VerifyView) -> Html {
    let text = |text: VerifyText| words(text.in_language(view.language));
    let rows = [
        (VerifyText::MoreKeys, VerifyText::MoreKeysText),
        (VerifyText::MoreLogKey, VerifyText::MoreLogKeyText),
        (VerifyText::MoreKept, VerifyText::MoreKeptText),
        (VerifyText::MoreWitness, VerifyText::MoreWitnessText),
    ];
    html! {
        <details class="more">
            <summary>{ text(VerifyText::More) }</summary>
            <p>{ text(VerifyText::MoreText) }</p>
            <dl>
                { for rows.into_iter().map(|(name, said)| html! {
                    <div><dt>{ text(name) }</dt><dd>{ text(said) }</dd></div>
                }) }
            </dl>
        </details>
    }
}

fn save(view: &VerifyView) -> Html {
    let text = |text: VerifyText| words(text.in_language(view.language));
    let Some(url) = &view.save_url else {
        return html! { <p class="hint">{ text(VerifyText::Saved) }</p> };
    };
    html! {
        <section class="save" aria-labelledby="vk-save">
            <h2 id="vk-save">{ text(VerifyText::SaveHeading) }</h2>
            <p>{ text(VerifyText::SaveText) }{ " " }{ text(VerifyText::SaveTrust) }</p>
            <p class="links"><a href={url.clone()} download="vinkje-verify.html">{ text(VerifyText::Save) }</a></p>
        </section>
    }
}
