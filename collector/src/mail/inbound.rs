//! What comes back by mail: people who unsubscribe by mail (RFC 2369 §3.2), and reports that a message did not arrive (RFC 3464).
//!
//! In scope: reading one message. Out of scope: what follows from it (`service::inbound`), how it comes here (`http::api::inbound`).
//!
//! Invariant: nothing of a message is kept, repeated or believed but tokens that we made ourselves and the three numbers of a
//! status; whoever writes a message can say no more with it than with the links in the mail that they got.

use mailparse::{MailHeaderMap as _, ParsedMail};

/// Words of a subject, or addresses of a header, that are looked at.
const WORDS_MAX: usize = 16;

/// A status of a report (RFC 3463): class, subject and detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u8, pub u16, pub u16);

impl Status {
    /// Reads `5.1.1`; only a permanent failure, class 5, says that an address does not work.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split_whitespace().next()?.split('.');
        let status =
            Self(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        (parts.next().is_none() && status.0 == 5 && status.1 < 1_000 && status.2 < 1_000).then_some(status)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// What a message is about.
#[derive(Debug, PartialEq, Eq)]
pub enum Inbound {
    /// A person writes: these words may be the token of a stop link.
    Written(Vec<String>),
    /// A server reports that a message cannot be delivered.
    Failed {
        /// Why.
        status: Status,
        /// The left side of the message's id, if it is named: a letter of ours has a token there.
        letter: Option<String>,
        /// The token of the stop link in the message's head, if there is one.
        stop: Option<String>,
    },
    /// Anything else: a holiday answer, a report that something arrived or is late.
    Other,
}

/// Reads a message.
#[must_use]
pub fn read(bytes: &[u8]) -> Inbound {
    let Ok(mail) = mailparse::parse_mail(bytes) else { return Inbound::Other };
    if mail.ctype.mimetype == "multipart/report" {
        return report(&mail).unwrap_or(Inbound::Other);
    }
    // RFC 3834 §5: what machines write of themselves is no wish of a person.
    let by_itself = mail.headers.get_first_value("Auto-Submitted");
    if by_itself.is_some_and(|value| !value.trim().eq_ignore_ascii_case("no")) {
        return Inbound::Other;
    }
    let subject = mail.headers.get_first_value("Subject").unwrap_or_default();
    let words = subject.split_whitespace().take(WORDS_MAX).map(Into::into).collect();
    Inbound::Written(words)
}

fn report(mail: &ParsedMail<'_>) -> Option<Inbound> {
    let named = |part: &&ParsedMail<'_>, names: &[&str]| names.contains(&part.ctype.mimetype.as_str());
    let status = mail
        .subparts
        .iter()
        .find(|part| named(part, &["message/delivery-status", "message/global-delivery-status"]))?;
    let status = failure(&status.get_body().ok()?)?;
    let returned = mail.subparts.iter().find(|part| {
        named(part, &["message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"])
    });
    let head = returned.and_then(|part| part.get_body_raw().ok()).unwrap_or_default();
    let (headers, _) = mailparse::parse_headers(&head).unwrap_or_default();
    let letter = headers.get_first_value("Message-ID").and_then(|id| left_side(&id));
    let stop = headers.get_first_value("List-Unsubscribe").and_then(|links| stop_token(&links));
    Some(Inbound::Failed { status, letter, stop })
}

/// The status of the first recipient who will never get it.
fn failure(fields: &str) -> Option<Status> {
    // Fields of the message come first, then those of each recipient, with empty lines between.
    fields.replace("\r\n", "\n").split("\n\n").find_map(|group| {
        let value = |name: &str| {
            let lines = group.lines().filter_map(|line| line.split_once(':'));
            lines
                .filter(|(field, _)| field.trim().eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim())
                .next()
        };
        let failed = value("Action").is_some_and(|action| action.eq_ignore_ascii_case("failed"));
        Status::parse(value("Status")?).filter(|_| failed)
    })
}

fn left_side(id: &str) -> Option<String> {
    let (left, _) = id.trim().strip_prefix('<')?.split_once('@')?;
    Some(left.into())
}

fn stop_token(links: &str) -> Option<String> {
    let tokens = links.split(',').take(WORDS_MAX).filter_map(|link| {
        let link = link.trim().strip_prefix('<')?.strip_suffix('>')?;
        link.split_once("/u/").map(|(_, token)| token.to_owned())
    });
    tokens.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNCE: &str = "From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\nAuto-Submitted: auto-replied\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt did not arrive.\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
        Final-Recipient: rfc822; x@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <TOKEN@c.example>\r\n\
        List-Unsubscribe: <mailto:stop@c.example?subject=S>,\r\n <https://c.example/u/STOP>\r\nSubject: x\r\n\r\nBody\r\n--b--\r\n";

    #[test]
    fn a_report_names_the_message_and_why_it_did_not_arrive() {
        let failed =
            |status| Inbound::Failed { status, letter: Some("TOKEN".into()), stop: Some("STOP".into()) };
        assert_eq!(read(BOUNCE.as_bytes()), failed(Status(5, 1, 1)));
        let reasoned = BOUNCE.replace("Status: 5.1.1", "Status: 5.2.2 (full)");
        assert_eq!(read(reasoned.as_bytes()), failed(Status(5, 2, 2)));
        let headers = BOUNCE.replace("message/rfc822", "text/rfc822-headers");
        assert_eq!(read(headers.as_bytes()), failed(Status(5, 1, 1)));
    }

    #[test]
    fn what_is_late_or_arrived_is_no_failure() {
        for (from, to) in [
            ("Action: failed", "Action: delayed"),
            ("Status: 5.1.1", "Status: 4.2.2"),
            ("Status: 5.1.1", "Status: 5.1.1.1"),
            ("Status: 5.1.1", "Status: five"),
            ("message/delivery-status", "text/plain"),
        ] {
            assert_eq!(read(BOUNCE.replace(from, to).as_bytes()), Inbound::Other, "{to}");
        }
    }

    #[test]
    fn a_person_writes_words_and_a_machine_none() {
        let mail = "From: x@example.org\r\nSubject: Re: unsubscribe ABC\r\n\r\nPlease.\r\n";
        assert_eq!(
            read(mail.as_bytes()),
            Inbound::Written(vec!["Re:".into(), "unsubscribe".into(), "ABC".into()])
        );
        let away = format!("Auto-Submitted: auto-replied\r\n{mail}");
        assert_eq!(read(away.as_bytes()), Inbound::Other);
        assert_eq!(read(format!("Auto-Submitted: no\r\n{mail}").as_bytes()), read(mail.as_bytes()));
        assert_eq!(read(b"\xff\x00\r\n"), Inbound::Written(Vec::new()));
    }
}
