//! The standard paragraphs of a notice, by the items of Art. 13.
//!
//! In scope: the words, filled with what the owner's file says. Out of scope: which item has standard words, and the
//! short facts below each box (`texts`).
//!
//! Invariant: every paragraph here exists in every language.

use shared::Language::{Ar, En, Nl};
use shared::purpose::{PurposeTerms, Recipient, RecipientRole};
use shared::record::place;

use super::country;
use super::texts::{Facts, pick, term_short};

pub(super) fn controller(facts: &Facts<'_>) -> Vec<String> {
    let controller = &facts.catalogue.controller;
    let country = controller.country.as_deref().map_or("", |code| country::name(code, facts.language));
    let mut line = format!("{}, {}, {country}.", controller.name, controller.address);
    if let Some(register) = &controller.register {
        line.push_str(&format!(" {register}."));
    }
    let phone = controller.phone.as_deref().map_or(String::new(), |phone| match facts.language {
        Nl => format!(" of bel {phone}"),
        En => format!(" or call {phone}"),
        Ar => format!(" أو اتصل بـ {phone}"),
    });
    let ask = match facts.language {
        Nl => format!("Een vraag over uw gegevens? Mail {}{phone}.", controller.email),
        En => format!("A question about your data? Mail {}{phone}.", controller.email),
        Ar => format!("سؤال عن بياناتك؟ اكتب إلى {}{phone}.", controller.email),
    };
    vec![line, ask]
}

pub(super) fn purposes(facts: &Facts<'_>) -> Vec<String> {
    let titles: Vec<&str> = facts.boxes.iter().map(|(title, _)| title.trim_end_matches('.')).collect();
    let basis = pick(
        facts.language,
        "Alleen voor de vakjes die u aanvinkt. De grondslag is uw toestemming (AVG, artikel 6, lid 1, onder a).",
        "Only for the boxes that you tick. The legal basis is your consent (GDPR Article 6(1)(a)).",
        "فقط للمربعات التي تضع عليها علامة. الأساس القانوني هو موافقتك (اللائحة العامة لحماية البيانات، المادة 6(1)(أ)).",
    );
    let ask = pick(facts.language, "De vakjes:", "The boxes:", "المربعات:");
    let more = pick(
        facts.language,
        "Bent u klant? Lees dan ook “Gebruik zonder toestemming”.",
        "Are you a customer? Then read “Use without consent” too.",
        "هل أنت زبون؟ اقرأ أيضًا «الاستخدام بدون موافقة».",
    );
    let more = (!facts.customers.is_empty()).then(|| more.to_owned());
    [basis.to_owned(), format!("{ask} {}.", titles.join("; "))].into_iter().chain(more).collect()
}

/// Art. 13(1)(d), and what Tw 11.7(3) asks: own similar products, an objection that is free and offered each time.
pub(super) fn to_customers(facts: &Facts<'_>) -> Vec<String> {
    let one = |((title, _), products): (&(String, &PurposeTerms), &String)| {
        let title = title.trim_end_matches('.');
        match facts.language {
            Nl => format!(
                "Kocht u {products}? Dan mogen wij u daarover berichten sturen, ook zonder vinkje: {title}."
            ),
            En => format!(
                "Did you buy {products}? Then we may send you messages about it, also without a tick: {title}."
            ),
            Ar => {
                format!("هل اشتريت {products}؟ يُسمح لنا بأن نرسل إليك رسائل عن ذلك، بدون علامة أيضًا: {title}.")
            }
        }
    };
    let basis = pick(
        facts.language,
        "Ons belang: klanten laten weten wat wij nog meer verkopen (AVG, artikel 6, lid 1, onder f; Telecommunicatiewet, \
         artikel 11.7, lid 3).",
        "Our interest: telling customers what else we sell (GDPR Article 6(1)(f); Dutch Telecommunications Act, Article \
         11.7(3)).",
        "مصلحتنا: أن نخبر الزبائن بما نبيعه أيضًا (اللائحة العامة لحماية البيانات، المادة 6(1)(و)؛ قانون الاتصالات الهولندي، \
         المادة 11.7(3)).",
    );
    let stop = pick(
        facts.language,
        "U kunt nee zeggen bij de verkoop en in elk bericht. Dat kost niets en het geldt meteen.",
        "You can say no at the sale and in every message. It costs nothing and it counts at once.",
        "يمكنك أن تقول لا عند البيع وفي كل رسالة. لا يكلف ذلك شيئًا ويسري فورًا.",
    );
    let told = facts.customers.iter().zip(&facts.products).map(one);
    told.chain([basis.to_owned(), stop.to_owned()]).collect()
}

pub(super) fn all_recipients<'a>(facts: &Facts<'a>) -> Vec<&'a Recipient> {
    let purposes = facts.boxes.iter().chain(&facts.customers);
    let mut all: Vec<&Recipient> = purposes.flat_map(|(_, terms)| &terms.recipients).collect();
    all.sort();
    all.dedup();
    all
}

pub(super) fn recipients(facts: &Facts<'_>) -> Vec<String> {
    let all = all_recipients(facts);
    let language = facts.language;
    if all.is_empty() {
        return vec![pick(language, "Alleen wij.", "Only we.", "نحن فقط.").to_owned()];
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
            (RecipientRole::Processor, Ar) => format!("{name} ({country}) يعمل لنا ويفعل فقط ما نطلبه منه"),
            (RecipientRole::ThirdParty, Ar) => {
                format!("{name} ({country}) يحصل عليها فقط بعلامتك، ويستخدمها لنفسه")
            }
        }
    };
    let lines: Vec<String> = all.into_iter().map(line).collect();
    let ours = pick(
        language,
        "Wij zelf, en wie er bij uw vakje staat.",
        "We, and those named at your box.",
        "نحن، ومن ذُكر عند مربعك.",
    );
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

