//! Rules for the words of a box: one purpose, clear, without guilt, without terms (GDPR Art. 4(11), 7).
//!
//! Out of scope: the lists (`phrases`) and how hard the words read (`reading`).
//!
//! Invariant: these rules judge words, so they can err. Each quotes the words that it stumbled over. Negated clauses
//! ("not by post") never count, but for guilt and for terms: "do not miss this" works on feelings, and "no terms apply" is
//! still about terms.

use std::collections::BTreeSet;

use shared::Language;
use shared::purpose::Channel;

use super::super::PurposeEntry;
use super::phrases::{self, Activity, DELIVERY, find};
use super::{Report, reading};

pub(super) use super::phrases::said;

const SPECIFIC: &str = "GDPR Art. 4(11), 6(1)(a), recital 43";

/// Checks the words of every box.
pub(super) fn check(report: &mut Report<'_>) {
    let definition = report.definition;
    for (index, purpose) in definition.purposes.iter().enumerate() {
        let path = format!("purpose[{}]", index + 1);
        for language in &definition.organisation.languages {
            each_language(report, &path, purpose, *language);
        }
    }
}

fn each_language(report: &mut Report<'_>, path: &str, purpose: &PurposeEntry, language: Language) {
    let of = |texts: &super::super::Texts| texts.get(&language).map_or("", String::as_str).to_owned();
    let (title, text) = (of(&purpose.title), of(&purpose.text));
    let title_place = format!("{path}.title.{}", language.tag());
    let text_place = format!("{path}.text.{}", language.tag());
    channels(report, &title_place, purpose.channel, &format!("{title}\n{text}"), language);
    if !joined(report, &title_place, purpose.channel, &title, language) {
        other_activity(report, &title_place, purpose.channel, &title, language);
        other_activity(report, &text_place, purpose.channel, &text, language);
    }
    along_the_way(report, &text_place, (&title, &text), language);
    for (place, words) in [(&title_place, &title), (&text_place, &text)] {
        vague(report, place, language, words);
        elsewhere(report, place, language, words);
        bare(report, place, language, words);
        emotion(report, place, language, words);
        tying(report, place, language, words);
        terms(report, place, language, words);
        privacy_text(report, place, language, words);
    }
    reading::check(report, &text_place, language, &text);
}

/// Two channels in one box, or another channel than the file says (Tw 11.7: consent is per channel).
fn channels(report: &mut Report<'_>, place: &str, own: Channel, words: &str, language: Language) {
    let found = match named(words, phrases::channel, language) {
        nothing if nothing.is_empty() => named(words, phrases::usual_channel, language),
        found => found,
    };
    match found.as_slice() {
        [(_, first), (_, second), ..] if own != Channel::Profiling => report.refuse(
            "two_channels",
            "Tw Art. 11.7(1), GDPR recital 43",
            place,
            format!(
                "Dit vakje gaat over twee kanalen (\"{first}\" en \"{second}\"). Maak van elk kanaal een eigen vakje."
            ),
            format!(
                "This box is about two channels (\"{first}\" and \"{second}\"). Make a box of its own for each channel."
            ),
        ),
        [(channel, word)] if DELIVERY.contains(&own) && *channel != own => report.refuse(
            "channel_mismatch",
            "GDPR Art. 13(1)(c)",
            place,
            format!("De woorden (\"{word}\") noemen een ander kanaal dan channel in het bestand. Maak ze gelijk."),
            format!("The words (\"{word}\") name another channel than channel in the file. Make them agree."),
        ),
        _ => {}
    }
}

/// The channels that words name, each with the first such word.
fn named(
    words: &str,
    list: fn(Channel, Language) -> &'static str,
    language: Language,
) -> Vec<(Channel, &'static str)> {
    let one = |channel: Channel| Some((channel, said(words, list(channel, language), language)?));
    DELIVERY.into_iter().filter_map(one).collect()
}

