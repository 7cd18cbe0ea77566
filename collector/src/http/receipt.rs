//! A receipt: as a page, as the signed file, as readable JSON, as a standard record, the proof of its place in the log, and
//! all of that in one bundle.
//!
//! Invariant: the signed file is the stored bytes and nothing else.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use shared::bundle::MEDIA_TYPE;
use shared::refusal::Refusal;

use super::App;
use super::answer::page;
use super::caller::Caller;
use super::path::Path;
use crate::service::bundle::Filled;
use crate::service::standard::Format;

/// A bundle as a file to keep.
pub fn bundle_file(filled: Filled) -> Response {
    file(MEDIA_TYPE, format!("attachment; filename=\"{}\"", filled.name), filled.bytes)
}

/// `GET /r/{token}`, `/r/{token}.jws`, `.json`, `.jsonld`, `.kantara.json`, `.tlog-proof`, `.bundle`
pub async fn show(State(app): State<App>, Path(token): Path<String>, caller: Caller) -> Response {
    let shown = match token.split_once('.') {
        None => app.receipt_page(&token, &caller).await,
        Some((token, "jws")) => app.signed_file(token),
        Some((token, "json")) => app.readable_file(token),
        Some((token, "jsonld")) => app.record_file(token, Format::JsonLd),
        Some((token, "kantara.json")) => app.record_file(token, Format::Kantara),
        Some((token, "bundle")) => app.service.receipt_bundle(token, caller.since).map(bundle_file),
        Some((token, "tlog-proof")) => app.log_proof_file(token),
        Some(_) => Err(Refusal::LinkUnknown),
    };
    match shown {
        Ok(response) => response,
        Err(refusal) => app.refuse(refusal, &caller, None).await,
    }
}

impl App {
    async fn receipt_page(&self, token: &str, caller: &Caller) -> Result<Response, Refusal> {
        let (organisation, stored) = self.service.receipt(token)?;
        let language = caller.asked.unwrap_or(stored.receipt.language);
        let view = self.service.receipt_view(&organisation, &stored, language)?;
        Ok(page(widget::ssr::receipt_page(&view, &self.service.page_assets()).await))
    }

    fn signed_file(&self, token: &str) -> Result<Response, Refusal> {
        let (_, stored) = self.service.receipt(token)?;
        let jws = self.service.jws(&stored).ok_or(Refusal::StoreUnavailable)?;
        let name = format!("attachment; filename=\"receipt-{}.jws\"", stored.receipt.receipt);
        Ok(file("application/jose", name, jws.into_bytes()))
    }

    fn readable_file(&self, token: &str) -> Result<Response, Refusal> {
        let (_, stored) = self.service.receipt(token)?;
        let name = format!("inline; filename=\"receipt-{}.json\"", stored.receipt.receipt);
        Ok(file("application/json", name, stored.canonical))
    }

    fn record_file(&self, token: &str, format: Format) -> Result<Response, Refusal> {
        let (receipt, bytes) = self.service.standard_record(token, format)?;
        let (media_type, ending) = match format {
            Format::JsonLd => ("application/ld+json", "jsonld"),
            Format::Kantara => ("application/json", "kantara.json"),
        };
        Ok(file(media_type, format!("attachment; filename=\"receipt-{receipt}.{ending}\""), bytes))
    }

    fn log_proof_file(&self, token: &str) -> Result<Response, Refusal> {
        let (receipt, proof) = self.service.log_proof(token)?;
        let name = format!("attachment; filename=\"receipt-{receipt}.tlog-proof\"");
        Ok(file("text/plain; charset=utf-8", name, proof.to_string().into_bytes()))
    }
}

fn file(media_type: &'static str, disposition: String, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
