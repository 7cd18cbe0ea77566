//! The tasks of this repository: `cargo xtask --help` lists them.
//!
//! In scope: building the widget's files, running the whole locally, tests and checks. Out of scope: anything a running
//! collector does.
//!
//! Invariant: a task that cannot do its work ends with an error that names the next step, never half done in silence.

mod assets;
mod mailbox;
mod names;
mod npm;
mod python;
mod run;
mod shell;
mod shop;
mod toolchain;
mod wasm;

mod budget;
mod deny;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Tasks of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

/// What can be done.
#[derive(Subcommand)]
enum Task {
    /// Builds the widget into target/vinkje-assets, and the toolchain for it
    Assets,
    /// Builds everything and starts it: a collector with the demo organisation, and the demo shop
    Run(run::Args),
    /// All tests, or those that the arguments choose
    Test(Rest),
    /// The checks of the source: format, lints, file sizes, licences
    Tidy,
    /// What a visitor downloads, held against the agreed sizes
    Budget,
    /// The benchmarks
    Bench(Rest),
    /// The fuzz targets, for a bounded time
    Fuzz(Rest),
}

/// Arguments that go on to the task.
#[derive(Args)]
struct Rest {
    /// Handed to the task as they stand
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

fn main() -> ExitCode {
    match task(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn task(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Assets => assets::build(),
        Task::Run(args) => run::run(args),
        Task::Test(rest) => test::run(&rest.args),
        Task::Tidy => tidy::run().and_then(|()| deny::run()),
        Task::Budget => budget::run(),
        Task::Bench(rest) => test::bench(&rest.args),
        Task::Fuzz(rest) => test::fuzz(&rest.args),
    }
}
