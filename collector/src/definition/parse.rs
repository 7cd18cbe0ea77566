//! Reads the text of a `shop.toml`.
//!
//! In scope: TOML, its bounds, and keys that do not exist. Out of scope: what the contents mean (`lint`).
//!
//! Invariant: a key that would tick a box or require it never gets past this file; whoever wrote one learns in the same
//! go what else is wrong.

use std::collections::BTreeMap;
use std::ops::Range;

use shared::limits::DEFINITION_BYTES_MAX;
use toml::de::{DeTable, DeValue};

use super::{Definition, Finding, Place, Sentence, Severity, lint};

/// Keys whose author wants a box to start ticked (GDPR Art. 4(11), recital 32; EDPB 05/2020 ¶79).
const TICKING_KEYS: &[&str] = &[
    "aangevinkt",
    "checked",
    "default",
    "opt_out",
    "pre_ticked",
    "prechecked",
    "preselected",
    "preticked",
    "selected",
    "standaard",
    "ticked",
    "value",
];

/// Keys whose author wants to oblige people to agree (GDPR Art. 7(4)).
const REQUIRING_KEYS: &[&str] =
    &["compulsory", "mandatory", "obligatory", "required", "vereist", "verplicht"];

/// Reads a definition.
///
/// # Errors
///
/// What keeps the text from being a definition: too large, no TOML, a key that does not exist here, a missing or
/// mistyped value. Keys that would tick or require a box are named one by one, with the article, among everything that
/// the lint says of the rest.
pub fn parse(text: &str) -> Result<Definition, Vec<Finding>> {
    if text.len() > DEFINITION_BYTES_MAX {
        return Err(vec![too_large()]);
    }
    // The library refuses nesting beyond its own limit, so no text can exhaust the stack.
    let rows = Rows::of(text);
    let mut table = DeTable::parse(text).map_err(|error| vec![unreadable(&rows, &error)])?;
    let mut walk = Walk { rows: &rows, lines: BTreeMap::new(), findings: Vec::new() };
    walk.table("", table.get_mut());
    let Walk { lines, mut findings, .. } = walk;
    let read: Result<Definition, _> = serde::Deserialize::deserialize(toml::de::Deserializer::from(table));
    let rest = match read {
        Ok(definition) => Ok(Definition { lines, ..definition }),
        Err(error) => Err(misfit(&rows, &error)),
    };
    match rest {
        Ok(definition) if findings.is_empty() => return Ok(definition),
        Ok(definition) => findings.extend(lint(&definition)),
        Err(misfit) => findings.push(misfit),
    }
    findings.sort_by_key(|finding| finding.place.at);
    Err(findings)
}

struct Walk<'a> {
    rows: &'a Rows,
    lines: BTreeMap<String, (usize, usize)>,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    /// Notes where each key stands. Keys that tick or require are noted and taken out.
    fn table(&mut self, path: &str, table: &mut DeTable<'_>) {
        let is_box = path.starts_with("purpose[") || path.starts_with("form[");
        let mut forbidden = Vec::new();
        for (key, value) in table.iter_mut() {
            let name = key.get_ref().as_ref();
            let here = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            let at = self.rows.position(&key.span());
            if is_box && let Some(finding) = tick_or_require(name, &here, at) {
                self.findings.push(finding);
                forbidden.push(key.clone());
            }
            self.value(&here, at, value.get_mut());
        }
        for key in forbidden {
            table.remove(&key);
        }
    }

    fn value(&mut self, path: &str, at: (usize, usize), value: &mut DeValue<'_>) {
        self.lines.entry(path.to_owned()).or_insert(at);
        match value {
            DeValue::Table(table) => self.table(path, table),
            DeValue::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let at = self.rows.position(&item.span());
                    self.value(&format!("{path}[{}]", index + 1), at, item.get_mut());
                }
            }
            _ => {}
        }
    }
}

