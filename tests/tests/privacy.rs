//! No personal data where it does not belong: in what the collector says, in its files, in addresses.
//!
//! In scope: one full run at the most talkative level of the log, with a good and a bad end of every path.
//! Out of scope: what a receipt holds (`api`).
//!
//! Invariant: the words looked for occur nowhere else, so a hit is a leak.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use e2e::collector::Setup;
use e2e::http::{percent, raw};
use e2e::page::Page;
use e2e::submit::{acknowledged, nonce};
use e2e::until::PATIENCE_SECONDS;
use e2e::world::World;
use serde_json::{Value, json};

const EMAIL: &str = "quirina.zwaluw@geheim.example";
const NAME: &str = "Quirina Zwaluw";
const ADDRESS: &str = "Lispeltuut 417\n9999 QX Zwaagwesteinde";

/// The words that give the person away, each in the ways in which they could be written.
fn traces() -> Vec<Vec<u8>> {
    let words =
        [EMAIL, "quirina.zwaluw", NAME, "Quirina", "Zwaluw", "zwaluw", "Lispeltuut", "Zwaagwesteinde"];
    let mut traces = Vec::new();
    for word in words {
        traces.push(word.as_bytes().to_vec());
        traces.push(percent(word).into_bytes());
        traces.push(word.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    // Base64 looks different at each of three offsets; its first and last characters depend on the neighbours.
    for offset in 0..3 {
        let text = STANDARD_NO_PAD.encode([&b"___"[..offset], EMAIL.as_bytes()].concat());
        traces.push(text.as_bytes()[4..text.len() - 4].to_vec());
    }
    traces
}

fn holds(bytes: &[u8], trace: &[u8]) -> bool {
    bytes.windows(trace.len()).any(|window| window == trace)
}

fn check(what: &str, bytes: &[u8]) -> Result<()> {
    for trace in traces() {
        ensure!(!holds(bytes, &trace), "{what} holds {}", String::from_utf8_lossy(&trace));
    }
    Ok(())
}

fn contact() -> Value {
    json!({"email": EMAIL, "name": NAME, "address": ADDRESS})
}

async fn by_browser(world: &World) -> Result<Page> {
    let page = Page::open().await?;
    page.go(&world.shop("/index.html")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.click("#vk-p-post").await?;
    page.fill("#vk-email", EMAIL).await?;
    page.fill("#vk-name", NAME).await?;
    page.fill("#vk-address", ADDRESS).await?;
    page.click("button[value=save]").await?;
    page.until("the answer to be saved", "shown(deep('#vk-done'))").await?;
    Ok(page)
}

async fn without_scripts(world: &World) -> Result<Page> {
    let page = Page::open().await?;
    page.without_scripts().await?;
    page.go(&world.hosted("nl")).await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.click("#vk-p-post").await?;
    page.fill("#vk-email", EMAIL).await?;
    // A mistake first: the form comes back, and must not carry the person in its address.
    page.click("button[value=save]").await?;
    page.until("the mistake", "text().includes('Vul uw postadres in.')").await?;
    Ok(page)
}

async fn by_requests(world: &World) -> Result<()> {
    let form = world.form();
    let good = json!({"offer": form.offer("nl").await?, "nonce": nonce()?, "ticked": ["nieuwsbrief", "post"],
        "contact": contact(), "ui": "script"});
    let given = acknowledged(&form.post(&good).await?)?;
    let mut bad = Vec::new();
    for (name, value) in [
        ("offer", json!(EMAIL)),
        ("nonce", json!(EMAIL)),
        ("ticked", json!([EMAIL])),
        ("ui", json!(EMAIL)),
        (EMAIL, json!(1)),
    ] {
        let mut body = good.clone();
        body[name] = value;
        bad.push(body.to_string());
    }
    let mut two_lines = good.clone();
    two_lines["contact"]["email"] = json!(format!("{EMAIL}\r\nBcc: x"));
    bad.push(two_lines.to_string());
    bad.push(good.to_string().replace("\"ui\"", "\"ui"));
    for body in bad {
        let json = [("content-type", "application/json")];
        let answer = world.client.send("POST", form.url(), &json, body).await?;
        ensure!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text());
        check("a refusal", &answer.body)?;
    }
    for address in [&given.receipt_url, &given.manage_url, &format!("{}.json", given.receipt_url)] {
        check("an address", address.as_bytes())?;
        ensure!(world.client.get(address).await?.status == 200);
    }
    check("the readable receipt", &world.client.get(&format!("{}.json", given.receipt_url)).await?.body)
}

/// Requests that end in an error below the routes, where the log says more.
async fn broken_off(world: &World) -> Result<()> {
    let port = world.collector.port();
    let head = format!("POST /f/kaas/aanmelden HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Test: {EMAIL}\r\n");
    let requests = [
        format!("{head}Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{{\"email\":\"{EMAIL}\""),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{EMAIL}\r\n"),
        format!("{EMAIL} / HTTP/1.1\r\n\r\n"),
        format!("GET /r/{EMAIL} HTTP/1.1\r\nHost: {EMAIL}\r\n{EMAIL}\r\n\r\n"),
    ];
    for request in requests {
        raw(port, request.as_bytes(), true, PATIENCE_SECONDS).await?;
    }
    Ok(())
}

fn check_files(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // Letters are what people got; they name them, and go to a mail server where there is one.
        if path.ends_with("data/mail") {
            continue;
        }
        if path.is_dir() {
            count += check_files(&path)?;
            continue;
        }
        let bytes = std::fs::read(&path).with_context(|| format!("couldn't read {}", path.display()))?;
        check(&path.display().to_string(), &bytes)?;
        count += 1;
    }
    Ok(count)
}

#[tokio::test]
async fn a_full_run_leaves_no_personal_data_in_logs_files_or_addresses() -> Result<()> {
    let mut world = World::start_with(Setup { log_level: "trace", ..Setup::default() }).await?;
    let pages = [by_browser(&world).await?, without_scripts(&world).await?];
    by_requests(&world).await?;
    broken_off(&world).await?;
    let manage = pages[0].eval_text("deepAll('.result a').find(a=>a.href.includes('/m/')).href").await?;
    pages[0].go(&manage).await?;
    pages[0].click(".stop-all button").await?;
    pages[0].until("the news", "deepAll('.standing.yes').length===0").await?;
    for page in &pages {
        check("the addresses of a page", page.requests().join("\n").as_bytes())?;
    }
    let stored = world.events().await?;
    ensure!(stored.len() >= 10, "the run stored {} events only", stored.len());
    check("the export", stored.join("\n").as_bytes())?;
    ensure!(world.collector.stop().await?.success(), "the collector did not stop well");
    let said = world.collector.said()?;
    ensure!(said.contains("everything that was accepted is stored"), "this is not the log: {said}");
    for line in said.lines() {
        let start: String = line.chars().take(300).collect();
        check(&format!("the log's line {start:?}"), line.as_bytes())?;
    }
    ensure!(check_files(&world.collector.data())? > 2, "there are no files to look at");
    Ok(())
}
