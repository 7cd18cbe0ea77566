//! Where a call may go: nowhere inside, whatever it is called, unless it is allowed by name.

use anyhow::{Result, ensure};
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::world::World;

use crate::hook::{Answers, Hook};
use crate::{EVA, add, deliveries, give};

/// Refused as they are typed.
const INSIDE: [&str; 14] = [
    "http://crm.example/",
    "https://127.0.0.1/",
    "https://127.255.255.254/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.9.9/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://user:word@crm.example/",
];

#[tokio::test]
async fn an_address_inside_is_refused_as_it_is_typed() -> Result<()> {
    let world = World::start().await?;
    let data = world.collector.data().display().to_string();
    for url in INSIDE {
        let add = ["webhook", "add", "kaas", "--name", "x", "--url", url, "--data", &data];
        let output = world.collector.run(&add).await?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(!output.status.success() && said.contains("--allow HOST"), "{url}: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_it_is_called_unless_it_is_allowed() -> Result<()> {
    let world = World::start().await?;
    let hook = Hook::start(Answers::Status(200)).await?;
    let port = hook.url.split(':').next_back().and_then(|rest| rest.split('/').next()).unwrap_or_default();
    add(&world, "hidden", &format!("https://localhost:{port}/"), &[]).await?;
    add(&world, "other", &format!("https://localhost:{port}/"), &["--allow", "127.0.0.1"]).await?;
    add(&world, "allowed", &format!("http://localhost:{port}/"), &["--allow", "localhost"]).await?;
    give(&world, EVA).await?;
    hook.gets(1).await?;
    for name in ["hidden", "other"] {
        let log = until("the try in the log", PATIENCE_SECONDS, async || {
            let log = deliveries(&world, name).await?;
            Ok((!log.is_empty()).then_some(log))
        });
        let log = log.await?;
        ensure!(log.contains("not called: not an address of the public internet"), "{name}: {log}");
    }
    ensure!(hook.got().len() == 1, "{:?}", hook.got());
    Ok(())
}
