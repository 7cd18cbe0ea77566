//! `vinkje sales`: tells what customers bought, from a file; works while the collector is serving.
//!
//! In scope: arguments, the file, the summary. Out of scope: what becomes of a sale (`service::sales`).
//!
//! Invariant: standard output names rows by their numbers; no address is printed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use clap::ValueEnum;
use csv::ByteRecord;
use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::{OrganisationId, ProductGroup, PurposeId};
use shared::import::read_date;
use shared::limits::{IMPORT_API_BYTES_MAX, SALES_MAX};
use shared::sale::{Objection, SaleFate};

use super::{Data, list, open};
use crate::control;
use crate::endpoints::Endpoints;
use crate::sequencer::Sequencer;
use crate::service::import::Importer;
use crate::service::import::rows::{place, read};
use crate::service::sales::{Sale, Told};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The organisation's name.
    organisation: String,
    /// The sales: CSV with the columns `email`, `sale` and `date`, and `objection` where it differs.
    sales: PathBuf,
    /// The purpose for customers.
    #[arg(long, value_name = "PURPOSE")]
    purpose: String,
    /// What was sold, as the purpose names it.
    #[arg(long, value_name = "GROUP")]
    product_group: String,
    /// Whether customers could object at the sale, and did; otherwise the column `objection` says it for each.
    #[arg(long, value_name = "WHETHER")]
    objection: Option<Objected>,
    /// How dates are written, such as %d-%m-%Y; otherwise 2024-05-03.
    #[arg(long, value_name = "FORMAT")]
    date_format: Option<String>,
    /// The language in which they bought; otherwise the organisation's first.
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// Say what would become of every sale, and write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Objected {
    /// They could, free of charge and easily, and did not.
    Offered,
    /// They did.
    Made,
    /// Nobody asked.
    NotOffered,
}

impl From<Objected> for Objection {
    fn from(objected: Objected) -> Self {
        match objected {
            Objected::Offered => Self::Offered,
            Objected::Made => Self::Made,
            Objected::NotOffered => Self::NotOffered,
        }
    }
}

/// Sales, on the control socket.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Which.
    pub sales: Vec<Sale>,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// The codes of what became of some sales.
#[must_use]
pub fn fates(told: &[Told]) -> Vec<&'static str> {
    told.iter().map(|one| one.fate.code()).collect()
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let name = OrganisationId::parse(&args.organisation)?;
    let sales = sales(args)?;
    let codes: Vec<String> = match open::open(&args.data.data)? {
        Some(opened) => list::alone()?.block_on(offline(opened, &name, sales, args.dry_run))?,
        None => list::alone()?.block_on(online(&args.data.data, &name, sales, args.dry_run))?,
    };
    print!("{}", summary(&codes, args.dry_run)?);
    Ok(ExitCode::SUCCESS)
}

