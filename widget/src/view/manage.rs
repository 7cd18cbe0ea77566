//! The manage page: where each consent stands, one button to stop one, one to stop all, and boxes to give again.
//!
//! Invariant: stopping is one press, without reason, login or second question (Art. 7(3)); giving again is a box
//! that starts empty and a button, never one press.

use shared::Language;
use yew::{Html, html};

use super::form::details;
use super::icon::{Icon, icon};
use super::imported::imported;
use super::receipt::decided;
use super::registered;
use super::words::words;
use crate::model::{Decided, HistoryView, ManageNote, ManageView, Objecting, Standing, StandingView};
use crate::text::{LogText, PageText, RightsText, Text};

/// The title of the manage page: who bought something is shown more than consents.
pub fn title(view: &ManageView) -> &'static str {
    match view.customer {
        true => RightsText::ManageTitleCustomer.in_language(view.language),
        false => PageText::ManageTitle.in_language(view.language),
    }
}

/// The content of the manage page.
pub fn manage(view: &ManageView) -> Html {
    let text = |text: PageText| words(text.in_language(view.language));
    let stands = view.purposes.iter().any(|purpose| can_stop(purpose.standing));
    let lead = match (stands, view.customer) {
        (true, true) => RightsText::ManageLeadCustomer.in_language(view.language),
        (true, false) => PageText::ManageLead.in_language(view.language),
        (false, _) => PageText::NothingStands.in_language(view.language),
    };
    html! {
        <article class="card manage">
            <h1>{ words(title(view)) }</h1>
            <p class="lead">{ words(lead) }</p>
            if let Some(from) = &view.registered {
                <p>{ registered::sentence(view.language, from) }</p>
            }
            { note(view) }
            <ul class="standings">{ for view.purposes.iter().map(|purpose| standing(view, purpose)) }</ul>
            if stands {
                <form method="post" action={view.action.clone()} class="stop-all">
                    { hidden(view, "withdraw_all") }
                    <button type="submit">{ icon(Icon::Stop) }<span>{ text(PageText::StopAll) }</span></button>
                    <p>{ text(PageText::StopAllText) }</p>
                </form>
            }
            { objecting(view) }
            if let Some(from) = &view.imported {
                { imported(view.language, from) }
            }
            { give(view) }
            { mail_link(view) }
            { history(view) }
            { controller(view) }
        </article>
    }
}

fn hidden(view: &ManageView, act: &'static str) -> Html {
    html! {
        <>
            <input type="hidden" name="do" value={act} />
            <input type="hidden" name="nonce" value={view.nonce.clone()} />
            <input type="hidden" name="offer" value={view.offer.clone()} />
        </>
    }
}

fn note(view: &ManageView) -> Html {
    let (class, role, said) = match &view.note {
        None => return Html::default(),
        Some(ManageNote::Stopped) => ("note", "status", PageText::DoneStopped.in_language(view.language)),
        Some(ManageNote::Given) => ("note", "status", PageText::DoneGiven.in_language(view.language)),
        Some(ManageNote::Requested) => ("note", "status", PageText::DoneRequested.in_language(view.language)),
        Some(ManageNote::Objected) => ("note", "status", RightsText::DoneObjected.in_language(view.language)),
        Some(ManageNote::LinkSent) => ("note", "status", PageText::DoneLinkSent.in_language(view.language)),
        Some(ManageNote::Problem(text)) => ("problem", "alert", text.as_str()),
    };
    html! { <p {class} {role}>{ words(said) }</p> }
}

