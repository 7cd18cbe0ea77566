//! The page of a log: its state as text and as a code to keep, who else watches, and how to check later.
//!
//! Invariant: readable and printable without script; on paper it is complete.

use yew::{AttrValue, Html, html};

use super::icon::{Icon, icon};
use super::words::words;
use crate::model::{LogView, Watching, WitnessView};
use crate::text::{LogText, PageText};
use shared::Language;

/// The content of a log's page.
pub fn log(view: &LogView) -> Html {
    let text = |text: LogText| words(text.in_language(view.language));
    html! {
        <article class="card log">
            <h1>{ text(LogText::Title) }</h1>
            <p class="lead">{ text(LogText::Lead) }{ " " }{ text(LogText::Keep) }</p>
            { state(view) }
            { witnesses(view) }
            { later(view) }
        </article>
    }
}

fn state(view: &LogView) -> Html {
    let text = |text: LogText| words(text.in_language(view.language));
    html! {
        <section class="keep" aria-labelledby="vk-state">
            <h2 id="vk-state">{ text(LogText::State) }</h2>
            <div class="slip">
                <div class="qr" aria-hidden="true">{ Html::from_html_unchecked(AttrValue::from(view.qr_svg.clone())) }</div>
                <dl>
                    <div><dt>{ text(LogText::Size) }</dt><dd class="number">{ view.size.clone() }</dd></div>
                    <div>
                        <dt>{ text(LogText::Seen) }</dt>
                        <dd><time datetime={view.seen_machine.clone()}>{ view.seen.clone() }</time></dd>
                    </div>
                    <div><dt>{ text(LogText::Name) }</dt><dd class="code">{ view.origin.clone() }</dd></div>
                </dl>
            </div>
            <pre class="code" tabindex="0" aria-labelledby="vk-state">{ view.checkpoint.clone() }</pre>
            <p class="hint">{ text(LogText::Code) }</p>
            <p class="links">
                <a class="button" href={view.file.0.clone()} download={view.file.1.clone()}>{ text(LogText::Download) }</a>
                <button type="button" class="quiet" data-vinkje-print="" hidden=true>
                    { words(PageText::Print.in_language(view.language)) }
                </button>
            </p>
        </section>
    }
}

fn witnesses(view: &LogView) -> Html {
    let text = |text: LogText| words(text.in_language(view.language));
    if view.witnesses.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-labelledby="vk-witnesses">
            <h2 id="vk-witnesses">{ text(LogText::Witnesses) }</h2>
            <p>{ text(LogText::WitnessesText) }</p>
            <ul class="choices">{ for view.witnesses.iter().map(|one| witness(view.language, one)) }</ul>
        </section>
    }
}

fn witness(language: Language, witness: &WitnessView) -> Html {
    let text = |text: LogText| text.in_language(language);
    let (mark, class) = match witness.standing {
        Watching::Fresh => (Icon::Tick, "choice yes"),
        Watching::Stale => (Icon::Notice, "choice no"),
        Watching::Contradicts => (Icon::Cross, "choice alert"),
    };
    let saw = match &witness.saw {
        Some((size, moment)) => {
            format!("{} {size} {} {moment}", text(LogText::Saw), text(LogText::AnswersOn))
        }
        None => text(LogText::NotYet).to_owned(),
    };
    let standing = match (witness.standing, &witness.saw) {
        (Watching::Contradicts, _) => Some(text(LogText::Contradicts)),
        (Watching::Stale, Some(_)) => Some(text(LogText::Stale)),
        _ => None,
    };
    html! {
        <li {class}>
            <span class="mark">{ icon(mark) }</span>
            <span>
                <b>{ witness.name.clone() }</b>{ " " }{ words(&saw) }
                if let Some(standing) = standing {
                    <small>{ words(standing) }</small>
                }
            </span>
        </li>
    }
}

fn later(view: &LogView) -> Html {
    let text = |text: LogText| words(text.in_language(view.language));
    html! {
        <section aria-labelledby="vk-later">
            <h2 id="vk-later">{ text(LogText::Later) }</h2>
            <ol class="steps">
                <li>{ text(LogText::LaterKey) }<a class="code" href={view.key_url.clone()}>{ view.key_url.clone() }</a></li>
                <li>
                    { text(LogText::LaterExtension) }
                    <a class="code" href={view.extension_url.clone()}>{ view.extension_url.clone() }</a>
                </li>
                <li>{ text(LogText::LaterRun) }<code class="code">{ view.command.clone() }</code></li>
            </ol>
            <p>{ text(LogText::LaterValid) }</p>
            <p class="links"><a href={view.verify_url.clone()}>{ LogText::CheckLater.in_language(view.language) }</a></p>
        </section>
    }
}
