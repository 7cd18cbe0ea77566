//! Long answers, written piece by piece while they are sent.
//!
//! In scope: an array in a JSON object, and JSON Lines, out of values that come one by one. Out of scope: what the values say.
//!
//! Invariant: what was cut off cannot be taken for whole: an object lacks its end, and lines lack the last one, which says `end`.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Kind;

/// About how large a piece is.
const PIECE_BYTES: usize = 32 * 1024;

/// What stands around the values.
pub(super) struct Around {
    /// In which form.
    pub(super) kind: Kind,
    /// The members of the object before the array, as a JSON object.
    pub(super) head: serde_json::Map<String, serde_json::Value>,
    /// The name of the array.
    pub(super) name: &'static str,
}

/// The answer that holds these values.
pub(super) fn answer<I>(around: Around, values: I) -> Response
where
    I: Iterator<Item: Serialize> + Send + 'static,
{
    let kind = around.kind;
    let pieces = Pieces { around, values, written: None };
    let fixed = [(CONTENT_TYPE, kind.media_type()), (CACHE_CONTROL, "no-store")];
    (StatusCode::OK, fixed, Body::from_stream(tokio_stream::iter(pieces))).into_response()
}

struct Pieces<I> {
    around: Around,
    values: I,
    /// How many values are written; nothing before the first piece, and `u64::MAX` after the last.
    written: Option<u64>,
}

impl<I: Iterator<Item: Serialize>> Iterator for Pieces<I> {
    type Item = Result<Bytes, Infallible>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut piece = Vec::with_capacity(PIECE_BYTES + 1024);
        let mut written = match self.written {
            Some(u64::MAX) => return None,
            Some(written) => written,
            None => {
                self.begin(&mut piece);
                0
            }
        };
        while piece.len() < PIECE_BYTES {
            let Some(value) = self.values.next() else {
                self.end(&mut piece, written);
                written = u64::MAX;
                break;
            };
            self.value(&mut piece, &value, written == 0);
            written += 1;
        }
        self.written = Some(written);
        Some(Ok(piece.into()))
    }
}

impl<I> Pieces<I> {
    fn begin(&self, piece: &mut Vec<u8>) {
        if self.around.kind == Kind::Json {
            let head = serde_json::to_vec(&self.around.head).unwrap_or_default();
            // Without its closing brace.
            piece.extend(&head[..head.len().saturating_sub(1)]);
            let comma = if self.around.head.is_empty() { "" } else { "," };
            piece.extend(format!("{comma}\"{}\":[", self.around.name).bytes());
        }
    }

    fn value(&self, piece: &mut Vec<u8>, value: &impl Serialize, first: bool) {
        if self.around.kind == Kind::Json && !first {
            piece.push(b',');
        }
        // Writing to memory cannot fail, and the values are plain.
        let _ = serde_json::to_writer(&mut *piece, value);
        if self.around.kind != Kind::Json {
            piece.push(b'\n');
        }
    }

    fn end(&self, piece: &mut Vec<u8>, written: u64) {
        match self.around.kind {
            Kind::Json => piece.extend(b"]}"),
            _ => {
                let mut end = self.around.head.clone();
                end.insert("end".into(), true.into());
                end.insert(self.around.name.into(), written.into());
                piece.extend(serde_json::to_vec(&end).unwrap_or_default());
                piece.push(b'\n');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(kind: Kind, values: u32) -> String {
        let head = serde_json::Map::from_iter([("at".into(), "now".into())]);
        let around = Around { kind, head, name: "answers" };
        let pieces = Pieces { around, values: 0..values, written: None };
        let bytes: Vec<u8> = pieces.flat_map(|piece| piece.unwrap().to_vec()).collect();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn both_forms_have_an_end() {
        assert_eq!(written(Kind::Json, 0), r#"{"at":"now","answers":[]}"#);
        assert_eq!(written(Kind::Json, 3), r#"{"at":"now","answers":[0,1,2]}"#);
        assert_eq!(written(Kind::Lines, 2), "0\n1\n{\"answers\":2,\"at\":\"now\",\"end\":true}\n");
        let long: serde_json::Value = serde_json::from_str(&written(Kind::Json, 100_000)).unwrap();
        assert_eq!(long["answers"].as_array().unwrap().len(), 100_000);
    }
}
