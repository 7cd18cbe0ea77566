//! A receiver that answers as a test says, and remembers what it was sent.
//!
//! Invariant: it checks nothing; whether messages are good is for `e2e::receiver`.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use e2e::until::{PATIENCE_SECONDS, until};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// With this status.
    Status(u16),
    /// With a redirect to there.
    Elsewhere(String),
    /// Never.
    Never,
}

struct Memory {
    answers: Answers,
    got: Vec<(String, Value)>,
}

type Shared = Arc<(Mutex<Memory>, Notify)>;

/// A receiver, running.
pub struct Hook {
    /// Where it is.
    pub url: String,
    shared: Shared,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Hook {
    /// Starts one.
    ///
    /// # Errors
    ///
    /// If no port is free.
    pub async fn start(answers: Answers) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://127.0.0.1:{}/hook", listener.local_addr()?.port());
        let shared: Shared = Arc::new((Mutex::new(Memory { answers, got: Vec::new() }), Notify::new()));
        let router = Router::new().fallback(take).with_state(shared.clone());
        let server = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { url, shared, server })
    }

    /// Changes how it answers.
    pub fn answers(&self, answers: Answers) {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).answers = answers;
        self.shared.1.notify_waiters();
    }

    /// Ids and types of what it was sent, in order.
    pub fn got(&self) -> Vec<(String, String)> {
        let memory = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of =
            |(id, body): &(String, Value)| (id.clone(), body["type"].as_str().unwrap_or_default().to_owned());
        memory.got.iter().map(of).collect()
    }

    /// Waits until it was sent so many messages.
    ///
    /// # Errors
    ///
    /// If fewer come.
    pub async fn gets(&self, count: usize) -> Result<Vec<(String, String)>> {
        until(&format!("{count} messages"), PATIENCE_SECONDS, async || {
            let got = self.got();
            Ok((got.len() >= count).then_some(got))
        })
        .await
    }
}

async fn take(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let answers = {
        let mut memory = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.got.push((id, serde_json::from_str(&body).unwrap_or_default()));
        memory.answers.clone()
    };
    match answers {
        Answers::Status(status) => StatusCode::from_u16(status).unwrap_or_default().into_response(),
        Answers::Elsewhere(url) => (StatusCode::TEMPORARY_REDIRECT, [("location", url)]).into_response(),
        Answers::Never => {
            shared.1.notified().await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
