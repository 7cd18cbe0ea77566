//! Rules of the house that no compiler checks.
//!
//! In scope: tracked files as text. Out of scope: format and lints; `cargo xtask test` runs those beside this.
//!
//! Invariant: each rule names file and reason, and all findings come at once.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::shell::{command, output, root, step};

/// Lines of a source file at most: past that the design is asking for something.
const LINES_MAX: usize = 400;

/// Which crates of ours each crate may use.
const EDGES: [(&str, &[&str]); 5] = [
    ("shared", &[]),
    ("widget", &["shared"]),
    ("collector", &["shared", "widget"]),
    ("tests", &["shared"]),
    ("xtask", &[]),
];

/// Inside the collector: what a module must not reach back to.
const LAYERS: [(&str, &[&str]); 3] = [
    ("collector/src/store", &["sequencer", "service", "http", "cli"]),
    ("collector/src/sequencer", &["service", "http", "cli"]),
    ("collector/src/service", &["http", "cli"]),
];

/// Runs all rules over the tracked files.
///
/// # Errors
///
/// All findings, one a line.
pub fn run() -> Result<()> {
    step("tidy");
    let files = output(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let mut findings = Vec::new();
    for file in files.lines() {
        // What is not text has no rules; what is listed but deleted has none either.
        if let Ok(text) = std::fs::read_to_string(root().join(file)) {
            findings.extend(of_file(file, &text).into_iter().map(|finding| format!("{file}: {finding}")));
            findings.extend(
                dead_links(file, &text).into_iter().map(|link| format!("{file}: leads nowhere: {link}")),
            );
        }
    }
    findings.extend(edges()?);
    if findings.is_empty() {
        return Ok(());
    }
    bail!("{} findings\n{}", findings.len(), findings.join("\n"))
}

fn of_file(file: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for word in forbidden(file) {
        if text.contains(&word) {
            findings.push(format!("has `{word}`"));
        }
    }
    if file.ends_with(".rs") {
        findings.extend(of_source(file, text));
    }
    let ticks = [" checked>", " checked ", "checked=", " checked/"];
    let shown = file.starts_with("www/") && file.ends_with(".html") || file.starts_with("widget/src/view/");
    let code = || text.lines().filter(|line| !line.trim_start().starts_with("//"));
    if shown && code().any(|line| ticks.iter().any(|tick| line.contains(tick))) {
        findings.push("a box could start ticked".into());
    }
    findings
}

fn of_source(file: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    if !text.trim_start_matches("#![no_main]").trim_start().starts_with("//!") {
        findings.push("does not begin with `//!`".into());
    }
    if has_empty_test(text) {
        findings.push("has a test that does nothing".into());
    }
    let lines = text.lines().count();
    if lines > LINES_MAX {
        findings.push(format!("has {lines} lines, more than {LINES_MAX}"));
    }
    for (layer, above) in LAYERS.iter().filter(|(layer, _)| file.starts_with(layer)) {
        for module in above.iter().filter(|module| reaches(text, module)) {
            findings.push(format!("{layer} reaches back to {module}"));
        }
    }
    findings
}

/// Put together from halves, so that this file does not find itself.
fn forbidden(file: &str) -> Vec<String> {
    // The manifests that forbid these words to the compiler have to name them.
    if file.ends_with("clippy.toml") || file == "Cargo.toml" {
        return Vec::new();
    }
    let mut words = vec![("/ro", "ot/"), ("/wo", "rk/main"), ("TO", "DO"), ("FIX", "ME"), ("XX", "X:")];
    if file.ends_with(".rs") {
        words.extend([("#[ig", "nore"), ("should_", "panic"), ("unimpl", "emented!("), ("to", "do!(")]);
    }
    if file.ends_with(".rs") && !waits(file) {
        words.extend([("time::", "sleep("), ("thread::", "sleep(")]);
    }
    if file.ends_with("lock.json") || file.ends_with(".npmrc") {
        words.push(("\"reso", "lved\""));
    }
    words.iter().map(|(a, b)| format!("{a}{b}")).collect()
}

/// The places that may wait: bounded polling by the end-to-end tests, and load that keeps a pace.
fn waits(file: &str) -> bool {
    ["tests/src/until.rs", "collector/benches/"].iter().any(|place| file.starts_with(place))
}

/// A test that does nothing passes whatever happens.
fn has_empty_test(text: &str) -> bool {
    let tests = text.split("test]\n").skip(1);
    tests
        .filter_map(|after| after.split_once('{'))
        .any(|(head, body)| head.trim_start().starts_with(['f', 'a']) && body.trim_start().starts_with('}'))
}

/// Whether a source file uses a module of its crate, alone or in a list.
fn reaches(text: &str, module: &str) -> bool {
    let alone = [format!("crate::{module}::"), format!("crate::{module};"), format!("crate::{module} ")];
    let listed = |list: &str| {
        let list = list.split(';').next().unwrap_or_default();
        list.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == module)
    };
    alone.iter().any(|path| text.contains(path)) || text.split("crate::{").skip(1).any(listed)
}

