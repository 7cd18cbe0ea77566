//! Sending: to a mail server, or into a folder where there is none.
//!
//! Invariant: a letter counts as sent only when the server said that it has it, or its file is whole on the disk. What the
//! server says is not logged, because it may repeat the address; only its code is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::dkim::DkimConfig;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls as ClientTls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::message;
use super::settings::{MailError, MailSettings, SmtpSettings, Tls, secret};
use super::{Letter, SendError};

/// The longest that a mail server may take for one step of the conversation.
const SMTP_STEP_SECONDS_MAX: Duration = Duration::from_secs(20);

/// Connections to the mail server at once, and so letters under way at once.
pub const LETTERS_AT_ONCE_MAX: u32 = 8;

/// A way to send letters.
pub struct Mailer {
    sender: Address,
    dkim: Option<DkimConfig>,
    way: Way,
}

enum Way {
    Folder(PathBuf),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl Mailer {
    /// Gets ready to send as set. Connects to nothing yet.
    ///
    /// # Errors
    ///
    /// A [`MailError`] that names the setting or file.
    pub fn new(settings: &MailSettings, authority: &str, data: &Path) -> Result<Self, MailError> {
        let way = match &settings.smtp {
            Some(smtp) => Way::Smtp(Box::new(smtp_transport(smtp)?)),
            None => {
                let folder = settings.folder.clone().unwrap_or_else(|| "mail".into());
                let folder = data.join(folder);
                std::fs::create_dir_all(&folder).map_err(|error| MailError::Folder(folder.clone(), error))?;
                Way::Folder(folder)
            }
        };
        let dkim = settings.dkim.as_ref().map(message::dkim).transpose()?;
        Ok(Self { sender: settings.sender(authority)?, dkim, way })
    }

    /// Sends a letter.
    ///
    /// # Errors
    ///
    /// A [`SendError`]; after [`SendError::Later`] the server may have it all the same.
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let mut message = message::build(letter, &self.sender)?;
        if let Some(key) = &self.dkim {
            message::sign(&mut message, key);
        }
        match &self.way {
            Way::Folder(folder) => {
                let (folder, id) = (folder.clone(), letter.id.clone());
                let written = tokio::task::spawn_blocking(move || write(&folder, &id, &message));
                written.await.unwrap_or(Err(SendError::Later))
            }
            Way::Smtp(server) => match server.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => {
                    let code = error.status().map(u16::from);
                    tracing::warn!(
                        code,
                        timeout = error.is_timeout(),
                        tls = error.is_tls(),
                        "a letter was not taken"
                    );
                    Err(if error.is_permanent() { SendError::Never } else { SendError::Later })
                }
            },
        }
    }
}

/// Writes a letter under its own name, so that a second try is the same file. It appears whole or not at all.
fn write(folder: &Path, id: &str, message: &Message) -> Result<(), SendError> {
    let later = |error: std::io::Error| {
        tracing::warn!(%error, "a letter cannot be written into the folder");
        SendError::Later
    };
    let part = folder.join(format!("{id}.part"));
    let mut file = std::fs::File::create(&part).map_err(later)?;
    std::io::Write::write_all(&mut file, &message.formatted()).map_err(later)?;
    file.sync_all().map_err(later)?;
    std::fs::rename(&part, folder.join(format!("{id}.eml"))).map_err(later)
}

fn smtp_transport(smtp: &SmtpSettings) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailError> {
    let tls = match smtp.tls {
        Tls::None => ClientTls::None,
        Tls::Starttls => ClientTls::Required(tls_parameters(smtp)?),
        Tls::Tls => ClientTls::Wrapper(tls_parameters(smtp)?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(smtp.host.clone())
        .port(smtp.port.unwrap_or(smtp.tls.port()))
        .tls(tls)
        .timeout(Some(SMTP_STEP_SECONDS_MAX))
        .pool_config(PoolConfig::new().max_size(LETTERS_AT_ONCE_MAX));
    if let Some(user) = &smtp.user {
        let file = smtp.password_file.as_ref().ok_or(MailError::NoPassword)?;
        builder = builder.credentials(Credentials::new(user.clone(), secret(file)?));
    }
    Ok(builder.build())
}

fn tls_parameters(smtp: &SmtpSettings) -> Result<TlsParameters, MailError> {
    let mut parameters = TlsParameters::builder(smtp.host.clone());
    if let Some(path) = &smtp.ca_file {
        let pem = std::fs::read(path).map_err(|error| MailError::Read(path.clone(), error))?;
        let certificate = Certificate::from_pem(&pem).map_err(|_| MailError::Certificate(path.clone()))?;
        parameters = parameters.add_root_certificate(certificate);
    }
    parameters.build_rustls().map_err(|_| MailError::Host)
}
