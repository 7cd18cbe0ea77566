//! Standard records of a running collector, read by processors that are not ours.

use anyhow::{Context, Result, bail, ensure};
use e2e::submit::{acknowledged, answers, nonce};
use e2e::verifiers;
use e2e::world::{ORGANISATION, World};
use serde_json::{Value, json};

use crate::EMAIL;
use e2e::submit::hidden;

const NAME: &str = "Eva de Vries";
const ADDRESS: &str = "Lindelaan 7, 2803 AB Gouda";

/// The receipts on a person's own page, oldest first.
async fn receipts(world: &World, manage_url: &str) -> Result<Vec<String>> {
    let page = world.client.get(manage_url).await?.text();
    let mut links: Vec<String> = Vec::new();
    for link in page.split('"').filter(|link| link.contains("/r/")) {
        if !links.iter().any(|known| known == link) {
            links.insert(0, link.into());
        }
    }
    Ok(links)
}

async fn press(world: &World, manage_url: &str, deed: &str, purposes: &[&str]) -> Result<()> {
    let page = world.client.get(manage_url).await?.text();
    let mut post = vec![("do", deed), ("nonce", hidden(&page, "nonce")?), ("offer", hidden(&page, "offer")?)];
    post.extend(purposes.iter().map(|purpose| ("purpose", *purpose)));
    let answer = world.client.post_form(manage_url, &post).await?;
    ensure!(answer.status == 303, "{deed} {purposes:?}: {}", answer.text());
    Ok(())
}

/// Sends choices with all contact data, or with none; gives the manage link.
async fn choose(world: &World, language: &str, ticked: &[&str], contact: bool) -> Result<String> {
    let mut body = answers(&world.form().offer(language).await?, &nonce()?, ticked, EMAIL);
    body["contact"] = match contact {
        true => json!({"email": EMAIL, "name": NAME, "address": ADDRESS}),
        false => json!({}),
    };
    let answer = world.form().post(&body).await?;
    ensure!(answer.status == 201, "{}", answer.text());
    Ok(acknowledged(&answer)?.manage_url)
}

/// What both kinds of record of a receipt say to a stock reader: states in order, and how many purposes Kantara lists.
async fn said(world: &World, receipt: &str) -> Result<(Vec<String>, usize)> {
    let number = world.client.get(&format!("{receipt}.json")).await?.json()?["receipt"].clone();
    let number = number.as_str().context("a receipt without a number")?;
    let mut files = Vec::new();
    for (ending, media_type) in [("jsonld", "application/ld+json"), ("kantara.json", "application/json")] {
        let answer = world.client.get(&format!("{receipt}.{ending}")).await?;
        ensure!(answer.header("content-type") == media_type, "{}", answer.header("content-type"));
        let text = answer.text();
        for secret in [EMAIL, NAME, ADDRESS, "/m/", "/r/"] {
            ensure!(!text.contains(secret), "a record has {secret}");
        }
        files.push(world.fetch(&format!("{receipt}.{ending}"), &format!("{number}.{ending}")).await?);
        ensure!(std::fs::read_to_string(&files[files.len() - 1])? == text, "the same receipt, other bytes");
    }
    let said = verifiers::records(&files).await?;
    let (json_ld, kantara) = (&said[0]["accepted"], &said[1]["accepted"]);
    ensure!(json_ld["receipt"] == format!("urn:uuid:{number}") && kantara["receipt"] == number, "{said}");
    let records = json_ld["records"].as_array().with_context(|| said.to_string())?;
    let line = |record: &Value| {
        let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("purpose"), text("state"))
    };
    let agreed = kantara["agreed"].as_array().with_context(|| said.to_string())?.len();
    Ok((records.iter().map(line).collect(), agreed))
}

async fn check(world: &World, receipt: &str, states: &[&str], agreed: usize) -> Result<()> {
    let found = said(world, receipt).await?;
    ensure!(found.0 == states && found.1 == agreed, "{found:?} instead of {states:?}, {agreed}");
    Ok(())
}

