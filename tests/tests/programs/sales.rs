//! Customers: a sale lets the shop write about similar products, until the customer says no. It is never taken for consent.

use anyhow::{Context, Result, ensure};
use e2e::definition;
use e2e::page::Page;
use e2e::verifiers;
use e2e::world::World;
use serde_json::{Value, json};

use super::asking::{Asking, EVA, PIET, key, lines, vinkje};

const ALL: [&str; 3] = ["sales", "ask", "download"];

/// A shop that tells its customers what they are sent.
async fn shop() -> Result<World> {
    let world = World::start().await?;
    let ours = definition::shop(world.site.origin(), false)?;
    world.collector.apply(&definition::with_customers(&ours)?).await?;
    Ok(world)
}

fn sale(email: &str, number: &str, day: &str, objection: &str) -> Value {
    json!({
        "email": email, "sale": number, "product_group": "kaas", "purpose": "klanten", "language": "nl",
        "sold_at": day, "objection": objection,
    })
}

async fn tell(asking: &Asking<'_>, sales: &[Value]) -> Result<Vec<Value>> {
    let answer = asking.send("POST", "sales", json!({ "sales": sales }).to_string()).await?;
    ensure!(answer.status == 200, "{} {}", answer.status, answer.text());
    ensure!(!answer.text().contains('@'), "the answer names somebody: {}", answer.text());
    Ok(answer.json()?["sales"].as_array().context("no answers")?.clone())
}

async fn fates(asking: &Asking<'_>, sales: &[Value]) -> Result<Vec<String>> {
    let told = tell(asking, sales).await?;
    told.iter().map(|one| Ok(one["fate"].as_str().context("no fate")?.to_owned())).collect()
}

async fn may(asking: &Asking<'_>, purpose: &str, email: &str) -> Result<Value> {
    let answer = asking.ask(json!({"purpose": purpose, "people": [email]}).to_string()).await?;
    Ok(answer.json()?["answers"][0].clone())
}

async fn clean(world: &mut World) -> Result<()> {
    world.collector.stop().await?;
    let said = vinkje(world, &["fsck"]).await?;
    ensure!(said.starts_with("clean"), "{said}");
    ensure!(!world.collector.said()?.contains('@'), "the log names somebody");
    Ok(())
}

#[tokio::test]
async fn a_customer_may_be_written_to_until_they_say_no_and_it_is_never_called_consent() -> Result<()> {
    let mut world = shop().await?;
    let secret = key(&world, &ALL).await?;
    let ours = Asking::new(&world, &secret);
    let told = tell(&ours, &[sale(EVA, "order-17", "2026-11-01", "offered")]).await?;
    ensure!(told[0]["fate"] == "recorded" && told[0]["until"] == "2028-11-01T00:00:00Z", "{told:?}");
    let answer = may(&ours, "klanten", EVA).await?;
    let basis = json!("soft_opt_in");
    ensure!(answer["answer"] == true && answer["state"] == basis && answer["basis"] == basis, "{answer}");
    ensure!(may(&ours, "nieuwsbrief", EVA).await?["answer"] == false, "a sale lets the shop send anything");
    let list = lines(&ours.send("GET", "lists/klanten", "").await?)?;
    ensure!(list[0]["email"] == EVA && list[0]["basis"] == basis, "{list:?}");
    let mailing = ours.send("POST", "mailings", json!({"purpose": "klanten"}).to_string()).await?;
    let path = mailing.header("location").to_owned();
    let path = path.split("/v1/kaas/").nth(1).context("no location")?;
    let asked = json!({"people": [EVA, PIET]}).to_string();
    let was = ours.send("POST", &format!("{path}/was-addressed"), asked).await?.json()?;
    ensure!(was["answers"][0]["basis"] == basis && was["answers"][1]["addressed"] == false, "{was}");

    let manage = told[0]["manage_url"].as_str().context("no link")?.to_owned();
    let page = Page::open().await?;
    page.go(&manage).await?;
    let text = page.text().await?;
    for words in [
        "Wat wij u mogen sturen",
        "Dit mag, omdat u klant bent",
        "U kocht kaas. Daarom mogen wij u hierover berichten sturen",
    ] {
        ensure!(text.contains(words), "the own page does not say {words}: {text}");
    }
    for words in ["Ja gezegd", "Uw toestemmingen"] {
        ensure!(!text.contains(words), "it is called a yes: {text}");
    }
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    let receipt = world.client.get(&format!("{manage}?lang=en")).await?.text();
    ensure!(receipt.contains("You bought cheese."), "{receipt}");
    // The receipt of the sale says what it is, and is as accessible.
    let bought = page.eval_text("document.querySelector('.history a').href").await?;
    page.go(&bought).await?;
    let text = page.text().await?;
    for words in ["Waar het over gaat", "Dit is geen toestemming.", "order-17", "1 november 2026"] {
        ensure!(text.contains(words), "the receipt does not say {words}: {text}");
    }
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    page.go(told[0]["unsubscribe_url"].as_str().context("no stop link")?).await?;
    ensure!(page.text().await?.contains("U kocht kaas."), "the stop page does not say why");
    page.click(".standing.yes button").await?;
    page.until("what was done", "text().includes('Gestopt. Het geldt vanaf nu.')").await?;
    let answer = may(&ours, "klanten", EVA).await?;
    ensure!(
        answer["answer"] == false && answer["state"] == "withdrawn" && answer.get("basis").is_none(),
        "{answer}"
    );
    let again = fates(&ours, &[sale(EVA, "order-18", "2026-11-20", "offered")]).await?;
    ensure!(again == ["stopped"], "another sale outweighs a person: {again:?}");
    let events = world.events().await?.join("\n");
    ensure!(!events.contains("\"given\""), "something is called given: {events}");
    clean(&mut world).await
}

