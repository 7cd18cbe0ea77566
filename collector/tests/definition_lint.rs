//! Every rule of the lint: once refusing, once passing.
//!
//! In scope: the demo shop with one thing changed, and what is found in it. Out of scope: versions.
//!
//! Invariant: the demo shop itself has no finding, so whatever is found comes from the change.

use collector::definition::{Finding, Severity, lint, parse};
use shared::record::terms::PurposeTerm;

const SHOP: &str = include_str!("../../www/shop/shop.toml");
const NEWS: &str = "title.nl = \"Stuur mij de nieuwsbrief per e-mail\"";
const NEWS_EN: &str = "title.en = \"Send me the newsletter by e-mail\"";
const NEWS_TEXT: &str =
    "text.nl = \"Eén keer per maand: welke kaas er nieuw is, hoe hij smaakt en wie hem maakt.\"";
const WITHDRAWAL: &str = "withdrawal.nl = \"U kunt elk vakje altijd weer uitzetten, met de link op uw bewijs. Dat gaat net zo snel als aanvinken.\"";
const WITHDRAWAL_EN: &str = "withdrawal.en = \"You can switch off any box at any time, with the link on your receipt. It is as quick as ticking.\"";

const WITHDRAWAL_AR: &str =
    "withdrawal.ar = \"يمكنك إيقاف أي مربع في أي وقت، بالرابط الذي في إثباتك. هو سريع مثل وضع العلامة.\"";

/// The findings in the demo shop after replacing `old` by `new`.
#[track_caller]
fn findings(old: &str, new: &str) -> Vec<Finding> {
    assert!(SHOP.contains(old), "the demo shop has {old}");
    let text = SHOP.replacen(old, new, 1);
    parse(&text).map_or_else(|findings| findings, |definition| lint(&definition))
}

#[track_caller]
fn refuses(code: &str, old: &str, new: &str) -> Finding {
    found(Severity::Refused, code, old, new)
}

#[track_caller]
fn advises(code: &str, old: &str, new: &str) -> Finding {
    found(Severity::Advice, code, old, new)
}

#[track_caller]
fn found(severity: Severity, code: &str, old: &str, new: &str) -> Finding {
    let all = findings(old, new);
    let one = all.iter().find(|finding| finding.code == code && finding.severity == severity);
    let one = one.unwrap_or_else(|| panic!("no {code} in {all:#?}")).clone();
    assert!(one.place.at.is_some() || !one.place.path.is_empty(), "{code} has a place");
    one
}

#[track_caller]
fn passes(old: &str, new: &str) {
    assert_eq!(findings(old, new), []);
}

/// A new title for the newsletter's box is refused with this code.
#[track_caller]
fn refuses_title(code: &str, title: &str) {
    refuses(code, NEWS, &format!("title.nl = \"{title}\""));
}

#[track_caller]
fn refuses_title_en(code: &str, title: &str) {
    refuses(code, NEWS_EN, &format!("title.en = \"{title}\""));
}

#[track_caller]
fn refuses_text(code: &str, text: &str) {
    refuses(code, NEWS_TEXT, &format!("text.nl = \"{text}\""));
}

#[track_caller]
fn passes_text(text: &str) {
    passes(NEWS_TEXT, &format!("text.nl = \"{text}\""));
}

#[test]
fn a_box_cannot_start_ticked_or_be_required() {
    for key in ["checked", "pre_ticked", "default", "selected", "aangevinkt"] {
        let finding = refuses(
            "pre_ticked_purpose",
            "channel = \"email\"",
            &format!("channel = \"email\"\n{key} = true"),
        );
        assert!(finding.article.contains("4(11)"));
        assert_eq!(finding.place.path, format!("purpose[1].{key}"));
    }
    for key in ["required", "mandatory", "verplicht"] {
        let finding =
            refuses("required_purpose", "channel = \"email\"", &format!("{key} = true\nchannel = \"email\""));
        assert!(finding.article.contains("7(4)"));
    }
    refuses("pre_ticked_purpose", "id = \"aanmelden\"", "id = \"aanmelden\"\nchecked = [\"post\"]");
}

