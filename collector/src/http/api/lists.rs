//! `GET /v1/{organisation}/lists/{purpose}`: who may now be addressed for a purpose, with their contact data.
//!
//! In scope: the form of the answer, its headers and its trailer. Out of scope: the people (`service::lists`).
//!
//! Invariant: an answer that was cut off is told apart from a whole one: the connection breaks, JSON Lines lack their last line,
//! and CSV lacks its trailer.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, TRAILER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::StreamBody;
use hyper::body::Frame;
use shared::ids::PurposeId;
use shared::refusal::Refusal;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::{Asker, Download as DownloadScope, Kind};
use crate::http::App;
use crate::http::path::Path;
use crate::service::list_lines::Format;
use crate::service::lists::{BrokenOff, Download, Piece, Wanted};

/// Pieces that wait for a slow reader.
const PIECES_MAX: usize = 2;

/// The trailer that says how many people a whole list has (RFC 9110 §6.5); sent to whoever says `TE: trailers`.
const PEOPLE: HeaderName = HeaderName::from_static("vinkje-people");

/// Who may now be addressed for a purpose. Each download is recorded.
///
/// `application/x-ndjson` ends with a line that says `end`. `text/csv` ends with the trailer `vinkje-people`. Whatever breaks off
/// breaks the connection.
#[utoipa::path(
    get,
    path = "/v1/{organisation}/lists/{purpose}",
    operation_id = "list",
    tag = "Lists",
    security(("key" = ["download"])),
    params(
        ("organisation" = String, Path, description = "The organisation's name"),
        ("purpose" = String, Path, description = "The purpose's name"),
    ),
    responses((status = 200, description = "The people", content(
        (String = "application/x-ndjson"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn list(
    State(app): State<App>,
    asker: Asker<DownloadScope>,
    Path((_, purpose)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let wanted = PurposeId::parse(&purpose).map_err(|_| Refusal::NotFound);
    let wanted = wanted.and_then(|purpose| {
        let format = format(&headers)?;
        Ok(Wanted { purpose, format, mailing: false, who: asker.key.clone() })
    });
    match app.download(&asker, wanted).await {
        Ok(response) => response,
        Err(Refusal::PurposeNotOffered) => asker.refused(Refusal::NotFound),
        Err(refusal) => asker.refused(refusal),
    }
}

/// The form that is asked for.
///
/// # Errors
///
/// [`Refusal::NotAcceptable`].
pub(super) fn format(headers: &HeaderMap) -> Result<Format, Refusal> {
    match Kind::wanted(headers, &[Kind::Lines, Kind::Csv])? {
        Kind::Csv => Ok(Format::Csv),
        _ => Ok(Format::Lines),
    }
}

impl App {
    /// Hands out a list, or a mailing.
    pub(super) async fn download(
        &self,
        asker: &Asker<DownloadScope>,
        wanted: Result<Wanted, Refusal>,
    ) -> Result<Response, Refusal> {
        let wanted = wanted?;
        let place = self.downloading.clone().try_acquire_owned().map_err(|_| Refusal::Overloaded)?;
        let name = wanted.purpose.clone();
        let download = self.service.lister(asker.organisation.clone()).begin(wanted).await?;
        let mut head = head(&download, &name);
        if let Some(mailing) = download.mailing() {
            let place = format!("/v1/{}/mailings/{mailing}", asker.organisation.catalogue.organisation);
            head.extend(HeaderValue::from_str(&place).ok().map(|place| (LOCATION, place)));
        }
        let status = if download.mailing().is_some() { StatusCode::CREATED } else { StatusCode::OK };
        let (sender, pieces) = mpsc::channel(PIECES_MAX);
        tokio::spawn(async move {
            download.run(sender).await;
            drop(place);
        });
        Ok((status, head, body(pieces)).into_response())
    }
}

/// The bytes of a download as a body that breaks off when the download does.
pub(crate) fn body(pieces: mpsc::Receiver<Result<Piece, BrokenOff>>) -> Body {
    let frames = ReceiverStream::new(pieces).map(|piece| match piece? {
        Piece::Lines(bytes) => Ok::<_, BrokenOff>(Frame::data(Bytes::from(bytes))),
        Piece::End(people) => {
            Ok(Frame::trailers(HeaderMap::from_iter([(PEOPLE, HeaderValue::from(people))])))
        }
    });
    Body::new(StreamBody::new(frames))
}

fn head(download: &Download, purpose: &PurposeId) -> HeaderMap {
    let (kind, ending) = match download.format() {
        Format::Csv => (Kind::Csv, "csv"),
        Format::Lines => (Kind::Lines, "jsonl"),
    };
    let file = format!("attachment; filename=\"{purpose}.{ending}\"");
    let mut head = HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static(kind.media_type())),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (TRAILER, HeaderValue::from_name(PEOPLE)),
    ]);
    head.extend(HeaderValue::from_str(&file).ok().map(|file| (CONTENT_DISPOSITION, file)));
    head
}
