//! Renders every view with sample words to files, to look at without a collector.
//!
//! Run: `cargo run -p widget --example preview --features ssr -- DIRECTORY`. Serve the directory together with the
//! style sheets of `www/css` and the built loader.

use std::path::Path;

use shared::Language;
use shared::purpose::ContactField::{Address, Email, Name};
use widget::model::*;
use widget::ssr::{BundleLinks, PageAssets, form_bundle, form_page, manage_page, message_page, receipt_page};

fn main() -> std::io::Result<()> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "preview".into());
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory)?;
    for language in Language::ALL {
        for (name, html) in futures_executor::block_on(pages(language)) {
            std::fs::write(directory.join(format!("{name}-{}.{}", language.tag(), extension(name))), html)?;
        }
    }
    Ok(())
}

fn extension(name: &str) -> &'static str {
    if name == "bundle" { "json" } else { "html" }
}

async fn pages(language: Language) -> Vec<(&'static str, String)> {
    let (view, notice, assets) = (form(language), notice(language), assets());
    let links = BundleLinks {
        glue: "http://127.0.0.1:9090/vinkje.js".into(),
        wasm: "http://127.0.0.1:9090/vinkje_bg.wasm".into(),
        build: "preview".into(),
        notice: "notice".into(),
    };
    let bundle = form_bundle(&view, &notice, include_str!("../../www/css/form.css"), &links).await;
    let mut again = view.clone();
    again.problem = Some(ProblemView {
        code: "contact_invalid".into(),
        text: pick(language, "Dit e-mailadres klopt niet. Kijk het na.", "This e-mail address is not right."),
        field: Some(Email),
    });
    let unknown = MessageView::link_unknown(language);
    vec![
        ("page", form_page(&view, &notice, "Kaaswinkel De Hoek", &links, &assets).await),
        ("again", form_page(&again, &notice, "Kaaswinkel De Hoek", &links, &assets).await),
        ("receipt", receipt_page(&receipt(language, &view, &notice), &assets).await),
        ("manage", manage_page(&manage(language, &view), &assets).await),
        ("message", message_page(&unknown, &assets).await),
        ("bundle", bundle),
    ]
}

fn assets() -> PageAssets {
    PageAssets {
        styles: vec!["/css/page.css".into(), "/css/form.css".into()],
        script: Some("/page.js".into()),
        icon: Some("/icons/vinkje.svg".into()),
    }
}

fn pick(language: Language, nl: &str, en: &str) -> String {
    match language {
        Language::Nl => nl.into(),
        Language::En => en.into(),
    }
}

fn form(language: Language) -> FormView {
    let t = |nl: &str, en: &str| pick(language, nl, en);
    FormView {
        form: "kaas/aanmelden".into(),
        action: "http://127.0.0.1:9090/f/kaas/aanmelden".into(),
        offer: "b2ZmZXItb2ZmZXItb2ZmZXI".into(),
        language,
        title: t("Blijf op de hoogte van onze kaas", "Hear about our cheese"),
        intro: t(
            "Wij schrijven u alleen over wat u hieronder aanvinkt. Wilt u niets, dan is dat ook goed.",
            "We only write to you about what you tick below. Nothing at all is fine too.",
        ),
        purposes: purposes(language),
        controller: t(
            "Kaaswinkel De Hoek, Dorpsstraat 1, 1234 AB Voorbeeld, vraagt dit.",
            "Kaaswinkel De Hoek, Dorpsstraat 1, 1234 AB Voorbeeld, asks this.",
        ),
        withdrawal: t(
            "U kunt op elk moment stoppen, net zo makkelijk als u ja zegt: met de link die u zo krijgt.",
            "You can stop at any time, as easily as you say yes: with the link that you get next.",
        ),
        languages: Language::ALL
            .into_iter()
            .map(|language| LanguageLink {
                code: language.tag().into(),
                label: language.own_name().into(),
                url: format!("/page-{}.html", language.tag()),
            })
            .collect(),
        problem: None,
        shared_screen: false,
        typed: Typed::default(),
    }
}

fn purposes(language: Language) -> Vec<PurposeView> {
    let t = |nl: &str, en: &str| pick(language, nl, en);
    let purpose =
        |id: &str, title: String, text: String, data: String, who: String, needs: Vec<_>| PurposeView {
            id: id.into(),
            title,
            text,
            details: vec![
                DetailView { label: t("Gegevens", "Data"), value: data },
                DetailView { label: t("Wie krijgt het", "Who gets it"), value: who },
                DetailView {
                    label: t("Hoe lang", "How long"),
                    value: t("2 jaar of tot u stopt", "2 years or until you stop"),
                },
            ],
            needs,
        };
    let we = || t("alleen wij", "only we");
    vec![
        purpose(
            "nieuwsbrief",
            t("Nieuwsbrief per e-mail", "Newsletter by e-mail"),
            t(
                "Eens per maand: nieuwe kazen, recepten en proeverijen.",
                "Once a month: new cheeses, recipes and tastings.",
            ),
            t("e-mailadres, naam", "e-mail address, name"),
            we(),
            vec![Email, Name],
        ),
        purpose(
            "post",
            t("Aanbiedingen per post", "Offers by post"),
            t("Vier keer per jaar een kaart met aanbiedingen.", "Four times a year a card with offers."),
            t("naam, postadres", "name, postal address"),
            t("drukkerij Voorbeeld", "the printer Voorbeeld"),
            vec![Name, Address],
        ),
        purpose(
            "keuze",
            t("Aanbiedingen kiezen op wat ik kocht", "Choose offers by what I bought"),
            t(
                "Wij kijken naar uw aankopen en sturen wat daarbij past.",
                "We look at what you bought and send what fits.",
            ),
            t("e-mailadres, aankopen", "e-mail address, purchases"),
            we(),
            vec![Email],
        ),
        purpose(
            "boerderij",
            t("Mijn adres geven aan boerderij De Weide", "Give my address to De Weide farm"),
            t("De boerderij nodigt u uit voor de open dag.", "The farm invites you to its open day."),
            t("naam, postadres", "name, postal address"),
            t("boerderij De Weide", "De Weide farm"),
            vec![Name, Address],
        ),
    ]
}

