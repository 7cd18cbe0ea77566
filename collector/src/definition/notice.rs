//! Puts the words of a form together: one notice per language.
//!
//! In scope: what the owner wrote, the standard words where nothing was written, the facts below each box.
//! Out of scope: the standard words themselves (`texts`), versions (`compile`).
//!
//! Invariant: every notice has all fourteen items of Art. 13, in the order of the law.

use std::collections::BTreeMap;

use shared::Language;
use shared::form::Catalogue;
use shared::ids::{FormId, FormVersion, PurposeId};
use shared::notice::{CustomerUse, NOTICE_SCHEMA, Notice, NoticePurpose, Party, Section};
use shared::purpose::Purpose;

use super::compile::recipient;
use super::file::{Definition, FormEntry, PurposeEntry, RecipientEntry, Texts};
use super::privacy::Item;
use super::texts::{self, Facts};

/// The notices of a form in every language of its organisation.
pub(super) fn notices(
    definition: &Definition,
    entry: &FormEntry,
    form: &FormId,
    form_version: FormVersion,
    catalogue: &Catalogue,
) -> BTreeMap<Language, Notice> {
    let boxes = named(definition, &entry.purposes, catalogue);
    let customers = named(definition, &entry.customers, catalogue);
    let all: Named<'_> = boxes.iter().chain(&customers).copied().collect();
    let notice = |language: Language| Notice {
        schema: NOTICE_SCHEMA.to_owned(),
        organisation: catalogue.organisation.clone(),
        form: form.clone(),
        form_version,
        language,
        controller: catalogue.controller.clone(),
        title: text(&entry.title, language),
        intro: text(&entry.intro, language),
        purposes: boxes.iter().map(|(entry, purpose)| shown(entry, purpose, language)).collect(),
        customers: customers.iter().map(|(entry, purpose)| told(entry, purpose, language)).collect(),
        parties: parties(definition, &all),
        withdrawal: text(&entry.withdrawal, language),
        sections: sections(definition, entry, (&boxes, &customers), catalogue, language),
    };
    catalogue.languages.iter().map(|&language| (language, notice(language))).collect()
}

type Named<'a> = Vec<(&'a PurposeEntry, &'a Purpose)>;

fn named<'a>(definition: &'a Definition, ids: &[String], catalogue: &'a Catalogue) -> Named<'a> {
    let named = |id: &String| {
        let entry = definition.purposes.iter().find(|purpose| purpose.id == *id)?;
        let purpose = catalogue.purposes.get(&PurposeId::parse(id).ok()?)?;
        Some((entry, purpose))
    };
    ids.iter().filter_map(named).collect()
}

/// How to reach the recipients of some purposes, each once, in the order of their names in the file.
fn parties(definition: &Definition, purposes: &Named<'_>) -> Vec<Party> {
    let party = |entry: &RecipientEntry| Party {
        id: entry.id.clone(),
        recipient: recipient(entry),
        address: one_line(&entry.address),
        email: entry.email.trim().to_owned(),
    };
    let used =
        |entry: &&RecipientEntry| purposes.iter().any(|(purpose, _)| purpose.recipients.contains(&entry.id));
    let mut parties: Vec<Party> = definition.recipients.iter().filter(used).map(party).collect();
    parties.sort_by(|a, b| a.id.cmp(&b.id));
    parties
}

/// A text as one line: how the file breaks its lines must not make a new version.
pub(super) fn text(texts: &Texts, language: Language) -> String {
    texts.get(&language).map_or_else(String::new, |text| one_line(text))
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(entry: &PurposeEntry, purpose: &Purpose, language: Language) -> NoticePurpose {
    NoticePurpose {
        purpose: purpose.clone(),
        title: text(&entry.title, language),
        text: text(&entry.text, language),
        details: texts::details(&purpose.terms, language),
    }
}

fn told(entry: &PurposeEntry, purpose: &Purpose, language: Language) -> CustomerUse {
    CustomerUse {
        shown: shown(entry, purpose, language),
        products: text(&entry.products, language),
        objection: text(&entry.objection, language),
    }
}

fn sections<'a>(
    definition: &Definition,
    entry: &FormEntry,
    (boxes, customers): (&Named<'a>, &Named<'a>),
    catalogue: &Catalogue,
    language: Language,
) -> Vec<Section> {
    let titled =
        |(entry, purpose): &(&PurposeEntry, &'a Purpose)| (text(&entry.title, language), &purpose.terms);
    let all: Named<'_> = boxes.iter().chain(customers).copied().collect();
    let facts = Facts {
        language,
        catalogue,
        boxes: boxes.iter().map(titled).collect(),
        customers: customers.iter().map(titled).collect(),
        products: customers.iter().map(|(entry, _)| text(&entry.products, language)).collect(),
        parties: parties(definition, &all),
        withdrawal: text(&entry.withdrawal, language),
    };
    let section = |item: Item| Section {
        article: item.article().to_owned(),
        heading: item.heading(language).to_owned(),
        paragraphs: paragraphs(definition, item, &facts),
    };
    Item::ALL.into_iter().map(section).collect()
}

fn paragraphs(definition: &Definition, item: Item, facts: &Facts<'_>) -> Vec<String> {
    match item.entry(&definition.privacy) {
        Some(entry) if entry.not_applicable => {
            texts::not_applicable(facts.language, &text(&entry.reason, facts.language))
        }
        Some(entry) => split(entry.text.get(&facts.language).map_or("", String::as_str)),
        None => texts::standard(item, facts).unwrap_or_default(),
    }
}

/// Paragraphs are parted by an empty line; line breaks within one are only there for the file's looks.
pub(super) fn split(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    text.split("\n\n").map(one_line).filter(|paragraph| !paragraph.is_empty()).collect()
}
