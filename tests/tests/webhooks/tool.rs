//! A newsletter tool that speaks the documented APIs of listmonk and of Mailchimp.
//!
//! In scope: the requests that those documents describe, and the answers that they promise; anything else is refused as they refuse
//! it. Out of scope: mailing.
//!
//! Invariant: it keeps its lists by itself, and a test reads them from here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post, put};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::until::{PATIENCE_SECONDS, until};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The secret of listmonk's API user, and the API key of Mailchimp.
pub const SECRETS: [&str; 2] = ["vinkje:geheim-token", "0123456789abcdef-us6"];
/// The list in listmonk, and the audience in Mailchimp.
pub const LISTS: [&str; 2] = ["3", "9e67587f52"];

#[derive(Default)]
struct Memory {
    /// Addresses and how they stand on the list of listmonk; without a word for who is on no list.
    listmonk: BTreeMap<String, Option<String>>,
    /// The same of Mailchimp, by hash.
    mailchimp: BTreeMap<String, (String, String)>,
    /// Addresses that Mailchimp takes back in person only.
    in_person: Vec<String>,
    /// Every request: method and path.
    asked: Vec<String>,
    down: bool,
}

type Shared = Arc<Mutex<Memory>>;

/// A tool, running.
pub struct Tool {
    /// Where it is.
    pub url: String,
    shared: Shared,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Tool {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Tool {
    /// Starts one with nobody on its lists.
    ///
    /// # Errors
    ///
    /// If no port is free.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
        let shared = Shared::default();
        let router = Router::new()
            .route("/api/subscribers", post(listmonk_new))
            .route("/api/subscribers/query/lists", put(listmonk_lists))
            .route("/3.0/lists/{list}/members/{hash}", any(mailchimp_member))
            .fallback(async || StatusCode::NOT_FOUND)
            .with_state(shared.clone());
        let server = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { url, shared, server })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it answers 503 to everything.
    pub fn is_down(&self, down: bool) {
        self.memory().down = down;
    }

    /// Somebody whom listmonk knows from another list.
    pub fn knows(&self, email: &str) {
        self.memory().listmonk.insert(email.into(), None);
    }

    /// Somebody who once unsubscribed at Mailchimp.
    pub fn wants_in_person(&self, email: &str) {
        self.memory().in_person.push(email.into());
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<String> {
        self.memory().asked.clone()
    }

    /// How somebody stands at listmonk and at Mailchimp.
    pub fn stands(&self, email: &str) -> [Option<String>; 2] {
        let memory = self.memory();
        let member = memory.mailchimp.values().find(|(address, _)| address == email);
        [memory.listmonk.get(email).cloned().flatten(), member.map(|(_, status)| status.clone())]
    }

    /// Waits until somebody stands so.
    ///
    /// # Errors
    ///
    /// If they never do.
    pub async fn until(&self, email: &str, expected: [&str; 2]) -> Result<()> {
        until(&format!("{expected:?}"), PATIENCE_SECONDS, async || {
            let stands = self.stands(email);
            let same = stands.iter().zip(expected).all(|(one, other)| one.as_deref().unwrap_or("-") == other);
            if same { Ok(Some(())) } else { anyhow::bail!("{stands:?} after {:?}", self.asked()) }
        })
        .await
    }
}

/// Notes a request, and refuses it when the tool is down or does not know who asks.
fn enter(
    shared: &Shared,
    headers: &HeaderMap,
    (method, uri): (&Method, &Uri),
    auth: &str,
) -> Option<Response> {
    let mut memory = shared.lock().unwrap_or_else(PoisonError::into_inner);
    memory.asked.push(format!("{method} {uri}"));
    if memory.down {
        return Some(StatusCode::SERVICE_UNAVAILABLE.into_response());
    }
    let known = headers.get(AUTHORIZATION).is_some_and(|given| given.as_bytes() == auth.as_bytes());
    (!known).then(|| (StatusCode::FORBIDDEN, Json(json!({"message": "invalid session"}))).into_response())
}

fn listmonk_auth() -> String {
    format!("token {}", SECRETS[0])
}

fn refused(message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "message": message }))).into_response()
}

