//! Receipts: one for each act, and who can check it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use e2e::submit::{Form, acknowledged};
use e2e::verifiers;
use e2e::world::{SECOND_FORM, World};
use serde_json::{Value, json};
use shared::Language;
use shared::purpose::ContactField;
use shared::refusal::Refusal;

use crate::{EMAIL, changed, check_problem, forged, whole};

#[tokio::test]
async fn a_retry_gets_the_same_receipt_and_other_answers_get_none() -> Result<()> {
    let world = World::start().await?;
    let first = whole(&world.form().offer("nl").await?)?;
    let answer = world.form().post(&first).await?;
    ensure!(answer.status == 201, "{}", answer.text());
    let events = world.events().await?;
    let retry = world.form().post(&first).await?;
    ensure!(retry.status == 200, "{}", retry.text());
    ensure!(acknowledged(&retry)? == acknowledged(&answer)?);
    let others = [
        changed(&first, |body| body["ticked"] = json!(["nieuwsbrief", "keuze"])),
        changed(&first, |body| body["ticked"] = json!([])),
        changed(&first, |body| body["contact"]["email"] = json!("piet@voorbeeld.example")),
    ];
    for other in others {
        let answer = world.form().post(&serde_json::from_slice(&other)?).await?;
        check_problem(&answer, 409, Refusal::AlreadyAnswered, Language::Nl)?;
    }
    ensure!(world.events().await? == events, "a retry was stored");
    Ok(())
}

#[tokio::test]
async fn an_answer_that_corrects_another_takes_back_what_that_one_gave() -> Result<()> {
    let world = World::start().await?;
    let form = world.form();
    let first = whole(&form.offer("nl").await?)?;
    let given = acknowledged(&form.post(&first).await?)?;
    let mut second = whole(&form.offer("nl").await?)?;
    second["contact"]["email"] = json!("other@voorbeeld.example");
    second["instead_of"] = json!([{"offer": first["offer"], "nonce": first["nonce"]}]);
    let mistaken =
        serde_json::from_slice(&changed(&second, |body| body["contact"]["email"] = json!("no address")))?;
    check_problem(
        &form.post(&mistaken).await?,
        422,
        Refusal::ContactInvalid(ContactField::Email),
        Language::Nl,
    )?;
    ensure!(world.events().await?.len() == 4, "an answer that is refused takes nothing back");
    let answer = form.post(&second).await?;
    ensure!(answer.status == 201, "{}", answer.text());
    let events = world.events().await?;
    ensure!(
        events.len() == 9 && events[4].contains("\"withdrawn\"") && events[4].contains("nieuwsbrief"),
        "{events:?}"
    );
    let page = world.client.get(&given.manage_url).await?.text();
    ensure!(page.contains("Gestopt door u"));
    let (_, rest) = page.split_once("/r/").context("no receipt of the withdrawal")?;
    let token = rest.split('"').next().context("its link has no end")?;
    let receipt = world.client.get(&format!("{}/r/{token}.json", world.collector.base())).await?.json()?;
    ensure!(
        receipt["act"] == "withdrawal" && receipt["method"] == "web" && receipt["ui"] == "script",
        "{receipt}"
    );
    let page = world.client.get(&acknowledged(&answer)?.manage_url).await?.text();
    ensure!(page.contains("Ja, dit mag"), "what corrects does not stand");
    let retry = form.post(&second).await?;
    ensure!(retry.status == 200 && acknowledged(&retry)? == acknowledged(&answer)?, "{}", retry.text());
    ensure!(world.events().await? == events, "a retry was stored");
    Ok(())
}

