//! Real-world phrasing: what owners paste into their forms is refused with its article; honest texts pass.
//!
//! In scope: the words of a box, and the language they are in. Out of scope: each rule's border (`definition_lint`).
//!
//! Invariant: whatever is found comes from the words of the first box; the rest is the demo shop, which has no finding.

use collector::definition::{Finding, parse};
use proptest::prelude::*;

mod boxes;

use boxes::{SHOP, TEXT, TEXT_EN, TITLE, TITLE_EN, findings, refuses, refuses_en, with};

/// An honest purpose: title and text in Dutch and English.
struct Purpose {
    channel: &'static str,
    nl: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

const fn mail(nl: (&'static str, &'static str), en: (&'static str, &'static str)) -> Purpose {
    Purpose { channel: "email", nl, en }
}

const fn post(nl: (&'static str, &'static str), en: (&'static str, &'static str)) -> Purpose {
    Purpose { channel: "post", nl, en }
}

const HONEST: [Purpose; 16] = [
    mail(
        ("Mail mij over concerten", "Drie keer per jaar een mail met datum, plaats en programma."),
        ("E-mail me about concerts", "Three times a year an e-mail with date, place and programme."),
    ),
    mail(
        (
            "Stuur mij elke week de kaas van de week",
            "Elke vrijdag een korte mail: welke kaas het is en wat hij kost.",
        ),
        (
            "Send me the cheese of the week",
            "Every Friday a short e-mail: which cheese it is and what it costs.",
        ),
    ),
    mail(
        (
            "Mail mij als mijn maat weer op voorraad is",
            "Eén mail, op de dag dat hij binnenkomt. Daarna wissen we uw adres.",
        ),
        (
            "E-mail me when my size is back in stock",
            "One e-mail, on the day it comes in. Then we erase your address.",
        ),
    ),
    mail(
        ("Herinner mij aan de lessen", "De dag voor elke les een mail met de tijd en de zaal."),
        ("Remind me of the lessons", "The day before each lesson an e-mail with the time and the room."),
    ),
    mail(
        (
            "Vertel mij over vrijwilligerswerk",
            "Vier keer per jaar mailen we welke taken er zijn. U zit nergens aan vast.",
        ),
        (
            "Tell me about volunteering",
            "Four times a year we e-mail which tasks there are. You are free to say no.",
        ),
    ),
    mail(
        (
            "Nieuws van het museum per mail",
            "Elke maand: nieuwe tentoonstellingen, lezingen en wanneer de toegang gratis is.",
        ),
        ("News of the museum by e-mail", "Every month: new exhibitions, talks and when entry is free."),
    ),
    mail(
        (
            "Mail mij uitnodigingen voor proeverijen",
            "Zes keer per jaar. U ziet wie er komt vertellen en wat u proeft.",
        ),
        (
            "E-mail me invitations to tastings",
            "Six times a year. You see who comes to speak and what you taste.",
        ),
    ),
    mail(
        (
            "Laat mij weten wat er met mijn gift gebeurt",
            "Twee keer per jaar een mail met foto's uit het dorp en een overzicht van de kosten.",
        ),
        (
            "Tell me what happens with my gift",
            "Twice a year an e-mail with photos from the village and a list of the costs.",
        ),
    ),
    mail(
        (
            "Mail mij over The Battle of the Bands",
            "Eén mail als de kaarten in de verkoop gaan en één met de tijden.",
        ),
        (
            "E-mail me about De Avond van de Kaas",
            "One e-mail when the tickets go on sale and one with the times.",
        ),
    ),
    mail(
        (
            "Mail mij de kortingscode van de maand",
            "Op de eerste dag van elke maand. We mailen verder niets en bellen niet.",
        ),
        (
            "E-mail me the discount code of the month",
            "On the first day of every month. We send nothing else and do not call you.",
        ),
    ),
    mail(
        (
            "Stuur mij een verslag van de bestuursvergadering",
            "Na elke vergadering, zes keer per jaar. We delen uw adres niet met anderen.",
        ),
        (
            "Send me the minutes of the board meeting",
            "After each meeting, six times a year. We do not share your address with others.",
        ),
    ),
    mail(
        ("Vraag mij hoe de reparatie beviel", "Eén mail, twee weken na de reparatie, met drie vragen."),
        ("Ask me how the repair went", "One e-mail, two weeks after the repair, with three questions."),
    ),
    post(
        (
            "Stuur mij de kerstkaart",
            "Eén kaart per jaar, in december. We gebruiken uw adres alleen om hem te sturen.",
        ),
        ("Send me the Christmas card", "One card a year, in December. We use your address only to send it."),
    ),
    post(
        (
            "Stuur mij het clubblad",
            "Vier keer per jaar in uw brievenbus. Er staan verhalen van leden in en de agenda.",
        ),
        (
            "Send me the club magazine",
            "Four times a year in your letterbox. It has stories by members and the diary.",
        ),
    ),
    post(
        (
            "Stuur mij de catalogus van het voorjaar",
            "In maart valt hij op de mat, met alle planten en hun prijzen.",
        ),
        ("Send me the spring catalogue", "In March it falls on your mat, with all plants and their prices."),
    ),
    post(
        (
            "Nodig mij per brief uit voor de jaarlijkse open dag",
            "Eén brief per jaar, in mei, met het programma en hoe u er komt.",
        ),
        (
            "Invite me by letter to the yearly open day",
            "One letter a year, in May, with the programme and how to get there.",
        ),
    ),
];

#[test]
fn honest_purposes_pass() {
    for Purpose { channel, nl, en } in &HONEST {
        assert_eq!(findings(&with(channel, *nl, *en)), [], "{}", nl.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn an_honest_title_and_an_honest_text_of_one_channel_pass_together(
        title in 0..HONEST.len(), text in 0..HONEST.len(), space in "[ \t]{0,2}", capitals in any::<bool>(),
    ) {
        let (title, text) = (&HONEST[title], &HONEST[text]);
        prop_assume!(title.channel == text.channel);
        let typed = |words: &str| {
            let words = if capitals { words.to_uppercase() } else { words.to_owned() };
            format!("{space}{words}{space}")
        };
        let nl = (typed(title.nl.0), typed(text.nl.1));
        let en = (typed(title.en.0), typed(text.en.1));
        prop_assert_eq!(findings(&with(title.channel, (&nl.0, &nl.1), (&en.0, &en.1))), []);
    }
}

#[test]
fn a_text_in_the_other_language_is_always_seen() {
    for Purpose { channel, nl, en } in &HONEST {
        for (nl, en, place) in [(*en, *en, "purpose[1].text.nl"), (*nl, *nl, "purpose[1].text.en")] {
            let all = findings(&with(channel, nl, en));
            let one =
                all.iter().find(|finding| finding.code == "wrong_language" && finding.place.path == place);
            let one = one.unwrap_or_else(|| panic!("{nl:?}: {all:#?}"));
            assert!(one.article.contains("12(1)"));
        }
    }
}

#[test]
fn words_that_say_nothing_are_refused() {
    for words in [
        "Gebruik mijn gegevens",
        "Ja, gebruik mijn gegevens!",
        "De Kaasplank mag mijn gegevens gebruiken",
        "Ik geef toestemming voor promotionele doeleinden",
        "Hierbij geef ik toestemming",
        "Ja, ik ga akkoord",
        "Wij verwerken uw gegevens",
        "Zoals beschreven in ons beleid",
        "Wij mailen u zoals vermeld in de bijlage",
        "Mail mij in overeenstemming met het reglement",
        "Mail mij interessante informatie",
        "Mail mij over kaas en nog veel meer",
        "U mag contact met mij opnemen",
    ] {
        refuses("vague_purpose", words);
    }
    for words in [
        "Use my data",
        "I allow you to use my details",
        "I hereby give my consent",
        "Yes, I agree",
        "As described in our policy",
        "E-mail me in accordance with the rules of the house",
        "E-mail me for promotional purposes",
        "Send me interesting information by e-mail",
        "E-mail me about cheese and much more",
    ] {
        refuses_en("vague_purpose", words);
    }
}

#[test]
fn several_channels_in_one_box_are_refused() {
    for words in [
        "Mail mij, bel mij, app mij",
        "Mail mij of bel me",
        "Stuur mij post plus e-mail",
        "Wij mailen of appen u elke week",
        "Nieuws via e-mail en WhatsApp",
        "U wordt gebeld of krijgt een mail",
    ] {
        refuses("two_channels", words);
    }
    for words in [
        "E-mail me, call me, text me",
        "Send me post and e-mail",
        "You get an e-mail or we ring you",
        "E-mail plus a call",
    ] {
        refuses_en("two_channels", words);
    }
}

#[test]
fn others_who_get_the_data_or_send_along_are_a_purpose_of_their_own() {
    for words in [
        "Post plus e-mail, ook van anderen",
        "Mail mij aanbiedingen, ook van anderen",
        "Mail mij nieuws van u en van andere bedrijven",
        "Mail mij. Wij delen uw adres met onze partner",
        "U krijgt ook mail van onze sponsors",
        "Mail mij nieuws dat is afgestemd op mijn surfgedrag",
    ] {
        refuses("two_purposes", words);
    }
    for words in [
        "E-mail me offers, also from others",
        "E-mail me news from you and other companies",
        "We share your address with a third party",
        "You also get e-mails from our sponsors",
        "E-mail me news based on your browsing history",
    ] {
        refuses_en("two_purposes", words);
    }
}

#[test]
fn feelings_and_prices_are_refused_as_people_write_them() {
    for words in ["Mail mij de acties. Grijp uw kans!", "Elke week een mail. Wees er snel bij."] {
        refuses("guilt_wording", words);
    }
    refuses_en("guilt_wording", "Get our e-mails. Hurry!");
    for words in ["Mail mij om kans te maken op een fiets", "Vink aan om verder te gaan"] {
        refuses("tied_consent", words);
    }
    refuses_en("tied_consent", "E-mail me for a chance to win a bicycle");
}

#[test]
fn a_text_in_the_place_of_another_language_is_refused_wherever_it_stands() {
    for (from, to, place) in [
        (
            "title.nl = \"Wat mogen wij u sturen?\"",
            "title.nl = \"What may we send you?\"",
            "form[1].title.nl",
        ),
        (
            "intro.en = \"Choose only what you like.",
            "intro.en = \"Kies alleen wat u leuk vindt.\"\n#",
            "form[1].intro.en",
        ),
        (
            "reason.nl = \"Wij zijn gevestigd in Nederland.\"",
            "reason.nl = \"We are based in the Netherlands and have no office in your country.\"",
            "privacy.representative.reason.nl",
        ),
    ] {
        assert!(SHOP.contains(from), "the demo shop has {from}");
        let all = findings(&SHOP.replacen(from, to, 1));
        let one = all.iter().find(|finding| finding.code == "wrong_language");
        let one = one.unwrap_or_else(|| panic!("{to}: {all:#?}"));
        assert_eq!(one.place.path, place);
        assert!(one.sentence.nl.contains("Vertaal") && one.sentence.en.contains("Translate"));
    }
}

#[test]
fn a_ticking_line_hides_no_other_finding() {
    let file = with("email", (TITLE, "Wij mailen u voor marketing."), (TITLE_EN, TEXT_EN));
    let file = file.replacen("erasure_days = 7\n", "checked = true\nrequired = true\n", 1);
    let codes: Vec<&str> = parse(&file).unwrap_err().iter().map(|finding| finding.code).collect();
    for code in ["pre_ticked_purpose", "required_purpose", "vague_purpose", "no_retention"] {
        assert!(codes.contains(&code), "no {code} in {codes:?}");
    }
    // And what is no definition besides is named too.
    let file = file.replacen("channel = \"email\"", "channel = \"email\"\ncolour = \"red\"", 1);
    let codes: Vec<&str> = parse(&file).unwrap_err().iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&"pre_ticked_purpose") && codes.contains(&"unknown_key"), "{codes:?}");
}

/// The demo's newsletter with other words in Arabic.
fn arabic(title: &str, text: &str) -> Vec<Finding> {
    let [old_title, old_text] = ["أرسلوا إليّ ما هو جديد", "أربع مرات في السنة."];
    let shop = with("email", (TITLE, TEXT), (TITLE_EN, TEXT_EN));
    assert!(shop.contains(old_title) && shop.contains(old_text));
    findings(&shop.replace(old_title, title).replace(old_text, text))
}

#[test]
fn arabic_words_are_judged_too() {
    assert_eq!(arabic("أرسلوا إليّ النشرة بالبريد الإلكتروني", "مرة في الشهر: أي جبن جديد؟ ومن يصنعه؟"), []);
    for (code, title, text) in [
        ("vague_purpose", "أرسلوا إليّ رسائل", "لتحسين خدماتنا."),
        ("guilt_wording", "لا تُفوّت أخبار الجبن", "مرة في الشهر."),
        ("tied_consent", "أرسلوا إليّ النشرة", "هذا إلزامي."),
        ("terms_in_box", "أرسلوا إليّ النشرة", "أوافق على الشروط والأحكام."),
        ("two_channels", "أرسلوا إليّ رسائل إلكترونية", "أو بالبريد الورقي."),
        ("channel_mismatch", "أرسلوا إليّ عروضًا بالبريد الورقي", "مرة في الشهر."),
        (
            "wrong_language",
            "أرسلوا إليّ النشرة",
            "Eén keer per maand een mail over de nieuwe kazen van onze winkel.",
        ),
        (
            "hard_to_read",
            "أرسلوا إليّ النشرة",
            &format!("مرة في الشهر {}.", "أي جبن جديد ومن يصنعه ".repeat(10)),
        ),
    ] {
        let all = arabic(title, text);
        assert!(all.iter().any(|finding| finding.code == code), "no {code} in {all:#?}");
    }
}
