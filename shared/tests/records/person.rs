//! One person's receipts on one form, made as the collector makes them.
//!
//! In scope: a shop's notice, and what a person does with it. Out of scope: what follows from it (`main`).
//!
//! Invariant: the decisions on a receipt are the lifecycle's.

use shared::Language;
use shared::choice::Choices;
use shared::ids::{
    FormId, FormVersion, NoticeHash, OrganisationId, ProductGroup, PurposeId, PurposeVersion, ReceiptId,
    SubjectId,
};
use shared::import::Imported;
use shared::lifecycle::{Command, Consents, decide};
use shared::notice::{Controller, CustomerUse, NOTICE_SCHEMA, Notice, NoticePurpose, Party};
use shared::purpose::{Channel, ContactField, Purpose, PurposeTerms, Recipient, RecipientRole};
use shared::receipt::{Act, CollectionMethod, Decision, RECEIPT_SCHEMA, Receipt, Ui, decisions};
use shared::record::terms::PurposeTerm;
use shared::record::{Answered, Record};
use shared::sale::Sold;
use shared::time::Timestamp;

fn printer() -> Recipient {
    Recipient { name: "Drukkerij Gouwe".into(), role: RecipientRole::Processor, country: "NL".into() }
}

fn farm() -> Recipient {
    Recipient { name: "Boerderij Polderzicht".into(), role: RecipientRole::ThirdParty, country: "US".into() }
}

/// A box.
pub fn purpose(id: &str, version: u32, channel: Channel, recipients: Vec<Recipient>) -> NoticePurpose {
    let needs = match channel {
        Channel::Post | Channel::Sharing => vec![ContactField::Name, ContactField::Address],
        _ => vec![ContactField::Email],
    };
    let terms = PurposeTerms {
        channel,
        needs,
        recipients,
        validity_months: 24,
        erasure_days: 14,
        dpv: PurposeTerm::of_channel(channel).term().into(),
        product_group: None,
    };
    NoticePurpose {
        purpose: Purpose {
            id: PurposeId::parse(id).unwrap(),
            version: PurposeVersion::try_from(version).unwrap(),
            terms,
        },
        title: format!("Vakje {id}"),
        text: "Eén keer per maand.".into(),
        details: Vec::new(),
    }
}

/// What customers of the shop are sent.
pub fn customers() -> CustomerUse {
    let mut shown = purpose("klanten", 1, Channel::Email, vec![]);
    shown.purpose.terms.product_group = Some(ProductGroup::parse("kaas").unwrap());
    CustomerUse { shown, products: "kaas".into(), objection: "Liever geen mail over kaas".into() }
}

fn party(id: &str, recipient: Recipient) -> Party {
    Party {
        id: id.into(),
        recipient,
        address: "Kade 2, 2800 AA Gouda".into(),
        email: format!("privacy@{id}.example"),
    }
}

/// What the shop shows.
pub fn notice(language: Language) -> Notice {
    Notice {
        schema: NOTICE_SCHEMA.into(),
        organisation: OrganisationId::parse("kaas").unwrap(),
        form: FormId::parse("aanmelden").unwrap(),
        form_version: FormVersion::FIRST,
        language,
        controller: Controller {
            name: "De Kaasplank".into(),
            address: "Waagplein 12, 2800 XX Gouda".into(),
            email: "privacy+web@kaasplank.example".into(),
            phone: None,
            register: Some("KvK 12345678".into()),
            country: Some("NL".into()),
            storage_country: Some("IE".into()),
        },
        title: "Wat mogen wij u sturen?".into(),
        intro: "Kies wat u leuk vindt.".into(),
        purposes: vec![
            purpose("nieuwsbrief", 1, Channel::Email, vec![]),
            purpose("post", 1, Channel::Post, vec![printer()]),
            purpose("keuze", 2, Channel::Profiling, vec![]),
            purpose("boerderij", 1, Channel::Sharing, vec![farm(), printer()]),
        ],
        customers: Vec::new(),
        parties: vec![party("drukkerij", printer()), party("polderzicht", farm())],
        withdrawal: "U kunt altijd stoppen.".into(),
        sections: Vec::new(),
    }
}

/// Somebody with their receipts.
pub struct Person {
    pub notice: Notice,
    pub state: Consents,
    pub receipts: Vec<Receipt>,
}

impl Person {
    pub fn on(notice: Notice) -> Self {
        Self { notice, state: Consents::default(), receipts: Vec::new() }
    }

    fn at(&self) -> Timestamp {
        let days = i64::try_from(self.receipts.len()).unwrap();
        Timestamp::parse("2026-11-24T12:00:00Z").unwrap().plus_seconds(days * 86_400)
    }

    pub fn choose(&mut self, ticked: &[&str]) {
        let choices = self.choices(ticked);
        let at = self.at();
        let until = |months| at.plus_months(months).unix_seconds();
        let events = decide(&self.state, &Command::Record(choices.clone()), &until).unwrap();
        self.push(Act::Choices, decisions(&self.state, &choices, &events));
    }

    /// Ticks on a form whose e-mail purposes wait for the owner of the address.
    pub fn request(&mut self, ticked: &[&str]) {
        let choices = self.choices(ticked);
        let at = self.at();
        let until = |months| at.plus_months(months).unix_seconds();
        let deadline = at.plus_seconds(7 * 86_400).unix_seconds();
        let events = decide(&self.state, &Command::Request(choices.clone(), deadline), &until).unwrap();
        self.push(Act::Choices, decisions(&self.state, &choices, &events));
    }

