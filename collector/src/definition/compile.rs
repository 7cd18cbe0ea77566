//! Makes a catalogue of a definition that no rule refuses, and counts versions.
//!
//! In scope: ids and terms as types, versions, the list of changes. Out of scope: the words (`notice`, `texts`).
//!
//! Invariant: what did not change keeps its version byte for byte; what changed in what people agree to never
//! keeps it (EDPB 05/2020 ¶110). A purpose that left the file stays in the catalogue, so that its number cannot be
//! given to something else later.

use std::collections::BTreeMap;
use std::str::FromStr;

use shared::form::{Catalogue, Form, Origin, PROOF_MONTHS_DEFAULT};
use shared::ids::{FormId, FormVersion, OrganisationId, ProductGroup, PurposeId, PurposeVersion};
use shared::notice::{Controller, Notice, NoticePurpose};
use shared::purpose::{Basis, ContactField, Purpose, PurposeTerms, Recipient};
use shared::record::terms::PurposeTerm;

use super::file::{Definition, FormEntry, PurposeEntry, RecipientEntry};
use super::{Change, Difference, Finding, Sentence, Severity, lint, notice, usable};

/// A catalogue, and what is new in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// What is served from now on.
    pub catalogue: Catalogue,
    /// What differs from the catalogue before. Empty when nothing does.
    pub changes: Vec<Change>,
}

/// Makes a catalogue of a definition. `previous` is the catalogue of this organisation that is served now.
///
/// # Errors
///
/// All findings of [`lint`] when one of them refuses, or `other_organisation` when `previous` is someone else's.
pub fn compile(definition: &Definition, previous: Option<&Catalogue>) -> Result<Compiled, Vec<Finding>> {
    let findings = lint(definition);
    if !usable(&findings) {
        return Err(findings);
    }
    build(definition, previous)
}

fn build(definition: &Definition, previous: Option<&Catalogue>) -> Result<Compiled, Vec<Finding>> {
    let organisation: OrganisationId = read(definition, &definition.organisation.id, "organisation.id")?;
    if previous.is_some_and(|previous| previous.organisation != organisation) {
        return Err(vec![other_organisation(definition)]);
    }
    let mut changes = Vec::new();
    let mut purposes = BTreeMap::new();
    for (index, entry) in definition.purposes.iter().enumerate() {
        let purpose = purpose(definition, index, entry, previous, &mut changes)?;
        purposes.insert(purpose.id.clone(), purpose);
    }
    let origins = origins(definition)?;
    let mut catalogue = Catalogue {
        organisation,
        controller: controller(definition),
        languages: definition.organisation.languages.clone(),
        origins,
        purposes,
        forms: BTreeMap::new(),
        proof_months: definition.organisation.proof_months.unwrap_or(PROOF_MONTHS_DEFAULT),
    };
    for (index, entry) in definition.forms.iter().enumerate() {
        let form = form(definition, index, entry, &catalogue, previous, &mut changes)?;
        catalogue.forms.insert(form.id.clone(), form);
    }
    let mut all = organisation_changes(&catalogue, previous);
    all.append(&mut changes);
    keep_retired(&mut catalogue, previous, &mut all);
    Ok(Compiled { catalogue, changes: all })
}

/// Reads an id that lint has already passed; a failure is still a finding, not a panic.
fn read<T: FromStr>(definition: &Definition, text: &str, path: &str) -> Result<T, Vec<Finding>> {
    text.parse().map_err(|_| vec![lint::bad_id(definition.place(path))])
}

fn other_organisation(definition: &Definition) -> Finding {
    Finding {
        severity: Severity::Refused,
        code: "other_organisation",
        article: "GDPR Art. 4(7)",
        place: definition.place("organisation.id"),
        sentence: Sentence::new(
            "Dit bestand is van een andere organisatie dan de formulieren die er nu zijn.",
            "This file belongs to another organisation than the forms that are there now.",
        ),
    }
}