#[tokio::test]
async fn each_receipt_is_a_standard_record_in_the_state_that_it_made() -> Result<()> {
    let world = World::start().await?;
    for language in ["nl", "en"] {
        let person = choose(&world, language, &["nieuwsbrief", "post", "boerderij"], true).await?;
        press(&world, &person, "withdraw", &["post"]).await?;
        press(&world, &person, "give", &["nieuwsbrief", "keuze"]).await?;
        press(&world, &person, "withdraw_all", &[]).await?;
        let all = receipts(&world, &person).await?;
        ensure!(all.len() == 4, "{all:?}");
        let some = [
            "nieuwsbrief@1 ConsentGiven",
            "post@1 ConsentGiven",
            "keuze@1 ConsentRefused",
            "boerderij@1 ConsentGiven",
        ];
        check(&world, &all[0], &some, 3).await?;
        check(&world, &all[1], &["post@1 ConsentWithdrawn"], 0).await?;
        check(&world, &all[2], &["nieuwsbrief@1 RenewedConsentGiven", "keuze@1 ConsentGiven"], 2).await?;
        let stopped =
            ["nieuwsbrief@1 ConsentWithdrawn", "keuze@1 ConsentWithdrawn", "boerderij@1 ConsentWithdrawn"];
        check(&world, &all[3], &stopped, 0).await?;

        let everything =
            choose(&world, language, &["nieuwsbrief", "post", "keuze", "boerderij"], true).await?;
        let given = [
            "nieuwsbrief@1 ConsentGiven",
            "post@1 ConsentGiven",
            "keuze@1 ConsentGiven",
            "boerderij@1 ConsentGiven",
        ];
        check(&world, &receipts(&world, &everything).await?[0], &given, 4).await?;
        let nothing = choose(&world, language, &[], false).await?;
        let refused = given.map(|line| line.replace("Given", "Refused"));
        check(&world, &receipts(&world, &nothing).await?[0], &refused.each_ref().map(String::as_str), 0)
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_record_names_everybody_with_their_address_and_a_page_that_says_how_to_stop() -> Result<()> {
    let world = World::start().await?;
    let person = choose(&world, "en", &["boerderij"], true).await?;
    let receipt = receipts(&world, &person).await?.remove(0);
    let record = world.client.get(&format!("{receipt}.jsonld")).await?.json()?;
    let record = &record["dpv:hasRecordOfActivity"][3];
    let parties = record["dpv:hasEntity"].as_array().context("no parties")?;
    let names: Vec<&Value> = parties.iter().map(|party| &party["dpv:hasName"]).collect();
    ensure!(names == ["De Kaasplank", "Boerderij Polderzicht"], "{names:?}");
    ensure!(parties[1]["dpv:hasContact"] == "privacy@polderzicht.example", "{parties:?}");
    ensure!(record["dpv:hasAuthority"] == json!(["legal-nl:DPA-NL"]), "{record}");
    let process = &record["dpv:hasProcess"][0];
    ensure!(process["dpv:hasJurisdiction"] == json!(["loc:NL", "loc:EU"]), "{process}");
    let stop =
        process["dpv:hasConsentControl"][0]["dpv:isExercisedAt"][0].as_str().context("no way to stop")?;
    let page = world.client.get(stop).await?;
    ensure!(page.status == 200 && page.text().contains("<h1>"), "{stop} answers {}", page.status);
    let notice = record["dpv:hasNotice"][0]["@id"].as_str().context("no notice")?;
    ensure!(world.client.get(notice).await?.status == 200, "{notice} is not there");
    let page = world.client.get(&receipt).await?.text();
    ensure!(
        page.contains(".jsonld\"") && page.contains(".kantara.json\""),
        "the receipt page links to no record"
    );
    Ok(())
}

#[tokio::test]
async fn the_vectors_are_read_by_processors_that_are_not_ours() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../../../shared/vectors/records.json"))?;
    let mut files = Vec::new();
    for (number, vector) in vectors.iter().enumerate() {
        for ending in ["jsonld", "kantara"] {
            files.push(folder.path().join(format!("{number}.{ending}")));
            std::fs::write(&files[files.len() - 1], vector[ending].as_str().context("no text")?)?;
        }
    }
    let said = verifiers::records(&files).await?;
    for (number, vector) in vectors.iter().enumerate() {
        for one in [&said[2 * number], &said[2 * number + 1]] {
            ensure!(one["accepted"].is_object(), "{}: {one}", vector["name"]);
        }
    }
    let ended = said[0]["accepted"]["records"].as_array().context("no records")?;
    ensure!(ended.len() == 2 && ended.iter().all(|record| record["state"] == "ConsentExpired"), "{said}");
    Ok(())
}

#[tokio::test]
async fn an_export_has_the_very_records_that_people_get() -> Result<()> {
    let mut world = World::start().await?;
    let mut people = Vec::new();
    for ticked in [&["nieuwsbrief", "post"][..], &[]] {
        people.push(choose(&world, "nl", ticked, !ticked.is_empty()).await?);
    }
    press(&world, &people[0], "withdraw", &["post"]).await?;
    let [first, later] = &receipts(&world, &people[0]).await?[..] else { bail!("two receipts") };
    let refused = receipts(&world, &people[1]).await?.remove(0);
    let mut all = Vec::new();
    for (format, ending) in [("jsonld", "jsonld"), ("kantara", "kantara.json")] {
        let mut lines = String::new();
        for receipt in [first, &refused, later] {
            lines += &format!("{}\n", world.client.get(&format!("{receipt}.{ending}")).await?.text());
        }
        ensure!(world.collector.export_records(ORGANISATION, format).await? == lines, "{format}");
        all.push((format, lines));
    }
    world.collector.stop().await?;
    for (format, lines) in all {
        ensure!(
            world.collector.export_records(ORGANISATION, format).await? == lines,
            "{format}, standing still"
        );
    }
    Ok(())
}

/// A record with one thing changed.
type Change = fn(&mut Value);

const JSON_LD: [(&str, Change); 10] = [
    ("unknown_term https://w3id.org/dpv#ConsentTerminated", |all| {
        first(all)["dpv:hasConsentStatus"][0]["@type"][0] = json!("dpv:ConsentTerminated");
    }),
    ("unknown_term https://w3id.org/dpv/loc#France", |all| {
        first(all)["dpv:hasProcess"][0]["dpv:hasJurisdiction"] = json!(["loc:France"]);
    }),
    ("unknown_term https://w3id.org/dpv#hasLegalName", |all| {
        first(all)["dpv:hasEntity"][0]["dpv:hasLegalName"] = json!("De Kaasplank");
    }),
    ("text_for_iri eu-gdpr:A6-1-a", |all| {
        all["@context"].as_object_mut().map(|context| context.remove("dpv:hasLegalBasis"));
    }),
    ("not_in_context", |all| first(all)["hasLegalBasis"] = json!("eu-gdpr:A6-1-a")),
    ("network", |all| all["@context"] = json!("https://w3id.org/dpv")),
    ("missing dpv:hasNotice dct:language", |all| first(all)["dpv:hasNotice"] = json!([])),
    ("missing dpv:hasContact", |all| {
        first(all)["dpv:hasEntity"][0].as_object_mut().map(|party| party.remove("dpv:hasContact"));
    }),
    ("recipient_not_described", |all| {
        first(all)["dpv:hasProcess"][0]["dpv:hasRecipient"] = json!(["https://elsewhere.example/#org"]);
    }),
    ("not_a_receipt", |all| all["dpv:hasRecordOfActivity"] = json!([])),
];

const KANTARA: [(&str, Change); 5] = [
    ("schema $.version", |all| all["version"] = json!("KI-CR-v1.0.0")),
    ("schema $.consentTimestamp", |all| all["consentTimestamp"] = json!("2026-11-24T12:00:00Z")),
    ("schema $.piiControllers[0]", |all| {
        all["piiControllers"][0].as_object_mut().map(|controller| controller.remove("phone"));
    }),
    ("schema $.services[0].purposes[0]", |all| {
        all["services"][0]["purposes"][0]["thirdPartyDisclosure"] = json!(true);
    }),
    ("schema $", |all| all["state"] = json!("given")),
];

fn first(all: &mut Value) -> &mut Value {
    &mut all["dpv:hasRecordOfActivity"][0]
}

#[tokio::test]
async fn a_record_that_is_not_right_is_refused_for_its_reason() -> Result<()> {
    let world = World::start().await?;
    let person = choose(&world, "nl", &["nieuwsbrief"], true).await?;
    let receipt = receipts(&world, &person).await?.remove(0);
    for (ending, changes) in [("jsonld", &JSON_LD[..]), ("kantara.json", &KANTARA[..])] {
        let good = world.client.get(&format!("{receipt}.{ending}")).await?;
        let mut files = vec![world.collector.folder().join(format!("spaced.{ending}"))];
        std::fs::write(&files[0], format!("{} ", good.text()))?;
        for (number, (_, change)) in changes.iter().enumerate() {
            let mut value = good.json()?;
            change(&mut value);
            files.push(world.collector.folder().join(format!("changed-{number}.{ending}")));
            std::fs::write(&files[number + 1], shared::canonical::to_bytes(&value))?;
        }
        let said = verifiers::records(&files).await?;
        ensure!(said[0]["refused"] == "spelling", "{said}");
        for (number, (reason, _)) in changes.iter().enumerate() {
            ensure!(said[number + 1]["refused"] == *reason, "{reason}: {}", said[number + 1]);
        }
    }
    Ok(())
}
