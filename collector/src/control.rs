//! The control socket: how `vinkje apply`, `backup`, `list` and other commands reach a collector that is serving.
//!
//! In scope: a Unix socket in the data folder, and both ends of it. Out of scope: what is applied or exported.
//!
//! Invariant: only the owner of the data folder can connect; nothing of it is reachable over the network.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, extract};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use shared::Language;
use shared::ids::{FormRef, OrganisationId};
use shared::limits::DEFINITION_BYTES_MAX;
use tokio::net::{UnixListener, UnixStream};

use crate::catalogue::Organisation;
use crate::cli::open::none_of;
use crate::cli::{
    access, apply, backup, bundle, endpoint, erase, key, kiosk, list, mailing, may, statistics, undelivered,
};
use crate::http::api::lists;
use crate::service::as_of::Asked;
use crate::service::bundle::write_all;
use crate::service::kiosk::enrol::Kiosks;
use crate::service::snippet::Snippet;
use crate::service::{Service, export};

mod counter;
mod import;
mod sales;

/// The socket in a data folder.
#[must_use]
pub fn path(data: &Path) -> PathBuf {
    data.join("control.sock")
}

/// Listens; a socket that a killed process left behind is replaced, because the store's own lock says who serves.
///
/// # Errors
///
/// What the system says.
pub fn listen(data: &Path) -> Result<UnixListener> {
    let path = path(data);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let listener =
        UnixListener::bind(&path).with_context(|| format!("couldn't listen on {}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Serves until the process stops.
pub async fn serve(listener: UnixListener, service: Arc<Service>) {
    let router = Router::new()
        .route("/apply", post(apply_definition))
        .route("/export/{organisation}/{lines}", get(export_events))
        .route("/backup", post(backup))
        .route("/bundle/{organisation}", get(fill_bundle))
        .route("/bundle/{organisation}/all", get(whole_bundle))
        .route("/erase/{organisation}", post(erase_people))
        .route("/may/{organisation}", post(may_people))
        .route("/import/{organisation}", post(import::take).layer(DefaultBodyLimit::max(import::BYTES_MAX)))
        .route("/paper/{organisation}", post(counter::enter))
        .route("/slip/{organisation}", post(counter::stop))
        .route("/sales/{organisation}", post(sales::take).layer(DefaultBodyLimit::max(sales::BYTES_MAX)))
        .route("/key/{organisation}", post(keep_keys))
        .route("/kiosk/{organisation}", post(keep_kiosks))
        .route("/endpoint/{organisation}", post(keep_endpoints))
        .route("/list/{organisation}/{purpose}/{format}/{kept}", post(hand_out))
        .route("/mailings/{organisation}", get(name_mailings))
        .route("/mailings/{organisation}/{mailing}", post(ask_mailing))
        .route("/access/{organisation}", get(access_record))
        .route("/statistics/{organisation}", post(count))
        .route("/undelivered/{organisation}", get(what_did_not_arrive))
        .route("/snippet/{kind}/{organisation}/{form}", get(snippet_lines))
        .layer(DefaultBodyLimit::max(DEFINITION_BYTES_MAX))
        .with_state(service);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "the control socket ended");
    }
}

/// The organisation that a path names.
struct Named(Arc<Organisation>);

#[derive(serde::Deserialize)]
struct Name {
    organisation: String,
}

impl FromRequestParts<Arc<Service>> for Named {
    type Rejection = (StatusCode, String);

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let name = extract::Path::<Name>::from_request_parts(parts, service).await;
        let name = name.ok().and_then(|name| OrganisationId::parse(&name.organisation).ok());
        let known = service.registry.now();
        let found = name.and_then(|name| known.named(&name).cloned());
        found.map(Self).ok_or_else(|| (StatusCode::NOT_FOUND, none_of(&known)))
    }
}

