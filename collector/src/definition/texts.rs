//! The standard words of a notice, where the law leaves little to say: Dutch and English, level B1.
//!
//! In scope: the standard paragraphs of the Art. 13 items and the short facts below each box. Out of scope: when
//! they are used (`notice`), names of countries (`country`).
//!
//! Invariant: every text here exists in every language.

use shared::Language::{self, En, Nl};
use shared::form::Catalogue;
use shared::notice::{Detail, Party};
use shared::purpose::{ContactField, PurposeTerms, Recipient, RecipientRole};
use shared::record::place;

use super::country;
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
    let fixed = |nl: &str, en: &str| Some(vec![pick(language, nl, en).to_owned()]);
    match item {
        Item::Controller => Some(controller(facts)),
        Item::Purposes => Some(purposes(facts)),
        Item::Recipients => Some(recipients(facts)),
        Item::Storage => Some(storage(facts)),
        Item::Withdrawal => Some(withdrawal(facts)),
        Item::Representative | Item::Dpo => None,
        Item::Transfers if stays_in_eea(facts) => Some(vec![stored_in(facts)]),
        Item::AutomatedDecisions if !profiles(facts) => {
            fixed("Nee. Geen computer beslist iets over u.", "No. No computer decides anything about you.")
        }
        Item::Transfers | Item::AutomatedDecisions => None,
        Item::LegitimateInterest if !facts.customers.is_empty() => Some(to_customers(facts)),
        Item::LegitimateInterest => fixed(
            "Voor wat u op dit formulier kiest, vragen we altijd toestemming. We beroepen ons niet op een eigen belang.",
            "For what you choose on this form we always ask for consent. We do not rely on an interest of our own.",
        ),
        Item::Rights => Some(rights(facts)),
        Item::Complaint => complaint(facts),
        Item::Obligation => fixed(
            "Nee. U hoeft niets te kiezen. Zonder vinkje doen we niets met uw gegevens, en u kunt hier gewoon klant \
             zijn. Alleen voor een vinkje dat u zet, hebben we de gegevens nodig die erbij staan.",
            "No. You do not have to choose anything. Without a tick we do nothing with your data, and you are just as \
             welcome here. Only for a box that you tick do we need the data named there.",
        ),
        Item::NewPurposes => fixed(
            "Willen we uw gegevens voor iets anders gebruiken? Dan vertellen we u dat eerst, en vragen we het opnieuw.",
            "Do we want to use your data for something else? Then we tell you first, and ask again.",
        ),
    }
}

/// The paragraphs of an item that does not apply.
pub(super) fn not_applicable(language: Language, reason: &str) -> Vec<String> {
    vec![format!("{} {reason}", pick(language, "Niet van toepassing.", "Not applicable."))]
}

/// The short facts below a box: which data, who gets it, how long.
pub(super) fn details(terms: &PurposeTerms, language: Language) -> Vec<Detail> {
    let detail =
        |nl: &str, en: &str, value: String| Detail { label: pick(language, nl, en).to_owned(), value };
    let needs: Vec<&str> = terms.needs.iter().map(|field| field_name(*field, language)).collect();
    vec![
        detail("Gegevens", "Data", needs.join(", ")),
        detail("Wie het krijgt", "Who gets it", recipients_short(&terms.recipients, language)),
        detail("Hoe lang", "How long", term_short(terms, language)),
    ]
}

fn pick<'a>(language: Language, nl: &'a str, en: &'a str) -> &'a str {
    match language {
        Nl => nl,
        En => en,
    }
}

const fn field_name(field: ContactField, language: Language) -> &'static str {
    match (field, language) {
        (ContactField::Email, Nl) => "e-mailadres",
        (ContactField::Email, En) => "e-mail address",
        (ContactField::Phone, Nl) => "telefoonnummer",
        (ContactField::Phone, En) => "phone number",
        (ContactField::Name, Nl) => "naam",
        (ContactField::Name, En) => "name",
        (ContactField::Address, Nl) => "postadres",
        (ContactField::Address, En) => "postal address",
    }
}

fn recipients_short(recipients: &[Recipient], language: Language) -> String {
    let name = |recipient: &Recipient| {
        let role = match recipient.role {
            RecipientRole::Processor => pick(language, "werkt voor ons", "works for us"),
            RecipientRole::ThirdParty => pick(language, "gebruikt het zelf", "uses it for itself"),
        };
        format!("{} ({role}, {})", recipient.name, country::name(&recipient.country, language))
    };
    let us = pick(language, "wij", "we");
    match recipients {
        [] => pick(language, "alleen wij", "only we").to_owned(),
        all => {
            let names: Vec<String> = all.iter().map(name).collect();
            format!("{us}, {}", names.join(", "))
        }
    }
}

