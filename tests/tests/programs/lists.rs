//! Lists and mailings: who may be addressed, handed out, recorded, and proved later.

use anyhow::{Context, Result, ensure};
use e2e::http::Answer;
use e2e::world::World;
use serde_json::{Value, json};

use super::asking::{Asking, EVA, KEY_NAME, PIET, key, lines, told, vinkje};

/// More than one page of a list.
const CROWD: usize = 1_300;

fn address(person: usize) -> String {
    format!("p{person}@voorbeeld.example")
}

fn emails(lines: &[Value]) -> Vec<&str> {
    let mut emails: Vec<&str> = lines.iter().filter_map(|line| line["email"].as_str()).collect();
    emails.sort_unstable();
    emails
}

async fn list(asking: &Asking<'_>) -> Result<Answer> {
    let answer = asking.send("GET", "lists/nieuwsbrief", "").await?;
    ensure!(answer.status == 200, "{}", answer.text());
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_has_everybody_who_may_be_addressed_once_and_nobody_else() -> Result<()> {
    let mut world = World::start().await?;
    let crowd = world.crowd(CROWD, 32, address).await?;
    let again = world.form().give("nieuwsbrief", &address(5)).await?;
    world.form().give("keuze", PIET).await?;
    world.withdraw_all(&crowd[7].manage_url).await?;
    let data = world.collector.data().display().to_string();
    world.collector.told(&["erase", "kaas", "--data", &data], &address(9)).await?;

    let secret = key(&world, &["download"]).await?;
    let ours = Asking::new(&world, &secret);
    let answer = list(&ours).await?;
    ensure!(
        answer.header("content-type") == "application/x-ndjson"
            && answer.header("cache-control") == "no-store"
    );
    ensure!(answer.header("content-disposition") == "attachment; filename=\"nieuwsbrief.jsonl\"");
    let all = lines(&answer)?;
    let mut expected: Vec<String> =
        (0..CROWD).filter(|person| ![7, 9].contains(person)).map(address).collect();
    expected.sort_unstable();
    ensure!(emails(&all) == expected, "{} people instead of {}", all.len() - 1, expected.len());
    ensure!(all.last().context("no end")?["people"] == CROWD - 2, "{:?}", all.last());
    let twice = all.iter().find(|line| line["email"] == *address(5)).context("p5 is gone")?;
    ensure!(twice["receipt"] == *again.receipt && twice["manage_url"] == *again.manage_url, "{twice}");
    ensure!(twice["language"] == "nl" && twice["since"].is_string() && twice["until"].is_string(), "{twice}");

    // The headers are all that a mail program needs.
    let header = twice["headers"]["List-Unsubscribe"].as_str().context("no header")?;
    let url = header.strip_prefix('<').and_then(|url| url.strip_suffix('>')).context("no address in it")?;
    ensure!(twice["unsubscribe_url"] == *url, "{twice}");
    let post = twice["headers"]["List-Unsubscribe-Post"].as_str().and_then(|post| post.split_once('='));
    let clicked = world.client.post_form(url, &[post.context("no body")?]).await?;
    ensure!(clicked.status == 200, "{}", clicked.text());
    let answer = list(&ours).await?;
    let after = lines(&answer)?;
    ensure!(after.len() == all.len() - 1 && !emails(&after).contains(&&*address(5)), "still on the list");

    let csv = Asking { accept: "text/csv", ..Asking::new(&world, &secret) };
    let csv = list(&csv).await?;
    ensure!(
        csv.text().starts_with(
            "email,phone,name,address,language,receipt,since,until,manage_url,unsubscribe_url,basis\r\n"
        ),
        "no names"
    );
    ensure!(csv.text().lines().count() == CROWD - 2, "{} lines", csv.text().lines().count());

    let serving = vinkje(&world, &["list", "kaas", "nieuwsbrief", "--format", "csv"]).await?;
    ensure!(serving == csv.text(), "the command gives another list");
    let record = vinkje(&world, &["access", "kaas"]).await?;
    world.collector.stop().await?;
    let alone = vinkje(&world, &["list", "kaas", "nieuwsbrief"]).await?;
    ensure!(alone == answer.text(), "the command gives another list");
    let rows: Vec<&str> = record.lines().collect();
    ensure!(
        rows.len() == 4 && rows[0].contains("(command line): list of nieuwsbrief, 1297 people"),
        "{record}"
    );
    ensure!(rows[3].contains(&format!("{KEY_NAME}: list of nieuwsbrief, 1298 people")), "{record}");
    ensure!(!record.contains('@'), "the record names somebody: {record}");
    ensure!(vinkje(&world, &["fsck"]).await?.starts_with("clean"));
    Ok(())
}

#[tokio::test]
async fn a_list_that_is_not_there_or_not_wanted_is_refused() -> Result<()> {
    let world = World::start().await?;
    let secret = key(&world, &["download"]).await?;
    let ours = Asking::new(&world, &secret);
    for path in ["lists/alles", "lists/%00", "mailings/00000000-0000-8000-8000-000000000000"] {
        let method = "GET";
        let status = if path.starts_with("lists") { 404 } else { 403 };
        ensure!(ours.send(method, path, "").await?.status == status, "{path}");
    }
    let picture = Asking { accept: "image/png", ..Asking::new(&world, &secret) };
    ensure!(picture.send("GET", "lists/nieuwsbrief", "").await?.status == 406);
    ensure!(ours.send("POST", "mailings", json!({"purpose": "alles"}).to_string()).await?.status == 422);
    let empty = lines(&list(&ours).await?)?;
    ensure!(empty == [json!({"end": true, "people": 0})], "{empty:?}");
    ensure!(vinkje(&world, &["list", "kaas", "alles"]).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_mailing_proves_later_on_what_it_rested() -> Result<()> {
    let mut world = World::start().await?;
    let eva = world.form().give("nieuwsbrief", EVA).await?;
    let piet = world.form().give("nieuwsbrief", PIET).await?;
    let download = key(&world, &["download"]).await?;
    let answer = Asking::new(&world, &download)
        .send("POST", "mailings", json!({"purpose": "nieuwsbrief"}).to_string())
        .await?;
    ensure!(answer.status == 201, "{}", answer.text());
    let all = lines(&answer)?;
    ensure!(emails(&all) == [EVA, PIET], "{all:?}");
    let mailing = all[2]["mailing"].as_str().context("no mailing")?.to_owned();
    ensure!(
        answer.header("location") == format!("/v1/kaas/mailings/{mailing}"),
        "{}",
        answer.header("location")
    );

    // Afterwards one of them stops, and the other asks to be erased.
    world.withdraw_all(&eva.manage_url).await?;
    let late = "laat@voorbeeld.example";
    world.form().give("nieuwsbrief", late).await?;
    let asking = key(&world, &["ask"]).await?;
    let ours = Asking::new(&world, &asking);
    let shown = ours.send("GET", &format!("mailings/{mailing}"), "").await?.json()?;
    ensure!(shown["people"] == 2 && shown["purpose"] == "nieuwsbrief" && shown["by"] == KEY_NAME, "{shown}");
    ensure!(ours.send("GET", "mailings", "").await?.json()?["mailings"][0] == shown);
    let question = json!({"people": [EVA, late, "x", piet.manage_url]}).to_string();
    let path = format!("mailings/{mailing}/was-addressed");
    let said = ours.send("POST", &path, question.clone()).await?.json()?;
    ensure!(
        said["answers"][0]["addressed"] == true && said["answers"][0]["receipt"] == *eva.receipt,
        "{said}"
    );
    ensure!(said["answers"][0]["receipt_url"] == *eva.receipt_url, "{said}");
    ensure!(said["answers"][1] == json!({"line": 2, "addressed": false}), "{said}");
    ensure!(said["answers"][2] == json!({"line": 3, "error": "contact_invalid"}), "{said}");
    ensure!(
        said["answers"][3]["addressed"] == true && said["answers"][3]["receipt"] == *piet.receipt,
        "{said}"
    );
    let told_so = told(&world, &["mailing", "ask", "kaas", &mailing], &format!("{EVA}\n{late}\n")).await?;
    ensure!(told_so.contains(&eva.receipt) && told_so.contains("\"addressed\":false"), "{told_so}");

    let data = world.collector.data().display().to_string();
    world.collector.told(&["erase", "kaas", "--data", &data], &format!("{EVA}\n{PIET}\n")).await?;
    let gone = ours.send("POST", &path, json!({"people": [EVA, PIET]}).to_string()).await?.json()?;
    ensure!(
        gone["answers"][0] == json!({"line": 1, "addressed": false}),
        "an erased person is told apart: {gone}"
    );
    let shown = ours.send("GET", &format!("mailings/{mailing}"), "").await?.json()?;
    ensure!(shown["people"] == 2, "the mailing was another one: {shown}");
    ensure!(vinkje(&world, &["mailing", "list", "kaas"]).await?.contains(&mailing));
    ensure!(vinkje(&world, &["access", "kaas"]).await?.contains(&format!("mailing {mailing}")));
    world.collector.stop().await?;
    let checked = vinkje(&world, &["fsck"]).await?;
    ensure!(checked.starts_with("clean: 1 receipts of 1 people"), "{checked}");
    let begun = vinkje(&world, &["mailing", "begin", "kaas", "nieuwsbrief", "--format", "csv"]).await?;
    ensure!(begun.contains(late), "{begun}");
    ensure!(vinkje(&world, &["mailing", "list", "kaas"]).await?.lines().count() == 2);
    Ok(())
}