fn dead_links(file: &str, text: &str) -> Vec<String> {
    if !file.ends_with(".md") {
        return Vec::new();
    }
    let folder = root().join(file);
    let folder = folder.parent().unwrap_or(Path::new("."));
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '<']));
    local
        .filter(|target| !folder.join(target.split('#').next().unwrap_or_default()).exists())
        .map(Into::into)
        .collect()
}

fn edges() -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (folder, allowed) in EDGES {
        let path = root().join(folder).join("Cargo.toml");
        let manifest =
            std::fs::read_to_string(&path).with_context(|| format!("{folder} has no Cargo.toml"))?;
        for ours in ["shared", "widget", "collector", "e2e", "xtask"] {
            let uses = |line: &str| {
                line.starts_with(&format!("{ours} = ")) || line.starts_with(&format!("{ours}.workspace"))
            };
            if !allowed.contains(&ours) && manifest.lines().any(uses) {
                findings.push(format!("{folder}/Cargo.toml: may not use {ours}"));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, text: &str, expected: &str) {
        let findings = of_file(file, text).join("\n");
        assert!(findings.contains(expected), "{findings:?}");
    }

    #[test]
    fn each_rule_refuses() {
        check("shared/src/x.rs", "use core::fmt;", "does not begin");
        check("shared/src/x.rs", &format!("//! x\n{}", "\n".repeat(LINES_MAX)), "more than");
        check("collector/src/store/x.rs", "//! x\nuse crate::service::X;", "reaches back");
        check("collector/src/store/x.rs", "//! x\nuse crate::{ids, service};", "reaches back");
        check("shared/src/x.rs", &format!("//! {}{}", "TO", "DO"), "has `");
        check("xtask/src/x.rs", &format!("//! x\nstd::thread::{}", "sleep(long);"), "has `");
        check("shared/src/x.rs", "//! x\n#[test]\nfn nothing() {}\n", "does nothing");
        check("xtask/npm/package-lock.json", &format!("\"reso{}", "lved\": \"\""), "has `");
        check("www/shop/site/index.html", "<input type=checkbox checked>", "start ticked");
        assert_eq!(dead_links("README.md", "[x](nowhere.md) [y](https://a.example)"), ["nowhere.md"]);
    }

    #[test]
    fn a_plain_file_passes() {
        assert!(of_file("shared/src/x.rs", "//! x\nuse crate::ids::X;\n").is_empty());
        assert!(of_file("collector/src/store/x.rs", "//! x\nuse crate::storehouse::{service};\n").is_empty());
        assert!(of_file("shared/src/x.rs", "//! x\n#[test]\nfn some() {\n    f();\n}\n").is_empty());
    }
}