#[tokio::test]
async fn every_sale_has_its_own_fate() -> Result<()> {
    let mut world = shop().await?;
    let secret = key(&world, &ALL).await?;
    let ours = Asking::new(&world, &secret);
    let mut other = sale(PIET, "order-5", "2026-11-01", "offered");
    other["product_group"] = "wijn".into();
    let mut consent = sale(PIET, "order-6", "2026-11-01", "offered");
    consent["purpose"] = "nieuwsbrief".into();
    let sales = [
        sale(EVA, "order-1", "2026-11-01", "offered"),
        sale(EVA, "order-2", "2026-11-02", "offered"),
        sale(PIET, "order-3", "2026-11-01", "not_offered"),
        sale(PIET, "order-4", "2020-01-01", "offered"),
        other,
        consent,
        sale(PIET, "order-7", "2036-01-01", "offered"),
        sale(PIET, "order-8", "1-5-2026", "offered"),
        sale(PIET, PIET, "2026-11-01", "offered"),
        sale("piet", "order-9", "2026-11-01", "offered"),
        sale(PIET, "order-10", "2026-11-01", "made"),
        sale(PIET, "order-11", "2026-11-03", "offered"),
    ];
    let expected = [
        "recorded",
        "already_recorded",
        "objection_not_offered",
        "too_old",
        "product_group_differs",
        "purpose_unfit",
        "date_ahead",
        "date_invalid",
        "sale_invalid",
        "email_invalid",
        "objected_at_sale",
        "stopped",
    ];
    let all = fates(&ours, &sales).await?;
    ensure!(all == expected, "{all:?}");
    ensure!(may(&ours, "klanten", PIET).await?["state"] == "withdrawn");
    let before = world.events().await?.len();
    let again = fates(&ours, &sales[..1]).await?;
    ensure!(again == ["already_recorded"] && world.events().await?.len() == before, "{again:?}");
    let counted = ours.send("GET", "statistics?by=purpose", "").await?.text();
    ensure!(!counted.contains("\"refused\":1"), "{counted}");

    // Whoever objects to all advertising or is erased does not come back by buying something.
    let told = tell(&ours, &[sale("jo@voorbeeld.example", "order-20", "2026-11-01", "offered")]).await?;
    let manage = told[0]["manage_url"].as_str().context("no link")?;
    let answer = world.client.post_form(manage, &[("do", "object")]).await?;
    ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    let later = sale("jo@voorbeeld.example", "order-21", "2026-11-02", "offered");
    ensure!(fates(&ours, &[later]).await? == ["objected"]);
    e2e::world::told(&world, &["erase", "kaas"], EVA).await?;
    ensure!(fates(&ours, &[sale(EVA, "order-22", "2026-11-02", "offered")]).await? == ["suppressed"]);
    ensure!(may(&ours, "klanten", EVA).await?["state"] == "unknown");
    clean(&mut world).await
}

#[tokio::test]
async fn a_key_without_the_scope_tells_of_no_sale_and_a_form_asks_nothing_for_it() -> Result<()> {
    let world = shop().await?;
    let secret = key(&world, &["ask", "download", "manage"]).await?;
    let ours = Asking::new(&world, &secret);
    let body = json!({"sales": [sale(EVA, "order-1", "2026-11-01", "offered")]}).to_string();
    let refused = ours.send("POST", "sales", body).await?;
    ensure!(refused.status == 403 && refused.json()?["code"] == "scope_missing", "{}", refused.text());
    let page = world.client.get(&world.hosted("nl")).await?.text();
    ensure!(!page.contains("value=\"klanten\""), "there is a box for it");
    ensure!(page.contains("Kocht u kaas?"), "the privacy text does not tell customers");
    let offer = world.form().offer("nl").await?;
    let body = e2e::submit::answers(&offer, &e2e::submit::nonce()?, &["klanten"], EVA);
    let refused = world.form().post(&body).await?;
    ensure!(refused.json()?["code"] == "purpose_not_offered", "{}", refused.text());
    Ok(())
}

