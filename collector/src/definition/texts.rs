//! The standard words of a notice, where the law leaves little to say: in every language, level B1.
//!
//! In scope: which Art. 13 items have standard words, and the short facts below each box. Out of scope: the longer
//! paragraphs (`paragraphs`), when they are used (`notice`), names of countries (`country`).
//!
//! Invariant: every text here exists in every language.

use shared::Language::{self, Ar, En, Nl};
use shared::form::Catalogue;
use shared::notice::{Detail, Party};
use shared::purpose::{ContactField, PurposeTerms, Recipient, RecipientRole};
use shared::record::place;

use super::country;
use super::paragraphs::{
    all_recipients, complaint, controller, purposes, recipients, rights, storage, stored_in, to_customers,
    withdrawal,
};
use super::privacy::Item;

/// What the standard words of a form are made from.
pub(super) struct Facts<'a> {
    pub(super) language: Language,
    pub(super) catalogue: &'a Catalogue,
    /// Titles and terms of the form's boxes, in order.
    pub(super) boxes: Vec<(String, &'a PurposeTerms)>,
    /// The same of what customers are sent without consent.
    pub(super) customers: Vec<(String, &'a PurposeTerms)>,
    /// What those customers bought, in words.
    pub(super) products: Vec<String>,
    /// How to reach the recipients.
    pub(super) parties: Vec<Party>,
    /// The form's sentence on taking consent back.
    pub(super) withdrawal: String,
}

/// The standard paragraphs of an item, or none where only the owner can know the answer.
pub(super) fn standard(item: Item, facts: &Facts<'_>) -> Option<Vec<String>> {
    let language = facts.language;
    let fixed = |nl: &str, en: &str, ar: &str| Some(vec![pick(language, nl, en, ar).to_owned()]);
    match item {
        Item::Controller => Some(controller(facts)),
        Item::Purposes => Some(purposes(facts)),
        Item::Recipients => Some(recipients(facts)),
        Item::Storage => Some(storage(facts)),
        Item::Withdrawal => Some(withdrawal(facts)),
        Item::Representative | Item::Dpo => None,
        Item::Transfers if stays_in_eea(facts) => Some(vec![stored_in(facts)]),
        Item::AutomatedDecisions if !profiles(facts) => fixed(
            "Nee. Geen computer beslist iets over u.",
            "No. No computer decides anything about you.",
            "لا. لا يقرر أي حاسوب شيئًا عنك.",
        ),
        Item::Transfers | Item::AutomatedDecisions => None,
        Item::LegitimateInterest if !facts.customers.is_empty() => Some(to_customers(facts)),
        Item::LegitimateInterest => fixed(
            "Voor wat u op dit formulier kiest, vragen we altijd toestemming. We beroepen ons niet op een eigen belang.",
            "For what you choose on this form we always ask for consent. We do not rely on an interest of our own.",
            "نطلب الموافقة دائمًا لما تختاره في هذا النموذج. لا نستند إلى مصلحة خاصة بنا.",
        ),
        Item::Rights => Some(rights(facts)),
        Item::Complaint => complaint(facts),
        Item::Obligation => fixed(
            "Nee. U hoeft niets te kiezen. Zonder vinkje doen we niets met uw gegevens, en u kunt hier gewoon klant \
             zijn. Alleen voor een vinkje dat u zet, hebben we de gegevens nodig die erbij staan.",
            "No. You do not have to choose anything. Without a tick we do nothing with your data, and you are just as \
             welcome here. Only for a box that you tick do we need the data named there.",
            "لا. لا يلزمك اختيار أي شيء. بدون علامة لا نفعل شيئًا ببياناتك، وأنت مرحب بك هنا كما أنت. نحتاج فقط، للمربع \
             الذي تضع عليه علامة، إلى البيانات المذكورة عنده.",
        ),
        Item::NewPurposes => fixed(
            "Willen we uw gegevens voor iets anders gebruiken? Dan vertellen we u dat eerst, en vragen we het opnieuw.",
            "Do we want to use your data for something else? Then we tell you first, and ask again.",
            "هل نريد استخدام بياناتك لشيء آخر؟ نخبرك بذلك أولًا، ونسألك من جديد.",
        ),
    }
}

/// The paragraphs of an item that does not apply.
pub(super) fn not_applicable(language: Language, reason: &str) -> Vec<String> {
    vec![format!("{} {reason}", pick(language, "Niet van toepassing.", "Not applicable.", "لا ينطبق."))]
}

/// The short facts below a box: which data, who gets it, how long.
pub(super) fn details(terms: &PurposeTerms, language: Language) -> Vec<Detail> {
    let detail = |nl: &str, en: &str, ar: &str, value: String| Detail {
        label: pick(language, nl, en, ar).to_owned(),
        value,
    };
    let needs: Vec<&str> = terms.needs.iter().map(|field| field_name(*field, language)).collect();
    vec![
        detail("Gegevens", "Data", "البيانات", needs.join(comma(language))),
        detail(
            "Wie het krijgt",
            "Who gets it",
            "من يحصل عليها",
            recipients_short(&terms.recipients, language),
        ),
        detail("Hoe lang", "How long", "المدة", term_short(terms, language)),
    ]
}

pub(super) const fn pick<'a>(language: Language, nl: &'a str, en: &'a str, ar: &'a str) -> &'a str {
    match language {
        Nl => nl,
        En => en,
        Ar => ar,
    }
}