/// The sales in the file, with what holds for all of them.
fn sales(args: &Args) -> Result<Vec<Sale>> {
    let shown = || format!("couldn't read {}", args.sales.display());
    let size = std::fs::metadata(&args.sales).with_context(shown)?.len();
    ensure!(
        size <= IMPORT_API_BYTES_MAX as u64,
        "{}: it has more than {IMPORT_API_BYTES_MAX} bytes",
        shown()
    );
    let file = std::fs::read(&args.sales).with_context(shown)?;
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file);
    let (mut reader, mut record) = (read(file), ByteRecord::new());
    ensure!(reader.read_byte_record(&mut record)?, "{}: it is empty", shown());
    let names: Vec<&str> =
        record.iter().map(std::str::from_utf8).collect::<Result<_, _>>().with_context(shown)?;
    let column =
        |name: &str| place(&names, name)?.with_context(|| format!("{}: no column `{name}`", shown()));
    let (email, sale, date) = (column("email")?, column("sale")?, column("date")?);
    let objection = match args.objection {
        Some(objected) => Err(Objection::from(objected)),
        None => Ok(column("objection").context("say with --objection what happened at the sale")?),
    };
    let language = args.language.as_deref().map(|tag| {
        let known = Language::ALL.into_iter().find(|language| language.tag() == tag);
        known.context("couldn't find that language; there are nl and en")
    });
    let (language, purpose) = (language.transpose()?, PurposeId::parse(&args.purpose)?);
    let product_group = ProductGroup::parse(&args.product_group)?;
    let mut sales = Vec::new();
    while reader.read_byte_record(&mut record)? {
        let row = sales.len() + 2;
        let cell = |at: usize| {
            let text = record.get(at).and_then(|bytes| std::str::from_utf8(bytes).ok());
            text.map(str::trim).with_context(|| format!("{}: row {row} cannot be read", shown()))
        };
        let date = cell(date)?;
        let objection = match objection {
            Err(all) => all,
            Ok(at) => Objected::from_str(cell(at)?, true)
                .map_err(|_| anyhow!("{}: row {row} says no objection that is known", shown()))?
                .into(),
        };
        sales.push(Sale {
            email: cell(email)?.to_owned(),
            sale: cell(sale)?.to_owned(),
            product_group: product_group.clone(),
            purpose: purpose.clone(),
            language,
            // What cannot be read is said of its row.
            sold_at: read_date(date, args.date_format.as_deref()).map_or(String::new(), |at| at.to_string()),
            objection,
        });
    }
    Ok(sales)
}

async fn online(data: &Path, name: &OrganisationId, sales: Vec<Sale>, dry_run: bool) -> Result<Vec<String>> {
    let mut codes = Vec::with_capacity(sales.len());
    for some in sales.chunks(SALES_MAX) {
        let body = serde_json::to_string(&Asked { sales: some.to_vec(), dry_run })?;
        let answer = control::ask(data, "POST", &format!("/sales/{name}"), body).await?;
        codes.extend(serde_json::from_str::<Vec<String>>(&answer)?);
    }
    Ok(codes)
}

async fn offline(
    opened: open::Opened,
    name: &OrganisationId,
    sales: Vec<Sale>,
    dry_run: bool,
) -> Result<Vec<String>> {
    let organisation = opened.organisation(name)?;
    let endpoints = Arc::new(Endpoints::open(opened.engine.clone(), opened.keys.clone())?);
    let work = async |sequencer: &Sequencer| {
        let importer = Importer {
            endpoints,
            engine: opened.engine.clone(),
            sequencer: sequencer.clone(),
            keys: opened.keys.clone(),
            organisation,
            base_url: opened.config.base_url.as_str().into(),
        };
        let mut codes = Vec::with_capacity(sales.len());
        for some in sales.chunks(SALES_MAX) {
            let told = importer.clone().tell(some.to_vec(), dry_run).await;
            let told = told.map_err(|refusal| anyhow!("{}", refusal.sentence(Language::En)))?;
            codes.extend(fates(&told).into_iter().map(str::to_owned));
        }
        Ok(codes)
    };
    opened.writing(work).await?
}

/// Every row that is not simply recorded, and how many had each fate.
fn summary(codes: &[String], dry_run: bool) -> Result<String> {
    let (mut text, mut counts) = (String::new(), BTreeMap::<&str, (u64, &str)>::new());
    for (row, code) in (2..).zip(codes) {
        let fate = SaleFate::ALL.into_iter().find(|fate| fate.code() == code);
        let fate = fate.context("the collector is of another version")?;
        if !matches!(fate, SaleFate::Recorded(_)) {
            text += &format!("row {row}: {code}\n");
        }
        counts.entry(fate.code()).or_insert((0, fate.sentence(Language::En))).0 += 1;
    }
    for (code, (count, sentence)) in counts {
        text += &format!("{count:>9}  {code}: {sentence}\n");
    }
    let written = if dry_run { "a dry run: nothing was written" } else { "done" };
    Ok(text + &format!("{:>9}  sales; {written}\n", codes.len()))
}