/// A title that joins two activities with "and", "or", "/", "+" or a comma.
fn joined(report: &mut Report<'_>, place: &str, own: Channel, title: &str, language: Language) -> bool {
    let mut found: Vec<(Activity, &str)> = Vec::new();
    let parts = parts(title, language);
    let mut kinds_of_parts = BTreeSet::new();
    for part in &parts {
        let mut kinds = Activity::ALL
            .into_iter()
            .filter_map(|activity| Some((activity, said(part, activity.phrases(language), language)?)));
        // The last activity in a part decides: "persoonlijke aanbiedingen" is choosing, not sending.
        // A box for choosing or sharing says what is chosen or shared for; only sending is another thing.
        let aside = |activity| {
            let sends = find(part, phrases::sending(language)).is_some();
            activity == Activity::Message && !sends && matches!(own, Channel::Profiling | Channel::Sharing)
        };
        if let Some((activity, word)) = kinds.next_back()
            && !aside(activity)
            && kinds_of_parts.insert(activity)
        {
            found.push((activity, word));
        }
    }
    let [(_, first), (_, second), ..] = found.as_slice() else { return false };
    two_purposes(report, place, first, second);
    true
}

fn parts(title: &str, language: Language) -> Vec<String> {
    let (and, or) = match language {
        Language::Nl => (" en ", " of "),
        Language::En => (" and ", " or "),
        Language::Ar => (" و ", " أو "),
    };
    let also = match language {
        Language::Nl => " evenals ",
        Language::En => " as well as ",
        Language::Ar => " وكذلك ",
    };
    let joints = [and, or, also, " plus "];
    let marked = joints.iter().fold(title.to_lowercase(), |title, joint| title.replace(joint, "|"));
    marked.split(['|', '/', '+', '&', ',', ';', '،', '؛']).map(str::to_owned).collect()
}

/// A box for one thing that also speaks of choosing by profile or of passing data on.
fn other_activity(report: &mut Report<'_>, place: &str, own: Channel, words: &str, language: Language) {
    let mine = match own {
        Channel::Profiling => Activity::Profiling,
        Channel::Sharing => Activity::Sharing,
        _ => Activity::Message,
    };
    for other in [Activity::Profiling, Activity::Sharing] {
        if other != mine
            && let Some(word) = said(words, other.phrases(language), language)
        {
            let own = match own {
                Channel::Profiling => "channel = profiling",
                Channel::Sharing => "channel = sharing",
                Channel::Email => "channel = email",
                Channel::Post => "channel = post",
                Channel::Phone => "channel = phone",
                Channel::Sms => "channel = sms",
            };
            two_purposes(report, place, own, word);
        }
    }
}

/// A title that promises news, and a text by which people also take part in something, or get something else.
fn along_the_way(report: &mut Report<'_>, place: &str, (title, text): (&str, &str), language: Language) {
    let sends = said(title, Activity::Message.phrases(language), language);
    if let Some((sent, word)) = sends.zip(said(text, phrases::other_deeds(language), language)) {
        two_purposes(report, place, sent, word);
    }
}

fn two_purposes(report: &mut Report<'_>, place: &str, first: &str, second: &str) {
    report.refuse(
        "two_purposes",
        SPECIFIC,
        place,
        format!(
            "Dit vakje vraagt twee dingen tegelijk (\"{first}\" en \"{second}\"). \
             Maak er twee vakjes van; dan kiest iemand per doel."
        ),
        format!(
            "This box asks for two things at once (\"{first}\" and \"{second}\"). \
             Make two boxes of it; then people choose per purpose."
        ),
    );
}

fn vague(report: &mut Report<'_>, place: &str, language: Language, words: &str) {
    if let Some(word) = said(words, phrases::vague(language), language) {
        report.refuse(
            "vague_purpose",
            "GDPR Art. 5(1)(b), EDPB 05/2020 §3.2",
            place,
            format!(
                "\"{word}\" kan van alles betekenen. Zeg wat u doet, hoe vaak en hoe: \
                 \"Eén keer per maand een mail met nieuwe kazen.\""
            ),
            format!(
                "\"{word}\" can mean anything. Say what you do, how often and how: \
                 \"Once a month an e-mail about new cheeses.\""
            ),
        );
    }
}

