//! The command line: one file per command.
//!
//! Invariant: `init` creates, `serve` only opens; what cannot be done is one line on standard error that names the
//! next step, and an exit code that is not zero.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

pub mod access;
pub mod apply;
pub mod backup;
pub mod bundle;
mod compact;
mod connector;
pub mod endpoint;
pub mod erase;
mod export;
mod fsck;
pub mod import;
mod init;
pub mod key;
pub mod kiosk;
mod lines;
mod lint;
pub mod list;
pub mod mailing;
pub mod may;
pub(crate) mod open;
mod paper;
mod relocate;
mod restore;
pub mod sales;
mod serve;
pub mod slip;
mod snippet;
pub mod statistics;
pub mod undelivered;
mod verify;
mod webhook;
mod witness;

/// Consent that a person gives with one tick, that a business can prove, and that can be taken back.
#[derive(Parser)]
#[command(name = "vinkje", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new data folder: settings, keys and an empty store.
    Init(init::Args),
    /// Check a form definition and change nothing.
    Lint(lint::Args),
    /// Check a form definition and make it the one that is shown; works while the collector is serving.
    Apply(apply::Args),
    /// Print the lines that put a form on a page.
    Snippet(snippet::Args),
    /// Show forms and take answers.
    Serve(serve::Args),
    /// Check a receipt or an evidence bundle, without network.
    Verify(Box<verify::Args>),
    /// Write all evidence about a receipt or a person as one file; works while the collector is serving.
    Bundle(bundle::Args),
    /// Copy the store to a file; works while the collector is serving.
    Backup(backup::Args),
    /// Make, list or remove the keys of an organisation's own programs.
    Key(key::Args),
    /// Make, list or revoke the screens at counters. Works while the collector is serving.
    Kiosk(kiosk::Args),
    /// Tell an organisation's own programs by itself what happened: signed messages. Works while the collector is serving.
    Webhook(webhook::Args),
    /// Keep the list of a newsletter tool as people agreed and stopped. Works while the collector is serving.
    Connector(connector::Args),
    /// Answer whether people's data could be used for a purpose on a date, and why; people come in on standard input.
    May(may::Args),
    /// Write who may now be addressed for a purpose, with their contact data; recorded. Works while the collector is serving.
    List(list::Args),
    /// Hand a list out with a manifest, and say later what it rested on.
    Mailing(mailing::Args),
    /// Print who downloaded people's contact data.
    Access(access::Args),
    /// Print which letters and messages did not reach a person.
    Undelivered(undelivered::Args),
    /// Print how often each purpose was given, refused, withdrawn or let expire.
    Statistics(statistics::Args),
    /// Take over an existing list with its proof; a dry run says what would become of every row. Works while the collector is serving.
    Import(Box<import::Args>),
    /// Enter what people signed on paper or said aloud, beside what they tick themselves.
    Paper(paper::Args),
    /// Stop for a person who calls, by the code on their counter slip.
    Slip(slip::Args),
    /// Tell what customers bought, so that they may be sent messages about it until they object. Works while the collector is serving.
    Sales(sales::Args),
    /// Erase people who ask for it; they come in on standard input. Works while the collector is serving.
    Erase(erase::Args),
    /// Write the store anew, so that nothing of erased people is left in its file.
    Compact(compact::Args),
    /// Go on under another address: the one that was written into vinkje.toml as base_url.
    Move(relocate::Args),
    /// Make a backup the store again: checked, without a second history, and without who was erased.
    Restore(restore::Args),
    /// Compute everything in the store anew, and name what does not hold.
    Fsck(fsck::Args),
    /// Watch logs of others, so that they cannot be rewritten unseen.
    Witness(witness::Args),
    /// Write all consent events of an organisation as JSON Lines.
    Export(export::Args),
}

/// The data folder, which most commands need.
#[derive(clap::Args)]
struct Data {
    /// The data folder.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

/// Runs the command line.
#[must_use]
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("vinkje: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Init(args) => init::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Apply(args) => apply::run(&args),
        Command::Snippet(args) => snippet::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Bundle(args) => bundle::run(&args),
        Command::Backup(args) => backup::run(&args),
        Command::Key(args) => key::run(&args),
        Command::Kiosk(args) => kiosk::run(&args),
        Command::Webhook(args) => webhook::run(&args),
        Command::Connector(args) => connector::run(&args),
        Command::May(args) => may::run(&args),
        Command::List(args) => list::run(&args),
        Command::Mailing(args) => mailing::run(&args),
        Command::Access(args) => access::run(&args),
        Command::Undelivered(args) => undelivered::run(&args),
        Command::Statistics(args) => statistics::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Paper(args) => paper::run(&args),
        Command::Slip(args) => slip::run(&args),
        Command::Sales(args) => sales::run(&args),
        Command::Erase(args) => erase::run(&args),
        Command::Compact(args) => compact::run(&args),
        Command::Move(args) => relocate::run(&args),
        Command::Restore(args) => restore::run(&args),
        Command::Fsck(args) => fsck::run(&args),
        Command::Witness(args) => witness::run(&args),
        Command::Export(args) => export::run(&args),
    }
}
