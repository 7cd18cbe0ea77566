//! All events of an organisation, or all its standard records, as JSON Lines.
//!
//! In scope: reading receipts in order, and writing a line per event or per receipt. Out of scope: contact data; it is not
//! exported here.
//!
//! Invariant: lines come in the order in which receipts were stored, and each names the receipt that proves it.

use std::str::FromStr;

use anyhow::Context;
use serde::Serialize;
use shared::ids::{FormId, FormVersion, NoticeHash, PurposeId, PurposeVersion, ReceiptId, SubjectId};
use shared::language::Language;
use shared::receipt::{CollectionMethod, Decided, Decision};
use shared::time::Timestamp;

use super::standard::{self, Format};
use crate::catalogue::Organisations;
use crate::records::{self, StoredReceipt};
use crate::store::{Engine, Space, keys};

/// Receipts read under one snapshot: short reads, so that the store can reuse space meanwhile.
const PAGE_ROWS: usize = 512;

#[derive(Serialize)]
struct Line<'a> {
    sequence: u64,
    at: Timestamp,
    event: Decided,
    purpose: &'a PurposeId,
    version: PurposeVersion,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    subject: SubjectId,
    receipt: ReceiptId,
    form: &'a FormId,
    form_version: FormVersion,
    language: Language,
    method: CollectionMethod,
    notice: NoticeHash,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One consent event.
    Events,
    /// One receipt, as a standard record.
    Records(Format),
}

impl Lines {
    /// Its name, on the command line and on the control socket.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Records(Format::JsonLd) => "jsonld",
            Self::Records(Format::Kantara) => "kantara",
        }
    }
}

impl FromStr for Lines {
    type Err = &'static str;
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let all = [Self::Events, Self::Records(Format::JsonLd), Self::Records(Format::Kantara)];
        all.into_iter().find(|lines| lines.name() == name).ok_or("expected events, jsonld or kantara")
    }
}

/// Writes everything of an organisation, from its first receipt to its last.
///
/// # Errors
///
/// What the store says, or what the output says.
pub fn write(
    engine: &dyn Engine,
    organisation: u32,
    lines: Lines,
    out: &mut impl std::io::Write,
) -> anyhow::Result<()> {
    let mut range = keys::of_organisation(organisation);
    loop {
        let snapshot = engine.snapshot()?;
        let rows = snapshot.page(Space::Body, &range, PAGE_ROWS)?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        range = range.after(last);
        // Read again for each page: a form may change while this goes on.
        let known = Organisations::read(snapshot.as_ref())?;
        let known = known.numbered(organisation).context("the organisation is gone")?;
        for (key, row) in &rows {
            let (_, sequence) = keys::read_body_key(key)?;
            let stored = records::unpack(snapshot.as_ref(), organisation, sequence, row)?;
            match lines {
                Lines::Events => events(&stored, out)?,
                Lines::Records(format) => {
                    out.write_all(&standard::record(snapshot.as_ref(), known, &stored, format)?)?;
                    out.write_all(b"\n")?;
                }
            }
        }
    }
}

fn events(stored: &StoredReceipt, out: &mut impl std::io::Write) -> anyhow::Result<()> {
    for decision in &stored.receipt.decisions {
        serde_json::to_writer(&mut *out, &line(stored, decision))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn line<'a>(stored: &'a StoredReceipt, decision: &'a Decision) -> Line<'a> {
    let receipt = &stored.receipt;
    Line {
        sequence: stored.sequence,
        at: receipt.at,
        event: decision.decided,
        purpose: &decision.purpose,
        version: decision.version,
        until: decision.until,
        subject: receipt.subject,
        receipt: receipt.receipt,
        form: &receipt.form,
        form_version: receipt.form_version,
        language: receipt.language,
        method: receipt.method,
        notice: receipt.notice,
    }
}
