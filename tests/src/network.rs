//! What goes over the page's network: held back, slowed down, or looked at afterwards.
//!
//! Invariant: a held request is let go when its test says so, not by the clock.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::page::Page;
use crate::until::PATIENCE_SECONDS;

/// "Slow 4G" of Chromium's own tools: 150 ms × 3.75, and 1.6 and 0.75 Mbit/s × 0.9, in bytes per second.
const SLOW_4G: (f64, f64, f64) = (562.5, 180_000.0, 84_375.0);

/// Requests that wait for us.
pub struct Hold {
    page: Page,
    mark: usize,
}

impl Hold {
    /// Waits until a request is being held.
    ///
    /// # Errors
    ///
    /// If none came.
    pub async fn arrived(&self) -> Result<String> {
        let (_, address) = self.first().await?;
        Ok(address)
    }

    async fn first(&self) -> Result<(String, String)> {
        let what = "a request to hold";
        self.page
            .session
            .wait(self.mark, what, PATIENCE_SECONDS, |event| {
                let paused = event.method == "Fetch.requestPaused";
                paused.then(|| {
                    Some((text(&event.params, "requestId")?, text(&event.params["request"], "url")?))
                })?
            })
            .await
    }

    /// Lets go what is held and holds nothing any more.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn release(self) -> Result<()> {
        // Disabling continues what is paused.
        self.page.session.call("Fetch.disable", json!({})).await.map(drop)
    }

    /// Answers every held request with a network failure, now and from now on, until the page is done.
    ///
    /// # Errors
    ///
    /// If none came.
    pub async fn fail(self) -> Result<()> {
        let (id, _) = self.first().await?;
        let failure = json!({"requestId": id, "errorReason": "ConnectionRefused"});
        self.page.session.call("Fetch.failRequest", failure).await.map(drop)
    }

    /// Answers the first held request with this body instead of the server's.
    ///
    /// # Errors
    ///
    /// If none came.
    pub async fn answer(self, kind: &str, body: &[u8]) -> Result<()> {
        use base64::Engine as _;
        let (id, _) = self.first().await?;
        let headers = json!([{"name": "content-type", "value": kind}, {"name": "access-control-allow-origin", "value": "*"}]);
        let body = base64::engine::general_purpose::STANDARD.encode(body);
        let answer = json!({"requestId": id, "responseCode": 200, "responseHeaders": headers, "body": body});
        self.page.session.call("Fetch.fulfillRequest", answer).await.map(drop)
    }
}

impl Page {
    /// Holds back every request whose address matches, with `*` for anything.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn hold(&self, pattern: &str) -> Result<Hold> {
        let mark = self.session.mark();
        let patterns = json!({"patterns": [{"urlPattern": pattern, "requestStage": "Request"}]});
        self.session.call("Fetch.enable", patterns).await?;
        Ok(Hold { page: self.clone(), mark })
    }

    /// Holds back every answer from an address that matches: by then the server has done its work.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn hold_answers(&self, pattern: &str) -> Result<Hold> {
        let mark = self.session.mark();
        let patterns = json!({"patterns": [{"urlPattern": pattern, "requestStage": "Response"}]});
        self.session.call("Fetch.enable", patterns).await?;
        Ok(Hold { page: self.clone(), mark })
    }

    /// Lets no request through whose address matches, with `*` for anything.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn block(&self, pattern: &str) -> Result<()> {
        self.session.call("Network.setBlockedURLs", json!({"urls": [pattern]})).await.map(drop)
    }

    /// A slow phone on a slow network: four times slower computing, "Slow 4G". A page has a profile of its own, so nothing is cached.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn slow_phone(&self) -> Result<()> {
        let (latency, down, up) = SLOW_4G;
        let network =
            json!({"offline": false, "latency": latency, "downloadThroughput": down, "uploadThroughput": up});
        self.session.call("Network.emulateNetworkConditions", network).await?;
        self.slow_computing().await
    }

    /// Four times slower computing.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn slow_computing(&self) -> Result<()> {
        self.session.call("Emulation.setCPUThrottlingRate", json!({"rate": 4})).await.map(drop)
    }

    /// Holds nothing any more, after a request was answered in the server's place.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn hold_nothing(&self) -> Result<()> {
        self.session.call("Fetch.disable", json!({})).await.map(drop)
    }

    /// The addresses that the page asked for, in order, with the method.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.session.events(0, |event| {
            let asked = event.method == "Network.requestWillBeSent";
            let request = &event.params["request"];
            asked.then(|| {
                format!(
                    "{} {}",
                    request["method"].as_str().unwrap_or(""),
                    request["url"].as_str().unwrap_or("")
                )
            })
        })
    }

    /// How many requests with this method the page sent to addresses that contain `part`.
    #[must_use]
    pub fn request_count(&self, method: &str, part: &str) -> usize {
        self.requests().iter().filter(|line| line.starts_with(method) && line.contains(part)).count()
    }

    /// The number of listeners on an object of the page, as the browser's own tools count them.
    ///
    /// # Errors
    ///
    /// If the expression gives no object.
    pub async fn listeners(&self, expression: &str) -> Result<usize> {
        let object = self.session.call("Runtime.evaluate", json!({"expression": expression})).await?;
        let id = object["result"]["objectId"].as_str().context("there is no such object")?;
        let found = self.session.call("DOMDebugger.getEventListeners", json!({"objectId": id})).await?;
        Ok(found["listeners"].as_array().map_or(0, Vec::len))
    }
}

fn text(value: &Value, field: &str) -> Option<String> {
    value[field].as_str().map(str::to_owned)
}
