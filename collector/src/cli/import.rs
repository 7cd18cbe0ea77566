//! `vinkje import`: takes over an existing list with its proof; works while the collector is serving.
//!
//! In scope: arguments, files, the bar, summary and report. Out of scope: what becomes of a row (`service::import`).
//!
//! Invariant: standard output names rows by their numbers; addresses stand in the report only, which somebody asked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail, ensure};
use axum::body::Bytes;
use csv::{Terminator, WriterBuilder};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::{FormId, NoticeHash, OrganisationId, PurposeId};
use shared::import::{Fate, read_date};
use shared::limits::{IMPORT_BYTES_MAX, IMPORT_WORDING_BYTES_MAX};
use shared::refusal::Refusal;
use tokio::sync::mpsc;

use super::{Data, list, open};
use crate::control;
use crate::endpoints::Endpoints;
use crate::sequencer::Sequencer;
use crate::service::import::rows::{Columns, Rows};
use crate::service::import::{Import, Importer, Judged, Settings};
use crate::service::list_lines::cell;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    /// The list: CSV, with a first row that names the columns.
    list: PathBuf,
    /// The purpose that its people agreed to.
    #[arg(long, value_name = "PURPOSE")]
    purpose: String,
    /// Where the list comes from; its people read this.
    #[arg(long, value_name = "TEXT")]
    source: String,
    /// When everybody on it agreed, such as 2024-05-03; otherwise the column `date` says it for each.
    #[arg(long, value_name = "DATE")]
    obtained: Option<String>,
    /// A text file with the words that were shown to them. Without date or words nothing is proven.
    #[arg(long, value_name = "FILE")]
    wording: Option<PathBuf>,
    /// What the columns are called: `email=…`, `date=…`, `reference=…`, with commas between them.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// How dates are written, such as %d-%m-%Y; otherwise 2024-05-03 or 2024-05-03T14:00:00+02:00.
    #[arg(long, value_name = "FORMAT")]
    date_format: Option<String>,
    /// The form under whose terms it goes on; otherwise the first that asks the purpose.
    #[arg(long, value_name = "FORM")]
    form: Option<String>,
    /// The language in which its people are addressed; otherwise the organisation's first.
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// Say what would become of every row, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write what became of every row to a new CSV file. It has the addresses in it.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

/// What became of a row, on the control socket.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// A row.
    Row {
        /// Its number.
        row: u64,
        /// What became of it.
        fate: String,
    },
    /// The last row is done.
    End {
        /// Always.
        end: bool,
    },
    /// It broke off.
    Error {
        /// In words.
        error: String,
    },
}

/// The lines of some rows.
#[must_use]
pub fn lines(judged: &[Judged]) -> String {
    let line = |(row, fate): &Judged| written(&Line::Row { row: *row, fate: fate.code().into() });
    judged.iter().map(line).collect()
}

/// The line at the end.
#[must_use]
pub fn end(done: Result<(), Refusal>) -> String {
    written(&match done {
        Ok(()) => Line::End { end: true },
        Err(refusal) => Line::Error { error: refusal.sentence(Language::En).into() },
    })
}