#[test]
fn every_ticking_key_is_named_at_once_with_its_line() {
    let text = SHOP.replace("erasure_days = 7", "erasure_days = 7\nchecked = false");
    let findings = parse(&text).unwrap_err();
    assert_eq!(findings.len(), 2);
    assert!(findings[0].place.at < findings[1].place.at);
    assert!(
        findings[0].line(shared::Language::En).contains("[pre_ticked_purpose, GDPR Art. 4(11), recital 32]")
    );
}

#[test]
fn two_channels_in_one_box_are_refused() {
    refuses_title("two_channels", "Stuur mij nieuws per e-mail en per post");
    refuses_title("two_channels", "Nieuws per e-mail of sms");
    refuses_title_en("two_channels", "Send me news by e-mail and by post");
    refuses_text("two_channels", "Eén keer per maand een mail. Soms bellen we u op.");
    passes_text("Eén keer per maand een mail. Wij sturen u geen post en bellen niet.");
}

#[test]
fn two_activities_in_one_box_are_refused() {
    refuses_title("two_purposes", "Stuur mij de nieuwsbrief per e-mail en doe mee met de winactie");
    refuses_title("two_purposes", "Nieuwsbrief/enquête per e-mail");
    refuses_title_en("two_purposes", "Newsletter by e-mail and a loyalty card");
    refuses_text("two_purposes", "Eén keer per maand. We geven uw adres door aan de boer.");
    refuses_text("two_purposes", "Eén keer per maand een mail, op basis van uw aankopen.");
    passes_text("Eén keer per maand. We geven uw adres niet door aan de boer.");
    passes(NEWS, "title.nl = \"Stuur mij nieuws en aanbiedingen per e-mail\"");
    let choosing = "title.nl = \"Kies aanbiedingen voor mij met wat ik kocht\"";
    passes(choosing, "title.nl = \"Kies nieuws en aanbiedingen voor mij met wat ik kocht\"");
    refuses("two_purposes", choosing, "title.nl = \"Stuur mij de nieuwsbrief en kies met wat ik kocht\"");
}

#[test]
fn a_partner_needs_a_box_of_its_own_and_a_name() {
    refuses("two_purposes", "recipients = [\"drukkerij\"]", "recipients = [\"drukkerij\", \"polderzicht\"]");
    refuses("partner_not_named", "recipients = [\"polderzicht\"]", "recipients = []");
    refuses("recipient_not_named", "name = \"Boerderij Polderzicht\"", "name = \" \"");
    refuses("unknown_recipient", "recipients = [\"drukkerij\"]", "recipients = [\"drukker\"]");
    let second = "[[recipient]]\nid = \"molen\"\nname = \"Molen\"\nrole = \"third_party\"\ncountry = \"NL\"\naddress = \"Molenweg 1, 2800 AA Gouda\"\nemail = \"privacy@molen.example\"\n\n[[recipient]]\nid = \"polderzicht\"";
    let text = SHOP.replace("recipients = [\"polderzicht\"]", "recipients = [\"polderzicht\", \"molen\"]");
    let text = text.replace("[[recipient]]\nid = \"polderzicht\"", second);
    let findings = lint(&parse(&text).unwrap());
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["several_partners"]);
}

#[test]
fn the_words_and_the_channel_must_agree() {
    refuses(
        "channel_mismatch",
        "title.nl = \"Stuur mij aanbiedingen per post\"",
        "title.nl = \"Stuur mij aanbiedingen per e-mail\"",
    );
    passes("title.nl = \"Stuur mij aanbiedingen per post\"", "title.nl = \"Stuur mij aanbiedingen\"");
}

#[test]
fn a_phone_needs_a_number() {
    for channel in ["phone", "sms"] {
        let other = format!("channel = \"{channel}\"");
        let finding = refuses("channel_needs_field", "channel = \"email\"", &other);
        assert!(finding.line(shared::Language::Nl).contains("\"phone\""));
    }
}

#[test]
fn an_organisation_says_who_it_is_and_how_to_reach_it() {
    refuses("no_controller_identity", "name = \"De Kaasplank\"", "");
    refuses("no_controller_identity", "address = \"Waagplein 12, 2800 XX Gouda\"", "address = \" \"");
    refuses("no_controller_contact", "email = \"privacy@kaasplank.example\"", "");
    refuses("no_controller_contact", "email = \"privacy@kaasplank.example\"", "email = \"kaasplank\"");
    passes(
        "email = \"privacy@kaasplank.example\"",
        "email = \"vraag@kaasplank.example\"\nphone = \"0182 00 00 00\"",
    );
}