#[tokio::test]
async fn what_an_answer_corrects_is_checked_and_need_not_be_there() -> Result<()> {
    let world = World::start().await?;
    let form = world.form();
    let offer = form.offer("nl").await?;
    let body = whole(&offer)?;
    let nonce = body["nonce"].as_str().context("no nonce")?;
    let earlier = |offer: &str, nonce: &str| json!({"offer": offer, "nonce": nonce});
    let other = Form::new(&world.client, &world.collector.base(), SECOND_FORM).offer("nl").await?;
    for (instead_of, status, refusal) in [
        (json!([earlier(&offer, nonce)]), 400, Refusal::BodyInvalid),
        (json!([earlier(&offer, "short")]), 400, Refusal::BodyInvalid),
        (json!(vec![earlier(&offer, &e2e::submit::nonce()?); 5]), 400, Refusal::BodyInvalid),
        (json!([earlier(&forged(&offer), &e2e::submit::nonce()?)]), 400, Refusal::OfferForged),
        (json!([earlier(&other, &e2e::submit::nonce()?)]), 409, Refusal::OfferOtherForm),
    ] {
        let bad = serde_json::from_slice(&changed(&body, |body| body["instead_of"] = instead_of))?;
        check_problem(&form.post(&bad).await?, status, refusal, Language::Nl)?;
    }
    ensure!(world.events().await?.is_empty());
    let unknown = json!([earlier(&offer, &e2e::submit::nonce()?), earlier(&offer, &e2e::submit::nonce()?)]);
    let good = serde_json::from_slice(&changed(&body, |body| body["instead_of"] = unknown))?;
    acknowledged(&form.post(&good).await?)?;
    ensure!(world.events().await?.len() == 4);
    Ok(())
}

#[tokio::test]
async fn a_plain_form_post_is_one_receipt_per_page_and_answer() -> Result<()> {
    let world = World::start().await?;
    let url = world.form().url().to_owned();
    let offer = world.form().offer("nl").await?;
    let (mine, yours) = (e2e::submit::nonce()?, e2e::submit::nonce()?);
    let post = async |nonce: &str, answer: &str, email: &str| {
        let mut fields = vec![("offer", offer.as_str()), ("answer", answer), ("email", email)];
        if !nonce.is_empty() {
            fields.push(("nonce", nonce));
        }
        if answer == "save" {
            fields.push(("ticked", "nieuwsbrief"));
        }
        let answer = world.client.post_form(&url, &fields).await?;
        ensure!(answer.status == 303, "{}", answer.text());
        Ok(answer.header("location").to_owned())
    };
    let first = post(&mine, "none", "").await?;
    ensure!(post(&mine, "none", "").await? == first, "the same press made two receipts");
    // Somebody else with the same cached offer, who answers the same.
    let second = post(&yours, "none", "").await?;
    ensure!(second != first, "two people share one receipt");
    // Back, and another answer on the same page.
    let third = post(&mine, "save", EMAIL).await?;
    let fourth = post(&mine, "save", "piet@voorbeeld.example").await?;
    ensure!(BTreeSet::from([&first, &second, &third, &fourth]).len() == 4);
    ensure!(post(&mine, "save", EMAIL).await? == third);
    // A hosted page has an offer of its own, and no nonce.
    let bare = post("", "none", "").await?;
    ensure!(post("", "none", "").await? == bare && bare != first);
    let strange = [("offer", offer.as_str()), ("answer", "none"), ("nonce", "short")];
    ensure!(world.client.post_form(&url, &strange).await?.status == 400);
    ensure!(world.events().await?.len() == 5 * 4);
    Ok(())
}

#[tokio::test]
async fn a_receipt_verifies_with_our_command_and_with_a_library_that_we_did_not_write() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let keys = world.keys().await?;
    let receipt = world.fetch(&format!("{}.jws", given.receipt_url), "receipt.jws").await?;
    let (good, said) = verifiers::vinkje(&world.collector, &keys, &receipt).await?;
    ensure!(good, "vinkje verify refuses: {said}");
    let payload = verifiers::jose(&keys, &[&receipt]).await?.remove(0);
    ensure!(payload["receipt"] == given.receipt, "{payload}");
    ensure!(payload["decisions"][0]["decided"] == "given", "{payload}");
    ensure!(payload["decisions"][1]["decided"] == "not_given", "{payload}");
    let readable = world.client.get(&format!("{}.json", given.receipt_url)).await?;
    ensure!(readable.json()? == payload, "the readable file says something else");
    let notice = payload["notice"].as_str().context("no notice")?;
    let notice = world.client.get(&format!("{}/notice/{notice}", world.form().url())).await?;
    ensure!(notice.status == 200 && notice.text().contains("nieuwsbrief"), "the wording is not there");
    Ok(())
}