/// The mark, word and class of a state.
const fn state(standing: Standing) -> (Icon, PageText, &'static str) {
    match standing {
        Standing::Given => (Icon::Tick, PageText::StateGiven, "standing yes"),
        Standing::Refused => (Icon::Cross, PageText::StateRefused, "standing no"),
        Standing::Withdrawn => (Icon::Stop, PageText::StateWithdrawn, "standing no"),
        Standing::Expired => (Icon::Stop, PageText::StateExpired, "standing no"),
        Standing::Requested => (Icon::Notice, PageText::StateRequested, "standing no"),
        Standing::Lapsed => (Icon::Stop, PageText::StateLapsed, "standing no"),
        Standing::Unproven => (Icon::Notice, PageText::StateUnproven, "standing no"),
        Standing::Open => (Icon::Notice, PageText::StateOpen, "standing no"),
        Standing::Customer => (Icon::Tick, PageText::StateGiven, "standing yes"),
    }
}

fn standing(view: &ManageView, standing: &StandingView) -> Html {
    let text = |text: PageText| words(text.in_language(view.language));
    let (mark, word, class) = state(standing.standing);
    let word = match standing.standing {
        Standing::Customer => RightsText::StateCustomer.in_language(view.language),
        _ => word.in_language(view.language),
    };
    let title_id = format!("vk-m-{}", standing.purpose.id);
    html! {
        <li {class}>
            <div class="what">
                <h2 id={title_id.clone()}>{ words(&standing.purpose.title) }</h2>
                <p class="mark">{ icon(mark) }<b>{ words(word) }</b></p>
                if let Some(why) = &standing.why {
                    <p class="why">{ words(why) }</p>
                }
                <p class="since">{ moments(view.language, standing) }</p>
                <p>{ words(&standing.purpose.text) }</p>
                { details(&standing.purpose) }
            </div>
            if can_stop(standing.standing) {
                <form method="post" action={view.action.clone()}>
                    { hidden(view, "withdraw") }
                    <input type="hidden" name="purpose" value={standing.purpose.id.clone()} />
                    <button type="submit" aria-describedby={title_id}>{ icon(Icon::Stop) }<span>{ text(PageText::Stop) }</span></button>
                </form>
            }
        </li>
    }
}

/// One button against all advertising, beside those that take back (Art. 21(4)).
fn objecting(view: &ManageView) -> Html {
    let text = |text: RightsText| words(text.in_language(view.language));
    match view.objecting {
        Objecting::No => Html::default(),
        Objecting::Done => {
            html! { <p class="objected">{ icon(Icon::Stop) }<b>{ text(RightsText::Objected) }</b></p> }
        }
        Objecting::Can => html! {
            <section aria-labelledby="vk-object">
                <h2 id="vk-object">{ text(RightsText::ObjectHeading) }</h2>
                <form method="post" action={view.action.clone()} class="object">
                    { hidden(view, "object") }
                    <button type="submit">{ icon(Icon::Stop) }<span>{ text(RightsText::Object) }</span></button>
                    <p>{ text(RightsText::ObjectText) }</p>
                </form>
            </section>
        },
    }
}

/// Whether there is something to take back.
const fn can_stop(standing: Standing) -> bool {
    matches!(standing, Standing::Given | Standing::Requested | Standing::Customer)
}

/// The way on from a page where one can only stop.
fn mail_link(view: &ManageView) -> Html {
    let text = |text: PageText| words(text.in_language(view.language));
    if !view.can_mail_link {
        return Html::default();
    }
    html! {
        <section class="give" aria-labelledby="vk-more">
            <h2 id="vk-more">{ text(PageText::MoreByMail) }</h2>
            <form method="post" action={view.action.clone()}>
                <input type="hidden" name="do" value="mail_link" />
                <p class="hint">{ text(PageText::MoreByMailText) }</p>
                <button type="submit">{ icon(Icon::Notice) }<span>{ text(PageText::MailMyLink) }</span></button>
            </form>
        </section>
    }
}