#[test]
fn names_origins_and_countries_have_one_form() {
    refuses("bad_id", "id = \"kaas\"", "id = \"Kaas & Co\"");
    refuses("bad_id", "id = \"nieuwsbrief\"", "id = \"nieuws brief\"");
    refuses("bad_origin", "http://localhost:8090", "http://localhost:8090/");
    refuses("bad_country", "country = \"NL\"", "country = \"Nederland\"");
    refuses("duplicate_id", "id = \"post\"", "id = \"nieuwsbrief\"");
    passes("http://localhost:8090", "https://kaasplank.example");
}

#[test]
fn the_country_says_who_watches_and_where_it_does_not_the_owner_must() {
    let own = "country = \"NL\"\nlanguages";
    refuses("no_country", own, "languages");
    refuses("bad_country", own, "country = \"nl\"\nlanguages");
    refuses("bad_country", own, "country = \"NL\"\nstorage_country = \"\"\nlanguages");
    for country in ["AT", "BE", "DK", "FR", "IE", "LU"] {
        passes(own, &own.replace("NL", country));
    }
    let finding = refuses("privacy_item_missing", own, &own.replace("NL", "DE"));
    assert_eq!(finding.place.path, "privacy.complaint");
    assert!(!finding.sentence.en.contains("not_applicable"), "{}", finding.sentence.en);
}

#[test]
fn a_recipient_can_be_reached() {
    for line in ["address = \"Turfsingel 30, 2802 BD Gouda\"", "email = \"privacy@drukkerijgouwe.example\""] {
        refuses("recipient_not_reachable", line, "");
    }
    refuses("recipient_not_reachable", "privacy@polderzicht.example", "polderzicht");
}

#[test]
fn a_kind_of_purpose_is_one_of_a_list_and_the_finding_shows_the_list() {
    let with = |term: &str| format!("channel = \"email\"\ndpv = \"{term}\"");
    let finding = refuses("bad_dpv_term", "channel = \"email\"", &with("dpv:Newsletter"));
    for term in PurposeTerm::ALL.map(PurposeTerm::term) {
        assert!(finding.sentence.nl.contains(term) && finding.sentence.en.contains(term), "{term}");
        passes("channel = \"email\"", &with(term));
    }
}

#[test]
fn every_item_of_the_privacy_text_is_there_or_has_a_reason() {
    let dpo = "[privacy.dpo]\nnot_applicable = true";
    refuses(
        "not_applicable_without_reason",
        "reason.nl = \"Wij zijn gevestigd in Nederland.\"\nreason.en = \"We are based in the Netherlands.\"\n\
         reason.ar = \"مقرنا في هولندا.\"",
        "",
    );
    refuses(
        "privacy_item_contradiction",
        dpo,
        &format!("{dpo}\ntext.nl = \"Onze functionaris\"\ntext.en = \"Our officer\""),
    );
    refuses("privacy_item_missing", "[privacy.dpo]\nnot_applicable = true", "[privacy.dpo]");
    refuses("privacy_item_always_applies", dpo, &dpo.replace("dpo", "rights"));
    let finding = refuses("privacy_item_missing", dpo, &dpo.replace("dpo", "legitimate_interest"));
    assert_eq!((finding.article, finding.place.path.as_str()), ("GDPR Art. 13(1)(b)", "privacy.dpo"));
    passes(
        "[privacy.representative]",
        "[privacy.legitimate_interest]\nnot_applicable = true\nreason.nl = \"Wij vragen altijd toestemming.\"\nreason.en = \"We always ask for consent.\"\nreason.ar = \"نطلب الموافقة دائمًا.\"\n\n[privacy.representative]",
    );
}

