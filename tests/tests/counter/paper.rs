//! Papers and voices that staff enters: by the API, and as proof for others.

use anyhow::{Context, Result, ensure};
use e2e::http::{Answer, percent};
use e2e::page::Page;
use e2e::verifiers;
use e2e::world::World;
use serde_json::{Value, json};

use super::{clean, data, enter, yesterday};

/// A key for this, and nothing else.
async fn key(world: &World, scope: &str) -> Result<String> {
    let data = data(world);
    let add = ["key", "add", "kaas", "--name", scope, "--scope", scope, "--data", &data];
    let said = world.collector.must(&add).await?;
    let key = said.split_whitespace().find(|word| word.starts_with("vk_"));
    Ok(key.context("no key")?.to_owned())
}

async fn post(world: &World, path: &str, key: &str, body: &Value) -> Result<Answer> {
    let url = format!("{}/v1/kaas/{path}", world.collector.base());
    let headers = [("authorization", format!("Bearer {key}")), ("content-type", "application/json".into())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.client.send("POST", &url, &headers, body.to_string().into_bytes()).await
}

fn voice() -> Result<Value> {
    Ok(json!({
        "said": "voice", "form": "aanmelden", "language": "nl", "ticked": ["post"], "by": "balie 2",
        "contact": {"name": "E. Voorbeeld", "address": "Dorpsstraat 1\n1234 AB Dorp"},
        "signed_at": format!("{}T00:00:00Z", yesterday()?), "nonce": "AAAAAAAAAAAAAAAAAAAAAA",
    }))
}

#[tokio::test]
async fn programs_enter_and_stop_with_keys_of_their_own() -> Result<()> {
    let mut world = World::start().await?;
    let (paper, slip) = (key(&world, "paper").await?, key(&world, "slip").await?);
    let entered = post(&world, "paper", &paper, &voice()?).await?;
    ensure!(entered.status == 201 && entered.header("cache-control") == "no-store", "{}", entered.text());
    let said = entered.json()?;
    ensure!(said["outcome"] == "given", "{said}");
    let again = post(&world, "paper", &paper, &voice()?).await?;
    ensure!(again.status == 201 && again.json()? == said, "entered twice: {}", again.text());
    let mut other = voice()?;
    other["ticked"] = json!([]);
    let other = post(&world, "paper", &paper, &other).await?;
    ensure!(other.status == 409 && other.json()?["code"] == "already_answered", "{}", other.text());
    let mut unsigned = voice()?;
    unsigned["said"] = json!("paper");
    let unsigned = post(&world, "paper", &paper, &unsigned).await?;
    ensure!(unsigned.status == 422 && unsigned.json()?["code"] == "scan_missing", "{}", unsigned.text());

    let asked = json!({"code": said["slip_code"], "by": "telefoon"});
    for (path, key, body) in [("paper", &slip, &voice()?), ("slips/stop", &paper, &asked)] {
        let refused = post(&world, path, key, body).await?;
        ensure!(refused.status == 403 && refused.json()?["code"] == "scope_missing", "{}", refused.text());
    }
    let stopped = post(&world, "slips/stop", &slip, &asked).await?;
    ensure!(stopped.status == 200 && stopped.json()?["receipt_url"].is_string(), "{}", stopped.text());
    let again = post(&world, "slips/stop", &slip, &asked).await?;
    ensure!(again.status == 409 && again.json()?["code"] == "nothing_to_withdraw", "{}", again.text());
    let unknown = json!({"code": shared::slip::SlipCode::from_random(&[1; 16]).grouped(), "by": "telefoon"});
    let unknown = post(&world, "slips/stop", &slip, &unknown).await?;
    ensure!(unknown.status == 404 && unknown.json()?["code"] == "slip_unknown", "{}", unknown.text());
    ensure!(!world.collector.said()?.contains(&percent("Dorpsstraat 1")), "an address is in the log");
    clean(&mut world, &[]).await
}

#[tokio::test]
async fn what_staff_entered_is_believed_by_others_and_told_from_own_ticks() -> Result<()> {
    let mut world = World::start().await?;
    let slip = enter(&world, "one.pdf").await?;
    let (paper, stop) = (key(&world, "paper").await?, key(&world, "slip").await?);
    let said = post(&world, "paper", &paper, &voice()?).await?.json()?;
    let stopped =
        post(&world, "slips/stop", &stop, &json!({"code": said["slip_code"], "by": "telefoon"})).await?;
    ensure!(stopped.status == 200, "{}", stopped.text());
    let receipt: Value = world.client.get(&format!("{}.json", slip.receipt_url)).await?.json()?;
    ensure!(receipt["method"] == "paper" && receipt["registered"]["by"] == "balie 2", "{receipt}");
    ensure!(receipt["registered"]["claimed_at"].as_str() < receipt["at"].as_str(), "{receipt}");

    let manage = world.client.get(slip.scanned()?).await?.header("location").to_owned();
    let history = world.fetch(&format!("{manage}.bundle"), "history.vinkje.json").await?;
    let lines = world.collector.folder().join("all.jsonl");
    std::fs::write(&lines, world.collector.must(&["bundle", "kaas", "--data", &data(&world)]).await?)?;
    let keys = world.keys().await?.display().to_string();
    let log = world.fetch(&format!("{}/log/kaas/key", world.collector.base()), "log.key.txt").await?;
    let trust = ["--keys".to_owned(), keys, "--log-key".to_owned(), log.display().to_string()];
    for [python, node] in &verifiers::bundles(&trust, &[history.clone(), lines.clone()]).await? {
        ensure!(python == node && python["accepted"].is_u64(), "{python} {node}");
    }
    for file in [&history, &lines] {
        let file = file.display().to_string();
        let verify = [&["verify", "bundle", &file][..], &trust.each_ref().map(String::as_str)].concat();
        world.collector.must(&verify).await?;
    }
    let mut files = Vec::new();
    for (number, record) in world.collector.export_records("kaas", "jsonld").await?.lines().enumerate() {
        files.push(world.collector.folder().join(format!("{number}.jsonld")));
        std::fs::write(&files[number], record)?;
    }
    let judged = verifiers::records(&files).await?;
    let accepted =
        judged.as_array().into_iter().flatten().filter(|said| said["accepted"].is_object()).count();
    ensure!(accepted == 3, "{judged}");
    let kantara = world.collector.export_records("kaas", "kantara").await?;
    ensure!(kantara.contains("signed paper form, entered by balie 2, scan sha256-"), "{kantara}");
    ensure!(kantara.contains("said aloud, entered by balie 2"), "{kantara}");
    clean(&mut world, &[&slip]).await
}

/// The demo's letters by mail, as a phone call: what a shop without mail would ask.
fn by_phone(definition: &str) -> String {
    let start = definition.find("id = \"nieuwsbrief\"").unwrap_or_default();
    let (before, after) = definition.split_at(start);
    let after = after
        .replacen("channel = \"email\"", "channel = \"phone\"", 1)
        .replacen("needs = [\"email\"]", "needs = [\"phone\"]", 1)
        .replacen("Stuur mij de nieuwsbrief per e-mail", "Bel mij over nieuwe kaas", 1)
        .replacen("Send me the newsletter by e-mail", "Call me about new cheese", 1)
        .replacen("أرسلوا إليّ النشرة بالبريد الإلكتروني", "اتصلوا بي عن الجبن الجديد", 1);
    format!("{before}{after}")
}

#[tokio::test]
async fn who_wants_to_be_called_gives_a_number_and_it_reaches_the_list() -> Result<()> {
    let mut world = World::start().await?;
    let definition = e2e::definition::shop(world.site.origin(), false)?;
    let applied = world.collector.apply(&by_phone(&definition)).await?;
    let page = Page::open().await?;
    page.go(&format!("{}/f/kaas/aanmelden?lang=nl", world.collector.base())).await?;
    page.click("[name=ticked][value=nieuwsbrief]").await?;
    page.until("the field", "shown(deep('#vk-phone'))&&!shown(deep('#vk-email'))").await.context(applied)?;
    page.accessible("a form that asks for a phone number").await?;
    page.fill("#vk-phone", "12345").await?;
    page.click("button[value=save]").await?;
    page.until("what is wrong", "text().includes('Dit telefoonnummer klopt niet')").await?;
    page.eval("deep('#vk-phone').value=''").await?;
    page.fill("#vk-phone", "06 - 12 34 56 78").await?;
    page.click("button[value=save]").await?;
    page.until("the receipt", "text().includes('Bel mij over nieuwe kaas')&&!deep('#vk-phone')").await?;
    let list = ["list", "kaas", "nieuwsbrief", "--data", &data(&world)];
    let lines = world.collector.must(&list).await?;
    ensure!(lines.contains("\"phone\":\"+31612345678\""), "{lines}");
    let table = world.collector.must(&[&list[..], &["--format", "csv"]].concat()).await?;
    ensure!(table.contains("\n,+31612345678,,,nl,"), "{table}");
    ensure!(!world.collector.said()?.contains("12345678"), "a number is in the log");
    clean(&mut world, &[]).await
}
