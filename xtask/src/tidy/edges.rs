//! Which crate of ours may use which, read from the manifests.
//!
//! In scope: every table that can name a crate: dependencies, dev- and build-dependencies, also per target. Out of scope:
//! what other people's crates use (`deny`).
//!
//! Invariant: a crate that no rule speaks of is a finding.

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::shell::root;

/// Our crates by folder, and the packages of ours that each may use.
const EDGES: [(&str, &[&str]); 8] = [
    ("shared", &[]),
    ("widget", &["shared"]),
    ("verifier", &["shared", "widget"]),
    ("kiosk", &["shared", "widget"]),
    // The kiosk in its tests only: entries are made by the code that a browser runs.
    ("collector", &["kiosk", "shared", "widget"]),
    ("tests", &["shared"]),
    ("tests/fuzz", &["shared", "collector"]),
    ("xtask", &[]),
];

const PACKAGES: [&str; 8] = ["shared", "widget", "verifier", "kiosk", "collector", "e2e", "fuzz", "xtask"];
const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// What the manifests among these files do that they may not.
///
/// # Errors
///
/// When a manifest cannot be read.
pub fn findings<'a>(files: impl Iterator<Item = &'a str>) -> Result<Vec<String>> {
    let workspace = read("Cargo.toml")?;
    let mut findings = Vec::new();
    for file in files.filter(|file| file.ends_with("/Cargo.toml")) {
        let folder = file.trim_end_matches("/Cargo.toml");
        let found = match EDGES.iter().find(|(known, _)| *known == folder) {
            Some((_, allowed)) => forbidden(&read(file)?, &workspace, allowed),
            None => vec!["no rule says which crates it may use".to_owned()],
        };
        findings.extend(found.into_iter().map(|finding| format!("{file}: {finding}")));
    }
    Ok(findings)
}

fn read(file: &str) -> Result<Table> {
    let text = std::fs::read_to_string(root().join(file)).with_context(|| format!("couldn't read {file}"))?;
    text.parse().with_context(|| format!("couldn't read {file}"))
}

fn forbidden(manifest: &Table, workspace: &Table, allowed: &[&str]) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let tables = targets.filter_map(Value::as_table).chain([manifest]);
    let lists = tables.flat_map(|table| KINDS.iter().filter_map(|kind| table.get(*kind)?.as_table()));
    let used = lists.flatten().map(|(name, entry)| package(name, entry, workspace));
    let ours = used.filter(|used| PACKAGES.contains(used) && !allowed.contains(used));
    ours.map(|used| format!("may not use {used}")).collect()
}

/// The package behind a name: an entry may be renamed, here or in the workspace.
fn package<'a>(name: &'a str, entry: &'a Value, workspace: &'a Table) -> &'a str {
    let inherited = entry.get("workspace").and_then(Value::as_bool) == Some(true);
    let listed = || workspace.get("workspace")?.get("dependencies")?.get(name);
    let entry = if inherited { listed().unwrap_or(entry) } else { entry };
    entry.get("package").and_then(Value::as_str).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(manifest: &str, expected: &[&str]) {
        let workspace =
            "[workspace.dependencies]\nhidden = { package = \"collector\", path = \"c\" }\nserde = \"1\"";
        let found = forbidden(&manifest.parse().unwrap(), &workspace.parse().unwrap(), &["shared"]);
        let expected: Vec<String> = expected.iter().map(|name| format!("may not use {name}")).collect();
        assert_eq!(found, expected, "{manifest}");
    }

    #[test]
    fn an_edge_is_seen_in_every_table_and_under_every_name() {
        check("[dependencies]\nwidget.workspace = true", &["widget"]);
        check("[dependencies.widget]\npath = \"../widget\"", &["widget"]);
        check("[dev-dependencies]\nwidget = { path = \"../widget\" }", &["widget"]);
        check("[build-dependencies]\nxtask = { path = \"../xtask\" }", &["xtask"]);
        check("[target.'cfg(unix)'.dependencies]\ne2e = { path = \"../tests\" }", &["e2e"]);
        check("[target.wasm32-unknown-unknown.dev-dependencies]\nfuzz.path = \"x\"", &["fuzz"]);
        check("[dependencies]\nplain = { package = \"collector\", path = \"../collector\" }", &["collector"]);
        check("[dependencies]\nhidden = { workspace = true }", &["collector"]);
    }

    #[test]
    fn an_allowed_edge_and_other_peoples_crates_pass() {
        check("[dependencies]\nshared = { workspace = true }\nserde.workspace = true\ntoml = \"1\"", &[]);
        check("[package]\nname = \"widget\"\n[features]\nwidget = []", &[]);
        check("[dependencies]\nwidget-tools = \"1\"", &[]);
    }

    #[test]
    fn a_crate_that_no_rule_names_is_a_finding() {
        let found = findings(["www/new/Cargo.toml", "README.md"].into_iter()).unwrap();
        assert_eq!(found, ["www/new/Cargo.toml: no rule says which crates it may use"]);
    }
}