fn notice(language: Language) -> NoticeView {
    let t = |nl: &str, en: &str| pick(language, nl, en);
    NoticeView {
        sections: vec![
            SectionView {
                heading: t("Wie zijn wij?", "Who are we?"),
                paragraphs: vec![t(
                    "Kaaswinkel De Hoek is verantwoordelijk voor uw gegevens.",
                    "Kaaswinkel De Hoek is responsible for your data.",
                )],
            },
            SectionView {
                heading: t("Uw rechten", "Your rights"),
                paragraphs: vec![t(
                    "U mag uw gegevens zien, verbeteren, laten wissen en meenemen. Klagen kan bij de Autoriteit Persoonsgegevens.",
                    "You may see, correct, erase and take along your data. You can complain to the data protection authority.",
                )],
            },
        ],
    }
}

fn controller() -> ControllerView {
    ControllerView {
        name: "Kaaswinkel De Hoek".into(),
        lines: vec!["Dorpsstraat 1, 1234 AB Voorbeeld".into(), "privacy@kaaswinkel.example".into()],
    }
}

fn receipt(language: Language, form: &FormView, notice: &NoticeView) -> ReceiptView {
    let choice = |(index, purpose): (usize, &PurposeView)| ChoiceView {
        title: purpose.title.clone(),
        decided: if index % 2 == 0 { Decided::Given } else { Decided::NotGiven },
        until: (index % 2 == 0).then(|| pick(language, "23 november 2028", "23 November 2028")),
    };
    let shown = |(index, purpose): (usize, &PurposeView)| BoxView {
        purpose: purpose.clone(),
        ticked: Some(index % 2 == 0),
    };
    ReceiptView {
        language,
        languages: form.languages.clone(),
        body: ReceiptBody {
act: ActView::Choices,
        choices: form.purposes.iter().enumerate().map(choice).collect(),
        at: pick(language, "23 november 2026, 17:04", "23 November 2026, 17:04"),
        at_machine: "2026-11-23T16:04:00Z".into(),
        controller: controller(),
        number: "019ab0c4-7d1e-7000-8000-3f2a1b4c5d6e".into(),
        issuer: "https://toestemming.kaaswinkel.example".into(),
        notice_hash: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA".into(),
        imported: None,
        registered: None,
        kiosk: None,
        sold: None,
        wording: Some(WordingView {
            title: form.title.clone(),
            intro: form.intro.clone(),
            boxes: form.purposes.iter().enumerate().map(shown).collect(),
            withdrawal: form.withdrawal.clone(),
            sections: notice.sections.clone(),
            language,
            was: Was::Seen,
        }),
        },
manage_url: "https://toestemming.kaaswinkel.example/m/4f2a8c".into(),
        qr_svg: r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h1v1H4zM6 5h1v2H6z"/></svg>"##.into(),
        jws_url: "#jws".into(),
        proof_url: "#proof".into(),
        log_url: "#log".into(),
        json_url: "#json".into(),
        bundle_url: "#bundle".into(),
        verify_url: "/verify".into(),
        jsonld_url: "#jsonld".into(),
        kantara_url: "#kantara".into(),
    }
}

fn manage(language: Language, form: &FormView) -> ManageView {
    let states = [Standing::Given, Standing::Refused, Standing::Withdrawn, Standing::Given];
    let since = pick(language, "23 november 2026", "23 November 2026");
    let standing = |(purpose, standing): (&PurposeView, Standing)| StandingView {
        purpose: purpose.clone(),
        standing,
        since: Some(since.clone()),
        until: (standing == Standing::Given).then(|| pick(language, "23 november 2028", "23 November 2028")),
        why: None,
        can_give: true,
    };
    ManageView {
        language,
        languages: form.languages.clone(),
        controller: controller(),
        action: "/m/4f2a8c".into(),
        nonce: "AAAAAAAAAAAAAAAAAAAAAA".into(),
        offer: form.offer.clone(),
        purposes: form.purposes.iter().zip(states).map(standing).collect(),
        withdrawal: form.withdrawal.clone(),
        history: vec![HistoryView {
            registered: None,
            at: since.clone(),
            decided: Decided::Given,
            titles: vec![form.purposes[0].title.clone(), form.purposes[3].title.clone()],
            receipt_url: Some("#receipt".into()),
        }],
        customer: false,
        imported: None,
        registered: None,
        objecting: Objecting::Can,
        bundle_url: Some("#bundle".into()),
        verify_url: "/verify".into(),
        can_mail_link: false,
        note: Some(ManageNote::Stopped),
    }
}
