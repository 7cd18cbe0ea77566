//! The same over HTTP: a dry run unless it is said, every row with its fate, and nothing twice.

use anyhow::{Context, Result, ensure};
use e2e::http::Answer;
use e2e::world::vinkje;
use serde_json::{Value, json};

use super::{Lists, SOURCE, WORDS, days_ago};

const EVA: &str = "eva@voorbeeld.example";

impl Lists {
    async fn key(&self, scope: &str) -> Result<String> {
        let made = vinkje(&self.world, &["key", "add", "kaas", "--name", scope, "--scope", scope]).await?;
        Ok(made.trim().to_owned())
    }

    async fn post(&self, key: &str, accept: &str, body: &Value) -> Result<Answer> {
        let url = format!("{}/v1/kaas/imports", self.world.collector.base());
        let bearer = format!("Bearer {key}");
        let headers =
            [("content-type", "application/json"), ("accept", accept), ("authorization", bearer.as_str())];
        let answer = self.world.client.send("POST", &url, &headers, body.to_string().into_bytes()).await?;
        ensure!(!answer.text().contains('@'), "the answer names somebody: {}", answer.text());
        Ok(answer)
    }
}

fn request(list: &str, more: &Value) -> Value {
    let mut request = json!({"purpose": "nieuwsbrief", "source": SOURCE, "wording": WORDS, "list": list});
    for (name, value) in more.as_object().into_iter().flatten() {
        request[name] = value.clone();
    }
    request
}

fn fates(answer: &Value) -> Vec<(u64, &str)> {
    let rows = answer["rows"].as_array().into_iter().flatten();
    rows.filter_map(|row| Some((row["row"].as_u64()?, row["fate"].as_str()?))).collect()
}

#[tokio::test]
async fn nothing_is_written_unless_it_is_said_and_then_nothing_twice() -> Result<()> {
    let mut lists = Lists::start().await?;
    let key = lists.key("manage").await?;
    let day = days_ago(9);
    let list = format!(
        "email,date,reference\n{EVA},{day},f-1\npiet@voorbeeld.example,,\nniets,{day},\n{EVA},{day},\n"
    );
    let expected = [(2, "imported"), (3, "unproven"), (4, "email_invalid"), (5, "repeated")];
    let answer = lists.post(&key, "application/json", &request(&list, &json!({}))).await?;
    ensure!(answer.status == 200 && answer.header("cache-control") == "no-store", "{}", answer.text());
    let dry = answer.json()?;
    ensure!(fates(&dry) == expected && dry["dry_run"] == true && dry["end"] == true, "{dry}");
    ensure!(
        dry["fates"]["imported"]["rows"] == 1 && dry["fates"]["imported"]["meaning"].is_string(),
        "{dry}"
    );
    ensure!(lists.world.events().await?.is_empty(), "a dry run wrote something");
    ensure!(lists.stands(EVA).await? == ("unknown".into(), false));

    let really = request(&list, &json!({"dry_run": false}));
    let done = lists.post(&key, "application/json", &really).await?.json()?;
    ensure!(fates(&done) == expected && done["dry_run"] == false && done["file"] == dry["file"], "{done}");
    ensure!(lists.stands(EVA).await? == ("given".into(), true));
    let events = lists.world.events().await?;
    ensure!(events.len() == 2, "{events:?}");
    let again = lists.post(&key, "application/x-ndjson", &really).await?;
    let lines: Vec<Value> = again.text().lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let last = lines.last().context("no line")?;
    ensure!(last["end"] == true && last["rows"] == 4, "{last}");
    let told: Vec<&str> = lines.iter().filter_map(|line| line["fate"].as_str()).collect();
    ensure!(told == ["already_given", "already_known", "email_invalid", "repeated"], "{told:?}");
    ensure!(lists.world.events().await?.len() == 2, "the same list made another receipt");
    // The command finds the same: it is the same list, taken over.
    let file = lists.file("list.csv", &list)?;
    ensure!(lists.import(&file, &[]).await?.contains("1  already_given"));
    lists.clean().await?;
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_the_whole_list_is_said_before_any_row() -> Result<()> {
    let mut lists = Lists::start().await?;
    let key = lists.key("manage").await?;
    let list = format!("email,date\n{EVA},{}\n", days_ago(9));
    let cases = [
        (request(&list, &json!({"purpose": "post"})), "list_purpose_needs_more"),
        (request(&list, &json!({"purpose": "niets"})), "list_purpose_not_asked"),
        (request(&list, &json!({"form": "niets"})), "list_purpose_not_asked"),
        (request(&list, &json!({"source": " "})), "list_source_invalid"),
        (request(&list, &json!({"wording": "x".repeat(20_000)})), "list_wording_invalid"),
        (request(&list, &json!({"obtained": "3-5-2024"})), "list_obtained_invalid"),
        (request(&list, &json!({"obtained": "2024-05-03"})), "list_dates_twice"),
        (request(&list, &json!({"columns": {"email": "Adres"}})), "list_column_missing"),
        (request("email,email\na,b\n", &json!({})), "list_column_twice"),
        (request("email\n", &json!({})), "list_empty"),
        (request("", &json!({})), "list_names_missing"),
    ];
    for (mut body, code) in cases {
        body["dry_run"] = false.into();
        let answer = lists.post(&key, "*/*", &body).await?;
        let said = answer.json()?;
        ensure!(answer.status == 422 && said["code"] == code, "{code}: {} {said}", answer.status);
        ensure!(said["detail"].as_str().is_some_and(|text| text.ends_with('.')), "{said}");
    }
    let long = request(&"x".repeat(5 * 1024 * 1024), &json!({}));
    ensure!(lists.post(&key, "*/*", &long).await?.status == 413, "a body without end is read");
    let strange = request(&list, &json!({"dryrun": false}));
    ensure!(lists.post(&key, "*/*", &strange).await?.status == 400, "a slip in a name is let by");
    for scope in ["ask", "download", "sales", "mail"] {
        let other = lists.key(scope).await?;
        let refused = lists.post(&other, "*/*", &request(&list, &json!({"dry_run": false}))).await?;
        ensure!(refused.status == 403, "{scope} takes over lists");
    }
    ensure!(lists.world.events().await?.is_empty(), "something was written");
    lists.clean().await?;
    Ok(())
}
