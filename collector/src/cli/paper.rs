//! `vinkje paper`: entering what people signed on paper or said aloud.
//!
//! Invariant: contact data comes in on standard input, never in an argument; a scan is read here, and only its hash leaves.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use sha2::{Digest, Sha256};
use shared::Language;
use shared::api::ContactText;
use shared::ids::{FormId, NoticeHash, OrganisationId, PurposeId};
use shared::time::Timestamp;

use super::may::moment;
use super::slip::serving;
use super::{Data, lines};
use crate::service::paper::{Entered, Paper, Said};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Enter a signed paper form, or what was said aloud; prints the code for the person's slip. The collector must be serving.
    ///
    /// Contact data comes in on standard input: lines that begin with `email:`, `phone:`, `name:` or `address:`, the last one for each line of the
    /// address. None for a person who gave none.
    Register(Box<Register>),
}

#[derive(clap::Args)]
struct Register {
    /// The organisation's name.
    organisation: String,
    /// The hash that stands on the paper.
    #[arg(long, value_name = "HASH", conflicts_with_all = ["form", "lang"], required_unless_present = "form")]
    notice: Option<String>,
    /// The form, for a paper of today's wording.
    #[arg(long, requires = "lang")]
    form: Option<String>,
    /// The language of that paper.
    #[arg(long)]
    lang: Option<String>,
    /// A purpose that the person ticked; once for each.
    #[arg(long = "ticked", value_name = "PURPOSE")]
    ticked: Vec<String>,
    /// When it was signed or said: a day, such as 2026-05-03, or a moment, such as 2026-05-03T14:00:00Z.
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    signed: Timestamp,
    /// The scan of the paper, or the recording; only its hash leaves this computer.
    #[arg(long, value_name = "FILE")]
    scan: Option<PathBuf>,
    /// It was said aloud, not signed.
    #[arg(long)]
    voice: bool,
    /// Who enters it: a name, a number or a counter. The person sees it on their receipt.
    #[arg(long, value_name = "LABEL")]
    by: String,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let What::Register(args) = &args.what;
    let name = OrganisationId::parse(&args.organisation)?;
    let language = args.lang.as_deref().map(|tag| Language::parse(tag).context("there is no such language"));
    let paper = Paper {
        said: if args.voice { Said::Voice } else { Said::Paper },
        notice: args.notice.as_deref().map(NoticeHash::parse).transpose()?,
        form: args.form.as_deref().map(FormId::parse).transpose()?,
        language: language.transpose()?,
        ticked: args.ticked.iter().map(|name| PurposeId::parse(name)).collect::<Result<_, _>>()?,
        contact: contact(&lines::all(
            "Type `email: …`, `phone: …`, `name: …`, `address: …`, or nothing; end with Ctrl-D.",
        )?)?,
        signed_at: args.signed,
        scan: args.scan.as_deref().map(hash_of).transpose()?,
        by: args.by.clone(),
        nonce: None,
    };
    let said = serving(&args.data, &format!("/paper/{name}"), serde_json::to_string(&paper)?)?;
    let entered: Entered = serde_json::from_str(&said).context("the collector is of another version")?;
    println!("receipt    {}\n           {}", entered.receipt, entered.receipt_url);
    println!("slip code  {}\nto print   {}", entered.slip_code, entered.slip_url);
    Ok(ExitCode::SUCCESS)
}

fn hash_of(path: &Path) -> Result<NoticeHash> {
    let said = || format!("couldn't read {}", path.display());
    let (mut file, mut hash) = (File::open(path).with_context(said)?, Sha256::new());
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece).with_context(said)? {
            0 => break,
            read => hash.update(&piece[..read]),
        }
    }
    Ok(NoticeHash::from_bytes(hash.finalize().into()))
}

fn contact(text: &str) -> Result<ContactText> {
    let mut contact = ContactText::default();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let (field, value) = line.split_once(':').with_context(|| unreadable(number))?;
        let value = value.trim().to_owned();
        let (place, joins) = match field.trim() {
            "email" => (&mut contact.email, false),
            "phone" => (&mut contact.phone, false),
            "name" => (&mut contact.name, false),
            "address" => (&mut contact.address, true),
            _ => bail!(unreadable(number)),
        };
        match place {
            Some(before) if joins => *before = format!("{before}\n{value}"),
            Some(_) => bail!(unreadable(number)),
            None => *place = Some(value),
        }
    }
    Ok(contact)
}

/// Which line, and not what is in it.
fn unreadable(number: u32) -> String {
    format!(
        "couldn't read line {number}: it begins with email:, phone:, name: or address:, each but the last once"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contact_data_is_read_line_by_line() {
        let read = contact("email: eva@voorbeeld.example\n\naddress: Dorpsstraat 1\naddress: 1234 AB Dorp\n")
            .unwrap();
        assert_eq!(read.email.as_deref(), Some("eva@voorbeeld.example"));
        assert_eq!(read.address.as_deref(), Some("Dorpsstraat 1\n1234 AB Dorp"));
        assert!(read.name.is_none());
        assert!(contact("").unwrap().email.is_none());
        for bad in ["eva@voorbeeld.example", "fax: 1", "email: a\nemail: b"] {
            let said = contact(bad).unwrap_err().to_string();
            assert!(said.starts_with("couldn't read line") && !said.contains("eva"), "{said}");
        }
    }
}
