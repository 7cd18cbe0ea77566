//! A program with a key.

use anyhow::{Result, ensure};
use e2e::http::Answer;
use e2e::world::World;
pub use e2e::world::{told, vinkje};

pub const EVA: &str = "eva@voorbeeld.example";
pub const PIET: &str = "piet@voorbeeld.example";
pub const KEY_NAME: &str = "nieuwsbriefprogramma";

/// Makes a key for these scopes.
pub async fn key(world: &World, scopes: &[&str]) -> Result<String> {
    let mut arguments = vec!["add", "kaas", "--name", KEY_NAME];
    for scope in scopes {
        arguments.extend(["--scope", scope]);
    }
    Ok(vinkje(world, &[&["key"], &arguments[..]].concat()).await?.trim().to_owned())
}

pub struct Asking<'a> {
    pub world: &'a World,
    pub organisation: &'a str,
    pub authorization: Option<String>,
    pub kind: &'a str,
    pub accept: &'a str,
}

impl<'a> Asking<'a> {
    pub fn new(world: &'a World, key: &str) -> Self {
        let authorization = Some(format!("Bearer {key}"));
        Self { world, organisation: "kaas", authorization, kind: "application/json", accept: "*/*" }
    }

    pub async fn send(&self, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Result<Answer> {
        let url = format!("{}/v1/{}/{path}", self.world.collector.base(), self.organisation);
        let mut headers = vec![("content-type", self.kind), ("accept", self.accept)];
        headers.extend(self.authorization.as_deref().map(|value| ("authorization", value)));
        self.world.client.send(method, &url, &headers, body.into()).await
    }

    pub async fn ask(&self, body: impl Into<Vec<u8>>) -> Result<Answer> {
        self.send("POST", "may-address", body).await
    }
}

/// The lines of an answer as JSON; the last one must say that it is the end.
pub fn lines(answer: &Answer) -> Result<Vec<serde_json::Value>> {
    let lines: Vec<serde_json::Value> =
        answer.text().lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(lines.last().is_some_and(|last| last["end"] == true), "no end: {}", answer.text());
    Ok(lines)
}
