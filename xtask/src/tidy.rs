//! Rules of the house that no compiler checks.
//!
//! In scope: tracked files as text; which crate may use which (`edges`). Out of scope: format and lints; `cargo xtask test`
//! runs those beside this.
//!
//! Invariant: each rule names file and reason, and all findings come at once.

use std::path::Path;

use anyhow::{Result, bail};
use regex::Regex;

use crate::shell::{command, output, root, step};

mod edges;

/// Lines of a source file at most: past that the design is asking for something.
const LINES_MAX: usize = 400;

/// Inside the collector: what a module must not reach back to.
const LAYERS: [(&str, &[&str]); 6] = [
    ("collector/src/store", &["log", "sequencer", "service", "http", "cli"]),
    ("collector/src/log", &["sequencer", "service", "http", "cli"]),
    ("collector/src/cosigning", &["service", "http", "cli"]),
    ("collector/src/witness", &["sequencer", "service", "http", "cli"]),
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
    findings.extend(edges::findings(files.lines())?);
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
    if !waits(file) && sleeps(text) {
        findings.push("waits by the clock".into());
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
    let mut words = vec![("TO", "DO"), ("FIX", "ME"), ("XX", "X:")];
    words.extend(MACHINE_PATHS);
    if !LOCK_FILES.iter().any(|lock| file.ends_with(lock)) {
        words.extend(REGISTRIES);
    }
    if file.ends_with(".rs") {
        words.extend([("#[ig", "nore"), ("should_", "panic"), ("unimpl", "emented!("), ("to", "do!(")]);
    }
    if file.ends_with("lock.json") || file.ends_with(".npmrc") {
        words.push(("\"reso", "lved\""));
    }
    words.iter().map(|(a, b)| format!("{a}{b}")).collect()
}

/// Paths of one machine: on another they lead nowhere.
const MACHINE_PATHS: [(&str, &str); 4] = [("/ro", "ot/"), ("/wo", "rk/"), ("/ho", "me/"), ("/tmp/", "team")];

/// Where packages come from is a setting of the machine that builds. Only lock files name it, because cargo does.
const REGISTRIES: [(&str, &str); 5] = [
    ("crates", ".io"),
    ("npmjs", ".org"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("proxy.go", "lang.org"),
];
const LOCK_FILES: [&str; 2] = ["Cargo.lock", "package-lock.json"];

/// Whether a source file waits by the clock, however the function came in or is called.
fn sleeps(text: &str) -> bool {
    let sleep = ["sle", "ep"].concat();
    let calls = Regex::new(&format!(r"\b{sleep}(_until|_ms)?\s*(\(|as\b)")).expect("a pattern");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| calls.is_match(line))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fires(file: &str, text: &str, expected: &str) {
        let findings = of_file(file, text).join("\n");
        assert!(findings.contains(expected), "{findings:?}");
    }

    #[track_caller]
    fn passes(file: &str, text: &str) {
        assert_eq!(of_file(file, text), Vec::<String>::new());
    }

    #[test]
    fn a_source_file_says_what_it_is_and_stays_short() {
        fires("shared/src/x.rs", "use core::fmt;", "does not begin");
        fires("shared/src/x.rs", &format!("//! x\n{}", "\n".repeat(LINES_MAX)), "more than");
        passes("shared/src/x.rs", &format!("//! x{}", "\n".repeat(LINES_MAX)));
        passes("tests/fuzz/fuzz_targets/x.rs", "#![no_main]\n//! x\n");
    }

    #[test]
    fn a_layer_does_not_reach_back() {
        fires("collector/src/store/x.rs", "//! x\nuse crate::service::X;", "reaches back");
        fires("collector/src/store/x.rs", "//! x\nuse crate::{ids, service};", "reaches back");
        passes("shared/src/x.rs", "//! x\nuse crate::ids::X;\n");
        passes("collector/src/store/x.rs", "//! x\nuse crate::storehouse::{service};\n");
        passes("collector/src/http/x.rs", "//! x\nuse crate::service::X;");
    }

    #[test]
    fn unfinished_work_is_not_taken() {
        fires("shared/src/x.rs", &format!("//! {}{}", "TO", "DO"), "has `");
        fires("docs/x.md", &format!("{}{}: later", "FIX", "ME"), "has `");
        passes("docs/x.md", "To do this, press the button.");
        fires("shared/src/x.rs", "//! x\n#[test]\nfn nothing() {}\n", "does nothing");
        passes("shared/src/x.rs", "//! x\n#[test]\nfn some() {\n    f();\n}\n");
    }

    #[test]
    fn no_file_names_a_path_of_one_machine() {
        for (a, b) in MACHINE_PATHS {
            fires("docs/x.md", &format!("see {a}{b}x"), "has `");
            fires("Cargo.lock", &format!("{a}{b}x"), "has `");
        }
        passes("docs/x.md", "see /etc/vinkje, ~/data, https://example.org/homepage and target/release");
    }

    #[test]
    fn only_lock_files_name_a_registry() {
        for (a, b) in REGISTRIES {
            fires("README.md", &format!("from https://index.{a}{b}/x"), "has `");
            passes("Cargo.lock", &format!("source = \"{a}{b}\""));
            passes("tests/fuzz/Cargo.lock", &format!("source = \"{a}{b}\""));
        }
        passes("README.md", "cargo and npm fetch what the lock files say, from crates and packages");
        fires("xtask/npm/package-lock.json", &format!("\"reso{}", "lved\": \"\""), "has `");
        passes("xtask/npm/package-lock.json", "\"integrity\": \"sha512-x\"");
    }

    #[test]
    fn no_test_waits_by_the_clock_however_it_is_called() {
        let sleep = ["sle", "ep"].concat();
        for way in [
            format!("std::thread::{sleep}(long);"),
            format!("tokio::time::{sleep}(long).await;"),
            format!("{sleep}(long).await;"),
            format!("{sleep}_until(then).await;"),
            format!("use tokio::time::{{{sleep} as nap}};"),
        ] {
            fires("tests/tests/x.rs", &format!("//! x\n{way}"), "waits by the clock");
            passes("tests/src/until.rs", &format!("//! x\n{way}"));
        }
        passes(
            "tests/tests/x.rs",
            &format!("//! x\n// {sleep}(long) would be wrong\nfn fall_a{sleep}() {{}}\na{sleep}(x);"),
        );
    }

    #[test]
    fn no_box_starts_ticked() {
        fires("www/shop/site/index.html", "<input type=checkbox checked>", "start ticked");
        fires("widget/src/view/x.rs", "//! x\nhtml! { <input checked=true /> }", "start ticked");
        passes("www/shop/site/index.html", "<input type=checkbox>");
    }

    #[test]
    fn a_link_in_a_document_leads_somewhere() {
        assert_eq!(dead_links("README.md", "[x](nowhere.md) [y](https://a.example)"), ["nowhere.md"]);
        assert!(dead_links("README.md", "[x](docs/ARCHITECTURE.md#code-map) [y](#here)").is_empty());
    }
}
