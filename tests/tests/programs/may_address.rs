//! May we address these people?

use anyhow::{Context, Result, ensure};
use e2e::submit::Form;
use e2e::world::{SECOND_FORM, World};
use serde_json::json;

use super::asking::{Asking, EVA, KEY_NAME, PIET, key, lines, vinkje};

#[tokio::test]
async fn a_program_with_a_key_learns_whom_it_may_address() -> Result<()> {
    let mut world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EVA).await?;
    let secret = key(&world, &[]).await?;
    let people = [EVA, "x", PIET, &given.manage_url];
    let question = json!({"purpose": "nieuwsbrief", "people": people}).to_string();
    let ours = Asking::new(&world, &secret);
    let answer = ours.ask(question.clone()).await?;
    ensure!(answer.status == 200, "{}", answer.text());
    ensure!(
        answer.header("cache-control") == "no-store" && answer.header("content-type") == "application/json"
    );
    let short = answer.json()?;
    ensure!(short["purpose"] == "nieuwsbrief" && short["at"].is_string(), "{short}");
    let eva = json!({
        "line": 1, "answer": true, "state": "given", "basis": "consent", "receipt": *given.receipt,
    });
    ensure!(short["answers"][0] == eva, "{short}");
    ensure!(short["answers"][1] == json!({"line": 2, "error": "contact_invalid"}), "{short}");
    ensure!(short["answers"][2] == json!({"line": 3, "answer": false, "state": "unknown"}), "{short}");
    ensure!(short["answers"][3]["receipt"] == *given.receipt && short["answers"][3]["line"] == 4, "{short}");

    let why = json!({"purpose": "nieuwsbrief", "people": people, "why": true}).to_string();
    let long = ours.ask(why).await?.json()?;
    let because = &long["answers"][0]["because"];
    ensure!(because["receipt"] == *given.receipt && because["receipt_url"] == *given.receipt_url, "{long}");
    for (one, other) in short["answers"]
        .as_array()
        .into_iter()
        .flatten()
        .zip(long["answers"].as_array().into_iter().flatten())
    {
        ensure!(one["state"] == other["state"] && one["receipt"] == other["receipt"], "{one} {other}");
    }
    let past = json!({"purpose": "nieuwsbrief", "at": "2020-01-01T00:00:00Z", "people": [EVA]}).to_string();
    let past = ours.ask(past).await?.json()?;
    ensure!(past["at"] == "2020-01-01T00:00:00Z" && past["answers"][0]["state"] == "unknown", "{past}");

    // The very next question after a press on the own page.
    world.withdraw_all(&given.manage_url).await?;
    let stopped = ours.ask(question).await?.json()?;
    ensure!(
        stopped["answers"][0]["answer"] == false && stopped["answers"][0]["state"] == "withdrawn",
        "{stopped}"
    );
    world.collector.stop().await?;
    let checked = vinkje(&world, &["fsck"]).await?;
    ensure!(checked.starts_with("clean: 2 receipts"), "{checked}");
    Ok(())
}

#[tokio::test]
async fn ten_thousand_are_answered_as_lines_with_an_end() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EVA).await?;
    let secret = key(&world, &["ask"]).await?;
    let lines_please = Asking { accept: "application/x-ndjson", ..Asking::new(&world, &secret) };
    let mut people: Vec<String> = (0..9_999).map(|number| format!("p{number}@voorbeeld.example")).collect();
    people.push(EVA.to_uppercase());
    let answer = lines_please.ask(json!({"purpose": "nieuwsbrief", "people": people}).to_string()).await?;
    ensure!(
        answer.status == 200 && answer.header("content-type") == "application/x-ndjson",
        "{}",
        answer.status
    );
    let lines = lines(&answer)?;
    ensure!(lines.len() == 10_001 && lines[10_000]["answers"] == 10_000, "{} lines", lines.len());
    ensure!(lines[9_999]["receipt"] == *given.receipt && lines[9_999]["line"] == 10_000, "{}", lines[9_999]);
    ensure!(lines[..9_999].iter().all(|line| line["state"] == "unknown"), "somebody is known");
    people.push(PIET.into());
    let many = json!({"purpose": "nieuwsbrief", "people": people}).to_string();
    ensure!(lines_please.ask(many).await?.status == 413);
    let histories = json!({"purpose": "nieuwsbrief", "people": vec![EVA; 1_001], "why": true}).to_string();
    ensure!(lines_please.ask(histories).await?.status == 413);
    Ok(())
}