fn moments(language: Language, standing: &StandingView) -> String {
    let since =
        standing.since.as_ref().map(|since| format!("{} {since}", PageText::Since.in_language(language)));
    let until = standing
        .until
        .as_ref()
        .map(|until| format!("{} {until}", ends(standing.standing).in_language(language)));
    [since, until].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

const fn ends(standing: Standing) -> PageText {
    match standing {
        Standing::Requested => PageText::ConfirmUntil,
        _ => PageText::CountsUntil,
    }
}

/// Boxes to give again; like on the form, none is ticked.
fn give(view: &ManageView) -> Html {
    let text = |text: PageText| words(text.in_language(view.language));
    let open: Vec<_> = view.purposes.iter().filter(|one| one.can_give && !can_stop(one.standing)).collect();
    if open.is_empty() {
        return Html::default();
    }
    html! {
        <section class="give" aria-labelledby="vk-give">
            <h2 id="vk-give">{ text(PageText::GiveAgain) }</h2>
            <form method="post" action={view.action.clone()}>
                { hidden(view, "give") }
                <fieldset>
                    <legend>{ text(PageText::GiveAgainText) }</legend>
                    { for open.into_iter().map(|one| {
                        let id = format!("vk-g-{}", one.purpose.id);
                        html! {
                            <label class="box" for={id.clone()}>
                                <input type="checkbox" {id} name="purpose" value={one.purpose.id.clone()} autocomplete="off" />
                                <span>{ words(&one.purpose.title) }</span>
                            </label>
                        }
                    }) }
                </fieldset>
                <p class="hint">{ view.withdrawal.clone() }</p>
                <button type="submit">{ icon(Icon::Tick) }<span>{ text(PageText::SaveShort) }</span></button>
            </form>
        </section>
    }
}

fn history(view: &ManageView) -> Html {
    if view.history.is_empty() {
        return Html::default();
    }
    html! {
        <details class="history">
            <summary>{ PageText::History.in_language(view.language) }</summary>
            <ol>{ for view.history.iter().map(|line| past(view.language, line)) }</ol>
            <p class="links">
                if let Some(url) = &view.bundle_url {
                    <a href={url.clone()} download="">{ PageText::DownloadHistory.in_language(view.language) }</a>
                    <a href={view.verify_url.clone()}>{ LogText::CheckThis.in_language(view.language) }</a>
                }
            </p>
        </details>
    }
}

fn past(language: Language, line: &HistoryView) -> Html {
    let (mark, class) = decided(line.decided);
    let word = match line.decided {
        Decided::Given => PageText::HistoryGiven,
        Decided::NotGiven => PageText::HistoryRefused,
        Decided::Requested => PageText::HistoryRequested,
        Decided::Lapsed => PageText::Lapsed,
        Decided::Withdrawn => PageText::HistoryWithdrawn,
        Decided::Expired => PageText::Expired,
        Decided::Imported => PageText::Imported,
        Decided::Unproven => PageText::Unproven,
        Decided::Objected | Decided::Customer => PageText::HistoryWithdrawn,
    };
    let word = match line.decided {
        Decided::Objected => RightsText::HistoryObjected.in_language(language),
        Decided::Customer => RightsText::Customer.in_language(language),
        _ => word.in_language(language),
    };
    html! {
        <li {class}>
            <span class="mark">{ icon(mark) }<b>{ word }</b></span>
            <span>
                { words(&line.titles.join(", ")) }
                <small>{ line.at.clone() }</small>
                if let Some(from) = &line.registered {
                    <small>{ registered::sentence(language, from) }</small>
                }
                if let Some(url) = &line.receipt_url {
                    <small><a href={url.clone()}>{ Text::SeeReceipt.in_language(language) }</a></small>
                }
            </span>
        </li>
    }
}

fn controller(view: &ManageView) -> Html {
    html! {
        <section class="controller" aria-labelledby="vk-who">
            <h2 id="vk-who">{ PageText::WhoAsked.in_language(view.language) }</h2>
            <p>
                <b>{ view.controller.name.clone() }</b>
                { for view.controller.lines.iter().map(|line| html! { <span>{ line.clone() }</span> }) }
            </p>
        </section>
    }
}
