//! Messages to customers without consent: every rule of the definition, and what people are told.
//!
//! In scope: the demo shop with such a purpose, one thing changed at a time. Out of scope: sales themselves.
//!
//! Invariant: the shop with the purpose has no finding, so whatever is found comes from the change.

use collector::definition::{Change, Difference, compile, lint, parse};
use shared::Language;
use shared::form::Catalogue;
use shared::ids::{FormId, PurposeId};
use shared::purpose::Basis;

const SHOP: &str = include_str!("../../www/shop/shop.toml");
const CUSTOMERS: &str = include_str!("../../tests/definitions/customers.toml");

fn shop() -> String {
    let boxes = "purposes = [\"nieuwsbrief\", \"post\", \"keuze\", \"boerderij\"]\n";
    assert!(SHOP.contains(boxes));
    SHOP.replacen("[[form]]", &format!("{CUSTOMERS}[[form]]"), 1)
        .replace(boxes, &format!("{boxes}customers = [\"klanten\"]\n"))
}

fn catalogue(text: &str, previous: Option<&Catalogue>) -> (Catalogue, Vec<Change>) {
    let compiled = compile(&parse(text).unwrap(), previous).unwrap();
    (compiled.catalogue, compiled.changes)
}

#[track_caller]
fn refuses(code: &str, old: &str, new: &str) {
    let text = shop();
    assert!(text.contains(old), "the shop has {old}");
    let text = text.replacen(old, new, 1);
    let found = parse(&text).map_or_else(|findings| findings, |definition| lint(&definition));
    let one = found
        .iter()
        .find(|finding| finding.code == code)
        .unwrap_or_else(|| panic!("no {code} in {found:#?}"));
    assert!(
        code == "unknown_purpose" || code == "duplicate_id" || code == "bad_id" || !one.article.is_empty()
    );
}

#[test]
fn a_shop_with_messages_to_customers_passes() {
    assert_eq!(lint(&parse(&shop()).unwrap()), []);
}

#[test]
fn what_the_law_asks_of_them_is_asked() {
    refuses("no_product_group", "product_group = \"kaas\"\n", "");
    refuses("bad_id", "product_group = \"kaas\"", "product_group = \"Kaas en wijn\"");
    refuses("missing_language", "products.en = \"cheese\"\n", "");
    refuses(
        "no_objection_text",
        "objection.nl = \"Stuur mij hier geen mail over\"\nobjection.en = \"Do not mail me about this\"\n\
         objection.ar = \"لا ترسلوا إليّ رسائل عن ذلك\"\n",
        "",
    );
    refuses("missing_language", "objection.en = \"Do not mail me about this\"\n", "");
    let channel = "objection.ar = \"لا ترسلوا إليّ رسائل عن ذلك\"\nchannel = \"email\"\nneeds = [\"email\"]\nvalidity_months = 24\nerasure_days = 7";
    for other in ["post", "profiling", "sharing", "phone"] {
        refuses("soft_opt_in_channel", channel, &channel.replacen("email", other, 1));
    }
    refuses("two_purposes", channel, &format!("recipients = [\"polderzicht\"]\n{channel}"));
    refuses("soft_opt_in_kind", channel, &format!("dpv = \"dpv:PersonalisedAdvertising\"\n{channel}"));
    refuses("customers_without_basis", "basis = \"soft_opt_in\"\n", "");
    refuses("customers_need_consent", "customers = [\"klanten\"]", "customers = [\"nieuwsbrief\"]");
    refuses("unknown_purpose", "customers = [\"klanten\"]", "customers = [\"niets\"]");
    refuses("duplicate_id", "customers = [\"klanten\"]", "customers = [\"klanten\", \"klanten\"]");
    refuses("soft_opt_in_box", "purposes = [\"nieuwsbrief\", ", "purposes = [\"klanten\", \"nieuwsbrief\", ");
    refuses(
        "legitimate_interest_applies",
        "[privacy.representative]",
        "[privacy.legitimate_interest]\nnot_applicable = true\nreason.nl = \"Dat doen wij niet.\"\n\
         reason.en = \"We do not.\"\n\n[privacy.representative]",
    );
}

#[test]
fn it_is_no_box_and_the_privacy_text_tells_of_it() {
    let (made, _) = catalogue(&shop(), None);
    let id = PurposeId::parse("klanten").unwrap();
    assert_eq!(made.purposes[&id].terms.basis(), Basis::SoftOptIn);
    let notice = &made.forms[&FormId::parse("aanmelden").unwrap()].notices[&Language::En];
    assert!(notice.purpose(&id).is_none(), "a box for it");
    let told = notice.customer_use(&id).unwrap();
    assert_eq!((told.products.as_str(), told.objection.as_str()), ("cheese", "Do not mail me about this"));
    let of = |article: &str| {
        let section = notice.sections.iter().find(|section| section.article == article).unwrap();
        section.paragraphs.join(" ")
    };
    for words in
        ["Did you buy cheese?", "GDPR Article 6(1)(f)", "11.7(3)", "at the sale and in every message"]
    {
        assert!(of("13(1)(d)").contains(words), "{}", of("13(1)(d)"));
    }
    assert!(of("13(2)(a)").contains("Mail about our cheese: 2 years"), "{}", of("13(2)(a)"));
    let (without, _) = catalogue(SHOP, None);
    let notice = &without.forms[&FormId::parse("aanmelden").unwrap()].notices[&Language::En];
    assert!(
        !String::from_utf8(notice.canonical().0).unwrap().contains("customers"),
        "old notices are as they were"
    );
}

#[test]
fn other_products_or_another_objection_make_a_new_version() {
    let (before, _) = catalogue(&shop(), None);
    let check = |old: &str, new: &str, expected: Difference| {
        let (_, changes) = catalogue(&shop().replacen(old, new, 1), Some(&before));
        let differs = |change: &Change| {
            matches!(change, Change::PurposeVersioned { purpose, differences, .. }
                if purpose.as_str() == "klanten" && differences.contains(&expected))
        };
        assert!(changes.iter().any(differs), "{changes:?}");
    };
    check("product_group = \"kaas\"", "product_group = \"wijn\"", Difference::ProductGroup);
    check("products.nl = \"kaas\"", "products.nl = \"kaas en wijn\"", Difference::Words);
    check("geen mail over\"", "geen mail meer over\"", Difference::Words);
    let (_, changes) = catalogue(&shop(), Some(&before));
    assert_eq!(changes, [], "the same file changes nothing");
}
