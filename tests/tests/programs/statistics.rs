//! How many, without saying who.

use anyhow::{Context, Result, ensure};
use e2e::world::World;
use serde_json::Value;

use super::asking::{Asking, key, vinkje};

fn row<'a>(statistics: &'a Value, purpose: &str) -> Result<&'a Value> {
    let mut rows = statistics["rows"].as_array().into_iter().flatten();
    rows.find(|row| row["purpose"] == purpose).with_context(|| format!("no {purpose} in {statistics}"))
}

#[tokio::test]
async fn small_numbers_are_held_back_and_nothing_shows_them_by_the_difference() -> Result<()> {
    let mut world = World::start().await?;
    let crowd = world.crowd(7, 4, |person| format!("p{person}@voorbeeld.example")).await?;
    for person in &crowd[..2] {
        world.withdraw_all(&person.manage_url).await?;
    }
    let english = world.form().give_in("en", "nieuwsbrief", "eva@voorbeeld.example").await?;
    let secret = key(&world, &[]).await?;
    let ours = Asking::new(&world, &secret);
    let today = ours.send("GET", "statistics?by=day,form,language", "").await?;
    ensure!(today.status == 200, "{}", today.text());
    let today = today.json()?;
    let dutch = row(&today, "nieuwsbrief")?;
    let english_row = today["rows"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["language"] == "en" && row["purpose"] == "nieuwsbrief"));
    let english_row = english_row.with_context(|| format!("no English row: {today}"))?;
    ensure!(english_row["given"] == 0 && english_row["rounded"][0] == "given", "{english_row}");
    ensure!(dutch["form"] == "aanmelden" && dutch["when"].is_string(), "{dutch}");
    let all = ours.send("GET", "statistics?by=purpose", "").await?.json()?;
    let letter = row(&all, "nieuwsbrief")?;
    // Eight in all, of which one in English, and two stopped.
    ensure!(letter["given"] == 5 && letter["withdrawn"] == 0, "{letter}");
    ensure!(letter["rounded"] == serde_json::json!(["given", "withdrawn"]), "{letter}");
    let post = row(&all, "post")?;
    ensure!(post["refused"] == 5 && post["given"] == 0 && post["rounded"][0] == "refused", "{post}");

    let csv = Asking { accept: "text/csv", ..Asking::new(&world, &secret) };
    let csv = csv.send("GET", "statistics?by=month", "").await?;
    ensure!(csv.text().starts_with("when,purpose,form,language,given,refused,"), "{}", csv.text());
    let svg = Asking { accept: "image/svg+xml", ..Asking::new(&world, &secret) };
    let svg = svg.send("GET", "statistics", "").await?;
    ensure!(
        svg.header("content-type") == "image/svg+xml" && svg.text().contains("<desc id=\"d\">"),
        "{}",
        svg.text()
    );
    for bad in [
        "from=gisteren",
        "by=uur",
        "from=2020-01-01&until=2026-01-01",
        "from=2026-01-02&until=2026-01-01",
        "x=1",
    ] {
        let refused = ours.send("GET", &format!("statistics?{bad}"), "").await?;
        ensure!(refused.status == 400, "{bad}: {}", refused.status);
    }
    // Erasing somebody changes no number that was shown.
    let data = world.collector.data().display().to_string();
    world.collector.told(&["erase", "kaas", "--data", &data], &english.manage_url).await?;
    ensure!(ours.send("GET", "statistics?by=purpose", "").await?.json()? == all, "the past is another one");
    let told = vinkje(&world, &["statistics", "kaas", "--by", "purpose"]).await?;
    ensure!(serde_json::from_str::<Value>(&told)? == all, "{told}");
    world.collector.stop().await?;
    ensure!(vinkje(&world, &["statistics", "kaas", "--by", "purpose"]).await? == told);
    let picture = vinkje(&world, &["statistics", "kaas", "--format", "svg", "--lang", "en"]).await?;
    ensure!(picture.starts_with("<svg ") && picture.contains("lang=\"en\""), "{picture}");
    ensure!(vinkje(&world, &["fsck"]).await?.starts_with("clean"));
    Ok(())
}
