//! The bytes of a letter (RFC 5322, MIME).
//!
//! Invariant: every value that goes into a header comes from a type that has no line breaks, or is encoded by the library;
//! the letter says that a machine wrote it (RFC 3834), so no holiday answer comes back.

use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
    dkim_sign,
};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::settings::{DkimSettings, MailError, secret};
use super::{Letter, SendError};

/// The name of the picture inside a letter.
pub const CODE: &str = "code";

/// What a DKIM signature covers: everything that a reader sees, or that says what the letter is.
const SIGNED: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Reply-To",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
];

macro_rules! header {
    ($(#[$doc:meta])* $name:ident, $text:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($text)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.into()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

header! {
    /// RFC 3834 §5: no machine should answer this.
    AutoSubmitted, "Auto-Submitted"
}
header! {
    /// RFC 3282: in which language it is, for programs that read aloud.
    ContentLanguage, "Content-Language"
}

/// A letter from a sender, as a message.
///
/// # Errors
///
/// [`SendError::Never`] for an address that mail cannot carry.
pub fn build(letter: &Letter, sender: &Address) -> Result<Message, SendError> {
    let never = |_| SendError::Never;
    let to: Address = letter.to.as_str().parse().map_err(never)?;
    let reply_to: Address = letter.reply_to.parse().map_err(never)?;
    let message = Message::builder()
        .from(Mailbox::new(Some(one_line(&letter.from_name)), sender.clone()))
        .to(Mailbox::new(None, to))
        .reply_to(Mailbox::new(None, reply_to))
        .subject(one_line(&letter.subject))
        .message_id(Some(format!("<{}@{}>", letter.id, sender.domain())))
        .header(AutoSubmitted("auto-generated".into()))
        .header(ContentLanguage(letter.language.tag().into()));
    message.multipart(body(letter)).map_err(|_| SendError::Never)
}

/// A text without line breaks and other control characters, each of which could begin something else.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn body(letter: &Letter) -> MultiPart {
    let page = SinglePart::html(letter.html.clone());
    let text = MultiPart::alternative().singlepart(SinglePart::plain(letter.text.clone()));
    let both = match &letter.code {
        None => text.singlepart(page),
        Some(png) => {
            let kind = ContentType::parse("image/png").expect("a media type");
            let picture = Attachment::new_inline(CODE.into()).body(png.clone(), kind);
            text.multipart(MultiPart::related().singlepart(page).singlepart(picture))
        }
    };
    match &letter.file {
        None => both,
        Some((name, bytes)) => {
            let kind = ContentType::parse("application/jose").expect("a media type");
            let file = Attachment::new(name.clone()).body(bytes.clone(), kind);
            MultiPart::mixed().multipart(both).singlepart(file)
        }
    }
}

/// A key that signs letters (RFC 6376), with the headers that it covers.
///
/// # Errors
///
/// A [`MailError`] that names the file.
pub(super) fn dkim(settings: &DkimSettings) -> Result<DkimConfig, MailError> {
    let pem = secret(&settings.key_file)?;
    let key = DkimSigningKey::new(&pem, DkimSigningAlgorithm::Rsa)
        .map_err(|_| MailError::Dkim(settings.key_file.clone()))?;
    let relaxed = DkimCanonicalizationType::Relaxed;
    Ok(DkimConfig::new(
        settings.selector.clone(),
        settings.domain.clone(),
        key,
        SIGNED.iter().map(|name| HeaderName::new_from_ascii_str(name)).collect(),
        DkimCanonicalization { header: relaxed, body: relaxed },
    ))
}

/// Signs a message.
pub(super) fn sign(message: &mut Message, key: &DkimConfig) {
    dkim_sign(message, key);
}

#[cfg(test)]
mod tests {
    use shared::Language;
    use shared::contact::EmailAddress;

    use super::*;

    fn letter() -> Letter {
        Letter {
            to: EmailAddress::parse("someone@example.org").unwrap(),
            from_name: "Kaas\r\nBcc: x@example.org".into(),
            reply_to: "privacy@shop.example".into(),
            language: Language::Nl,
            id: "letter-1".into(),
            subject: "Ja?\r\nBcc: x@example.org".into(),
            text: "Hallo".into(),
            html: "<p>Hallo</p>".into(),
            code: Some(vec![1, 2, 3]),
            file: None,
        }
    }

    #[test]
    fn nothing_in_a_letter_can_start_a_header_of_its_own() {
        let sender = "vinkje@c.example".parse().unwrap();
        let bytes = build(&letter(), &sender).unwrap().formatted();
        let text = String::from_utf8(bytes).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{head}");
        assert!(head.contains("Auto-Submitted: auto-generated\r\n"), "{head}");
        assert!(head.contains("Message-ID: <letter-1@c.example>\r\n"), "{head}");
        assert!(text.contains("Content-ID: <code>"), "{text}");
    }
}
