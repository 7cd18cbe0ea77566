//! Taking over a list through the control socket.
//!
//! Invariant: what is wrong with the whole list is said before a row is touched; an answer without its last line broke off.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use shared::limits::{IMPORT_BYTES_MAX, IMPORT_WORDING_BYTES_MAX};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::Named;
use crate::cli::import::{end, lines};
use crate::service::Service;
use crate::service::import::Settings;

/// The list, and a line before it that says what it is; escaped, a byte of the words may have six.
pub(super) const BYTES_MAX: usize = IMPORT_BYTES_MAX + 6 * IMPORT_WORDING_BYTES_MAX + 16 * 1024;

/// A line that says what the list is, and then the list.
pub(super) async fn take(
    State(service): State<Arc<Service>>,
    Named(organisation): Named,
    body: Bytes,
) -> Response {
    let refuse = |said: String| (StatusCode::UNPROCESSABLE_ENTITY, said).into_response();
    let Some(at) = body.iter().position(|byte| *byte == b'\n') else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let settings: Settings = match serde_json::from_slice(&body[..at]) {
        Ok(settings) => settings,
        Err(_) => return refuse("this program and the collector are of other versions".into()),
    };
    let import = match service.importer(organisation).begin(settings, Arc::from(&body[at + 1..])) {
        Ok(import) => import,
        Err(unfit) => return refuse(unfit.to_string()),
    };
    drop(body);
    let (sender, chunks) = mpsc::channel(4);
    tokio::spawn(async move {
        let (rows, mut judged) = mpsc::channel::<Vec<_>>(1);
        let passing = sender.clone();
        let passed = async move {
            while let Some(judged) = judged.recv().await {
                if passing.send(lines(&judged)).await.is_err() {
                    // Whoever asked has gone away: dropping what comes ends the work.
                    return;
                }
            }
        };
        let (done, ()) = tokio::join!(import.run(rows), passed);
        let _ = sender.send(end(done)).await;
    });
    let frames =
        ReceiverStream::new(chunks).map(|text| Ok::<_, std::io::Error>(Frame::data(Bytes::from(text))));
    Body::new(http_body_util::StreamBody::new(frames)).into_response()
}