#[test]
fn transfers_and_profiling_must_be_explained_by_the_owner() {
    let printer = "country = \"NL\"\naddress = \"Turfsingel 30";
    let finding = refuses("privacy_item_missing", printer, &printer.replace("NL", "US"));
    assert_eq!(finding.place.path, "privacy.transfers");
    passes(printer, &printer.replace("NL", "NO"));
    let own = "country = \"NL\"\nlanguages";
    let finding =
        refuses("privacy_item_missing", own, "country = \"NL\"\nstorage_country = \"US\"\nlanguages");
    assert_eq!(finding.place.path, "privacy.transfers");
    passes(own, "country = \"NL\"\nstorage_country = \"IE\"\nlanguages");
    let start = SHOP.find("[privacy.automated_decisions]").unwrap();
    let finding = refuses("privacy_item_missing", &SHOP[start..], "");
    assert_eq!(finding.place.path, "privacy.automated_decisions");
}

#[test]
fn a_form_says_beforehand_how_to_take_consent_back() {
    refuses("no_withdrawal_text", &format!("{WITHDRAWAL}\n{WITHDRAWAL_EN}\n{WITHDRAWAL_AR}"), "");
    refuses("no_withdrawal_text", WITHDRAWAL, "withdrawal.nl = \"Wij gaan netjes met uw gegevens om.\"");
    refuses(
        "withdrawal_not_as_easy",
        WITHDRAWAL,
        "withdrawal.nl = \"Wilt u stoppen? Bel ons op een werkdag.\"",
    );
    refuses("no_withdrawal_text", WITHDRAWAL_AR, "withdrawal.ar = \"نعتني ببياناتك جيدًا.\"");
    refuses("withdrawal_not_as_easy", WITHDRAWAL_AR, "withdrawal.ar = \"هل تريد التوقف؟ اتصل بنا.\"");
    refuses("withdrawal_not_as_easy", WITHDRAWAL_EN, "withdrawal.en = \"You can stop in writing.\"");
    passes(
        WITHDRAWAL,
        "withdrawal.nl = \"U kunt altijd stoppen met de link op uw bewijs, zonder in te loggen.\"",
    );
}

#[test]
fn every_purpose_says_how_long() {
    refuses("no_retention", "erasure_days = 7", "");
    refuses("no_retention", "validity_months = 24", "validity_months = 0");
    refuses("no_retention", "validity_months = 24", "validity_months = 121");
    advises("long_retention", "validity_months = 24", "validity_months = 60");
    advises("slow_erasure", "erasure_days = 7", "erasure_days = 90");
    passes("validity_months = 24", "");
}

#[test]
fn vague_purposes_are_refused() {
    refuses_text("vague_purpose", "Voor het verbeteren van onze diensten.");
    refuses_text("vague_purpose", "Wij gebruiken uw gegevens voor marketingdoeleinden.");
    refuses_text("vague_purpose", "Nieuws over kaas, wijn enzovoort.");
    refuses_title_en("vague_purpose", "Use my data for marketing purposes");
    refuses_title_en("vague_purpose", "Help us improve our services");
    passes_text("Elke maand een mail met drie nieuwe kazen.");
}

#[test]
fn every_text_is_there_in_every_language() {
    let finding = refuses("missing_language", NEWS_EN, "");
    assert_eq!(finding.place.path, "purpose[1].title.en");
    assert!(finding.sentence.nl.contains("Engels") && finding.sentence.en.contains("English"));
    refuses("missing_language", "reason.en = \"We are based in the Netherlands.\"", "");
    refuses("missing_language", "intro.en = \"Choose only", "intro.en = \"\"\n#");
    refuses("no_language", "languages = [\"nl\", \"en\", \"ar\"]", "languages = []");
    refuses("no_language", "languages = [\"nl\", \"en\", \"ar\"]", "languages = [\"nl\", \"nl\"]");
    advises("extra_language", "languages = [\"nl\", \"en\", \"ar\"]", "languages = [\"nl\", \"ar\"]");
}

#[test]
fn texts_far_above_b1_are_refused() {
    refuses_text(
        "hard_to_read",
        "Ondergetekende verleent ondubbelzinnige toestemming betreffende verwerkingsactiviteiten ten behoeve van \
         gepersonaliseerde communicatie, onverminderd wettelijke bewaarverplichtingen dienaangaande jegens \
         verwerkingsverantwoordelijke organisaties alsmede gelieerde ondernemingen.",
    );
    let long = format!("U krijgt {} kaas.", "elke maand een mail over ".repeat(9));
    refuses_text("hard_to_read", &long);
    let middling = format!("U krijgt {} kaas.", "elke maand een mail over ".repeat(5));
    advises("long_sentences", NEWS_TEXT, &format!("text.nl = \"{middling}\""));
    passes_text("Elke maand een mail. Daarin staat welke kaas er nieuw is. Ook leest u wie hem maakt.");
}

