//! `POST /v1/{organisation}/imports`: an existing list, taken over as `vinkje import` does it.
//!
//! In scope: the body, and the fate of every row as it is known. Out of scope: what becomes of a row (`service::import`).
//!
//! Invariant: nothing is written unless the request says so; no answer names an address; an answer without its end broke off.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::Language;
use shared::ids::{FormId, PurposeId};
use shared::import::{Fate, read_date};
use shared::limits::IMPORT_API_BYTES_MAX;
use shared::refusal::Refusal;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;

use super::{Asker, Kind, Manage, json};
use crate::bounded::Bounded;
use crate::http::App;
use crate::http::answer::document;
use crate::service::import::rows::Columns;
use crate::service::import::{Import, Judged, Settings, Unfit};
use crate::service::lists::BrokenOff;

/// Pieces of an answer that wait for a slow reader.
const PIECES_MAX: usize = 4;

/// A list, and what it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportRequest {
    /// What its people agreed to.
    #[schema(value_type = String, pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", example = "nieuwsbrief")]
    purpose: PurposeId,
    /// Where it comes from, in words that its people read.
    #[schema(example = "Kaasmarkt, papieren lijst")]
    source: String,
    /// The list: CSV with a first row that names the columns.
    #[schema(example = "email,date\neva@voorbeeld.example,2026-05-03\n")]
    list: String,
    /// The words that its people were shown. Without them nothing is proven.
    #[serde(default)]
    wording: Option<String>,
    /// When everybody on it agreed, where it has no column for that.
    #[serde(default)]
    obtained: Option<String>,
    /// What its columns are called. Optional: `email`, `date` and `reference`.
    #[serde(default)]
    columns: Named,
    /// How its dates are written (`strftime`). Optional: as `2024-05-03`.
    #[serde(default)]
    date_format: Option<String>,
    /// The form under which the consent goes on. Optional: the first that asks the purpose.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
    form: Option<FormId>,
    /// In which language. Optional: your first.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(nl|en|ar)$")]
    language: Option<Language>,
    /// Whether nothing is to be written. Optional: `true`, so say `false` to take the list over.
    #[serde(default = "yes")]
    dry_run: bool,
}

const fn yes() -> bool {
    true
}

/// What columns are called.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Named {
    /// The e-mail address.
    email: Option<String>,
    /// When the person agreed.
    date: Option<String>,
    /// Where your own proof is.
    reference: Option<String>,
}

/// What becomes, or would become, of a row.
#[derive(Serialize, ToSchema)]
struct RowFate {
    /// Its number, as in a spreadsheet: the first row below the names is row 2.
    row: u64,
    /// A stable code.
    #[schema(value_type = String, example = "imported")]
    fate: &'static str,
}

/// What becomes of each row, and the end.
#[derive(Serialize, ToSchema)]
#[allow(dead_code)] // The answer is written piece by piece; this is its shape.
struct RowFates {
    /// One for each row, in order.
    rows: Vec<RowFate>,
    /// That the answer is whole.
    end: bool,
    /// Whether nothing was written.
    dry_run: bool,
    /// SHA-256 of the list, by which receipts name it.
    file: String,
    /// How many rows had each fate, and what it means.
    fates: BTreeMap<String, Counted>,
}

/// How many rows had a fate.
#[derive(Serialize, ToSchema)]
struct Counted {
    /// How many.
    rows: u64,
    /// What it means, in a sentence.
    #[schema(value_type = String)]
    meaning: &'static str,
}

