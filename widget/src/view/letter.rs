//! A letter as a page: one column, styles in place, because mail programs drop style sheets.
//!
//! Invariant: it reads in order without pictures and without styles, and nothing in it is fetched from anywhere: who opens
//! a letter is nobody's business.

use yew::{Html, html};

use crate::model::{ChoiceView, LetterView, letter_mark};
use crate::text::LetterText;

const GROUND: &str = "margin:0;padding:24px 12px;background:#eef2f1;color:#1b242e;\
    font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif";
const CARD: &str = "max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #dde2e7;border-radius:12px";
const HEADING: &str = "margin:0 0 8px;font-size:24px;line-height:1.25";
const TEXT: &str = "margin:0 0 16px";
const LIST: &str = "margin:0 0 20px;padding:0;list-style:none";
const ITEM: &str = "margin:0;padding:10px 12px;border-top:1px solid #dde2e7";
const MARK: &str = "color:#11604a;font-weight:bold";
const BUTTON: &str = "display:inline-block;padding:14px 22px;background:#11604a;color:#ffffff;font-weight:bold;\
    text-decoration:none;border-radius:10px";
const SMALL: &str =
    "margin:20px 0 0;padding:16px 0 0;border-top:1px solid #dde2e7;font-size:14px;color:#4a5663";

/// The document of a letter, without doctype. The picture in it is the attached one with the name `code`.
pub fn letter(view: &LetterView) -> Html {
    html! {
        <html lang={view.language.tag()} dir={view.language.direction()}>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light" />
                <title>{ view.heading.clone() }</title>
            </head>
            <body style={GROUND}>
                <div role="article" lang={view.language.tag()} style={CARD}>
                    <h1 style={HEADING}>{ view.heading.clone() }</h1>
                    <p style={TEXT}>{ view.lead.clone() }</p>
                    if !view.choices.is_empty() {
                        <ul style={LIST}>{ for view.choices.iter().map(|choice| line(view, choice)) }</ul>
                    }
                    { for view.buttons.iter().map(|link| html! {
                        <p style={TEXT}><a href={link.url.clone()} style={BUTTON}>{ link.label.clone() }</a></p>
                    }) }
                    if let Some(words) = &view.code {
                        <p style={TEXT}><img src="cid:code" width="132" height="132" alt="" /><br />{ words.clone() }</p>
                    }
                    { for view.after.iter().map(|text| html! { <p style={TEXT}>{ text.clone() }</p> }) }
                    if let Some(link) = &view.second {
                        <p style={TEXT}><a href={link.url.clone()}>{ link.label.clone() }</a></p>
                    }
                    <p style={SMALL}>
                        { LetterText::From.in_language(view.language) }{ " " }<b>{ view.controller.name.clone() }</b>
                        { for view.controller.lines.iter().map(|line| html! { <><br />{ line.clone() }</> }) }
                    </p>
                </div>
            </body>
        </html>
    }
}

fn line(view: &LetterView, choice: &ChoiceView) -> Html {
    html! {
        <li style={ITEM}>
            <span style={MARK}>{ letter_mark(choice.decided).in_language(view.language) }</span>
            { ": " }{ choice.title.clone() }
        </li>
    }
}
