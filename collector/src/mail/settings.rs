//! How mail is sent: the `[mail]` part of the settings.
//!
//! In scope: reading and checking. Out of scope: sending (`transport`).
//!
//! Invariant: secrets are in files of their own, and without settings mail goes into a folder and nowhere else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lettre::Address;
use serde::{Deserialize, Serialize};
use shared::contact::EmailAddress;
use shared::ids::OrganisationId;

/// All about mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The address that letters come from. Optional: `vinkje@` the host of the base URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Where letters are put while there is no `smtp`, as files that mail programs open. Optional: `mail` in the data folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// The mail server. Optional: without one, letters go into the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smtp: Option<SmtpSettings>,
    /// A signature of our own (RFC 6376). Optional: most mail servers sign themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dkim: Option<DkimSettings>,
    /// Addresses to which people can write to unsubscribe, by organisation; their mail is handed in at `/v1/{organisation}/mail`.
    /// Optional: without one, stop links are web links only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unsubscribe: BTreeMap<OrganisationId, String>,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port. Optional: 465 for `tls`, 587 for `starttls`, 25 for `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// How the way to it is kept secret. Optional: `starttls`, which is demanded, never only tried.
    #[serde(default)]
    pub tls: Tls,
    /// A certificate to trust beside those of the system: a PEM file. Optional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// The name to log in with. Optional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The file with the password, which only its owner may read. Optional; needed beside `user`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
}

/// How the way to a mail server is kept secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS after a first word in clear (RFC 3207); without it nothing is sent.
    #[default]
    Starttls,
    /// None: for a server on this very machine.
    None,
}

impl Tls {
    /// The usual port.
    #[must_use]
    pub const fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::Starttls => 587,
            Self::None => 25,
        }
    }
}

/// A DKIM key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimSettings {
    /// The domain that signs: that of the `from` address, or one above it.
    pub domain: String,
    /// The name of the key in DNS: `selector._domainkey.domain`.
    pub selector: String,
    /// The private RSA key, PKCS #1 in PEM, which only its owner may read.
    pub key_file: PathBuf,
}

/// Why mail cannot be sent as set.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender's address is none.
    #[error("couldn't use `from` of [mail]: expected an address such as post@c.example")]
    From,
    /// An address to unsubscribe is none, or has characters that would have to be written otherwise in a link.
    #[error(
        "couldn't use an address of [mail.unsubscribe]: expected one such as stop@c.example, with letters, digits and . _ + - only"
    )]
    Unsubscribe,
    /// A name without a password.
    #[error("couldn't use `user` of [mail.smtp]: name the file with its password as `password_file`")]
    NoPassword,
    /// A file cannot be read.
    #[error("couldn't read {0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// Others may read a secret.
    #[error("couldn't use {0}: others can read it; run `chmod 600` on it")]
    Open(PathBuf),
    /// The key of the DKIM signature is none.
    #[error("couldn't use the DKIM key {0}: expected a PEM file that begins with BEGIN RSA PRIVATE KEY")]
    Dkim(PathBuf),
    /// A certificate is none.
    #[error("couldn't use the certificate {0}: expected a PEM file")]
    Certificate(PathBuf),
    /// The mail server cannot be named so.
    #[error("couldn't use `host` of [mail.smtp]: it is not a server's name")]
    Host,
    /// The folder cannot be made.
    #[error("couldn't make the folder for mail {0}: {1}")]
    Folder(PathBuf, std::io::Error),
}

impl MailSettings {
    /// Whether nothing is set, so that nothing has to be written.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Checks what no type says.
    ///
    /// # Errors
    ///
    /// [`MailError::Unsubscribe`].
    pub fn check(&self) -> Result<(), MailError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._+-@".contains(c);
        let good = |address: &String| EmailAddress::parse(address).is_ok() && address.chars().all(plain);
        if self.unsubscribe.values().all(good) { Ok(()) } else { Err(MailError::Unsubscribe) }
    }

    /// The address that letters come from.
    ///
    /// # Errors
    ///
    /// [`MailError::From`].
    pub fn sender(&self, authority: &str) -> Result<Address, MailError> {
        let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
        // A collector on a bare IP address (as in a demo) has no domain of its own.
        let host = if host.parse::<std::net::IpAddr>().is_ok() { "localhost" } else { host };
        let usual = || format!("vinkje@{host}");
        self.from.clone().unwrap_or_else(usual).parse().map_err(|_| MailError::From)
    }
}

/// Reads a secret from a file that only its owner can read.
pub(super) fn secret(path: &Path) -> Result<String, MailError> {
    use std::os::unix::fs::PermissionsExt;
    let read = |error| MailError::Read(path.into(), error);
    let mode = std::fs::metadata(path).map_err(read)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(MailError::Open(path.into()));
    }
    Ok(std::fs::read_to_string(path).map_err(read)?.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_from_the_collectors_own_name_unless_another_is_set() {
        let sender = |from: Option<&str>, authority: &str| {
            let settings = MailSettings { from: from.map(Into::into), ..MailSettings::default() };
            settings.sender(authority).map(|address| address.to_string()).ok()
        };
        assert_eq!(sender(None, "c.example:8443").as_deref(), Some("vinkje@c.example"));
        assert_eq!(sender(None, "127.0.0.1:8080").as_deref(), Some("vinkje@localhost"));
        assert_eq!(sender(Some("post@shop.example"), "c.example").as_deref(), Some("post@shop.example"));
        assert_eq!(sender(Some("post"), "c.example"), None);
    }

    #[test]
    fn an_address_to_unsubscribe_stands_in_links_as_it_is() {
        for (address, good) in
            [("stop+nl@c.example", true), ("stop", false), ("a?b@c.example", false), ("a&b@c.example", false)]
        {
            let settings: MailSettings = toml::from_str(&format!("unsubscribe.kaas = {address:?}")).unwrap();
            assert_eq!(settings.check().is_ok(), good, "{address}");
        }
        assert!(toml::from_str::<MailSettings>("unsubscribe.\"Kaas?\" = \"stop@c.example\"").is_err());
    }

    #[test]
    fn an_unknown_setting_is_refused_and_a_password_is_no_setting() {
        for bad in ["colour = 1", "[smtp]\nhost = \"m.example\"\npassword = \"x\"", "[smtp]\ntls = \"maybe\""]
        {
            assert!(toml::from_str::<MailSettings>(bad).is_err(), "{bad}");
        }
        let good: MailSettings = toml::from_str("[smtp]\nhost = \"m.example\"").unwrap();
        assert_eq!(good.smtp.unwrap().tls, Tls::Starttls);
    }
}
