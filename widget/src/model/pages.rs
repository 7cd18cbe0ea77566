//! What the pages show: receipt, manage page, messages.
//!
//! Invariant: states and decisions are closed enums, so each has words and an icon in every language.

use shared::Language;

use super::form::{LanguageLink, PurposeView, SectionView};

/// What a receipt is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActView {
    /// Choices were sent.
    Choices,
    /// The owner of the address confirmed.
    Confirmation,
    /// Consent was taken back.
    Withdrawal,
    /// The term of consent ended.
    Expiry,
    /// A list was taken over.
    Import,
    /// Something was bought.
    Sale,
    /// All advertising was objected to.
    Objection,
}

/// What was decided about one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Agreed to.
    Given,
    /// Not agreed to.
    NotGiven,
    /// Waits for the owner of the address.
    Requested,
    /// Nobody confirmed it.
    Lapsed,
    /// Taken back.
    Withdrawn,
    /// Its term ended.
    Expired,
    /// Came with an imported list that proves it.
    Imported,
    /// Came with an imported list that proves nothing.
    Unproven,
    /// All advertising was objected to.
    Objected,
    /// Not asked: allowed because they are a customer and did not object.
    Customer,
}

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceView {
    /// The label of the box, as shown then.
    pub title: String,
    /// What was decided.
    pub decided: Decided,
    /// Until when it counts, beside `Given`, or can be confirmed, beside `Requested`, as text.
    pub until: Option<String>,
}

/// Who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControllerView {
    /// Name.
    pub name: String,
    /// Further lines: address, e-mail, phone, register.
    pub lines: Vec<String>,
}

/// A box as it was shown, and as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxView {
    /// Its words.
    pub purpose: PurposeView,
    /// Whether it was ticked; nothing where the receipt is not about ticking it.
    pub ticked: Option<bool>,
}

/// What a wording was to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Was {
    /// They saw it.
    Seen,
    /// It was read to them.
    Read,
    /// It is the wording under which an imported list is gone on with.
    Later,
}

/// The exact wording that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingView {
    /// Heading of the form.
    pub title: String,
    /// Its intro.
    pub intro: String,
    /// Its boxes, as they were sent.
    pub boxes: Vec<BoxView>,
    /// The withdrawal sentence.
    pub withdrawal: String,
    /// The privacy text.
    pub sections: Vec<SectionView>,
    /// The language it was shown in, for `lang`.
    pub language: Language,
    /// What it was to the person.
    pub was: Was,
}

/// Where the data of a person on an imported list comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedView {
    /// In the organisation's words.
    pub source: String,
    /// When the list was taken over, in words.
    pub taken: String,
    /// When the person agreed, as the list says, in words.
    pub claimed: Option<String>,
    /// Where the organisation's own proof is.
    pub reference: Option<String>,
    /// Fingerprint of the list.
    pub file: String,
    /// Fingerprint of the words that were shown, as the organisation says.
    pub words_hash: Option<String>,
    /// Those words, where they are at hand.
    pub words: Option<String>,
}

/// How something came that staff wrote down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisteredWay {
    /// Signed on paper.
    Paper,
    /// Said aloud.
    Voice,
    /// Stopped by staff at the person's request.
    Staff,
}

/// What staff wrote down for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredView {
    /// How it came.
    pub way: RegisteredWay,
    /// Who wrote it down, as the organisation calls them.
    pub by: String,
    /// When it was signed or said, in words.
    pub claimed: Option<String>,
    /// Fingerprint of the scan or recording.
    pub scan: Option<String>,
}

/// What a kiosk at a counter says of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtKioskView {
    /// When, by its own clock.
    pub clock: String,
    /// Who handed the screen over, by the name they have at work.
    pub staff: Option<String>,
}

/// What was bought, on the receipt of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldView {
    /// In the organisation's words; nothing where only the receipt itself is there.
    pub products: Option<String>,
    /// On which day, in words.
    pub sold: String,
    /// The number of the sale.
    pub sale: String,
}

/// What a receipt says, whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptBody {
    /// What it is about.
    pub act: ActView,
    /// What was decided, in the order shown.
    pub choices: Vec<ChoiceView>,
    /// When, in words.
    pub at: String,
    /// When, for machines (RFC 3339).
    pub at_machine: String,
    /// Who asked.
    pub controller: ControllerView,
    /// The receipt's number.
    pub number: String,
    /// Who signed: the collector's address.
    pub issuer: String,
    /// Fingerprint of the wording.
    pub notice_hash: String,
    /// Where it comes from, for an imported list.
    pub imported: Option<ImportedView>,
    /// What staff wrote down.
    pub registered: Option<RegisteredView>,
    /// What a kiosk says of it, where it came from one.
    pub kiosk: Option<AtKioskView>,
    /// What was bought, for a sale.
    pub sold: Option<SoldView>,
    /// The wording; nothing where only the receipt itself is there.
    pub wording: Option<WordingView>,
}