const fn comma(language: Language) -> &'static str {
    pick(language, ", ", ", ", "، ")
}

const fn field_name(field: ContactField, language: Language) -> &'static str {
    match field {
        ContactField::Email => pick(language, "e-mailadres", "e-mail address", "البريد الإلكتروني"),
        ContactField::Phone => pick(language, "telefoonnummer", "phone number", "رقم الهاتف"),
        ContactField::Name => pick(language, "naam", "name", "الاسم"),
        ContactField::Address => pick(language, "postadres", "postal address", "العنوان البريدي"),
    }
}

fn recipients_short(recipients: &[Recipient], language: Language) -> String {
    let comma = comma(language);
    let name = |recipient: &Recipient| {
        let role = match recipient.role {
            RecipientRole::Processor => pick(language, "werkt voor ons", "works for us", "يعمل لنا"),
            RecipientRole::ThirdParty => {
                pick(language, "gebruikt het zelf", "uses it for itself", "يستخدمها لنفسه")
            }
        };
        let country = country::name(&recipient.country, language);
        format!("{} ({role}{comma}{country})", recipient.name)
    };
    let us = pick(language, "wij", "we", "نحن");
    match recipients {
        [] => pick(language, "alleen wij", "only we", "نحن فقط").to_owned(),
        all => {
            let names: Vec<String> = all.iter().map(name).collect();
            format!("{us}{comma}{}", names.join(comma))
        }
    }
}

pub(super) fn term_short(terms: &PurposeTerms, language: Language) -> String {
    let months = months(terms.validity_months, language);
    let days = days(terms.erasure_days, language);
    match language {
        Nl => format!("{months}; na stoppen {days} gewist"),
        En => format!("{months}; erased {days} after you stop"),
        Ar => format!("{months}؛ تُمحى {days} بعد أن تتوقف"),
    }
}

fn months(count: u16, language: Language) -> String {
    let (years, rest) = (count / 12, count % 12);
    match (years, rest, language) {
        (1.., 0, Nl) => format!("{years} jaar"),
        (1, 0, En) => "1 year".to_owned(),
        (2.., 0, En) => format!("{years} years"),
        (1.., 0, Ar) => counted(years, "سنة واحدة", "سنتان", "سنوات", "سنة"),
        (_, _, Ar) => counted(count, "شهر واحد", "شهران", "أشهر", "شهرًا"),
        (_, _, Nl) => format!("{count} {}", if count == 1 { "maand" } else { "maanden" }),
        (_, _, En) => format!("{count} {}", if count == 1 { "month" } else { "months" }),
    }
}

fn days(count: u16, language: Language) -> String {
    match (count, language) {
        (0, Nl) => "meteen".to_owned(),
        (0, En) => "at once".to_owned(),
        (1, Nl) => "binnen 1 dag".to_owned(),
        (1, En) => "within 1 day".to_owned(),
        (_, Nl) => format!("binnen {count} dagen"),
        (_, En) => format!("within {count} days"),
        (0, Ar) => "فورًا".to_owned(),
        (_, Ar) => format!("خلال {}", counted(count, "يوم واحد", "يومين", "أيام", "يومًا")),
    }
}

/// A number with its noun in Arabic, which has words of their own for one and two, and one form from three to ten.
fn counted(count: u16, one: &str, two: &str, few: &str, many: &str) -> String {
    match (count, count % 100) {
        (1, _) => one.to_owned(),
        (2, _) => two.to_owned(),
        (_, 3..=10) => format!("{count} {few}"),
        _ => format!("{count} {many}"),
    }
}

fn stays_in_eea(facts: &Facts<'_>) -> bool {
    let own = facts.catalogue.controller.storage_country.as_deref();
    let theirs = all_recipients(facts).into_iter().map(|recipient| recipient.country.as_str());
    own.into_iter().chain(theirs).all(place::is_eea)
}

fn profiles(facts: &Facts<'_>) -> bool {
    facts.boxes.iter().any(|(_, terms)| terms.channel == shared::purpose::Channel::Profiling)
}