    /// Confirms what was requested.
    pub fn confirm(&mut self, ticked: &[&str]) {
        let at = self.at();
        let until = |months| at.plus_months(months).unix_seconds();
        let events = decide(&self.state, &Command::Confirm(self.choices(ticked)), &until).unwrap();
        self.push(Act::Confirmation, events.iter().map(Decision::from).collect());
    }

    fn choices(&self, ticked: &[&str]) -> Choices {
        let ticked: Vec<PurposeId> = ticked.iter().map(|id| PurposeId::parse(id).unwrap()).collect();
        Choices::parse(&self.notice, &ticked).unwrap()
    }

    /// Takes back; nothing happens where nothing stands.
    pub fn withdraw(&mut self, command: &Command) {
        let events = decide(&self.state, command, &|_| 0).unwrap_or_default();
        if events.is_empty() {
            return;
        }
        self.push(Act::Withdrawal, events.iter().map(Decision::from).collect());
    }

    /// Objects to all advertising, whatever stands.
    pub fn object(&mut self) {
        let events = decide(&self.state, &Command::Object, &|_| 0).unwrap();
        self.push(Act::Objection, events.iter().map(Decision::from).collect());
    }

    /// Lets fifty years pass; nothing happens where no consent stands.
    pub fn let_pass(&mut self) {
        let now = self.at().plus_months(600);
        let events = decide(&self.state, &Command::Expire(now.unix_seconds()), &|_| 0).unwrap_or_default();
        if events.is_empty() {
            return;
        }
        self.push(Act::Expiry, events.iter().map(Decision::from).collect());
    }

    /// An imported list names them for one purpose, with a date and words, or without.
    pub fn list(&mut self, id: &str, proven: bool) {
        let at = self.at();
        let claimed_at = proven.then(|| Timestamp::parse("2026-05-03T00:00:00Z").unwrap());
        let purpose = PurposeId::parse(id).unwrap();
        let shown = &self.notice.purpose(&purpose).unwrap().purpose;
        let end = |at: Timestamp| at.plus_months(shown.terms.validity_months).unix_seconds();
        let command = Command::Import(purpose, shown.version, claimed_at.map(end));
        let events = decide(&self.state, &command, &|_| 0).unwrap();
        let wording = proven.then(|| NoticeHash::of(b"Ja, mail mij het nieuws."));
        let file = NoticeHash::of(b"email,date");
        let imported = Imported { claimed_at, file, reference: None, source: "beurs 2026".into(), wording };
        assert!(at > claimed_at.unwrap_or(Timestamp::from_unix_seconds(0)));
        self.push_with(Act::Import, events.iter().map(Decision::from).collect(), Some(imported));
    }

    /// They bought something, and objected at the sale or not.
    pub fn buy(&mut self, objected: bool) {
        let sold_at = Timestamp::parse("2026-11-20T00:00:00Z").unwrap();
        let shown = &self.notice.customers[0].shown.purpose;
        let until = (!objected).then(|| sold_at.plus_months(shown.terms.validity_months).unix_seconds());
        let command = Command::Buy(shown.id.clone(), shown.version, until);
        let events = decide(&self.state, &command, &|_| 0).unwrap();
        self.push(Act::Sale, events.iter().map(Decision::from).collect());
        let group = ProductGroup::parse("kaas").unwrap();
        self.receipts.last_mut().unwrap().sold =
            Some(Sold { product_group: group, sale: "order-17".into(), sold_at });
    }

    fn push(&mut self, act: Act, decisions: Vec<Decision>) {
        self.push_with(act, decisions, None);
    }

    fn push_with(&mut self, act: Act, decisions: Vec<Decision>, imported: Option<Imported>) {
        let number = u8::try_from(self.receipts.len()).unwrap();
        let method = match act {
            Act::Import => CollectionMethod::Import,
            Act::Sale => CollectionMethod::Sale,
            _ if number == 0 => CollectionMethod::Web,
            Act::Confirmation => CollectionMethod::Mail,
            _ => CollectionMethod::ManagePage,
        };
        let receipt = Receipt {
            act,
            at: self.at(),
            controller: self.notice.controller.name.clone(),
            decisions,
            form: self.notice.form.clone(),
            form_version: self.notice.form_version,
            imported,
            iss: "https://c.example".into(),
            kiosk: None,
            language: self.notice.language,
            method,
            notice: self.notice.canonical().1,
            offered_at: self.at(),
            organisation: self.notice.organisation.clone(),
            origin: None,
            receipt: ReceiptId::from_bytes([number; 16]),
            registered: None,
            schema: RECEIPT_SCHEMA.into(),
            sold: None,
            subject: SubjectId::from_bytes([0; 16]),
            ui: Ui::Wasm,
            widget: "0011223344556677".into(),
        };
        self.state = receipt.fold(self.state.clone());
        self.receipts.push(receipt);
    }

    pub fn answered(&self) -> Vec<Answered<'_>> {
        self.receipts.iter().map(|receipt| Answered { receipt, notice: &self.notice }).collect()
    }

    pub fn record(&self) -> Record<'_> {
        let all = self.answered();
        let (now, earlier) = all.split_last().unwrap();
        Record::new(earlier, *now).unwrap()
    }
}