fn written(line: &Line) -> String {
    serde_json::to_string(line).unwrap_or_default() + "\n"
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let (settings, file) = (settings(args)?, read(&args.list, IMPORT_BYTES_MAX)?);
    let mut report = args.report.as_deref().map(new_file).transpose()?;
    let mut heard = Heard::new(Rows::begin(&file, &settings)?.count()?, settings.dry_run)?;
    match open::open(&args.data.data)? {
        Some(opened) => list::alone()?.block_on(offline(opened, &name, &settings, &file, &mut heard))?,
        None => {
            let mut body = serde_json::to_vec(&settings)?;
            body.push(b'\n');
            body.extend_from_slice(&file);
            let (target, data) = (format!("/import/{name}"), &args.data.data);
            let take = |piece: &[u8]| heard.take(piece).map_err(std::io::Error::other);
            open::runtime()?.block_on(control::call(data, "POST", &target, Bytes::from(body), take))?;
        }
    }
    heard.bar.finish_and_clear();
    ensure!(
        heard.ended,
        "couldn't take over the whole list: it broke off. Run it again: what is done stays done"
    );
    print!("{}", heard.summary(&file));
    if let Some(report) = &mut report {
        write_report(report, &file, &settings, &heard.fates)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn settings(args: &Args) -> Result<Settings> {
    let wording = args.wording.as_deref().map(|file| {
        let words = read(file, IMPORT_WORDING_BYTES_MAX)?;
        String::from_utf8(words)
            .with_context(|| format!("couldn't read {}: it is no UTF-8 text", file.display()))
    });
    let obtained = args.obtained.as_deref().map(|date| {
        let at = read_date(date, args.date_format.as_deref());
        at.context("couldn't read the date after --obtained; write it as 2024-05-03")
    });
    let language = args.language.as_deref().map(|tag| {
        let known = Language::ALL.into_iter().find(|language| language.tag() == tag);
        known.context("couldn't find that language; there are nl and en")
    });
    Ok(Settings {
        purpose: PurposeId::parse(&args.purpose)?,
        source: args.source.trim().into(),
        form: args.form.as_deref().map(FormId::parse).transpose()?,
        language: language.transpose()?,
        columns: columns(&args.columns)?,
        date_format: args.date_format.clone(),
        obtained: obtained.transpose()?,
        wording: wording.transpose()?,
        dry_run: args.dry_run,
    })
}

fn columns(named: &[String]) -> Result<Columns> {
    let mut columns = Columns::default();
    for one in named {
        match one.split_once('=') {
            Some(("email", name)) => columns.email = name.into(),
            Some(("date", name)) => columns.date = Some(name.into()),
            Some(("reference", name)) => columns.reference = Some(name.into()),
            _ => bail!("couldn't read --columns: write it as email=Adres,date=Datum,reference=Nummer"),
        }
    }
    Ok(columns)
}

fn read(file: &Path, bytes_max: usize) -> Result<Vec<u8>> {
    let shown = || format!("couldn't read {}", file.display());
    let size = std::fs::metadata(file).with_context(shown)?.len();
    ensure!(size <= bytes_max as u64, "couldn't read {}: it has more than {bytes_max} bytes", file.display());
    std::fs::read(file).with_context(shown)
}

/// A report is asked for before the work, and never written over something.
fn new_file(path: &Path) -> Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    opened.with_context(|| format!("couldn't make the report {}", path.display()))
}

async fn offline(
    opened: open::Opened,
    name: &OrganisationId,
    settings: &Settings,
    file: &[u8],
    heard: &mut Heard,
) -> Result<()> {
    let organisation = opened.organisation(name)?;
    let endpoints = Arc::new(Endpoints::open(opened.engine.clone(), opened.keys.clone())?);
    let importer = |sequencer: &Sequencer| Importer {
        endpoints,
        engine: opened.engine.clone(),
        sequencer: sequencer.clone(),
        keys: opened.keys.clone(),
        organisation,
        base_url: opened.config.base_url.as_str().into(),
    };
    let work = async |sequencer: &Sequencer| {
        let import: Import = importer(sequencer).begin(settings.clone(), Arc::from(file))?;
        let (sender, mut chunks) = mpsc::channel::<Vec<Judged>>(1);
        let listening = async {
            while let Some(judged) = chunks.recv().await {
                heard.rows(&judged);
            }
        };
        let (done, ()) = tokio::join!(import.run(sender), listening);
        done.map_err(|refusal| anyhow!("{}", refusal.sentence(Language::En)))?;
        heard.ended = true;
        Ok(())
    };
    opened.writing(work).await?
}

/// What was heard of the rows.
struct Heard {
    fates: Vec<Fate>,
    bar: ProgressBar,
    dry_run: bool,
    ended: bool,
    /// The part of a line that came.
    part: Vec<u8>,
}

impl Heard {
    fn new(rows: u64, dry_run: bool) -> Result<Self> {
        let bar = ProgressBar::new(rows);
        bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} rows, {per_sec}, {eta} left")?);
        let fates = Vec::with_capacity(usize::try_from(rows)?);
        Ok(Self { fates, bar, dry_run, ended: false, part: Vec::new() })
    }

    fn rows(&mut self, judged: &[Judged]) {
        for (row, fate) in judged {
            self.fates.push(*fate);
            if self.dry_run {
                println!("row {row}: {}", fate.code());
            }
        }
        self.bar.inc(judged.len() as u64);
    }

    fn take(&mut self, piece: &[u8]) -> Result<()> {
        self.part.extend_from_slice(piece);
        let whole = self.part.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let lines: Vec<u8> = self.part.drain(..whole).collect();
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line)? {
                Line::Row { row, fate } => {
                    let known = Fate::ALL.into_iter().find(|known| known.code() == fate);
                    self.rows(&[(row, known.context("the collector is of another version")?)]);
                }
                Line::End { .. } => self.ended = true,
                Line::Error { error } => bail!("{error} Run it again: what is done stays done"),
            }
        }
        Ok(())
    }

    fn summary(&self, file: &[u8]) -> String {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for fate in &self.fates {
            *counts.entry(fate.code()).or_default() += 1;
        }
        let mut text = String::new();
        for fate in Fate::ALL {
            if let Some(count) = counts.get(fate.code()) {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{count:>9}  {}: {}", fate.code(), fate.sentence(Language::En));
            }
        }
        let written = if self.dry_run { "a dry run: nothing was written" } else { "done" };
        text + &format!("{:>9}  rows of list {}; {written}\n", self.fates.len(), NoticeHash::of(file))
    }
}

fn write_report(out: &mut std::fs::File, file: &[u8], settings: &Settings, fates: &[Fate]) -> Result<()> {
    let out = std::io::BufWriter::new(out);
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    writer.write_record(["row", "email", "fate", "meaning"])?;
    for (item, fate) in Rows::begin(file, settings)?.zip(fates) {
        let (row, email) = (item.row.to_string(), cell(&item.email));
        writer.write_record([&row, &*email, fate.code(), fate.sentence(Language::En)])?;
    }
    writer.into_inner().map_err(|error| anyhow!("{error}"))?.flush()?;
    Ok(())
}
