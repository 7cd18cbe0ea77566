//! The witnesses in a collector's settings, read into types.
//!
//! Invariant: a witness is asked over HTTPS, or on this machine; nothing else is ever connected to.

use std::net::IpAddr;

use anyhow::{Context, Result, ensure};
use hyper::Uri;
use serde::{Deserialize, Serialize};
use shared::log::NoteKey;
use shared::log::note::Kind;

use crate::log::cosigned;

/// Witnesses of one collector at most: each is asked about each log, and signs in each proof.
const WITNESSES_MAX: usize = 8;

/// `[[witness]]` in `vinkje.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Its address: what stands before `/add-checkpoint`.
    pub url: String,
    /// Its verifier key, as `vinkje witness init` prints it.
    pub key: String,
}

/// A witness that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    /// Its verifier key.
    pub key: NoteKey,
    /// Where it is asked: its address with `/add-checkpoint`.
    pub uri: Uri,
}

/// Reads the settings.
///
/// # Errors
///
/// What is wrong with the first that cannot be used.
pub fn read(settings: &[Setting]) -> Result<Vec<Configured>> {
    ensure!(
        settings.len() <= WITNESSES_MAX,
        "couldn't use the settings: there are more than {WITNESSES_MAX} witnesses"
    );
    let mut all: Vec<Configured> = Vec::new();
    for setting in settings {
        let one = read_one(setting).with_context(|| format!("couldn't use the witness {}", setting.url))?;
        ensure!(
            all.iter().all(|known| known.key != one.key),
            "couldn't use the settings: the witness {} stands there twice",
            one.key.name()
        );
        all.push(one);
    }
    Ok(all)
}

fn read_one(setting: &Setting) -> Result<Configured> {
    let key = NoteKey::parse(setting.key.trim())?;
    ensure!(key.kind() == Kind::Witness, "the key is that of a log, not of a witness");
    ensure!(cosigned::fits(&key), "its name is too long");
    let address: Uri = setting.url.parse().context("its url is no address")?;
    let host = address.host().context("its url names no host")?;
    let allowed = match address.scheme_str() {
        Some("https") => true,
        Some("http") => is_this_machine(host),
        _ => false,
    };
    ensure!(allowed, "its url must begin with https://, or with http:// on this machine");
    let plain = address.query().is_none() && address.authority().is_some_and(|at| !at.as_str().contains('@'));
    ensure!(plain, "its url must be host and path only");
    let uri = format!("{}/add-checkpoint", setting.url.trim_end_matches('/'));
    Ok(Configured { key, uri: uri.parse().context("its url is no address")? })
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";

    fn one(url: &str) -> Result<Vec<Configured>> {
        read(&[Setting { url: url.into(), key: KEY.into() }])
    }

    #[test]
    fn only_https_and_this_machine_are_asked() {
        for (url, uri) in [
            ("https://remora.n621.de", "https://remora.n621.de/add-checkpoint"),
            ("https://w.example:8443/one/", "https://w.example:8443/one/add-checkpoint"),
            ("http://127.0.0.1:8081", "http://127.0.0.1:8081/add-checkpoint"),
            ("http://[::1]:8081", "http://[::1]:8081/add-checkpoint"),
            ("http://localhost:8081/", "http://localhost:8081/add-checkpoint"),
        ] {
            assert_eq!(one(url).unwrap()[0].uri.to_string(), uri);
        }
        for url in [
            "http://w.example",
            "http://127.0.0.1.w.example",
            "http://10.0.0.1",
            "ftp://w.example",
            "w.example",
            "/path",
            "",
            "https://user@w.example",
            "https://w.example/?a=b",
            "http://localhost.w.example",
        ] {
            assert!(one(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_witness_has_its_own_key_and_stands_there_once() {
        let setting = |key: &str| Setting { url: "https://w.example".into(), key: key.into() };
        assert!(read(&[setting(KEY), setting(KEY)]).is_err());
        assert!(
            read(&[setting("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]).is_err()
        );
        assert!(read(&[setting("kaas")]).is_err());
        assert!(read(&[]).unwrap().is_empty());
    }
}
