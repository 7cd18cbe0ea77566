//! The Chrome DevTools Protocol: commands and events of one browser over one WebSocket.
//!
//! In scope: sending a command, its answer, and a log of events per session. Out of scope: what the
//! commands mean (`page`, `network`). Why this and no library: `docs/decisions/0501-browser-client.md`.
//!
//! Invariant: every event that arrives is kept in order, so a test can ask for one after the fact.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long one command may take: long enough for a slowed-down page on a busy machine.
const ANSWER_SECONDS_MAX: u64 = 60;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Answer = Result<Value, String>;

/// One event, as the browser sent it.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name, such as `Network.requestWillBeSent`.
    pub method: String,
    /// Its parameters.
    pub params: Value,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<HashMap<u64, oneshot::Sender<Answer>>>,
    events: Mutex<HashMap<String, Vec<Event>>>,
    arrived: Notify,
}

/// A connection to a browser; cheap to clone.
#[derive(Clone)]
pub struct Connection {
    next_id: Arc<AtomicU64>,
    out: mpsc::UnboundedSender<Message>,
    shared: Arc<Shared>,
}

impl Connection {
    /// Connects to the browser's WebSocket address.
    ///
    /// # Errors
    ///
    /// If nobody listens there.
    pub async fn open(address: &str) -> Result<Self> {
        let (socket, _) = connect_async(address).await.context("couldn't connect to the browser")?;
        let (out, commands) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::default());
        tokio::spawn(pump(socket, commands, Arc::clone(&shared)));
        Ok(Self { next_id: Arc::new(AtomicU64::new(1)), out, shared })
    }

    /// A handle for the session with this id; the empty id is the browser itself.
    #[must_use]
    pub fn session(&self, id: &str) -> Session {
        Session { connection: self.clone(), id: id.to_owned() }
    }

    async fn send(&self, session: &str, method: &str, params: Value) -> Result<Value> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let mut command = json!({"id": id, "method": method, "params": params});
        if !session.is_empty() {
            command["sessionId"] = json!(session);
        }
        let (answer, answered) = oneshot::channel();
        lock(&self.shared.waiting).insert(id, answer);
        self.out.send(Message::text(command.to_string())).map_err(|_| anyhow!("the browser is gone"))?;
        let deadline = Duration::from_secs(ANSWER_SECONDS_MAX);
        match tokio::time::timeout(deadline, answered).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(message))) => bail!("couldn't {method}: {message}"),
            Ok(Err(_)) => bail!("couldn't {method}: the browser is gone"),
            Err(_) => bail!("couldn't {method}: no answer in {ANSWER_SECONDS_MAX} s"),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn pump(socket: Socket, mut commands: mpsc::UnboundedReceiver<Message>, shared: Arc<Shared>) {
    let (mut sink, mut stream) = socket.split();
    loop {
        tokio::select! {
            command = commands.recv() => {
                let Some(command) = command else { break };
                if sink.send(command).await.is_err() {
                    break;
                }
            }
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => receive(&shared, text.as_str()),
                Some(Ok(_)) => {}
                _ => break,
            },
        }
    }
    lock(&shared.waiting).clear();
    shared.arrived.notify_waiters();
}

fn receive(shared: &Shared, text: &str) {
    let Ok(mut message) = serde_json::from_str::<Value>(text) else { return };
    if let Some(id) = message["id"].as_u64() {
        if let Some(waiting) = lock(&shared.waiting).remove(&id) {
            let answer = match message["error"]["message"].as_str() {
                Some(error) => Err(error.to_owned()),
                None => Ok(message["result"].take()),
            };
            // A test that gave up no longer listens; its answer is of no use to anybody.
            drop(waiting.send(answer));
        }
        return;
    }
    let session = message["sessionId"].as_str().unwrap_or_default().to_owned();
    let method = message["method"].as_str().unwrap_or_default().to_owned();
    let event = Event { method, params: message["params"].take() };
    lock(&shared.events).entry(session).or_default().push(event);
    shared.arrived.notify_waiters();
}

/// One conversation with a page, or with the browser.
#[derive(Clone)]
pub struct Session {
    connection: Connection,
    id: String,
}

impl Session {
    /// Sends a command and waits for its answer.
    ///
    /// # Errors
    ///
    /// If the browser refuses the command, is gone, or does not answer.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value> {
        self.connection.send(&self.id, method, params).await
    }

    /// A second session of the same connection.
    #[must_use]
    pub fn sibling(&self, id: &str) -> Self {
        self.connection.session(id)
    }

    /// How many events have arrived: a mark to look from.
    #[must_use]
    pub fn mark(&self) -> usize {
        lock(&self.connection.shared.events).get(&self.id).map_or(0, Vec::len)
    }

    /// What `pick` makes of the events since `mark`.
    pub fn events<T>(&self, mark: usize, pick: impl Fn(&Event) -> Option<T>) -> Vec<T> {
        let events = lock(&self.connection.shared.events);
        events.get(&self.id).map_or_else(Vec::new, |log| log.iter().skip(mark).filter_map(pick).collect())
    }

    /// Waits for the first event since `mark` that `pick` takes.
    ///
    /// # Errors
    ///
    /// If none came within `seconds`.
    pub async fn wait<T>(
        &self,
        mark: usize,
        what: &str,
        seconds: u64,
        pick: impl Fn(&Event) -> Option<T>,
    ) -> Result<T> {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(seconds);
        loop {
            let news = self.connection.shared.arrived.notified();
            tokio::pin!(news);
            // Listen before looking, so that an event between the two is not missed.
            news.as_mut().enable();
            if let Some(found) = self.events(mark, &pick).into_iter().next() {
                return Ok(found);
            }
            let waited = tokio::time::timeout_at(deadline, news).await;
            waited.with_context(|| format!("{what} did not come in {seconds} s"))?;
        }
    }
}
