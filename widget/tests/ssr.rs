//! What the server sends: the rules of consent that can be seen in the markup itself.

use futures_executor::block_on;
use shared::Language::{self, En, Nl};
use shared::purpose::ContactField;
use widget::model::*;
use widget::ssr::*;

const HOSTILE: &str = r#""><script>alert(1)</script><!--</script>'&"#;

fn view(language: Language, words: &str) -> FormView {
    let purpose = |id: &str, needs: Vec<ContactField>| PurposeView {
        id: id.into(),
        title: format!("Title {id} {words}"),
        text: words.into(),
        details: vec![DetailView { label: words.into(), value: words.into() }],
        needs,
    };
    FormView {
        form: "kaas/aanmelden".into(),
        action: "https://c.example/f/kaas/aanmelden".into(),
        offer: "offer".into(),
        language,
        title: words.into(),
        intro: words.into(),
        purposes: vec![
            purpose("nieuws", vec![ContactField::Email, ContactField::Name]),
            purpose("post", vec![ContactField::Address]),
        ],
        controller: words.into(),
        withdrawal: words.into(),
        languages: Language::ALL
            .map(|language| LanguageLink {
                code: language.tag().into(),
                label: language.own_name().into(),
                url: format!("?lang={}", language.tag()),
            })
            .into(),
        problem: None,
        shared_screen: false,
        typed: Typed::default(),
    }
}

fn notice(words: &str) -> NoticeView {
    NoticeView { sections: vec![SectionView { heading: words.into(), paragraphs: vec![words.into()] }] }
}

fn controller(words: &str) -> ControllerView {
    ControllerView { name: words.into(), lines: vec![words.into()] }
}

fn manage(language: Language, words: &str, standing: Standing) -> String {
    let form = view(language, words);
    let standing = |purpose: &PurposeView| StandingView {
        purpose: purpose.clone(),
        standing,
        since: Some(words.into()),
        until: None,
        why: Some(words.into()),
        can_give: true,
    };
    let view = ManageView {
        language,
        languages: Vec::new(),
        controller: controller(words),
        action: "/m/token".into(),
        nonce: "AAAAAAAAAAAAAAAAAAAAAA".into(),
        offer: "offer".into(),
        purposes: form.purposes.iter().map(standing).collect(),
        withdrawal: words.into(),
        history: vec![HistoryView {
            registered: None,
            at: words.into(),
            decided: Decided::Given,
            titles: vec![words.into()],
            receipt_url: None,
        }],
        customer: false,
        imported: None,
        registered: None,
        objecting: Objecting::Can,
        bundle_url: Some("/m/token.bundle".into()),
        verify_url: "/verify".into(),
        can_mail_link: false,
        note: Some(ManageNote::Problem(words.into())),
    };
    block_on(manage_page(&view, &PageAssets::default()))
}

fn receipt(language: Language, words: &str) -> String {
    let form = view(language, words);
    let view = ReceiptView {
        language,
        languages: Vec::new(),
        body: ReceiptBody {
            act: ActView::Choices,
            choices: vec![
                ChoiceView { title: words.into(), decided: Decided::Given, until: Some(words.into()) },
                ChoiceView { title: words.into(), decided: Decided::NotGiven, until: None },
            ],
            at: words.into(),
            at_machine: "2026-11-23T12:00:00Z".into(),
            controller: controller(words),
            number: words.into(),
            issuer: words.into(),
            notice_hash: words.into(),
            imported: None,
            registered: None,
            kiosk: None,
            sold: None,
            wording: Some(WordingView {
                title: words.into(),
                intro: words.into(),
                boxes: form
                    .purposes
                    .into_iter()
                    .map(|purpose| BoxView { purpose, ticked: Some(true) })
                    .collect(),
                withdrawal: words.into(),
                sections: notice(words).sections,
                language,
                was: Was::Seen,
            }),
        },
        manage_url: "https://c.example/m/token".into(),
        qr_svg: "<svg></svg>".into(),
        jws_url: "/r/token.jws".into(),
        proof_url: "/r/token.tlog-proof".into(),
        log_url: "/log/kaas".into(),
        json_url: "/r/token.json".into(),
        bundle_url: "/r/token.bundle".into(),
        verify_url: "/verify".into(),
        jsonld_url: "/r/token.jsonld".into(),
        kantara_url: "/r/token.kantara.json".into(),
    };
    block_on(receipt_page(&view, &PageAssets::default()))
}

