//! Kiosks by program: made, seen, taken back.

use anyhow::{Result, ensure};
use e2e::page::Page;
use e2e::scan::text_of;
use e2e::world::World;
use serde_json::{Value, json};

use super::asking::{Asking, key};

fn counter() -> Value {
    json!({"name": "Toonbank", "place": "Markt 1", "form": "aanmelden", "languages": ["en", "nl"], "staff": ["Balie 1"]})
}

#[tokio::test]
async fn a_program_makes_a_kiosk_sees_it_work_and_takes_it_back() -> Result<()> {
    let world = World::start().await?;
    let secret = key(&world, &["kiosk"]).await?;
    let ours = Asking::new(&world, &secret);
    let made = ours.send("POST", "kiosks", counter().to_string()).await?;
    ensure!(made.status == 201, "{}", made.text());
    let made = made.json()?;
    let url = made["pairing_url"].as_str().unwrap_or_default();
    let page = Page::open().await?;
    // The code that the answer draws leads where the answer says.
    let shown = format!("data:image/svg+xml,{}", urlencoded(made["pairing_qr"].as_str().unwrap_or_default()));
    page.go(&shown).await?;
    ensure!(text_of(&page.picture_of_view().await?)? == url, "the code leads elsewhere");
    page.go(url).await?;
    page.until("the code in its field", "deep('#vk-pair')?.value.length>=12").await?;
    page.click("form[data-form=pair] button").await?;
    page.until("the first screen", "deep('.kiosk')?.dataset.screen==='attract'").await?;
    page.until("the worker", "'ready' in deep('[data-root]').dataset").await?;
    let all = ours.send("GET", "kiosks", "").await?.json()?;
    let one = &all["kiosks"][0];
    ensure!(one["kiosk"] == made["kiosk"] && one["state"] == "works" && one["taken"] == 0, "{all}");
    for secret in [&made["pairing_code"], &made["staff_pin"]] {
        ensure!(!all.to_string().contains(secret.as_str().unwrap_or("?")), "a secret is said again");
    }
    for _ in 0..2 {
        let gone = ours.send("POST", "kiosks/revoke", json!({"name": "Toonbank"}).to_string()).await?;
        ensure!(gone.status == 200 && gone.json()?["state"] == "revoked", "{}", gone.text());
    }
    page.go(&format!("{}/kiosk/kaas", world.collector.base())).await?;
    page.until("the word that it is closed", "deep('.kiosk')?.dataset.screen==='closed'").await
}

#[tokio::test]
async fn what_is_wrong_with_a_kiosk_is_said_and_nothing_is_made() -> Result<()> {
    let world = World::start().await?;
    let secret = key(&world, &["kiosk"]).await?;
    let ours = Asking::new(&world, &secret);
    let with = |field: &str, value: Value| {
        let mut body = counter();
        body[field] = value;
        body
    };
    for (body, status, code) in [
        (with("name", json!("")), 422, "kiosk_name_unfit"),
        (with("place", json!("a\nb")), 422, "kiosk_name_unfit"),
        (with("form", json!("niets")), 422, "kiosk_form_unknown"),
        (with("languages", json!(["xx"])), 422, "kiosk_language_missing"),
        (with("staff", json!(vec!["x"; 25])), 422, "kiosk_staff_too_many"),
        (with("idle_seconds", json!(5)), 422, "kiosk_idle_unfit"),
        (with("colour", json!("green")), 400, "body_invalid"),
    ] {
        let refused = ours.send("POST", "kiosks", body.to_string()).await?;
        ensure!(refused.status == status && refused.json()?["code"] == code, "{body}: {}", refused.text());
    }
    let unknown = ours.send("POST", "kiosks/revoke", json!({"name": "Toonbank"}).to_string()).await?;
    ensure!(unknown.status == 404 && unknown.json()?["code"] == "kiosk_unknown", "{}", unknown.text());
    ensure!(ours.send("GET", "kiosks", "").await?.json()?["kiosks"] == json!([]), "something was made");
    ensure!(ours.send("POST", "kiosks", counter().to_string()).await?.status == 201);
    let twice = ours.send("POST", "kiosks", counter().to_string()).await?;
    ensure!(twice.status == 409 && twice.json()?["code"] == "kiosk_name_taken", "{}", twice.text());
    let other = Asking::new(&world, &key(&world, &["ask"]).await?).send("GET", "kiosks", "").await?;
    ensure!(other.status == 403 && other.json()?["code"] == "scope_missing", "{}", other.text());
    Ok(())
}

/// For a `data:` address.
fn urlencoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