fn term_short(terms: &PurposeTerms, language: Language) -> String {
    let months = months(terms.validity_months, language);
    let days = days(terms.erasure_days, language);
    match language {
        Nl => format!("{months}; na stoppen {days} gewist"),
        En => format!("{months}; erased {days} after you stop"),
    }
}

fn months(count: u16, language: Language) -> String {
    let (years, rest) = (count / 12, count % 12);
    match (years, rest, language) {
        (1.., 0, Nl) => format!("{years} jaar"),
        (1, 0, En) => "1 year".to_owned(),
        (2.., 0, En) => format!("{years} years"),
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
    }
}

fn controller(facts: &Facts<'_>) -> Vec<String> {
    let controller = &facts.catalogue.controller;
    let country = controller.country.as_deref().map_or("", |code| country::name(code, facts.language));
    let mut line = format!("{}, {}, {country}.", controller.name, controller.address);
    if let Some(register) = &controller.register {
        line.push_str(&format!(" {register}."));
    }
    let phone = controller.phone.as_deref().map_or(String::new(), |phone| match facts.language {
        Nl => format!(" of bel {phone}"),
        En => format!(" or call {phone}"),
    });
    let ask = match facts.language {
        Nl => format!("Een vraag over uw gegevens? Mail {}{phone}.", controller.email),
        En => format!("A question about your data? Mail {}{phone}.", controller.email),
    };
    vec![line, ask]
}

fn purposes(facts: &Facts<'_>) -> Vec<String> {
    let titles: Vec<&str> = facts.boxes.iter().map(|(title, _)| title.trim_end_matches('.')).collect();
    let basis = pick(
        facts.language,
        "Alleen voor de vakjes die u aanvinkt. De grondslag is uw toestemming (AVG, artikel 6, lid 1, onder a).",
        "Only for the boxes that you tick. The legal basis is your consent (GDPR Article 6(1)(a)).",
    );
    let ask = pick(facts.language, "De vakjes:", "The boxes:");
    let more = pick(
        facts.language,
        "Bent u klant? Lees dan ook “Gebruik zonder toestemming”.",
        "Are you a customer? Then read “Use without consent” too.",
    );
    let more = (!facts.customers.is_empty()).then(|| more.to_owned());
    [basis.to_owned(), format!("{ask} {}.", titles.join("; "))].into_iter().chain(more).collect()
}

/// Art. 13(1)(d), and what Tw 11.7(3) asks: own similar products, an objection that is free and offered each time.
fn to_customers(facts: &Facts<'_>) -> Vec<String> {
    let one = |((title, _), products): (&(String, &PurposeTerms), &String)| {
        let title = title.trim_end_matches('.');
        match facts.language {
            Nl => format!(
                "Kocht u {products}? Dan mogen wij u daarover berichten sturen, ook zonder vinkje: {title}."
            ),
            En => format!(
                "Did you buy {products}? Then we may send you messages about it, also without a tick: {title}."
            ),
        }
    };
    let basis = pick(
        facts.language,
        "Ons belang: klanten laten weten wat wij nog meer verkopen (AVG, artikel 6, lid 1, onder f; Telecommunicatiewet, \
         artikel 11.7, lid 3).",
        "Our interest: telling customers what else we sell (GDPR Article 6(1)(f); Dutch Telecommunications Act, Article \
         11.7(3)).",
    );
    let stop = pick(
        facts.language,
        "U kunt nee zeggen bij de verkoop en in elk bericht. Dat kost niets en het geldt meteen.",
        "You can say no at the sale and in every message. It costs nothing and it counts at once.",
    );
    let told = facts.customers.iter().zip(&facts.products).map(one);
    told.chain([basis.to_owned(), stop.to_owned()]).collect()
}

fn all_recipients<'a>(facts: &Facts<'a>) -> Vec<&'a Recipient> {
    let purposes = facts.boxes.iter().chain(&facts.customers);
    let mut all: Vec<&Recipient> = purposes.flat_map(|(_, terms)| &terms.recipients).collect();
    all.sort();
    all.dedup();
    all
}