#[tokio::test]
async fn what_a_key_is_not_for_is_refused() -> Result<()> {
    let mut world = World::start().await?;
    let secret = key(&world, &["ask"]).await?;
    let question = json!({"purpose": "nieuwsbrief", "people": [EVA]}).to_string();
    let unknown = "vk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (name, asking, status) in [
        ("no key", Asking { authorization: None, ..Asking::new(&world, &secret) }, 401),
        ("a key that never was", Asking::new(&world, unknown), 401),
        ("another organisation", Asking { organisation: "worst", ..Asking::new(&world, &secret) }, 401),
        ("no name at all", Asking { organisation: "%ff", ..Asking::new(&world, &secret) }, 404),
        ("another kind of body", Asking { kind: "text/plain", ..Asking::new(&world, &secret) }, 415),
        ("another kind of answer", Asking { accept: "image/png", ..Asking::new(&world, &secret) }, 406),
    ] {
        let refused = asking.ask(question.clone()).await?;
        ensure!(refused.status == status, "{name}: {}", refused.text());
        ensure!(refused.header("content-type") == "application/problem+json", "{name}");
    }
    let ours = Asking::new(&world, &secret);
    for (name, body, status) in [
        ("an unknown purpose", json!({"purpose": "alles", "people": [EVA]}).to_string(), 422),
        ("far too much", " ".repeat(3 << 20), 413),
        ("another field", json!({"purpose": "nieuwsbrief", "people": [], "all": true}).to_string(), 400),
        ("half of it", question[..20].to_owned(), 400),
    ] {
        let refused = ours.ask(body).await?;
        ensure!(refused.status == status, "{name}: {} {}", refused.status, refused.text());
    }
    // Asking is not downloading.
    for (method, path) in [("GET", "lists/nieuwsbrief"), ("POST", "mailings")] {
        let refused = ours.send(method, path, json!({"purpose": "nieuwsbrief"}).to_string()).await?;
        ensure!(
            refused.status == 403 && refused.text().contains("scope_missing"),
            "{path}: {}",
            refused.text()
        );
        ensure!(refused.header("www-authenticate").contains("insufficient_scope"), "{path}");
    }
    let listed = vinkje(&world, &["key", "list", "kaas"]).await?;
    ensure!(listed.starts_with(&format!("{KEY_NAME}: may ask, until ")), "{listed}");
    ensure!(vinkje(&world, &["key", "remove", "kaas", "--name", KEY_NAME]).await? == "removed: 1\n");
    ensure!(ours.ask(question).await?.status == 401, "a removed key still counts");
    ensure!(vinkje(&world, &["key", "remove", "kaas", "--name", KEY_NAME]).await.is_err());
    let both = key(&world, &["manage", "ask"]).await?;
    ensure!(vinkje(&world, &["key", "list", "kaas"]).await?.contains(": may ask and manage, until "));
    world.collector.stop().await?;
    let said = world.collector.said()?;
    ensure!(!said.contains(&secret) && !said.contains(&both), "the log has a key: {said}");
    ensure!(!said.contains('@'), "the log has an address: {said}");
    Ok(())
}

#[tokio::test]
async fn whoever_was_not_asked_is_told_apart_from_who_did_not_agree() -> Result<()> {
    let world = World::start().await?;
    // The second form has two boxes of the four; one is ticked.
    let form = Form::new(&world.client, &world.collector.base(), SECOND_FORM);
    let given = form.give("nieuwsbrief", EVA).await?;
    let secret = key(&world, &["ask"]).await?;
    let ours = Asking::new(&world, &secret);
    for (purpose, expected) in [("nieuwsbrief", "given"), ("post", "not_given"), ("keuze", "not_asked")] {
        for person in [EVA, &given.manage_url] {
            for why in [false, true] {
                let body = json!({"purpose": purpose, "people": [person, PIET], "why": why}).to_string();
                let answers = ours.ask(body).await?.json()?;
                let [eva, piet] = [0, 1].map(|at| answers["answers"][at].clone());
                ensure!(
                    eva["state"] == expected && eva["answer"] == (expected == "given"),
                    "{purpose}: {eva}"
                );
                ensure!(eva.get("receipt").is_some() == (expected != "not_asked"), "{eva}");
                ensure!(piet["state"] == "unknown", "{piet}");
            }
        }
    }
    let before = json!({"purpose": "keuze", "people": [EVA], "at": "2020-01-01T00:00:00Z"}).to_string();
    ensure!(ours.ask(before).await?.json()?["answers"][0]["state"] == "unknown");
    let counted = ours.send("GET", "statistics?by=purpose", "").await?.json()?;
    let all = counted["rows"].as_array().context("no rows")?;
    ensure!(all.iter().all(|row| row["purpose"] != "keuze"), "who was not asked is counted: {counted}");
    // A later yes under the same address decides; not having been asked weighs nothing.
    world.form().give("keuze", EVA).await?;
    form.give("nieuwsbrief", EVA).await?;
    let body = json!({"purpose": "keuze", "people": [EVA]}).to_string();
    ensure!(ours.ask(body).await?.json()?["answers"][0]["state"] == "given");
    Ok(())
}