fn controller(definition: &Definition) -> Controller {
    let organisation = &definition.organisation;
    let optional = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Controller {
        name: organisation.name.trim().to_owned(),
        address: organisation.address.trim().to_owned(),
        email: organisation.email.trim().to_owned(),
        phone: optional(&organisation.phone),
        register: optional(&organisation.register),
        country: Some(organisation.country.clone()),
        storage_country: organisation.storage_country.clone().or_else(|| Some(organisation.country.clone())),
    }
}

fn origins(definition: &Definition) -> Result<Vec<Origin>, Vec<Finding>> {
    let origin = |(index, text): (usize, &String)| {
        let place = || definition.place(format!("organisation.origins[{}]", index + 1));
        Origin::parse(text).ok_or_else(|| vec![lint::bad_origin(place())])
    };
    definition.organisation.origins.iter().enumerate().map(origin).collect()
}

fn terms(definition: &Definition, path: &str, entry: &PurposeEntry) -> Result<PurposeTerms, Vec<Finding>> {
    let named = |id: &String| definition.recipients.iter().find(|entry| entry.id == *id).map(recipient);
    // The order in the file says nothing, so it must not make a new version.
    let mut recipients: Vec<Recipient> = entry.recipients.iter().filter_map(named).collect();
    recipients.sort();
    let group = entry.product_group.as_ref().filter(|_| entry.basis == Basis::SoftOptIn);
    let group = group.map(|group| read::<ProductGroup>(definition, group, &format!("{path}.product_group")));
    Ok(PurposeTerms {
        channel: entry.channel,
        needs: ContactField::ALL.into_iter().filter(|field| entry.needs.contains(field)).collect(),
        recipients,
        validity_months: entry.validity_months,
        erasure_days: entry.erasure_days.ok_or_else(|| vec![lint::no_erasure(definition.place(path))])?,
        dpv: entry.dpv.clone().unwrap_or_else(|| PurposeTerm::of_channel(entry.channel).term().to_owned()),
        product_group: group.transpose()?,
    })
}

/// A recipient as people agree to it. How to reach it is no part of that.
pub(super) fn recipient(entry: &RecipientEntry) -> Recipient {
    Recipient { name: entry.name.trim().to_owned(), role: entry.role, country: entry.country.clone() }
}

fn purpose(
    definition: &Definition,
    index: usize,
    entry: &PurposeEntry,
    previous: Option<&Catalogue>,
    changes: &mut Vec<Change>,
) -> Result<Purpose, Vec<Finding>> {
    let path = format!("purpose[{}]", index + 1);
    let id: PurposeId = read(definition, &entry.id, &format!("{path}.id"))?;
    let terms = terms(definition, &path, entry)?;
    let Some((catalogue, before)) =
        previous.and_then(|previous| Some((previous, previous.purposes.get(&id)?)))
    else {
        changes.push(Change::PurposeAdded(id.clone()));
        return Ok(Purpose { id, version: PurposeVersion::FIRST, terms });
    };
    let names = |form: &FormEntry| form.purposes.contains(&entry.id) || form.customers.contains(&entry.id);
    let used = definition.forms.iter().any(names);
    let shown = shown_before(catalogue, &id);
    let mut differences = term_differences(&before.terms, &terms);
    if shown.is_empty() && used {
        differences.push(Difference::Returned);
    }
    let reworded = shown.iter().any(|(before, shown)| {
        let language = &before.language;
        let differs = |texts: &super::Texts, old: &str| {
            texts.get(language).is_some_and(|new| notice::one_line(new) != old)
        };
        let told = before.customer_use(&id).is_some_and(|told| {
            differs(&entry.products, &told.products) || differs(&entry.objection, &told.objection)
        });
        told || differs(&entry.title, &shown.title) || differs(&entry.text, &shown.text)
    });
    let excuse = entry.wording_only.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if reworded && excuse.is_none() {
        differences.push(Difference::Words);
    }
    let version = if differences.is_empty() { before.version } else { before.version.next() };
    changes.extend(change(
        &id,
        before.version,
        version,
        differences,
        excuse.map(|reason| (reworded, reason)),
    ));
    Ok(Purpose { id, version, terms })
}