async fn listmonk_new(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if let Some(refusal) = enter(&shared, &headers, (&method, &uri), &listmonk_auth()) {
        return refusal;
    }
    let (Some(email), Some(name)) = (body["email"].as_str(), body["name"].as_str()) else {
        return refused("Invalid email.");
    };
    if name.is_empty() || body["status"] != "enabled" || body["lists"] != json!([3]) {
        return refused("Invalid fields.");
    }
    let mut memory = shared.lock().unwrap_or_else(PoisonError::into_inner);
    if memory.listmonk.contains_key(email) {
        let said = json!({"message": "Subscriber already exists."});
        return (StatusCode::CONFLICT, Json(said)).into_response();
    }
    let status = if body["preconfirm_subscriptions"] == true { "confirmed" } else { "unconfirmed" };
    memory.listmonk.insert(email.into(), Some(status.into()));
    Json(json!({"data": {"id": memory.listmonk.len(), "email": email, "lists": [3]}})).into_response()
}

async fn listmonk_lists(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if let Some(refusal) = enter(&shared, &headers, (&method, &uri), &listmonk_auth()) {
        return refusal;
    }
    let query = body["query"].as_str().and_then(|query| query.strip_prefix("subscribers.email = '"));
    let email = query.and_then(|query| query.strip_suffix('\'')).map(|email| email.replace("''", "'"));
    let status = match body["action"].as_str() {
        Some("add") => body["status"].as_str(),
        Some("unsubscribe") => Some("unsubscribed"),
        _ => None,
    };
    let (Some(email), Some(status)) = (email, status) else { return refused("Invalid fields.") };
    if body["target_list_ids"] != json!([3]) {
        return refused("No lists given.");
    }
    let mut memory = shared.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = memory.listmonk.get_mut(&email)
        && (known.is_some() || body["action"] == "add")
    {
        *known = Some(status.into());
    }
    Json(json!({"data": true})).into_response()
}

fn problem(status: StatusCode, title: &str) -> Response {
    let said = json!({"title": title, "status": status.as_u16(), "detail": "", "instance": ""});
    (status, [("content-type", "application/problem+json")], said.to_string()).into_response()
}

async fn mailchimp_member(
    State(shared): State<Shared>,
    Path((list, hash)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let auth = format!("Basic {}", STANDARD.encode(format!("vinkje:{}", SECRETS[1])));
    if let Some(refusal) = enter(&shared, &headers, (&method, &uri), &auth) {
        return refusal;
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return problem(StatusCode::BAD_REQUEST, "JSON Parse Error");
    };
    if list != LISTS[1] || hash.len() != 32 {
        return problem(StatusCode::NOT_FOUND, "Resource Not Found");
    }
    let mut memory = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(status) = body["status"].as_str().map(str::to_owned) else {
        return problem(StatusCode::BAD_REQUEST, "Invalid Resource");
    };
    let known = memory.mailchimp.contains_key(&hash);
    match (method.as_str(), body["email_address"].as_str()) {
        ("PUT", Some(email)) if body["status_if_new"].is_string() => {
            if status == "subscribed" && memory.in_person.iter().any(|one| one == email) {
                return problem(StatusCode::BAD_REQUEST, "Member In Compliance State");
            }
            memory.mailchimp.insert(hash, (email.into(), status.clone()));
        }
        ("PATCH", None) if known => {
            memory.mailchimp.entry(hash).and_modify(|member| member.1.clone_from(&status));
        }
        ("PATCH", None) => return problem(StatusCode::NOT_FOUND, "Resource Not Found"),
        _ => return problem(StatusCode::BAD_REQUEST, "Invalid Resource"),
    }
    Json(json!({"status": status, "list_id": list})).into_response()
}