/// Takes over an existing list with its proof, or says what would become of every row. The same list once more makes no second receipt.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/imports",
    operation_id = "import_list",
    tag = "Lists",
    security(("key" = ["manage"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body = ImportRequest,
    responses((status = 200, description = "What becomes of each row", content(
        (RowFates = "application/json"),
        (String = "application/x-ndjson"),
    )))
)]
pub(super) async fn import(
    State(app): State<App>,
    asker: Asker<Manage>,
    headers: HeaderMap,
    Bounded(body): Bounded<IMPORT_API_BYTES_MAX>,
) -> Response {
    let read = || {
        let kind = Kind::wanted(&headers, &[Kind::Json, Kind::Lines])?;
        let place = app.downloading.clone().try_acquire_owned().map_err(|_| Refusal::Overloaded)?;
        Ok::<_, Refusal>((kind, place, json::<ImportRequest>(&headers, &body)?))
    };
    let (kind, place, request) = match read() {
        Ok(read) => read,
        Err(refusal) => return asker.refused(refusal),
    };
    let dry_run = request.dry_run;
    let importer = app.service.importer(asker.organisation.clone());
    let begun = request.settings().and_then(|(settings, list)| importer.begin(settings, list.into()));
    match begun {
        Ok(import) => streamed(import, Written { kind, dry_run, language: asker.language }, place),
        Err(Unfit::Refused(refusal)) => asker.refused(refusal),
        Err(unfit) => {
            let said = (StatusCode::UNPROCESSABLE_ENTITY, unfit.code(), unfit.sentence(asker.language));
            document(said, None)
        }
    }
}

impl ImportRequest {
    fn settings(self) -> Result<(Settings, Vec<u8>), Unfit> {
        let format = self.date_format.as_deref();
        let obtained = self.obtained.as_deref();
        let obtained = obtained.map(|date| read_date(date, format).ok_or(Unfit::Obtained)).transpose()?;
        let usual = Columns::default();
        let columns = Columns {
            email: self.columns.email.unwrap_or(usual.email),
            date: self.columns.date,
            reference: self.columns.reference,
        };
        let settings = Settings {
            purpose: self.purpose,
            source: self.source.trim().into(),
            form: self.form,
            language: self.language,
            columns,
            date_format: self.date_format,
            obtained,
            wording: self.wording,
            dry_run: self.dry_run,
        };
        Ok((settings, self.list.into_bytes()))
    }
}

/// How an answer is written.
#[derive(Clone, Copy)]
struct Written {
    kind: Kind,
    dry_run: bool,
    language: Language,
}

/// The answer, written while the list is taken over. Whoever goes away ends the work: what is done stays done.
fn streamed(import: Import, written: Written, place: OwnedSemaphorePermit) -> Response {
    let (pieces, sent) = mpsc::channel::<Result<Bytes, BrokenOff>>(PIECES_MAX);
    let file = import.file().to_string();
    tokio::spawn(async move {
        let (rows, mut judged) = mpsc::channel::<Vec<Judged>>(1);
        let passed = async {
            let mut counts: BTreeMap<&'static str, Counted> = BTreeMap::new();
            let mut first = true;
            while let Some(judged) = judged.recv().await {
                count(&mut counts, &judged, written.language);
                let piece = written.rows(&judged, first);
                first = false;
                // Nobody listens: dropping what comes ends the work.
                pieces.send(Ok(piece.into())).await.ok()?;
            }
            Some((counts, first))
        };
        let (done, passed) = tokio::join!(import.run(rows), passed);
        let last = match (done, passed) {
            (Ok(()), Some((counts, first))) => Ok(written.end(&counts, &file, first).into()),
            _ => Err(BrokenOff),
        };
        let _ = pieces.send(last).await;
        drop(place);
    });
    let fixed = [(CONTENT_TYPE, written.kind.media_type()), (CACHE_CONTROL, "no-store")];
    (StatusCode::OK, fixed, Body::from_stream(ReceiverStream::new(sent))).into_response()
}

fn count(counts: &mut BTreeMap<&'static str, Counted>, judged: &[Judged], language: Language) {
    for (_, fate) in judged {
        let counted = || Counted { rows: 0, meaning: fate.sentence(language) };
        counts.entry(fate.code()).or_insert_with(counted).rows += 1;
    }
}

impl Written {
    fn rows(self, judged: &[Judged], first: bool) -> Vec<u8> {
        let mut piece = Vec::with_capacity(judged.len() * 32);
        let mut begin = first;
        for (row, fate) in judged {
            match (self.kind, begin) {
                (Kind::Json, true) => piece.extend(b"{\"rows\":["),
                (Kind::Json, false) => piece.push(b','),
                _ => {}
            }
            begin = false;
            // Writing to memory cannot fail.
            let _ = serde_json::to_writer(&mut piece, &row_fate(*row, *fate));
            if self.kind != Kind::Json {
                piece.push(b'\n');
            }
        }
        piece
    }

    fn end(self, counts: &BTreeMap<&'static str, Counted>, file: &str, first: bool) -> Vec<u8> {
        let rows: u64 = counts.values().map(|counted| counted.rows).sum();
        let mut end = json!({ "end": true, "dry_run": self.dry_run, "file": file, "fates": counts });
        if self.kind != Kind::Json {
            end["rows"] = rows.into();
            return format!("{end}\n").into_bytes();
        }
        // The members of the end stand behind the rows, in the same object.
        let begin = if first { "{\"rows\":[" } else { "" };
        format!("{begin}],{}", &end.to_string()[1..]).into_bytes()
    }
}

const fn row_fate(row: u64, fate: Fate) -> RowFate {
    RowFate { row, fate: fate.code() }
}