#[test]
fn wording_that_works_on_feelings_is_refused() {
    refuses_title("guilt_wording", "Nee, ik mis graag alle nieuwtjes");
    refuses_text("guilt_wording", "Elke maand een mail over kaas. Mis het niet.");
    refuses_title_en("guilt_wording", "Don't miss out on our cheese");
    refuses(
        "guilt_wording",
        "intro.en = \"Choose only what you like.",
        "intro.en = \"Last chance for a discount.",
    );
    refuses("guilt_wording", "title.nl = \"Wat mogen wij u sturen?\"", "title.nl = \"Laatste kans!\"");
    passes("title.nl = \"Wat mogen wij u sturen?\"", "title.nl = \"Wat wilt u van ons krijgen?\"");
}

#[test]
fn terms_have_no_place_in_a_box() {
    refuses_title("terms_in_box", "Ik ga akkoord met de voorwaarden en krijg de nieuwsbrief");
    refuses_text("terms_in_box", "Ik heb de privacyverklaring gelezen.");
    refuses_text("terms_in_box", "Elke maand een mail over kaas. Er zijn geen voorwaarden.");
    refuses_title_en("terms_in_box", "I accept the terms and conditions");
    refuses(
        "terms_in_box",
        "intro.nl = \"Kies alleen",
        "intro.nl = \"U gaat akkoord met de verkoopvoorwaarden. Kies alleen",
    );
}

#[test]
fn a_yes_is_never_the_price_of_something() {
    refuses_text("tied_consent", "Dit is verplicht voor leden.");
    refuses_title_en("tied_consent", "You must agree to get the newsletter");
    passes_text("Dit is niet verplicht. Elke maand een mail over kaas.");
}

#[test]
fn data_fits_the_channel() {
    refuses("no_data_named", "needs = [\"email\"]", "needs = []");
    refuses("channel_needs_field", "needs = [\"email\"]", "needs = [\"name\"]");
    refuses("channel_needs_field", "needs = [\"name\", \"address\"]", "needs = [\"name\"]");
    advises("more_data_than_needed", "needs = [\"email\"]", "needs = [\"email\", \"address\"]");
    passes("needs = [\"email\"]", "needs = [\"name\", \"email\"]");
}

#[test]
fn a_form_shows_purposes_that_exist_once() {
    let boxes = "purposes = [\"nieuwsbrief\", \"post\", \"keuze\", \"boerderij\"]";
    refuses("no_purpose", boxes, "purposes = []");
    refuses("unknown_purpose", boxes, &boxes.replace("post", "pots"));
    refuses("duplicate_id", boxes, &boxes.replace("\"post\"", "\"keuze\""));
    let finding = advises("unused_purpose", boxes, &boxes.replace("\"post\", ", ""));
    assert_eq!(finding.place.path, "purpose[2].id");
    let start = SHOP.find("[[form]]").unwrap();
    let end = SHOP.find("# De privacytekst").unwrap();
    refuses("no_form", &SHOP[start..end], "");
    passes(boxes, &boxes.replace("\"nieuwsbrief\", \"post\"", "\"post\", \"nieuwsbrief\""));
}

#[test]
fn texts_and_lists_are_bounded_and_show_all_they_hold() {
    refuses("text_too_long", NEWS, &format!("title.nl = \"{}\"", "kaas ".repeat(40)));
    refuses("hidden_characters", NEWS, "title.nl = \"Nieuwsbrief \u{202e}per e-mail\"");
    let origins: Vec<String> = (0..33).map(|port| format!("\"http://localhost:{port}\"")).collect();
    refuses("too_many", "\"http://127.0.0.1:8090\"", &origins.join(", "));
    refuses("wording_only_without_reason", "channel = \"email\"", "channel = \"email\"\nwording_only = \"\"");
    passes("channel = \"email\"", "channel = \"email\"\nwording_only = \"Spelfout\"");
}
