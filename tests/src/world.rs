//! A collector, and a shop's website on another origin that may use its forms.
//!
//! Invariant: every world has its own data folder and ports, so tests run side by side.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use crate::collector::{Collector, Setup};
use crate::http::Client;
use crate::site::Site;
use crate::submit::{Acknowledged, Form, acknowledged, answers, nonce};
use crate::{definition, settings};

/// The demo shop's form.
pub const FORM: &str = "kaas/aanmelden";
/// The second form of the same shop.
pub const SECOND_FORM: &str = "kaas/tweede";
/// The organisation.
pub const ORGANISATION: &str = "kaas";

/// All that a test needs.
pub struct World {
    /// The collector.
    pub collector: Collector,
    /// The shop's website.
    pub site: Site,
    /// A client without a browser.
    pub client: Client,
}

impl World {
    /// Starts both.
    ///
    /// # Errors
    ///
    /// If either does not start.
    pub async fn start() -> Result<Self> {
        Self::start_with(Setup::default()).await
    }

    /// The same with another set-up of the collector.
    ///
    /// # Errors
    ///
    /// If either does not start.
    pub async fn start_with(setup: Setup) -> Result<Self> {
        let site = Site::start().await?;
        let collector = Collector::start(&definition::shop(site.origin(), setup.confirms)?, setup).await?;
        // The demo's pages name the demo's collector.
        let base = ("http://127.0.0.1:8080".to_owned(), collector.base());
        site.put_folder(settings::root().join("www/shop/site"), &[base]);
        Ok(Self { collector, site, client: Client::default() })
    }

    /// The demo shop's form, seen from outside.
    #[must_use]
    pub fn form(&self) -> Form {
        Form::new(&self.client, &self.collector.base(), FORM)
    }

    /// People who ask for the newsletter, so many side by side; each has an address of their own.
    ///
    /// # Errors
    ///
    /// If one of them is not acknowledged.
    pub async fn crowd(
        &self,
        people: usize,
        at_once: usize,
        address: impl Fn(usize) -> String,
    ) -> Result<Vec<Acknowledged>> {
        let offer = self.form().offer("nl").await?;
        let mut tasks = JoinSet::new();
        for first in 0..at_once {
            let form = Form::new(&Client::default(), &self.collector.base(), FORM);
            let mine = (first..people).step_by(at_once).map(|person| (person, address(person)));
            let (offer, mine) = (offer.clone(), mine.collect::<Vec<_>>());
            tasks.spawn(async move {
                let mut given = Vec::new();
                for (person, email) in mine {
                    let body = answers(&offer, &nonce()?, &["nieuwsbrief"], &email);
                    given.push((person, acknowledged(&form.post(&body).await?)?));
                }
                anyhow::Ok(given)
            });
        }
        let mut all = Vec::new();
        while let Some(given) = tasks.join_next().await {
            all.extend(given??);
        }
        all.sort_unstable_by_key(|(person, _)| *person);
        Ok(all.into_iter().map(|(_, given)| given).collect())
    }

    /// A press on "stop everything" on somebody's own page.
    ///
    /// # Errors
    ///
    /// If the collector does not do it.
    pub async fn withdraw_all(&self, manage_url: &str) -> Result<()> {
        let answer = self.client.post_form(manage_url, &[("do", "withdraw_all")]).await?;
        ensure!(answer.status == 303, "not stopped: {} {}", answer.status, answer.text());
        Ok(())
    }

    /// The hosted page of the form in a language.
    #[must_use]
    pub fn hosted(&self, language: &str) -> String {
        format!("{}/f/{FORM}?lang={language}", self.collector.base())
    }

    /// A page of the shop.
    #[must_use]
    pub fn shop(&self, path: &str) -> String {
        format!("{}{path}", self.site.origin())
    }

    /// Every event that is stored, one a line.
    ///
    /// # Errors
    ///
    /// If the export fails.
    pub async fn events(&self) -> Result<Vec<String>> {
        let export = self.collector.export(ORGANISATION).await?;
        Ok(export.lines().map(str::to_owned).collect())
    }

    /// Fetches a file from the collector into the test's folder.
    ///
    /// # Errors
    ///
    /// If the collector does not give it.
    pub async fn fetch(&self, url: &str, name: &str) -> Result<PathBuf> {
        let answer = self.client.get(url).await?;
        ensure!(answer.status == 200, "{url} answers {}: {}", answer.status, answer.text());
        let path = self.collector.folder().join(name);
        tokio::fs::write(&path, &answer.body).await?;
        Ok(path)
    }

    /// The collector's public keys as a file.
    ///
    /// # Errors
    ///
    /// If the collector does not give them.
    pub async fn keys(&self) -> Result<PathBuf> {
        self.fetch(&format!("{}/.well-known/jwks.json", self.collector.base()), "jwks.json").await
    }
}

/// A command of the collector's on its own data.
///
/// # Errors
///
/// If it fails.
pub async fn vinkje(world: &World, arguments: &[&str]) -> Result<String> {
    let data = world.collector.data().display().to_string();
    world.collector.must(&[arguments, &["--data", &data]].concat()).await
}

/// The same with people on standard input.
///
/// # Errors
///
/// If it fails.
pub async fn told(world: &World, arguments: &[&str], people: &str) -> Result<String> {
    let data = world.collector.data().display().to_string();
    world.collector.told(&[arguments, &["--data", &data]].concat(), people).await
}