#[tokio::test]
async fn a_receipt_that_was_changed_does_not_verify() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let keys = world.keys().await?;
    let jws = world.client.get(&format!("{}.jws", given.receipt_url)).await?.text();
    let parts: Vec<&str> = jws.split('.').collect();
    let other = world.form().give("keuze", EMAIL).await?;
    let other = world.client.get(&format!("{}.jws", other.receipt_url)).await?.text();
    let other: Vec<&str> = other.split('.').collect();
    let changed = [
        forged(&jws),
        format!("{}.{}.{}", parts[0], other[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        String::new(),
    ];
    for text in changed {
        let file = world.collector.folder().join("changed.jws");
        std::fs::write(&file, &text)?;
        let (good, said) = verifiers::vinkje(&world.collector, &keys, &file).await?;
        ensure!(!good, "a changed receipt verifies: {said}");
        ensure!(verifiers::jose(&keys, &[&file]).await.is_err(), "jose takes a changed receipt");
    }
    Ok(())
}

#[tokio::test]
async fn receipts_of_a_running_collector_verify_in_python() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let taken_back = world.client.post_form(&given.manage_url, &[("do", "withdraw_all")]).await?;
    ensure!(taken_back.status == 303, "{}", taken_back.text());
    let page = world.client.get(&given.manage_url).await?.text();
    let links: BTreeSet<&str> = page.split('"').filter(|link| link.contains("/r/")).collect();
    ensure!(links.len() == 2, "expected a receipt for giving and one for taking back: {links:?}");
    let mut files = Vec::new();
    for link in &links {
        files.push(world.fetch(&format!("{link}.jws"), &format!("{}.jws", files.len())).await?);
    }
    let said = verifiers::python(&world.keys().await?, &files).await?;
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let jose = verifiers::jose(&world.keys().await?, &paths).await?;
    for (place, payload) in jose.iter().enumerate() {
        ensure!(said[place]["accepted"] == *payload, "{said}");
    }
    let acts: BTreeSet<_> = jose.iter().map(|payload| payload["act"].to_string()).collect();
    ensure!(acts.len() == 2, "both receipts are of one act: {acts:?}");
    // Another collector's keys do not do.
    let other = World::start().await?;
    let said = verifiers::python(&other.keys().await?, &files).await?;
    ensure!(said[0]["refused"] == "unknown_key" && said[1]["refused"] == "unknown_key", "{said}");
    Ok(())
}

#[tokio::test]
async fn python_judges_every_vector_as_we_do_and_for_the_same_reason() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let keys = folder.path().join("keys.json");
    let vectors: Value = serde_json::from_str(include_str!("../../../shared/vectors/receipts.json"))?;
    std::fs::write(&keys, vectors["keys"].to_string())?;
    let cases = vectors["cases"].as_array().context("no cases")?;
    let mut files = Vec::new();
    for case in cases {
        files.push(folder.path().join(files.len().to_string()));
        std::fs::write(files.last().context("no file")?, case["jws"].as_str().context("no text")?)?;
    }
    let said = verifiers::python(&keys, &files).await?;
    for (place, case) in cases.iter().enumerate() {
        let judged = said[place]["refused"].as_str().unwrap_or("accepted");
        ensure!(case["expected"] == judged, "{}: {judged} instead of {}", case["name"], case["expected"]);
    }
    let sets: Value = serde_json::from_str(include_str!("../../../shared/vectors/key_sets.json"))?;
    for case in sets.as_array().context("no sets")? {
        std::fs::write(&keys, case["set"].to_string())?;
        let accepted = verifiers::python(&keys, &[]).await? == json!([]);
        ensure!(case["accepted"] == accepted, "{}: accepted is {accepted}", case["name"]);
    }
    Ok(())
}