/// A receipt's page, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptView {
    /// The language of the page.
    pub language: Language,
    /// The page in other languages.
    pub languages: Vec<LanguageLink>,
    /// What the receipt says.
    pub body: ReceiptBody,
    /// The manage link.
    pub manage_url: String,
    /// The manage link as a QR code: SVG text made by the collector itself.
    pub qr_svg: String,
    /// Where the signed file is.
    pub jws_url: String,
    /// The proof that it is in the log.
    pub proof_url: String,
    /// The page of the log that the receipt stands in.
    pub log_url: String,
    /// Where the readable file is.
    pub json_url: String,
    /// The receipt as ISO/IEC TS 27560 record.
    pub jsonld_url: String,
    /// The receipt as Kantara Consent Receipt.
    pub kantara_url: String,
    /// All evidence in one file.
    pub bundle_url: String,
    /// The page that checks such files.
    pub verify_url: String,
}

/// Where one consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It stands.
    Given,
    /// The box was seen and left empty.
    Refused,
    /// Taken back.
    Withdrawn,
    /// Its term is over.
    Expired,
    /// Waits for the owner of the address.
    Requested,
    /// Nobody confirmed it.
    Lapsed,
    /// Came with an imported list that proves nothing.
    Unproven,
    /// Never asked, or asked in an older version.
    Open,
    /// Stands without consent: they are a customer and did not object.
    Customer,
}

/// One purpose on the manage page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingView {
    /// The box, in the wording of today's offer.
    pub purpose: PurposeView,
    /// Where it stands.
    pub standing: Standing,
    /// Since when, in words.
    pub since: Option<String>,
    /// Until when it counts, in words.
    pub until: Option<String>,
    /// Why it is allowed without consent, in words.
    pub why: Option<String>,
    /// Whether it can be given again on this page: today's form still asks it and the contact data is there.
    pub can_give: bool,
}

/// One line of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryView {
    /// When, in words.
    pub at: String,
    /// What was done with which purpose.
    pub decided: Decided,
    /// The purposes, by title.
    pub titles: Vec<String>,
    /// What staff wrote down.
    pub registered: Option<RegisteredView>,
    /// Its receipt.
    pub receipt_url: Option<String>,
}

/// What has just been done on the manage page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManageNote {
    /// Consent was taken back.
    Stopped,
    /// Consent was given again.
    Given,
    /// Consent was given again, and waits for the owner of the address.
    Requested,
    /// The own link is on its way by mail.
    LinkSent,
    /// All advertising was objected to.
    Objected,
    /// It was refused: a sentence for the person.
    Problem(String),
}

/// Whether a person can object to all advertising here (Art. 21(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objecting {
    /// Not here: nobody confirmed that the address is theirs.
    No,
    /// By one button.
    Can,
    /// They did.
    Done,
}

/// The manage page, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManageView {
    /// The language of the page.
    pub language: Language,
    /// The page in other languages.
    pub languages: Vec<LanguageLink>,
    /// Who asks.
    pub controller: ControllerView,
    /// URL that takes the forms of this page (POST).
    pub action: String,
    /// 22 characters of base64url, fresh for this page: a repeated post counts once.
    pub nonce: String,
    /// The offer that binds the wording of the boxes here.
    pub offer: String,
    /// Every purpose.
    pub purposes: Vec<StandingView>,
    /// How to take consent back, from the notice.
    pub withdrawal: String,
    /// What happened, newest first.
    pub history: Vec<HistoryView>,
    /// Whether they bought something, so that more than consent is shown.
    pub customer: bool,
    /// Where the data comes from, for who came with an imported list.
    pub imported: Option<ImportedView>,
    /// What staff wrote down at first.
    pub registered: Option<RegisteredView>,
    /// Objecting to all advertising.
    pub objecting: Objecting,
    /// All evidence of all of it in one file. Not behind a link that may have been forwarded.
    pub bundle_url: Option<String>,
    /// The page that checks such files.
    pub verify_url: String,
    /// Whether the own link can be sent by mail from here, because here one can only stop.
    pub can_mail_link: bool,
    /// What has just been done.
    pub note: Option<ManageNote>,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageLink {
    /// Its words.
    pub label: String,
    /// Where it goes.
    pub url: String,
}

/// A page with a message and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageView {
    /// The language of the page.
    pub language: Language,
    /// Heading.
    pub heading: String,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// The next step.
    pub next: Option<MessageLink>,
}