async fn apply_definition(State(service): State<Arc<Service>>, text: String) -> Response {
    match apply::apply(&service.registry, &service.sequencer, &text).await {
        Ok(report) => (StatusCode::OK, report).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

async fn backup(State(service): State<Arc<Service>>, to: String) -> Response {
    let written = tokio::task::spawn_blocking(move || {
        backup::write(service.engine.as_ref(), Path::new(&to), &mut |_| {})
    });
    match written.await {
        Ok(Ok(report)) => (StatusCode::OK, report).into_response(),
        Ok(Err(error)) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{error:#}")).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn fill_bundle(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Query(wanted): extract::Query<bundle::Wanted>,
) -> Response {
    let filled = service.bundler_of(&organisation, |bundler| bundle::fill(bundler, &wanted));
    match filled {
        Ok(bytes) => bytes.into_response(),
        Err(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, bundle::sentence(refusal)).into_response(),
    }
}

async fn erase_people(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    people: String,
) -> Response {
    erase::erase(&service.eraser(), &organisation, &people).await.into_response()
}

async fn may_people(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Query(asked): extract::Query<Asked>,
    people: String,
) -> Response {
    said(service.answerer(&organisation, |answerer| may::answers(answerer, &asked, &people)))
}

async fn keep_keys(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Json(deed): extract::Json<key::Deed>,
) -> Response {
    match key::keep(service.engine.as_ref(), &service.sequencer, organisation.number, &deed).await {
        Ok(said) => said.into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

async fn keep_kiosks(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Json(deed): extract::Json<kiosk::Deed>,
) -> Response {
    let (engine, sequencer) = (service.engine.as_ref(), &service.sequencer);
    let kiosks = Kiosks { engine, sequencer, organisation: &organisation };
    said(Ok(kiosk::keep(&kiosks, &service.base_url, &deed).await))
}

async fn keep_endpoints(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Json(deed): extract::Json<endpoint::Deed>,
) -> Response {
    said(Ok(endpoint::serving(&service, &organisation, &deed).await))
}

#[derive(serde::Deserialize)]
struct HandedOut {
    purpose: String,
    format: String,
    kept: String,
}

async fn hand_out(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Path(HandedOut { purpose, format, kept }): extract::Path<HandedOut>,
) -> Response {
    let (Ok(purpose), Ok(format)) = (purpose.parse(), format.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let wanted = list::wanted(purpose, format, kept == list::MAILING);
    match service.lister(organisation).begin(wanted).await {
        Ok(download) => {
            let (sender, pieces) = tokio::sync::mpsc::channel(1);
            tokio::spawn(download.run(sender));
            lists::body(pieces).into_response()
        }
        Err(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.sentence(Language::En)).into_response(),
    }
}

async fn name_mailings(State(service): State<Arc<Service>>, Named(organisation): Named) -> Response {
    said(service.answerer(&organisation, mailing::names))
}

#[derive(serde::Deserialize)]
struct OneMailing {
    mailing: String,
}

async fn ask_mailing(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Path(OneMailing { mailing }): extract::Path<OneMailing>,
    people: String,
) -> Response {
    said(service.answerer(&organisation, |answerer| mailing::answers(answerer, &mailing, &people)))
}

async fn access_record(State(service): State<Arc<Service>>, Named(organisation): Named) -> Response {
    said(service.answerer(&organisation, |answerer| access::lines(answerer.snapshot, organisation.number)))
}

async fn what_did_not_arrive(State(service): State<Arc<Service>>, Named(organisation): Named) -> Response {
    said(service.answerer(&organisation, undelivered::lines))
}

async fn count(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Json(wanted): extract::Json<statistics::Wanted>,
) -> Response {
    said(service.answerer(&organisation, |answerer| statistics::answer(answerer, &wanted)))
}

fn said(said: Result<Result<String>, shared::refusal::Refusal>) -> Response {
    match said {
        Ok(Ok(said)) => said.into_response(),
        Ok(Err(error)) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{error:#}")).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(serde::Deserialize)]
struct InLanguage {
    lang: String,
}

async fn snippet_lines(
    State(service): State<Arc<Service>>,
    extract::Path((kind, organisation, form)): extract::Path<(String, String, String)>,
    extract::Query(InLanguage { lang }): extract::Query<InLanguage>,
) -> Response {
    let Ok(form) = FormRef::parse(&format!("{organisation}/{form}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match Snippet::new(&service.registry.now(), &service.base_url, &form, Language::parse(&lang)) {
        Ok(snippet) if kind == "pinned" => snippet.pinned(&service.assets.manifest).into_response(),
        Ok(snippet) => snippet.plain().into_response(),
        Err(refusal) => (StatusCode::NOT_FOUND, refusal.sentence(Language::En)).into_response(),
    }
}

async fn export_events(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    extract::Path(Written { lines }): extract::Path<Written>,
) -> Response {
    let Ok(lines) = lines.parse() else { return StatusCode::NOT_FOUND.into_response() };
    piece_by_piece(move |out| {
        export::write(service.engine.as_ref(), organisation.number, lines, out).map(drop)
    })
}

#[derive(serde::Deserialize)]
struct Written {
    lines: String,
}

async fn whole_bundle(State(service): State<Arc<Service>>, Named(organisation): Named) -> Response {
    piece_by_piece(move |out| {
        write_all(service.engine.as_ref(), &organisation, &service.keys, &service.base_url, out)
    })
}

type Pieces = std::io::BufWriter<Chunks>;

/// An answer of any length, written while it is read.
fn piece_by_piece(write: impl FnOnce(&mut Pieces) -> Result<()> + Send + 'static) -> Response {
    let (sender, chunks) = tokio::sync::mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut writer = std::io::BufWriter::with_capacity(64 * 1024, Chunks(sender.clone()));
        let written = write(&mut writer);
        if let Err(error) = written.and_then(|()| Ok(std::io::Write::flush(&mut writer)?)) {
            tracing::error!(%error, "an export broke off");
            // Whoever reads must not take what came so far for all of it.
            let _ = sender.blocking_send(Err(std::io::Error::other("the export broke off")));
        }
    });
    let chunks = tokio_stream::wrappers::ReceiverStream::new(chunks);
    Body::new(http_body_util::StreamBody::new(chunks)).into_response()
}

type Chunk = std::io::Result<hyper::body::Frame<Bytes>>;

/// What is written here goes to the reader piece by piece; a reader that has gone away is an error.
struct Chunks(tokio::sync::mpsc::Sender<Chunk>);

impl std::io::Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let chunk = Ok(hyper::body::Frame::data(Bytes::copy_from_slice(bytes)));
        self.0.blocking_send(chunk).map_err(|_| ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Sends one request to a serving collector and gives the whole of its answer, which is a short text.
///
/// # Errors
///
/// As [`call`].
pub async fn ask(data: &Path, method: &str, target: &str, body: String) -> Result<String> {
    let mut answer = Vec::new();
    let take = |bytes: &[u8]| {
        answer.extend_from_slice(bytes);
        Ok(())
    };
    call(data, method, target, body, take).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Sends one request to a serving collector and writes its answer out as it comes.
///
/// # Errors
///
/// As [`call`].
pub async fn copy(data: &Path, method: &str, target: &str, out: &mut impl std::io::Write) -> Result<()> {
    call(data, method, target, String::new(), |bytes| out.write_all(bytes)).await
}

/// Sends one request to a serving collector and hands its answer on piece by piece.
///
/// # Errors
///
/// When nobody serves there, or the collector refuses; its words are the error.
pub async fn call(
    data: &Path,
    method: &str,
    target: &str,
    body: impl Into<Bytes>,
    mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> Result<()> {
    let stream = UnixStream::connect(path(data)).await;
    let stream =
        stream.context("another process holds the data, and it does not answer on its control socket")?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", "control")
        .header("content-type", "application/json")
        .body(Full::new(body.into()))?;
    let mut response = sender.send_request(request).await?;
    let status = response.status();
    if status != StatusCode::OK {
        let said = response.into_body().collect().await?.to_bytes();
        if said.is_empty() {
            bail!("the collector could not do it; its log says why");
        }
        bail!("{}", String::from_utf8_lossy(&said));
    }
    while let Some(frame) = response.body_mut().frame().await {
        if let Ok(bytes) = frame?.into_data() {
            take(&bytes)?;
        }
    }
    Ok(())
}
