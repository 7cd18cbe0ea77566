//! The OpenAPI document against the collector, by a tool that knows only the document.
//!
//! In scope: a bounded run of schemathesis over every route of it. Out of scope: what the answers mean.
//!
//! Invariant: the run has a fixed seed, and must have tried every operation of the document.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use e2e::settings;
use e2e::world::World;
use tokio::process::Command;

use super::asking::{Asking, EVA, key};

/// Requests for each operation and phase.
const EXAMPLES: &str = "40";

/// What every answer is held to: no 5xx, and what the document says of status, media type, headers and body; whoever shows no
/// key, leaves out what is needed or sends what the schema does not allow is refused.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,negative_data_rejection,missing_required_header,ignored_auth";

/// What says that data was not taken. Too many people are too much, which is no fault of the form.
const REFUSED: &str = "[400, 401, 403, 404, 406, 409, 413, 415, 422]";

#[tokio::test]
async fn the_collector_keeps_its_openapi_document() -> Result<()> {
    let world = World::start().await?;
    let receipt = world.form().give("nieuwsbrief", EVA).await?.receipt;
    let secret = key(&world, &["ask", "download", "manage", "mail", "sales", "kiosk"]).await?;
    let document = world.client.get(&format!("{}/v1/openapi.json", world.collector.base())).await?;
    ensure!(document.status == 200, "{}", document.text());
    let document = document.json()?;
    ensure!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{document}");
    let paths = document["paths"].as_object().context("no paths")?;
    // Without the document itself, which the tool has read by then.
    let others = paths.iter().filter(|(path, _)| *path != "/v1/openapi.json");
    let operations: usize = others.filter_map(|(_, path)| path.as_object()).map(serde_json::Map::len).sum();
    let ours = Asking::new(&world, &secret);
    let begun = ours.send("POST", "mailings", r#"{"purpose": "nieuwsbrief"}"#).await?;
    let mailing = begun.header("location").rsplit('/').next().context("no mailing")?.to_owned();
    // Half of all tries are about what is there.
    let there = [
        ("organisation", "kaas"),
        ("form", "aanmelden"),
        ("purpose", "nieuwsbrief"),
        ("mailing", &mailing),
        ("receipt", &receipt),
    ];
    let there: String =
        there.iter().map(|(name, value)| format!("\"path.{name}\" = \"{value}\"\n")).collect();
    let told = format!(
        "hooks = \"contract.py\"\n[parameters]\n{there}[checks]\nnegative_data_rejection.expected-statuses = {REFUSED}\n"
    );
    tokio::fs::write(world.collector.folder().join("schemathesis.toml"), told).await?;
    let hooks = settings::root().join("tests/verifiers/contract.py");
    tokio::fs::copy(hooks, world.collector.folder().join("contract.py")).await?;
    let mut run = Command::new(settings::python()?);
    run.args(["-m", "schemathesis.cli", "run"]).arg(format!("{}/v1/openapi.json", world.collector.base()));
    run.args(["--header", &format!("Authorization: Bearer {secret}")]);
    run.args(["--checks", CHECKS, "--max-examples", EXAMPLES, "--seed", "20261124", "--no-color"]);
    run.args(["--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all"]);
    run.current_dir(world.collector.folder()).stdin(Stdio::null());
    let output = run.output().await.context("couldn't run schemathesis")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success(),
        "schemathesis finds something: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // How far the columns of the report stand apart is up to the tool.
    let plain = said.split_whitespace().collect::<Vec<_>>().join(" ");
    ensure!(plain.contains(&format!("Operations: {operations} selected / {operations} total")), "{said}");
    // Afterwards everything still works.
    let ours = Asking::new(&world, &secret);
    ensure!(ours.send("GET", "statistics", "").await?.status == 200);
    Ok(())
}
