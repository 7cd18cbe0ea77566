//! All checks and tests, in order, each with its time; benchmarks and fuzz targets beside them.
//!
//! In scope: which steps there are and what each needs installed. Out of scope: what the tests say.
//!
//! Invariant: a failing step never hides a later one, and the end names every failure with the command that repeats it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::shell::{cargo, command, output, root, run as run_command, step};
use crate::{assets, budget, deny, npm, python, tidy, toolchain, wasm};

type Step = (&'static str, fn() -> Result<()>);

const STEPS: [Step; 9] = [
    ("format", || run_command("format", cargo().args(["fmt", "--all", "--check"]))),
    ("tidy", tidy::run),
    ("clippy", clippy),
    ("unit", unit),
    ("docs", doc_tests),
    ("assets", assets::build),
    ("e2e", end_to_end),
    ("budget", budget::run),
    ("deny", deny::run),
];

/// Runs all steps, or with `--only a,b` those that are named.
///
/// # Errors
///
/// When a step fails, after all others have run; or when a name is no step.
pub fn run(args: &[String]) -> Result<()> {
    let chosen = chosen(args)?;
    let mut results = Vec::new();
    for (name, run) in
        STEPS.into_iter().filter(|(name, _)| chosen.is_empty() || chosen.iter().any(|c| c == name))
    {
        step(&format!("step {name}"));
        let started = Instant::now();
        let failure = run().err().map(|error| format!("{error:#}"));
        if failure.is_some() {
            eprintln!("FAILED; this step again: {}", again(name));
        }
        results.push((name, started.elapsed(), failure));
    }
    println!("\n{}", table(&results));
    let failed = results.iter().filter(|(.., failure)| failure.is_some()).count();
    ensure!(failed == 0, "{failed} of {} steps failed", results.len());
    Ok(())
}

type Done = (&'static str, Duration, Option<String>);

/// The command that repeats just one step.
fn again(name: &str) -> String {
    format!("cargo xtask test --only {name}")
}

/// A line for each step, and under each failure the command that repeats it.
fn table(results: &[Done]) -> String {
    let mut lines = vec![format!("{:<12} {:>8}  result", "step", "seconds")];
    for (name, time, failure) in results {
        let said = failure.as_deref().unwrap_or("ok");
        lines.push(format!("{name:<12} {:>8.1}  {said}", time.as_secs_f64()));
        if failure.is_some() {
            lines.push(format!("{:<12} {:>8}  again: {}", "", "", again(name)));
        }
    }
    lines.join("\n")
}

fn chosen(args: &[String]) -> Result<Vec<String>> {
    let names: Vec<String> = match args {
        [] => Vec::new(),
        [flag, names] if flag == "--only" => names.split(',').map(Into::into).collect(),
        _ => bail!("usage: cargo xtask test [--only step,step]"),
    };
    let known = |name: &String| STEPS.iter().any(|(step, _)| step == name);
    let all: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
    ensure!(names.iter().all(known), "no such step; there are: {}", all.join(", "));
    Ok(names)
}

fn clippy() -> Result<()> {
    let lints = ["--", "-D", "warnings"];
    let all = ["clippy", "--workspace", "--all-targets", "--all-features"];
    run_command("lints", cargo().args(all).args(lints))?;
    // The fuzz targets are built by another compiler, so here they are only held to the code that they call.
    let fuzz = ["clippy", "--manifest-path", "tests/fuzz/Cargo.toml", "--bins", "--target-dir", "target"];
    run_command("lints of the fuzz targets", cargo().args(fuzz).args(lints))?;
    for module in [wasm::WIDGET, wasm::VERIFIER, wasm::KIOSK] {
        run_command("lints of the browser side", wasm::lint(module)?.args(lints))?;
    }
    Ok(())
}

fn unit() -> Result<()> {
    ensure_nextest()?;
    run_command("unit and property tests", nextest().args(["-E", "not package(e2e)"]))
}

/// Of the whole workspace, whatever is chosen of it: then all is compiled once, the collector too, with the checks of a debug build.
fn nextest() -> Command {
    let mut tests = cargo();
    tests.args(["nextest", "run", "--workspace", "--all-features"]);
    tests
}

fn doc_tests() -> Result<()> {
    let chosen = ["test", "--doc", "--workspace", "--all-features"];
    run_command("examples in the documentation", cargo().args(chosen))
}

fn end_to_end() -> Result<()> {
    ensure_nextest()?;
    npm::install()?;
    python::install()?;
    ensure_chromium()?;
    let mut tests = nextest();
    tests.args(["-E", "package(e2e)"]);
    tests.env("VINKJE_BIN", root().join("target/debug/vinkje")).env("VINKJE_ASSETS", assets::folder());
    tests.env("VINKJE_NODE_MODULES", npm::folder().join("node_modules"));
    tests.env("VINKJE_PYTHON", python::interpreter());
    run_command("end to end, in a real browser", &mut tests)
}

fn ensure_nextest() -> Result<()> {
    if output(cargo().args(["nextest", "--version"])).is_ok() {
        return Ok(());
    }
    run_command("cargo-nextest runs the tests", cargo().args(["install", "--locked", "cargo-nextest"]))
}

fn ensure_chromium() -> Result<()> {
    if Path::new("/usr/bin/chromium").exists() || std::env::var_os("CHROMIUM").is_some() {
        return Ok(());
    }
    toolchain::install_packages(&["chromium"], "the browser of the end-to-end tests").context(
        "the end-to-end tests need Chromium. Next step: install it, and set CHROMIUM to its program where that is not /usr/bin/chromium",
    )
}

/// Runs the benchmarks: the store alone, what the log costs, then the whole collector under load.
///
/// # Errors
///
/// When one fails.
pub fn bench(args: &[String]) -> Result<()> {
    assets::build()?;
    let store = ["bench", "-p", "collector", "--bench", "store"];
    run_command("the store alone", cargo().args(store))?;
    let log = ["bench", "-p", "collector", "--bench", "log"];
    run_command("with and without the evidence log", cargo().args(log))?;
    let submit = ["bench", "-p", "collector", "--bench", "submit", "--", "--assets"];
    run_command("the collector under load", cargo().args(submit).arg(assets::folder()).args(args))?;
    let may_address = ["bench", "-p", "collector", "--bench", "may_address", "--", "--assets"];
    run_command("may we address them", cargo().args(may_address).arg(assets::folder()).args(args))?;
    let import = ["bench", "-p", "collector", "--bench", "import"];
    run_command("a list that is taken over", cargo().args(import))?;
    let webhooks = ["bench", "-p", "collector", "--bench", "webhooks", "--", "--assets"];
    run_command("telling receivers", cargo().args(webhooks).arg(assets::folder()))?;
    page_time()?;
    for (what, test) in [
        ("what judging evidence takes in a browser", "verify_time"),
        ("how soon a screen at a counter is there", "kiosk_time"),
    ] {
        run_command(what, cargo().args(["nextest", "run", "-p", "e2e", "--test", test, "--no-capture"]))?;
    }
    Ok(())
}

/// What a visitor waits for, beside a plain HTML form in the same run.
fn page_time() -> Result<()> {
    run_command("collector", cargo().args(["build", "--release", "-p", "collector"]))?;
    let chosen = ["nextest", "run", "-p", "e2e", "--test", "page_time", "--no-capture"];
    run_command("what a visitor waits for", cargo().args(chosen))
}

/// The cargo-fuzz that the targets were tried with.
const FUZZ_VERSION: &str = "0.13.2";

/// Runs every fuzz target for a bounded time. Not part of `test`: see docs/decisions/0104.
///
/// # Errors
///
/// When the tools are missing, or a target finds something.
pub fn fuzz(args: &[String]) -> Result<()> {
    let seconds = match args {
        [] => "30",
        [flag, seconds] if flag == "--seconds" => seconds,
        _ => bail!("usage: cargo xtask fuzz [--seconds N]"),
    };
    let folder = root().join("tests/fuzz");
    let fuzz = || {
        let mut fuzz = command("cargo");
        fuzz.args(["+nightly", "fuzz"]).current_dir(&folder);
        fuzz
    };
    if output(command("cargo").args(["+nightly", "--version"])).is_err() {
        let install = ["toolchain", "install", "nightly", "--profile", "minimal"];
        run_command("fuzzing needs a nightly compiler", command("rustup").args(install))?;
    }
    if output(fuzz().arg("--version")).is_err() {
        let install = ["install", "--locked", "cargo-fuzz", "--version", FUZZ_VERSION];
        run_command("cargo-fuzz runs the fuzz targets", cargo().args(install))?;
    }
    for target in output(fuzz().args(["list", "--fuzz-dir", "."]))?.lines() {
        let corpus = folder.join("corpus").join(target);
        std::fs::create_dir_all(&corpus)?;
        let mut one = fuzz();
        one.args(["run", "--fuzz-dir", ".", target]).arg(corpus);
        // The demo shop's own files are the seeds for what reads such files.
        let seeds =
            if target == "shop_toml" { root().join("www/shop") } else { folder.join("seeds").join(target) };
        if seeds.exists() {
            one.arg(seeds);
        }
        run_command(target, one.args(["--", &format!("-max_total_time={seconds}")]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failed_step_names_the_one_command_that_repeats_it() {
        let second = Duration::from_secs(1);
        let results = [
            ("unit", second, None),
            ("e2e", second, Some("it broke".into())),
            ("deny", second, Some("no".into())),
        ];
        let table = table(&results);
        assert!(table.contains("it broke\n"), "{table}");
        assert!(table.contains("again: cargo xtask test --only e2e\n"), "{table}");
        assert!(table.ends_with("again: cargo xtask test --only deny"), "{table}");
        assert!(!table.contains("--only unit"), "{table}");
    }

    #[test]
    fn every_step_can_be_repeated_alone() {
        for (name, _) in STEPS {
            let words = again(name);
            let words: Vec<String> = words.split(' ').skip(3).map(Into::into).collect();
            assert_eq!(chosen(&words).unwrap(), [name]);
        }
        assert!(chosen(&["--only".into(), "nothing".into()]).is_err());
    }
}