#[tokio::test]
async fn others_believe_the_files_of_a_customer_and_see_no_consent_in_them() -> Result<()> {
    let mut world = shop().await?;
    let secret = key(&world, &ALL).await?;
    let ours = Asking::new(&world, &secret);
    let sales = [sale(EVA, "order-1", "2026-11-01", "offered"), sale(PIET, "order-2", "2026-11-01", "made")];
    let told = tell(&ours, &sales).await?;
    let manage = told[0]["manage_url"].as_str().context("no link")?.to_owned();
    world.withdraw_all(&manage).await?;
    let whole = world.fetch(&format!("{manage}.bundle"), "history.vinkje.json").await?;
    let lines = world.collector.folder().join("all.jsonl");
    std::fs::write(&lines, vinkje(&world, &["bundle", "kaas"]).await?)?;
    let keys = world.keys().await?.display().to_string();
    let log = format!("{}/log/kaas/key", world.collector.base());
    let log = world.fetch(&log, "log.key.txt").await?.display().to_string();
    let trust = ["--keys".to_owned(), keys, "--log-key".to_owned(), log];
    for [python, node] in &verifiers::bundles(&trust, &[whole.clone(), lines.clone()]).await? {
        ensure!(python == node && python["accepted"].is_u64(), "{python} {node}");
    }
    for file in [&whole, &lines] {
        let file = file.display().to_string();
        let verify = [&["verify", "bundle", &file][..], &trust.each_ref().map(String::as_str)].concat();
        world.collector.must(&verify).await?;
    }
    let mut files = Vec::new();
    for format in ["jsonld", "kantara"] {
        let records = world.collector.export_records("kaas", format).await?;
        for record in records.lines() {
            files.push(world.collector.folder().join(format!("{}.json", files.len())));
            std::fs::write(files.last().context("no file")?, record)?;
        }
    }
    let judged = verifiers::records(&files).await?;
    let mut states: Vec<&str> = Vec::new();
    for said in judged.as_array().into_iter().flatten() {
        let said = &said["accepted"];
        ensure!(said.is_object(), "{judged}");
        ensure!(said["records"].as_array().is_none_or(Vec::is_empty), "a record of consent: {said}");
        ensure!(said["agreed"].as_array().is_none_or(Vec::is_empty), "agreed to: {said}");
        states.extend(said["sales"][0]["state"].as_str());
    }
    states.sort_unstable();
    let objected = "LegitimateInterestObjected";
    ensure!(states == ["LegitimateInterestNotObjected", objected, objected], "{judged}");
    clean(&mut world).await
}

#[tokio::test]
async fn a_shop_without_programs_tells_of_its_sales_by_a_file() -> Result<()> {
    let mut world = shop().await?;
    let file = world.collector.folder().join("sales.csv");
    std::fs::write(
        &file,
        format!(
            "email;sale;date;objection\n{EVA};order-1;1-11-2026;offered\n{PIET};order-2;1-11-2026;made\nx;order-3;1-11-2026;offered\n"
        ),
    )?;
    let file = file.display().to_string();
    let tell = [
        "sales",
        "kaas",
        &file,
        "--purpose",
        "klanten",
        "--product-group",
        "kaas",
        "--date-format",
        "%d-%m-%Y",
    ];
    let dry = vinkje(&world, &[&tell[..], &["--dry-run"]].concat()).await?;
    ensure!(dry.contains("1  recorded") && dry.contains("nothing was written"), "{dry}");
    ensure!(world.events().await?.is_empty(), "a dry run wrote something");
    let expected = ["row 3: objected_at_sale", "row 4: email_invalid", "1  recorded", "3  sales; done"];
    let done = vinkje(&world, &tell).await?;
    ensure!(expected.iter().all(|words| done.contains(words)) && !done.contains('@'), "{done}");
    let state = vinkje_may(&world, EVA).await?;
    ensure!(state == "soft_opt_in", "{state}");
    // The same while the collector stands still: nothing twice.
    world.collector.stop().await?;
    let again = vinkje(&world, &tell).await?;
    ensure!(again.contains("1  already_recorded") && again.contains("1  stopped"), "{again}");
    let checked = vinkje(&world, &["fsck"]).await?;
    ensure!(checked.starts_with("clean: 2 receipts"), "{checked}");
    Ok(())
}

async fn vinkje_may(world: &World, email: &str) -> Result<String> {
    let said = e2e::world::told(world, &["may", "kaas", "klanten"], email).await?;
    let answer: Value = serde_json::from_str(said.trim())?;
    Ok(answer["state"].as_str().context("no state")?.to_owned())
}