fn change(
    id: &PurposeId,
    from: PurposeVersion,
    to: PurposeVersion,
    differences: Vec<Difference>,
    excuse: Option<(bool, &str)>,
) -> Option<Change> {
    let purpose = id.clone();
    match excuse {
        _ if !differences.is_empty() => Some(Change::PurposeVersioned { purpose, from, to, differences }),
        Some((true, reason)) => {
            Some(Change::PurposeReworded { purpose, version: from, reason: reason.to_owned() })
        }
        Some((false, _)) => Some(Change::WordingOnlyUnused(purpose)),
        None => None,
    }
}

/// The words of a purpose on every form and in every language of a catalogue.
fn shown_before<'a>(catalogue: &'a Catalogue, id: &PurposeId) -> Vec<(&'a Notice, &'a NoticePurpose)> {
    let notices = catalogue.forms.values().flat_map(|form| form.notices.values());
    notices.filter_map(|notice| Some((notice, notice.words_of(id)?))).collect()
}

fn term_differences(old: &PurposeTerms, new: &PurposeTerms) -> Vec<Difference> {
    let pairs = [
        (old.channel != new.channel, Difference::Channel),
        (old.needs != new.needs, Difference::Needs),
        (old.recipients != new.recipients, Difference::Recipients),
        (old.validity_months != new.validity_months, Difference::Validity),
        (old.erasure_days != new.erasure_days, Difference::Erasure),
        (old.dpv != new.dpv, Difference::Kind),
        (old.product_group != new.product_group, Difference::ProductGroup),
    ];
    pairs.into_iter().filter_map(|(differs, difference)| differs.then_some(difference)).collect()
}

fn form(
    definition: &Definition,
    index: usize,
    entry: &FormEntry,
    catalogue: &Catalogue,
    previous: Option<&Catalogue>,
    changes: &mut Vec<Change>,
) -> Result<Form, Vec<Finding>> {
    let id: FormId = read(definition, &entry.id, &format!("form[{}].id", index + 1))?;
    let before = previous.and_then(|previous| previous.forms.get(&id));
    let version = before.map_or(FormVersion::FIRST, |before| before.version);
    let notices = notice::notices(definition, entry, &id, version, catalogue);
    let double_opt_in = entry.double_opt_in;
    let Some(before) = before else {
        changes.push(Change::FormAdded(id.clone()));
        return Ok(Form { id, version, notices, double_opt_in });
    };
    if before.double_opt_in != double_opt_in {
        changes.push(Change::DoubleOptIn { form: id.clone(), on: double_opt_in });
    }
    if before.notices == notices {
        return Ok(Form { id, version, notices, double_opt_in });
    }
    let to = version.next();
    changes.push(Change::FormVersioned { form: id.clone(), from: version, to });
    let notices = notice::notices(definition, entry, &id, to, catalogue);
    Ok(Form { id, version: to, notices, double_opt_in })
}

fn organisation_changes(catalogue: &Catalogue, previous: Option<&Catalogue>) -> Vec<Change> {
    let Some(previous) = previous else {
        return vec![Change::OrganisationAdded(catalogue.organisation.clone())];
    };
    let pairs = [
        (previous.controller != catalogue.controller, Change::ControllerChanged),
        (previous.languages != catalogue.languages, Change::LanguagesChanged),
        (previous.origins != catalogue.origins, Change::OriginsChanged),
        (previous.proof_months != catalogue.proof_months, Change::ProofTermChanged(catalogue.proof_months)),
    ];
    pairs.into_iter().filter_map(|(differs, change)| differs.then_some(change)).collect()
}

/// Keeps purposes that left the file, and tells of everything that is on no form any more.
fn keep_retired(catalogue: &mut Catalogue, previous: Option<&Catalogue>, changes: &mut Vec<Change>) {
    let Some(previous) = previous else { return };
    for (id, purpose) in &previous.purposes {
        let is_shown = !shown_before(catalogue, id).is_empty();
        if !is_shown && !shown_before(previous, id).is_empty() {
            changes.push(Change::PurposeGone(id.clone()));
        }
        catalogue.purposes.entry(id.clone()).or_insert_with(|| purpose.clone());
    }
    let gone = previous.forms.keys().filter(|id| !catalogue.forms.contains_key(*id));
    changes.extend(gone.cloned().map(Change::FormGone));
}