fn tick_or_require(key: &str, path: &str, at: (usize, usize)) -> Option<Finding> {
    let key = key.to_ascii_lowercase().replace('-', "_");
    let place = Place { path: path.to_owned(), at: Some(at) };
    if TICKING_KEYS.contains(&key.as_str()) {
        return Some(Finding {
            severity: Severity::Refused,
            code: "pre_ticked_purpose",
            article: "GDPR Art. 4(11), recital 32",
            place,
            sentence: Sentence::new(
                "Een vakje begint altijd leeg; alleen de bezoeker kan het aanvinken. Haal deze regel weg.",
                "A box always starts empty; only the visitor can tick it. Remove this line.",
            ),
        });
    }
    REQUIRING_KEYS.contains(&key.as_str()).then(|| Finding {
        severity: Severity::Refused,
        code: "required_purpose",
        article: "GDPR Art. 7(4)",
        place,
        sentence: Sentence::new(
            "Toestemming is vrij; een vakje kan niet verplicht zijn. Haal deze regel weg. \
             Wat echt nodig is voor een bestelling, hoort niet in dit formulier.",
            "Consent is free; a box cannot be required. Remove this line. \
             What an order really needs does not belong on this form.",
        ),
    })
}

fn too_large() -> Finding {
    file_finding(
        "definition_too_large",
        Place::default(),
        format!("Het bestand is te groot: hooguit {DEFINITION_BYTES_MAX} bytes."),
        format!("The file is too large: at most {DEFINITION_BYTES_MAX} bytes."),
    )
}

fn unreadable(rows: &Rows, error: &toml::de::Error) -> Finding {
    let cause = one_line(error.message());
    file_finding(
        "toml_invalid",
        place_of(rows, error),
        format!("Dit is geen leesbare TOML ({cause}). Let op aanhalingstekens en haken."),
        format!("This is not readable TOML ({cause}). Check quotes and brackets."),
    )
}

/// Well-formed TOML that is no definition; serde's message names the key.
fn misfit(rows: &Rows, error: &toml::de::Error) -> Finding {
    let message = one_line(error.message());
    let key = message.split('`').nth(1).unwrap_or_default().to_owned();
    let place = place_of(rows, error);
    if message.starts_with("unknown field") {
        let known = message.split_once("expected").map_or("", |(_, known)| known).trim();
        let known = known.trim_start_matches("one of ");
        return file_finding(
            "unknown_key",
            place,
            format!("De sleutel `{key}` bestaat hier niet. Wel: {known}."),
            format!("There is no key `{key}` here. There are: {known}."),
        );
    }
    if message.starts_with("missing field") {
        return file_finding(
            "missing_key",
            place,
            format!("Hier ontbreekt de sleutel `{key}`."),
            format!("The key `{key}` is missing here."),
        );
    }
    file_finding(
        "bad_value",
        place,
        format!("Deze waarde past hier niet ({message})."),
        format!("This value does not fit here ({message})."),
    )
}

fn file_finding(code: &'static str, place: Place, nl: impl Into<String>, en: impl Into<String>) -> Finding {
    Finding { severity: Severity::Refused, code, article: "", place, sentence: Sentence::new(nl, en) }
}

fn one_line(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    words.join(" ").chars().take(400).collect()
}

fn place_of(rows: &Rows, error: &toml::de::Error) -> Place {
    Place { path: String::new(), at: error.span().map(|span| rows.position(&span)) }
}

/// Where each line of the text begins.
struct Rows(Vec<usize>);

impl Rows {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(std::iter::once(0).chain(breaks.map(|(index, _)| index + 1)).collect())
    }

    /// Line, and column in bytes, both from 1.
    fn position(&self, span: &Range<usize>) -> (usize, usize) {
        let line = self.0.partition_point(|start| *start <= span.start);
        let start = self.0.get(line.saturating_sub(1)).copied().unwrap_or_default();
        (line, span.start.saturating_sub(start) + 1)
    }
}
