//! Phrasing close to the line: words that an owner could get past a list with, and honest words that a list could stumble over.
//!
//! In scope: both sides of the border, found by trying. Out of scope: what owners usually paste (`definition_words`).
//!
//! Invariant: for every group that is refused there is one close to it that passes.

mod boxes;

use boxes::{
    TEXT_EN, TITLE_EN, found, passes, passes_en, refuses, refuses_en, refuses_text, refuses_text_en, with,
};

#[test]
fn giving_data_away_is_seen_in_whatever_words() {
    for words in [
        "Elke maand een mail. Wij geven uw adres aan Boerderij Polderzicht.",
        "Elke maand een mail. Ook verstrekken wij uw gegevens aan de boer.",
        "Elke maand een mail. Onze lijst lenen wij uit: wij lenen uw adres aan andere winkels.",
        "Elke maand een mail. Wij wisselen gegevens uit met de molen.",
        "Elke maand een mail. Wij geven uw adres niet alleen aan de drukker, maar geven uw adres ook aan de boer.",
        "Elke maand een mail. Wij delen uw adres niet alleen met de drukker.",
    ] {
        refuses_text("two_purposes", words);
    }
    for words in [
        "Once a month an e-mail. We give your address to the farm.",
        "Once a month an e-mail. We hand your details to the farm.",
        "Once a month an e-mail. We lend our list to other shops.",
        "Once a month an e-mail. We disclose it to the farm.",
        "Once a month an e-mail. We share your address not only with the printer.",
    ] {
        refuses_text_en("two_purposes", words);
    }
    passes(
        "email",
        "Mail mij over danslessen",
        "Zes keer per jaar een mail over lessen voor u en uw partner.",
    );
    passes(
        "email",
        "Mail mij over wandelen met anderen",
        "Elke maand een mail met tijd en plaats van de wandeling.",
    );
    passes("email", "Mail mij over de sponsorloop", "Eén mail in mei, met de dag en de route.");
    passes_en(
        "email",
        "E-mail me about walks with others",
        "Every month an e-mail with time and place of the walk.",
    );
    passes_en(
        "email",
        "E-mail me about dancing",
        "Six times a year an e-mail about lessons for you and your partner.",
    );
}

#[test]
fn watching_people_is_seen_in_whatever_words() {
    for words in [
        "Elke maand een mail. Wij houden bij welke mails u opent.",
        "Elke maand een mail. Wij kijken welke kaas u leuk vindt.",
        "Elke maand een mail die past bij wat u leest.",
        "Elke maand een mail. Wat erin staat, hangt af van uw leeftijd.",
    ] {
        refuses_text("two_purposes", words);
    }
    for words in [
        "Once a month an e-mail. We track which links you open.",
        "Once a month an e-mail. It depends on where you live.",
        "Once a month an e-mail, chosen by what you read.",
    ] {
        refuses_text_en("two_purposes", words);
    }
    passes(
        "email",
        "Mail mij over pakken op maat",
        "Vier keer per jaar een mail met nieuwe stoffen en wat ze kosten.",
    );
    passes_en(
        "email",
        "E-mail me about tailored suits",
        "Four times a year an e-mail with new cloths and what they cost.",
    );
}

#[test]
fn a_text_that_enters_people_into_something_else_is_two_purposes() {
    for words in [
        "Elke maand een mail. U doet ook mee aan de verloting.",
        "Elke maand een mail. Wij maken ook een account voor u; wij maken een account op uw naam.",
        "Elke maand een mail. Wij zetten foto's van u op onze pagina.",
    ] {
        refuses_text("two_purposes", words);
    }
    for words in [
        "Once a month an e-mail. You are also entered into our draw.",
        "Once a month an e-mail. We create an account in your name.",
    ] {
        refuses_text_en("two_purposes", words);
    }
    passes(
        "email",
        "Mail mij de nieuwsbrief",
        "Elke maand een mail met nieuws, een recept en een prijsvraag.",
    );
    passes(
        "email",
        "Laat mij meedoen met de verloting",
        "U doet mee met de verloting van mei. Wij mailen wie wint.",
    );
    passes_en("email", "Send me the newsletter", "Once a month an e-mail with a recipe and a contest.");
}

#[test]
fn a_thing_that_usually_comes_by_one_channel_may_come_by_another() {
    passes("post", "Stuur mij de nieuwsbrief per post", "Vier keer per jaar valt hij op de mat.");
    passes("email", "Stuur mij de folder per e-mail", "Elke week de nieuwe folder, met alle prijzen.");
    passes("email", "Mail mij de catalogus", "Eén mail in maart, met alle planten en hun prijzen.");
    passes_en("post", "Send me the newsletter by post", "Four times a year it falls on your mat.");
    passes_en("email", "E-mail me the catalogue", "One e-mail in March, with all plants and their prices.");
    let both = with(
        "email",
        ("Stuur mij de nieuwsbrief en de folder", "Elke maand, met alle prijzen."),
        (TITLE_EN, TEXT_EN),
    );
    found("two_channels", &both, "a newsletter and a folder, and no word on how they come");
    let paper =
        with("email", ("Stuur mij de nieuwsbrief per post", "Vier keer per jaar."), (TITLE_EN, TEXT_EN));
    found("channel_mismatch", &paper, "a newsletter on paper in a box for e-mail");
    refuses("two_channels", "Nieuws in uw mailbox en in uw brievenbus");
    refuses_en("two_channels", "News in your inbox and by letter");
}

#[test]
fn words_that_could_mean_anything_are_refused_in_other_words_too() {
    for words in [
        "Om onze service te verbeteren",
        "Wij sturen u af en toe iets leuks",
        "Mail mij over onze producten en diensten",
        "Wij gebruiken het om u beter te leren kennen",
        "Wij mailen u om contact met u te onderhouden",
        "Wij gebruiken uw adres voor analyses",
    ] {
        refuses("vague_purpose", words);
    }
    for words in [
        "To enhance your experience",
        "E-mail me what may interest you",
        "E-mail me about your products and services",
        "We use it to serve you better",
        "We e-mail you to keep in touch",
    ] {
        refuses_en("vague_purpose", words);
    }
    passes("email", "Mail mij over kaas uit de streek", "We mailen elke maand, en zo weet u wat er rijp is.");
    passes_en("email", "E-mail me about local cheese", "We e-mail every month, so you know what is ripe.");
}

#[test]
fn a_language_of_the_neighbours_is_the_wrong_language() {
    refuses("wrong_language", "Schicken Sie mir jeden Monat eine E-Mail");
    refuses("wrong_language", "Envoyez-moi les nouvelles chaque mois");
    refuses_en("wrong_language", "Senden Sie mir bitte die Angebote");
    refuses_en("wrong_language", "Recevoir nos offres chaque mois par courriel");
    passes(
        "email",
        "Mail mij over Chez Nous en Die Zauberflöte",
        "Elke maand een mail met wat er in het theater is.",
    );
    passes_en(
        "email",
        "E-mail me about Le Bistro du Port",
        "Once a month an e-mail with what is on the menu.",
    );
}