fn page(language: Language, words: &str) -> String {
    let (view, notice) = (view(language, words), notice(words));
    block_on(form_page(&view, &notice, words, &BundleLinks::default(), &PageAssets::default()))
}

/// Every page in one language, with the same words everywhere.
fn pages(language: Language, words: &str) -> Vec<String> {
    let message = MessageView::problem(language, words, Some("/f/kaas/aanmelden"));
    vec![
        page(language, words),
        receipt(language, words),
        manage(language, words, Standing::Given),
        manage(language, words, Standing::Withdrawn),
        block_on(message_page(&message, &PageAssets::default())),
    ]
}

fn count(html: &str, needle: &str) -> usize {
    html.matches(needle).count()
}

#[test]
fn no_box_is_ticked_anywhere() {
    for language in Language::ALL {
        for html in pages(language, "words") {
            assert!(!html.contains("checked"), "{html}");
        }
    }
}

#[test]
fn every_page_says_its_language_and_direction() {
    for language in Language::ALL {
        for html in pages(language, "words") {
            let direction = if language == Language::Ar { "rtl" } else { "ltr" };
            let start = format!("<!DOCTYPE html><html lang=\"{}\" dir=\"{direction}\">", language.tag());
            assert!(html.starts_with(&start), "{html}");
            assert!(html.contains("name=\"robots\" content=\"noindex\""));
        }
    }
}

#[test]
fn words_from_outside_stay_words() {
    for html in pages(Nl, HOSTILE) {
        assert!(!html.contains("<script>alert"), "{html}");
        assert!(!html.contains("<!--</script>"), "{html}");
    }
}

#[test]
fn every_box_has_its_label_and_its_words() {
    let html = page(Nl, "words");
    for id in ["nieuws", "post"] {
        assert_eq!(count(&html, &format!("for=\"vk-p-{id}\"")), 1);
        assert_eq!(count(&html, &format!(" id=\"vk-p-{id}\"")), 1);
        assert_eq!(count(&html, &format!("aria-describedby=\"vk-t-{id}\"")), 1);
        assert_eq!(count(&html, &format!(" id=\"vk-t-{id}\"")), 1);
    }
    for field in ["email", "name", "address"] {
        assert_eq!(count(&html, &format!("for=\"vk-{field}\"")), 1);
        assert_eq!(count(&html, &format!(" id=\"vk-{field}\"")), 1);
    }
}

#[test]
fn yes_and_no_are_buttons_of_one_kind() {
    let html = page(En, "words");
    let tags: Vec<String> =
        html.split("<button ").skip(1).filter_map(|rest| rest.split('>').next()).map(String::from).collect();
    let [save, none] = tags.as_slice() else { panic!("two buttons: {tags:?}") };
    assert!(save.contains("value=\"save\"") && none.contains("value=\"none\""));
    assert_eq!(save.replace("\"save\"", ""), none.replace("\"none\"", ""));
}

#[test]
fn the_way_back_stands_before_the_buttons() {
    let mut view = view(Nl, "words");
    view.withdrawal = "WAY-BACK".into();
    let html = block_on(form_html(&view, &notice("words")));
    assert!(html.find("WAY-BACK") < html.find("value=\"save\""));
}

