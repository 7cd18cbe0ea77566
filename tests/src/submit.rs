//! What a visitor's browser sends to the collector, sent without a browser.
//!
//! Invariant: an offer always comes from the collector; only tests of bad input change one.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::http::{Answer, Client};

/// A receipt that a client was told of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acknowledged {
    /// The receipt's id.
    pub receipt: String,
    /// Where it is shown.
    pub receipt_url: String,
    /// Where it can be taken back.
    pub manage_url: String,
}

/// A form of a collector, seen from outside.
#[derive(Clone)]
pub struct Form {
    client: Client,
    url: String,
}

impl Form {
    /// The form with this path, such as `kaas/aanmelden`.
    #[must_use]
    pub fn new(client: &Client, base: &str, path: &str) -> Self {
        Self { client: client.clone(), url: format!("{base}/f/{path}") }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Asks for an offer in a language.
    ///
    /// # Errors
    ///
    /// If the collector gives none.
    pub async fn offer(&self, language: &str) -> Result<String> {
        let fragment = self.client.get(&format!("{}/fragment?lang={language}", self.url)).await?;
        ensure!(fragment.status == 200, "no fragment: {} {}", fragment.status, fragment.text());
        let offer = fragment.json()?["view"]["offer"].as_str().map(str::to_owned);
        offer.context("the fragment has no offer")
    }

    /// Sends a body as JSON.
    ///
    /// # Errors
    ///
    /// If no answer comes.
    pub async fn post(&self, body: &Value) -> Result<Answer> {
        self.client.send("POST", &self.url, &[("content-type", "application/json")], body.to_string()).await
    }

    /// Gives consent to one purpose, as a new visitor with this address.
    ///
    /// # Errors
    ///
    /// If the collector does not acknowledge it.
    pub async fn give(&self, purpose: &str, email: &str) -> Result<Acknowledged> {
        self.give_in("nl", purpose, email).await
    }

    /// The same in a language.
    ///
    /// # Errors
    ///
    /// If the collector does not acknowledge it.
    pub async fn give_in(&self, language: &str, purpose: &str, email: &str) -> Result<Acknowledged> {
        let body = answers(&self.offer(language).await?, &nonce()?, &[purpose], email);
        acknowledged(&self.post(&body).await?)
    }
}

/// The body of a submit.
#[must_use]
pub fn answers(offer: &str, nonce: &str, ticked: &[&str], email: &str) -> Value {
    json!({"offer": offer, "nonce": nonce, "ticked": ticked, "contact": {"email": email}, "ui": "script"})
}

/// Sixteen random bytes, as the browser makes them.
///
/// # Errors
///
/// If the system has no randomness.
pub fn nonce() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The value of a hidden field of a page.
///
/// # Errors
///
/// If it has none of that name.
pub fn hidden<'a>(page: &'a str, name: &str) -> Result<&'a str> {
    let named = format!("name=\"{name}\"");
    let field = page.split("<input").find(|field| field.contains(&named)).context("no such field")?;
    let (_, value) = field.split_once("value=\"").context("the field has no value")?;
    value.split('"').next().context("the value has no end")
}

/// What the collector acknowledged.
///
/// # Errors
///
/// If it refused.
pub fn acknowledged(answer: &Answer) -> Result<Acknowledged> {
    ensure!(matches!(answer.status, 200 | 201), "not acknowledged: {} {}", answer.status, answer.text());
    let body = answer.json()?;
    let field =
        |name: &str| body[name].as_str().map(str::to_owned).with_context(|| format!("no {name} in {body}"));
    Ok(Acknowledged {
        receipt: field("receipt")?,
        receipt_url: field("receipt_url")?,
        manage_url: field("manage_url")?,
    })
}