fn recipients(facts: &Facts<'_>) -> Vec<String> {
    let all = all_recipients(facts);
    let language = facts.language;
    if all.is_empty() {
        return vec![pick(language, "Alleen wij.", "Only we.").to_owned()];
    }
    let line = |recipient: &Recipient| {
        let country = reached_at(facts, recipient);
        let name = &recipient.name;
        match (recipient.role, language) {
            (RecipientRole::Processor, Nl) => {
                format!("{name} ({country}) werkt voor ons en doet alleen wat wij opdragen")
            }
            (RecipientRole::Processor, En) => {
                format!("{name} ({country}) works for us and does only what we tell it to")
            }
            (RecipientRole::ThirdParty, Nl) => {
                format!("{name} ({country}) krijgt ze alleen met uw vinkje, en gebruikt ze zelf")
            }
            (RecipientRole::ThirdParty, En) => {
                format!("{name} ({country}) gets it only with your tick, and uses it for itself")
            }
        }
    };
    let lines: Vec<String> = all.into_iter().map(line).collect();
    let ours = pick(language, "Wij zelf, en wie er bij uw vakje staat.", "We, and those named at your box.");
    vec![ours.to_owned(), format!("{}.", lines.join(". "))]
}

/// Where a recipient is, and how to reach it.
fn reached_at(facts: &Facts<'_>, recipient: &Recipient) -> String {
    let country = country::name(&recipient.country, facts.language);
    match facts.parties.iter().find(|party| party.recipient == *recipient) {
        Some(party) => format!("{}, {country}; {}", party.address, party.email),
        None => country.to_owned(),
    }
}

fn storage(facts: &Facts<'_>) -> Vec<String> {
    let language = facts.language;
    let line = |(title, terms): &(String, &PurposeTerms)| {
        format!("{}: {}", title.trim_end_matches('.'), term_short(terms, language))
    };
    let lines: Vec<String> = facts.boxes.iter().chain(&facts.customers).map(line).collect();
    let after = pick(
        language,
        "Is die tijd om, dan vragen we het opnieuw. Zegt u dan niets, dan wissen we uw gegevens.",
        "When that time is over, we ask again. If you say nothing then, we erase your data.",
    );
    let proof = pick(
        language,
        "Het bewijs van uw keuze bewaren we apart, zolang we die keuze moeten kunnen laten zien. \
         We gebruiken het nergens anders voor.",
        "We keep the proof of your choice apart, for as long as we must be able to show that choice. \
         We use it for nothing else.",
    );
    vec![format!("{}.", lines.join(". ")), after.to_owned(), proof.to_owned()]
}

fn withdrawal(facts: &Facts<'_>) -> Vec<String> {
    let past = pick(
        facts.language,
        "Wat we tot dat moment met uw toestemming deden, blijft geldig. Intrekken kost niets.",
        "What we did with your consent until then stays lawful. Taking it back costs nothing.",
    );
    vec![facts.withdrawal.clone(), past.to_owned()]
}

fn rights(facts: &Facts<'_>) -> Vec<String> {
    let email = &facts.catalogue.controller.email;
    let rights = pick(
        facts.language,
        "U mag uw gegevens zien, laten verbeteren en laten wissen. U mag ons vragen het gebruik even stop te zetten. \
         U mag bezwaar maken. En u mag uw gegevens meenemen in een bestand dat een computer kan lezen.",
        "You may see your data, have it corrected and have it erased. You may ask us to pause its use. \
         You may object. And you may take your data with you in a file that a computer can read.",
    );
    let how = match facts.language {
        Nl => format!("Mail {email}. U krijgt antwoord binnen een maand. Het kost niets."),
        En => format!("Mail {email}. You get an answer within a month. It costs nothing."),
    };
    vec![rights.to_owned(), how]
}

/// Who watches over the organisation, where its country alone says that; a German shop names the one of its state.
fn complaint(facts: &Facts<'_>) -> Option<Vec<String>> {
    let code = facts.catalogue.controller.country.as_deref()?;
    let home = place::authority(code)?.home.trim_start_matches("https://").trim_start_matches("www.");
    let site = home.trim_end_matches('/');
    let country = country::name(code, facts.language);
    let who = match (code, facts.language) {
        ("NL", Nl) => "de Autoriteit Persoonsgegevens".to_owned(),
        ("NL", En) => "the Dutch data protection authority, the Autoriteit Persoonsgegevens".to_owned(),
        (_, Nl) => format!("de privacytoezichthouder van {country}"),
        (_, En) => format!("the data protection authority of {country}"),
    };
    Some(vec![match facts.language {
        Nl => format!("Bent u niet tevreden? Zeg het ons. U kunt ook klagen bij {who}: {site}."),
        En => format!("Not satisfied? Please tell us. You can also complain to {who}: {site}."),
    }])
}

/// Where the organisation itself keeps the data.
fn stored_in(facts: &Facts<'_>) -> String {
    let code = facts.catalogue.controller.storage_country.as_deref().unwrap_or_default();
    let name = country::name(code, facts.language);
    match facts.language {
        Nl => format!("Wij bewaren uw gegevens in {name}. Ze blijven in de Europese Economische Ruimte."),
        En => format!("We keep your data in {name}. It stays in the European Economic Area."),
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
