//! The toolchain that builds WASM.
//!
//! In scope: finding or installing one of two, each with the standard library as source: rustup's compiler or Debian's.
//! Out of scope: the build itself (`wasm`).
//!
//! Invariant: the native toolchain is never changed beyond an added component, and the way that was found is remembered.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::shell;

/// The target of browsers.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// The standard library as source, as rustup calls it.
const SOURCE: &str = "rust-src";
/// Debian's programs.
pub const DEBIAN_CARGO: &str = "/usr/bin/cargo";
/// Debian's compiler.
pub const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// Debian's linker.
pub const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-19";

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// How WASM is built here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// With the compiler that builds everything else.
    Rustup,
    /// With Debian's compiler.
    Debian,
}

impl Way {
    /// Its name in the stamp file and the manifest of a build.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rustup => "rustup",
            Self::Debian => "debian",
        }
    }

    /// Whether its files are there.
    fn ready(self) -> bool {
        match self {
            Self::Rustup => has_source(keep_toolchain(&mut shell::command("rustc"))),
            Self::Debian => {
                let programs = [DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_LINKER];
                programs.iter().all(|program| Path::new(program).exists())
                    && has_source(Command::new(DEBIAN_RUSTC).env_remove("LD_LIBRARY_PATH"))
            }
        }
    }
}

/// Finds a way to build WASM, and installs what is missing.
///
/// # Errors
///
/// When neither way works here, with what to do.
pub fn ensure() -> Result<Way> {
    let stamp = shell::root().join("target/wasm-toolchain");
    let remembered = fs::read_to_string(&stamp).unwrap_or_default();
    for way in [Way::Rustup, Way::Debian] {
        if remembered.trim() == way.name() && way.ready() {
            return Ok(way);
        }
    }
    let way = find()?;
    fs::create_dir_all(shell::root().join("target"))?;
    fs::write(&stamp, way.name()).context("couldn't write target/wasm-toolchain")?;
    Ok(way)
}

/// Debian's compiler is installed only where rustup can't fetch the library's source.
fn find() -> Result<Way> {
    if let Some(way) = [Way::Rustup, Way::Debian].into_iter().find(|way| way.ready()) {
        return Ok(way);
    }
    let Err(rustup) = add_source() else { return Ok(Way::Rustup) };
    shell::step("rustup can't fetch the standard library's source here. Debian has one, with a compiler");
    let Err(debian) = install_debian() else { return Ok(Way::Debian) };
    bail!(
        "there is no toolchain for WASM, and none could be installed.\n  \
         rustup said: {rustup:#}\n  Debian said: {debian:#}\n\
         Next step: `rustup component add {SOURCE}` on a network that reaches Rust's downloads, or, on Debian or Ubuntu, \
         `apt-get install {}`. Then run this again.",
        PACKAGES.join(" ")
    )
}

fn add_source() -> Result<()> {
    let mut rustup = shell::command("rustup");
    keep_toolchain(&mut rustup).args(["component", "add", SOURCE]);
    waiting(
        &format!("Adding {SOURCE} with rustup: browsers get a standard library made small"),
        &mut rustup,
    )?;
    if !Way::Rustup.ready() {
        bail!("`rustup component add {SOURCE}` ended well, but the source isn't there");
    }
    Ok(())
}

fn install_debian() -> Result<()> {
    let why = "a compiler for WASM, its standard library as source, and a linker";
    install_packages(&PACKAGES, why)?;
    if !Way::Debian.ready() {
        bail!(
            "the packages are installed, but {DEBIAN_CARGO}, {DEBIAN_LINKER} or the library's source isn't there"
        );
    }
    Ok(())
}

/// Installs packages of Debian. `why` tells the person what they are for.
///
/// # Errors
///
/// Where this is no Debian machine, or apt-get fails.
pub fn install_packages(packages: &[&str], why: &str) -> Result<()> {
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("this isn't a Debian machine (no /usr/bin/apt-get)");
    }
    waiting("Updating Debian's list of packages", &mut apt(&["update", "-qq"])?)?;
    let what = format!("Installing {}: {why}", packages.join(", "));
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    let install: Vec<&str> = install.into_iter().chain(packages.iter().copied()).collect();
    waiting(&what, &mut apt(&install)?)
}

/// `apt-get`, through sudo for who is not root. Sudo may not ask for a password: nobody would see the question.
fn apt(args: &[&str]) -> Result<Command> {
    let mut command = if shell::output(Command::new("id").arg("-u"))?.trim() == "0" {
        shell::command("apt-get")
    } else {
        let mut sudo = shell::command("sudo");
        sudo.args(["-n", "apt-get"]);
        sudo
    };
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

/// Runs a command with a running clock; what it says is shown only when it fails.
fn waiting(what: &str, command: &mut Command) -> Result<()> {
    let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})").context("the progress line")?;
    let bar = ProgressBar::new_spinner().with_style(style).with_message(what.to_owned());
    if bar.is_hidden() {
        shell::step(what);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    let result = shell::output(command);
    bar.finish();
    result.map(drop)
}

/// The toolchain that started this task is the one that gets the target and builds with it.
pub fn keep_toolchain(command: &mut Command) -> &mut Command {
    if let Some(toolchain) = std::env::var_os("RUSTUP_TOOLCHAIN") {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    command
}

/// Whether the standard library of this compiler is there as source.
fn has_source(rustc: &mut Command) -> bool {
    let root = shell::output(rustc.args(["--print", "sysroot"]));
    root.is_ok_and(|root| Path::new(root.trim()).join("lib/rustlib/src/rust/library/std").is_dir())
}
