//! `docs/forms.md` against the code: its example passes, and it names every rule.
//!
//! Invariant tested: no rule can refuse somebody's file without being explained.

use std::fs;
use std::path::Path;

use collector::definition::{compile, lint, parse};

const DOCS: &str = include_str!("../../docs/forms.md");

#[test]
fn the_shortest_file_that_passes_does_pass() {
    let (_, rest) = DOCS.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let definition = parse(example).unwrap();
    assert_eq!(lint(&definition), []);
    assert!(compile(&definition, None).is_ok());
}

/// Every string literal in the sources of the lint that is named like a code and stands where a code stands.
fn codes(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for start in [
            "report.refuse( \"",
            "report.advise( \"",
            "file_finding( \"",
            "code: \"",
            "Severity::Refused, \"",
        ] {
            let rests = flat.split(start).skip(1);
            found.extend(rests.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
}

#[test]
fn every_code_is_in_the_docs() {
    let mut found = Vec::new();
    codes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/definition"), &mut found);
    found.sort();
    found.dedup();
    assert!(found.len() > 45, "{found:?}");
    for code in found {
        assert!(DOCS.contains(&format!("`{code}`")), "docs/forms.md does not explain {code}");
    }
}
