//! A copy of the store that is made while people submit.
//!
//! Invariant: everything that was acknowledged before the copy began is in it, and the copy holds together by itself.

use std::sync::Arc;

use anyhow::{Result, ensure};
use e2e::http::Client;
use e2e::submit::{Form, acknowledged, answers, nonce};
use e2e::world::{FORM, ORGANISATION, World};
use tokio::sync::Notify;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_while_people_submit_is_whole() -> Result<()> {
    let mut world = World::start().await?;
    let before = world.form().give("nieuwsbrief", "eva@voorbeeld.example").await?;
    let offer = world.form().offer("nl").await?;
    let begun = Arc::new(Notify::new());
    let mut people = JoinSet::new();
    for person in 0..8 {
        let form = Form::new(&Client::default(), &world.collector.base(), FORM);
        let (offer, begun) = (offer.clone(), begun.clone());
        people.spawn(async move {
            for number in 0..60 {
                let email = format!("p{person}-{number}@voorbeeld.example");
                acknowledged(&form.post(&answers(&offer, &nonce()?, &["nieuwsbrief"], &email)).await?)?;
                begun.notify_one();
            }
            anyhow::Ok(())
        });
    }
    begun.notified().await;
    let (data, file) = (world.collector.data(), world.collector.folder().join("copy.redb"));
    let (data_text, file_text) = (data.display().to_string(), file.display().to_string());
    let said = world.collector.must(&["backup", &file_text, "--data", &data_text]).await?;
    ensure!(said.contains("The keys are not in it"), "{said}");
    while let Some(ended) = people.join_next().await {
        ended??;
    }
    let again = world.collector.run(&["backup", &file_text, "--data", &data_text]).await?;
    ensure!(!again.status.success(), "a copy was written over");
    let again = String::from_utf8_lossy(&again.stderr).into_owned();
    ensure!(again.contains("it exists already"), "{again}");
    world.collector.stop().await?;

    // What the report says: the copy in the place of the store, beside the same keys.
    std::fs::rename(&file, data.join("vinkje.redb"))?;
    let said = world.collector.must(&["fsck", "--data", &data_text]).await?;
    ensure!(said.starts_with("clean:"), "{said}");
    let events = world.collector.must(&["export", ORGANISATION, "--data", &data_text]).await?;
    ensure!(events.contains(&before.receipt), "what was acknowledged before is not in the copy");
    world.collector.serve().await?;
    ensure!(
        world.client.get(&before.manage_url).await?.status == 200,
        "the copy does not open the person's page"
    );
    Ok(())
}
