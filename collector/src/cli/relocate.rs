//! `vinkje move`: the collector has another address from now on.
//!
//! Each log is named after the address, and the name is part of what is signed. So the heads are signed anew, over the same entries,
//! under the new name.
//!
//! Invariant: a head is signed anew only if its signature under the old name is true; all of them in one commit.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use super::{Data, open};
use crate::service::heads::Heads;
use crate::store::{Batch, Space};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let data = args.data.data.display();
    let opened = open::open_anywhere(&args.data.data)?.with_context(|| {
        format!("couldn't open the store in {data}: stop the collector that serves it first")
    })?;
    let (engine, to) = (opened.engine.as_ref(), opened.config.base_url.as_str());
    let from = open::address(&opened.config, engine)?;
    ensure!(
        from != to,
        "couldn't move: the logs are named after {to} already. Write the new base_url into vinkje.toml first"
    );
    let snapshot = engine.snapshot()?;
    let heads = |base_url| Heads { snapshot: snapshot.as_ref(), log: &opened.keys.log, base_url };
    let (before, after) = (heads(&from), heads(to));
    if let Some(organisation) = before.not_signed()?.first() {
        anyhow::bail!(
            "couldn't move: the head of the log of {organisation} is not truly signed for {from}. Put {from} back into vinkje.toml \
             and look with `vinkje fsck`"
        );
    }
    let mut batch = Batch::default();
    let logs = after.sign(&mut batch)?;
    batch.put(Space::Meta, open::ADDRESS, to);
    engine.commit(&batch)?;
    println!("moved from {from} to {to}");
    logs.iter()
        .for_each(|log| println!("its log goes on as {log}. Tell witnesses, and whoever keeps checkpoints"));
    println!("links that people have begin with {from}: let that address lead to the new one");
    println!("next: vinkje serve --data {data}");
    Ok(ExitCode::SUCCESS)
}
