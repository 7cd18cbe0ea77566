//! The toolchain that builds WASM.
//!
//! In scope: finding or installing one of two: rustup's target, or Debian's compiler with the standard library as source.
//! Out of scope: the build itself (`wasm`).
//!
//! Invariant: the native toolchain is never changed beyond an added target, and the way that was found is remembered.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::shell;

/// The target of browsers.
pub const TARGET: &str = "wasm32-unknown-unknown";
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
    /// With the ready standard library of rustup.
    Rustup,
    /// With Debian's compiler, the standard library built from source and smaller.
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
            Self::Rustup => rustup_target().is_some_and(|folder| folder.is_dir()),
            Self::Debian => debian_ready(),
        }
    }
}

/// Whether the toolchain that builds everything else can compile for browsers too.
#[must_use]
pub fn has_rustup_target() -> bool {
    Way::Rustup.ready()
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

/// Debian's compiler goes first where it is installed: its files are a fifth smaller. It is installed only where rustup
/// can't fetch the target.
fn find() -> Result<Way> {
    if Way::Debian.ready() {
        return Ok(Way::Debian);
    }
    let Err(rustup) = add_target() else { return Ok(Way::Rustup) };
    shell::step("rustup can't fetch its WASM target here. Debian's compiler can build it");
    let Err(debian) = install_debian() else { return Ok(Way::Debian) };
    bail!(
        "there is no toolchain for WASM, and none could be installed.\n  \
         rustup said: {rustup:#}\n  Debian said: {debian:#}\n\
         Next step: `rustup target add {TARGET}` on a network that reaches Rust's downloads, or, on Debian or Ubuntu, \
         `apt-get install {}`. Then run this again.",
        PACKAGES.join(" ")
    )
}

fn add_target() -> Result<()> {
    if Way::Rustup.ready() {
        return Ok(());
    }
    let mut rustup = shell::command("rustup");
    keep_toolchain(&mut rustup).args(["target", "add", TARGET]);
    waiting(&format!("Adding the target {TARGET} with rustup: browsers run WASM"), &mut rustup)?;
    if !Way::Rustup.ready() {
        bail!("`rustup target add {TARGET}` ended well, but the target isn't there");
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

fn rustup_target() -> Option<PathBuf> {
    let mut rustc = shell::command("rustc");
    let root = shell::output(keep_toolchain(&mut rustc).args(["--print", "sysroot"])).ok()?;
    Some(Path::new(root.trim()).join("lib/rustlib").join(TARGET))
}

fn debian_ready() -> bool {
    let there = [DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_LINKER].iter().all(|program| Path::new(program).exists());
    let source =
        shell::output(Command::new(DEBIAN_RUSTC).env_remove("LD_LIBRARY_PATH").args(["--print", "sysroot"]))
            .is_ok_and(|root| Path::new(root.trim()).join("lib/rustlib/src/rust/library/std").exists());
    there && source
}
