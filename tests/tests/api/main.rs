//! What the collector takes, and what it refuses: with which code, in which words, and that nothing is stored.
//!
//! In scope: the HTTP surface without a browser. Out of scope: losing power (`durability`), pages (`browser`).

mod connections;
mod links;
mod origins;
mod own_page;
mod receipts;
mod records;
mod refusals;
mod sizes;

use anyhow::{Result, ensure};
use e2e::http::Answer;
use e2e::submit::{answers, nonce};
use serde_json::{Value, json};
use shared::Language;
use shared::purpose::ContactField;
use shared::refusal::Refusal;

const EMAIL: &str = "eva@voorbeeld.example";

fn check_problem(answer: &Answer, status: u16, refusal: Refusal, language: Language) -> Result<()> {
    ensure!(answer.status == status, "status {} instead of {status}: {}", answer.status, answer.text());
    ensure!(answer.header("content-type") == "application/problem+json", "{}", answer.header("content-type"));
    let problem = answer.json()?;
    ensure!(problem["code"] == refusal.code(), "{problem}");
    ensure!(problem["status"] == status, "{problem}");
    ensure!(problem["detail"] == refusal.sentence(language), "{problem}");
    ensure!(problem["field"] == json!(refusal.field().map(ContactField::name)), "{problem}");
    Ok(())
}

fn whole(offer: &str) -> Result<Value> {
    Ok(answers(offer, &nonce()?, &["nieuwsbrief"], EMAIL))
}

fn changed(whole: &Value, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut body = whole.clone();
    change(&mut body);
    body.to_string().into_bytes()
}

/// One letter in the middle of the offer is another one.
fn forged(offer: &str) -> String {
    let middle = offer.len() / 2;
    let other = if offer.as_bytes()[middle] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &offer[..middle], &offer[middle + 1..])
}