#[test]
fn the_privacy_text_is_beside_what_the_browser_takes_over() {
    let html = block_on(form_html(&view(Nl, "words"), &notice("NOTICE")));
    let (taken_over, beside) = html.split_once("</form>").expect("a form");
    assert!(!taken_over.contains("NOTICE") && beside.contains("<details"));
    assert_eq!(count(beside, "NOTICE"), 2);
}

#[test]
fn both_languages_speak_on_every_control() {
    let (nl, en) = (page(Nl, "words"), page(En, "words"));
    for (dutch, english) in [("Bewaar mijn keuzes", "Save my choices"), ("Nee, niets", "No, nothing")] {
        assert!(nl.contains(dutch) && !nl.contains(english));
        assert!(en.contains(english) && !en.contains(dutch));
    }
}

#[test]
fn a_page_shown_again_keeps_what_was_typed_and_says_why() {
    let mut view = view(Nl, "words");
    view.typed.email = "jan@voorbeeld".into();
    view.problem = Some(ProblemView {
        code: "contact_invalid".into(),
        text: "Dit klopt niet.".into(),
        field: Some(ContactField::Email),
    });
    let links = BundleLinks::default();
    let html = block_on(form_page(&view, &notice("words"), "Kaas", &links, &PageAssets::default()));
    assert_eq!(count(&html, "jan@voorbeeld"), 1, "in the field, and not in the data for the script");
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("role=\"alert\""));
    assert!(html.contains("aria-describedby=\"vk-error\"") && html.contains("id=\"vk-error\""));
    assert!(!html.contains("checked"));
}

#[test]
fn what_was_typed_is_in_no_bundle() {
    let mut view = view(Nl, "words");
    view.typed.address = "Dorpsstraat 1".into();
    let json = serde_json::to_string(&view).expect("a view");
    assert!(!json.contains("Dorpsstraat") && !format!("{view:?}").contains("Dorpsstraat"));
}

#[test]
fn a_bundle_is_json_with_all_that_the_loader_needs() {
    let json = block_on(form_bundle(&view(Nl, HOSTILE), &notice(HOSTILE), "css", &BundleLinks::default()));
    let bundle: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for member in ["form", "html", "css", "view", "glue", "wasm", "build", "notice", "words"] {
        assert!(!bundle[member].is_null(), "{member}");
    }
    assert_eq!(bundle["view"]["purposes"][0]["needs"][0], "email");
    for text in ["unsaved", "choose", "untranslated"] {
        assert!(bundle["words"][text].is_string(), "{text}");
    }
}

#[test]
fn stopping_is_one_button_and_giving_again_is_a_box() {
    let stands = manage(Nl, "words", Standing::Given);
    assert_eq!(count(&stands, "value=\"withdraw\""), 2);
    assert_eq!(count(&stands, "value=\"withdraw_all\""), 1);
    assert_eq!(count(&stands, "value=\"give\""), 0);
    assert!(!stands.contains("<textarea"), "no reason is asked");
    let stopped = manage(Nl, "words", Standing::Withdrawn);
    assert_eq!(count(&stopped, "value=\"withdraw"), 0);
    assert_eq!(count(&stopped, "value=\"give\""), 1);
    assert_eq!(count(&stopped, "type=\"checkbox\""), 2);
}

#[test]
fn an_unknown_link_learns_nothing() {
    let html = block_on(message_page(&MessageView::link_unknown(Nl), &PageAssets::default()));
    assert!(html.contains("Deze link werkt niet (meer)"));
    // A link that was cut off on its way must not make anybody believe that they have stopped.
    assert!(!html.contains(">Er wordt niets meer gestuurd"));
}

#[test]
fn pages_hold_no_inline_script_or_style() {
    for html in pages(Nl, "words") {
        assert!(!html.contains("style=") && !html.contains("<style") && !html.contains(" onclick"), "{html}");
        assert_eq!(count(&html, "<script"), count(&html, "<script type=\"application/json\""));
    }
}