pub(super) fn storage(facts: &Facts<'_>) -> Vec<String> {
    let language = facts.language;
    let line = |(title, terms): &(String, &PurposeTerms)| {
        format!("{}: {}", title.trim_end_matches('.'), term_short(terms, language))
    };
    let lines: Vec<String> = facts.boxes.iter().chain(&facts.customers).map(line).collect();
    let after = pick(
        language,
        "Is die tijd om, dan vragen we het opnieuw. Zegt u dan niets, dan wissen we uw gegevens.",
        "When that time is over, we ask again. If you say nothing then, we erase your data.",
        "عندما تنتهي هذه المدة نسألك من جديد. إذا لم تقل شيئًا حينها، نمحو بياناتك.",
    );
    let proof = pick(
        language,
        "Het bewijs van uw keuze bewaren we apart, zolang we die keuze moeten kunnen laten zien. \
         We gebruiken het nergens anders voor.",
        "We keep the proof of your choice apart, for as long as we must be able to show that choice. \
         We use it for nothing else.",
        "نحتفظ بإثبات اختيارك منفصلًا، ما دام علينا أن نستطيع إظهار هذا الاختيار. لا نستخدمه لأي شيء آخر.",
    );
    vec![format!("{}.", lines.join(". ")), after.to_owned(), proof.to_owned()]
}

pub(super) fn withdrawal(facts: &Facts<'_>) -> Vec<String> {
    let past = pick(
        facts.language,
        "Wat we tot dat moment met uw toestemming deden, blijft geldig. Intrekken kost niets.",
        "What we did with your consent until then stays lawful. Taking it back costs nothing.",
        "ما فعلناه بموافقتك حتى ذلك الوقت يبقى صحيحًا. التراجع لا يكلف شيئًا.",
    );
    vec![facts.withdrawal.clone(), past.to_owned()]
}

pub(super) fn rights(facts: &Facts<'_>) -> Vec<String> {
    let email = &facts.catalogue.controller.email;
    let rights = pick(
        facts.language,
        "U mag uw gegevens zien, laten verbeteren en laten wissen. U mag ons vragen het gebruik even stop te zetten. \
         U mag bezwaar maken. En u mag uw gegevens meenemen in een bestand dat een computer kan lezen.",
        "You may see your data, have it corrected and have it erased. You may ask us to pause its use. \
         You may object. And you may take your data with you in a file that a computer can read.",
        "يحق لك أن ترى بياناتك وأن تطلب تصحيحها ومحوها. يحق لك أن تطلب منا إيقاف استخدامها مؤقتًا. يحق لك الاعتراض. ويحق \
         لك أن تأخذ بياناتك معك في ملف يقرؤه الحاسوب.",
    );
    let how = match facts.language {
        Nl => format!("Mail {email}. U krijgt antwoord binnen een maand. Het kost niets."),
        En => format!("Mail {email}. You get an answer within a month. It costs nothing."),
        Ar => format!("اكتب إلى {email}. يصلك الجواب خلال شهر. لا يكلف ذلك شيئًا."),
    };
    vec![rights.to_owned(), how]
}

/// Who watches over the organisation, where its country alone says that; a German shop names the one of its state.
pub(super) fn complaint(facts: &Facts<'_>) -> Option<Vec<String>> {
    let code = facts.catalogue.controller.country.as_deref()?;
    let home = place::authority(code)?.home.trim_start_matches("https://").trim_start_matches("www.");
    let site = home.trim_end_matches('/');
    let country = country::name(code, facts.language);
    let who = match (code, facts.language) {
        ("NL", Nl) => "de Autoriteit Persoonsgegevens".to_owned(),
        ("NL", En) => "the Dutch data protection authority, the Autoriteit Persoonsgegevens".to_owned(),
        (_, Nl) => format!("de privacytoezichthouder van {country}"),
        (_, En) => format!("the data protection authority of {country}"),
        ("NL", Ar) => "هيئة حماية البيانات الهولندية (Autoriteit Persoonsgegevens)".to_owned(),
        (_, Ar) => format!("هيئة حماية البيانات في {country}"),
    };
    Some(vec![match facts.language {
        Nl => format!("Bent u niet tevreden? Zeg het ons. U kunt ook klagen bij {who}: {site}."),
        En => format!("Not satisfied? Please tell us. You can also complain to {who}: {site}."),
        Ar => format!("لست راضيًا؟ أخبرنا. يمكنك أيضًا أن تشتكي إلى {who}: {site}."),
    }])
}

/// Where the organisation itself keeps the data.
pub(super) fn stored_in(facts: &Facts<'_>) -> String {
    let code = facts.catalogue.controller.storage_country.as_deref().unwrap_or_default();
    let name = country::name(code, facts.language);
    match facts.language {
        Nl => format!("Wij bewaren uw gegevens in {name}. Ze blijven in de Europese Economische Ruimte."),
        En => format!("We keep your data in {name}. It stays in the European Economic Area."),
        Ar => format!("نحتفظ ببياناتك في {name}. تبقى في المنطقة الاقتصادية الأوروبية."),
    }
}
