//! A screen at a counter, as a customer and as staff meet it.
//!
//! In scope: making a kiosk, pairing a page with it, one customer's round. Out of scope: what each test asks of it.
//!
//! Invariant: whatever is done is done by mouse and keys on what is on the screen.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::page::Page;
use crate::world::{ORGANISATION, World, vinkje};

/// What `vinkje kiosk add` said.
pub struct Enrolled {
    /// The pairing code.
    pub code: String,
    /// The staff's PIN.
    pub pin: String,
}

/// Makes a kiosk. It asks after `idle` seconds.
///
/// # Errors
///
/// If the command fails.
pub async fn enrol(world: &World, name: &str, idle: u32) -> Result<Enrolled> {
    let idle = idle.to_string();
    let add = ["kiosk", "add", ORGANISATION, "--name", name, "--place", "Markt 1", "--form", "aanmelden"];
    let staff = ["--staff", "Balie 1", "--staff", "Balie 2", "--idle", &idle];
    let said = vinkje(world, &[&add[..], &staff].concat()).await?;
    let after = |what: &str| -> Result<String> {
        let (_, rest) = said.split_once(what).with_context(|| format!("no {what} in {said}"))?;
        Ok(rest.split_whitespace().next().unwrap_or_default().to_owned())
    };
    Ok(Enrolled { code: after("pairing code: ")?, pin: after("staff PIN: ")? })
}

/// A paired screen.
pub struct Counter {
    /// The page.
    pub page: Page,
    /// Its address.
    pub address: String,
    /// The staff's PIN.
    pub pin: String,
}

impl Counter {
    /// Makes a kiosk and pairs a new page with it.
    ///
    /// # Errors
    ///
    /// If it does not get as far as its first screen.
    pub async fn open(world: &World, name: &str, idle: u32) -> Result<Self> {
        Self::on(Page::open().await?, world, name, idle).await
    }

    /// The same on a page that is there.
    ///
    /// # Errors
    ///
    /// As [`Counter::open`].
    pub async fn on(page: Page, world: &World, name: &str, idle: u32) -> Result<Self> {
        let Enrolled { code, pin } = enrol(world, name, idle).await?;
        let address = format!("{}/kiosk/{ORGANISATION}", world.collector.base());
        page.go(&address).await?;
        let counter = Self { page, address, pin };
        counter.shows("pair").await?;
        counter.page.fill("#vk-pair", &code).await?;
        counter.page.click("form[data-form=pair] button").await?;
        counter.shows("attract").await?;
        counter.keeps_itself().await?;
        Ok(counter)
    }

    /// Waits until a screen of this name is there.
    ///
    /// # Errors
    ///
    /// If it does not come.
    pub async fn shows(&self, screen: &str) -> Result<()> {
        let there = format!("deep('.kiosk')?.dataset.screen==={}", json!(screen));
        self.page.until(&format!("the screen {screen}"), &there).await
    }

    /// Waits until the screen would start without network.
    ///
    /// # Errors
    ///
    /// If its worker does not come.
    pub async fn keeps_itself(&self) -> Result<()> {
        self.page.until("the worker", "'ready' in deep('[data-root]').dataset").await
    }

    /// Touches what does this.
    ///
    /// # Errors
    ///
    /// If it is not there.
    pub async fn touch(&self, deed: &str) -> Result<()> {
        self.page.click(&format!("[data-do={deed}]")).await
    }

    /// A customer begins in a language.
    ///
    /// # Errors
    ///
    /// If the form does not come.
    pub async fn begin(&self, language: &str) -> Result<()> {
        self.page.click(&format!("[data-do=begin][data-value={language}]")).await?;
        self.shows("form").await
    }

    /// A customer's whole round; gives the code on their slip.
    ///
    /// # Errors
    ///
    /// If there is no slip at the end.
    pub async fn round(&self, purpose: &str, email: &str) -> Result<String> {
        self.begin("nl").await?;
        self.page.click(&format!("label[for=vk-p-{purpose}]")).await?;
        self.page.fill("#vk-email", email).await?;
        self.page.click("button[value=save]").await?;
        self.shows("slip").await?;
        let code = self.slip().await?;
        self.touch("finish").await?;
        self.shows("attract").await?;
        Ok(code)
    }

    /// The digits on the slip.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn slip(&self) -> Result<String> {
        let digits = self.page.eval_text("deep('.groups').innerText.replace(/\\D/g,'')").await?;
        ensure!(digits.len() == 16, "the slip says {digits}");
        Ok(digits)
    }

    /// How many entries the device holds.
    ///
    /// # Errors
    ///
    /// If the page is gone.
    pub async fn held(&self) -> Result<u64> {
        let count = "new Promise(d=>{const o=indexedDB.open('vinkje-kiosk');o.onsuccess=()=>{const \
            c=o.result.transaction('entries').objectStore('entries').count();c.onsuccess=()=>{o.result.close();d(c.result)}}})";
        self.page.raw_eval(count).await?.as_u64().context("no count")
    }

    /// Opens the staff's screen.
    ///
    /// # Errors
    ///
    /// If the PIN does not open it.
    pub async fn staff(&self) -> Result<()> {
        self.touch("staff").await?;
        self.shows("pin").await?;
        for digit in self.pin.chars() {
            self.page.click(&format!("[data-do=digit][data-value='{digit}']")).await?;
        }
        self.touch("enter").await?;
        self.shows("staff").await
    }
}
