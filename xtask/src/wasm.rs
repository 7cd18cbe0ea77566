//! The widget and the verifier as WASM, each with its JavaScript side.
//!
//! In scope: compiling, wasm-bindgen, wasm-opt. Out of scope: names, compression and the manifest (`assets`).
//!
//! Invariant: each module is built alone, so that nothing of one gets into the other; the crate `wasm-bindgen` in the lock file and the program that reads its output are the very same version.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::toolchain::{self, Way};
use crate::{names, npm, shell};

/// Every feature browsers of today have and the module may use. `--all-features` makes modules that they refuse.
const WASM_OPT: [&str; 14] = [
    "-Oz",
    "-Oz",
    "--always-inline-max-function-size=0",
    "--one-caller-inline-max-function-size=20",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
    "--minify-imports-and-exports-and-modules",
];

/// What leaves out what a browser never shows.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// The standard library, built anew with these flags.
const LIBRARY: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// A module that browsers load.
#[derive(Clone, Copy)]
pub struct Module {
    /// The crate; its feature `browser` is what a browser runs.
    pub package: &'static str,
    /// What its files are called.
    pub name: &'static str,
}

/// The form that visitors see.
pub const WIDGET: Module = Module { package: "widget", name: "vinkje" };

/// The page that judges evidence.
pub const VERIFIER: Module = Module { package: "verifier", name: "verifier" };

/// The screen at a counter.
pub const KIOSK: Module = Module { package: "kiosk", name: "kiosk" };

/// The finished pair.
pub struct Built {
    /// The WASM, made small.
    pub wasm: PathBuf,
    /// The module of wasm-bindgen, with the short names of the WASM.
    pub glue: PathBuf,
}

/// Builds a module.
///
/// # Errors
///
/// Names the step that failed.
pub fn build(way: Way, module: Module) -> Result<Built> {
    same_version()?;
    let Module { package, name } = module;
    let target = shell::root().join("target/wasm");
    let what = format!("Building the {package} for the browser ({}'s toolchain)", way.name());
    shell::run(&what, &mut compile(way, package, &target))?;
    let raw = target.join(toolchain::TARGET).join("wasm").join(package).with_extension("wasm");
    let out = target.join("bindgen");
    bindgen(&raw, &out, name)?;
    let wasm = out.join(format!("{name}.wasm"));
    let mut optimise = npm::wasm_opt();
    optimise.arg(out.join(format!("{name}_bg.wasm"))).arg("-o").arg(&wasm).args(WASM_OPT);
    shell::step("Making the WASM small");
    let list = shell::output(&mut optimise)?;
    let made =
        fs::read_to_string(out.join(format!("{name}.js"))).context("couldn't read the JavaScript side")?;
    let glue = out.join(format!("{name}-glue.js"));
    fs::write(&glue, names::shorten(&made, &list)?)?;
    Ok(Built { wasm, glue })
}

/// One crate type only: a manifest with two switches link-time optimisation off.
fn compile(way: Way, package: &str, target: &Path) -> Command {
    let mut cargo = command(way);
    cargo.args(["rustc", "--lib", "--crate-type", "cdylib", "--profile", "wasm", "-p", package, "--locked"]);
    cargo.args(["--features", "browser", "--target", toolchain::TARGET, "--target-dir"]).arg(target);
    cargo.args(LIBRARY);
    cargo
}

/// Lints a module as the browser gets it. Debian's compiler has no clippy of our version: there it is done as for this machine.
///
/// # Errors
///
/// When there is no toolchain for WASM.
pub fn lint(module: Module) -> Result<Command> {
    let mut cargo = shell::cargo();
    cargo.args(["clippy", "-p", module.package, "--lib", "--features", "browser"]);
    if toolchain::ensure()? == Way::Rustup {
        cargo.env("RUSTC_BOOTSTRAP", "1").args(["--target", toolchain::TARGET, LIBRARY[0], "--target-dir"]);
        cargo.arg(shell::root().join("target/wasm"));
    }
    Ok(cargo)
}

/// The cargo of a way. Building the standard library is behind a switch that stable compilers have too.
fn command(way: Way) -> Command {
    let mut cargo = match way {
        Way::Rustup => shell::cargo(),
        Way::Debian => shell::command(toolchain::DEBIAN_CARGO),
    };
    cargo.env("RUSTC_BOOTSTRAP", "1");
    match way {
        Way::Rustup => cargo.env("RUSTFLAGS", FLAGS),
        Way::Debian => {
            let linker = format!("-C linker={} {FLAGS}", toolchain::DEBIAN_LINKER);
            cargo.env("RUSTC", toolchain::DEBIAN_RUSTC).env("RUSTFLAGS", linker)
        }
    };
    cargo
}

fn bindgen(raw: &Path, out: &Path, name: &str) -> Result<()> {
    shell::step("Making the JavaScript side");
    fs::create_dir_all(out)?;
    let make = || Bindgen::new().input_path(raw).web(true)?.typescript(false).out_name(name).generate(out);
    make().map_err(|error| anyhow!("wasm-bindgen couldn't read {}: {error:#}", raw.display()))
}

/// The two halves of wasm-bindgen understand each other only at one version.
fn same_version() -> Result<()> {
    let lock = fs::read_to_string(shell::root().join("Cargo.lock")).context("couldn't read Cargo.lock")?;
    let (library, program) = (locked(&lock, "wasm-bindgen"), locked(&lock, "wasm-bindgen-cli-support"));
    if library.is_none() || library != program {
        bail!(
            "Cargo.lock has wasm-bindgen {} and wasm-bindgen-cli-support {}. \
             Set the version of wasm-bindgen-cli-support in xtask/Cargo.toml to that of wasm-bindgen",
            library.unwrap_or("not at all"),
            program.unwrap_or("not at all")
        );
    }
    Ok(())
}

fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    after.split_once('"').map(|(version, _)| version)
}

#[cfg(test)]
mod tests {
    use super::locked;

    #[test]
    fn a_locked_version_is_read_by_its_whole_name() {
        let lock =
            "name = \"wasm-bindgen-shared\"\nversion = \"2\"\n\nname = \"wasm-bindgen\"\nversion = \"1\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("1"));
        assert_eq!(locked(lock, "wasm"), None);
    }
}
