//! The settings of a collector: one documented struct, one file.
//!
//! In scope: reading, checking and writing `vinkje.toml`. Out of scope: keys; they are files of their own.
//!
//! Invariant: an unknown setting is an error, and there is no default secret.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::cosigning::configured::Setting;
use crate::cosigning::state::Pace;
use crate::mail::MailSettings;
use crate::mail::settings::MailError;

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address under which people reach the collector, without a slash at the end. Every link starts with it.
    pub base_url: String,
    /// Where to listen.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// The folder of the widget's files. Optional here; `--assets` names it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assets: Option<PathBuf>,
    /// Answers that one network (IPv4 /24, IPv6 /64) may send in a minute; it may read ten times as many receipts, own
    /// pages and files of logs. 0 switches both limits off.
    #[serde(default = "default_requests_per_minute")]
    pub requests_per_minute: u32,
    /// An answer that comes sooner than so many seconds after its form was made is more often a program's than a person's. What needs an
    /// e-mail address then waits for its owner, also on forms that do not ask to confirm. 0 switches this off.
    #[serde(default = "default_quick_seconds")]
    pub quick_seconds: u32,
    /// Letters that ask to confirm in an hour, for each organisation; more wait for the next. 0 is no limit.
    #[serde(default = "default_confirm_letters_per_hour")]
    pub confirm_letters_per_hour: u32,
    /// Proxies whose `X-Forwarded-For` is believed. Optional; none by default.
    #[serde(default)]
    pub trusted_proxies: Vec<IpNet>,
    /// Memory for the store's cache, in MiB.
    #[serde(default = "default_cache_mib")]
    pub cache_mib: usize,
    /// Seconds between two rounds of asking witnesses, from 1.
    #[serde(default = "default_witness_every_seconds")]
    pub witness_every_seconds: u32,
    /// After so many seconds without a new cosignature a witness is said to be stale.
    #[serde(default = "default_witness_stale_seconds")]
    pub witness_stale_seconds: u32,
    /// How mail is sent. Optional: into the folder `mail` beside this file.
    #[serde(default, skip_serializing_if = "MailSettings::is_usual")]
    pub mail: MailSettings,
    /// Witnesses that are asked to cosign the logs. Optional; none by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness: Vec<Setting>,
}

const FILE: &str = "vinkje.toml";

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

/// Without a proxy in between, people reach us where we listen: at the port of the address that they know.
fn listen_for(base_url: &str) -> SocketAddr {
    let mut listen = default_listen();
    let host = base_url.strip_prefix("http://").unwrap_or_default();
    if let Some(port) = host.rsplit_once(':').and_then(|(_, port)| port.parse().ok()) {
        listen.set_port(port);
    }
    listen
}

/// As browsers name it in `Host`: without a slash at the end, and without the usual port.
fn read_base_url(text: &str) -> Result<String, ConfigError> {
    let origin = shared::form::Origin::parse(text.trim_end_matches('/')).ok_or(ConfigError::BaseUrl)?;
    Ok(origin.as_str().to_owned())
}

const fn default_requests_per_minute() -> u32 {
    120
}

const fn default_quick_seconds() -> u32 {
    2
}

const fn default_confirm_letters_per_hour() -> u32 {
    500
}

const fn default_cache_mib() -> usize {
    64
}

const fn default_witness_every_seconds() -> u32 {
    10
}

const fn default_witness_stale_seconds() -> u32 {
    24 * 60 * 60
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no such file.
    #[error("couldn't read {0}: {1}. Run `vinkje init --data DIR` first")]
    Read(PathBuf, std::io::Error),
    /// Not TOML, or not these settings.
    #[error("couldn't use {0}: {1}")]
    Parse(PathBuf, String),
    /// The base URL is not one.
    #[error(
        "couldn't use the base URL: expected http://host or https://host, with a port if need be, no path"
    )]
    BaseUrl,
    /// What is set about mail cannot be.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The file could not be written.
    #[error("couldn't write {0}: {1}")]
    Write(PathBuf, std::io::Error),
}

impl Config {
    /// Settings with nothing but the base URL chosen.
    ///
    /// # Errors
    ///
    /// [`ConfigError::BaseUrl`].
    pub fn new(base_url: &str) -> Result<Self, ConfigError> {
        let base_url = read_base_url(base_url)?;
        Ok(Self {
            listen: listen_for(&base_url),
            base_url,
            assets: None,
            requests_per_minute: default_requests_per_minute(),
            quick_seconds: default_quick_seconds(),
            confirm_letters_per_hour: default_confirm_letters_per_hour(),
            trusted_proxies: Vec::new(),
            cache_mib: default_cache_mib(),
            witness_every_seconds: default_witness_every_seconds(),
            witness_stale_seconds: default_witness_stale_seconds(),
            mail: MailSettings::default(),
            witness: Vec::new(),
        })
    }

    /// The settings' file in a data folder.
    #[must_use]
    pub fn path(data: &Path) -> PathBuf {
        data.join(FILE)
    }

    /// Reads the settings in a data folder.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] that names the file.
    pub fn load(data: &Path) -> Result<Self, ConfigError> {
        let path = Self::path(data);
        let text = std::fs::read_to_string(&path).map_err(|error| ConfigError::Read(path.clone(), error))?;
        let mut config: Self =
            toml::from_str(&text).map_err(|error| ConfigError::Parse(path, error.to_string()))?;
        config.base_url = read_base_url(&config.base_url)?;
        config.mail.check()?;
        Ok(config)
    }

    /// Writes the settings into a new data folder; settings that are there stay as they are.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Write`].
    pub fn save(&self, data: &Path) -> Result<(), ConfigError> {
        let path = Self::path(data);
        let text =
            toml::to_string(self).map_err(|error| ConfigError::Parse(path.clone(), error.to_string()))?;
        let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let written = file.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
        written.map_err(|error| ConfigError::Write(path, error))
    }

    /// How often witnesses are asked, and when they are stale.
    #[must_use]
    pub fn witness_pace(&self) -> Pace {
        let seconds = |seconds: u32| Duration::from_secs(seconds.max(1).into());
        Pace { every: seconds(self.witness_every_seconds), stale: seconds(self.witness_stale_seconds) }
    }

    /// Host and port of the base URL: the only `Host` that requests may name.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.base_url.split_once("://").map_or("", |(_, authority)| authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_and_an_unknown_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::new("https://c.example/").unwrap();
        config.save(folder.path()).unwrap();
        assert_eq!(Config::load(folder.path()).unwrap(), config);
        std::fs::write(folder.path().join(FILE), "base_url = \"https://c.example\"\ncolour = 1").unwrap();
        assert!(matches!(Config::load(folder.path()), Err(ConfigError::Parse(..))));
    }

    #[test]
    fn a_base_url_is_an_origin() {
        for bad in ["c.example", "https://c.example/path", "ftp://c.example", ""] {
            assert!(matches!(Config::new(bad), Err(ConfigError::BaseUrl)), "{bad}");
        }
        assert_eq!(Config::new("https://c.example:8443").unwrap().authority(), "c.example:8443");
        assert_eq!(Config::new("https://c.example:443/").unwrap().authority(), "c.example");
    }

    #[test]
    fn a_collector_without_a_proxy_listens_where_its_links_lead() {
        for (base_url, port) in
            [("http://127.0.0.1:9000", 9000), ("http://shop.local", 8080), ("https://c.example:8443", 8080)]
        {
            assert_eq!(Config::new(base_url).unwrap().listen.port(), port, "{base_url}");
        }
    }
}
