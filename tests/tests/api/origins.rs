//! What other websites may read, and what browsers are told about ours.

use anyhow::{Context, Result, ensure};
use e2e::collector::Setup;
use e2e::http::{Answer, raw};
use e2e::world::{FORM, World};
use shared::Language;
use shared::refusal::Refusal;

use crate::{check_problem, whole};

#[tokio::test]
async fn a_website_may_read_answers_only_if_it_is_named_exactly() -> Result<()> {
    let world = World::start().await?;
    let ours = world.site.origin().to_owned();
    let port = ours.rsplit(':').next().context("no port")?;
    let others = [
        format!("http://localhost:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("{ours}.evil.example"),
        format!("http://evil.example?{ours}"),
        ours[..ours.len() - 1].to_owned(),
        "null".to_owned(),
        "*".to_owned(),
    ];
    for (method, path) in [("GET", "/fragment"), ("OPTIONS", "")] {
        let url = format!("{}{path}", world.form().url());
        let answer = world.client.send(method, &url, &[("origin", &ours)], "").await?;
        ensure!(answer.header("access-control-allow-origin") == ours, "{method} {ours} is not allowed");
        ensure!(answer.header("access-control-allow-credentials").is_empty(), "credentials are allowed");
        ensure!(
            answer.headers.get_all("vary").iter().any(|vary| vary.as_bytes() == b"Origin"),
            "no Vary: Origin"
        );
        for other in &others {
            let answer = world.client.send(method, &url, &[("origin", other)], "").await?;
            ensure!(!answer.headers.contains_key("access-control-allow-origin"), "{method} allows {other}");
        }
    }
    Ok(())
}

/// A refusal that a script on the shop's website can read, and one on another website cannot.
async fn readable(world: &World, kind: &str, body: &[u8], status: u16, refusal: Refusal) -> Result<()> {
    for (origin, reads) in [(world.site.origin(), true), ("https://evil.example", false)] {
        let headers = [("origin", origin), ("content-type", kind)];
        let answer = world.client.send("POST", world.form().url(), &headers, body.to_vec()).await?;
        check_problem(&answer, status, refusal, Language::Nl)?;
        let allowed = answer.header("access-control-allow-origin");
        ensure!(allowed == if reads { origin } else { "" }, "{status} for {origin} allows {allowed:?}");
        let varies = answer.headers.get_all("vary").iter().filter(|vary| *vary == "Origin").count();
        ensure!(varies == 1, "{status}: Vary: Origin stands there {varies} times");
    }
    Ok(())
}

#[tokio::test]
async fn a_script_can_read_why_it_was_refused() -> Result<()> {
    let world = World::start().await?;
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let large = vec![b' '; 1 << 20];
    readable(&world, json, &large, 413, Refusal::BodyTooLarge).await?;
    readable(&world, form, &large, 413, Refusal::BodyTooLarge).await?;
    readable(&world, "text/plain", b"{}", 415, Refusal::ContentTypeUnsupported).await?;
    readable(&world, json, b"{\"offer\":\"\xff\"}", 400, Refusal::BodyInvalid).await?;
    readable(&world, form, b"offer=%ff&answer=%ff", 400, Refusal::BodyInvalid).await?;
    readable(&world, json, b"", 400, Refusal::BodyInvalid).await
}

#[tokio::test]
async fn who_sends_far_too_much_always_hears_so() -> Result<()> {
    let world = World::start().await?;
    for _ in 0..40 {
        readable(&world, "application/json", &vec![b' '; 2 << 20], 413, Refusal::BodyTooLarge).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_script_can_read_that_it_asks_too_often() -> Result<()> {
    let world = World::start_with(Setup { requests_per_minute: 1, ..Setup::default() }).await?;
    let first = world.form().post(&whole(&world.form().offer("nl").await?)?).await?;
    ensure!(first.status == 201, "{}", first.text());
    readable(&world, "application/json", b"{}", 429, Refusal::TooManyRequests).await?;
    // Asking beforehand is not limited: a browser that is told no would never learn why.
    let asked =
        world.client.send("OPTIONS", world.form().url(), &[("origin", world.site.origin())], "").await?;
    ensure!(asked.status == 204 && asked.header("access-control-allow-origin") == world.site.origin());
    Ok(())
}

#[tokio::test]
async fn who_reads_without_end_is_told_to_wait_and_forms_open_all_the_same() -> Result<()> {
    let world = World::start_with(Setup { requests_per_minute: 1, ..Setup::default() }).await?;
    let given = world.form().give("nieuwsbrief", crate::EMAIL).await?;
    let checkpoint = format!("{}/log/kaas/checkpoint", world.collector.base());
    let places =
        [&given.receipt_url, &given.manage_url, &format!("{}.bundle", given.receipt_url), &checkpoint];
    // Ten for each answer that a network may send.
    for place in places.iter().cycle().take(10) {
        let answer = world.client.get(place).await?;
        ensure!(answer.status == 200, "{place}: {}", answer.text());
    }
    for place in places {
        let answer = world.client.get(place).await?;
        check_problem(&answer, 429, Refusal::TooManyRequests, Language::Nl)?;
        ensure!(answer.header("retry-after") == "60");
    }
    for place in [
        world.hosted("nl"),
        format!("{}/embed.js", world.form().url()),
        format!("{}/health", world.collector.base()),
    ] {
        ensure!(world.client.get(&place).await?.status == 200, "{place} is kept from people");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_for_everybody_says_so_also_where_there_is_nothing() -> Result<()> {
    let world = World::start().await?;
    world.form().give("nieuwsbrief", crate::EMAIL).await?;
    for (place, status) in [
        ("/log/kaas/checkpoint", 200),
        ("/log/kaas/tile/0/000.p/1", 200),
        ("/log/kaas/tile/0/000.p/9", 404),
        ("/log/kaas/witnessed", 404),
        ("/log/onbekend/key", 404),
        ("/.well-known/jwks.json", 200),
        ("/w/vinkje.wasm", 200),
        ("/w/x/y", 404),
    ] {
        let url = format!("{}{place}", world.collector.base());
        let answer = world.client.send("GET", &url, &[("origin", "https://monitor.example")], "").await?;
        ensure!(answer.status == status, "{place}: {}", answer.status);
        let allowed: Vec<_> = answer.headers.get_all("access-control-allow-origin").iter().collect();
        ensure!(allowed == ["*"], "{place}: {allowed:?}");
    }
    Ok(())
}

/// Sends a body in pieces, of which this is the first, and gives what the collector answers.
async fn pieces(world: &World, first: &str) -> Result<String> {
    let (port, origin) = (world.collector.port(), world.site.origin());
    let request = format!(
        "POST /f/{FORM} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\norigin: {origin}\r\nconnection: close\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{first}"
    );
    raw(port, request.as_bytes(), false, 20).await
}

fn check_raw(answer: &str, origin: &str, refusal: Refusal) -> Result<()> {
    let allowed = format!("access-control-allow-origin: {origin}\r\n");
    ensure!(answer.contains(&allowed), "a script cannot read this: {answer}");
    ensure!(answer.contains(&format!("\"code\":\"{}\"", refusal.code())), "{answer}");
    Ok(())
}

#[tokio::test]
async fn a_script_can_read_that_its_message_did_not_arrive() -> Result<()> {
    let world = World::start().await?;
    // The first is garbled on its way; the second never ends, and is given up after the collector's own patience.
    let (garbled, slow) = tokio::try_join!(pieces(&world, "zz\r\n"), pieces(&world, "2\r\n{}\r\n"))?;
    ensure!(garbled.starts_with("HTTP/1.1 400"), "{garbled}");
    check_raw(&garbled, world.site.origin(), Refusal::BodyInvalid)?;
    ensure!(slow.starts_with("HTTP/1.1 408"), "{slow}");
    check_raw(&slow, world.site.origin(), Refusal::TooSlow)
}

/// What a browser asks before it sends JSON to another origin.
async fn preflight(world: &World, path: &str, origin: &str) -> Result<Answer> {
    let url = format!("{}{path}", world.form().url());
    let asks = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    world.client.send("OPTIONS", &url, &asks, "").await
}

#[tokio::test]
async fn a_preflight_allows_what_the_widget_sends_and_no_more() -> Result<()> {
    let world = World::start().await?;
    for path in ["", "/fragment"] {
        let answer = preflight(&world, path, world.site.origin()).await?;
        ensure!(answer.status == 204, "{}", answer.status);
        ensure!(answer.header("access-control-allow-origin") == world.site.origin());
        ensure!(answer.header("access-control-allow-methods") == "GET, POST");
        ensure!(answer.header("access-control-allow-headers") == "content-type");
        ensure!(answer.header("access-control-allow-credentials").is_empty(), "credentials are allowed");
        let answer = preflight(&world, path, "https://evil.example").await?;
        ensure!(answer.header("access-control-allow-origin").is_empty(), "another website may post");
    }
    let page = world.client.send("GET", world.form().url(), &[("origin", world.site.origin())], "").await?;
    ensure!(page.header("access-control-allow-origin").is_empty(), "the hosted page is for people");
    Ok(())
}

#[tokio::test]
async fn browsers_are_held_to_https_only_where_the_collector_is_reached_by_it() -> Result<()> {
    let plain = World::start().await?;
    let answer = plain.client.get(&plain.hosted("nl")).await?;
    ensure!(answer.status == 200 && !answer.headers.contains_key("strict-transport-security"));
    let behind = Setup { base_url: Some("https://keuze.example".into()), ..Setup::default() };
    let world = World::start_with(behind).await?;
    for (path, status) in [("/health", 200), ("/nowhere", 404), ("/w/x/y", 404)] {
        let url = format!("{}{path}", world.collector.base());
        let answer = world.client.send("GET", &url, &[("host", "keuze.example")], "").await?;
        ensure!(answer.status == status, "{path}: {}", answer.status);
        ensure!(answer.header("strict-transport-security").starts_with("max-age=31536000"), "{path}");
    }
    // Of a host that is not ours we say nothing.
    let other = world.client.get(&format!("{}/health", world.collector.base())).await?;
    ensure!(other.status == 421 && !other.headers.contains_key("strict-transport-security"));
    Ok(())
}
