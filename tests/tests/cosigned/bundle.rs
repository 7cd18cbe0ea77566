//! What witnesses said stands in evidence bundles too.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::verifiers;
use e2e::witness::Witness;
use shared::bundle::Bundle;

use crate::{checkpoint, give, watched};

#[tokio::test]
async fn a_bundle_says_which_witnesses_saw_its_log() -> Result<()> {
    let (world, mut one, mut two) = watched().await?;
    let eva = give(&world, "eva").await?;
    checkpoint(&world, 1, 3).await?;
    one.kill().await?;
    two.kill().await?;
    // Nobody signs for the second entry any more; the bundle of the first keeps to the head that was signed.
    give(&world, "jan").await?;
    let file = world.fetch(&format!("{}.bundle", eva.receipt_url), "seen.vinkje.json").await?;
    let stranger = Witness::start("witness.example/other").await?;
    let verify = async |file: &std::path::Path, witnesses: &[&str]| {
        let file = file.display().to_string();
        let mut arguments = vec!["verify", "bundle", file.as_str()];
        arguments.extend(witnesses.iter().flat_map(|key| ["--witness", key]));
        let output = world.collector.run(&arguments).await?;
        anyhow::Ok((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
    };
    let (good, said) = verify(&file, &[one.key(), two.key(), stranger.key()]).await?;
    ensure!(good && said.contains("Seen by 2 of your witnesses."), "{said}");
    ensure!(said.contains("Entries: 1."), "{said}");
    let (good, said) = verify(&file, &[stranger.key()]).await?;
    ensure!(good && said.contains("None of your witnesses has signed this head."), "{said}");
    let theirs = verifiers::bundles(&[], std::slice::from_ref(&file)).await?;
    ensure!(theirs[0].iter().all(|said| said["accepted"] == 1), "{theirs:?}");

    let mut bundle = Bundle::parse(&std::fs::read(&file)?).ok().context("a bundle")?;
    let line = bundle.checkpoint.lines().last().context("no line")?.to_owned();
    let (name, signature) = line.rsplit_once(' ').context("no signature")?;
    let mut bytes = STANDARD.decode(signature)?;
    bytes[30] ^= 1;
    bundle.checkpoint = bundle.checkpoint.replace(&line, &format!("{name} {}", STANDARD.encode(&bytes)));
    std::fs::write(&file, bundle.to_bytes())?;
    let (good, said) = verify(&file, &[one.key(), two.key()]).await?;
    ensure!(!good && said.contains("[witness_false]"), "{said}");
    Ok(())
}
