//! One POST to the collector and its answer.
//!
//! Invariant: sends no cookies, and tells "not taken" from "not reached".

use gloo_net::http::Request;
use js_sys::JSON;
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestCredentials};

use super::object::problem;
use crate::model::ProblemView;

/// Why an answer was not stored.
pub enum Failure {
    /// The collector said so, and why.
    Refused(ProblemView),
    /// No answer that can be read.
    Unreachable,
}

/// Sends an answer; gives the receipt's members.
pub async fn post(url: &str, body: String, signal: Option<&AbortSignal>) -> Result<JsValue, Failure> {
    let request = Request::post(url)
        .header("content-type", "application/json")
        .credentials(RequestCredentials::Omit)
        .abort_signal(signal)
        .body(body)
        .map_err(|_| Failure::Unreachable)?;
    let response = request.send().await.map_err(|_| Failure::Unreachable)?;
    let text = response.text().await.map_err(|_| Failure::Unreachable)?;
    let answer = JSON::parse(&text).map_err(|_| Failure::Unreachable)?;
    if response.ok() {
        return Ok(answer);
    }
    match problem(&answer) {
        problem if problem.code.is_empty() => Err(Failure::Unreachable),
        problem => Err(Failure::Refused(problem)),
    }
}
