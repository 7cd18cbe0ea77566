//! Mail: a letter to one person, and the ways to send it.
//!
//! In scope: the bytes of a letter, SMTP, the folder that stands in for it, DKIM, reading what comes back. Out of scope: what letters say
//! (`service::letters`), when they are sent and tried again (`outbox`).
//!
//! Invariant: an address is in the letter and in the conversation with the mail server, and nowhere else: not in a log,
//! not in an error.

use shared::Language;
use shared::contact::EmailAddress;

pub mod inbound;
pub mod message;
pub mod settings;
mod transport;

pub use settings::MailSettings;
pub use transport::Mailer;

/// A letter, ready to be put into an envelope. It has no `Debug`: it is about one person.
pub struct Letter {
    /// To whom.
    pub to: EmailAddress,
    /// The name of the organisation that writes.
    pub from_name: String,
    /// Where answers go: the organisation's own address.
    pub reply_to: String,
    /// Its language (RFC 3282).
    pub language: Language,
    /// The same for each try, so that a mail program shows a letter that came twice once: left of the `@`.
    pub id: String,
    /// Subject.
    pub subject: String,
    /// For programs that show text only.
    pub text: String,
    /// The same as a page. It shows the picture, if there is one, as `cid:code`.
    pub html: String,
    /// A picture with the code of the link: PNG.
    pub code: Option<Vec<u8>>,
    /// A file to keep: name and bytes.
    pub file: Option<(String, Vec<u8>)>,
}

/// Why a letter was not taken. No text of the server: it may repeat the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The server did not answer, or said to come back later (RFC 5321 §4.2.1, 4yz).
    #[error("couldn't send a letter: the mail server did not take it now")]
    Later,
    /// The server will not take it (5yz), or the address is none that mail can carry.
    #[error("couldn't send a letter: the mail server will not take it")]
    Never,
}