/// A box that sends the reader to another text to learn what it is about.
fn elsewhere(report: &mut Report<'_>, place: &str, language: Language, words: &str) {
    if let Some(word) = said(words, phrases::elsewhere(language), language) {
        report.refuse(
            "vague_purpose",
            "GDPR Art. 7(2), EDPB 05/2020 §3.3.2",
            place,
            format!(
                "\"{word}\" stuurt mensen naar een andere tekst. Zeg hier zelf wat u doet; \
                 wie aanvinkt, hoeft niets op te zoeken."
            ),
            format!(
                "\"{word}\" sends people to another text. Say here what you do; \
                 whoever ticks need not look anything up."
            ),
        );
    }
}

/// A sentence that says that data is used, and not for what.
fn bare(report: &mut Report<'_>, place: &str, language: Language, words: &str) {
    /// "De Kaasplank mag" or "I hereby allow you to", and no more.
    const OTHER_WORDS_MAX: usize = 4;
    let alone = |sentence: &str| {
        let word = said(sentence, phrases::bare(language), language)?;
        let others = sentence.split_whitespace().count().saturating_sub(word.split(' ').count());
        let aims = find(sentence, phrases::aims(language)).is_some();
        (others <= OTHER_WORDS_MAX && !aims).then_some(word)
    };
    if let Some(word) = words.split(['.', '!', '?', '؟', '\n']).find_map(alone) {
        report.refuse(
            "vague_purpose",
            "GDPR Art. 4(11), 5(1)(b), EDPB 05/2020 §3.2",
            place,
            format!(
                "\"{word}\": waarvoor? Zeg wat iemand krijgt of wat u doet: \
                 \"Mail mij elke maand over nieuwe kazen.\""
            ),
            format!(
                "\"{word}\": what for? Say what people get or what you do: \
                 \"E-mail me every month about new cheeses.\""
            ),
        );
    }
}

/// Words that work on feelings.
pub(super) fn emotion(report: &mut Report<'_>, place: &str, language: Language, words: &str) {
    if let Some(word) = find(words, phrases::guilt(language)) {
        report.refuse(
            "guilt_wording",
            "GDPR Art. 5(1)(a), EDPB 03/2022",
            place,
            format!("\"{word}\" werkt op het gevoel. Zeg gewoon wat mensen krijgen als ze ja zeggen."),
            format!("\"{word}\" works on feelings. Just say what people get when they say yes."),
        );
    }
}

/// Words that make a yes the price of something.
pub(super) fn tying(report: &mut Report<'_>, place: &str, language: Language, words: &str) {
    if let Some(word) = said(words, phrases::tying(language), language) {
        report.refuse(
            "tied_consent",
            "GDPR Art. 7(4), recital 43",
            place,
            format!("\"{word}\": een ja mag nergens een voorwaarde voor zijn. Haal dit weg."),
            format!("\"{word}\": a yes may not be the price of anything. Remove this."),
        );
    }
}

/// Terms of sale and consent together.
pub(super) fn terms(report: &mut Report<'_>, place: &str, language: Language, words: &str) {
    if let Some(word) = find(words, phrases::terms(language)) {
        terms_in_box(report, place, word);
    }
}

fn privacy_text(report: &mut Report<'_>, place: &str, language: Language, words: &str) {
    if let Some(word) = find(words, phrases::privacy_texts(language)) {
        terms_in_box(report, place, word);
    }
}

fn terms_in_box(report: &mut Report<'_>, place: &str, word: &str) {
    report.refuse(
        "terms_in_box",
        "GDPR Art. 7(2)",
        place,
        format!(
            "\"{word}\" hoort niet bij toestemming. Regel voorwaarden bij de bestelling; \
             de privacytekst staat al bij het formulier."
        ),
        format!(
            "\"{word}\" is no part of consent. Deal with terms at the order; \
             the privacy text is already beside the form."
        ),
    );
}
